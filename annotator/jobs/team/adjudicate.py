"""Adjudication of a project: its cases, and settling them by a rule for all, or one by one.

Gold is written here alone: each decision with what it puts into gold in one step, a rule's
decisions in one step together.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from annotator.adjudication import Docket, Settlement, after, docket, gold_set, settle_by_rule
from annotator.errors import UserError
from annotator.gc_pause import collector_paused
from annotator.i18n import _, name_list
from annotator.jobs.progress import Progress, silent
from annotator.model import GOLD, AnnotationSet, Decision, Labelled, is_suggester, original
from annotator.store import Step, Store

CHUNK = 200


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────


def people(store: Store, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """Return those whose work is compared: the ones chosen, else all but gold who have work.

    Suggesters and rounds of repeats (a second look at one's own documents) are only compared when
    they are chosen.
    """
    known = store.annotators_with_work()
    for name in chosen:
        if name not in known or name == GOLD:
            names = name_list(other for other in known if other != GOLD)
            raise UserError(
                _("Nobody called {name} has worked here; there are {names}.").format(
                    name=name, names=names
                )
            )
    return tuple(chosen) or tuple(
        name for name in known if name != GOLD and not is_suggester(name) and not original(name)
    )


def check_people(names: Sequence[str]) -> None:
    """Raise UserError where there is nothing to compare."""
    if len(names) < 2:
        shown = name_list(names)
        message = _(
            "Adjudication compares two annotators or more; here has worked: {names}. Collect or"
            " import the work of another one."
        )
        raise UserError(message.format(names=shown))


def dockets(
    store: Store, names: Sequence[str], progress: Progress = silent, *, only_done: bool = False
) -> Iterator[Docket]:
    """Walk over the dockets of documents on which two have worked, or something is decided.

    only_done: what an annotator has not finished is not compared.
    """
    decisions = store.decisions()
    total = len(store.entries(""))
    records = store.records((*names, GOLD))
    for number, (document, group) in enumerate(groupby(records, key=_document)):
        if number % CHUNK == 0:
            progress(number, total, document)
        found = _docket(document, list(group), decisions.get(document, ()), only_done=only_done)
        if found is not None:
            yield found


def all_dockets(
    store: Store, names: Sequence[str], progress: Progress = silent, *, only_done: bool = False
) -> list[Docket]:
    """Return the dockets of a project; as `dockets`."""
    # In a thread beside the window the collector would also take what belongs to the window's own
    # thread.
    with collector_paused():
        return list(dockets(store, names, progress, only_done=only_done))


def _document(record: Labelled) -> str:
    return record.document.id


def _docket(
    document: str, records: Sequence[Labelled], decisions: Sequence[Decision], *, only_done: bool
) -> Docket | None:
    annotation_sets = {
        record.annotation_set.annotator: record.annotation_set
        for record in records
        if record.annotation_set is not None
    }
    gold = annotation_sets.pop(GOLD, AnnotationSet(GOLD))
    worked = {
        name: annotation_set
        for name, annotation_set in annotation_sets.items()
        if not annotation_set.is_empty and (annotation_set.status == "done" or not only_done)
    }
    return docket(document, worked, gold, decisions) if len(worked) > 1 or decisions else None


def docket_of(
    store: Store, document: str, names: Sequence[str], *, only_done: bool = False
) -> Docket | None:
    """Return the docket of one document as it is stored now; None: there is nothing to compare."""
    if not store.text_hash(document):
        return None
    records = [
        Labelled(
            store.document(document), replace(store.annotation_set(document, name), annotator=name)
        )
        for name in (*names, GOLD)
    ]
    return _docket(
        document, records, store.decisions([document]).get(document, ()), only_done=only_done
    )


# ── Settling ──────────────────────────────────────────────────────────────────────────────────────


def store_settlements(
    store: Store, step: Step, found: Docket, settlements: Sequence[Settlement]
) -> None:
    """Write what settlements lead to: decisions, spans and relations of gold, and its status."""
    later = after(found, settlements)
    gold = step.add_annotator(GOLD)
    status = gold_set(later).status
    is_fresh = found.gold.is_empty and len(settlements) > 1
    if is_fresh:  # one event for the whole annotation set, as an import writes it
        whole = replace(later.gold, status=status)
        if not whole.is_empty:
            step.import_annotation_set(
                found.document, gold, whole, store.document(found.document).text
            )
    for entry in settlements:
        for case in entry.ended:
            step.remove_decision(found.document, case)
        if not is_fresh:
            _store_gold(step, found.document, gold, entry)
        if entry.decision is not None:
            step.put_decision(found.document, entry.decision)
    if not is_fresh and found.gold.status != status:
        step.put_status(found.document, gold, status)


def _store_gold(step: Step, document: str, gold: str, entry: Settlement) -> None:
    for span in entry.spans:
        step.put_span(document, gold, span)
    for name in entry.gone_spans:
        step.remove_span(document, gold, name)
    for relation in entry.relations:
        step.put_relation(document, gold, relation)
    for name in entry.gone_relations:
        step.remove_relation(document, gold, name)


@dataclass(slots=True)
class RuleReport:
    """What a rule decided, or would decide: cases accepted, rejected, and left open.

    Also how many documents, and how many of them have complete gold then.
    """

    rule: str
    share: Fraction
    counts: Counter[str] = field(default_factory=Counter)
    left_by_kind: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    complete: int = 0
    is_stored: bool = False

    def add(self, found: Docket, settlements: Sequence[Settlement], later: Docket) -> None:
        """Count a document."""
        self.documents += 1
        self.complete += later.is_complete
        self.counts["before"] += found.decided
        for entry in settlements:
            self.counts["accepted" if entry.decision and entry.decision.made else "rejected"] += 1
        for case in later.cases:
            if case.state != "decided":
                self.counts["left"] += 1
                self.left_by_kind[case.state if case.state == "waiting" else case.kinds[0]] += 1

    def to_plain(self) -> dict[str, object]:
        """Return the report as `adjudicate --json` prints it."""
        names = ("accepted", "rejected", "left")
        return {
            "rule": self.rule,
            "threshold": float(self.share) if self.rule == "threshold" else None,
            **{name: self.counts[name] for name in names},
            "decided_before": self.counts["before"],
            "left_by_kind": dict(sorted(self.left_by_kind.items())),
            "documents": self.documents,
            "complete": self.complete,
            "stored": self.is_stored,
        }


def rule_title(rule: str) -> str:
    """Return the title of the step in which a rule decides."""
    titles = {
        "unanimous": _("Decide what is unanimous"),
        "majority": _("Decide by majority"),
        "threshold": _("Decide by a share of the annotators"),
    }
    return titles[rule]


def preview(
    found: Sequence[Docket], rule: str, share: Fraction, progress: Progress = silent
) -> RuleReport:
    """Return what a rule would decide."""
    report = RuleReport(rule, share)
    with collector_paused():
        for number, each in enumerate(found):
            progress(number, len(found), each.document)
            settlements, later = settle_by_rule(each, rule, share)
            report.add(each, settlements, later)
    return report


def adjudicate(
    store: Store,
    names: Sequence[str],
    rule: str,
    share: Fraction,
    by: str,
    progress: Progress = silent,
    *,
    only_done: bool = False,
) -> RuleReport:
    """Settle all open cases that a rule can settle, in one step.

    When it is broken off, nothing of it stays.
    """
    check_people(names)
    report = RuleReport(rule, share, is_stored=True)
    step_id = ""
    waiting: list[tuple[Docket, list[Settlement]]] = []
    try:
        with collector_paused():
            for found in dockets(store, names, progress, only_done=only_done):
                settlements, later = settle_by_rule(found, rule, share, by)
                report.add(found, settlements, later)
                if settlements or (later.is_complete and found.gold.status != "done"):
                    waiting.append((found, settlements))
                if len(waiting) == CHUNK:
                    step_id = _store_chunk(store, waiting, (rule_title(rule), by, step_id))
                    waiting = []
            _store_chunk(store, waiting, (rule_title(rule), by, step_id))
    except BaseException:
        if step_id:
            store.withdraw(step_id, by)
        raise
    return report


def _store_chunk(
    store: Store, chunk: Sequence[tuple[Docket, Sequence[Settlement]]], step: tuple[str, str, str]
) -> str:
    """Store some documents' settlements in a part of a step; return the step's id."""
    title, by, name = step
    if not chunk:
        return name
    with store.change(title, by, continues=name) as opened:
        opened.add_annotator(by)
        for found, settlements in chunk:
            store_settlements(store, opened, found, settlements)
        return opened.id


# ── Telling ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AdjudicationProgress:
    """How far adjudication has come: cases decided, and documents whose gold is complete."""

    decided: int
    cases: int
    complete: int
    documents: int


def standing(found: Mapping[str, Docket]) -> AdjudicationProgress:
    """Count how far adjudication has come."""
    each = found.values()
    return AdjudicationProgress(
        sum(one.decided for one in each),
        sum(len(one.cases) for one in each),
        sum(one.is_complete for one in each),
        len(found),
    )
