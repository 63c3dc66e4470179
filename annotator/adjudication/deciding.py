"""Settling cases: what a ruling makes of a case, of gold and of the decisions before it.

Nothing here is stored; jobs do that.

A *ruling* is what a person or a rule says; a *settlement* is what follows from it for one document.
What gold had because of earlier decisions on the case keeps its id, so that relations stay tied to
it; where less is left, relations that ended in what goes are withdrawn with their decisions, and so
are cases again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from annotator.adjudication.cases import (
    RELATION,
    SPAN,
    Case,
    Docket,
    Link,
    Version,
    docket,
    ends_of,
    version,
)
from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import AnnotationSet, Decision, Fragment, Relation, Span, new_id


class Ruling(NamedTuple):
    """What is said of a case. outcome: see model.OUTCOMES; chosen: whose version ("accept").

    drawn: the span of a "new" one, or of a "merge" (see `merged`).
    """

    outcome: str
    chosen: str = ""
    drawn: Span | None = None
    reason: str = ""
    note: str = ""
    by: str = ""
    rule: str = ""


class Settlement(NamedTuple):
    """What follows: the decision, decisions that end, and what gold gets and loses.

    decision None: the case is open again, or gone.
    """

    decision: Decision | None
    ended: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    gone_spans: tuple[str, ...] = ()
    gone_relations: tuple[str, ...] = ()


def settle(found: Docket, case: Case, ruling: Ruling) -> Settlement:
    """Say what a ruling on a case leads to; raises UserError where it cannot be carried out."""
    if case.is_relation:
        return _settle_relation(found, case, ruling)
    old = [thing.id for thing in case.made if isinstance(thing, Span)]
    spans = tuple(
        span._replace(
            id=_id_in_gold(found, number, old, version(span)[:3]), note="", origin="human"
        )
        for number, span in enumerate(_wanted_spans(case, ruling))
    )
    gone = set(old) - {span.id for span in spans}
    loose = [
        relation.id
        for relation in found.gold.relations
        if relation.head in gone or relation.child in gone
    ]
    undone = [
        decision.case
        for decision in found.decisions
        if any(f"{RELATION}{name}" in decision.made for name in loose)
    ]
    decision = _decision(case, ruling, [f"{SPAN}{span.id}" for span in spans])
    return Settlement(
        decision,
        _ended(case, decision, undone),
        spans,
        (),
        tuple(sorted(gone)),
        tuple(sorted(loose)),
    )


def confirm(case: Case) -> Settlement:
    """Let a stale decision stand, on what the case is now."""
    if case.decision is None:
        raise UserError(_("There is no decision yet that could stand."))
    made = tuple(name for decision in case.decisions for name in decision.made)
    kept = case.decision._replace(case=case.id, saw=case.seen, made=made)
    return Settlement(kept, _ended(case, kept, ()))


def reopen(found: Docket, case: Case) -> Settlement:
    """Take a case's decisions away, and what they put into gold."""
    ruled = settle(found, case, Ruling("reject"))
    return ruled._replace(
        decision=None,
        ended=tuple(sorted({*ruled.ended, *(decision.case for decision in case.decisions)})),
    )


def add(span: Span, by: str, reason: str = "", note: str = "") -> Settlement:
    """Put a span into gold that no annotator has."""
    made = span._replace(id=new_id())
    decision = Decision(
        f"added-{made.id}", "new", (), reason, note, by, "", (), (f"{SPAN}{made.id}",)
    )
    return Settlement(decision, (), (made,))


def annotated(case: Case, reason: str, note: str) -> Settlement:
    """Give a decision another reason or note; it sees what it saw."""
    if case.decision is None:
        raise UserError(_("Decide the case first; reason and note belong to a decision."))
    return Settlement(case.decision._replace(reason=reason, note=note))


def after(found: Docket, settlements: Iterable[Settlement]) -> Docket:
    """Return the docket as it is once settlements are stored."""
    decisions = {decision.case: decision for decision in found.decisions}
    spans = {span.id: span for span in found.gold.spans}
    relations = {relation.id: relation for relation in found.gold.relations}
    for entry in settlements:
        for name in entry.ended:
            decisions.pop(name, None)
        if entry.decision is not None:
            decisions[entry.decision.case] = entry.decision
        for name in entry.gone_spans:
            spans.pop(name, None)
        for name in entry.gone_relations:
            relations.pop(name, None)
        spans |= {span.id: span for span in entry.spans}
        relations |= {relation.id: relation for relation in entry.relations}
    gold = replace(found.gold, spans=tuple(spans.values()), relations=tuple(relations.values()))
    return docket(
        found.document, found.annotation_sets, gold, [decisions[name] for name in sorted(decisions)]
    )


# ── Spans ─────────────────────────────────────────────────────────────────────────────────────────


def _wanted_spans(case: Case, ruling: Ruling) -> Sequence[Span]:
    if ruling.outcome in ("merge", "new"):
        return [ruling.drawn] if ruling.drawn is not None else []
    if ruling.outcome == "accept":
        span = case.spans.get(ruling.chosen)
        return [span] if span is not None else []
    if ruling.outcome == "several":
        return _distinct(case)
    return []


