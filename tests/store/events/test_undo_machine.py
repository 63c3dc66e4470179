"""Whatever is done in whatever order.

Undo restores, the log rebuilds, and nobody touches another's layer.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotator.errors import UserError
from annotator.model import (
    GOLD,
    AnnotationSet,
    Attributes,
    Document,
    Fragment,
    Relation,
    Span,
    surface,
)
from annotator.store import Step, Store
from tests.store.projects import (
    ANNOTATORS,
    SCHEMA,
    TEXTS,
    annotation_sets,
    content,
    id_of,
    make_relation,
)

LEAD = "Lead"
PEOPLE = (*ANNOTATORS, GOLD)
DOCUMENTS = ("d0", "@d1", "#status", "d/3")
NAMES = st.sampled_from(("1", "2", "status", "#x", "a/b"))
FRAGMENTS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), min_size=1, max_size=3)
ATTRIBUTES: st.SearchStrategy[Attributes] = st.sampled_from(
    ({}, {"stance": "for"}, {"tags": ("a", "ب"), "sure": True})
)


def span_over(
    text: str, name: str, parts: list[tuple[int, int]], label: str, attributes: Attributes
) -> Span:
    """Make a sound span from what hypothesis drew."""
    fragments: list[Fragment] = []
    for gap, length in parts:
        start = (fragments[-1][1] if fragments else 0) + gap
        if start + length <= len(text):
            fragments.append((start, start + length))
    kept = tuple(fragments) or ((0, 1),)
    return Span(name, "entity", label, kept, surface(text, kept), attributes)


class Projects(RuleBasedStateMachine):
    """One project, three layers a document, a lead who imports; every rule is one step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.store = Store.create(self.folder / "p.annot", SCHEMA)

    @initialize()
    def first_document(self) -> None:
        self._do(LEAD, lambda step: step.add_document(Document(DOCUMENTS[0], "first", TEXTS[0])))
        self._do("", lambda step: [step.add_annotator(name) for name in PEOPLE])

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    # ── what every step has to keep ──

    def _do(
        self,
        actor: str,
        work: Callable[[Step], object],
        *,
        both_ways: bool = False,
        own: tuple[str, str] | None = None,
    ) -> None:
        before, others, latest = (
            content(self.store),
            annotation_sets(self.store),
            self.store.undoable(actor),
        )
        try:
            with self.store.change("do", actor) as step:
                work(step)
        except UserError:
            assert content(self.store) == before
            return
        after, now = content(self.store), annotation_sets(self.store)
        if own is not None:
            assert {key: annotation_set for key, annotation_set in now.items() if key != own} == {
                key: annotation_set for key, annotation_set in others.items() if key != own
            }
        if both_ways and actor and self.store.undoable(actor) != latest:
            self.store.undo(actor)
            assert content(self.store) == before
            self.store.redo(actor)
            assert content(self.store) == after

    @invariant()
    def is_sound(self) -> None:
        assert self.store.faults() == []

    # ── what people do ──

    def _place(self, data: st.DataObject) -> tuple[str, str, str]:
        document = data.draw(st.sampled_from([entry.id for entry in self.store.entries("")]))
        person = data.draw(st.sampled_from(PEOPLE))
        return document, person, self.store.document(document).text

    def _has_documents(self) -> bool:
        return bool(self.store.entries(""))

    @precondition(_has_documents)
    @rule(
        data=st.data(),
        name=NAMES,
        parts=FRAGMENTS,
        label=st.sampled_from("AB"),
        attributes=ATTRIBUTES,
        both=st.booleans(),
    )
    def put_span(
        self,
        data: st.DataObject,
        name: str,
        parts: list[tuple[int, int]],
        label: str,
        attributes: Attributes,
        *,
        both: bool,
    ) -> None:
        document, person, text = self._place(data)
        span = span_over(text, name, parts, label, attributes)
        self._do(
            person,
            lambda step: step.put_span(document, id_of(person), span),
            both_ways=both,
            own=(document, person),
        )

    @precondition(_has_documents)
    @rule(data=st.data(), name=NAMES, both=st.booleans())
    def remove_span(self, data: st.DataObject, name: str, *, both: bool) -> None:
        document, person, _text = self._place(data)
        self._do(
            person,
            lambda step: step.remove_span(document, id_of(person), name),
            both_ways=both,
            own=(document, person),
        )

    @precondition(_has_documents)
    @rule(data=st.data(), name=NAMES, head=NAMES, child=st.none() | NAMES, both=st.booleans())
    def put_relation(
        self, data: st.DataObject, name: str, head: str, child: str | None, *, both: bool
    ) -> None:
        document, person, _text = self._place(data)
        relation = make_relation(name, head, child)
        self._do(
            person,
            lambda step: step.put_relation(document, id_of(person), relation),
            both_ways=both,
            own=(document, person),
        )

    @precondition(_has_documents)
    @rule(data=st.data(), name=NAMES, both=st.booleans())
    def remove_relation(self, data: st.DataObject, name: str, *, both: bool) -> None:
        document, person, _text = self._place(data)
        self._do(
            person,
            lambda step: step.remove_relation(document, id_of(person), name),
            both_ways=both,
            own=(document, person),
        )

    @precondition(_has_documents)
    @rule(
        data=st.data(),
        status=st.sampled_from(("new", "open", "done")),
        attributes=ATTRIBUTES,
        both=st.booleans(),
    )
    def put_facts(
        self, data: st.DataObject, status: str, attributes: Attributes, *, both: bool
    ) -> None:
        document, person, _text = self._place(data)

        def work(step: Step) -> None:
            step.put_status(document, id_of(person), status)
            step.put_attributes(document, id_of(person), attributes)

        self._do(person, work, both_ways=both, own=(document, person))

    @precondition(_has_documents)
    @rule(data=st.data(), direction=st.sampled_from(("rtl", "ltr", "auto")), both=st.booleans())
    def turn_document(self, data: st.DataObject, direction: str, *, both: bool) -> None:
        document, person, _text = self._place(data)
        self._do(person, lambda step: step.put_direction(document, direction), both_ways=both)

    @rule(version=st.integers(1, 5), both=st.booleans())
    def change_schema(self, version: int, *, both: bool) -> None:
        self._do(
            LEAD, lambda step: step.put_schema(replace(SCHEMA, version=version)), both_ways=both
        )

    @rule(name=st.sampled_from(DOCUMENTS), text=st.sampled_from(TEXTS), both=st.booleans())
    def import_document(self, name: str, text: str, *, both: bool) -> None:
        self._do(LEAD, lambda step: step.add_document(Document(name, name, text)), both_ways=both)

    @precondition(_has_documents)
    @rule(
        data=st.data(),
        drawn=st.lists(
            st.tuples(NAMES, FRAGMENTS, st.sampled_from("AB"), ATTRIBUTES),
            max_size=4,
            unique_by=lambda entry: entry[0],
        ),
        links=st.lists(
            st.tuples(NAMES, NAMES, st.none() | NAMES), max_size=3, unique_by=lambda entry: entry[0]
        ),
        status=st.sampled_from(("new", "done")),
        attributes=ATTRIBUTES,
        actor=st.sampled_from((LEAD, *ANNOTATORS)),
        times=st.integers(1, 2),
        both=st.booleans(),
    )
    def import_layer(
        self,
        data: st.DataObject,
        drawn: list[tuple[str, list[tuple[int, int]], str, Attributes]],
        links: list[tuple[str, str, str | None]],
        status: str,
        attributes: Attributes,
        actor: str,
        times: int,
        *,
        both: bool,
    ) -> None:
        document, person, text = self._place(data)
        spans = tuple(span_over(text, *entry) for entry in drawn)
        names = {span.id for span in spans}
        relations = tuple(
            make_relation(*link) for link in links if link[1] in names and link[2] in {None, *names}
        )
        annotation_set = AnnotationSet("", status, spans, relations, attributes)

        def work(step: Step) -> None:
            for _time in range(times):
                step.import_annotation_set(document, id_of(person), annotation_set, text)

        self._do(actor, work, both_ways=both, own=(document, person))
        again: list[int] = []
        self._do(
            actor,
            lambda step: again.append(
                step.import_annotation_set(document, id_of(person), annotation_set, text).spans
            ),
        )
        assert again == [0]

    @precondition(_has_documents)
    @rule(data=st.data(), name=NAMES, parts=FRAGMENTS, both=st.booleans())
    def many_things_in_one_step(
        self, data: st.DataObject, name: str, parts: list[tuple[int, int]], *, both: bool
    ) -> None:
        document, person, text = self._place(data)
        spans = [span_over(text, entry, parts, "A", {}) for entry in (name, "own")]
        brought = [replaced._replace(id=f"in-{replaced.id}", label="B") for replaced in spans]

        def work(step: Step) -> None:
            step.put_span(document, id_of(person), spans[0])
            step.import_annotation_set(
                document, id_of(person), AnnotationSet("", "done", tuple(brought)), text
            )
            step.put_span(document, id_of(person), brought[0]._replace(note="edited"))
            step.put_relation(
                document, id_of(person), Relation("many", "about", spans[0].id, brought[0].id)
            )
            step.import_annotation_set(
                document, id_of(person), AnnotationSet("", "done", (spans[1],)), text
            )
            step.remove_span(document, id_of(person), brought[0].id)

        self._do(person, work, both_ways=both, own=(document, person))

    @rule(actor=st.sampled_from((LEAD, *PEOPLE)), redo=st.booleans())
    def undo_or_redo(self, actor: str, *, redo: bool) -> None:
        before = content(self.store)
        try:
            (self.store.redo if redo else self.store.undo)(actor)
        except UserError:
            assert content(self.store) == before

    @rule(actor=st.sampled_from((LEAD, *PEOPLE)), times=st.integers(2, 6))
    def undo_much_and_redo_it(self, actor: str, times: int) -> None:
        seen = [content(self.store)]
        for _time in range(times):
            try:
                if self.store.undo(actor) is None:
                    break
            except UserError:
                break
            seen.append(content(self.store))
        for expected in reversed(seen[:-1]):
            assert self.store.redo(actor) is not None
            assert content(self.store) == expected

    @rule()
    def close_and_reopen(self) -> None:
        before, path = content(self.store), self.store.path
        self.store.close()
        self.store = Store.open(path)
        assert content(self.store) == before

    @rule()
    def rebuild(self) -> None:
        before = content(self.store)
        self.store.rebuild()
        assert content(self.store) == before


Projects.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestProjects = Projects.TestCase
