"""Labels of one's own in an open schema."""

from pathlib import Path

import pytest

from annotator.commands import history, keys
from annotator.commands.schema import add_label, free_keys
from annotator.errors import UserError
from annotator.model import Document
from annotator.model.schema_files import load_schema
from annotator.session import Session
from annotator.store import Store


@pytest.fixture
def session(tmp_path: Path) -> Session:
    store = Store.create(tmp_path / "p.annot", load_schema("blank"))
    with store.change("", "a1") as step:
        step.add_annotator("a1")
        name, _new = step.add_document(Document("", "d", "سلام دنیا"))
    made = Session(store, "a1")
    made.open_document(name)
    return made


def test_a_label_of_ones_own_is_there_at_once_and_after_a_restart(session: Session) -> None:
    add_label(session, "PRODUCT", "1", "entity")
    add_label(session, "RUMOUR", "R", "claim")
    session.select_text(0, 4)
    assert keys.press(session, "1")
    assert [span.label for span in session.spans.values()] == ["PRODUCT"]
    assert session.schema.version == 3
    path = session.store.path
    session.close()
    with Store.open(path) as store:
        assert [(layer.look, label.id, label.key) for layer, label in store.schema().labels()] == [
            ("entity", "PRODUCT", "1"),
            ("claim", "RUMOUR", "R"),
        ]


def test_adding_a_label_is_a_step_that_can_be_taken_back(session: Session) -> None:
    try:
        add_label(session, "PRODUCT", "1", "entity")
        history.undo(session)
        assert not list(session.schema.labels())
        history.redo(session)
        assert [label.id for _layer, label in session.schema.labels()] == ["PRODUCT"]
    finally:
        session.close()


@pytest.mark.parametrize(
    ("name", "key"), [("PRODUCT", "2"), ("OTHER", "1"), ("", "2"), ("a\u202eb", "2")]
)
def test_a_label_that_would_clash_is_refused_with_a_sentence(
    session: Session, name: str, key: str
) -> None:
    try:
        add_label(session, "PRODUCT", "1", "entity")
        with pytest.raises(UserError):
            add_label(session, name, key, "entity")
        assert free_keys(session)[0] == "2"
        assert len(list(session.schema.labels())) == 1
    finally:
        session.close()


def test_a_fixed_schema_takes_no_label(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "q.annot", load_schema("news"))
    fixed = Session(store, "a1")
    try:
        with pytest.raises(UserError, match="fixed"):
            add_label(fixed, "PRODUCT", "9", "entity")
    finally:
        fixed.close()
