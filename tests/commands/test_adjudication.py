"""At the desk.

Keys decide the case that lies there, undo brings it back, reasons and notes go along.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.commands import adjudication, history
from annotator.errors import UserError
from annotator.jobs.team.adjudicate import dockets, people
from annotator.model import AnnotationSet, Relation, Span
from annotator.session import Session
from annotator.session.adjudication_session import AdjudicationSession, CaseFilter
from annotator.store import Store, annotator_id
from tests.commands.hands import can, choose, run
from tests.projects import FA, RU, TEXTS, made, span


def put(
    store: Store, document: str, name: str, *spans: Span, relations: tuple[Relation, ...] = ()
) -> None:
    with store.change("work", name) as step:
        step.import_annotation_set(
            document,
            step.add_annotator(name),
            AnnotationSet("", "done", spans, relations),
            TEXTS[document],
        )


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return the session of a lead at the desk.

    Four cases in a Persian text, two in a Russian one.
    """
    store = made(tmp_path / "p.annot")
    for who, words in (("Sara", "مریم سهرابی"), ("reza", "مریم")):
        claim, person = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims"), span(FA, words, "PER")
        put(
            store,
            "fa-1",
            who,
            person,
            claim,
            relations=(Relation("r", "holder", claim.id, person.id),),
        )
    put(store, "ru-1", "Sara", span(RU, "Анна Кравцова", "PER"), span(RU, "4 %", "MONEY"))
    put(store, "ru-1", "reza", span(RU, "Анна Кравцова", "ORG"))
    opened = Session(store, "lead")
    names = people(store)
    opened.adjudication = AdjudicationSession(store, names, dockets(store, names))
    adjudication.show_case(opened)
    yield opened
    opened.close()


def desk(session: Session) -> AdjudicationSession:
    assert session.adjudication is not None
    return session.adjudication


def words(session: Session) -> str:
    case = desk(session).case
    assert case is not None
    assert session.document is not None
    assert session.document.id == case.document
    return session.document.text[slice(*case.extent)]


def gold(session: Session, document: str) -> list[tuple[str, str]]:
    return [
        (each.label, each.text) for each in session.store.annotation_set(document, "gold").spans
    ]


def press(session: Session, *keys: str) -> None:
    for key in keys:
        assert adjudication.press(session, key.lstrip("⇧"), shift=key.startswith("⇧"))


def test_the_first_open_case_lies_on_the_desk_with_its_document_open(session: Session) -> None:
    assert (words(session), desk(session).place) == ("مریم سهرابی", 0)


def test_a_digit_takes_a_persons_version_and_goes_on(session: Session) -> None:
    press(session, "2")
    assert gold(session, "fa-1") == [("PER", "مریم")]
    assert words(session) == "قیمت‌ها پایین آمد"


def test_all_cases_are_decided_by_one_key_each(session: Session) -> None:
    press(session, "1", "1", "1", "2", "R")
    assert gold(session, "fa-1") == [("PER", "مریم سهرابی"), ("CLAIM", "قیمت‌ها پایین آمد")]
    assert len(session.store.annotation_set("fa-1", "gold").relations) == 1
    assert gold(session, "ru-1") == [("ORG", "Анна Кравцова")]
    far = desk(session).standing
    assert (far.decided, far.cases, far.complete, far.documents) == (5, 5, 2, 2)
    assert session.store.annotation_set("ru-1", "gold").status == "done"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("M", ["مریم سهرابی"]),
        ("⇧M", ["مریم"]),
        ("K", ["مریم سهرابی", "مریم"]),
        ("R", []),
        ("X", []),
    ],
)
def test_what_the_other_keys_decide(session: Session, key: str, expected: list[str]) -> None:
    press(session, key)
    assert [text for _label, text in gold(session, "fa-1")] == expected
    assert desk(session).standing.decided == 1


