"""Fragments of a span: added and taken out by hand, each in a step of its own."""

import pytest

from annotator.commands import fragments
from annotator.errors import UserError
from annotator.session import Session
from tests.commands.hands import can, choose, label, run


def test_selected_text_is_added_to_the_span_selected_before(session: Session) -> None:
    span = label(session, "مریم", "1")
    choose(session, "قیمت‌ها ")
    run(session, "fragments.add")
    assert session.selected is not None
    assert (session.selected.id, session.selected.text) == (span.id, "مریم قیمت‌ها")
    assert session.store.annotation_set("fa-1", "aida").spans == (session.selected,)
    session.undo()
    assert session.spans[span.id] == span


def test_selected_text_is_taken_out_as_a_fragment_a_part_or_a_hole(session: Session) -> None:
    span = label(session, "مریم سهرابی گفت", "1")
    choose(session, "سهرابی")
    run(session, "fragments.take_out")
    assert session.spans[span.id].fragments == ((0, 4), (12, 15))
    choose(session, "گفت")
    run(session, "fragments.take_out")
    assert session.spans[span.id].text == "مریم"


def test_nothing_left_is_refused_with_a_sentence_and_nothing_is_stored(session: Session) -> None:
    span = label(session, "مریم", "1")
    choose(session, "مریم")
    with pytest.raises(UserError, match="at least one letter"):
        run(session, "fragments.take_out")
    assert session.spans[span.id] == span


def test_without_a_span_or_with_spaces_only_there_is_nothing_to_add(session: Session) -> None:
    choose(session, "مریم")
    assert not can(session, "fragments.add")
    with pytest.raises(UserError, match="Select a span first"):
        fragments.add(session)
    label(session, "مریم", "1")
    choose(session, " ")
    with pytest.raises(UserError, match="only spaces"):
        run(session, "fragments.add")
