"""Disagreements of annotators as cases, decisions on them, and gold as what the decisions lead to.

Pure values; jobs store them.
"""

from annotator.adjudication.automatic import proposal, settle_by_rule
from annotator.adjudication.cases import Case, Docket, Link, Mark, docket, version
from annotator.adjudication.deciding import (
    Ruling,
    Settlement,
    add,
    after,
    annotated,
    confirm,
    gold_set,
    merged,
    reopen,
    settle,
)
from annotator.adjudication.words import (
    ISSUE_OUTCOMES,
    ISSUE_REASONS,
    KINDS,
    OUTCOMES,
    REASONS,
    RULES,
    STATES,
)

__all__ = [
    "ISSUE_OUTCOMES",
    "ISSUE_REASONS",
    "KINDS",
    "OUTCOMES",
    "REASONS",
    "RULES",
    "STATES",
    "Case",
    "Docket",
    "Link",
    "Mark",
    "Ruling",
    "Settlement",
    "add",
    "after",
    "annotated",
    "confirm",
    "docket",
    "gold_set",
    "merged",
    "proposal",
    "reopen",
    "settle",
    "settle_by_rule",
    "version",
]
