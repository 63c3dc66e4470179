"""doccano: both shapes, the three ways in which it counts, and its own fixtures."""

from pathlib import Path

import orjson
import pytest

from annotator.errors import UserError
from annotator.formats import ReadOptions, Report, WriteOptions, doccano, guess
from annotator.model import Document, Labelled
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import read_all

WHOLE = (
    "annotators",
    "status",
    "schema",
    "direction",
    "document attributes",
    "attributes",
    "notes",
    "origins",
)


class TestDoccano(PeerRoundTrip):
    format = doccano.FORMAT
    whole = WHOLE


def test_the_offsets_of_the_example_are_utf_16(tmp_path: Path) -> None:
    target, _files = written(doccano.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    plain = orjson.loads(target.read_bytes())
    assert [(entry["start_offset"], entry["end_offset"]) for entry in plain["entities"]] == [
        (3, 7),
        (12, 29),
    ]
    assert plain["relations"] == [{"id": 1, "from_id": 2, "to_id": 1, "type": "holder"}]
    found, _report = read_all(doccano.FORMAT, target)
    assert links_of(found[0]) == [("holder", "قیمت\u200cها پایین آمد", "دولت")]


@pytest.mark.parametrize(
    ("offsets", "unit"),
    [([[3, 7], [12, 29]], ""), ([[2, 6], [11, 28]], "codepoint"), ([[2, 6], [11, 27]], "grapheme")],
)
def test_the_unit_is_told_by_the_boundaries_of_words(
    tmp_path: Path, offsets: list[list[int]], unit: str
) -> None:
    entry = {"text": example().document.text, "label": [[*place, "X"] for place in offsets]}
    found, report = read_text_as(doccano.FORMAT, tmp_path, orjson.dumps(entry).decode())
    assert report.problems == []
    assert spans_of(found[0]) == [("X", 2, 6), ("X", 11, 28)]
    assert [unit in change.why for change in report.changes()] == ([True] if unit else [])


def test_offsets_that_fit_in_several_units_are_refused_unless_one_is_chosen(tmp_path: Path) -> None:
    line = '{"text":"😊😊😊 a b c d","label":[[5,6,"X"]]}'
    found, report = read_text_as(
        doccano.FORMAT, tmp_path, '{"text":"😊 a b","label":[[4,5,"X"]]}'.replace("[4,5", "[2,3")
    )
    assert spans_of(found[0]) == [("X", 2, 3)]
    found, report = read_text_as(
        doccano.FORMAT, tmp_path, '{"text":"😊😊 a b c","label":[[5,6,"X"]]}'
    )
    assert (found, len(report.problems)) == ([], 1)
    assert "several ways" in report.problems[0].reason
    found, report = read_text_as(doccano.FORMAT, tmp_path, line, ReadOptions(unit="codepoint"))
    assert spans_of(found[0]) == [("X", 5, 6)] or report.problems


@pytest.mark.parametrize(
    "line",
    [
        '{"text":"ab","label":[[0,9,"X"]]}',
        '{"text":"ab","label":[[1,1,"X"]]}',
        '{"text":"ab","label":[[0,true,"X"]]}',
        '{"text":"ab","label":[[0,1]]}',
        '{"text":"ab","label":[7]}',
        '{"text":"ab","label":{"a":1}}',
        '{"text":"ab","label":[[0,1,""]]}',
        '{"text":"ab","entities":[],"relations":[{"from_id":1,"to_id":2,"type":"x"}]}',
        '{"text":"ab","entities":[{"id":1,"start_offset":0,"end_offset":1,"label":"X"}],"relations":[{"from_id":1,"to_id":1,"type":""}]}',
        '{"text":7,"label":[]}',
        '{"text":"a\\u0000","label":[]}',
        '{"text":"ab","label":[],"offset_unit":"byte"}',
        '{"text":"ab","label":[],"meta":7}',
        '{"text":"ab"',
        "[1]",
        '{"text":"\\ud800","label":[]}',
        '{"text":NaN}',
    ],
)
def test_a_broken_line_is_a_problem_with_its_number(tmp_path: Path, line: str) -> None:
    found, report = read_text_as(doccano.FORMAT, tmp_path, f'{{"text":"ok","label":[]}}\n{line}\n')
    assert [problem.line for problem in report.problems] == [2]
    assert len(found) == 1


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no unit"):
        read_text_as(doccano.FORMAT, tmp_path, "{}", ReadOptions(unit="byte"))


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    lost = losses_of(doccano.FORMAT, tmp_path, gapped())
    assert lost == {
        "direction": 1,
        "annotators": 1,
        "status": 1,
        "attributes": 2,
        "discontinuous": 1,
        "implicit arguments": 1,
    }
    found, _report = read_all(doccano.FORMAT, tmp_path / "out.doccano.jsonl")
    assert spans_of(found[0]) == [("CLAIM", 2, 6), ("CLAIM", 11, 18)]
    clash = Labelled(Document("d", "", "a", "", meta={"label": 1, "entities": 2, "kept": 3}))
    assert losses_of(doccano.FORMAT, tmp_path, clash)["metadata"] == 2


def test_its_own_fixtures_are_read_as_it_reads_them(shared_data: Path) -> None:
    folder = shared_data / "doccano"
    found, report = read_all(doccano.FORMAT, folder / "sequence_labeling/example.jsonl")
    assert [(record.document.text, spans_of(record)) for record in found] == [
        ("exampleA", [("LOC", 0, 1)]),
        ("exampleB", []),
    ]
    assert total(report, "records without text") == 1
    found, report = read_all(doccano.FORMAT, folder / "relation_extraction/example.jsonl")
    assert spans_of(found[0]) == [
        ("ORG", 0, 6),
        ("DATE", 22, 39),
        ("PERSON", 44, 54),
        ("PERSON", 59, 70),
    ]
    assert len(links_of(found[0])) == 3
    found, _report = read_all(
        doccano.FORMAT, folder / "sequence_labeling/example_overlapping.jsonl"
    )
    assert spans_of(found[0]) == [("LOC", 0, 1), ("LOC", 0, 1)]
    found, _report = read_all(doccano.FORMAT, folder / "text_classification/example.jsonl")
    assert [
        dict(record.annotation_set.attributes) for record in found if record.annotation_set
    ] == [
        *({"labels": ("positive",)}, {"labels": ("positive", "negative")}, {}),
    ]
    found, _report = read_all(doccano.FORMAT, folder / "intent/example.jsonl")
    assert [
        (dict(record.annotation_set.attributes), spans_of(record))
        for record in found
        if record.annotation_set
    ] == [
        *(
            ({"cats": ("positive",)}, [("LOC", 0, 1)]),
            ({"cats": ("positive",)}, []),
            ({}, [("LOC", 0, 1)]),
            ({}, []),
        ),
    ]
    for name in (
        "sequence_labeling/example.jsonl",
        "relation_extraction/example.jsonl",
        "text_classification/example.jsonl",
    ):
        chosen = guess(folder / name)
        assert chosen
        assert chosen.id == "doccano"


def test_a_json_array_read_as_lines_imports_nothing(shared_data: Path) -> None:
    found, report = read_all(
        doccano.FORMAT, shared_data / "doccano/text_classification/example.json"
    )
    assert found == []
    assert report.problems
