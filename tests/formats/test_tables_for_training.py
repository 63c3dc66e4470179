"""Parquet and Hugging Face's dataset folder: everything comes back.

Tables of others are read as far as they say what they hold.
"""

import importlib.util
from pathlib import Path

import orjson
import pytest

from annotator.errors import InputError, UserError
from annotator.formats import Format, ReadOptions, Report, WriteOptions, guess, hf, parquet
from annotator.formats._shared import optional
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.typed_rows import RowReader
from annotator.model import Labelled
from tests.formats.peers import example, gapped, spans_of, written
from tests.formats.round_trip import RoundTrip, bare, read_all

HAS_ARROW = importlib.util.find_spec("pyarrow") is not None
needs_arrow = pytest.mark.skipif(not HAS_ARROW, reason="needs the extra “hf”")


class TestHf(RoundTrip):
    format = hf.FORMAT


@needs_arrow
class TestParquet(RoundTrip):
    format = parquet.FORMAT


@pytest.mark.parametrize(
    "entry", [hf.FORMAT, pytest.param(parquet.FORMAT, marks=needs_arrow)], ids=["hf", "parquet"]
)
def test_nothing_is_lost(entry: Format, tmp_path: Path) -> None:
    report = Report()
    target, _files = written(entry, tmp_path, [example(), gapped()], WriteOptions(), report)
    found, told = read_all(entry, target)
    assert (told.problems, report.losses()) == ([], [])
    assert [record.annotation_set for record in found] == [
        example().annotation_set,
        gapped().annotation_set,
    ]
    assert [bare(record).document for record in found] == [
        bare(example()).document,
        bare(gapped()).document,
    ]


def test_a_card_tells_of_the_parts_and_leads_to_the_rows(tmp_path: Path) -> None:
    files = hf.write_parts(
        {"train": [example()], "test": [gapped()]}, tmp_path, WriteOptions(), Report()
    )
    assert [str(path.relative_to(tmp_path)) for path in files] == [
        "data/train.jsonl",
        "data/test.jsonl",
        "README.md",
    ]
    card = files[2].read_text("utf-8")
    head = dict(line.split(": ", 1) for line in card.split("---\n")[1].splitlines())
    assert orjson.loads(head["language"]) == ["fa"]
    assert [entry["num_examples"] for entry in orjson.loads(head["dataset_info"])["splits"]] == [
        1,
        1,
    ]
    assert "| entities | CLAIM | 2 |" in card
    chosen = guess(files[2])
    assert chosen
    assert chosen.id == "hf"
    found, _report = read_all(hf.FORMAT, files[2])
    assert [spans_of(record) for record in found] == [spans_of(gapped()), spans_of(example())]


def _row(
    row: dict[str, object],
    options: ReadOptions | None = None,
    names: dict[str, list[str]] | None = None,
) -> Labelled:
    return RowReader(Path("x"), options or ReadOptions(), Report(), names).record(row, 1)


def test_rows_of_others_may_have_spans_or_tokens_and_tags() -> None:
    assert spans_of(
        _row({"text": "Банк ашылды", "spans": [{"start": 0, "end": 4, "label": "ORG"}]})
    ) == [("ORG", 0, 4)]
    assert spans_of(_row({"body": "Банк"}, ReadOptions(columns={"text": "body"}))) == []
    tokens = ["Қазақстан", "банкі", "ашылды"]
    for tags, names in (
        (["B-ORG", "I-ORG", "O"], {}),
        ([1, 2, 0], {"ner_tags": ["O", "B-ORG", "I-ORG"]}),
    ):
        found = _row({"tokens": tokens, "ner_tags": tags, "id": "7"}, names=names)
        assert (found.document.text, found.document.id) == ("Қазақстан банкі ашылды", "7")
        assert spans_of(found) == [("ORG", 0, 15)]


@pytest.mark.parametrize(
    "row",
    [
        {"tokens": ["a"], "ner_tags": [3]},
        {"tokens": ["a"], "ner_tags": ["O", "O"]},
        {"words": ["a"]},
        {"text": "a", "meta_json": "{"},
        {"text": "a", "attributes_json": "[1]"},
        {"text": "a", "spans": [{"start": 0, "end": 2, "label": "X"}]},
    ],
)
def test_a_wrong_row_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        _row(row)


def test_a_wrong_line_is_a_problem_with_its_number(tmp_path: Path) -> None:
    target, files = written(hf.FORMAT, tmp_path, [example(), example()], WriteOptions(), Report())
    lines = files[0].read_text("utf-8").splitlines()
    files[0].write_text("\n".join([lines[0], lines[1].replace('"end":6', '"end":99')]), "utf-8")
    found, report = read_all(hf.FORMAT, target)
    assert (len(found), [problem.line for problem in report.problems]) == (1, [2])


def test_without_the_library_one_sentence_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'pip install "annotator\[hf\]"'):
        optional.library("a_library_that_is_not_there", "hf")
    if not HAS_ARROW:
        with pytest.raises(UserError, match="pyarrow"):
            parquet.FORMAT.write and parquet.FORMAT.write(
                [example()], tmp_path / "a.parquet", WriteOptions(), Report()
            )


@needs_arrow
def test_a_table_that_would_be_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, _files = written(parquet.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    monkeypatch.setattr(parquet, "_LARGEST", 100)
    with pytest.raises(InputError, match="larger than"):
        read_all(parquet.FORMAT, target)


@needs_arrow
def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="damaged"):
        read_all(parquet.FORMAT, path)
