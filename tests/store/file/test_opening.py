"""Opening: what is not a project is refused untouched; two programs never write one file."""

import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from annotator.errors import UserError
from annotator.store import Store
from annotator.store.file import lock
from annotator.store.file.lock import Holder
from annotator.store.file.opening import spare_project
from tests.store.projects import ANNOTATORS, SCHEMA, add_span, content, new_project, query, start

FIRST = ANNOTATORS[0]
HOLDER = """
    import sys, time
    from pathlib import Path
    from annotator.store import Store
    store = Store.open(Path(sys.argv[1]))
    with store.change("theirs", "Айгерім") as step:
        step.put_status("d0", step.add_annotator("Айгерім"), "open")
    print("open", flush=True)
    sys.stdin.read()
    store.close()
"""


def closed_project(folder: Path, *, documents: int = 1) -> Path:
    """Make a project with one span and close it."""
    folder.mkdir(parents=True, exist_ok=True)
    with new_project(folder, documents=documents) as store:
        add_span(store, "d0", FIRST, "1")
        return store.path


def is_one_sentence_with_advice(error: UserError, path: Path) -> bool:
    """Return whether a message names the file and goes on after saying what is wrong."""
    text = str(error)
    return (
        path.name in text
        and "\n" not in text
        and text.endswith((".", ")"))
        and len(text.split()) > 6
    )


