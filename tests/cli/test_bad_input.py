"""What is wrong with an input is one clear sentence, code 1, and nothing stored."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.store import Store
from annotator.store.tables.ddl import VERSION
from tests.cli.run import Caller
from tests.projects import FA, RU, labelled, made, plain, span, write_lines

Make = Callable[[Path], Path]
# A word of the command line cannot hold NUL: the system forbids it.
CONTROLS = [*map(chr, [*range(1, 32), *range(127, 160)]), "\u202e", "\u2067", "\u200f"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.annot"
    made(path).close()
    return path


def state_of(path: Path) -> str:
    with Store.open(path, readonly=True) as store:
        assert store.faults() == []
        return store.state_hash()


def of_bytes(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def of_lines(*lines: object) -> Make:
    return lambda folder: write_lines(folder / "in.jsonl", lines)


GOOD = plain(labelled("new", RU, "a1", [span(RU, "Анна Кравцова", "PER", name="s1")]))
PAST_END = {
    "id": "x",
    "text": "аб",
    "annotator": "a1",
    "spans": [{"start": 0, "end": 3, "label": "PER", "layer": "entities"}],
}
TWINS = plain(
    labelled(
        "x", RU, "a1", [span(RU, "Анна", "PER", name="s1"), span(RU, "цены", "PER", name="s1")]
    )
)
CASES: dict[str, tuple[Make, list[str], str]] = {
    "a missing file": (lambda folder: folder / "none.jsonl", [], "There is no file or folder"),
    "an empty folder": (lambda folder: folder, ["--format", "brat"], "holds no file"),
    "a program": (
        of_bytes("x.bin", b"\x7fELF\x02\x01\x01" + bytes(200)),
        [],
        "not a file of a known format",
    ),
    "a picture called text": (
        of_bytes("x.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
        [],
        "x.txt",
    ),
    "an encoding that is not the file's": (
        of_bytes("x.txt", RU.encode("cp1251")),
        ["--encoding", "utf-8"],
        "x.txt",
    ),
    "an encoding that nobody knows": (
        of_bytes("x.txt", RU.encode()),
        ["--encoding", "klingon"],
        "klingon",
    ),
    "two encodings in one file": (
        of_bytes("x.txt", FA.encode() + b"\n" + RU.encode("cp1251")),
        [],
        "x.txt",
    ),
    "truncated JSON": (of_lines(GOOD, b'{"id": "d2", "text": "\xd0\xb0'), [], "in.jsonl:2"),
    "a line that is no object": (of_lines(GOOD, b"[1]"), [], "in.jsonl:2"),
    "a span past the end": (of_lines(GOOD, PAST_END), [], "in.jsonl:2"),
    "two spans of one id": (of_lines(GOOD, TWINS), [], "in.jsonl:2"),
    "a surface that differs": (
        of_lines({**PAST_END, "spans": [{"start": 0, "end": 1, "label": "PER", "text": "б"}]}),
        [],
        "in.jsonl:1",
    ),
    "an unknown label": (
        of_lines(plain(labelled("x", RU, "a1", [span(RU, "цены", "PRICE")]))),
        [],
        "PRICE",
    ),
    "NUL in a text": (of_lines(b'{"id": "x", "text": "a\\u0000b"}'), [], "in.jsonl:1"),
    "a lone surrogate": (of_lines(b'{"id": "x", "text": "a\\ud800b"}'), [], "in.jsonl:1"),
    "another text for an id": (of_lines({"id": "fa-1", "text": RU}), [], "another text"),
    "an unknown format": (of_lines(GOOD), ["--format", "nope"], "There is no format"),
    "an unknown unit": (of_bytes("x.txt", b"text"), ["--unit", "chapter"], "chapter"),
    "a mapping that is not there": (of_lines(GOOD), ["--labels", "none.map"], "mapping file"),
    "an empty file that should be lines": (of_bytes("x.conll", b"\x00\x00"), [], "x.conll"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_a_sentence_and_nothing_is_stored(
    case: str, project: Path, tmp_path: Path, cli: Caller
) -> None:
    make, options, reason = CASES[case]
    folder = tmp_path / "in"
    folder.mkdir()
    before = state_of(project)
    ran = cli("import", project, make(folder), *options)
    assert ran.code == 1
    assert reason in ran.err
    assert "The program failed" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert state_of(project) == before


@pytest.mark.parametrize("command", ["stats", "check", "import", "export", "backup"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SQLite format 3\x00",
        b"just a text, long enough to be read as the head of a file",
        b"\x00" * 4096,
    ],
    ids=["empty", "cut off", "text", "zeros"],
)
def test_a_file_that_is_no_project_is_refused_untouched(
    command: str, content: bytes, tmp_path: Path, cli: Caller
) -> None:
    path = tmp_path / "p.annot"
    path.write_bytes(content)
    ran = cli(command, path, *([tmp_path / "x.jsonl"] if command in ("import", "export") else []))
    assert (ran.code, ran.out) == (1, "")
    assert "not an Annotator project" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert path.read_bytes() == content


def test_another_programs_database_is_no_project(tmp_path: Path, cli: Caller) -> None:
    connection = sqlite3.connect(tmp_path / "p.annot")
    connection.execute("CREATE TABLE document(id)")
    connection.close()
    assert "not an Annotator project" in cli("stats", tmp_path / "p.annot").err


def test_a_project_of_a_newer_version_is_refused_untouched_with_both_versions(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    connection = sqlite3.connect(project)
    connection.execute(f"PRAGMA user_version = {VERSION + 7}")
    connection.close()
    before = project.read_bytes()
    ran = cli("import", project, write_lines(tmp_path / "in.jsonl", [GOOD]))
    assert ran.code == 1
    assert str(VERSION + 7) in ran.err
    assert str(VERSION) in ran.err
    assert project.read_bytes() == before


@pytest.mark.parametrize("command", ["stats", "check", "import", "export", "backup"])
def test_a_missing_project_is_one_sentence(command: str, tmp_path: Path, cli: Caller) -> None:
    ran = cli(
        command,
        tmp_path / "none.annot",
        *([tmp_path / "x"] if command in ("import", "export") else []),
    )
    assert ran.code == 1
    assert "there is no such file" in ran.err
    assert not (tmp_path / "none.annot").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a file is locked another way there")
def test_a_project_that_is_open_elsewhere_is_not_written(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    with Store.open(project):
        ran = cli("import", project, write_lines(tmp_path / "in.jsonl", [GOOD]))
    assert ran.code == 1
    assert "open" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def shown(text: str) -> str:
    """Return what of a text would act on a terminal, isolates that are ours aside."""
    return "".join(
        char
        for char in text.replace("\u2068", "").replace("\u2069", "")
        if char in CONTROLS and char != "\n"
    )


@pytest.mark.parametrize("char", CONTROLS, ids=lambda char: f"U+{ord(char):04X}")
def test_control_characters_in_names_never_reach_the_terminal(
    char: str, project: Path, tmp_path: Path, cli: Caller
) -> None:
    name = f"a{char}[31mb"
    texts = [
        cli(
            "import",
            project,
            write_lines(
                tmp_path / "in.jsonl", [{"id": name, "name": name, "text": "x", "annotator": name}]
            ),
        ),
        cli(
            "import",
            project,
            write_lines(
                tmp_path / "in.jsonl", [plain(labelled("x", RU, "a1", [span(RU, "цены", name)]))]
            ),
        ),
        cli("import", project, tmp_path, "--format", name),
        cli("import", project, tmp_path, f"--{name}"),
        cli("import", project, tmp_path, "--column", name),
        cli("export", project, tmp_path / "x.jsonl", "--status", name),
        cli("export", project, tmp_path / "x.jsonl", "--annotator", name),
        cli("export", project, tmp_path / "x.jsonl", "--layer", name),
        cli("new", tmp_path / "q.annot", "--schema", name),
        cli("new", tmp_path / "q.annot", "--annotator", name),
        cli("stats", tmp_path / name),
        cli("import", project, tmp_path / name),
        cli(name),
    ]
    assert [shown(ran.out + ran.err) for ran in texts] == [""] * len(texts)
    assert all("The program failed" not in ran.err for ran in texts)


def test_control_characters_of_stored_names_stay_inside(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    line = {
        "id": "\x1b]8;;x",
        "name": "\x9b31m",
        "text": "текст",
        "language": "\x1b[0m",
        "annotator": "a1",
        "attributes": {"\x1b": "\x1b"},
    }
    assert cli("import", project, write_lines(tmp_path / "in.jsonl", [line])).code in (0, 1)
    for arguments in (["stats"], ["stats", "--json"], ["check"], ["check", "--json"]):
        ran = cli(arguments[0], project, *arguments[1:])
        assert shown(ran.out + ran.err) == ""
        assert ran.code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{p}", "{p}"),
        ("report", "{p}", "-o", "{p}", "--table", "work"),
        ("schema", "{p}", "-o", "{p}"),
    ],
    ids=lambda words: words[0],
)
def test_nothing_is_written_over_a_project(
    words: tuple[str, ...], cli: Caller, project: Path
) -> None:
    before = state_of(project)
    ran = cli(*(word.format(p=project) for word in words))
    assert (ran.code, "name of a project" in ran.err) == (1, True)
    assert state_of(project) == before


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{p}", ""),
        ("export", "{p}", f"{'y' * 300}.jsonl"),
        ("export", "{p}", "x.jsonl", "--seed", "9" * 30),
        ("train-set", "{p}", "x", "--task", "spans", "--seed", "9" * 30),
        ("repeat", "{p}", "--annotator", "a", "--days", "9" * 30),
        ("adjudicate", "{p}", "--auto", "majority", "--by", "\x1b[31m"),
        ("labels", "{p}", "--annotator", "a\u202eb", "--retire", "LOC"),
    ],
    ids=lambda words: f"{words[0]} {words[-2]}"[:40],
)
def test_an_absurd_option_is_wrong_usage(
    words: tuple[str, ...], cli: Caller, project: Path
) -> None:
    before = state_of(project)
    ran = cli(*(word.replace("{p}", str(project)) for word in words))
    assert (ran.code, "failed" in ran.err, set(CONTROLS) & set(ran.err.replace("\n", ""))) == (
        2,
        False,
        set(),
    )
    assert state_of(project) == before


@pytest.mark.parametrize("name", ["\udcff", "x" * 300, "a\x1bb"])
def test_a_name_that_nobody_can_have_gets_no_work(
    name: str, cli: Caller, project: Path, tmp_path: Path
) -> None:
    before = state_of(project)
    ran = cli("assign", project, "--to", name, "--to", "zed", "-o", tmp_path / "out")
    assert (ran.code, "Nothing can be handed out" in ran.err) == (1, True)
    assert state_of(project) == before
    assert not (tmp_path / "out").exists()


def test_a_label_is_not_renamed_to_what_hides(cli: Caller, project: Path) -> None:
    before = state_of(project)
    ran = cli("labels", project, "--annotator", "lead", "--rename", "LOC=a\u202eb")
    assert (ran.code, "cannot be called" in ran.err) == (1, True)
    assert state_of(project) == before
