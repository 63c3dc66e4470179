"""What was said to be stored is there after a crash.

A full disk takes nothing away and leaves the project usable.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.model import Document
from annotator.store import Step, Store
from tests.processes import unmeasured
from tests.store.projects import (
    ANNOTATORS,
    TEXTS,
    add_document,
    add_span,
    content,
    id_of,
    in_step,
    new_project,
    start,
)

FIRST = ANNOTATORS[0]
KILLS = 32
WRITER = """
    import sys
    from pathlib import Path
    from annotator.model import Span
    from annotator.store import Store, annotator_id
    store = Store.open(Path(sys.argv[1]))
    text = store.document("d0").text
    number = int(sys.argv[2])
    while True:
        number += 1
        name = f"s{number}"
        with store.change(name, "Айгерім") as step:
            span = Span(name, "entity", "PER", ((0, 4),), text[:4])
            step.put_span("d0", annotator_id("Айгерім"), span)
            step.put_status("d0", annotator_id("Айгерім"), "open" if number % 2 else "done")
        print(name, flush=True)
"""


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="this system cannot kill a program at once"
)
def test_nothing_that_was_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    chance = random.Random(5)
    with new_project(tmp_path, documents=1) as store:
        path = store.path
    acknowledged: set[str] = set()
    for _kill in range(KILLS):
        with start(WRITER, path, len(acknowledged)) as process:
            assert process.stdout is not None
            acknowledged.add(process.stdout.readline().strip())
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            # A line that the kill cut short was not seen by anybody.
            acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        with Store.open(path) as store:
            assert not store.readonly
            annotation_set = store.annotation_set("d0", FIRST)
            found = {span.id for span in annotation_set.spans}
            assert acknowledged <= found
            assert len(found - acknowledged) <= 1
            number = max(int(name[1:]) for name in found)
            assert annotation_set.status == ("open" if number % 2 else "done")
            acknowledged = found
    with Store.open(path) as store:
        assert store.faults() == []
    assert len(acknowledged) > KILLS


INTERRUPTED = """
    import sys
    from pathlib import Path
    from annotator.model import Document, Layer, Span
    from annotator.store import Store
    store = Store.open(Path(sys.argv[1]))
    with store.change("import", "lead") as step:
        person = step.add_annotator("Айгерім")
        print("begun", flush=True)
        for number in range(1_000_000):
            text = f"text {number}"
            step.add_document(Document(f"n{number}", "", text))
            spans = tuple(Span(f"{n}", "entity", "PER", ((0, 4),), "text") for n in range(20))
            step.import_layer(f"n{number}", person, Layer("", "done", spans), text)
