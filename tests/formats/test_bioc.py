"""BioC: passages and sentences, offsets from either begin, INCEpTION's own files."""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, bioc, guess
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
from tests.formats.round_trip import read_all

RIGHT = "<collection><document><id>d</id><infon key='k'>v</infon>{}</document></collection>"
ANNOTATION = (
    "<annotation id='{}'><infon key='type'>X</infon><location offset='{}'"
    " length='{}'/><text>{}</text></annotation>"
)


class TestBioc(PeerRoundTrip):
    format = bioc.FORMAT
    whole = ("document attributes", "metadata")
    records = plain_records(layers=("entities", "claims"))
    attributes_kept = True


def test_the_example_keeps_everything_but_its_metadata(tmp_path: Path) -> None:
    target, _files = written(bioc.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    found, report = read_all(bioc.FORMAT, target)
    assert report.problems == []
    assert found[0].annotation_set == example().annotation_set


def _read(
    tmp_path: Path, body: str, options: ReadOptions | None = None
) -> tuple[list[Labelled], Report]:
    return read_text_as(bioc.FORMAT, tmp_path, RIGHT.format(body), options)


def test_passages_and_sentences_make_a_text_and_offsets_count_from_the_document(
    tmp_path: Path,
) -> None:
    first = (
        "<passage><infon key='type'>title</infon><offset>0</offset><text>One two</text>"
        + ANNOTATION.format("1", 4, 3, "two")
        + "</passage>"
    )
    second = (
        "<passage><offset>20</offset><sentence><offset>20</offset><text>Three.</text>"
        + ANNOTATION.format("2", 20, 5, "Three")
        + "</sentence><sentence><offset>27</offset><text>Four</text></sentence>"
        "<sentence><offset>31</offset><text>!</text></sentence></passage>"
    )
    relation = (
        "<relation id='r'><infon key='type'>of</infon><node refid='2' role='target'/><node"
        " refid='1' role='source'/></relation>"
    )
    odd = "<relation id='r'><infon key='type'>of</infon><node refid='2' role='a'/></relation>"
    found, report = _read(tmp_path, first + second + relation + odd)
    assert report.problems == []
    assert found[0].document.text == "One two\nThree. Four!"
    assert spans_of(found[0]) == [("X", 4, 7), ("X", 8, 13)]
    assert links_of(found[0]) == [("of", "two", "Three")]
    assert (found[0].document.name, found[0].document.meta) == ("d", {"k": "v"})
    assert (total(report, "relations"), total(report, "passages' notes")) == (1, 1)


def test_offsets_in_utf_16_or_bytes_are_recognised_from_the_texts(tmp_path: Path) -> None:
    text = "<passage><offset>0</offset><text>😊 дом и сад</text>{}</passage>"
    for start, length in ((2, 3), (3, 3), (5, 6)):
        found, report = _read(tmp_path, text.format(ANNOTATION.format("1", start, length, "дом")))
        assert spans_of(found[0]) == [("X", 2, 5)]
        assert len(report.changes()) == (start != 2)


def test_the_schema_says_the_layer(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("claims", Names({}), labels=(Label("X", Names({})),)),)
    )
    body = "<passage><text>ab</text>" + ANNOTATION.format("1", 0, 2, "ab") + "</passage>"
    found, _report = _read(tmp_path, body, ReadOptions(schema=schema))
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].layer == "claims"


@pytest.mark.parametrize(
    "body",
    [
        "<passage><offset>0</offset><text>ab</text>"
        + ANNOTATION.format("1", 0, 9, "ab")
        + "</passage>",
        "<passage><offset>0</offset><text>ab</text>"
        + ANNOTATION.format("1", "x", 1, "a")
        + "</passage>",
        (
            "<passage><offset>0</offset><text>ab</text><annotation id='1'><infon"
            " key='type'>X</infon></annotation></passage>"
        ),
        (
            "<passage><offset>0</offset><text>ab</text><relation id='r'><node refid='1'/><node"
            " refid='2'/></relation></passage>"
        ),
        "<passage><offset>5</offset><text>ab</text>"
        + ANNOTATION.format("1", 90, 1, "a")
        + "</passage>",
        "<passage><offset>x</offset><text>ab</text></passage>",
    ],
)
def test_a_wrong_document_is_a_problem_with_its_line(tmp_path: Path, body: str) -> None:
    found, report = _read(tmp_path, body)
    assert (found, [problem.line for problem in report.problems]) == ([], [1])


def test_what_is_no_collection_is_refused(tmp_path: Path) -> None:
    for content in ("<a/>", "<collection>", '<!DOCTYPE collection SYSTEM "BioC.dtd"><collection/>'):
        with pytest.raises(InputError):
            read_text_as(bioc.FORMAT, tmp_path, content)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(bioc.FORMAT, tmp_path, gapped()) == {
        "paragraph directions": 1,
        "implicit arguments": 1,
        "value types": 2,
    }
    record = example()
    assert record.annotation_set
    span = record.annotation_set.spans[0]._replace(attributes={"type": "x"})
    assert losses_of(
        bioc.FORMAT, tmp_path, Labelled(record.document, AnnotationSet(spans=(span,)))
    ) == {"attributes": 1}
    assert losses_of(bioc.FORMAT, tmp_path, Labelled(Document("", "n", "\x01"))) == {"documents": 1}


def test_inceptions_own_files(shared_data: Path) -> None:
    folder = shared_data / "bioc"
    found, report = read_all(bioc.FORMAT, folder / "bioc/example-with-sentences-ref.xml")
    assert report.problems == []
    assert spans_of(found[0]) == [("span-annotation-value", 0, 8), ("span-annotation-value", 9, 10)]
    assert links_of(found[0]) == [("relation-annotation-value", "Sentence", "1")]
    for case, label in (("typed", "PER"), ("fallback", "annotation")):
        found, report = read_all(
            bioc.FORMAT, folder / f"bioc-suite/annotation-with-single-feature-{case}/data.xml"
        )
        assert spans_of(found[0]) == [(label, 0, 8)]
    found, report = read_all(bioc.FORMAT, folder / "bioc/example-with-multiple-documents.xml")
    assert [record.document.name for record in found] == ["1", "2", "3"]
    # Their stated texts are not what they cover.
    for name in (
        "bioc/example-with-text-in-passage.xml",
        "bioc/example-with-sentences.xml",
        "bioc-suite/passage-without-sentences/data.xml",
    ):
        found, report = read_all(bioc.FORMAT, folder / name)
        assert found == []
        assert report.problems[0].line > 1
        chosen = guess(folder / name)
        assert chosen
        assert chosen.id == "bioc"
