"""A backup is equal to the project, never replaces a file, and leaves nothing when it fails."""

import threading
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.store import Store
from tests.patience import SECONDS
from tests.store.projects import ANNOTATORS, add_span, content, hashes, id_of, new_project

FIRST = ANNOTATORS[0]


def test_a_backup_is_equal_and_opens_with_its_history(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=2) as store:
        add_span(store, "d0", FIRST, "1")
        add_span(store, "d0", FIRST, "2")
        store.undo(FIRST)
        copy = store.back_up()
        assert copy.parent == tmp_path / "backups"
        assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name]
        with Store.open(copy) as other:
            assert content(other) == content(store)
            assert other.faults() == []
            assert other.redo(FIRST) is not None
            assert other.setting("project") == store.setting("project")
        path = store.path
    assert hashes(path)[1] != hashes(copy)[1]


def test_backups_of_one_moment_get_names_of_their_own(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        assert len({store.back_up() for _time in range(3)}) == 3


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    target = tmp_path / "mine.annot"
    target.write_text("mine", encoding="utf-8")
    with new_project(tmp_path) as store:
        for place in (target, store.path):
            with pytest.raises(UserError, match="never replaces"):
                store.back_up(place)
        assert store.faults() == []
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_backup_that_is_not_equal_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(("one", "two"))
    monkeypatch.setattr("annotator.store.file.backup.truth_hash", lambda _connection: next(answers))
    with new_project(tmp_path) as store, pytest.raises(UserError, match="not equal"):
        store.back_up(tmp_path / "copy.annot")
    assert not (tmp_path / "copy.annot").exists()


def test_a_place_that_cannot_be_made_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with new_project(tmp_path) as store, pytest.raises(UserError, match="cannot be made"):
        store.back_up(tmp_path / "file" / "copy.annot")


def test_a_backup_waits_for_the_step_of_another_thread(tmp_path: Path) -> None:
    is_open, may_end = threading.Event(), threading.Event()

    def work(store: Store) -> None:
        with store.change("slow", FIRST) as step:
            step.put_status("d0", id_of(FIRST), "open")
            is_open.set()
            may_end.wait(SECONDS)
            step.put_status("d0", id_of(FIRST), "done")

    with new_project(tmp_path, documents=1) as store:
        thread = threading.Thread(target=work, args=(store,))
        thread.start()
        is_open.wait(SECONDS)
        threading.Timer(0.1, may_end.set).start()
        copy = store.back_up()
        thread.join()
        with Store.open(copy, readonly=True) as other:
            assert other.annotation_set("d0", FIRST).status == "done"
