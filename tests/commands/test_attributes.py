"""Attributes: a stance in one key, values by key, document attributes."""

import pytest

from annotator.commands import attributes, keys
from annotator.errors import UserError
from annotator.session import Session
from tests.commands.hands import label, shown


@pytest.mark.parametrize(
    ("key", "polarity"), [("=", "support"), ("-", "oppose"), ("0", "neutral"), ("/", "unclear")]
)
def test_one_key_labels_a_stance_with_its_polarity(
    session: Session, key: str, polarity: str
) -> None:
    span = label(session, "به‌شدت مخالفت کرد", key)
    assert (span.label, span.layer, dict(span.attributes)) == (
        "STANCE",
        "stance",
        {"polarity": polarity},
    )


def test_another_polarity_on_the_same_words_changes_the_stance(session: Session) -> None:
    first = label(session, "به‌شدت مخالفت کرد", "-")
    second = label(session, "به‌شدت مخالفت کرد", "0")
    assert first.id == second.id
    assert [dict(span.attributes) for span in session.spans.values()] == [{"polarity": "neutral"}]


def test_one_step_makes_the_stance_and_one_undo_takes_it_back(session: Session) -> None:
    label(session, "به‌شدت مخالفت کرد", "-")
    session.store.undo("aida")
    assert session.spans == {}
    assert session.status == "new"


def test_a_key_sets_a_value_and_the_same_key_takes_it_away(session: Session) -> None:
    label(session, "قیمت‌ها پایین آمد", "C")
    for key in ("Q", "W", "A"):
        assert keys.press(session, key)
    assert session.selected is not None
    assert dict(session.selected.attributes) == {"certainty": "likely", "mode": "asserted"}
    keys.press(session, "W")
    assert dict(session.selected.attributes) == {"mode": "asserted"}


def test_a_values_key_does_nothing_on_another_label(session: Session) -> None:
    label(session, "رشت", "4")
    assert not keys.press(session, "Q")


def test_setting_the_same_value_again_is_no_step(session: Session) -> None:
    label(session, "قیمت‌ها پایین آمد", "C")
    attributes.set_attribute(session, "certainty", "likely")
    before = session.store.undoable("aida")
    attributes.set_attribute(session, "certainty", "likely")
    assert session.store.undoable("aida") == before


def test_an_attribute_needs_a_span(session: Session) -> None:
    with pytest.raises(UserError, match="Select a span"):
        attributes.set_attribute(session, "certainty", "likely")


def test_document_attributes_are_the_annotators_own(session: Session) -> None:
    attributes.set_document_attribute(session, "topic", "economy")
    assert dict(session.attributes) == {"topic": "economy"}
    assert session.status == "open"
    assert dict(session.store.annotation_set("fa-1", "gold").attributes) == {}
    before = session.store.undoable("aida")
    attributes.set_document_attribute(session, "topic", "economy")
    assert session.store.undoable("aida") == before
    attributes.set_document_attribute(session, "topic", None)
    assert dict(session.attributes) == {}


def test_nested_claims_keep_attributes_of_their_own(session: Session) -> None:
    label(session, "قیمت‌ها پایین آمد", "C")
    keys.press(session, "R")
    label(session, "مریم سهرابی گفت: قیمت‌ها پایین آمد", "C")
    assert [(name, len(text)) for name, text in shown(session)] == [("CLAIM", 34), ("CLAIM", 17)]
    assert [dict(span.attributes) for span in session.in_order()] == [{}, {"mode": "reported"}]
