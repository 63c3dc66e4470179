"""UIMA CAS as XMI and JSON: round trips, INCEpTION's and cassis' own files, hostile XML."""

from pathlib import Path

import orjson
import pytest

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, guess, uima_json, uima_xmi
from annotator.formats._shared.xml import is_writable
from annotator.model import AnnotationSet, Document, Label, Labelled, Layer, Names, Schema
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    plain_records,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import bare, read_all

WHOLE = ("document attributes", "metadata")
HEAD = (
    '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"'
    ' xmlns:c="http:///webanno/custom.ecore"'
    ' xmlns:s="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore">'
)
SOFA = '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="😊 دولت گفت"/></xmi:XMI>'


def _named(record: Labelled) -> Labelled:
    """Return a record whose attributes have names that features may have."""
    annotation_set = record.annotation_set
    assert annotation_set
    spans = tuple(
        span._replace(
            attributes={name.replace(" ", ""): value for name, value in span.attributes.items()}
        )
        for span in annotation_set.spans
    )
    relations = tuple(
        entry._replace(
            attributes={name.replace(" ", ""): value for name, value in entry.attributes.items()}
        )
        for entry in annotation_set.relations
    )
    return Labelled(
        record.document,
        AnnotationSet(
            annotation_set.annotator,
            annotation_set.status,
            spans,
            relations,
            annotation_set.attributes,
        ),
        record.schema,
    )


class _CasRoundTrip(PeerRoundTrip):
    whole = WHOLE
    records = plain_records(layers=("entities", "claims")).map(_named)
    attributes_kept = True


class TestXmi(_CasRoundTrip):
    format = uima_xmi.FORMAT


class TestJson(_CasRoundTrip):
    format = uima_json.FORMAT


del _CasRoundTrip


@pytest.mark.parametrize("entry", [uima_xmi.FORMAT, uima_json.FORMAT])
def test_the_example_counts_in_utf_16(tmp_path: Path, entry: object) -> None:
    chosen = uima_xmi.FORMAT if entry is uima_xmi.FORMAT else uima_json.FORMAT
    target, files = written(chosen, tmp_path, [example()], WriteOptions(), Report())
    content = files[0].read_text("utf-8").replace('"begin":12,"end":29', 'begin="12" end="29"')
    assert 'begin="12" end="29"' in content
    found, report = read_all(chosen, target)
    assert report.problems == []
    assert links_of(found[0]) == [("holder", example().document.text[11:28], "دولت")]
    assert bare(found[0]).document == bare(example()).document


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    for entry in (uima_xmi.FORMAT, uima_json.FORMAT):
        assert losses_of(entry, tmp_path / entry.id, gapped()) == {
            "paragraph directions": 1,
            "discontinuous": 1,
            "implicit arguments": 1,
            "value types": 4,
        }
    record = example()
    assert record.annotation_set
    span = record.annotation_set.spans[0]._replace(
        attributes={"a b": "1", "a_b": "2", "begin": "3", "9": "4"}
    )
    lost = losses_of(
        uima_xmi.FORMAT, tmp_path, Labelled(record.document, AnnotationSet(spans=(span,)))
    )
    assert lost == {"attribute names": 3, "attributes": 1}
    control = Labelled(Document("", "n", "a\x0bb"))
    assert not is_writable("a\x0bb")
    assert losses_of(uima_xmi.FORMAT, tmp_path, control) == {"documents": 1}


def _xmi(tmp_path: Path, body: str) -> tuple[list[Labelled], Report]:
    return read_text_as(uima_xmi.FORMAT, tmp_path, HEAD + body + SOFA)


def test_slots_arrays_tokens_and_strings_are_understood(tmp_path: Path) -> None:
    body = (
        '<s:Token xmi:id="2" sofa="1" begin="3" end="7" pos="8"/><s:Token xmi:id="3" sofa="1"'
        ' begin="8" end="11"/><c:Claim xmi:id="4" sofa="1" begin="3" end="11" value="X"'
        ' links="6"><tags>a</tags><tags>b</tags></c:Claim><c:Claim xmi:id="5" sofa="1" begin="8"'
        ' end="11" label="Y" next="4"/><c:Link xmi:id="6" role="who" target="5" sure="yes"/><c:Pos'
        ' xmi:id="8" sofa="1" begin="3" end="7" PosValue="N"/><c:Dep xmi:id="7" sofa="1" begin="0"'
        ' end="2" Governor="2" Dependent="3"/><c:Dep xmi:id="9" sofa="1" begin="0" end="2"'
        ' Governor="2" Dependent="99"/><c:Empty xmi:id="10" sofa="1" begin="2" end="2"/>'
    )
    found, report = _xmi(tmp_path, body)
    assert spans_of(found[0]) == [("X", 2, 10), ("Y", 7, 10), ("N", 2, 6), ("Token", 7, 10)]
    assert links_of(found[0]) == [
        ("Dep", "دولت", "گفت"),
        ("who", "دولت گفت", "گفت"),
        ("next", "گفت", "دولت گفت"),
    ]
    assert found[0].annotation_set
    assert dict(found[0].annotation_set.spans[0].attributes) == {"tags": ("a", "b")}
    assert (total(report, "relations"), total(report, "empty spans")) == (1, 1)


