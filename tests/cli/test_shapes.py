"""The shapes of the command line: a contract that scripts lean on."""

from pathlib import Path

import pytest

from annotator import __version__
from annotator.cli import COMMANDS
from annotator.cli import cli as group
from annotator.formats import formats
from tests.cli.run import Caller
from tests.projects import FA, plain, span, write_lines
from tests.projects import labelled as record

FILE_LINES = [
    plain(
        record(
            "d1",
            FA,
            "a1",
            [span(FA, "رشت", "GPE", name="s1"), span(FA, "مریم سهرابی", "PER", name="s2")],
        )
    )
]


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    path = tmp_path / "p.annot"
    assert cli("new", path, "--annotator", "aida").code == 0
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "in.jsonl", FILE_LINES)


def spans_of(cli: Caller, project: Path) -> dict[str, int]:
    annotators = cli("stats", project, "--json").json["annotators"]
    assert isinstance(annotators, dict)
    return {name: counts["spans"] for name, counts in annotators.items()}


def test_new_makes_a_project_and_says_so_on_standard_error(tmp_path: Path, cli: Caller) -> None:
    ran = cli("new", tmp_path / "one")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "one.annot").is_file()
    assert "one.annot" in ran.err


def test_new_never_touches_a_file_that_is_there(tmp_path: Path, cli: Caller) -> None:
    path = tmp_path / "p.annot"
    path.write_text("mine")
    assert cli("new", path).code == 1
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["news", "entities", "blank"])
def test_new_takes_a_preset(tmp_path: Path, cli: Caller, name: str) -> None:
    assert cli("new", tmp_path / "p.annot", "--schema", name).code == 0
    assert cli("stats", tmp_path / "p.annot", "--json").json["schema"] == f"{name}@1"


def test_new_refuses_a_name_that_could_deceive(tmp_path: Path, cli: Caller) -> None:
    ran = cli("new", tmp_path / "p.annot", "--annotator", "a\u202eb")
    assert ran.code == 1
    assert not (tmp_path / "p.annot").exists()


def test_import_json_has_its_shape(project: Path, source: Path, cli: Caller) -> None:
    ran = cli("import", project, source, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "documents": {"new": 1, "known": 0, "failed": 0},
        "spans": 2,
        "relations": 0,
        "changed": [],
        "lost": [],
        "errors": [],
    }


def test_import_twice_brings_nothing_new(project: Path, source: Path, cli: Caller) -> None:
    cli("import", project, source)
    before = cli("check", project, "--json").json["state"]
    ran = cli("import", project, source, "--json")
    assert ran.json["documents"] == {"new": 0, "known": 1, "failed": 0}
    assert ran.json["spans"] == 0
    assert cli("check", project, "--json").json["state"] == before


