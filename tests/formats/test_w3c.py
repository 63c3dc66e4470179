"""W3C Web Annotation: pages beside texts, quotes and positions, links, Recogito's own file."""

from pathlib import Path

import orjson
import pytest

from annotator.errors import InputError
from annotator.formats import Report, WriteOptions, guess, w3c
from annotator.model import Labelled
from tests.formats.peers import (
    SENTENCE,
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
from tests.formats.round_trip import VALUES, read_all, records

CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def _tag(value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def _annotation(
    name: str, start: int, end: int, quote: str = "", **keys: object
) -> dict[str, object]:
    selectors: list[dict[str, object]] = [
        {"type": "TextPositionSelector", "start": start, "end": end}
    ]
    selectors += [{"type": "TextQuoteSelector", "exact": quote}] if quote else []
    return {
        "@context": CONTEXT,
        "id": name,
        "type": "Annotation",
        "body": [_tag("X")],
        "target": {"selector": selectors},
        **keys,
    }


class TestW3c(PeerRoundTrip):
    format = w3c.FORMAT
    records = records(values=VALUES, layers=("entities", "claims"))

    def keep(self, record: Labelled) -> object:
        annotation_set, document = record.annotation_set, record.document
        assert annotation_set
        spans = [span._replace(attributes=dict(span.attributes)) for span in annotation_set.spans]
        relations = [
            entry._replace(attributes=dict(entry.attributes)) for entry in annotation_set.relations
        ]
        told = (
            document.id,
            document.name,
            document.text,
            document.language,
            document.direction,
            document.meta,
            record.schema,
        )
        return (
            told,
            annotation_set.annotator,
            annotation_set.status,
            spans,
            relations,
            dict(annotation_set.attributes),
        )


def _read(tmp_path: Path, plain: object, text: str = SENTENCE) -> tuple[list[Labelled], Report]:
    (tmp_path / "in.txt").write_text(text, "utf-8", newline="")
    return read_text_as(w3c.FORMAT, tmp_path, orjson.dumps(plain).decode())


def test_a_bare_list_a_page_and_a_collection_are_read(tmp_path: Path) -> None:
    item = _annotation("#1", 2, 6, "دولت", creator="x")
    told = []
    for plain in (
        [item],
        {"@context": CONTEXT, "type": "AnnotationPage", "items": [item], "creator": {"name": "a1"}},
        {"type": "AnnotationCollection", "first": {"items": [item], "creator": "a1"}},
        item,
    ):
        found, report = _read(tmp_path, plain)
        assert report.problems == []
        assert spans_of(found[0]) == [("X", 2, 6)]
        told.append(found[0].annotation_set.annotator if found[0].annotation_set else "")
    assert told == ["", "a1", "a1", "x"]


def test_quotes_tell_the_unit_and_a_quote_against_its_position_is_refused(tmp_path: Path) -> None:
    found, report = _read(tmp_path, [_annotation("#1", 3, 7, "دولت")])
    assert spans_of(found[0]) == [("X", 2, 6)]
    assert [change.kind for change in report.changes()] == ["offsets"]
    found, report = _read(tmp_path, [_annotation("#1", 4, 8, "دولت")])
    assert (found, len(report.problems)) == ([], 1)


def test_tags_comments_links_and_strangers(tmp_path: Path) -> None:
    bodies = [
        _tag("A"),
        _tag("B"),
        {"type": "TextualBody", "value": "note"},
        "more",
        {"type": "Image", "id": "x"},
    ]
    link = {
        "id": "#r",
        "motivation": "linking",
        "body": [_tag("of")],
        "target": [{"id": "#2"}, {"id": "#1"}],
    }
    stray = {"id": "#q", "motivation": "linking", "target": ["#2", "elsewhere"]}
    more = _annotation("#2", 7, 10)
    more["target"] = {
        "source": "in.txt",
        "selector": [*_selectors(more), {"type": "XPathSelector"}],
    }
    more["body"] = None
    found, report = _read(tmp_path, [_annotation("#1", 2, 6, body=bodies), more, link, stray])
    assert spans_of(found[0]) == [("A", 2, 6), ("B", 2, 6), ("comment", 7, 10)]
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].note == "note\nmore"
    assert links_of(found[0]) == [("of", "گفت", "دولت")]
    assert {kind: total(report, kind) for kind in ("bodies", "relations", "selectors")} == {
        "bodies": 1,
        "relations": 1,
        "selectors": 1,
    }


def _selectors(plain: dict[str, object]) -> list[object]:
    target = plain["target"]
    assert isinstance(target, dict)
    return list(target["selector"])


@pytest.mark.parametrize(
    "item",
    [
        7,
        {"id": "#1", "body": []},
        {"id": "#1", "target": {"selector": {"type": "XPathSelector"}}},
        {
            "id": "#1",
            "target": {"selector": {"type": "TextPositionSelector", "start": "0", "end": 1}},
        },
        {"id": "#1", "motivation": "linking", "target": ["#2"]},
        {
            "id": "#1",
            "motivation": "linking",
            "target": ["#2"],
            "annotator:relation": {"implicit": "me"},
        },
    ],
)
def test_a_wrong_annotation_is_a_problem_with_its_line(tmp_path: Path, item: object) -> None:
    (tmp_path / "in.txt").write_text(SENTENCE, "utf-8")
    content = f"[{orjson.dumps(_annotation('#0', 2, 6)).decode()},\n{orjson.dumps(item).decode()}]"
    found, report = read_text_as(w3c.FORMAT, tmp_path, content)
    assert (found, [problem.line for problem in report.problems]) == ([], [2])


def test_what_is_no_page_is_a_problem(tmp_path: Path) -> None:
    found, report = _read(tmp_path, 7)
    assert (found, len(report.problems)) == ([], 1)


def test_annotations_of_several_texts_or_of_none_are_refused(tmp_path: Path) -> None:
    one, two = _annotation("#1", 2, 6), _annotation("#2", 2, 6)
    for number, item in enumerate((one, two)):
        item["target"] = {"source": f"{number}.txt", "selector": _selectors(item)}
    with pytest.raises(InputError, match="several texts"):
        _read(tmp_path, [one, two])
    one["target"] = {"source": {"id": "../../etc/passwd"}, "selector": _selectors(two)}
    with pytest.raises(InputError, match="no text file"):
        read_text_as(w3c.FORMAT, tmp_path, orjson.dumps([one]).decode(), name="alone.jsonld")


def test_all_but_the_directions_of_paragraphs_is_kept(tmp_path: Path) -> None:
    assert losses_of(w3c.FORMAT, tmp_path, gapped()) == {"paragraph directions": 1}
    target, files = written(w3c.FORMAT, tmp_path / "two", [example()], WriteOptions(), Report())
    assert [path.name for path in files] == ["0001-rasht.txt", "0001-rasht.jsonld"]
    found, _report = read_all(w3c.FORMAT, target)
    assert found[0].annotation_set == example().annotation_set


def test_the_file_where_a_quote_and_its_position_disagree(
    shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "w3c_webannotation/recogito_annotations.w3c.json"
    chosen = guess(source)
    assert chosen
    assert chosen.id == "w3c"
    with pytest.raises(InputError, match="no text file"):
        read_all(w3c.FORMAT, source)
    text = bytearray(b" " * 1200)
    for start, quote in ((124, b"Troy"), (646, b"death in battle"), (963, b"Ithaca ")):
        text[start : start + len(quote)] = quote
    (tmp_path / "recogito.txt").write_bytes(text)
    found, report = read_text_as(
        w3c.FORMAT, tmp_path, source.read_text("utf-8"), name="recogito.w3c.json"
    )
    assert found == []
    assert "Ithaca" in report.problems[0].reason
    mended = source.read_text("utf-8").replace("970", "969")
    found, report = read_text_as(w3c.FORMAT, tmp_path, mended, name="recogito.w3c.json")
    assert report.problems == []
    assert links_of(found[0])[0][0] == "isRelatedTo"
