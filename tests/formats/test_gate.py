"""GATE: bdoc JSON both ways in both units, GATE XML with nodes, annotation sets as annotators."""

from pathlib import Path

import orjson
import pytest

from annotator.errors import InputError
from annotator.formats import Report, WriteOptions, gate_json, gate_xml, guess
from annotator.model import AnnotationSet, Document, Labelled
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    losses_of,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import VALUES, read_all, records

BDOC = {
    "annotation_sets": {
        "": {
            "annotations": [{"type": "Entity", "start": 2, "end": 6, "id": 0, "features": {}}],
            "next_annid": 1,
        },
        "Key": {
            "annotations": [
                {
                    "type": "Claim",
                    "start": 11,
                    "end": 28,
                    "id": 1,
                    "features": {"stance": "support", "holder": 0, "o": {}},
                }
            ]
        },
    },
    "text": example().document.text,
    "features": {"topic": "prices"},
    "offset_type": "p",
    "name": "rasht",
}
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<GateDocument version="3"><GateDocumentFeatures>'
    "<Feature><Name>id</Name><Value>7</Value></Feature></GateDocumentFeatures>\n"
    "<TextWithNodes>😊"
    ' <Node id="3"/>دولت<Node id="7"/> &amp;</TextWithNodes>\n<AnnotationSet Name="Key"><Annotation'
    ' Id="1" Type="ORG" StartNode="3" EndNode="7"/><Annotation Id="2" Type="Token" StartNode="3"'
    ' EndNode="7"/><Annotation Id="3" Type="Point" StartNode="7"'
    ' EndNode="7"/></AnnotationSet></GateDocument>'
)


def _view(annotation_set: AnnotationSet) -> object:
    relations = sorted(
        str(entry._replace(attributes=dict(entry.attributes))) for entry in annotation_set.relations
    )
    spans = [span._replace(attributes=dict(span.attributes)) for span in annotation_set.spans]
    return (
        annotation_set.annotator,
        annotation_set.status,
        spans,
        relations,
        dict(annotation_set.attributes),
    )


def _plain_spans(record: Labelled) -> Labelled:
    """Return a record whose spans have one fragment each."""
    annotation_set, text = record.annotation_set, record.document.text
    assert annotation_set
    spans = tuple(
        span._replace(fragments=((span.start, span.end),), text=text[span.start : span.end])
        for span in annotation_set.spans
    )
    return Labelled(
        record.document,
        AnnotationSet(
            annotation_set.annotator,
            annotation_set.status,
            spans,
            annotation_set.relations,
            annotation_set.attributes,
        ),
        record.schema,
    )


class TestBdoc(PeerRoundTrip):
    format = gate_json.FORMAT
    records = records(values=VALUES, layers=("entities", "claims")).map(_plain_spans)
    attributes_kept = True

    def keep(self, record: Labelled) -> object:
        annotation_set = record.annotation_set
        assert annotation_set
        return (
            record.document.text,
            record.document.id,
            record.document.meta,
            record.schema,
            _view(annotation_set),
        )


@pytest.mark.parametrize(("kind", "shift"), [("p", 0), ("j", 1)])
def test_bdoc_says_its_unit_and_sets_are_annotators(tmp_path: Path, kind: str, shift: int) -> None:
    content = orjson.dumps(BDOC).decode().replace('"offset_type":"p"', f'"offset_type":"{kind}"')
    for place in (28, 11, 6, 2):
        content = content.replace(f":{place},", f":{place + shift},")
    found, report = read_text_as(gate_json.FORMAT, tmp_path, content)
    assert report.problems == []
    assert [
        (record.annotation_set.annotator, spans_of(record))
        for record in found
        if record.annotation_set
    ] == [
        ("", [("Entity", 2, 6)]),
        ("Key", [("Claim", 11, 28)]),
    ]
    assert found[1].annotation_set
    assert dict(found[1].annotation_set.spans[0].attributes) == {"stance": "support", "holder": 0}
    assert found[0].document.meta == {"topic": "prices"}
    assert total(report, "features") == 1


