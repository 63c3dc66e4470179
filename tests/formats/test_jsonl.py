"""Native JSON Lines: lossless, lenient about what is missing, strict about what is wrong."""

import hashlib
from pathlib import Path

import orjson
import pytest
from hypothesis import given

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, Report, WriteOptions, guess, jsonl
from annotator.formats._shared.json_record import KEYS, RELATION_KEYS, SPAN_KEYS
from annotator.model import AnnotationSet, Document, Labelled, Layer, Names, Relation, Schema, Span
from annotator.model import Label as LabelType
from tests.formats.round_trip import RoundTrip, read_all, records, total

TEXT = "😊 دولت گفت قیمت\u200cها پایین آمد."
SPAN = {"start": 2, "end": 6, "label": "ORG"}


class TestJsonl(RoundTrip):
    format = jsonl.FORMAT


def _file(tmp_path: Path, *plains: object) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b"\n".join(plain if isinstance(plain, bytes) else orjson.dumps(plain) for plain in plains)
    )
    return path


def _faults(tmp_path: Path, *plains: object) -> list[tuple[int, str]]:
    _found, report = read_all(jsonl.FORMAT, _file(tmp_path, *plains))
    return [(problem.line, problem.reason) for problem in report.problems]


def _one(tmp_path: Path, plain: object, options: ReadOptions | None = None) -> Labelled:
    found, report = read_all(jsonl.FORMAT, _file(tmp_path, plain), options)
    assert report.problems == []
    return found[0]


def _spans(record: Labelled) -> tuple[Span, ...]:
    assert record.annotation_set
    return record.annotation_set.spans


@given(record=records())
def test_every_line_has_the_same_keys_in_order(
    tmp_path_factory: pytest.TempPathFactory, record: Labelled
) -> None:
    path = tmp_path_factory.mktemp("j") / "a.jsonl"
    report = Report()
    jsonl.write([record, Labelled(record.document)], path, WriteOptions(), report)
    content = path.read_bytes()
    assert content.endswith(b"\n")
    assert b"\\u" not in content or "\\" in record.document.text
    lines = (
        [orjson.loads(line) for line in content.splitlines(keepends=False) if line]
        if b"\x85" not in content
        else []
    )
    for plain in lines:
        assert tuple(plain) == KEYS
        assert all(tuple(span) == SPAN_KEYS for span in plain["spans"])
        assert all(tuple(relation) == RELATION_KEYS for relation in plain["relations"])
        assert plain["text_sha256"] == hashlib.sha256(plain["text"].encode()).hexdigest()
    assert report.losses() == []


def test_a_bare_record_is_enough(tmp_path: Path) -> None:
    record = _one(
        tmp_path,
        {"text": TEXT, "spans": [SPAN, {**SPAN, "start": 11, "end": 28, "label": "CLAIM"}]},
    )
    assert [(span.layer, span.label, span.text, span.fragments) for span in _spans(record)] == [
        ("entities", "ORG", "دولت", ((2, 6),)),
        ("entities", "CLAIM", "قیمت\u200cها پایین آمد", ((11, 28),)),
    ]
    assert record.document.language == "fa"


def test_text_alone_is_a_document_without_a_layer(tmp_path: Path) -> None:
    assert _one(tmp_path, {"text": TEXT}).annotation_set is None


def test_a_label_finds_its_layer_in_the_schema_then_in_the_options(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("claims", Names({}), labels=(LabelType("ORG", Names({})),)),)
    )
    plain = {"text": TEXT, "spans": [SPAN, {**SPAN, "label": "X"}, {**SPAN, "layer": "mine"}]}
    record = _one(tmp_path, plain, ReadOptions(schema=schema, layer="other"))
    assert [span.layer for span in _spans(record)] == ["claims", "other", "mine"]


def test_spans_without_ids_get_the_same_ids_each_time(tmp_path: Path) -> None:
    plain = {"text": TEXT, "spans": [SPAN, SPAN, {**SPAN, "id": "s1"}], "relations": []}
    first, second = _one(tmp_path, plain), _one(tmp_path, plain)
    assert [span.id for span in _spans(first)] == [span.id for span in _spans(second)]
    assert len({span.id for span in _spans(first)}) == 3


