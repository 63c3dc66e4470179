"""Settling by a rule: what all, most or a given share of the annotators have, or the lack of it."""

from collections.abc import Iterator
from fractions import Fraction

from annotator.adjudication.cases import RELATION, SPAN, Case, Docket, version
from annotator.adjudication.deciding import Ruling, Settlement, after, settle


def proposal(case: Case, rule: str, share: Fraction = Fraction(1)) -> Ruling | None:
    """Return what a rule ("unanimous", "majority", "threshold") says of a case; None for nothing.

    The share is counted of all who worked on the document: who has nothing there votes for nothing.
    """
    (best, votes), *others = case.versions.most_common()
    if others and others[0][1] == votes:
        return None
    part = Fraction(votes, len(case.people))
    if not {"unanimous": part == 1, "majority": part > Fraction(1, 2), "threshold": part >= share}[
        rule
    ]:
        return None
    named = f"threshold {float(share):.2f}" if rule == "threshold" else rule
    if not best:
        return Ruling("reject", rule=named)
    return Ruling(
        "accept",
        next(name for name in sorted(case.have) if version(case.have[name]) == best),
        rule=named,
    )


def settle_by_rule(
    found: Docket, rule: str, share: Fraction = Fraction(1), by: str = ""
) -> tuple[list[Settlement], Docket]:
    """Settle the cases of a document by a rule: spans first, then the relations between them.

    It takes the open ones, and the stale ones that a rule had decided; what a person decided stays.
    Return the settlements and the docket that they lead to.
    """
    settlements: list[Settlement] = []
    for are_relations in (False, True):
        now: list[Settlement] = []
        for case in found.cases:
            if case.is_relation == are_relations:
                now += _ruled(found, case, rule, share, by)
        now = _apart(now)
        if now:
            found = after(found, now)
            settlements += now
    return settlements, found


def _ruled(found: Docket, case: Case, rule: str, share: Fraction, by: str) -> Iterator[Settlement]:
    is_ours = case.state == "open" or (
        case.state == "stale"
        and all(decision.rule for decision in case.decisions)
        and bool(case.have)
    )
    ruling = proposal(case, rule, share) if is_ours else None
    if ruling is not None:
        yield settle(found, case, ruling._replace(by=by))


def _apart(settlements: list[Settlement]) -> list[Settlement]:
    """Leave out, until next time, what would touch the decisions or gold of one before it."""
    taken = set[str]()
    kept = []
    for entry in settlements:
        touched = {
            *entry.ended,
            *(f"{SPAN}{name}" for name in entry.gone_spans),
            *(f"{RELATION}{name}" for name in entry.gone_relations),
        }
        touched |= set(entry.decision.made if entry.decision else ())
        if taken.isdisjoint(touched):
            taken |= touched
            kept.append(entry)
    return kept
