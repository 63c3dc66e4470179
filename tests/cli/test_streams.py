"""`-` is standard input and standard output: only a file's bytes go through, in both directions."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from annotator.store import Store
from tests.cli.run import ROOT, Caller
from tests.projects import FA, KK, RU, labelled, plain, span, write_lines

POSIX = pytest.mark.skipif(os.name != "posix", reason="asks the system for what only POSIX has")
LINES = [
    plain(labelled("d1", FA, "aida", [span(FA, "رشت", "GPE", name="s1")])),
    plain(labelled("d1", FA, "berik", [span(FA, "رشت", "GPE", name="s1")])),
    plain(labelled("d2", KK, "aida", [])),
]


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    path = tmp_path / "p.annot"
    assert cli("new", path, "--annotator", "aida").code == 0
    assert cli("import", path, write_lines(tmp_path / "in.jsonl", LINES)).code == 0
    return path


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where temporary files go in this test."""
    folder = tmp_path / "room"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def piped(given: bytes, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "ANNOTATOR_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "annotator", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=environment,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (RU.encode(), [], "read as text"),
        (RU.encode("cp1251"), ["--format", "text", "--encoding", "cp1251"], ""),
        (f'{{"id": "x", "text": "{RU}"}}\n'.encode(), [], "read as jsonl"),
    ],
    ids=["text", "another encoding", "jsonl"],
)
def test_import_reads_standard_input_by_its_content(
    project: Path, tmp_path: Path, content: bytes, options: list[str], told: str
) -> None:
    ran = piped(content, "import", project, "-", *options)
    assert ran.returncode == 0, ran.stderr
    assert told in ran.stderr.decode()
    with Store.open(project, readonly=True) as store:
        documents = [entry.name for entry in store.entries("")]
        texts = [record.document.text for record in store.records()]
    assert RU in texts
    assert "annotator-" not in "".join(documents)


def test_a_text_from_standard_input_is_called_so(project: Path) -> None:
    assert piped(RU.encode(), "import", project, "-").returncode == 0
    with Store.open(project, readonly=True) as store:
        assert [entry.name for entry in store.entries("")][-1] == "standard input"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"id": "n", "text": "a"}\n{"id": "d1", "text": "other"}\n', "standard input:2"),
        (b"\x7fELF\x02\x01\x00\xff\xfe\x00", "standard input: this is not a file of a known"),
        (b"", "Nothing came from standard input"),
    ],
    ids=["a known id", "a program", "nothing"],
)
def test_what_is_wrong_with_standard_input_is_told_by_its_name(
    project: Path, content: bytes, reason: str
) -> None:
    ran = piped(content, "import", project, "-")
    assert ran.returncode == 1
    assert reason in ran.stderr.decode()
    assert tempfile.gettempdir() not in ran.stderr.decode()


def test_export_writes_the_bytes_of_the_file_and_nothing_else(
    project: Path, tmp_path: Path
) -> None:
    assert piped(b"", "export", project, tmp_path / "out.jsonl").returncode == 0
    ran = piped(b"", "export", project, "-", "--format", "jsonl")
    assert (ran.returncode, ran.stdout) == (0, (tmp_path / "out.jsonl").read_bytes())
    assert b"Exported 2 documents, 2 spans, 0 relations to standard output" in ran.stderr


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        (["--format", "brat"], 1, "writes a folder"),
        (["--format", "conll"], 1, "takes one"),
        (["--split", "80/10/10"], 2, "--split"),
        (["--json"], 2, "--json"),
    ],
)
def test_what_is_not_one_file_is_refused_and_nothing_is_written(
    project: Path, cli: Caller, room: Path, options: list[str], code: int, reason: str
) -> None:
    spans = [span(FA, "رشت", "GPE"), span(FA, "شهرداری رشت", "ORG")]
    nested = write_lines(room.parent / "nested.jsonl", [plain(labelled("n", FA, "aida", spans))])
    assert cli("import", project, nested).code == 0
    ran = cli("export", project, "-", *options)
    assert (ran.code, ran.out) == (code, "")
    assert reason in ran.err
    assert not list(room.iterdir())


def test_a_report_goes_to_standard_output_as_page_table_or_json(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    assert cli("report", project, "-o", "-").out.startswith("<!DOCTYPE html>")
    cli("report", project, "-o", tmp_path / "work.csv", "--table", "work")
    table = cli("report", project, "-o", "-", "--table", "work")
    assert (table.code, table.err) == (0, "")
    assert table.out == (tmp_path / "work.csv").read_bytes().decode()
    assert cli("report", project, "-o", "-", "--json").json == cli("report", project, "--json").json
    refused = cli("report", project, "-o", "-", "--table", "nope")
    assert (refused.code, refused.out) == (1, "")


def test_agreement_reads_what_export_wrote(project: Path) -> None:
    exported = piped(b"", "export", project, "-").stdout
    ran = piped(exported, "agreement", "-", "--measure", "span_f1_exact", "--json")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b'"value": 1.0' in ran.stdout


def test_agreement_names_standard_input_where_it_is_at_fault(project: Path, room: Path) -> None:
    ran = piped(b'{"id": "d1"\n', "agreement", "-")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.startswith(b"standard input:1: ")
    assert piped(b"{}", "agreement", "-", "-").returncode == 2
    assert not list(room.iterdir())


@POSIX
def test_a_reader_that_goes_away_ends_an_export_in_silence(project: Path) -> None:
    command = f"'{sys.executable}' -m annotator export '{project}' - | head -c 1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.stdout == b"{"
    assert b"failed" not in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have /dev/full")
def test_a_full_disk_behind_standard_output_is_a_sentence(project: Path) -> None:
    command = f"'{sys.executable}' -m annotator export '{project}' - >/dev/full"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.returncode == 1
    assert b"Standard output cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr
