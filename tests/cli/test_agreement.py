"""`annotator agreement` and `annotator measures`.

The contract's shapes, on projects, JSONL files and tables.
"""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from tests.cli.run import Caller
from tests.projects import FA, RU

KEYS = {"measure", "layer", "label", "annotators", "value", "ci95", "n", "undefined"}
KRIPPENDORFF = (
    "item,a,b,c,d\n1,1,1,,1\n2,2,2,3,2\n3,3,3,3,3\n4,3,3,3,3\n5,2,2,2,2\n6,1,2,3,4\n7,4,4,4,4\n8,1,1,2,1\n9,2,2,2,2\n"
    "10,,5,5,5\n11,,,1,1\n12,,,3,\n"
)


def _record(name: str, text: str, who: str, *marked: tuple[str, str, str]) -> bytes:
    spans = []
    for layer, label, words in marked:
        start = text.index(words)
        spans.append({"layer": layer, "label": label, "start": start, "end": start + len(words)})
    return orjson.dumps(
        {"id": name, "text": text, "annotator": who, "spans": spans},
        option=orjson.OPT_APPEND_NEWLINE,
    )


@pytest.fixture
def files(tmp_path: Path) -> Sequence[Path]:
    """Two annotators' files; the second one misses a span and calls another by another label."""
    per, gpe, claim = (
        ("entities", "PER", "مریم سهرابی"),
        ("entities", "GPE", "رشت"),
        ("claims", "CLAIM", "قیمت‌ها پایین آمد"),
    )
    first, second = tmp_path / "sara.jsonl", tmp_path / "reza.jsonl"
    first.write_bytes(
        _record("fa", FA, "sara", per, gpe, claim)
        + _record("ru", RU, "", ("entities", "PER", "Анна Кравцова"))
    )
    second.write_bytes(
        _record("fa", FA, "", per, ("entities", "ORG", "رشت"))
        + _record("ru", RU, "", ("entities", "PER", "Анна Кравцова"))
    )
    return first, second


def test_files_are_measured_and_named_by_file_where_nobody_is(
    cli: Caller, files: Sequence[Path]
) -> None:
    rows = cli(
        "agreement", *files, "--measure", "span_f1_exact", "--measure", "position_f1", "--json"
    ).rows
    assert all(row.keys() == KEYS for row in rows)
    assert [row["measure"] for row in rows] == ["span_f1_exact", "position_f1"]
    assert rows[0]["value"] == pytest.approx(4 / 7)
    assert rows[1]["value"] == pytest.approx(6 / 7)
    assert rows[0]["annotators"] == ["reza", "sara"]
    assert rows[0]["n"] == 7


def test_without_a_measure_all_of_spans_are_given(cli: Caller, files: Sequence[Path]) -> None:
    rows = cli("agreement", *files, "--json").rows
    assert {"gamma", "muc", "alpha_u", "token_kappa", "relation_f1"} <= {
        str(row["measure"]) for row in rows
    }
    undefined = {str(row["measure"]): row["undefined"] for row in rows if row["value"] is None}
    assert undefined.keys() == {"relation_f1", "attribute_kappa"}
    assert all(undefined.values())
    muc = next(row for row in rows if row["measure"] == "muc")
    assert muc["counts"]["strict"]["missed"] + muc["counts"]["strict"]["spurious"] == 1  # type: ignore[index]  # JSON


@pytest.mark.parametrize(
    ("part", "count"), [("label", 5), ("layer", 3), ("document", 3), ("pair", 2)]
)
def test_parts_follow_the_whole(cli: Caller, files: Sequence[Path], part: str, count: int) -> None:
    rows = cli("agreement", *files, "--measure", "span_f1_exact", "--by", part, "--json").rows
    assert len(rows) == count
    assert rows[0]["label"] is None
    if part == "label":
        assert {(row["layer"], row["label"]): row["value"] for row in rows[1:]}[
            "entities", "PER"
        ] == 1.0
    if part == "document":
        assert {row["document"]: row["value"] for row in rows[1:]}["ru"] == 1.0


def test_a_layer_can_be_chosen_and_an_unknown_one_is_refused(
    cli: Caller, files: Sequence[Path]
) -> None:
    rows = cli(
        "agreement", *files, "--measure", "span_f1_exact", "--layer", "entities", "--json"
    ).rows
    assert (rows[0]["layer"], rows[0]["value"]) == ("entities", pytest.approx(4 / 6))
    refused = cli("agreement", *files, "--layer", "nothing")
    assert refused.code == 1
    assert "entities" in refused.err


def test_codings_measures_take_the_tokens_of_files(cli: Caller, files: Sequence[Path]) -> None:
    rows = cli(
        "agreement", *files, "--measure", "cohen_kappa", "--measure", "token_kappa", "--json"
    ).rows
    assert rows[0]["value"] == rows[1]["value"]


def test_equal_calls_give_equal_intervals(cli: Caller, files: Sequence[Path]) -> None:
    first, second = (cli("agreement", *files, "--json").out for _time in range(2))
    assert first == second
    assert orjson.loads(first)[0]["ci95"] is None or len(orjson.loads(first)[0]["ci95"]) == 2


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("krippendorff_alpha_nominal", 0.743),
        ("krippendorff_alpha_ordinal", 0.815),
        ("krippendorff_alpha_interval", 0.849),
        ("krippendorff_alpha_ratio", 0.797),
        ("percentage_agreement", 0.8),
    ],
)
def test_a_table_gives_the_published_values(
    cli: Caller, tmp_path: Path, measure: str, value: float
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(KRIPPENDORFF, encoding="utf-8")
    (row,) = cli("agreement", "--codings", table, "--measure", measure, "--json").rows
    assert row.keys() == KEYS
    assert row["value"] == pytest.approx(value, abs=0.001)
    assert row["n"] == 12
    assert row["ci95"][0] < value < row["ci95"][1]  # type: ignore[index]  # JSON


def test_a_table_is_told_by_label_and_by_pair(cli: Caller, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("sara;reza\nPER;PER\nORG;PER\nORG;ORG\n", encoding="utf-8")
    rows = cli(
        "agreement", "--codings", table, "--measure", "cohen_kappa", "--by", "label", "--json"
    ).rows
    assert [row["label"] for row in rows] == [None, "ORG", "PER"]
    rows = cli(
        "agreement", "--codings", table, "--measure", "cohen_kappa", "--by", "pair", "--json"
    ).rows
    assert rows[1]["annotators"] == ["sara", "reza"]
    declared = cli(
        "agreement",
        "--codings",
        table,
        "--measure",
        "bennett_s",
        "--categories",
        "ORG,PER,GPE",
        "--json",
    ).rows
    assert declared[0]["value"] == pytest.approx((2 / 3 - 1 / 3) / (2 / 3))


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("a,b\n1,1,1\n", (), ":2"),
        ("a,b\nx,x\n\n\ny,y,z\n", (), ":5"),
        ('a,b\n"x\n",x\n\ny,y,z\n', (), ":5"),
        ('a,b\nx,x\n"y,y\n', (), ":3"),
        ("", (), "empty"),
        ("a\n1\n", (), "two annotators"),
        ("a,b\n1,1\n", ("--measure", "gamma"), "project"),
        ("a,b\n1,1\n", ("--measure", "nothing"), "There is no measure"),
        ("a,b\n1,1\n", ("--annotators", "a,z"), "Nobody called"),
        ("a,b\n1,1\n", ("--categories", "2,3"), "none of the categories"),
        ("a,b\n1,1\n", ("--by", "document"), "neither documents"),
    ],
)
def test_a_table_that_cannot_be_measured_is_refused(
    cli: Caller, tmp_path: Path, content: str, arguments: Sequence[str], words: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(content, encoding="utf-8")
    refused = cli("agreement", "--codings", table, *arguments)
    assert (refused.code, refused.out) == (1, "")
    assert words in refused.err


@pytest.mark.parametrize("inside", list("\u2028\u2029\x85\x0b\x0c\x1c"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_of_a_table_hold_what_does_not_end_a_line(
    cli: Caller, tmp_path: Path, inside: str, end: str
) -> None:
    table = tmp_path / "table.csv"
    rows = ("sara,reza", f"x{inside}y,x{inside}y", f"x{inside}z,x{inside}y", "z,z", "")
    table.write_text(end.join(rows), encoding="utf-8", newline="")
    arguments = ("--codings", table, "--measure", "percentage_agreement", "--by", "label", "--json")
    whole, *parts = cli("agreement", *arguments).rows
    assert (whole["n"], whole["value"]) == (3, pytest.approx(2 / 3))
    assert [row["label"] for row in parts] == sorted({"z", f"x{inside}y", f"x{inside}z"})


def test_a_table_that_is_not_there_or_no_text_is_refused(cli: Caller, tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    assert cli("agreement", "--codings", tmp_path / "none.csv").code == 1
    assert "UTF-8" in cli("agreement", "--codings", tmp_path / "binary.csv").err


def test_a_project_is_measured_without_gold_unless_it_is_named(
    cli: Caller, files: Sequence[Path], tmp_path: Path
) -> None:
    project, gold = tmp_path / "p.annot", tmp_path / "gold.jsonl"
    gold.write_bytes(
        files[0]
        .read_bytes()
        .replace(b'"sara"', b'"gold"')
        .replace(b'"annotator":""', b'"annotator":"gold"')
    )
    cli("new", project, "--annotator", "sara")
    for path, name in ((files[0], "sara"), (files[1], "reza"), (gold, "gold")):
        assert cli("import", project, path, "--annotator", name).code == 0
    rows = cli("agreement", project, "--measure", "span_f1_exact", "--json").rows
    assert (rows[0]["annotators"], rows[0]["value"]) == (["reza", "sara"], pytest.approx(4 / 7))
    with_gold = cli(
        "agreement", project, "--measure", "span_f1_exact", "--annotators", "gold,sara", "--json"
    ).rows
    assert with_gold[0]["value"] == 1.0
    assert cli("agreement", project, "--annotators", "nobody,sara").code == 1


def test_what_cannot_be_compared_is_refused(
    cli: Caller, files: Sequence[Path], tmp_path: Path
) -> None:
    assert cli("agreement").code == 2
    assert cli("agreement", files[0], "--codings", files[0]).code == 2
    assert "no file" in cli("agreement", tmp_path / "none.jsonl").err
    assert cli("agreement", tmp_path / "none.annot").code == 1
    assert cli("agreement", files[0], tmp_path / "none.annot").code == 1
    assert cli("agreement", *files, "--annotators", "sara,nobody").code == 1
    (tmp_path / "bad.jsonl").write_text("{\n", encoding="utf-8")
    assert cli("agreement", tmp_path / "bad.jsonl").code == 1
    other = tmp_path / "other.jsonl"
    other.write_bytes(_record("fa", "another text", "ali"))
    refused = cli("agreement", files[0], other)
    assert refused.code == 1
    assert "different texts" in refused.err


def test_the_table_shows_names_as_they_are_and_says_why_there_is_no_value(
    cli: Caller, tmp_path: Path
) -> None:
    paths = [tmp_path / "سارا.jsonl", tmp_path / "b.jsonl"]
    for path in paths:
        path.write_bytes(_record("fa", FA, ""))
    out = cli(
        "agreement", *paths, "--measure", "span_f1_exact", "--measure", "muc", "--by", "document"
    ).out
    assert "سارا" in out
    assert "\u2068" not in out  # what goes into a pipe is what was named
    assert "Nobody marked anything here." in out


def test_measures_are_listed(cli: Caller) -> None:
    rows = cli("measures", "--json").rows
    assert {"id", "name", "compares", "of"} == rows[0].keys()
    assert "krippendorff_alpha_nominal" in cli("measures").out
    assert cli("--help").out.count("agreement") >= 1


def test_categories_are_compared_as_numbers_where_codes_are_numbers(
    cli: Caller, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1.0,1\n2,2.0\n", encoding="utf-8")
    measure = ("--measure", "percentage_agreement")
    ran = cli("agreement", "--codings", table, *measure, "--categories", "1,2,3")
    assert ran.code == 0
    refused = cli("agreement", "--codings", table, *measure, "--categories", "1,3")
    assert refused.code == 1
    assert "holds 2" in refused.err