def test_several_annotators_of_a_document_share_a_file(tmp_path: Path) -> None:
    first = example()
    assert first.annotation_set
    second = Labelled(first.document, AnnotationSet("a2"), first.schema)
    bare = Labelled(Document("", "bare", "text"))
    _target, files = written(
        gate_json.FORMAT, tmp_path, [first, second, second, bare], WriteOptions(), Report()
    )
    assert [path.name for path in files] == [
        "0001-rasht.bdocjs",
        "0002-rasht.bdocjs",
        "0003-bare.bdocjs",
    ]
    assert list(orjson.loads(files[0].read_bytes())["annotation_sets"]) == ["a1", "a2"]
    found, _report = read_all(gate_json.FORMAT, files[2])
    assert found[0].annotation_set is None


@pytest.mark.parametrize(
    "changed",
    [
        {"text": 7},
        {"offset_type": "x"},
        {"annotation_sets": []},
        {"annotation_sets": {"": []}},
        {"annotation_sets": {"": {"annotations": [{"type": "X", "start": 0, "end": 99, "id": 0}]}}},
        {
            "annotation_sets": {
                "": {
                    "annotations": [
                        {
                            "type": "X",
                            "start": 0,
                            "end": 1,
                            "features": {"relations": [{"label": "r", "implicit": "me"}]},
                        }
                    ]
                }
            }
        },
    ],
)
def test_a_wrong_bdoc_is_a_problem(tmp_path: Path, changed: dict[str, object]) -> None:
    found, report = read_text_as(
        gate_json.FORMAT, tmp_path, orjson.dumps({**BDOC, **changed}).decode()
    )
    assert (found, len(report.problems)) == ([], 1)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(gate_json.FORMAT, tmp_path, gapped()) == {
        "paragraph directions": 1,
        "discontinuous": 1,
    }
    record = example()
    assert record.annotation_set
    span = record.annotation_set.spans[0]._replace(attributes={"note": "x"})
    document = Document("", "n", record.document.text, meta={"annotator": 1})
    assert losses_of(
        gate_json.FORMAT, tmp_path, Labelled(document, AnnotationSet(spans=(span,)))
    ) == {
        "attributes": 1,
        "metadata": 1,
    }


def test_gate_xml_counts_its_nodes_in_utf_16(tmp_path: Path) -> None:
    found, report = read_text_as(gate_xml.FORMAT, tmp_path, XML)
    assert found[0].document.text == "😊 دولت &"
    assert spans_of(found[0]) == [("ORG", 2, 6)]
    assert found[0].document.meta == {"id": "7"}
    assert (total(report, "technical annotations"), total(report, "empty spans")) == (1, 1)
    bare, _report = read_text_as(
        gate_xml.FORMAT, tmp_path, XML.replace('Name="Key"', 'Name="Original markups"')
    )
    assert bare[0].annotation_set is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<Node id="7"/>', '<Node id="6"/>'),
        ("TextWithNodes>", "Text>"),
        ("GateDocument", "Other"),
        ("</GateDocument>", ""),
    ],
)
def test_wrong_nodes_and_elements_are_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(InputError) as caught:
        read_text_as(gate_xml.FORMAT, tmp_path, XML.replace(old, new))
    assert caught.value.problem.line in (2, 3, 4)


def test_an_annotation_without_its_node_is_a_problem(tmp_path: Path) -> None:
    found, report = read_text_as(
        gate_xml.FORMAT, tmp_path, XML.replace('StartNode="3"', 'StartNode="4"')
    )
    assert (found, [problem.line for problem in report.problems]) == ([], [3])


def test_the_tweets_of_the_broad_twitter_corpus(shared_data: Path) -> None:
    files = sorted((shared_data / "btc_gatexml").glob("*.xml"))
    people: list[str] = []
    for path in files:
        chosen = guess(path)
        assert chosen
        assert chosen.id == "gate-xml"
        found, report = read_all(gate_xml.FORMAT, path)
        assert report.problems == []
        people += [
            span.text
            for record in found
            if record.annotation_set
            for span in record.annotation_set.spans
            if span.label == "Person"
        ]
    assert (len(files), len(people)) == (25, 35)
    assert "Daniel James Evans" in people
