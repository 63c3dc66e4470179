"""A project answers SQL: in tables and in files for programs, and nothing is ever written."""

import csv
import io
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from annotator.cli.query import MOST_ROWS
from annotator.store import Store
from tests.cli.run import ROOT, Caller, program
from tests.projects import made

POSIX = pytest.mark.skipif(os.name != "posix", reason="asks the system for what only POSIX has")
NAMES = "SELECT id, length FROM document ORDER BY id"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p" / "p.annot"
    path.parent.mkdir()
    made(path).close()
    return path


def content_of(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def lengths(project: Path) -> list[tuple[str, int]]:
    with Store.open(project, readonly=True) as store:
        return sorted((entry.id, entry.length) for entry in store.entries(""))


def test_the_answer_is_a_table_for_people(project: Path, cli: Caller) -> None:
    ran = cli("query", project, NAMES)
    assert (ran.code, ran.err) == (0, "")
    heading, *rows = [line.split() for line in ran.out.splitlines()]
    assert heading == ["id", "length"]
    assert rows == [[id_, str(length)] for id_, length in lengths(project)]


def test_the_answer_is_csv_json_and_jsonl_for_programs(project: Path, cli: Caller) -> None:
    pairs = lengths(project)
    objects = [{"id": id_, "length": length} for id_, length in pairs]
    assert cli("query", project, NAMES, "--json").rows == objects
    lines = cli("query", project, NAMES, "--jsonl").out.splitlines()
    assert list(map(orjson.loads, lines)) == objects
    table = csv.reader(io.StringIO(cli("query", project, NAMES, "--csv").out))
    assert list(table) == [["id", "length"], *([id_, str(length)] for id_, length in pairs)]


def test_values_of_every_kind_come_out_as_they_are(project: Path, cli: Caller) -> None:
    sql = "SELECT 'a, \"b\"' || char(10) || 'رشت' AS t, 1.5 AS t, NULL AS n, x'00ff' AS b"
    values = {"t": 'a, "b"\nرشت', "t_2": 1.5, "n": None, "b": "00ff"}
    assert cli("query", project, sql, "--json").rows == [values]
    rows = list(csv.reader(io.StringIO(cli("query", project, sql, "--csv").out)))
    assert rows == [[*values], ['a, "b"\nرشت', "1.5", "", "00ff"]]


def test_no_row_is_an_empty_answer(project: Path, cli: Caller) -> None:
    sql = "SELECT 1 AS one WHERE 0"
    assert cli("query", project, sql, "--json").rows == []
    assert cli("query", project, sql, "--jsonl").out == ""
    assert cli("query", project, sql, "--csv").out == "one\n"
    assert cli("query", project, sql).out == "one\n"


def test_without_a_query_the_tables_and_all_their_columns_are_listed(
    project: Path, cli: Caller
) -> None:
    rows = cli("query", project, "--json").rows
    tables = {str(row["table"]): row for row in rows}
    assert {"document", "span", "event"} <= tables.keys()
    assert tables["document"]["rows"] == len(lengths(project))
    assert str(tables["document"]["columns"]) in cli("query", project).out


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM document",
        "UPDATE span SET label = 'X'",
        "CREATE TEMP TABLE t(x)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'other.db'",
        "VACUUM",
        "BEGIN IMMEDIATE",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 9",
        "PRAGMA journal_mode = DELETE",
        "WITH d AS (SELECT 1) INSERT INTO setting SELECT 'a', 'b' FROM d RETURNING *",
    ],
)
def test_what_would_write_is_refused_and_nothing_is_left_beside_the_project(
    project: Path, cli: Caller, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    monkeypatch.chdir(project.parent)
    before = content_of(project.parent)
    ran = cli("query", project, sql)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "A query only reads: write one SELECT statement.\n"
    assert content_of(project.parent) == before


def test_reading_leaves_the_file_and_its_folder_as_they_were(project: Path, cli: Caller) -> None:
    before = content_of(project.parent)
    assert cli("query", project, "SELECT * FROM event").code == 0
    assert content_of(project.parent) == before


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT * FROM spans", "no such table: spans. "),
        ("SELECT surface FROM span", "no such column: surface. "),
        ("SELEKT 1", "syntax error"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("SELECT ?", "bindings"),
        ("SELECT abs(-9223372036854775808)", "integer overflow"),
        ("/* nothing */", "holds no statement"),
        ("SELECT '\udcff' FROM", "incomplete input"),
    ],
)
def test_what_sqlite_says_is_a_sentence(project: Path, cli: Caller, sql: str, reason: str) -> None:
    for shape in ([], ["--jsonl"]):
        ran = cli("query", project, sql, *shape)
        assert (ran.code, ran.out) == (1, "")
        assert reason in ran.err
        assert len(ran.err.splitlines()) == 1
        assert "The program failed" not in ran.err


