"""Relations made by keyboard: candidates, implicit arguments, turning round, what is refused."""

import pytest

from annotator.commands import keys, relations
from annotator.errors import UserError
from annotator.model import Span
from annotator.session import Session
from tests.commands.hands import can, choose, label, run


@pytest.fixture
def spans(session: Session) -> dict[str, Span]:
    """Label a person, an organisation, a claim and a stance; return them by label."""
    found = [
        label(session, words, key)
        for words, key in (("مریم سهرابی", "1"), ("شهرداری رشت", "2"), ("قیمت‌ها پایین آمد", "C"))
    ]
    found.append(label(session, "به‌شدت مخالفت کرد", "-"))
    return {span.label: span for span in found}


def ends(session: Session) -> list[tuple[str, str, str]]:
    return [
        (
            entry.label,
            session.spans[entry.head].label,
            session.spans[entry.child].label if entry.child else str(entry.implicit),
        )
        for entry in session.relations.values()
    ]


def test_a_key_aims_at_the_nearest_span_and_return_makes_the_relation(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["CLAIM"].id)
    assert keys.press(session, "H")
    assert session.linking is not None
    assert session.linking.candidate == spans["ORG"].id
    run(session, "relations.confirm")
    assert session.linking is None
    assert ends(session) == [("holder", "CLAIM", "ORG")]


def test_arrows_walk_over_the_spans_that_may_be_the_end(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["STANCE"].id)
    keys.press(session, "T")
    seen = []
    for name in ("next_candidate", "next_candidate", "next_candidate", "previous_candidate"):
        run(session, f"relations.{name}")
        assert session.linking is not None
        seen.append(session.spans[session.linking.candidate].label)
    assert seen == ["PER", "CLAIM", "ORG", "CLAIM"]
    run(session, "relations.confirm")
    assert ends(session) == [("target", "STANCE", "CLAIM")]


@pytest.mark.parametrize(("key", "argument"), [("A", "author"), ("U", "unknown")])
def test_the_holder_may_have_no_span(
    session: Session, spans: dict[str, Span], key: str, argument: str
) -> None:
    session.select_span(spans["CLAIM"].id)
    keys.press(session, "H")
    assert keys.press(session, key)
    assert ends(session) == [("holder", "CLAIM", argument)]


def test_a_target_is_never_the_author(session: Session, spans: dict[str, Span]) -> None:
    session.select_span(spans["STANCE"].id)
    keys.press(session, "T")
    assert not keys.press(session, "A")
    assert session.relations == {}
    assert session.linking is not None


def test_the_same_relation_twice_is_stored_once(session: Session, spans: dict[str, Span]) -> None:
    for _times in range(2):
        relations.link(session, "holder", spans["CLAIM"].id, spans["PER"].id)
    assert len(session.relations) == 1


def test_a_relation_that_the_schema_forbids_is_refused(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["PER"].id)
    with pytest.raises(UserError, match="starts from CLAIM, STANCE"):
        relations.start(session, "holder")
    with pytest.raises(UserError, match="joins"):
        relations.link(session, "holder", spans["CLAIM"].id, spans["STANCE"].id)
    with pytest.raises(UserError, match="cannot start there"):
        relations.link(session, "holder", "no-such-span", spans["PER"].id)
    assert session.relations == {}


def test_an_implicit_end_that_the_schema_forbids_is_refused(
    session: Session, spans: dict[str, Span]
) -> None:
    with pytest.raises(UserError):
        relations.link(session, "target", spans["STANCE"].id, None, "author")
    assert session.relations == {}


def test_an_end_that_is_gone_is_refused(session: Session, spans: dict[str, Span]) -> None:
    with pytest.raises(UserError):
        relations.link(session, "holder", spans["CLAIM"].id, "no-such-span")
    assert session.relations == {}


def test_starting_needs_a_span(session: Session) -> None:
    with pytest.raises(UserError, match="Select the span"):
        relations.start(session, "holder")


def test_without_candidates_return_says_what_can_be_done(session: Session) -> None:
    label(session, "قیمت‌ها پایین آمد", "C")
    run(session, "relations.begin_relation")
    with pytest.raises(UserError, match="Press A for the author"):
        run(session, "relations.confirm")


def test_a_label_that_starts_no_relation_is_refused(session: Session) -> None:
    label(session, "رشت", "4")
    with pytest.raises(UserError, match="no relation that starts"):
        run(session, "relations.begin_relation")


def test_turning_round_is_refused_where_the_schema_forbids_it(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["CLAIM"].id)
    keys.press(session, "H")
    with pytest.raises(UserError, match="may not lead that way"):
        run(session, "relations.reverse")


def test_removing_a_relation_leaves_its_spans(session: Session, spans: dict[str, Span]) -> None:
    relations.link(session, "holder", spans["CLAIM"].id, spans["PER"].id)
    relations.remove(session, next(iter(session.relations)))
    assert session.relations == {}
    assert len(session.spans) == 4


def test_the_relations_between_two_spans_are_those_the_schema_allows(
    session: Session, spans: dict[str, Span]
) -> None:
    allowed = relations.allowed_between(session, spans["STANCE"].id, spans["PER"].id)
    assert [entry.id for entry in allowed] == ["holder", "target"]
    assert relations.allowed_between(session, spans["PER"].id, spans["STANCE"].id) == []


def test_relation_keys_wait_for_a_span_that_may_start_one(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["PER"].id)
    assert not keys.press(session, "H")
    assert session.linking is None
    assert not can(session, "relations.confirm")


def test_label_keys_do_nothing_while_a_relation_is_made(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["CLAIM"].id)
    keys.press(session, "H")
    assert not keys.press(session, "1")
    assert session.selected is not None
    assert session.selected.label == "CLAIM"


def test_opening_another_document_ends_the_making(session: Session, spans: dict[str, Span]) -> None:
    session.select_span(spans["CLAIM"].id)
    keys.press(session, "H")
    run(session, "documents.following")
    assert session.linking is None


def test_the_rules_list_what_is_missing(session: Session, spans: dict[str, Span]) -> None:
    assert [(span.label, needs) for span, needs in session.incomplete()] == [
        ("CLAIM", ["holder"]),
        ("STANCE", ["target"]),
    ]
    relations.link(session, "holder", spans["CLAIM"].id, None, "author")
    relations.link(session, "target", spans["STANCE"].id, spans["CLAIM"].id)
    assert session.incomplete() == []
    assert len(session.relations_of(spans["CLAIM"].id)) == 2


def test_a_head_deleted_while_linking_ends_it_softly(
    session: Session, spans: dict[str, Span]
) -> None:
    session.select_span(spans["CLAIM"].id)
    keys.press(session, "H")
    run(session, "spans.delete")
    if session.linking is not None:
        with pytest.raises(UserError):
            run(session, "relations.confirm")
    assert session.relations == {}
    choose(session, "رشت")
