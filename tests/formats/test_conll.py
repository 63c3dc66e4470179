"""CoNLL columns.

Real corpora with their documented counts, odd lines, and what tags cannot carry.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, Report, WriteOptions, conll, guess
from annotator.model import AnnotationSet, Document, Labelled, Layer, Names, Schema, Span
from annotator.model import Label as LabelType
from annotator.text.segmentation import tokens
from annotator.text.tokenizers import all_tokens
from tests.formats.round_trip import (
    PIECES,
    TEXTS,
    RoundTrip,
    bare,
    read_all,
    records,
    total,
    written,
)

WHOLE = (
    *(
        "relations",
        "attributes",
        "document attributes",
        "notes",
        "origins",
        "status",
        "ids",
        "language",
        "direction",
        "metadata",
        "schema",
    ),
    "annotators",
)
CORPORA = [
    ("kaznerd/IOB2_valid.txt", 11_167, 129_223, 13_483, {}),
    ("arman/dev.txt", 5_121, 165_258, 8_617, {}),
    ("peyma/dev.txt", 925, 26_806, 1_959, {}),
    ("parstwiner/persian-ner-twitter-data/train.txt", 6_417, 207_990, 14_588, {"tags": 14}),
    ("parstwiner/persian-ner-twitter-data/dev.txt", 446, 14_927, 1_017, {"tags": 1}),
]
SENTENCES = st.lists(
    st.lists(
        st.sampled_from([piece for piece in PIECES if len(all_tokens(piece)) == 1]),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=4,
)
# Texts as the format itself makes them: nothing is lost in their spaces.
EVEN = SENTENCES.map(
    lambda sentences: "\n".join(
        " ".join(piece[slice(*all_tokens(piece)[0])] for piece in words) for words in sentences
    )
).filter(
    lambda text: (
        " ".join(text[start:end] for start, end in all_tokens(text)) == text.replace("\n", " ")
    )
)


@st.composite
def _even_records(draw: st.DrawFn) -> Labelled:
    """Draw a record that tags can carry whole.

    Spans of whole tokens, within a sentence, apart from one another.
    """
    text = draw(EVEN)
    spans: list[Span] = []
    last = 0
    for start, end in all_tokens(text):
        if start < last or draw(st.booleans()):
            continue
        stops = [
            stop
            for begin, stop in all_tokens(text)
            if begin >= start and "\n" not in text[start:stop]
        ]
        last = draw(st.sampled_from(stops))
        spans.append(
            Span(
                "",
                "entities",
                draw(st.sampled_from(["ORG", "PER-x", "شخص"])),
                ((start, last),),
                text[start:last],
            )
        )
        assert end <= last
    return Labelled(
        Document("", draw(st.sampled_from(["", "a", "خبر (۱) O", "-X-"])), text),
        AnnotationSet(spans=tuple(spans)),
    )


class TestConll(RoundTrip):
    format = conll.FORMAT
    whole = WHOLE
    records = _even_records()

    def keep(self, record: Labelled) -> object:
        plain = bare(record, self.whole)
        assert plain.annotation_set
        # A document without a name is given the file's.
        return plain.document.text, [span._replace(id="") for span in plain.annotation_set.spans]

    @given(
        made=st.lists(_even_records(), min_size=1, max_size=3),
        scheme=st.sampled_from(conll.SCHEMES),
        separator=st.sampled_from(["tab", "space", "|"]),
    )
    def test_every_scheme_and_separator_comes_back(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        made: list[Labelled],
        scheme: str,
        separator: str,
    ) -> None:
        report = Report()
        options = WriteOptions(scheme=scheme, separator=separator)
        target, _files = written(conll.FORMAT, tmp_path_factory.mktemp("c"), made, options, report)
        found, _told = read_all(conll.FORMAT, target)
        assert [self.keep(record) for record in found] == [self.keep(record) for record in made]
        assert all(
            record.document.name == wanted.document.name
            for record, wanted in zip(found, made, strict=True)
            if wanted.document.name
        )
        assert {loss.kind for loss in report.losses()} == set()


@given(text=TEXTS)
def test_tokens_cover_every_visible_sign_and_never_a_space(text: str) -> None:
    found = all_tokens(text)
    assert found == sorted(found)
    assert all(end <= start for (_first, end), (start, _last) in pairwise(found))
    assert set(tokens(text)) <= set(found)
    assert all(not any(sign.isspace() for sign in text[start:end]) for start, end in found)
    left = list(text)
    for start, end in found:
        left[start:end] = [" "] * (end - start)
    assert all(sign.isspace() or sign in "\u200c\u200d\u200f\u202b\ufeff" for sign in left)


def test_punctuation_is_never_glued() -> None:
    text = "«دولت»، گفت... !? (2 %) A. Б.»."
    assert [text[start:end] for start, end in all_tokens(text)] == [
        *(
            "«",
            "دولت",
            "»",
            "،",
            "گفت",
            "...",
            "!",
            "?",
            "(",
            "2",
            "%",
            ")",
            "A",
            ".",
            "Б",
            ".",
            "»",
            ".",
        ),
    ]


@given(record=records())
def test_every_span_is_written_or_counted(
    tmp_path_factory: pytest.TempPathFactory, record: Labelled
) -> None:
    report = Report()
    assert record.annotation_set
    _target, files = written(
        conll.FORMAT, tmp_path_factory.mktemp("c"), [record], WriteOptions(), report
    )
    back = [
        span
        for path in files
        for found in read_all(conll.FORMAT, path)[0]
        if found.annotation_set
        for span in found.annotation_set.spans
    ]
    lost = Counter({loss.kind: total(report, loss.kind) for loss in report.losses()})
    extra = sum(len(span.fragments) - 1 for span in record.annotation_set.spans)
    if not lost["empty documents"]:
        assert (
            len(back)
            == len(record.annotation_set.spans)
            + extra
            + lost["newlines"]
            - lost["nested"]
            - lost["overlapping"]
            - lost["spans without a token"]
        )
    assert lost["discontinuous"] == sum(
        len(span.fragments) > 1 for span in record.annotation_set.spans
    ) * (not lost["empty documents"])
    assert set(lost) <= set(conll.FORMAT.loses)


@pytest.mark.parametrize(
    ("file", "sentences", "words", "entities", "changed"),
    CORPORA,
    ids=[entry[0] for entry in CORPORA],
)
def test_corpora_have_their_documented_counts(
    shared_data: Path, file: str, sentences: int, words: int, entities: int, changed: dict[str, int]
) -> None:
    path = shared_data / file
    found, report = read_all(conll.FORMAT, path)
    assert len(found) == 1
    assert found[0].annotation_set
    lines = path.read_text("utf-8").split("\n")
    assert sum(1 for line in lines if line.strip()) == words
    assert found[0].document.text.count("\n") + 1 == sentences
    assert len(found[0].annotation_set.spans) == entities
    assert report.problems == []
    assert report.losses() == []
    totals = Counter[str]()
    for loss in report.changes():
        totals[loss.kind] += loss.count
    assert totals == Counter(changed)
    each, _told = read_all(conll.FORMAT, path, ReadOptions(unit="sentence"))
    assert len(each) == sentences
    assert (
        sum(len(record.annotation_set.spans) for record in each if record.annotation_set)
        == entities
    )
    chosen = guess(path)
    assert chosen
    assert chosen.id == "conll"


def test_a_corpus_comes_back_entity_by_entity(shared_data: Path, tmp_path: Path) -> None:
    found, _report = read_all(conll.FORMAT, shared_data / "kaznerd/IOB2_valid.txt")
    report = Report()
    target, _files = written(conll.FORMAT, tmp_path, found, WriteOptions(scheme="BIOES"), report)
    again, _told = read_all(conll.FORMAT, target)
    assert found[0].annotation_set
    assert again[0].annotation_set
    assert [span.label for span in again[0].annotation_set.spans] == [
        span.label for span in found[0].annotation_set.spans
    ]
    assert total(report, "boundaries") == 0


def test_prose_is_not_conll(shared_data: Path) -> None:
    for path in [*(shared_data / "news").glob("*.txt"), shared_data / "doccano/example.txt"]:
        chosen = guess(path)
        assert chosen
        assert chosen.id == "text"


def _read(
    tmp_path: Path, content: str, options: ReadOptions | None = None
) -> tuple[list[Labelled], Report]:
    path = tmp_path / "in.conll"
    path.write_text(content, "utf-8", newline="")
    return read_all(conll.FORMAT, path, options)


def _spans(record: Labelled) -> list[tuple[str, str]]:
    assert record.annotation_set
    return [(span.label, span.text) for span in record.annotation_set.spans]


def test_documents_are_split_and_named_at_docstart(tmp_path: Path) -> None:
    content = (
        "-DOCSTART- -X- O O\n\nA B-PER\n\n-DOCSTART- (خبر ۲) O\nB O\n\n-DOCSTART-\tdoc3\tO\n#"
        " sent_id = 1\nC B-LOC\n\n-DOCSTART- O\n\n# newdoc id = four\nD O\n# newdoc id = five\n\n#"
        " newdoc id = six\nE O\n# key = value\n"
    )
    found, report = _read(tmp_path, content)
    assert [(record.document.name, record.document.text) for record in found] == [
        *(("in-1", "A"), ("خبر ۲", "B"), ("doc3", "C"), ("four", "D"), ("six", "E")),
    ]
    assert total(report, "comments") == 2


def test_a_number_sign_as_a_token_stays_a_token(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, "# O\nмир B-LOC\n\n#\tO\n")
    assert found[0].document.text == "# мир\n#"


def test_the_bar_may_be_a_token(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, "||O\nشیرابه های|B_ORG\nx|I_ORG\n")
    assert found[0].document.text == "| شیرابه های x"
    assert _spans(found[0]) == [("ORG", "شیرابه های x")]


def test_middle_columns_are_counted_as_lost_unless_they_are_empty(tmp_path: Path) -> None:
    found, report = _read(tmp_path, "U.N. NNP I-NP B-ORG\nofficial NN I-NP O\n. -X- _ O\n")
    assert _spans(found[0]) == [("ORG", "U.N.")]
    assert total(report, "columns") == 2


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        (["I-A", "I-A", "B-A", "O"], [("A", "a b"), ("A", "c")]),
        (["B-A", "E-A", "S-A", "O"], [("A", "a b"), ("A", "c")]),
        (["B-A", "L-A", "U-A", "O"], [("A", "a b"), ("A", "c")]),
        (["B_A-B", "I_A-B", "B_A-B", "O"], [("A-B", "a b"), ("A-B", "c")]),
        (["B-A", "I-B", "O", "I-A"], [("A", "a"), ("B", "b"), ("A", "d")]),
    ],
)
def test_the_schemes_are_read(
    tmp_path: Path, tags: list[str], wanted: list[tuple[str, str]]
) -> None:
    found, _report = _read(
        tmp_path, "".join(f"{word} {tag}\n" for word, tag in zip("abcd", tags, strict=True))
    )
    assert _spans(found[0]) == wanted


def test_entities_of_two_sentences_never_merge(tmp_path: Path) -> None:
    found, report = _read(tmp_path, "a B-X\n\nb I-X\n")
    assert _spans(found[0]) == [("X", "a"), ("X", "b")]
    assert [(loss.kind, loss.count) for loss in report.changes()] == [("tags", 1)]


def test_ids_are_the_same_each_time_and_layers_come_from_the_schema(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("people", Names({}), labels=(LabelType("PER", Names({})),)),)
    )
    content = "a B-PER\nb B-X\n"
    first, _one = _read(tmp_path, content, ReadOptions(schema=schema, layer="other"))
    second, _two = _read(tmp_path, content, ReadOptions(schema=schema, layer="other"))
    assert first[0].annotation_set == second[0].annotation_set
    assert first[0].annotation_set
    assert [span.layer for span in first[0].annotation_set.spans] == ["people", "other"]


def test_a_token_without_a_tag_is_reported_with_its_line(tmp_path: Path) -> None:
    content = "".join(f"w{number} O\n" for number in range(30)) + "alone\n" + "a b O\n" + " O\n"
    found, report = _read(tmp_path, content)
    assert found[0].document.text.endswith("w29 alone a b")
    assert {(loss.kind, loss.count) for loss in report.changes()} == {("lines", 1)}
    assert any("in.conll:31" in loss.why for loss in report.changes())
    assert [loss.why for loss in report.losses()] == [
        "a line has no token; the first is in.conll:33"
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Обычный текст новости.\nВторая строка.\n", 1),
        ("a O\nb\nc\nd O\n", 2),
        ("a O\nb B-X\n" + "prose without tags\n" * 5, 3),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_line(
    tmp_path: Path, content: str, line: int
) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, content)
    assert caught.value.problem.line == line


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert _read(tmp_path, "\n\n")[0] == []


def test_an_unknown_unit_scheme_or_separator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no unit"):
        _read(tmp_path, "a O\n", ReadOptions(unit="page"))
    for options in (WriteOptions(scheme="IO"), WriteOptions(separator=";")):
        with pytest.raises(UserError, match="schemes"):
            conll.write([], tmp_path / "a.conll", options, Report())


def test_the_longest_span_wins_and_the_rest_is_counted(tmp_path: Path) -> None:
    text = "Совет города Астаны решил\nвчера."
    places = {
        "outer": (0, 19),
        "inner": (13, 19),
        "crossing": (13, 25),
        "mid-token": (20, 23),
        "over": (20, 31),
        "space": (5, 6),
    }
    annotation_set = AnnotationSet(
        spans=tuple(
            Span(name, "entities", name, (place,), text[slice(*place)])
            for name, place in places.items()
        )
    )
    report = Report()
    target, _files = written(
        conll.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", text), annotation_set)],
        WriteOptions(separator="space"),
        report,
    )
    assert target.read_text("utf-8").split("\n") == [
        *(
            "-DOCSTART- (n) O",
            "",
            "Совет B-outer",
            "города I-outer",
            "Астаны I-outer",
            "решил B-over",
            "",
            "вчера B-over",
            ". O",
            "",
            "",
        ),
    ]
    lost = {
        kind: total(report, kind)
        for kind in (
            "nested",
            "overlapping",
            "boundaries",
            "spans without a token",
            "newlines",
            "whitespace",
        )
    }
    assert lost == {
        "nested": 2,
        "overlapping": 1,
        "boundaries": 1,
        "spans without a token": 1,
        "newlines": 1,
        "whitespace": 1,
    }


def test_layers_and_annotators_have_a_file_each(tmp_path: Path) -> None:
    spans = (Span("1", "entities", "A", ((0, 1),), "a"), Span("2", "claims", "B", ((0, 3),), "a b"))
    made = [
        Labelled(Document("", "n", "a b"), AnnotationSet(name, spans=spans))
        for name in ("a1", "a2", "A2")
    ]
    report = Report()
    _target, files = written(conll.FORMAT, tmp_path, made, WriteOptions(), report)
    assert [path.name for path in files] == [
        f"out.{annotator}.{layer}.conll"
        for annotator, layer in (
            ("a1", "claims"),
            ("a1", "entities"),
            ("a2", "claims"),
            ("a2", "entities"),
        )
    ] + ["out.A2.claims-2.conll", "out.A2.entities-2.conll"]
    assert total(report, "layers") == 3
    _one, files = written(
        conll.FORMAT, tmp_path, made[:1], WriteOptions(layers=("claims",)), Report()
    )
    assert [path.name for path in files] == ["out.conll"]


def test_a_document_without_tokens_is_counted(tmp_path: Path) -> None:
    report = Report()
    target, _files = written(
        conll.FORMAT, tmp_path, [Labelled(Document("", "n", " \n"))], WriteOptions(), report
    )
    assert total(report, "empty documents") == 1
    assert target.read_bytes() == b""


def _nested() -> Labelled:
    text = "سازمان ملل متحد گفت"
    spans = (
        Span("1", "claims", "CLAIM", ((0, 19),), text),
        Span("2", "entities", "ORG", ((0, 15),), text[:15]),
    )
    return Labelled(
        Document("", "n", text),
        AnnotationSet(spans=(*spans, Span("3", "entities", "GPE", ((7, 15),), text[7:15]))),
    )


def test_nested_spans_go_to_one_file_a_layer_or_to_joined_tags(tmp_path: Path) -> None:
    report = Report()
    apart = conll.write([_nested()], tmp_path / "a.conll", WriteOptions(), report)
    assert [path.name for path in apart] == ["a.claims.conll", "a.entities.conll"]
    assert total(report, "nested") == 1
    report = Report()
    (joined,) = conll.write(
        [_nested()], tmp_path / "j.conll", WriteOptions(nested="joined"), report
    )
    tags = [line.split("\t")[1] for line in joined.read_text("utf-8").splitlines()[2:] if line]
    assert tags == ["B-CLAIM+B-ORG", "I-CLAIM+I-ORG+B-GPE", "I-CLAIM+I-ORG+I-GPE", "I-CLAIM"]
    assert total(report, "nested") == 0
    (back,), _told = read_all(conll.FORMAT, joined)
    assert back.annotation_set
    assert [(span.label, span.fragments) for span in back.annotation_set.spans] == [
        ("CLAIM", ((0, 19),)),
        ("ORG", ((0, 15),)),
        ("GPE", ((7, 15),)),
    ]


def test_joined_tags_need_a_scheme_that_tells_beginnings_and_labels_without_their_sign(
    tmp_path: Path,
) -> None:
    with pytest.raises(UserError, match="IOB2"):
        conll.write(
            [_nested()],
            tmp_path / "j.conll",
            WriteOptions(nested="joined", scheme="IOB1"),
            Report(),
        )
    report = Report()
    record = Labelled(
        Document("", "", "a"), AnnotationSet(spans=(Span("1", "x", "C+B-D", ((0, 1),), "a"),))
    )
    (path,) = conll.write([record], tmp_path / "j.conll", WriteOptions(nested="joined"), report)
    assert "B-C_B-D" in path.read_text("utf-8")
    assert total(report, "spaces in labels") == 1


def test_joined_tags_of_spans_over_newlines_stay_with_their_sentences(tmp_path: Path) -> None:
    text = "a b\nc d"
    spans = (Span("1", "x", "A", ((0, 5),), text[:5]), Span("2", "x", "B", ((2, 7),), text[2:]))
    (path,) = conll.write(
        [Labelled(Document("", "", text), AnnotationSet(spans=spans))],
        tmp_path / "j.conll",
        WriteOptions(nested="joined"),
        Report(),
    )
    tags = [line.split("\t")[1] for line in path.read_text("utf-8").splitlines()[1:] if line]
    assert tags == ["B-A", "I-A+B-B", "B-A+B-B", "I-B"]


def test_the_tokenizer_is_chosen_and_misaligned_spans_are_listed(tmp_path: Path) -> None:
    text = "«رشت»، кто-то\u200f گفت \u200f"
    places = [(1, 4), (7, 10), (len(text) - 1, len(text))]
    spans = [
        Span(str(number), "e", "L", (place,), text[slice(*place)])
        for number, place in enumerate(places)
    ]
    report = Report()
    record = Labelled(Document("", "n", text), AnnotationSet(spans=tuple(spans)))
    (path,) = conll.write(
        [record], tmp_path / "a.conll", WriteOptions(tokenizer="whitespace"), report
    )
    assert [line.split("\t")[0] for line in path.read_text("utf-8").splitlines()[2:] if line] == [
        "«",
        "رشت",
        "»",
        "،",
        "кто-то",
        "گفت",
    ]
    listed = [(entry.start, entry.text, entry.outcome) for entry in report.misaligned]
    assert listed == [(7, "кто", "widened"), (len(text) - 1, "\u200f", "dropped")]
    with pytest.raises(UserError, match="whitespace"):
        conll.write([record], tmp_path / "b.conll", WriteOptions(tokenizer="none"), Report())
    with pytest.raises(UserError, match="joined"):
        conll.write([record], tmp_path / "b.conll", WriteOptions(nested="none"), Report())
