"""CoNLL-U: brackets and tags in MISC, spaces kept, words and tokens, and what trees lose."""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import Report, WriteOptions, conllu
from annotator.model import AnnotationSet, Document, Labelled, Span
from annotator.text.tokenizers import all_tokens
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    losses_of,
    plain_records,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import read_all

WHOLE = (
    *(
        "relations",
        "attributes",
        "document attributes",
        "notes",
        "origins",
        "status",
        "annotators",
        "ids",
        "language",
        "direction",
    ),
    *("metadata", "schema"),
)


def _snapped(record: Labelled) -> Labelled:
    """Return a record whose spans begin and end with tokens."""
    text, annotation_set = record.document.text, record.annotation_set
    assert annotation_set
    tokens = all_tokens(text)
    spans = []
    for span in annotation_set.spans:
        inside = [place for place in tokens if place[0] < span.end and place[1] > span.start]
        if inside:
            place = (inside[0][0], inside[-1][1])
            spans.append(span._replace(fragments=(place,), text=text[slice(*place)]))
    return Labelled(
        record.document,
        AnnotationSet(
            annotation_set.annotator,
            annotation_set.status,
            tuple(spans),
            (),
            annotation_set.attributes,
        ),
        record.schema,
    )


class TestConllu(PeerRoundTrip):
    format = conllu.FORMAT
    whole = WHOLE
    records = (
        plain_records().map(_snapped).filter(lambda record: bool(all_tokens(record.document.text)))
    )

    def keep(self, record: Labelled) -> object:
        annotation_set = record.annotation_set
        assert annotation_set
        return record.document.text, sorted(
            (span.label, span.fragments) for span in annotation_set.spans
        )


def _rows(*cells: tuple[str, str, str]) -> str:
    return "".join(
        f"{number}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n" for number, form, misc in cells
    )


def test_nested_and_crossing_entities_have_brackets(tmp_path: Path) -> None:
    target, _files = written(conllu.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    lines = target.read_text("utf-8").split("\n")
    assert lines[:4] == [
        "# newdoc id = rasht",
        "# global.Entity = eid-etype",
        "# sent_id = 1",
        "# text = " + example().document.text,
    ]
    assert lines[5] == "2\tدولت" + "\t_" * 7 + "\tEntity=(e1-ENTITY)"
    assert lines[7].endswith("\tEntity=(e2-CLAIM")
    assert lines[9].endswith("\tEntity=e2)|SpaceAfter=No")
    content = "# global.Entity = eid-etype-head\n" + _rows(
        ("1", "a", "Entity=(e1[1/2]-X-1(e2-Y-1"),
        ("2", "b", "Entity=e1[1/2])"),
        ("3", "c", "Entity=e2)(e1[2/2]-X-1)(Z)"),
    )
    found, _report = read_text_as(conllu.FORMAT, tmp_path, content)
    assert found[0].annotation_set
    assert [(span.label, span.text) for span in found[0].annotation_set.spans] == [
        ("Y", "a b c"),
        ("X", "a b c"),
        ("Z", "c"),
    ]
    assert sorted((span.label, span.fragments) for span in found[0].annotation_set.spans) == [
        *(("X", ((0, 3), (4, 5))), ("Y", ((0, 5),)), ("Z", ((4, 5),))),
    ]


def test_tags_in_misc_are_read_sentence_by_sentence(tmp_path: Path) -> None:
    content = (
        _rows(("1", "a", "NE=B-X"), ("2", "b", "NE=I-X|SpaceAfter=No"), ("3", ".", "NE=O"))
        + "\n"
        + _rows(("1", "c", "NE=B-X"))
    )
    found, _report = read_text_as(conllu.FORMAT, tmp_path, content)
    assert found[0].document.text == "a b.\nc"
    assert spans_of(found[0]) == [("X", 0, 3), ("X", 5, 6)]


def test_a_token_of_several_words_is_one_and_the_rest_is_counted(tmp_path: Path) -> None:
    content = (
        "# newdoc id = d1\n# mood = good\n1-2\tвсе-то\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n"
        "1\tвсе\tвесь\tPRON\t_\t_\t0\troot\t_\tEntity=(e1-X)\n"
        "2\tто\t_\t_\t_\t_\t_\t_\t_\t_\n2.1\tnull\t_\t_\t_\t_\t_\t_\t_\t_\n3\t!\tx\t_\t_\t_\t_\t_\t_\tSpacesAfter=\\s\\n\\r\\p\n"
        "\n# newdoc\n# newpar\n1\tb\t_\t_\t_\t_\t_\t_\t_\t_\n"
    )
    found, report = read_text_as(conllu.FORMAT, tmp_path, content)
    assert [(record.document.name, record.document.text) for record in found] == [
        ("d1", "все-то! \n\n|"),
        ("in-2", "b"),
    ]
    assert spans_of(found[0]) == [("X", 0, 6)]
    assert (total(report, "columns"), total(report, "comments")) == (2, 1)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("prose\n", 1),
        ("# only a comment\n", 1),
        (_rows(("1", "a", "Entity=e1)")), 1),
        (_rows(("1", "a", "_"), ("2", "b", "Entity=(e1-X")), 2),
        ("1\ta\t_\n", 1),
        ("x\ta\t_\t_\t_\t_\t_\t_\t_\t_\n", 1),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_text_as(conllu.FORMAT, tmp_path, content)
    assert caught.value.problem.line == line


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    lost = losses_of(conllu.FORMAT, tmp_path, gapped())
    assert lost == {
        "direction": 1,
        "relations": 1,
        "attributes": 2,
        "status": 1,
        "annotators": 1,
        "language": 1,
        "discontinuous": 1,
    }
    record = example()
    annotation_set = record.annotation_set
    assert annotation_set
    spans = (
        annotation_set.spans[0]._replace(fragments=((2, 4),), text="دو"),
        annotation_set.spans[1]._replace(fragments=((6, 7),), text=" "),
    )
    lost = losses_of(conllu.FORMAT, tmp_path, Labelled(record.document, AnnotationSet(spans=spans)))
    assert (lost["boundaries"], lost["spans without a token"]) == (1, 1)
    blank = Labelled(type(record.document)("", " n ", "  "))
    assert losses_of(conllu.FORMAT, tmp_path, blank) == {"empty documents": 1}


def test_the_tokenizer_is_chosen_and_the_text_comes_back_whole(tmp_path: Path) -> None:
    text = "Кто-то, «сказал»:  да\u200c…\nИ ушёл."
    spans = (Span("1", "e", "A", ((0, 3),), "Кто"), Span("2", "e", "B", ((9, 15),), "сказал"))
    report = Report()
    record = Labelled(Document("", "n", text), AnnotationSet(spans=spans))
    (path,) = conllu.write(
        [record], tmp_path / "a.conllu", WriteOptions(tokenizer="razdel"), report
    )
    assert [(entry.text, entry.outcome) for entry in report.misaligned] == [("Кто", "widened")]
    (back,), _told = read_all(conllu.FORMAT, path)
    assert back.document.text == text
    assert back.annotation_set
    assert [span.text for span in back.annotation_set.spans] == ["Кто-то", "сказал"]