"""


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="this system cannot kill a program at once"
)
@pytest.mark.parametrize("seconds", [0.05, 0.8])
def test_an_import_that_is_killed_leaves_nothing(tmp_path: Path, seconds: float) -> None:
    with new_project(tmp_path, documents=1) as store:
        path, before = store.path, content(store)
    with start(INTERRUPTED, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    with Store.open(path) as store:
        assert content(store) == before
        assert store.faults() == []
        add_span(store, "d0", FIRST, "1")


# ── a full disk ───────────────────────────────────────────────────────────────────────────────────

LIMITED = """
    import resource, sys
    from pathlib import Path
    from annotator.errors import UserError
    from annotator.model import Document
    from annotator.store import Store
    path, size = Path(sys.argv[1]), int(sys.argv[2])
    store = Store.open(path)
    before = store.state_hash()
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + size, hard))
    stored = 0
    try:
        while True:
            with store.change("grow", "lead") as step:
                step.add_document(Document(f"n{stored}", "", f"text {stored} " * 3000))
            stored += 1
    except UserError as error:
        assert "disk" in str(error) and "safe" in str(error), str(error)
    entries = [entry.id for entry in store.entries("lead")]
    assert entries[1:] == [f"n{number}" for number in range(stored)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    with store.change("grow", "lead") as step:
        step.add_document(Document(f"n{stored}", "", "fits again"))
    assert store.faults() == [], store.faults()
    store.close()
    print("stored", stored)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit on the size of files")
@pytest.mark.parametrize("size", [0, 10_000, 200_000, 1_000_000])
def test_a_file_that_cannot_grow_is_said_so_and_work_goes_on_later(
    tmp_path: Path, size: int
) -> None:
    with new_project(tmp_path, documents=1) as store:
        path = store.path
    with start(LIMITED, path, size) as process:
        output, _errors = process.communicate(timeout=300)
    assert process.returncode == 0
    stored = int(output.removeprefix("stored "))
    with Store.open(path) as store:
        assert len(store.entries(FIRST)) == stored + 2
        assert store.faults() == []


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of two megabytes."""
    if not shutil.which("mount") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("Only root can mount a small disk.")
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("This system does not let us mount.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(store: Store, stored: list[str]) -> None:
    """Store documents for ever; `stored` takes the names of those that were acknowledged."""
    while True:
        name = f"n{len(stored)}"
        add_document(store, FIRST, Document(name, "", f"text {name} " * 3000))
        stored.append(name)


def test_a_full_disk_is_said_so_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as folder, new_project(folder, documents=1) as store:
        ballast = folder / "ballast"
        ballast.write_bytes(b"x" * 1_000_000)
        stored: list[str] = []
        with pytest.raises(UserError, match=r"disk.*safe"):
            fill(store, stored)
        before = content(store)
        assert len(store.entries(FIRST)) == len(stored) + 1
        with pytest.raises(UserError, match="disk"):
            store.back_up(folder / "copy.annot")
        assert not (folder / "copy.annot").exists()
        ballast.unlink()
        add_span(store, "d0", FIRST, "1")
        store.undo(FIRST)
        assert content(store) == before
        assert store.faults() == []


def test_a_project_on_a_full_disk_can_be_closed(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as folder:
        store = new_project(folder, documents=1)
        add_span(store, "d0", FIRST, "1")
        with pytest.raises(OSError, match="space"):
            (folder / "ballast").write_bytes(b"x" * 3_000_000)
        before = content(store)
        store.close()
        (folder / "ballast").unlink()
        with Store.open(store.path) as again:
            assert content(again) == before


def test_a_part_that_fails_with_the_whole_transaction_is_not_mistaken_for_success(
    tmp_path: Path,
) -> None:
    with new_project(tmp_path, documents=1) as store:
        before = content(store)

        def fail(_step: Step) -> None:
            store._connection.execute("ROLLBACK")  # what SQLite does itself when the disk is full
            raise UserError("the disk is full")

        def go_on(step: Step) -> None:
            step.put_status("d0", id_of(FIRST), "open")
            for work in (fail, lambda step: step.put_status("d0", id_of(FIRST), "done")):
                with pytest.raises(UserError):
                    in_step(store, FIRST, work)

        with pytest.raises(UserError, match="not stored"):
            in_step(store, FIRST, go_on)
        assert content(store) == before
        add_span(store, "d0", FIRST, "1")
        assert store.faults() == []


# ── a damaged disk, system call by system call ────────────────────────────────────────────────────

TRACED = """
    import sys
    from pathlib import Path
    from annotator.errors import UserError
    from annotator.model import Span
    from annotator.store import Store, annotator_id
    store = Store.open(Path(sys.argv[1]))
    text = store.document("d0").text
    for number in range(6):
        try:
            with store.change(f"s{number}", "Айгерім") as step:
                span = Span(f"s{number}", "entity", "PER", ((0, 4),), text[:4])
                step.put_span("d0", annotator_id("Айгерім"), span)
        except UserError:
            continue
        print(f"s{number}", flush=True)
"""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize(
    "fault",
    [
        "pwrite64:signal=SIGKILL:when=9",
        "pwrite64:error=ENOSPC:when=11+4",
        "fdatasync:error=EIO:when=4",
        "fdatasync:signal=SIGKILL:when=5",
    ],
)
def test_no_step_is_acknowledged_that_a_failing_disk_did_not_take(
    tmp_path: Path, fault: str
) -> None:
    with new_project(tmp_path, documents=1) as store:
        path = store.path
    call = fault.partition(":")[0]
    command = [
        "strace",
        "-f",
        "-o",
        os.devnull,
        "-e",
        f"trace={call}",
        "-e",
        f"inject={fault}",
        sys.executable,
        "-c",
    ]
    code = "\n".join(line[4:] for line in TRACED.splitlines())
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [*command, code, path],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        timeout=300,
        env=unmeasured(),
    )
    if "PTRACE" in run.stderr or "Operation not permitted" in run.stderr:
        pytest.skip("This system does not let us trace.")
    acknowledged = set(run.stdout.split())
    with Store.open(path) as store:
        found = {span.id for span in store.annotation_set("d0", FIRST).spans}
        assert acknowledged <= found
        assert len(found - acknowledged) <= 1
        assert store.faults() == []


def test_texts_of_all_scripts_come_back_as_they_were(tmp_path: Path) -> None:
    odd = "\u202eа\u2028б\u200cج\ufeff😀\x01 x"
    with new_project(tmp_path) as store:
        in_step(
            store,
            FIRST,
            lambda step: [
                step.add_document(Document(f"t{n}", "", text))
                for n, text in enumerate((*TEXTS, odd))
            ],
        )
        path = store.path
    with Store.open(path) as store:
        assert [record.document.text for record in store.records()] == [*TEXTS, odd]
