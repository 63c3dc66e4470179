"""`annotator report` and `annotator repeat`, and tables on terminals with and without bidi."""

from pathlib import Path

import pytest

from annotator.cli.console import Cell, is_plain, isolated, ordered, table_lines
from annotator.store import Store
from annotator.text.terminal_bidi import visual, width
from tests.cli.run import Caller
from tests.projects import FA, KK, made, span


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which two people finished two documents."""
    path = tmp_path / "p.annot"
    with made(path) as store:
        for name, words in (("سارا", "مریم سهرابی"), ("Әлия", "رشت")):
            with store.change("Work", name) as step:
                person = step.add_annotator(name)
                step.put_span("fa-1", person, span(FA, words, "PER"))
                step.put_span("kk-1", person, span(KK, "Әлия Серікқызы", "PER"))
                for document in ("fa-1", "kk-1"):
                    step.put_status(document, person, "done")
    return path


def test_a_report_is_shown_as_tables(cli: Caller, project: Path) -> None:
    out = cli("report", project).out
    assert "Agreement by stage" in out
    assert "What was taken for what" in out
    assert "سارا" in out
    assert "\u2068" not in out
    assert "Documents" not in cli("report", project, "--table", "labels").out


def test_a_report_is_written_as_a_page_a_table_or_a_folder(
    cli: Caller, project: Path, tmp_path: Path
) -> None:
    assert cli("report", project, "-o", tmp_path / "r.html").code == 0
    assert "<bdi>سارا</bdi>" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert cli("report", project, "-o", tmp_path / "l.csv", "--table", "labels").code == 0
    assert "PER" in (tmp_path / "l.csv").read_text(encoding="utf-8-sig")
    ran = cli("report", project, "-o", tmp_path / "all", "--json")
    assert set(ran.json) == {"annotators", "tables", "files"}
    assert len(list((tmp_path / "all").iterdir())) == len(ran.json["files"])  # type: ignore[arg-type]  # JSON
    assert cli("report", project, "-o", tmp_path / "x.csv").code == 1


def test_repeats_wait_for_the_annotator_under_another_name(cli: Caller, project: Path) -> None:
    ran = cli("repeat", project, "--annotator", "سارا", "--documents", "1", "--seed", "3", "--json")
    assert ran.json["annotator"] == "سارا (repeat 1)"
    chosen = ran.json["documents"]
    assert isinstance(chosen, list)
    document = str(chosen[0])
    assert chosen == [document]
    with Store.open(project, readonly=True) as store:
        assert [
            entry.id for entry in store.entries("سارا (repeat 1)") if entry.status == "open"
        ] == [document]
        assert store.annotation_set(document, "سارا (repeat 1)").spans == ()
        assert "سارا (repeat 1)" not in cli("agreement", project, "--measure", "span_f1_exact").out
    second = cli("repeat", project, "--annotator", "سارا", "--documents", "5", "--json").json
    assert second["annotator"] == "سارا (repeat 2)"
    assert second["documents"] == [name for name in ("fa-1", "kk-1") if name != document]
    assert "2 documents" in cli("repeat", project, "--annotator", "Әлия").out


@pytest.mark.parametrize("who", [("nobody",), ("سارا (repeat 1)",), ("Әлия", "--days", "3")])
def test_repeats_of_nothing_are_refused(cli: Caller, project: Path, who: tuple[str, ...]) -> None:
    cli("repeat", project, "--annotator", "سارا")
    ran = cli("repeat", project, "--annotator", *who)
    assert ran.code == 1
    assert ran.err


ROWS: list[list[Cell]] = [
    ["annotator", "spans", "of"],
    ["سارا (سرپرست)", "12", ("claims", "ادعا")],
    ["Әлия", "3", ""],
    ["خانهٔ می‌شود", "140", "x"],
]


def test_names_keep_their_direction_and_columns_their_place_on_a_terminal_with_bidi() -> None:
    lines = table_lines(ROWS, "lr", isolated)
    assert lines[1].startswith("\u2068سارا (سرپرست)\u2069")
    assert lines[1].endswith("claims · \u2068ادعا\u2069")
    assert (
        len(
            {
                width(line[: line.index(number)]) + len(number)
                for line, number in zip(lines[1:], ("12", "3", "140"), strict=True)
            }
        )
        == 1
    )


def test_names_are_shaped_and_ordered_for_a_terminal_without() -> None:
    lines = table_lines(ROWS, "lr", ordered)
    assert lines[1].startswith(visual("سارا (سرپرست)", "rtl"))
    assert lines[1].endswith(f"claims · {visual('ادعا', 'rtl')}")
    assert "\u2068" not in "".join(lines)
    assert lines[2].startswith("Әлия")
    places = [
        width(line[: line.index(number)]) + len(number)
        for line, number in zip(lines[1:], ("12", "3", "140"), strict=True)
    ]
    assert len(set(places)) == 1


def test_control_characters_reach_no_table() -> None:
    assert table_lines([["a\x1b[31mb", "x\ny"]]) == ["a�[31mb  x�y"]
    assert table_lines([]) == []


@pytest.mark.parametrize(
    ("chosen", "environment", "is_terminal", "expected"),
    [
        ("auto", {}, True, False),
        ("auto", {"WT_SESSION": "1"}, True, True),
        ("auto", {"TERM": "xterm-kitty"}, True, True),
        ("auto", {"TERM": "xterm-kitty"}, False, False),
        ("plain", {}, False, True),
        ("bidi", {"WT_SESSION": "1"}, True, False),
    ],
)
def test_the_terminal_is_chosen_or_says_what_it_is(
    chosen: str, environment: dict[str, str], is_terminal: bool, expected: bool
) -> None:
    assert is_plain(chosen, environment, is_terminal=is_terminal) is expected


def test_the_terminal_can_be_chosen_by_option_or_variable(
    cli: Caller, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("agreement", project, "--measure", "span_f1_exact")
    assert "\u2068سارا\u2069" in cli(*asked, "--terminal", "bidi").out
    assert "\u2068" not in cli(*asked).out
    shaped = visual("سارا", "rtl")
    assert shaped in cli(*asked, "--terminal", "plain").out
    monkeypatch.setenv("ANNOTATOR_TERMINAL", "plain")
    assert shaped in cli(*asked).out
    assert cli("stats", project).code == cli("formats").code == cli("measures").code == 0
