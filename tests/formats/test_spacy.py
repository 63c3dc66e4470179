"""spaCy's DocBin.

Our own files keep everything, others give entities and span groups, and broken ones are refused.
"""

import importlib.util
import zlib
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, Report, WriteOptions, spacy
from annotator.formats.spacy import docbin
from annotator.model import AnnotationSet, Document, Label, Labelled, Layer, Names, Schema, Span
from tests.formats.peers import example, gapped, losses_of, spans_of, written
from tests.formats.round_trip import RoundTrip, bare, read_all

HAS_SPACY = importlib.util.find_spec("spacy") is not None
needs_spacy = pytest.mark.skipif(not HAS_SPACY, reason="needs the extra “spacy”")


@needs_spacy
class TestSpacy(RoundTrip):
    format = spacy.FORMAT


@pytest.mark.skipif(HAS_SPACY, reason="spaCy is installed")
def test_without_spacy_one_sentence_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'pip install "annotator\[spacy\]"'):
        written(spacy.FORMAT, tmp_path, [example()], WriteOptions(), Report())


def _docs(path: Path) -> list[Any]:
    pipeline = pytest.importorskip("spacy").blank("xx")
    return list(
        pytest.importorskip("spacy.tokens")
        .DocBin()
        .from_bytes(path.read_bytes())
        .get_docs(pipeline.vocab)
    )


@needs_spacy
def test_the_example_keeps_everything_and_spacy_reads_it(tmp_path: Path) -> None:
    target, _files = written(
        spacy.FORMAT, tmp_path, [example(), gapped()], WriteOptions(), Report()
    )
    found, report = read_all(spacy.FORMAT, target)
    assert report.problems == []
    assert [record.annotation_set for record in found] == [
        example().annotation_set,
        gapped().annotation_set,
    ]
    assert [bare(record).document for record in found] == [
        bare(example()).document,
        bare(gapped()).document,
    ]
    first, second = _docs(target)
    assert first.text == example().document.text
    assert [(span.label_, span.start_char, span.end_char) for span in first.ents] == spans_of(
        example()
    )
    assert [span.text for span in first.spans["entities"]] == [
        span.text for span in (example().annotation_set or AnnotationSet()).spans
    ]
    assert [span.text for span in second.ents] == ["دولت", "قیمت\u200cها"]


@needs_spacy
def test_entities_come_from_the_first_layer_of_the_schema_first(tmp_path: Path) -> None:
    text = "Банк ашылды деді"
    outer, inner = (
        Span("a", "claims", "CLAIM", ((0, 11),), text[:11]),
        Span("b", "entities", "ORG", ((0, 4),), text[:4]),
    )
    cut = Span("c", "entities", "ORG", ((5, 8),), text[5:8])
    layers = tuple(
        Layer(name, Names({}), labels=(Label(name, Names({})),)) for name in ("entities", "claims")
    )
    record = Labelled(Document("", "n", text, "kk"), AnnotationSet(spans=(outer, inner, cut)))
    report = Report()
    target, _files = written(
        spacy.FORMAT,
        tmp_path,
        [record],
        WriteOptions(schema=Schema("s", 1, Names({}), layers)),
        report,
    )
    doc = _docs(target)[0]
    assert [(span.label_, span.text) for span in doc.ents] == [("ORG", "Банк"), ("ORG", "ашылды")]
    assert {loss.kind: loss.count for loss in report.losses()} == {
        "overlapping": 1,
        "boundaries": 1,
    }
    assert [entry.outcome for entry in report.misaligned] == ["widened"]
    assert losses_of(
        spacy.FORMAT,
        tmp_path,
        Labelled(
            Document("", "", " "), AnnotationSet(spans=(Span("a", "x", "y", ((0, 1),), " "),))
        ),
    ) == {"spans without a token": 1}


@needs_spacy
def test_other_peoples_documents_give_groups_and_entities(tmp_path: Path) -> None:
    tokens = pytest.importorskip("spacy.tokens")
    doc = pytest.importorskip("spacy").blank("ru").make_doc("😊 Банк России вырос")
    doc.ents = [tokens.Span(doc, 1, 3, "ORG"), tokens.Span(doc, 3, 4, "VERB")]
    doc.spans["sc"] = [tokens.Span(doc, 1, 3, "ORG"), tokens.Span(doc, 2, 3, "GPE")]
    doc.spans["claims"] = [tokens.Span(doc, 0, 4, "CLAIM")]
    doc.spans["copy"] = doc.spans["claims"]
    path = tmp_path / "a.spacy"
    bare_doc = tokens.Doc(doc.vocab, words=["a", "b"])
    path.write_bytes(tokens.DocBin(docs=[doc, bare_doc]).to_bytes())
    found, report = read_all(spacy.FORMAT, path)
    assert report.problems == []
    assert [(record.document.text) for record in found] == ["😊 Банк России вырос", bare_doc.text]
    assert spans_of(found[0]) == [
        ("ORG", 2, 13),
        ("GPE", 7, 13),
        ("CLAIM", 0, 19),
        ("CLAIM", 0, 19),
        ("VERB", 14, 19),
    ]
    assert [span.layer for span in (found[0].annotation_set or AnnotationSet()).spans] == [
        "entities",
        "entities",
        "claims",
        "copy",
        "entities",
    ]
    schema = Schema(
        "s", 1, Names({}), (Layer("stance", Names({}), labels=(Label("CLAIM", Names({})),)),)
    )
    found, _report = read_all(spacy.FORMAT, path, ReadOptions(schema=schema))
    assert [span.layer for span in (found[0].annotation_set or AnnotationSet()).spans][
        2
    ] == "stance"


@needs_spacy
def test_hostile_and_broken_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pytest.importorskip("srsly").msgpack_dumps
    good = {
        "attrs": [65, 77, 78],
        "flags": [{}],
        "strings": [""],
        "tokens": b"",
        "spaces": b"",
        "lengths": b"\x05\0\0\0",
    }
    path = tmp_path / "a.spacy"
    for content in (
        b"x",
        zlib.compress(b"x"),
        zlib.compress(pack({})),
        zlib.compress(pack(good)),
        zlib.compress(pack([1])),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match="no DocBin"):
            read_all(spacy.FORMAT, path)
    monkeypatch.setattr(docbin, "_LARGEST", 2**20)
    path.write_bytes(zlib.compress(bytes(2**21)))
    with pytest.raises(InputError, match="larger than"):
        read_all(spacy.FORMAT, path)
