"""At the desk of an adjudicator: whose names are shown, and which case comes next."""

from collections.abc import Iterator
from pathlib import Path
from string import ascii_uppercase

import pytest

from annotator.adjudication import Case
from annotator.jobs.team.adjudicate import dockets, people
from annotator.model import AnnotationSet, Span
from annotator.session.adjudication_session import AdjudicationSession, CaseFilter
from annotator.store import Store, annotator_id
from tests.projects import FA, RU, TEXTS, made, span


def _put(store: Store, document: str, name: str, *spans: Span) -> None:
    with store.change("work", name) as step:
        own = AnnotationSet("", "done", spans)
        step.import_annotation_set(document, step.add_annotator(name), own, TEXTS[document])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AdjudicationSession]:
    """Return a desk with two cases in a Persian text, and two in a Russian one."""
    with made(tmp_path / "p.annot") as store:
        for who, words in (("Sara", "مریم سهرابی"), ("reza", "مریم")):
            claim = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims")
            _put(store, "fa-1", who, span(FA, words, "PER"), claim)
        name = span(RU, "Анна Кравцова", "PER")
        _put(store, "ru-1", "Sara", name, span(RU, "4 %", "MONEY"))
        _put(store, "ru-1", "reza", name._replace(label="ORG"))
        names = people(store)
        yield AdjudicationSession(store, names, dockets(store, names))


def _next(desk: AdjudicationSession) -> int:
    case = desk.next_open()
    assert case is not None
    return desk.shown.index(case)


def _current(desk: AdjudicationSession) -> Case:
    assert desk.case is not None
    return desk.case


def test_the_first_open_case_lies_there_and_the_next_follow_in_a_circle(
    desk: AdjudicationSession,
) -> None:
    assert [case.document for case in desk.shown] == ["fa-1", "fa-1", "ru-1", "ru-1"]
    assert desk.place == 0
    for place in (1, 2, 3, 0):
        assert _next(desk) == place
        desk.take(desk.shown[place])
        assert (desk.place, _current(desk).id) == (place, desk.shown[place].id)


def test_the_only_open_case_is_the_next_of_itself(desk: AdjudicationSession) -> None:
    desk.take(desk.shown[3])
    desk.ask(CaseFilter(label="MONEY"))
    assert (len(desk.shown), desk.place, _next(desk)) == (1, 0, 0)


def test_when_the_case_is_not_shown_the_next_is_the_one_in_its_place(
    desk: AdjudicationSession,
) -> None:
    desk.take(desk.shown[1])
    desk.ask(CaseFilter(kind="differing"))
    assert desk.place == -1
    assert [case.labels for case in desk.shown] == [("PER",), ("ORG", "PER"), ("MONEY",)]
    assert _next(desk) == 1
    desk.ask(CaseFilter(words="nowhere"))
    assert (desk.shown, desk.place, desk.next_open(), desk.beside(1)) == ([], -1, None, None)


def test_beside_a_case_is_the_one_before_or_after_it_within_what_is_shown(
    desk: AdjudicationSession,
) -> None:
    desk.take(desk.shown[2])
    for by, place in ((1, 3), (2, 3), (0, 2), (-1, 1), (-9, 0)):
        assert desk.beside(by) is desk.shown[place]


def test_people_are_called_by_name_or_by_letters_that_tell_nothing(
    desk: AdjudicationSession,
) -> None:
    case = _current(desk)
    assert desk.order(case) == list(desk.names)
    assert [desk.called(name) for name in desk.names] == list(desk.names)
    desk.hides_names = True
    by_id = sorted(desk.names, key=annotator_id)
    assert desk.order(case) == by_id
    assert [desk.called(name) for name in by_id] == list(ascii_uppercase[: len(by_id)])


def test_a_draft_belongs_to_one_case(desk: AdjudicationSession) -> None:
    desk.reason, desk.note = "slip", "n"
    desk.take(desk.shown[0])
    assert (desk.reason, desk.note) == ("slip", "n")
    desk.take(desk.shown[1])
    assert (desk.reason, desk.note) == ("", "")


@pytest.mark.parametrize(
    ("sort", "labels"),
    [
        ("place", ["PER", "CLAIM", "ORG PER", "MONEY"]),
        ("label", ["CLAIM", "MONEY", "ORG PER", "PER"]),
        ("doubt", ["PER", "ORG PER", "MONEY", "CLAIM"]),
    ],
)
def test_cases_are_sorted_as_one_asks(
    desk: AdjudicationSession, sort: str, labels: list[str]
) -> None:
    desk.ask(CaseFilter(sort=sort))
    assert [" ".join(case.labels) for case in desk.shown] == labels