def picture(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return all files of a folder with their times and bytes."""
    return {
        path.name: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.iterdir()
        if path.is_file()
    }


def make_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("member", "text" * 100)


STRANGERS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("Это просто текст. " * 20, encoding="utf-8"),
    "empty": lambda path: path.touch(),
    "short": lambda path: path.write_bytes(b"SQLite format 3\x00"),
    "folder": lambda path: path.mkdir(),
    "zip": make_zip,
    "other database": lambda path: query(path, "CREATE TABLE span(id)"),
    "link to nothing": lambda path: path.symlink_to("gone"),
    "link to itself": lambda path: path.symlink_to(path),
    "pipe": os.mkfifo,
    "nothing": lambda path: None,
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", STRANGERS)
def test_what_is_not_a_project_is_refused_and_stays_untouched(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "project.annot"
    STRANGERS[kind](path)
    before = sorted(entry.name for entry in tmp_path.iterdir())
    data = path.read_bytes() if path.is_file() else b""
    for readonly in (False, True):
        with pytest.raises(UserError) as caught:
            Store.open(path, readonly=readonly)
        assert is_one_sentence_with_advice(caught.value, path) or kind == "link to nothing"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == before
    assert not path.is_file() or path.read_bytes() == data


def look_through(path: Path) -> None:
    """Read all of a project, as a sound one lets itself be read."""
    with Store.open(path) as store:
        list(store.records())
        store.faults()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_project_is_refused_or_found_faulty_and_kept(
    tmp_path: Path, share: float
) -> None:
    path = closed_project(tmp_path)
    whole = path.read_bytes()
    cut = whole[: int(len(whole) * share)]
    path.write_bytes(cut)
    with pytest.raises(UserError, match=r"damaged|not an Annotator project"):
        look_through(path)
    assert len(path.read_bytes()) >= len(cut) // 2


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM span; END",
        "CREATE VIEW v AS SELECT * FROM span",
        "CREATE TABLE other(x)",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
        "CREATE INDEX i ON span(upper(text))",
        "CREATE INDEX i ON span(text) WHERE label = 'x'",
    ],
)
def test_a_project_with_something_planted_in_it_is_refused_unwritten(
    tmp_path: Path, planted: str
) -> None:
    path = closed_project(tmp_path)
    query(path, planted)
    before = path.read_bytes()
    with pytest.raises(UserError, match="foreign"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_project_with_a_computed_column_is_refused(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    query(path, "DROP TABLE setting")
    query(
        path,
        "CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT GENERATED ALWAYS AS (upper(key)))",
    )
    with pytest.raises(UserError, match="foreign"):
        Store.open(path)


def test_a_file_that_is_there_is_never_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "project.annot"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="there already"):
        Store.create(path, SCHEMA)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_project_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_values: object) -> None:
        message = "planted"
        raise RuntimeError(message)

    monkeypatch.setattr("annotator.store.events.step.Step.put_schema", fail)
    with pytest.raises(RuntimeError):
        Store.create(tmp_path / "new" / "p.annot", SCHEMA)
    assert [
        path.name for path in (tmp_path / "new").iterdir() if not path.name.endswith(".lock")
    ] == []
    monkeypatch.undo()
    with Store.create(tmp_path / "new" / "p.annot", SCHEMA) as store:
        assert store.faults() == []


def test_a_folder_that_cannot_be_made_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="Choose another"):
        Store.create(tmp_path / "file" / "p.annot", SCHEMA)


# ── reading only ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def bound_readonly(folder: Path) -> Iterator[None]:
    """Make a folder read-only, for root too."""
    if not shutil.which("mount") or os.geteuid() != 0:
        pytest.skip("Only root can mount a folder read-only.")
    for options in (("--bind",), ("-o", "remount,bind,ro")):
        if subprocess.run(
            ["mount", *options, folder, folder], capture_output=True, check=False
        ).returncode:
            subprocess.run(["umount", folder], capture_output=True, check=False)
            pytest.skip("This system does not let us mount.")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def reads_but_refuses_to_write(path: Path) -> None:
    with Store.open(path) as store:
        assert store.readonly
        assert store.holder is None
        assert [span.id for span in store.annotation_set("d0", FIRST).spans] == ["1"]
        assert store.faults() == []
        with pytest.raises(UserError, match="reading only"):
            add_span(store, "d0", FIRST, "2")


def test_a_project_in_a_read_only_folder_opens_for_reading(tmp_path: Path) -> None:
    path = closed_project(tmp_path / "fixed")
    before = picture(path.parent)
    with bound_readonly(path.parent):
        reads_but_refuses_to_write(path)
    assert picture(path.parent) == before


@pytest.mark.parametrize("name", ["project.annot", "."])
def test_a_project_that_may_not_be_written_opens_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = closed_project(tmp_path)
    before = path.read_bytes()
    forbidden, really = tmp_path / name, os.access
    monkeypatch.setattr(
        os, "access", lambda where, mode: Path(where) != forbidden and really(where, mode)
    )
    reads_but_refuses_to_write(path)
    assert path.read_bytes() == before


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    before = path.read_bytes()
    with Store.open(path, readonly=True) as store:
        assert store.readonly
        assert list(store.records())
    assert path.read_bytes() == before


# ── two programs, two copies ──────────────────────────────────────────────────────────────────────


@contextmanager
def another_program(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold a project until the block ends."""
    with start(HOLDER, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_program_is_told_who_has_the_project_and_reads_it(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with another_program(path) as process, Store.open(path) as store:
        assert store.readonly
        assert store.holder is not None
        assert store.holder.pid == process.pid
        assert store.holder.host
        assert store.annotation_set("d0", FIRST).status == "open"
        with pytest.raises(UserError, match="reading only"):
            add_span(store, "d0", FIRST, "2")


def test_a_program_that_has_just_begun_is_waited_for_until_it_says_who_it_is(
    tmp_path: Path,
) -> None:
    path = closed_project(tmp_path)
    with another_program(path) as process:
        holder = Holder.from_json(
            str(query(path, "SELECT value FROM setting WHERE key = 'holder'")[0][0])
        )
        moments = iter([None, None, holder])
        with (
            patch.object(Holder, "from_json", lambda _text: next(moments)),
            Store.open(path) as store,
        ):
            assert store.holder == holder
        with (
            patch.object(Holder, "from_json", lambda _text: None),
            patch.object(lock, "MOMENT", 0),
            Store.open(path) as store,
        ):
            assert store.holder == lock.UNKNOWN
        assert str(process.pid) in str(holder)
        assert "not said" in str(lock.UNKNOWN)


def test_a_program_that_is_just_ending_is_waited_for(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    still_there, take = iter([True, True]), lock.take
    with (
        patch.object(lock, "take", lambda place: None if next(still_there, False) else take(place)),
        Store.open(path) as store,
    ):
        assert not store.readonly


def test_a_killed_program_leaves_the_project_free(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with another_program(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Store.open(path) as store:
            assert not store.readonly
            assert store.annotation_set("d0", FIRST).status == "open"
            assert store.faults() == []


def test_a_lock_file_left_behind_does_no_harm(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    lock.lock_path(path).write_text("old", encoding="utf-8")
    with Store.open(path) as store:
        assert not store.readonly


def test_a_lock_that_cannot_be_taken_is_named(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    lock.lock_path(path).unlink(missing_ok=True)
    lock.lock_path(path).mkdir()
    with pytest.raises(UserError, match=r"\.lock"):
        Store.open(path)


def test_one_program_opens_a_project_for_writing_once(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    link = tmp_path / "link.annot"
    link.symlink_to(path)
    with Store.open(path):
        for name in (path, link):
            with pytest.raises(UserError, match="open in this program already"):
                Store.open(name)
    with Store.open(link) as store:
        assert store.path == path


def test_looking_on_does_not_make_way_for_a_second_writer(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with Store.open(path, readonly=True) as looking, Store.open(path) as writing:
        add_span(writing, "d0", FIRST, "2")
        assert [entry.spans for entry in looking.entries(FIRST)] == [2]


def test_a_file_that_sqlite_has_open_here_is_not_opened_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = closed_project(tmp_path)
    checked: list[Path] = []
    monkeypatch.setattr("annotator.store.project.check_file", checked.append)
    with Store.open(path, readonly=True), Store.open(path, readonly=True) as store:
        assert store.faults() == []
    assert checked == [path]


def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    with Store.open(closed_project(tmp_path)) as store:
        settings = [
            store._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "trusted_schema")
        ]
    assert settings == ["wal", 2, 0]


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    store = Store.open(path)
    store.close()
    with Store.open(path):
        store.close()
        with pytest.raises(UserError, match="open in this program already"):
            Store.open(path)


def test_a_copy_and_a_moved_file_write_under_a_new_name(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    copied, moved = tmp_path / "copied.annot", tmp_path / "moved.annot"
    shutil.copy2(path, copied)
    assert len(devices(path)) == 1
    for place in (path, copied):
        with Store.open(place) as store:
            add_span(store, "d0", FIRST, "2")
            assert store.faults() == []
    path.rename(moved)
    with Store.open(moved) as store:
        add_span(store, "d0", FIRST, "3")
        assert store.faults() == []
    assert len(devices(copied)) == 2
    assert len(devices(moved)) == 2
    assert len(devices(copied) | devices(moved)) == 3


def test_a_copy_moved_to_the_place_of_the_project_writes_under_a_new_name(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    copied = tmp_path / "copied.annot"
    shutil.copy2(path, copied)
    copied.replace(path)
    with Store.open(path) as store:
        add_span(store, "d0", FIRST, "2")
    assert len(devices(path)) == 2


def devices(path: Path) -> set[object]:
    """Return the devices that wrote to a project."""
    return {row[0] for row in query(path, "SELECT DISTINCT device FROM event")}


def test_a_backup_put_in_the_place_of_the_project_writes_under_a_new_name(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with Store.open(path) as store:
        copy = store.back_up()
        add_span(store, "d0", FIRST, "lost")
    path.write_bytes(copy.read_bytes())
    with Store.open(path) as store:
        before = content(store)
        add_span(store, "d0", FIRST, "2")
        store.undo(FIRST)
        assert content(store) == before
        assert store.faults() == []
    assert len(devices(path)) == 2


def test_reading_leaves_nothing_beside_the_project(tmp_path: Path) -> None:
    new_project(tmp_path, documents=1).close()
    before = sorted(path.name for path in tmp_path.iterdir())
    with Store.open(tmp_path / "project.annot", readonly=True) as store:
        assert content(store)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_who_reads_takes_nothing_away_from_who_writes(tmp_path: Path) -> None:
    new_project(tmp_path, documents=1).close()
    code = """
        import sys
        from pathlib import Path
        from annotator.store import Store
        with Store.open(Path(sys.argv[1])) as store:
            print("open", flush=True)
            sys.stdin.readline()
            with store.change("", "aida") as step:
                step.add_annotator("somebody new")
            print(*store.annotators(), flush=True)
            sys.stdin.readline()
    """
    with start(code, tmp_path / "project.annot") as writer:
        assert writer.stdin
        assert writer.stdout
        assert writer.stdout.readline() == "open\n"
        for _time in range(2):
            with Store.open(tmp_path / "project.annot", readonly=True) as store:
                assert content(store)
        print(file=writer.stdin, flush=True)
        assert "somebody new" in writer.stdout.readline()
        with Store.open(tmp_path / "project.annot", readonly=True) as store:
            assert "somebody new" in store.annotators()
    with Store.open(tmp_path / "project.annot") as store:
        assert "somebody new" in store.annotators()
        assert store.faults() == []


@pytest.mark.parametrize("is_open", [True, False])
def test_nothing_else_is_written_where_a_project_is_whatever_its_name(
    tmp_path: Path, is_open: bool
) -> None:
    path = tmp_path / "work.db"
    store = Store.create(path, SCHEMA)
    if not is_open:
        store.close()
    with pytest.raises(UserError, match="project"):
        spare_project(path)
    store.close()


@pytest.mark.parametrize("name", ["p.annot", "P.ANNOT", "p.annot-wal"])
def test_nothing_else_gets_a_project_s_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="name"):
        spare_project(tmp_path / name)


def test_any_other_file_or_folder_may_be_written_over(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes(b"SQLite format 3, not")
    for name in ("old.jsonl", "new.jsonl", "."):
        spare_project(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old.jsonl"]