def _distinct(case: Case) -> list[Span]:
    found: dict[Version, Span] = {}
    for name in sorted(case.spans):
        found.setdefault(version(case.spans[name]), case.spans[name])
    if len(found) < 2:
        raise UserError(_("There is only one version here; accept it."))
    return list(found.values())


def _id_in_gold(found: Docket, number: int, old: Sequence[str], what: Version) -> str:
    """Return the id of the case's nth thing in gold.

    It is the id that it had, else that of an equal one which no decision has made, else a new one.
    """
    return old[number] if number < len(old) else found.loose.get(what) or new_id()


def merged(case: Case, *, only_common: bool = False) -> tuple[tuple[Fragment, ...], Span]:
    """Return the fragments of all versions together, or what they have in common.

    It comes with the span whose label and values to take.

    Raises UserError where two labels are as frequent as each other, or nothing is common.
    """
    spans = [case.spans[name] for name in sorted(case.spans)]
    if len({span.fragments for span in spans}) < 2:
        raise UserError(_("There are no two boundaries to merge; accept a version."))
    (label, most), *others = Counter(span.label for span in spans).most_common()
    if others and others[0][1] == most:
        raise UserError(
            _(
                "The labels differ, and none has more votes; accept a version, or draw the span"
                " anew."
            )
        )
    covered = [
        {place for start, end in span.fragments for place in range(start, end)} for span in spans
    ]
    places = sorted(set.intersection(*covered) if only_common else set.union(*covered))
    if not places:
        raise UserError(
            _("The versions have no letter in common; merge them as a whole, or accept one.")
        )
    model = min(
        (span for span in spans if span.label == label),
        key=lambda span: (-case.versions[version(span)], repr(version(span))),
    )
    return _runs(places), model


def _runs(places: Sequence[int]) -> tuple[Fragment, ...]:
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    return tuple((start, end) for start, end in runs)


# ── Relations ─────────────────────────────────────────────────────────────────────────────────────


def _settle_relation(found: Docket, case: Case, ruling: Ruling) -> Settlement:
    old = [thing.id for thing in case.made if isinstance(thing, Relation)]
    made = []
    for number, link in enumerate(_wanted_links(case, ruling)):
        relation = _in_gold(found, link)
        made.append(relation._replace(id=_id_in_gold(found, number, old, ends_of(relation))))
    decision = _decision(case, ruling, [f"{RELATION}{relation.id}" for relation in made])
    gone = sorted(set(old) - {relation.id for relation in made})
    return Settlement(decision, _ended(case, decision, ()), (), tuple(made), (), tuple(gone))


def _wanted_links(case: Case, ruling: Ruling) -> Sequence[Link]:
    if ruling.outcome in ("merge", "new"):
        raise UserError(
            _("A relation has no boundaries; accept a version, keep several, or reject all.")
        )
    if ruling.outcome == "accept":
        link = case.links.get(ruling.chosen)
        return [link] if link is not None else []
    if ruling.outcome == "several":
        return list(
            {
                version(link): link for _name, link in sorted(case.links.items(), reverse=True)
            }.values()
        )[::-1]
    return []


def _in_gold(found: Docket, link: Link) -> Relation:
    """Return a relation with its ends in gold."""
    head = _end_in_gold(found, link.ends[0], link.head)
    child = _end_in_gold(found, link.ends[1], link.child) if link.child is not None else None
    return link.relation._replace(head=head, child=child)


def _end_in_gold(found: Docket, name: str, span: Span) -> str:
    case = found.by_id.get(name)
    there = [thing for thing in case.made if isinstance(thing, Span)] if case else []
    if not there:
        raise UserError(
            _("Decide the two ends of the relation first; it can only join what gold has.")
        )
    like = [
        thing for thing in there if (thing.label, thing.fragments) == (span.label, span.fragments)
    ]
    return (like or there)[0].id


# ── Decisions ─────────────────────────────────────────────────────────────────────────────────────


def _decision(case: Case, ruling: Ruling, made: Sequence[str]) -> Decision | None:
    if (
        not case.have and not made
    ):  # nobody has anything here, gold neither: there is nothing left to decide
        return None
    chosen: tuple[str, ...] = ()
    if ruling.outcome == "accept":
        taken = version(case.have.get(ruling.chosen))
        chosen = tuple(name for name in case.people if version(case.have.get(name)) == taken)
    elif ruling.outcome == "several":
        chosen = tuple(sorted(case.have))
    return Decision(
        case.id,
        ruling.outcome,
        chosen,
        ruling.reason,
        ruling.note,
        ruling.by,
        ruling.rule,
        case.seen,
        tuple(made),
    )


def _ended(case: Case, decision: Decision | None, undone: Iterable[str]) -> tuple[str, ...]:
    names = {*(earlier.case for earlier in case.decisions), *undone} - {
        decision.case if decision else ""
    }
    return tuple(sorted(names))


def gold_set(found: Docket) -> AnnotationSet:
    """Return gold as it should be stored: done when it is complete."""
    return replace(found.gold, status="done" if found.is_complete else "open")
