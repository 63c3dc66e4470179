"""The adjudicator's desk.

The dockets of a project, which of their cases are shown and in which order, and which one lies
before them.

It follows the store as the session does: after each step the touched documents are looked at again.
It writes nothing itself but within steps that commands open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from annotator.adjudication import (
    KINDS,
    Case,
    Docket,
    Ruling,
    Settlement,
    add,
    annotated,
    confirm,
    merged,
    reopen,
    settle,
)
from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.team.adjudicate import (
    AdjudicationProgress,
    docket_of,
    people,
    standing,
    store_settlements,
)
from annotator.model import Changes, Span, surface
from annotator.store import Step, Store, annotator_id
from annotator.text.folding import fold

SORTS = ("place", "doubt", "kind", "label")
_KIND_ORDER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are to be shown.

    Of a kind, in a state, with a label, in documents whose name holds words; "" for all.
    """

    kind: str = ""
    state: str = ""
    label: str = ""
    words: str = ""
    sort: str = "place"


class AdjudicationSession:
    """What one adjudicator sees.

    `reason` and `note` are drafts for the next decision; `hides_names` shows letters for names.
    """

    def __init__(
        self,
        store: Store,
        names: tuple[str, ...],
        found: Iterable[Docket],
        *,
        only_done: bool = False,
    ) -> None:
        self._store, self.names, self.only_done = store, names, only_done
        self.dockets = {each.document: each for each in found}
        self.titles = {entry.id: entry.name for entry in store.entries("")}
        self.wish = CaseFilter()
        self.hides_names = False
        self.reason = self.note = ""
        self.shown: list[Case] = []
        self._current = ("", "")
        self._place = 0
        self._arrange()
        first = self.next_open() or next(iter(self.shown), None)
        if first is not None:
            self.take(first)

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    @property
    def case(self) -> Case | None:
        """The case that lies on the desk."""
        found = self.dockets.get(self._current[0])
        return found.by_id.get(self._current[1]) if found is not None else None

    @property
    def place(self) -> int:
        """The place of that case among those shown, -1 when it is not among them."""
        here = self._place
        is_there = (
            here < len(self.shown)
            and (self.shown[here].document, self.shown[here].id) == self._current
        )
        return here if is_there else -1

    @property
    def standing(self) -> AdjudicationProgress:
        """How far adjudication has come."""
        return standing(self.dockets)

    @property
    def labels(self) -> list[str]:
        """The labels that occur in cases."""
        return sorted(frozenset[str]().union(*(each.labels for each in self.dockets.values())))

    def order(self, case: Case) -> list[str]:
        """Return the people of a case in the order in which they are shown.

        Names that are hidden are not shown by the alphabet.
        """
        known = [name for name in self.names if name in case.people] + [
            name for name in case.people if name not in self.names
        ]
        return sorted(known, key=annotator_id) if self.hides_names else known

    def called(self, name: str) -> str:
        """Return what a person is called: by name, or by a letter."""
        if not self.hides_names:
            return name
        order = sorted({*self.names, name}, key=annotator_id)
        return ascii_uppercase[order.index(name) % len(ascii_uppercase)]

    def ask(self, wish: CaseFilter) -> None:
        """Show other cases, or in another order."""
        self.wish = wish
        self._arrange()

    def _arrange(self) -> None:
        shown = [case for case in self._wanted() if self._passes(case)]
        if self.wish.sort != "place":
            shown.sort(key=self._rank)
        self.shown = shown
        places = (
            number for number, case in enumerate(shown) if (case.document, case.id) == self._current
        )
        self._place = next(places, min(self._place, max(len(shown) - 1, 0)))

    def _wanted(self) -> Iterator[Case]:
        needle = fold(self.wish.words).text.strip()
        for each in self.dockets.values():
            if not needle or needle in fold(self.titles.get(each.document, each.document)).text:
                yield from each.cases

    def _passes(self, case: Case) -> bool:
        wish = self.wish
        is_kind = (
            "agreed" not in case.kinds
            if wish.kind == "differing"
            else wish.kind in ("", *case.kinds)
        )
        return (
            is_kind
            and wish.state in ("", case.state)
            and (not wish.label or wish.label in case.labels)
        )

    def _rank(self, case: Case) -> tuple[float | str, ...]:
        if self.wish.sort == "doubt":  # the less the people agree the earlier
            return (max(case.versions.values(), default=0) / max(len(case.people), 1),)
        return case.labels if self.wish.sort == "label" else (_KIND_ORDER[case.kinds[0]],)

    # ── moving ────────────────────────────────────────────────────────────────────────────────────

    def take(self, case: Case) -> None:
        """Put a case on the desk; drafts of a reason and note are for one case alone."""
        key = (case.document, case.id)
        if key != self._current:
            self.reason = self.note = ""
        self._current = key
        self._place = next(
            (
                number
                for number, other in enumerate(self.shown)
                if (other.document, other.id) == key
            ),
            self._place,
        )

    def beside(self, by: int) -> Case | None:
        """Return the case shown so many places on or back."""
        place = min(max(self._place + by, 0), len(self.shown) - 1)
        return self.shown[place] if self.shown else None

    def next_open(self) -> Case | None:
        """Return the next case that can be decided and is not, or is stale.

        From the end on goes to the beginning.
        """
        count = len(self.shown)
        first = 0 if self.place < 0 else 1
        order = (
            self.shown[(self._place + step) % count]
            for step in range(first, count + 1 if count else 0)
        )
        return next((case for case in order if case.state in ("open", "stale")), None)

    def follow(self, changes: Changes) -> bool:
        """Look again at what a step touched; tell whether cases may be others now."""
        if not changes.kinds & {"spans", "relations", "status", "decisions", "documents"}:
            return False
        if "documents" in changes.kinds:
            self.titles = {entry.id: entry.name for entry in self._store.entries("")}
        if "annotators" in changes.kinds:
            self.names = people(self._store)
        known = len(self.dockets)
        for document in changes.documents:
            found = docket_of(self._store, document, self.names, only_done=self.only_done)
            if found is not None:
                self.dockets[document] = found
            else:
                self.dockets.pop(document, None)
        if len(self.dockets) != known:  # what came stands at the end, out of the project's order
            self.dockets = {
                document: self.dockets[document]
                for document in self.titles
                if document in self.dockets
            }
        self._arrange()
        self._turn_to(changes)
        return True

    def _turn_to(self, changes: Changes) -> None:
        """Go to the case that a step of undo or redo was about."""
        touched = changes.entities or frozenset()
        decided = [
            case
            for document in changes.documents
            for case in self._cases_of(document)
            if case.id in touched
        ]
        if decided and all((case.document, case.id) != self._current for case in decided):
            self.take(decided[0])

    def _cases_of(self, document: str) -> tuple[Case, ...]:
        found = self.dockets.get(document)
        return found.cases if found is not None else ()

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────

    def _here(self) -> tuple[Docket, Case]:
        case = self.case
        if case is None:
            raise UserError(_("Choose a case from the list first."))
        return self.dockets[case.document], case

    def decide(self, step: Step, outcome: str, chosen: str, drawn: Span | None, by: str) -> None:
        """Settle the case on the desk."""
        found, case = self._here()
        ruling = Ruling(outcome, chosen, drawn, self.reason, self.note, by)
        self._store_one(step, found, settle(found, case, ruling))
        self.reason = self.note = ""

    def merge(self, text: str, *, only_common: bool) -> Span:
        """Return the span of the merged boundaries of the case on the desk."""
        _found, case = self._here()
        fragments, model = merged(case, only_common=only_common)
        return model._replace(fragments=fragments, text=surface(text, fragments))

    def let_stand(self, step: Step) -> None:
        """Let a stale decision stand."""
        found, case = self._here()
        if case.state != "stale":
            raise UserError(_("Nothing has changed here since it was decided."))
        self._store_one(step, found, confirm(case))

    def open_again(self, step: Step) -> None:
        """Take back the decision on the case on the desk, whenever it was made."""
        found, case = self._here()
        if not case.decisions:
            raise UserError(_("The case is not decided."))
        self._store_one(step, found, reopen(found, case))

    def annotate(self, step: Step, reason: str, note: str) -> None:
        """Give the decision on the case on the desk another reason or note."""
        found, case = self._here()
        self._store_one(step, found, annotated(case, reason, note))

    def add(self, step: Step, document: str, span: Span, by: str) -> None:
        """Put a span into gold that nobody has."""
        found = self.dockets.get(document)
        if found is None:
            raise UserError(
                _("Two annotators have to work on a document before it is adjudicated.")
            )
        self._store_one(step, found, add(span, by, self.reason, self.note))
        self.reason = self.note = ""

    def _store_one(self, step: Step, found: Docket, settlement: Settlement) -> None:
        store_settlements(self._store, step, found, [settlement])
