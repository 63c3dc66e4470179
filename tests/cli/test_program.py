"""The program as a process of its own: what only a real process can show."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ROOT, Caller, program
from tests.projects import FA, labelled, plain, span, write_lines

# No file may grow beyond so many bytes; the system then says what it says of a full disk, with
# another number.
LIMITED = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    " resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"
)
POSIX = pytest.mark.skipif(os.name != "posix", reason="asks the system for what only POSIX has")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.annot"
    assert program("new", path).code == 0
    return path


def test_it_imports_checks_and_exports(project: Path, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [{"id": "d1", "text": FA}])
    assert program("import", project, source, "--json").json["documents"] == {
        "new": 1,
        "known": 0,
        "failed": 0,
    }
    assert program("check", project).code == 0
    assert program("export", project, tmp_path / "out.jsonl").code == 0
    assert FA in (tmp_path / "out.jsonl").read_text("utf-8")


def test_it_never_loads_qt_for_the_command_line(project: Path) -> None:
    ran = program(
        "stats",
        project,
        before=(
            "import atexit; atexit.register(lambda: print([m for m in sys.modules if 'PySide' in"
            " m]))"
        ),
    )
    assert ran.out.rstrip().endswith("[]")


def test_it_prints_our_scripts_in_a_plain_locale(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "متن.txt"
    source.write_text(FA, encoding="utf-8")
    assert program("import", project, source, LC_ALL="C", LANG="C").code == 0
    ran = program("export", project, tmp_path / "خروجی.jsonl", LC_ALL="C", LANG="C")
    assert "خروجی.jsonl" in ran.out


@POSIX
def test_a_reader_that_goes_away_is_no_failure_of_ours() -> None:
    command = f"'{sys.executable}' -m annotator schemas --json | head -c 1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, cwd=ROOT, check=False, timeout=300
    )
    assert b"failed" not in done.stderr
    assert b"Traceback" not in done.stderr


@POSIX
def test_a_file_with_an_impossible_name_is_taken_or_refused_but_never_breaks(
    project: Path, tmp_path: Path
) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    Path(os.fsdecode(path)).write_text(FA, encoding="utf-8")
    ran = program("import", project, path, "--json")
    assert "The program failed" not in ran.err
    assert program("check", project).code == 0


@POSIX
def test_a_folder_without_the_right_to_read_it_is_one_sentence(
    project: Path, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        pytest.skip(
            "Nothing is forbidden to root; test_bad_input has the same with a folder that fails."
        )
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        ran = program("import", project, closed)
    finally:
        closed.chmod(0o700)
    assert ran.code == 1
    assert "cannot be read" in ran.err


@POSIX
def test_a_full_disk_leaves_the_project_as_it_was(project: Path, tmp_path: Path) -> None:
    before = program("check", project, "--json").json["state"]
    source = write_lines(
        tmp_path / "in.jsonl",
        [{"id": f"d{number}", "text": f"{number} {FA * 400}"} for number in range(200)],
    )
    ran = program(
        "import", project, source, before=LIMITED.format(project.stat().st_size + 500_000)
    )
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert "The program failed" not in ran.err
    after = program("check", project, "--json")
    assert (after.json["sound"], after.json["state"]) == (True, before)


@POSIX
def test_a_full_disk_keeps_the_old_export(project: Path, tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "in.jsonl", [{"id": f"d{number}", "text": FA * 100} for number in range(100)]
    )
    program("import", project, source)
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    ran = program("export", project, target, before=LIMITED.format(9999))
    assert ran.code == 1
    assert len(ran.err.strip().splitlines()) == 1
    assert target.read_text() == "old"
    assert not [
        path.name for path in tmp_path.iterdir() if path.name.startswith((".export", ".out"))
    ]


@POSIX
def test_ctrl_c_keeps_nothing_half_done(project: Path, tmp_path: Path) -> None:
    before = program("check", project, "--json").json["state"]
    source = write_lines(
        tmp_path / "in.jsonl",
        [{"id": f"d{number}", "text": f"{FA} {number}"} for number in range(3000)],
    )
    stop = (
        "import annotator.jobs.imports.importing as job, os, signal\n"
        "real = job._Import._store_record\n"
        "def stopping(self, step, record, file):\n"
        "    if record.document.id == 'd2500': os.kill(os.getpid(), signal.SIGINT)\n"
        "    real(self, step, record, file)\n"
        "job._Import._store_record = stopping"
    )
    ran = program("import", project, source, before=stop)
    assert ran.code == 1
    assert "Stopped" in ran.err
    assert program("check", project, "--json").json["state"] == before


@POSIX
@pytest.mark.parametrize(
    "command", [("report", "-o"), ("train-set", "--task", "spans")], ids=["report", "train-set"]
)
def test_a_full_disk_leaves_no_part_of_a_folder(
    project: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    lines = [
        labelled(f"d{number}", FA, "a1", [span(FA, "مریم سهرابی", "PER")]) for number in range(30)
    ]
    assert (
        program(
            "import", project, write_lines(tmp_path / "in.jsonl", [plain(line) for line in lines])
        ).code
        == 0
    )
    name, *options = command
    full = (
        "import annotator.workroom as job\n"
        "room = job.tempfile.TemporaryDirectory\n"
        "def filling(**where):\n"
        f"    {LIMITED.format(300)}\n"
        "    return room(**where)\n"
        "job.tempfile.TemporaryDirectory = filling"
    )
    ran = program(name, project, *options, tmp_path / "new" / "out", before=full)
    assert ran.code == 1
    assert "File too large" in ran.err
    assert not (tmp_path / "new").exists()
    assert program(name, project, *options, tmp_path / "new" / "out").code == 0
    assert len(list((tmp_path / "new" / "out").iterdir())) > 1


def test_a_path_in_a_pipe_is_the_path(tmp_path: Path, cli: Caller) -> None:
    project, target = tmp_path / "پروژه.annot", tmp_path / "خروجی.jsonl"
    made = cli("new", project)
    written = cli("export", project, target)
    told = made.out + made.err + written.out + written.err
    assert str(project) in told
    assert str(target) in told
    assert not {"\u2066", "\u2067", "\u2068", "\u2069"} & set(told)


@pytest.mark.parametrize("terminal", ["auto", "bidi"])
def test_no_isolates_reach_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: str
) -> None:
    monkeypatch.setenv("ANNOTATOR_TERMINAL", terminal)
    project = tmp_path / "پروژه.annot"
    line = plain(labelled("سند", FA, "سارا", [span(FA, "رشت", "GPE", name="s1")]))
    source = write_lines(tmp_path / "متن.jsonl", [{**line, "name": "سند"}])
    called = [
        program("new", project, "--annotator", "سارا"),
        program("import", project, source),
        program("stats", project),
        program("labels", project),
        program("query", project, "SELECT name FROM annotator"),
        program("report", project),
        program("export", project, tmp_path / "خروجی.jsonl"),
        program("export", project, "-"),
        program("export", project, tmp_path / "x", "--annotator", "رضا"),
        program("خروجی"),
    ]
    told = "".join(ran.out + ran.err for ran in called)
    assert "سارا" in told
    assert "رضا" in told
    assert not {"\u2066", "\u2067", "\u2068", "\u2069"} & set(told)