def test_relations_without_ids_get_the_same_ids_each_time(tmp_path: Path) -> None:
    plain = {
        "text": TEXT,
        "spans": [{**SPAN, "id": "a"}, {**SPAN, "id": "b"}],
        "relations": [
            {"label": "holder", "head": "a", "child": "b"},
            {"label": "holder", "head": "a", "implicit": "author"},
        ],
    }
    first, second = _one(tmp_path, plain), _one(tmp_path, plain)
    assert first.annotation_set == second.annotation_set
    assert first.annotation_set
    assert all(relation.id for relation in first.annotation_set.relations)
    assert first.annotation_set.relations[1].child is None


def test_crlf_in_a_text_is_made_canonical_and_offsets_follow(tmp_path: Path) -> None:
    text = "\ufeffa\r\nb\r\ndef"
    plain = {
        "text": text,
        "spans": [{"start": 7, "end": 10, "label": "X", "text": "def"}],
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    found, report = read_all(jsonl.FORMAT, _file(tmp_path, plain))
    assert found[0].document.text == "a\nb\ndef"
    assert [(span.fragments, span.text) for span in _spans(found[0])] == [(((4, 7),), "def")]
    assert [loss.kind for loss in report.changes()] == ["newlines"]


def test_a_span_over_a_dropped_cr_alone_is_refused(tmp_path: Path) -> None:
    assert _faults(
        tmp_path, {"text": "a\r\nb", "spans": [{"start": 1, "end": 2, "label": "X"}]}
    ) == [(1, "the span covers a BOM or CR only, which is not kept")]


def test_unknown_keys_go_into_the_metadata(tmp_path: Path) -> None:
    plain = {"text": TEXT, "meta": {"b": 1}, "url": "x", "b": 2}
    found, report = read_all(jsonl.FORMAT, _file(tmp_path, plain))
    assert found[0].document.meta == {"b": 1, "url": "x"}
    assert total(report, "keys") == 1
    assert [loss.kind for loss in report.changes()] == ["keys"]


def test_unknown_keys_of_spans_and_relations_are_counted_as_lost(tmp_path: Path) -> None:
    plain = {
        "text": TEXT,
        "spans": [{**SPAN, "id": "a", "token_start": 1, "token_end": 1}],
        "relations": [{"label": "r", "head": "a", "child": "a", "color": "red"}],
    }
    _found, report = read_all(jsonl.FORMAT, _file(tmp_path, plain))
    assert total(report, "keys") == 3


def test_blank_lines_are_skipped_and_lines_are_counted(tmp_path: Path) -> None:
    path = _file(tmp_path, b"", {"text": "a"}, b"  \r", {"text": "b"}, b"")
    found, _report = read_all(jsonl.FORMAT, path)
    assert [(record.line, record.document.text) for record in found] == [(2, "a"), (4, "b")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_other_unicode_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(('{"text":"' + TEXT + '"}\n{"text":"b"}\n').encode(encoding))
    found, _report = read_all(jsonl.FORMAT, path)
    assert [record.document.text for record in found] == [TEXT, "b"]


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text":"Қала"}'.encode("kz1048"))
    found, _report = read_all(jsonl.FORMAT, path, ReadOptions(encoding="kz1048"))
    assert found[0].document.text == "Қала"


WRONG_SPANS = {
    "float offset": {"start": 2.0, "end": 6, "label": "X"},
    "text offset": {"start": "2", "end": 6, "label": "X"},
    "bool offset": {"start": True, "end": 6, "label": "X"},
    "no end": {"start": 2, "label": "X"},
    "outside": {"start": 2, "end": 99, "label": "X"},
    "negative": {"start": -1, "end": 3, "label": "X"},
    "reversed": {"start": 6, "end": 2, "label": "X"},
    "empty": {"start": 2, "end": 2, "label": "X"},
    "utf-16": {"start": 3, "end": 7, "label": "X", "text": "دولت"},
    "no label": {"start": 2, "end": 6},
    "empty label": {"start": 2, "end": 6, "label": ""},
    "label number": {"start": 2, "end": 6, "label": 1},
    "id number": {**SPAN, "id": 1},
    "layer list": {**SPAN, "layer": []},
    "note number": {**SPAN, "note": 1},
    "origin null is fine, number is not": {**SPAN, "origin": 3},
    "fragments disagree": {**SPAN, "fragments": [[2, 5]]},
    "start disagrees": {**SPAN, "start": 1, "fragments": [[2, 6]]},
    "fragments overlap": {"label": "X", "fragments": [[2, 6], [5, 8]]},
    "fragments of three": {"label": "X", "fragments": [[2, 6, 7]]},
    "fragments empty": {"label": "X", "fragments": []},
    "fragments no list": {"label": "X", "fragments": 5},
    "attributes list": {**SPAN, "attributes": [1]},
    "attributes empty list": {**SPAN, "attributes": []},
    "attribute object": {**SPAN, "attributes": {"a": {"b": 1}}},
    "attribute null": {**SPAN, "attributes": {"a": None}},
    "attribute list of numbers": {**SPAN, "attributes": {"a": [1]}},
    "no object": [2, 6, "X"],
}


@pytest.mark.parametrize("span", WRONG_SPANS.values(), ids=WRONG_SPANS.keys())
def test_a_wrong_span_is_an_error_with_its_line(tmp_path: Path, span: object) -> None:
    faults = _faults(tmp_path, {"text": "fine"}, {"text": TEXT, "spans": [span]})
    assert [line for line, _reason in faults] == [2]


TWO = [{**SPAN, "id": "a"}, {**SPAN, "id": "b"}]
WRONG_RECORDS = {
    "no text": {"spans": []},
    "text number": {"text": 5},
    "two spans of one id": {"text": TEXT, "spans": [TWO[0], TWO[0]]},
    "spans object": {"text": TEXT, "spans": {}},
    "spans text": {"text": TEXT, "spans": "x"},
    "unknown child": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "child": "z"}],
    },
    "unknown head": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "z", "implicit": "author"}],
    },
    "child and implicit": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "child": "b", "implicit": "author"}],
    },
    "neither": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "child": None}],
    },
    "odd implicit": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "implicit": "reader"}],
    },
    "implicit list": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "implicit": []}],
    },
    "child number": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "r", "head": "a", "child": 1}],
    },
    "child list": {
        "text": TEXT,
        "spans": TWO,
        "relations": [dict(zip(RELATION_KEYS, ["r1", "r", "a", [], None, {}], strict=True))],
    },
    "empty label": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"label": "", "head": "a", "child": "b"}],
    },
    "relation text": {"text": TEXT, "spans": TWO, "relations": ["r"]},
    "two relations of one id": {
        "text": TEXT,
        "spans": TWO,
        "relations": [{"id": "r", "label": "r", "head": "a", "child": "b"}] * 2,
    },
    "unit": {"text": TEXT, "offset_unit": "utf16"},
    "hash": {"text": TEXT, "text_sha256": "0" * 64},
    "status": {"text": TEXT, "status": "half"},
    "direction": {"text": TEXT, "direction": "up"},
    "language number": {"text": TEXT, "language": 1},
    "meta list": {"text": TEXT, "meta": [1]},
    "attributes text": {"text": TEXT, "attributes": "x"},
    "nul": {"text": "a\x00b"},
    "nul in a note": {"text": TEXT, "spans": [{**SPAN, "note": "\x00"}]},
    "nul in the metadata": {"text": TEXT, "meta": {"a": ["\x00"]}},
    "array": [{"text": TEXT}],
    "number": 5,
    "cut off": b'{"text":"abc","spans":[{"start"',
    "no json": b"text",
    "lone surrogate": b'{"text":"\\ud800"}',
    "no utf-8": b'{"text":"\xff"}',
    "large number": b'{"text":"a","meta":{"n":123456789012345678901234567890}}',
    "large number in a strange key": b'{"text":"a","n":[123456789012345678901234567890]}',
    "deep": b'{"text":"a","meta":{"a":' + b"[" * 300 + b"]" * 300 + b"}}",
    "deeper": b'{"text":"a","meta":{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}}",
}