def test_import_errors_name_file_line_and_reason(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    bad = write_lines(tmp_path / "bad.jsonl", [FILE_LINES[0] | {"id": "d2"}, b"{"])
    ran = cli("import", project, source, bad, "--json")
    assert ran.code == 1
    assert ran.json["documents"] == {"new": 1, "known": 0, "failed": 1}
    errors = ran.json["errors"]
    assert isinstance(errors, list)
    (error,) = errors
    assert set(error) == {"file", "line", "reason"}
    assert (error["file"], error["line"]) == (str(bad), 2)
    assert f"bad.jsonl:2: {error['reason']}" in ran.err


def test_import_without_json_tells_people(project: Path, source: Path, cli: Caller) -> None:
    ran = cli("import", project, source)
    assert (ran.code, ran.out) == (
        0,
        "Documents: 1 new, 0 known, 0 failed; spans: 2; relations: 0.\n",
    )


def test_import_puts_nameless_annotations_into_the_named_annotators_layer(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    nameless = write_lines(tmp_path / "in.jsonl", [FILE_LINES[0] | {"annotator": ""}])
    cli("import", project, nameless, "--annotator", "berik")
    assert spans_of(cli, project) == {"berik": 2}


def test_import_puts_nameless_annotations_into_the_projects_own_annotators_layer(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    nameless = write_lines(tmp_path / "in.jsonl", [FILE_LINES[0] | {"annotator": ""}])
    cli("import", project, nameless)
    assert spans_of(cli, project) == {"aida": 2}


def test_a_read_in_another_encoding_is_told(project: Path, tmp_path: Path, cli: Caller) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(
        "Анна Кравцова сказала, что цены снизились на четыре процента, и это хорошо.".encode(
            "cp1251"
        )
    )
    assert "windows-1251" in cli("import", project, path, "--encoding", "cp1251").out.replace(
        "cp1251", "windows-1251"
    )


def test_export_json_has_its_shape(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, source)
    ran = cli("export", project, tmp_path / "out.jsonl", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "documents": 1,
        "spans": 2,
        "relations": 0,
        "files": [str(tmp_path / "out.jsonl")],
        "lost": [],
    }


def test_export_lists_what_the_format_cannot_carry(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, source)
    ran = cli("export", project, tmp_path / "texts", "--format", "text", "--json")
    lost = ran.json["lost"]
    assert isinstance(lost, list)
    assert {"kind": "spans", "count": 2} in [
        {"kind": loss["kind"], "count": loss["count"]} for loss in lost
    ]
    assert all(set(loss) == {"kind", "count", "why"} for loss in lost)
    told = cli("export", project, tmp_path / "texts", "--format", "text").out
    assert "not carried: 2 × spans" in told


@pytest.mark.parametrize("who", [["--annotator", "all"], [], ["--annotator", "a1"]])
def test_export_chooses_annotators(
    project: Path, source: Path, tmp_path: Path, cli: Caller, who: list[str]
) -> None:
    cli("import", project, source)
    assert cli("export", project, tmp_path / "out.jsonl", *who, "--json").json["spans"] == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--annotator", "nobody"], "Nobody called"),
        (["--layer", "nothing"], "There is no layer"),
        (["--format", "xyz"], "There is no format"),
    ],
)
def test_export_refuses_what_is_not_there(
    project: Path, tmp_path: Path, cli: Caller, options: list[str], reason: str
) -> None:
    ran = cli("export", project, tmp_path / "out.jsonl", *options)
    assert ran.code == 1
    assert reason in ran.err
    assert not (tmp_path / "out.jsonl").exists()


def test_export_of_one_layer_of_the_schema_leaves_the_others(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, source)
    assert (
        cli("export", project, tmp_path / "out.jsonl", "--layer", "claims", "--json").json["spans"]
        == 0
    )


def test_export_by_status_leaves_what_is_not_done(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, source)
    assert (
        cli("export", project, tmp_path / "out.jsonl", "--status", "done", "--json").json[
            "documents"
        ]
        == 0
    )


def test_stats_count_what_is_there(project: Path, source: Path, cli: Caller) -> None:
    cli("import", project, source)
    plain_stats = cli("stats", project, "--json").json
    assert (plain_stats["documents"], plain_stats["characters"]) == (1, len(FA))
    assert plain_stats["annotators"] == {
        "a1": {
            "status": {"open": 1},
            "spans": 2,
            "labels": {"GPE": 1, "PER": 1},
            "relations": {},
            "incomplete": 0,
        }
    }
    assert "Documents: 1;" in cli("stats", project).out


def test_check_tells_a_sound_project_and_its_state(project: Path, cli: Caller) -> None:
    ran = cli("check", project, "--json")
    assert ran.code == 0
    assert set(ran.json) == {"sound", "faults", "state", "backup"}
    assert (ran.json["sound"], ran.json["faults"]) == (True, [])
    assert len(str(ran.json["state"])) == 64
    assert cli("check", project).out == "The project is sound.\n"


def test_check_rebuild_keeps_the_state_and_makes_a_backup(
    project: Path, source: Path, cli: Caller
) -> None:
    cli("import", project, source)
    before = cli("check", project, "--json").json["state"]
    ran = cli("check", project, "--rebuild", "--json")
    assert ran.json["state"] == before
    assert Path(str(ran.json["backup"])).is_file()


def test_backup_prints_where_the_copy_is(
    project: Path, source: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, source)
    copy = tmp_path / "copy.annot"
    assert cli("backup", project, copy).out == f"{copy}\n"
    assert (
        cli("check", copy, "--json").json["state"] == cli("check", project, "--json").json["state"]
    )
    assert cli("backup", project, copy).code == 1


def test_formats_are_listed_with_what_they_cannot_carry(cli: Caller) -> None:
    rows = cli("formats", "--json").rows
    assert [row["id"] for row in rows] == list(formats())
    assert all(set(row) == {"id", "name", "reads", "writes", "extensions", "loses"} for row in rows)
    assert next(row for row in rows if row["id"] == "jsonl")["loses"] == []
    assert "jsonl" in cli("formats").out


def test_schemas_are_listed(cli: Caller) -> None:
    rows = cli("schemas", "--json").rows
    assert [row["id"] for row in rows][:3] == ["news", "entities", "blank"]
    assert "CLAIM" in cli("schemas").out


def test_the_window_is_opened_on_a_project_or_without_one(project: Path, cli: Caller) -> None:
    assert cli(project).code == 0
    assert cli().code == 0
    assert cli.windows == [project, None]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["imprt"], 2, "Did you mean import?"),
        (["stats", "none.annot"], 1, "there is no such file"),
        (["none.annot"], 1, "There is no project"),
    ],
)
def test_an_option_may_stand_before_the_command(
    cli: Caller, words: list[str], code: int, told: str
) -> None:
    ran = cli("--debug", *words)
    assert (ran.code, told in ran.err) == (code, True)


