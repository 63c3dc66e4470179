"""The words of adjudication as people read them: cases, states, outcomes, reasons, rules."""

from annotator.i18n import N_

KINDS = {
    "missing": N_("Missing"),
    "boundary": N_("Boundary"),
    "label": N_("Label"),
    "attribute": N_("Attribute"),
    "relation": N_("Relation"),
    "agreed": N_("Agreed"),
    "added": N_("Added by the adjudicator"),
    "gone": N_("Gone from all annotation sets"),
}
STATES = {
    "open": N_("Open"),
    "waiting": N_("Waits for its ends"),
    "stale": N_("Changed since it was decided"),
    "decided": N_("Decided"),
}
OUTCOMES = {
    "accept": N_("One version is taken"),
    "merge": N_("The boundaries are merged"),
    "new": N_("A new span"),
    "several": N_("Several are kept: the text is ambiguous"),
    "reject": N_("All are rejected"),
    "nobody": N_("Nobody is right"),
}
REASONS = {
    "slip": N_("A slip: overlooked or mistyped"),
    "boundary": N_("The rule for boundaries"),
    "label": N_("Another label fits better"),
    "context": N_("The context decides"),
    "ambiguous": N_("The text is ambiguous"),
    "guideline": N_("The guideline is unclear or silent"),
    "schema": N_("The schema lacks a label or value"),
}
RULES = {
    "unanimous": N_("All who worked on the document have the same"),
    "majority": N_("More than half have the same"),
    "threshold": N_("At least this share has the same"),
}
ISSUE_REASONS = frozenset({"ambiguous", "guideline", "schema"})
ISSUE_OUTCOMES = frozenset({"several", "nobody"})