@pytest.mark.parametrize("plain", WRONG_RECORDS.values(), ids=WRONG_RECORDS.keys())
def test_a_wrong_record_is_an_error_with_its_line(tmp_path: Path, plain: object) -> None:
    faults = _faults(tmp_path, {"text": "fine"}, b"", plain, {"text": "fine"})
    assert [line for line, _reason in faults] == [3]


def test_a_backslash_before_u0000_is_no_nul(tmp_path: Path) -> None:
    assert _one(tmp_path, {"text": "\\u0000"}).document.text == "\\u0000"


def test_reading_stops_after_a_hundred_problems(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        _faults(tmp_path, *[b"x"] * 200)


def test_a_null_is_as_good_as_a_missing_key(tmp_path: Path) -> None:
    plain = {
        "text": TEXT,
        "id": None,
        "spans": [{**SPAN, "note": None, "attributes": None, "fragments": None}],
        "relations": None,
        "meta": None,
    }
    assert _spans(_one(tmp_path, plain))[0].note == ""


@pytest.mark.parametrize(
    "line",
    [
        b'{"data":{"text":"a"}}',
        b'{"id":1,"text":"a","label":[[0,1,"X"]]}',
        b'{"text":"a","_input_hash":1,"spans":[],"answer":"accept"}',
        b'[{"text":"a","spans":[]}]',
        b'{"spans":[]}',
        "слово O\n".encode(),
        b"",
    ],
)
def test_records_of_other_tools_are_not_taken_for_ours(tmp_path: Path, line: bytes) -> None:
    assert jsonl.sniff(line + b"\n", tmp_path / "a.jsonl") == 0


def test_a_long_first_line_is_recognised_by_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    jsonl.write([Labelled(Document("a", 'b"', "слово " * 20_000))], path, WriteOptions(), Report())
    found = guess(path)
    assert found
    assert found.id == "jsonl"


def test_only_chosen_layers_are_written_and_cut_relations_are_counted(tmp_path: Path) -> None:
    spans = tuple(
        Span(name, layer, "X", ((0, 1),), "a")
        for name, layer in (("s1", "entities"), ("s2", "claims"), ("s3", "claims"))
    )
    relations = (
        Relation("r1", "r", "s2", "s1"),
        Relation("r2", "r", "s2", "s3"),
        Relation("r3", "r", "s1", None, "author"),
    )
    report = Report()
    path = tmp_path / "a.jsonl"
    jsonl.write(
        [Labelled(Document("", "", "abc"), AnnotationSet("a1", spans=spans, relations=relations))],
        path,
        WriteOptions(layers=("claims",)),
        report,
    )
    found, _told = read_all(jsonl.FORMAT, path)
    assert found[0].annotation_set
    assert [span.id for span in found[0].annotation_set.spans] == ["s2", "s3"]
    assert [relation.id for relation in found[0].annotation_set.relations] == ["r2"]
    assert total(report, "relations") == 1


def test_a_span_that_does_not_cover_its_text_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("before")
    wrong = AnnotationSet("a1", spans=(Span("s1", "entities", "X", ((0, 1),), "z"),))
    with pytest.raises(UserError, match="does not cover"):
        jsonl.write([Labelled(Document("", "n", "abc"), wrong)], path, WriteOptions(), Report())
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.jsonl"]


def test_writing_where_nobody_can_write_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        jsonl.write([], tmp_path / "file" / "a.jsonl", WriteOptions(), Report())


def test_directions_of_paragraphs_are_carried_and_follow_the_newlines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = {"id": "a", "text": "سلام\r\nab", "paragraph_directions": [[6, "rtl"]], "spans": []}
    path.write_bytes(orjson.dumps(line))
    (record,) = jsonl.read(path, ReadOptions(), Report())
    assert record.document.paragraph_directions == ((5, "rtl"),)
    jsonl.write([record], path, WriteOptions(), Report())
    (again,) = jsonl.read(path, ReadOptions(), Report())
    assert again.document.paragraph_directions == record.document.paragraph_directions


@pytest.mark.parametrize("wrong", [[[0, "up"]], [[99, "rtl"]], ["rtl"], [[0]]])
def test_impossible_directions_of_paragraphs_are_refused(
    tmp_path: Path, wrong: list[object]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps({"id": "a", "text": "سلام", "paragraph_directions": wrong}))
    report = Report()
    assert list(jsonl.read(path, ReadOptions(), report)) == []
    assert report.problems