def test_undo_and_redo_go_to_the_case_they_are_about(session: Session) -> None:
    press(session, "1", "1", "1", "1")
    assert words(session) == "4 %"
    run(session, "history.undo")
    assert (words(session), gold(session, "ru-1")) == ("Анна Кравцова", [])
    run(session, "history.undo")
    assert session.document is not None
    assert session.document.id == "fa-1"
    assert desk(session).standing.decided == 2
    run(session, "history.redo")
    assert desk(session).standing.decided == 3


def test_a_relation_cannot_be_decided_before_its_ends(session: Session) -> None:
    case = desk(session).shown[2]
    adjudication.go_to(session, case.document, case.id)
    assert (case.state, can(session, "adjudication.reject_all")) == ("waiting", False)
    with pytest.raises(UserError, match="two ends"):
        press(session, "1")


def test_a_relation_has_no_boundaries(session: Session) -> None:
    press(session, "1", "1")
    for key in ("M", "⇧M"):
        with pytest.raises(UserError, match="no boundaries"):
            press(session, key)
    choose(session, "رشت")
    with pytest.raises(UserError, match="no boundaries"):
        adjudication.draw(session, "GPE")


def test_there_are_as_many_versions_as_people(session: Session) -> None:
    with pytest.raises(UserError, match="only 2 versions"):
        press(session, "3")


def test_keys_that_mean_nothing_are_left_to_others(session: Session) -> None:
    for key, shift in (("Q", False), ("0", False), ("K", True), ("1", True)):
        assert not adjudication.press(session, key, shift=shift)


def test_a_new_span_is_what_is_selected(session: Session) -> None:
    with pytest.raises(UserError, match="Select the right words"):
        adjudication.draw(session, "PER")
    choose(session, "سهرابی گفت")
    with pytest.raises(UserError, match="no label"):
        adjudication.draw(session, "NOTHING")
    adjudication.draw(session, "PER")
    assert gold(session, "fa-1") == [("PER", "سهرابی گفت")]


def test_a_selection_of_spaces_is_no_span(session: Session) -> None:
    session.select_text(4, 5)
    with pytest.raises(UserError, match="at least one letter"):
        adjudication.draw(session, "PER")


def test_what_nobody_marked_can_be_added(session: Session) -> None:
    choose(session, "شهرداری رشت")
    adjudication.add(session, "ORG")
    assert gold(session, "fa-1") == [("ORG", "شهرداری رشت")]
    assert [case.kinds for case in desk(session).dockets["fa-1"].cases][-1] == ("added",)


def test_nothing_is_added_to_a_document_of_one_annotator(session: Session) -> None:
    session.open_document("kk-1")
    session.select_text(0, 4)
    with pytest.raises(UserError, match="Two annotators"):
        adjudication.add(session, "PER")


def test_a_reason_given_before_goes_along_with_the_decision_and_is_for_one_case_alone(
    session: Session,
) -> None:
    adjudication.explain(session, "boundary", "имя целиком")
    press(session, "1")
    decision = session.store.decisions()["fa-1"][0]
    assert (decision.reason, decision.note, decision.by) == ("boundary", "имя целиком", "lead")
    assert (desk(session).reason, desk(session).note) == ("", "")
    adjudication.explain(session, "slip", "")
    run(session, "adjudication.go_back")
    assert desk(session).reason == ""


def test_a_reason_given_afterwards_changes_the_decision_in_a_step_of_its_own(
    session: Session,
) -> None:
    press(session, "1")
    run(session, "adjudication.go_back")
    adjudication.explain(session, "slip", "")
    assert session.store.decisions()["fa-1"][0].reason == "slip"
    run(session, "history.undo")
    assert session.store.decisions()["fa-1"][0].reason == ""


def change_input(session: Session) -> None:
    own = session.store.annotation_set("fa-1", "reza").spans[0]
    with session.store.change("label", "reza") as step:
        step.put_span("fa-1", annotator_id("reza"), own._replace(attributes={"sure": "no"}))