@pytest.mark.parametrize(
    ("word", "command"), [("exprot", "export"), ("imprt", "import"), ("Stat", "stats")]
)
def test_a_mistyped_command_is_told_the_nearest_one(cli: Caller, word: str, command: str) -> None:
    ran = cli(word, "news.annot", "out.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"There is no command {word}. Did you mean {command}?\n"
    assert cli.windows == []


@pytest.mark.parametrize("word", ["xyzzy", "کتاب", "x" * 300])
def test_a_word_near_no_command_says_where_they_are_listed(cli: Caller, word: str) -> None:
    ran = cli(word)
    assert (ran.code, ran.out) == (2, "")
    assert "annotator --help" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert cli.windows == []


def test_a_project_that_is_not_there_is_no_mistyped_command(tmp_path: Path, cli: Caller) -> None:
    ran = cli(tmp_path / "exprot.annot")
    assert ran.code == 1
    assert "There is no project" in ran.err
    assert cli.windows == []


def test_the_tour_is_asked_for_with_its_folder(tmp_path: Path, cli: Caller) -> None:
    assert cli("demo", tmp_path).code == 0
    assert cli("demo").code == 0
    assert cli.tours == [tmp_path, None]


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "p"], ["export", "p"], ["stats"], ["stats", "p", "--jsn"], ["new"]],
)
def test_wrong_usage_is_code_2_and_says_how(cli: Caller, arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: annotator" in ran.err
    assert "--help" in ran.err


def test_a_wrong_choice_is_wrong_usage(project: Path, tmp_path: Path, cli: Caller) -> None:
    assert cli("export", project, tmp_path / "x", "--status", "finished").code == 2
    assert cli("import", project, tmp_path, "--column", "text").code == 2


def test_help_and_version_are_there(cli: Caller) -> None:
    assert __version__ in cli("--version").out
    assert "Usage: annotator" in cli("--help").out


VISIBLE = [name for name, entry in COMMANDS.items() if entry.help]


def test_help_lists_every_command(cli: Caller) -> None:
    told = " ".join(cli("--help").out.split())
    assert [name for name in VISIBLE if f"{name} {COMMANDS[name].help}" not in told] == []


@pytest.mark.parametrize("name", VISIBLE)
def test_every_command_explains_itself_as_the_list_says(cli: Caller, name: str) -> None:
    ran = cli(name, "--help")
    assert ran.code == 0
    assert COMMANDS[name].help in " ".join(ran.out.split())
    assert str(group.commands[name].help).splitlines()[0] == COMMANDS[name].help
