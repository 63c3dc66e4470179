"""Labelling spans by hand: by key, by sticky label, changing, moving, deleting, walking."""

from itertools import pairwise

import pytest

from annotator.commands import keys, relations, spans
from annotator.errors import UserError
from annotator.session import Session
from tests.commands.hands import can, choose, label, run, shown


def test_a_key_labels_the_selected_text(session: Session) -> None:
    span = label(session, "مریم سهرابی", "1")
    assert (span.layer, span.label, span.fragments, span.text) == (
        "entities",
        "PER",
        ((0, 11),),
        "مریم سهرابی",
    )
    assert session.store.annotation_set("fa-1", "aida").spans == (span,)
    assert session.selection == (11, 11)


def test_the_first_span_begins_the_document(session: Session) -> None:
    assert session.status == "new"
    label(session, "مریم سهرابی", "1")
    assert session.status == "open"
    assert session.store.summary("fa-1", "aida") == ("open", 1, 0)


def test_spaces_and_invisible_characters_at_the_edges_stay_outside(session: Session) -> None:
    assert label(session, " شهرداری رشت ", "2").text == "شهرداری رشت"


@pytest.mark.parametrize("key", ["2", "="])
def test_a_selection_of_spaces_is_refused(session: Session, key: str) -> None:
    choose(session, " ")
    with pytest.raises(UserError, match="at least one letter"):
        keys.press(session, key)
    assert session.spans == {}


def test_the_same_span_twice_is_only_selected(session: Session) -> None:
    first = label(session, "مریم سهرابی", "1")
    session.select_span("")
    assert label(session, "مریم سهرابی", "1") == first
    assert len(session.spans) == 1


def test_spans_nest_overlap_and_share_a_place(session: Session) -> None:
    label(session, "شهرداری رشت", "2")
    label(session, "رشت", "4")
    label(session, "رشت به‌شدت", "C")
    label(session, "رشت", "3")
    assert shown(session) == [
        ("ORG", "شهرداری رشت"),
        ("CLAIM", "رشت به‌شدت"),
        ("GPE", "رشت"),
        ("LOC", "رشت"),
    ]


def test_a_key_with_a_span_selected_changes_its_label(session: Session) -> None:
    span = label(session, "رشت", "4")
    assert keys.press(session, "3")
    assert session.selected is not None
    assert (session.selected.id, session.selected.label) == (span.id, "LOC")


def test_a_new_label_drops_the_attributes_it_does_not_know(session: Session) -> None:
    label(session, "قیمت‌ها پایین آمد", "C")
    keys.press(session, "Q")
    assert session.selected is not None
    assert dict(session.selected.attributes) == {"certainty": "certain"}
    keys.press(session, "7")
    assert session.selected.label == "EVENT"
    assert dict(session.selected.attributes) == {}


def test_changing_a_label_to_itself_changes_nothing(session: Session) -> None:
    label(session, "رشت", "4")
    before = session.store.undoable("aida")
    keys.press(session, "4")
    assert session.store.undoable("aida") == before


def test_a_key_with_nothing_selected_makes_the_label_sticky(session: Session) -> None:
    assert keys.press(session, "2")
    assert session.label == "ORG"
    keys.press(session, "2")
    assert session.label == ""


def test_a_sticky_label_marks_what_is_selected(session: Session) -> None:
    keys.press(session, "2")
    choose(session, "شهرداری رشت")
    spans.label_selection(session, session.label)
    assert shown(session) == [("ORG", "شهرداری رشت")]
    assert session.label == "ORG"


def test_a_key_that_stands_for_nothing_does_nothing(session: Session) -> None:
    choose(session, "رشت")
    assert not keys.press(session, "9")
    assert session.spans == {}


def test_small_letters_are_the_same_keys(session: Session) -> None:
    assert label(session, "قیمت‌ها پایین آمد", "c").label == "CLAIM"


def test_a_discontinuous_span_holds_its_parts(session: Session) -> None:
    spans.add_span(session, "CLAIM", ((0, 4), (12, 15)))
    assert shown(session) == [("CLAIM", "مریم گفت")]