def test_what_is_no_project_is_refused(tmp_path: Path, cli: Caller) -> None:
    (tmp_path / "x.annot").write_text("a text")
    assert "not an Annotator project" in cli("query", tmp_path / "x.annot", "SELECT 1").err
    assert "no such file" in cli("query", tmp_path / "y.annot", "SELECT 1").err


def test_a_table_holds_no_control_characters_and_no_endless_cells(
    project: Path, cli: Caller
) -> None:
    sql = "SELECT 'a' || char(27) || '[31m' || char(8238) || char(10) || 'b' AS x"
    assert cli("query", project, sql).out == "x\na�[31m� b\n"
    long = cli("query", project, "SELECT printf('%.*c', 5000, 'x') AS x").out.splitlines()[1]
    assert len(long) <= 80
    assert long.endswith("…")


def test_a_terminal_gets_no_control_characters_in_any_shape(
    project: Path, cli: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT 'a' || char(8238) || char(155) AS x"
    assert cli("query", project, sql, "--csv").out == "x\na\u202e\x9b\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli("query", project, sql, "--csv").out == "x\na��\n"
    assert cli("query", project, sql, "--jsonl").out == '{"x":"a��"}\n'


def test_a_table_ends_and_says_so_and_the_other_shapes_go_on(project: Path, cli: Caller) -> None:
    sql = f"{ENDLESS} SELECT i FROM n LIMIT {MOST_ROWS + 1}"
    ran = cli("query", project, sql)
    assert len(ran.out.splitlines()) == MOST_ROWS + 1  # the heading is one
    assert f"more than {MOST_ROWS} rows" in ran.err
    assert len(cli("query", project, sql, "--jsonl").out.splitlines()) == MOST_ROWS + 1
    exact = cli("query", project, f"{ENDLESS} SELECT i FROM n LIMIT {MOST_ROWS}")
    assert exact.err == ""


def test_a_project_that_is_being_worked_in_answers(project: Path) -> None:
    with Store.open(project) as store, store.change("", "aida") as step:
        step.add_annotator("aida")
        assert program("query", project, NAMES, "--json").code == 0


@POSIX
@pytest.mark.parametrize("sql", ["SELECT count(*) FROM n", "SELECT i FROM n WHERE i < 0"])
def test_ctrl_c_stops_an_endless_query(project: Path, sql: str) -> None:
    before = content_of(project.parent)
    stop = (
        "import os, signal, threading\n"
        "threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start()"
    )
    ran = program("query", project, f"{ENDLESS} {sql}", "--jsonl", before=stop)
    assert (ran.code, ran.out) == (1, "")
    assert "Stopped" in ran.err
    assert "Traceback" not in ran.err
    assert content_of(project.parent) == before


@POSIX
@pytest.mark.parametrize("shape", ["--csv", "--json", "--jsonl"])
def test_long_answers_are_streamed_to_a_reader_who_may_go(project: Path, shape: str) -> None:
    command = [sys.executable, "-m", "annotator", "query", str(project), shape]
    sql = f"{ENDLESS} SELECT i FROM n"
    with subprocess.Popen(
        [*command, sql], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read(20)
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 1


def test_only_this_command_waits_for_sqlite_utils(project: Path) -> None:
    look = "import atexit, sys; atexit.register(lambda: print('sqlite_utils' in sys.modules))"
    assert program("stats", project, before=look).out.splitlines()[-1] == "False"
    assert program("query", project, before=look).out.splitlines()[-1] == "True"