def test_a_stale_case_comes_again_and_can_be_let_stand(session: Session) -> None:
    press(session, "1")
    change_input(session)
    assert desk(session).dockets["fa-1"].cases[0].state == "stale"
    run(session, "adjudication.go_back")
    assert can(session, "adjudication.let_stand")
    press(session, "C")
    assert desk(session).dockets["fa-1"].cases[0].state == "decided"
    run(session, "adjudication.go_back")
    with pytest.raises(UserError, match="Nothing has changed"):
        press(session, "C")


def test_a_case_is_opened_again_long_after(session: Session) -> None:
    with pytest.raises(UserError, match="not decided"):
        press(session, "O")
    press(session, "1", "1", "1")
    case = desk(session).shown[0]
    adjudication.go_to(session, case.document, case.id)
    press(session, "O")
    assert (gold(session, "fa-1"), desk(session).standing.decided) == (
        [("CLAIM", "قیمت‌ها پایین آمد")],
        1,
    )


def test_what_the_desk_shows_is_filtered_and_sorted(session: Session) -> None:
    def shown(**wish: str) -> list[str]:
        desk(session).ask(replace(CaseFilter(), **wish))
        return ["/".join(case.kinds) for case in desk(session).shown]

    assert shown() == ["boundary", "agreed", "agreed", "label", "missing"]
    assert shown(kind="differing") == ["boundary", "label", "missing"]
    assert shown(kind="missing", label="MONEY") == ["missing"]
    assert shown(state="waiting") == ["agreed"]
    assert shown(words="RU") == ["label", "missing"]
    assert shown(sort="kind") == ["missing", "boundary", "label", "agreed", "agreed"]
    assert shown(sort="doubt")[-2:] == ["agreed", "agreed"]
    assert shown(sort="label") == ["agreed", "missing", "label", "boundary", "agreed"]
    assert desk(session).labels == ["CLAIM", "MONEY", "ORG", "PER", "holder"]


def test_a_case_that_the_filter_hides_stays_on_the_desk(session: Session) -> None:
    desk(session).ask(CaseFilter(kind="missing"))
    assert (desk(session).place, words(session)) == (-1, "مریم سهرابی")
    run(session, "adjudication.go_on")
    assert words(session) == "4 %"


def test_names_can_be_hidden(session: Session) -> None:
    case = desk(session).case
    assert case is not None
    assert desk(session).order(case) == ["Sara", "reza"]
    run(session, "adjudication.hide_names")
    order = desk(session).order(case)
    assert sorted(order) == ["Sara", "reza"]
    assert [desk(session).called(name) for name in order] == ["A", "B"]
    press(session, "1")
    assert session.store.decisions()["fa-1"][0].chosen == (order[0],)


def test_a_document_that_comes_or_goes_is_followed(session: Session) -> None:
    put(session.store, "kk-1", "Sara", span(TEXTS["kk-1"], "Әлия", "PER"))
    assert "kk-1" not in desk(session).dockets
    put(session.store, "kk-1", "reza", span(TEXTS["kk-1"], "Әлия", "PER"))
    assert list(desk(session).dockets) == ["fa-1", "kk-1", "ru-1"]
    session.store.undo("reza")
    assert list(desk(session).dockets) == ["fa-1", "ru-1"]


def test_whose_work_comes_in_meanwhile_is_compared_too(session: Session) -> None:
    put(session.store, "ru-1", "Әлия", span(RU, "Анна Кравцова", "PER"))
    (label, missing) = desk(session).dockets["ru-1"].cases
    assert (sorted(label.have), missing.people) == (
        ["Sara", "reza", "Әлия"],
        ("Sara", "reza", "Әлия"),
    )
    press(session, "1", "1", "1")
    assert desk(session).order(label)[2] == "Әлия"


def test_without_a_desk_nothing_of_this_can_be_done(session: Session) -> None:
    session.adjudication = None
    assert not can(session, "adjudication.hide_names")
    assert not any(
        can(session, f"adjudication.{name}")
        for name in ("go_on", "reject_all", "let_stand", "open_again")
    )
    with pytest.raises(UserError, match="Choose a case"):
        adjudication.decide(session, "reject")
    adjudication.accept(session, 1)
    adjudication.explain(session, "slip", "")
    assert history.can_undo(session) is False