def test_an_unknown_label_is_refused(session: Session) -> None:
    with pytest.raises(UserError, match="no label"):
        spans.add_span(session, "NOPE", ((0, 4),))


def test_without_a_document_nothing_can_be_labelled(session: Session) -> None:
    session.leave()
    with pytest.raises(UserError, match="Open a document"):
        spans.add_span(session, "PER", ((0, 4),))


def test_a_note_is_kept_and_written_once(session: Session) -> None:
    made = label(session, "رشت", "4")
    spans.write_note(session, "fa-1", made.id, "کدام رشت؟")
    before = session.store.undoable("aida")
    spans.write_note(session, "fa-1", made.id, "کدام رشت؟")
    assert session.store.undoable("aida") == before
    assert session.store.annotation_set("fa-1", "aida").spans[0].note == "کدام رشت؟"


def test_deleting_takes_the_relations_along_and_selects_the_next(session: Session) -> None:
    holder = label(session, "مریم سهرابی", "1")
    label(session, "شهرداری رشت", "2")
    claim = label(session, "قیمت‌ها پایین آمد", "C")
    relations.link(session, "holder", claim.id, holder.id)
    assert len(session.relations) == 1
    session.select_span(holder.id)
    run(session, "spans.delete")
    assert session.relations == {}
    assert [name for name, _text in shown(session)] == ["CLAIM", "ORG"]
    assert session.selected is not None
    assert session.selected.label == "CLAIM"


def test_deleting_the_last_span_leaves_nothing_selected(session: Session) -> None:
    label(session, "رشت", "4")
    run(session, "spans.delete")
    assert session.span == ""
    assert not can(session, "spans.delete")


def test_one_walks_through_the_spans_and_around(session: Session) -> None:
    label(session, "رشت", "4")
    label(session, "مریم سهرابی", "1")
    session.select_text(0, 0)
    seen = []
    for _step in range(3):
        run(session, "spans.following")
        assert session.selected is not None
        seen.append(session.selected.text)
    assert seen == ["مریم سهرابی", "رشت", "مریم سهرابی"]
    run(session, "spans.preceding")
    assert session.selected is not None
    assert session.selected.text == "رشت"


def test_walking_begins_at_the_caret(session: Session) -> None:
    label(session, "رشت", "4")
    label(session, "مریم سهرابی", "1")
    session.select_text(20, 20)
    run(session, "spans.following")
    assert session.selected is not None
    assert session.selected.text == "رشت"
    session.select_text(20, 20)
    run(session, "spans.preceding")
    assert session.selected.text == "مریم سهرابی"


def test_edges_grow_and_shrink_by_words(session: Session) -> None:
    label(session, "شهرداری", "2")
    steps = [
        ("spans.grow_end", "شهرداری رشت"),
        ("spans.grow_end", "شهرداری رشت به‌شدت"),
        ("spans.shrink_end", "شهرداری رشت"),
        ("spans.shrink_start", "رشت"),
        ("spans.grow_start", "شهرداری رشت"),
    ]
    for name, text in steps:
        run(session, name)
        assert session.selected is not None
        assert session.selected.text == text


def test_a_span_of_one_word_does_not_shrink_away(session: Session) -> None:
    span = label(session, "رشت", "4")
    run(session, "spans.shrink_end")
    run(session, "spans.shrink_start")
    assert session.selected == span


def test_an_edge_at_the_end_of_the_text_stays(session: Session) -> None:
    label(session, "مریم سهرابی", "1")
    run(session, "spans.grow_start")
    assert shown(session) == [("PER", "مریم سهرابی")]


def test_parts_of_a_discontinuous_span_do_not_grow_into_each_other(session: Session) -> None:
    assert session.document is not None
    words = session.document.text.split(" ")
    first, third = (0, len(words[0])), (12, 15)
    spans.add_span(session, "CLAIM", (first, third))
    for _times in range(3):
        run(session, "spans.shrink_start")
        run(session, "spans.grow_end")
    fragments = next(iter(session.spans.values())).fragments
    assert all(one[1] <= two[0] for one, two in pairwise(fragments))
