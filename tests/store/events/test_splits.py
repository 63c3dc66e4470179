"""Splits are kept in the project: in the log, with undo, and over a rebuild."""

from pathlib import Path

from annotator.store import Store
from tests.projects import made

NAME = "80/10/10 by document, seed 0"
PARTS = {"fa-1": "train", "ru-1": "test"}


def put(store: Store, parts: dict[str, str]) -> None:
    with store.change("Split the documents", "aida") as step:
        step.add_annotator("aida")
        step.put_split(NAME, parts)


def test_a_split_is_there_after_opening_again(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        put(store, PARTS)
        assert store.split(NAME) == PARTS
        assert store.split("another") == {}
    with Store.open(tmp_path / "p.annot") as store:
        assert store.split(NAME) == PARTS
        assert store.faults() == []


def test_a_split_is_taken_back_and_done_again(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        put(store, PARTS)
        put(store, {**PARTS, "kk-1": "dev"})
        store.undo("aida")
        assert store.split(NAME) == PARTS
        store.undo("aida")
        assert store.split(NAME) == {}
        store.redo("aida")
        store.redo("aida")
        assert store.split(NAME) == {**PARTS, "kk-1": "dev"}
        assert store.faults() == []


def test_a_rebuild_brings_splits_back(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        put(store, PARTS)
        store._connection.execute("UPDATE split SET part = 'dev'")
        assert store.faults()
        store.rebuild()
        assert store.split(NAME) == PARTS
        assert store.faults() == []


def test_a_change_of_a_split_is_told(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        told = []
        store.listeners.append(lambda changes: told.append(changes.kinds))
        put(store, PARTS)
        assert "splits" in told[0]
