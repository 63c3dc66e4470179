"""Other programs read what we write: each by its own reader, on our samples.

Skipped where it is not installed (extra “peers”).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.formats import ReadOptions as Options
from annotator.formats import Report, WriteOptions, find_format
from annotator.formats.label_studio import config_of
from annotator.model import AnnotationSet, Labelled
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files

SCHEMA = load_schema("news")
WRITE = WriteOptions(schema=SCHEMA)


@pytest.fixture(scope="module")
def records() -> list[Labelled]:
    """The gold layers of all samples."""
    read = find_format("jsonl").read
    assert read
    found = [
        record for path in sample_files() for record in read(path, Options(schema=SCHEMA), Report())
    ]
    gold = [
        record
        for record in found
        if record.annotation_set and record.annotation_set.annotator == "gold"
    ]
    assert sum(len(record.annotation_set.spans) for record in gold if record.annotation_set) > 500
    return gold


def _written(name: str, records: list[Labelled], target: Path) -> list[Path]:
    write = find_format(name).write
    assert write
    return write(records, target, WRITE, Report())


def _spans(record: Labelled) -> list[tuple[str, str]]:
    """Return label and text of each span of one fragment, sorted."""
    annotation_set = record.annotation_set or AnnotationSet()
    return sorted(
        (span.label, span.text) for span in annotation_set.spans if len(span.fragments) == 1
    )


# ── UIMA ──────────────────────────────────────────────────────────────────────────────────────────


def _cas_spans(cas: Any, record: Labelled) -> list[tuple[str, str]]:
    """Return label and covered text of the spans of a CAS that ours has in one fragment."""
    wanted = _spans(record)
    found = [(entry.value, entry.get_covered_text()) for entry in cas.select("webanno.custom.Span")]
    return sorted(pair for pair in found if pair in wanted)


def test_cassis_reads_our_xmi_and_we_read_what_it_writes(
    records: list[Labelled], tmp_path: Path
) -> None:
    cassis = pytest.importorskip("cassis", reason="needs the extra “peers”")
    files = _written("uima-xmi", records, tmp_path)
    with files[-1].open("rb") as types:
        known = cassis.load_typesystem(types)
    for path, record in zip(files[:-1], records, strict=True):
        with path.open("rb") as file:
            cas = cassis.load_cas_from_xmi(file, typesystem=known)
        assert cas.sofa_string == record.document.text
        assert _cas_spans(cas, record) == _spans(record)
        cas.to_xmi(path)
        _check_read("uima-xmi", path, record)


def test_cassis_reads_our_json_and_we_read_what_it_writes(
    records: list[Labelled], tmp_path: Path
) -> None:
    cassis = pytest.importorskip("cassis", reason="needs the extra “peers”")
    for path, record in zip(_written("uima-json", records, tmp_path), records, strict=True):
        with path.open("rb") as file:
            cas = cassis.load_cas_from_json(file)
        assert cas.sofa_string == record.document.text
        assert _cas_spans(cas, record) == _spans(record)
        assert len(list(cas.select("webanno.custom.Relation"))) == sum(
            1 for entry in (record.annotation_set or AnnotationSet()).relations if entry.child
        )
        cas.to_json(path)
        _check_read("uima-json", path, record)


def _check_read(name: str, path: Path, record: Labelled) -> None:
    read, report = find_format(name).read, Report()
    assert read
    found = list(read(path, Options(schema=SCHEMA), report))
    assert report.problems == []
    assert set(_spans(record)) <= set(_spans(found[0]))


# ── Label Studio, GATE, CoNLL ─────────────────────────────────────────────────────────────────────


def test_label_studios_sdk_takes_our_configuration_and_our_annotations(
    records: list[Labelled], tmp_path: Path
) -> None:
    interface_of = pytest.importorskip(
        "label_studio_sdk.label_interface", reason="needs the extra “peers”", exc_type=ImportError
    )
    interface = interface_of.LabelInterface(config_of(SCHEMA))
    interface.validate()
    tasks = orjson.loads(_written("label-studio", records, tmp_path / "tasks.json")[0].read_bytes())
    assert len(tasks) == len(records)
    for task in tasks:
        assert interface.validate_task({"data": task["data"]})
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation)


def test_label_studios_converter_reads_our_annotations(
    records: list[Labelled], tmp_path: Path
) -> None:
    converter = pytest.importorskip(
        "label_studio_sdk.converter", reason="needs the extra “peers”", exc_type=ImportError
    )
    source = _written("label-studio", records, tmp_path / "tasks.json")[0]
    made = converter.Converter(config_of(SCHEMA), str(tmp_path), download_resources=False)
    made.convert_to_json_min(str(source), str(tmp_path / "out"), is_dir=False)
    rows = orjson.loads((tmp_path / "out" / "result.json").read_bytes())
    for row, record in zip(rows, records, strict=True):
        assert row["text"] == record.document.text
        found = [
            (entry["labels"][0], entry["text"])
            for layer in SCHEMA.layers
            for entry in row.get(layer.id, [])
        ]
        assert set(_spans(record)) <= set(found)


def test_gatenlp_reads_our_bdoc(records: list[Labelled], tmp_path: Path) -> None:
    gatenlp = pytest.importorskip("gatenlp", reason="needs the extra “peers”", exc_type=ImportError)
    for path, record in zip(_written("gate-json", records, tmp_path), records, strict=True):
        document = gatenlp.Document.load(str(path), fmt="json")
        assert document.text == record.document.text
        found = [(entry.type, document[entry]) for entry in document.annset("gold")]
        assert set(_spans(record)) <= set(found)


def test_conllu_parses_what_we_write(records: list[Labelled], tmp_path: Path) -> None:
    conllu = pytest.importorskip("conllu", reason="needs the extra “peers”")
    path = _written("conllu", records, tmp_path / "a.conllu")[0]
    sentences = conllu.parse(path.read_text("utf-8"))
    texts = "\n".join(record.document.text for record in records)
    assert len(sentences) >= len(records)
    for sentence in sentences:
        place = 0
        for token in sentence:
            place = sentence.metadata["text"].index(token["form"], place) + len(token["form"])
        assert sentence.metadata["text"].split("\\n")[0] in texts


def test_seqeval_finds_the_entities_in_our_conll(records: list[Labelled], tmp_path: Path) -> None:
    labeling = pytest.importorskip(
        "seqeval.metrics.sequence_labeling", reason="needs the extra “peers”", exc_type=ImportError
    )
    write = find_format("conll").write
    assert write
    for scheme in ("IOB2", "BIOES"):
        path = write(
            records,
            tmp_path / f"{scheme}.conll",
            WriteOptions(layers=("entities",), schema=SCHEMA, scheme=scheme),
            Report(),
        )[0]
        tags = list(_tags(path))
        assert len({word for _word, tag in tags for word in (tag[0],)} - set("BIESO")) == 0
        found = labeling.get_entities([tag for _word, tag in tags])
        begins = sum(tag[0] in "BS" for _word, tag in tags)
        assert len(found) == begins > 400


def _tags(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").split("\n"):
        fields = line.split()
        if fields and not line.startswith(("#", "-DOCSTART-")):
            yield fields[0], fields[-1]


# ── brat ──────────────────────────────────────────────────────────────────────────────────────────

BRAT = {
    "T": r"T\d+\t[^\s\t]+ \d+ \d+(;\d+ \d+)*\t[^\n]*",
    "R": r"R\d+\t[^\s]+ [^\s:]+:T\d+ [^\s:]+:T\d+\t?",
    "A": r"[AM]\d+\t[^\s]+ [TR]\d+( [^\s]+)?",
    "#": r"#\d+\t[^\s]+ [TRA]\d+\t[^\n]*",
}


def test_our_standoff_keeps_to_brats_grammar(records: list[Labelled], tmp_path: Path) -> None:
    files = [path for path in _written("brat", records, tmp_path) if path.suffix == ".ann"]
    kinds = set()
    for path in files:
        text = path.with_suffix(".txt").read_text("utf-8")
        for line in path.read_text("utf-8").splitlines():
            kind = "A" if line[0] == "M" else line[0]
            kinds.add(kind)
            assert re.fullmatch(BRAT[kind], line), line
            if kind == "T":
                _name, place, stated = line.split("\t")
                pairs = [
                    tuple(map(int, pair.split())) for pair in place.partition(" ")[2].split(";")
                ]
                assert " ".join(text[start:end] for start, end in pairs) == stated
    assert {"T", "R", "A"} <= kinds


# ── doccano ───────────────────────────────────────────────────────────────────────────────────────


def test_doccanos_parser_reads_our_lines(records: list[Labelled], tmp_path: Path) -> None:
    parsers = pytest.importorskip(
        "backend.data_import.pipeline.parsers",
        reason="needs doccano's own package",
        exc_type=ImportError,
    )
    path = _written("doccano", records, tmp_path / "a.jsonl")[0]
    parser = parsers.JSONLParser(encoding="utf_8")
    rows = list(parser.parse(str(path)))
    assert parser.errors == []
    for row, record in zip(rows, records, strict=True):
        units = row["text"].encode("utf-16-le")
        places = [
            (entry["label"], 2 * entry["start_offset"], 2 * entry["end_offset"])
            for entry in row["entities"]
        ]
        found = [(label, units[start:end].decode("utf-16-le")) for label, start, end in places]
        assert row["text"] == record.document.text
        assert set(_spans(record)) <= set(found)