def test_the_schema_says_the_layer(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("claims", Names({}), labels=(Label("X", Names({})),)),)
    )
    content = HEAD + '<c:Claim xmi:id="4" sofa="1" begin="3" end="7" value="X"/>' + SOFA
    found, _report = read_text_as(uima_xmi.FORMAT, tmp_path, content, ReadOptions(schema=schema))
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].layer == "claims"


@pytest.mark.parametrize(
    "body",
    [
        '<c:X xmi:id="2" sofa="1" begin="1" end="2"/>',
        '<c:X xmi:id="2" sofa="1" begin="0" end="99"/>',
        '<c:X xmi:id="2" sofa="1" begin="a" end="2"/>',
        '<c:X xmi:id="2" sofa="1" begin="0"/>',
    ],
)
def test_an_impossible_offset_is_a_problem(tmp_path: Path, body: str) -> None:
    found, report = _xmi(tmp_path, body)
    assert (found, len(report.problems)) == ([], 1)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LAUGHS, "DOCTYPE"),
        (XXE, "DOCTYPE"),
        ('<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', "DOCTYPE"),
        ("<a>" * 300, "nested"),
        ("<a>&undefined;</a>", "not XML"),
        ("<a></b>", "not XML"),
        ("", "not XML"),
        ("<a/>", "no XMI"),
        ('<typeSystemDescription xmlns="x"/>', "type system"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "not XML"),
    ],
)
def test_hostile_or_broken_xml_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_text_as(uima_xmi.FORMAT, tmp_path, content)
    assert caught.value.problem.line >= 1


@pytest.mark.parametrize("content", ["[" * 200_000, "{", "NaN"])
def test_hostile_json_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError):
        read_text_as(uima_json.FORMAT, tmp_path, content)


@pytest.mark.parametrize(
    "plain",
    [
        [],
        {},
        {"%FEATURE_STRUCTURES": 7},
        {
            "%FEATURE_STRUCTURES": [
                {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "a"},
                {"%ID": 2, "%TYPE": "x.Y", "begin": 0, "end": 9},
            ]
        },
        {
            "%FEATURE_STRUCTURES": [
                {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "a"},
                {"%ID": 2, "%TYPE": "x.Y", "begin": 0},
            ]
        },
    ],
)
def test_a_wrong_json_cas_is_a_problem(tmp_path: Path, plain: object) -> None:
    found, report = read_text_as(uima_json.FORMAT, tmp_path, orjson.dumps(plain).decode())
    assert (found, len(report.problems)) == ([], 1)


def test_json_features_arrays_and_views(tmp_path: Path) -> None:
    sofas = [
        {"%ID": number, "%TYPE": "uima.cas.Sofa", "sofaString": text}
        for number, text in ((1, "ab"), (9, "other"))
    ]
    structures: list[dict[str, object]] = [
        {
            "%ID": 2,
            "%TYPE": "x.Y",
            "@sofa": 1,
            "begin": 0,
            "end": 1,
            "value": "V",
            "n": 3,
            "l": ["a"],
            "o": {"a": 1},
            "@links": 4,
        },
        {"%ID": 3, "%TYPE": "x.Z", "@sofa": 1, "begin": 1, "end": 2},
        {"%ID": 4, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [3]},
        {"%ID": 5, "%TYPE": "x.Z", "@sofa": 9, "begin": 1, "end": 2},
        {"%ID": 6, "%TYPE": "x.Z", "@sofa": 1, "begin": 0, "end": 2, "@none": 77, "@held": 7},
        {"%ID": 7, "%TYPE": "x.Held"},
    ]
    found, report = read_text_as(
        uima_json.FORMAT,
        tmp_path,
        orjson.dumps({"%FEATURE_STRUCTURES": [*sofas, *structures]}).decode(),
    )
    assert links_of(found[0]) == [("links", "a", "b")]
    assert found[0].annotation_set
    assert dict(found[0].annotation_set.spans[0].attributes) == {"n": 3, "l": ("a",)}
    assert (total(report, "features"), total(report, "views")) == (3, 1)


def test_peers_own_files(shared_data: Path) -> None:
    found, report = read_all(
        uima_json.FORMAT, shared_data / "dkpro_cassis/json-casWithTextAndAnnotations/data.json"
    )
    assert spans_of(found[0]) == [
        ("Annotation", 0, 4),
        ("Annotation", 5, 7),
        ("Annotation", 8, 9),
        ("Annotation", 10, 14),
    ]
    found, report = read_all(
        uima_xmi.FORMAT, shared_data / "dkpro_cassis/xmi/cas_with_references.xmi"
    )
    assert links_of(found[0]) == [("Bar", "dolor", "Lorem"), ("Baz", "dolor", "ametr")]
    path = shared_data / "uima_cas_inception/relation/simple/relation_test.xmi"
    found, report = read_all(uima_xmi.FORMAT, path)
    assert found[0].annotation_set
    assert [(span.label, span.text) for span in found[0].annotation_set.spans] == [
        *(
            ("city", "Darmstadt"),
            ("state", "Hessen"),
            ("city", "Hannover"),
            ("state", "Lower Saxony"),
        ),
    ]
    assert links_of(found[0]) == [("located in", "Darmstadt", "Hessen")]
    assert {change.kind for change in report.changes()} == {"newlines"}
    chosen = guess(path)
    assert chosen
    assert chosen.id == "uima-xmi"
    found, report = read_all(
        uima_xmi.FORMAT, shared_data / "dkpro_cassis/json-casWithTextAndAnnotations/debug.xmi"
    )
    assert (found, len(report.problems)) == ([], 1)
