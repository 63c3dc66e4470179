"""brat standoff: what brat has comes in, and goes out as it came."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, brat, guess
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span, Value, surface
from tests.formats.round_trip import RoundTrip, bare, read_all, records, total, written

WHOLE = (
    "document attributes",
    "origins",
    "status",
    "names",
    "language",
    "direction",
    "metadata",
    "schema",
)
TEXT = "😊 دولت گفت قیمت\u200cها پایین آمد."
ANN = """T1\tEntity 2 6\tدولت
T2\tClaim 11 28\tقیمت\u200cها پایین آمد
A1\tStance T2 support
R1\tHolder Arg1:T2 Arg2:T1\t
#1\tAnnotatorNotes T2\tنیاز به بازبینی
"""
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.just(True), st.sampled_from(["a", "two words", "جهت", " x\ty"]), st.just(("a", "b c"))
)


def _without_newlines(span: Span, text: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (start + found.start(), start + found.end())
        for start, end in span.fragments
        for found in re.finditer(r"[^\n]+", text[start:end])
    )


def _names(attributes: Mapping[str, object]) -> dict[str, object]:
    return {name.replace(" ", "_"): value for name, value in attributes.items()}


class TestBrat(RoundTrip):
    format = brat.FORMAT
    whole = WHOLE
    records = records(values=VALUES, layers=("entities",)).map(
        lambda record: (
            replace(record, annotation_set=replace(record.annotation_set, annotator=""))
            if record.annotation_set
            else record
        )
    )

    def keep(self, record: Labelled) -> object:
        plain, text = bare(record, (*self.whole, "ids")), record.document.text
        assert plain.annotation_set
        spans = {
            span.id: (span.label.replace(" ", "_"), _without_newlines(span, text))
            for span in plain.annotation_set.spans
        }
        whole = {name: span for name, span in spans.items() if span[1]}
        return (
            plain.document,
            [
                (
                    *whole[span.id],
                    surface(text, whole[span.id][1]),
                    _names(span.attributes),
                    span.note,
                )
                for span in plain.annotation_set.spans
                if span.id in whole
            ],
            Counter(
                str(
                    (
                        entry.label,
                        whole[entry.head],
                        entry.implicit or whole[entry.child or ""],
                        sorted(_names(entry.attributes).items()),
                    )
                )
                for entry in plain.annotation_set.relations
                if entry.head in whole and (entry.implicit or entry.child in whole)
            ),
        )

    @given(record=records)
    def test_each_span_over_a_newline_is_counted(
        self, tmp_path_factory: pytest.TempPathFactory, record: Labelled
    ) -> None:
        report = Report()
        written(brat.FORMAT, tmp_path_factory.mktemp("brat"), [record], WriteOptions(), report)
        assert record.annotation_set
        places = [
            (_without_newlines(span, record.document.text), span)
            for span in record.annotation_set.spans
        ]
        assert total(report, "newlines") == sum(
            1 for found, span in places if found and found != span.fragments
        )
        assert total(report, "spans of newlines") == sum(1 for found, _span in places if not found)


def _pair(folder: Path, ann: str, text: str = TEXT, name: str = "a") -> Path:
    (folder / f"{name}.txt").write_bytes(text.encode())
    path = folder / f"{name}.ann"
    path.write_bytes(ann.encode())
    return path


def _layer(folder: Path, ann: str, text: str = TEXT) -> tuple[AnnotationSet, Report]:
    found, report = read_all(brat.FORMAT, _pair(folder, ann, text))
    assert report.problems == []
    assert found[0].annotation_set
    return found[0].annotation_set, report


def test_spans_relations_attributes_and_notes_are_read(tmp_path: Path) -> None:
    annotation_set, report = _layer(tmp_path, ANN)
    assert annotation_set.spans == (
        Span("T1", "entities", "Entity", ((2, 6),), "دولت"),
        Span(
            "T2",
            "entities",
            "Claim",
            ((11, 28),),
            "قیمت\u200cها پایین آمد",
            {"Stance": "support"},
            "نیاز به بازبینی",
        ),
    )
    assert annotation_set.relations == (Relation("R1", "Holder", "T2", "T1"),)
    assert report.changes() == report.losses() == []


def test_events_references_notes_and_equivalences_stay_with_their_spans(tmp_path: Path) -> None:
    ann = (
        "T1\tSay 2 6\tدولت\nT2\tX 7 10\tگفت\nT3\tX 2 6;7 10\tدولت گفت\nE1\tSay:T1 Who:T2"
        " What:E2\nE2\tTell:T3\nA1\tNegation E1\nM1\tLevel E1 high\nN1\tReference T2"
        " Wikidata:Q1\tНефть и газ\nN2\tReference T2 Wikidata:Q2\t\n#1\tLemma"
        " T2\tg\n#2\tAnnotatorNotes T1\tone\n#3\tAnnotatorNotes T1\ttwo\n#4\tAnnotatorNotes E1\tof"
        " event\n*\tEquiv T1 T2 T3\nR1\tCause Arg1:E1 Arg2:T2\nA2\timplicit:holder T1 author\n"
    )
    annotation_set, report = _layer(tmp_path, ann)
    spans = {span.id: span for span in annotation_set.spans}
    assert spans["T1"].attributes == {
        "event": ("E1",),
        "E1:Negation": True,
        "E1:Level": "high",
        "E1:note:AnnotatorNotes": ("of event",),
    }
    assert spans["T1"].note == "one\ntwo"
    assert spans["T2"].attributes == {
        "normalization:Reference": ("Wikidata:Q1 Нефть и газ", "Wikidata:Q2"),
        "note:Lemma": ("g",),
    }
    assert spans["T3"].attributes == {"event": ("E2 Tell",)}
    assert spans["T3"].fragments == ((2, 6), (7, 10))
    assert [
        (entry.label, entry.head, entry.child, entry.implicit, dict(entry.attributes))
        for entry in annotation_set.relations
    ] == [
        ("Cause", "T1", "T2", None, {"head_event": "E1"}),
        ("Who", "T1", "T2", None, {"event": "E1"}),
        ("What", "T1", "T3", None, {"event": "E1", "child_event": "E2"}),
        ("Equiv", "T1", "T2", None, {"equiv": "1"}),
        ("Equiv", "T2", "T3", None, {"equiv": "1"}),
        ("holder", "T1", None, "author", {}),
    ]
    assert report.losses() == []


def _lines(path: Path) -> Counter[str]:
    """Return a file's lines without the ids that nobody refers to.

    And without TABs at their ends.
    """
    lines = (line.rstrip("\t ") for line in path.read_text("utf-8").split("\n") if line.strip())
    return Counter(
        re.sub(r"^([AMN#])\d*\t", lambda found: found[1].replace("M", "A") + "\t", line)
        for line in lines
    )


@pytest.mark.parametrize(
    ("folder", "documents", "spans"),
    [
        ("nerel/dev", 94, 5590),
        ("brat_example_data", 172, 9664),
        ("bratiaa_example/data/agreement", 4, 33),
    ],
)
def test_corpora_come_back_line_by_line(
    shared_data: Path, tmp_path: Path, folder: str, documents: int, spans: int
) -> None:
    source = shared_data / folder
    report = Report()
    found = list(brat.read(source, ReadOptions(), report))
    assert report.problems == []
    assert report.losses() == []
    assert (
        len(found),
        sum(len(record.annotation_set.spans) for record in found if record.annotation_set),
    ) == (
        documents,
        spans,
    )
    files = brat.write(found, tmp_path, WriteOptions(), Report())
    before = [_lines(path) for path in brat.sources(source)]
    assert [_lines(path) for path in files if path.suffix == ".ann"] == before
    assert [path.read_bytes() for path in files if path.suffix == ".txt"] == [
        path.with_suffix(".txt").read_bytes() for path in brat.sources(source)
    ]


def test_corpora_hold_what_is_documented(shared_data: Path) -> None:
    nerel = [
        record.annotation_set
        for record in brat.read(shared_data / "nerel/dev", ReadOptions(), Report())
        if record.annotation_set
    ]
    assert sum(len(annotation_set.relations) for annotation_set in nerel) == 4012
    assert (
        sum(
            len(values)
            for annotation_set in nerel
            for span in annotation_set.spans
            for values in span.attributes.values()
            if isinstance(values, tuple)
        )
        == 3598
    )
    example = [
        record.annotation_set
        for record in brat.read(shared_data / "brat_example_data", ReadOptions(), Report())
        if record.annotation_set
    ]
    assert (
        sum(
            1
            for annotation_set in example
            for entry in annotation_set.relations
            if re.match(r"R\d", entry.id)
        )
        == 5786
    )
    events = [
        span.attributes.get("event", ())
        for annotation_set in example
        for span in annotation_set.spans
    ]
    assert sum(len(entries) for entries in events if isinstance(entries, tuple)) == 700


def test_annotators_are_folders_with_the_same_texts(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "bratiaa_example/data/agreement/agree-2"
    found = list(brat.read(source, ReadOptions(), Report()))
    assert sorted(
        (record.annotation_set.annotator, record.document.name)
        for record in found
        if record.annotation_set
    ) == [
        (annotator, f"esp.train-doc-{number}")
        for annotator in ("ann1", "ann2")
        for number in (29, 46)
    ]
    brat.write(found, tmp_path, WriteOptions(), Report())
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.ann")) == [
        f"{annotator}/000{number}-esp-train-doc-{document}.ann"
        for annotator in ("ann1", "ann2")
        for number, document in ((1, 29), (2, 46))
    ]
    again = list(brat.read(tmp_path, ReadOptions(), Report()))
    assert [record.annotation_set for record in again] == [
        record.annotation_set for record in found
    ]


def test_folders_with_other_texts_are_part_of_the_name(tmp_path: Path) -> None:
    for folder in ("news", "bio"):
        (tmp_path / folder).mkdir()
        _pair(tmp_path / folder, "", folder)
    found = list(brat.read(tmp_path, ReadOptions(), Report()))
    assert [
        (record.document.name, record.annotation_set.annotator if record.annotation_set else None)
        for record in found
    ] == [("bio/a", ""), ("news/a", "")]


def test_a_file_alone_is_named_by_its_place_in_the_root(tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    path = _pair(tmp_path / "x" / "y", ANN)
    assert read_all(brat.FORMAT, path)[0][0].document.name == "a"
    assert read_all(brat.FORMAT, path, ReadOptions(root=tmp_path))[0][0].document.name == "x/y/a"


def test_a_text_without_annotations_is_a_bare_document(tmp_path: Path) -> None:
    _pair(tmp_path, ANN)
    (tmp_path / "b.txt").write_text("bare", "utf-8")
    (tmp_path / "annotation.conf").write_text("[entities]", "utf-8")
    assert [path.name for path in brat.sources(tmp_path)] == ["a.ann", "b.txt"]
    assert [
        record.annotation_set is None for record in brat.read(tmp_path, ReadOptions(), Report())
    ] == [
        False,
        True,
    ]


def test_a_folder_without_annotations_has_no_sources(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("bare", "utf-8")
    assert brat.sources(tmp_path) == []


def test_offsets_in_utf_16_are_translated_when_all_fit(tmp_path: Path) -> None:
    ann = "T1\tE 3 7\tدولت\nT2\tC 12 29\tقیمت\u200cها پایین آمد\n"
    annotation_set, report = _layer(tmp_path, ann)
    assert [span.fragments for span in annotation_set.spans] == [((2, 6),), ((11, 28),)]
    assert [(loss.kind, loss.count) for loss in report.changes()] == [("offsets", 2)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("دولت\r\nگفت", 6, 9),
        ("دولت\r\nگفت", 5, 8),
        ("\ufeffدولت گفت", 6, 9),
        ("\ufeffدولت گفت", 5, 8),
        ("\ufeff😊\r\nab\r\nگفت", 9, 12),
        ("😊\r\nab\r\nگفت", 7, 10),
    ],
)
def test_offsets_counted_with_cr_and_bom_are_translated(
    tmp_path: Path, text: str, start: int, end: int
) -> None:
    annotation_set, _report = _layer(tmp_path, f"T1\tX {start} {end}\tگفت\n", text)
    assert [span.text for span in annotation_set.spans] == ["گفت"]


def test_offsets_that_fit_in_several_ways_are_refused(tmp_path: Path) -> None:
    # As code points 4–5 is "b"; in UTF-16 it is an "a", and in UTF-16 with CR it is another one.
    found, report = read_all(brat.FORMAT, _pair(tmp_path, "T1\tX 4 5\ta\n", "😊\r\naaba"))
    assert found == []
    assert "several other ways" in report.problems[0].reason


@pytest.mark.parametrize(
    "line",
    [
        "T3\tX 2 6\tдругое",
        "T3\tX 2 600\tدولت",
        "T3\tX 6 2\tدولت",
        "T3\tX 2 6;4 8\tدولت لت گ",
        "T3\tX 2 6",
        "T3\tX 2",
        "T3",
        "T3\tX -1 3\tab",
        "T1\tEntity 2 6\tدولت",
        "R3\tHolder Arg1:T2 Arg2:T9\t",
        "R3\tHolder Arg1:R1 Arg2:T1\t",
        "R3\tHolder Arg1:T2",
        "R3",
        "E3\tX:T9",
        "E3\tX:T1 Role:E9",
        "E3\tX",
        "E3\t",
        "A3\tX T9",
        "A3\tX",
        "N3\tReference T9 a\tb",
        "N3\tReference T1",
        "N3",
        "#3\tNote T9\tx",
        "#3\tNote\tx",
        "*\tEquiv T1",
        "*\tEquiv T1 T9",
    ],
)
def test_a_broken_line_is_an_error_with_its_number(tmp_path: Path, line: str) -> None:
    found, report = read_all(brat.FORMAT, _pair(tmp_path, ANN + line + "\n"))
    assert found == []
    assert [problem.line for problem in report.problems] == [6]
    assert report.problems[0].file.endswith("a.ann")


@pytest.mark.parametrize("line", ["Z1\tx", "# a comment", "TT\tx", "note", "X"])
def test_a_line_of_an_unknown_kind_is_counted_as_lost(tmp_path: Path, line: str) -> None:
    _set_found, report = _layer(tmp_path, ANN + line + "\n")
    assert total(report, "lines") == 1
    assert "a.ann:6" in report.losses()[0].why


def test_annotations_without_their_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text(ANN, "utf-8")
    with pytest.raises(InputError, match="no text file"):
        read_all(brat.FORMAT, tmp_path / "a.ann")


def test_ids_of_ours_become_ids_of_brat(tmp_path: Path) -> None:
    spans = (Span("x", "entities", "A", ((0, 1),), "a"), Span("T1", "claims", "B", ((1, 2),), "b"))
    relations = (
        Relation("r", "two words", "x", "T1", None, {"roles": ("From", "To"), "sure": "yes"}),
    )
    report = Report()
    target, _files = written(
        brat.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", "ab"), AnnotationSet(spans=spans, relations=relations))],
        WriteOptions(),
        report,
    )
    assert (target / "0001-n.ann").read_text("utf-8").split("\n") == [
        "T2\tA 0 1\ta",
        "T1\tB 1 2\tb",
        "R1\ttwo_words From:T2 To:T1\t",
        "A1\tsure R1 yes",
        "",
    ]
    assert (total(report, "ids"), total(report, "spaces in labels"), total(report, "layers")) == (
        2,
        1,
        1,
    )


def test_an_event_that_two_spans_claim_stays_with_the_first(tmp_path: Path) -> None:
    spans = tuple(
        Span(f"T{number}", "entities", "A", ((0, 1),), "a", {"event": ("E1",)}) for number in (1, 2)
    )
    report = Report()
    target, _files = written(
        brat.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", "ab"), AnnotationSet(spans=spans))],
        WriteOptions(),
        report,
    )
    assert total(report, "attributes of arguments") == 1
    assert read_all(brat.FORMAT, target)[1].problems == []


def test_what_arguments_and_equivalences_cannot_hold_is_counted(tmp_path: Path) -> None:
    spans = (
        Span("T1", "entities", "A", ((0, 1),), "a", {"event": ("E1",)}),
        Span("T2", "entities", "B", ((1, 2),), "b"),
    )
    relations = tuple(
        Relation(
            f"x{number}",
            "r",
            "T1",
            "T2" if implicit is None else None,
            implicit,
            {"sure": "yes", **own},
        )
        for number, (implicit, own) in enumerate(
            (
                (None, {"event": "E1"}),
                (None, {"equiv": "1"}),
                ("author", {}),
                (None, {"equiv": "1"}),
            )
        )
    )
    report = Report()
    target, _files = written(
        brat.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", "ab"), AnnotationSet(spans=spans, relations=relations))],
        WriteOptions(),
        report,
    )
    assert total(report, "attributes of arguments") == 4
    content = (target / "0001-n.ann").read_text("utf-8")
    assert "E1\tA:T1 r:T2\n" in content
    assert content.count("*\tr T1 T2\n") == 2


def test_values_that_brat_cannot_hold_are_counted(tmp_path: Path) -> None:
    attributes: dict[str, Value] = {"a": 1, "b": False, "c": "", "d": ("x",), "e": "x\ny", "f": ()}
    report = Report()
    record = Labelled(
        Document("", "n", "ab"),
        AnnotationSet(spans=(Span("T1", "entities", "A", ((0, 1),), "a", attributes),)),
    )
    target, _files = written(brat.FORMAT, tmp_path, [record], WriteOptions(), report)
    assert (total(report, "value types"), total(report, "newlines")) == (5, 1)
    annotation_set = read_all(brat.FORMAT, target)[0][0].annotation_set
    assert annotation_set
    assert annotation_set.spans[0].attributes == {
        "a": "1",
        "b": "False",
        "c": True,
        "d": "x",
        "e": "x y",
    }


def test_a_configuration_is_written_for_brat(tmp_path: Path) -> None:
    annotation_set, _report = _layer(tmp_path, ANN + "E1\tEntity:T1 Who:T2\n")
    target, files = written(
        brat.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", TEXT), annotation_set)],
        WriteOptions(),
        Report(),
    )
    assert files[-1] == target / "annotation.conf"
    assert files[-1].read_text("utf-8").split("\n") == [
        *("[entities]", "Claim", "", "[relations]", "Holder\tArg1:<ANY>, Arg2:<ANY>", ""),
        *(
            "[events]",
            "Entity\tWho*:<ANY>",
            "",
            "[attributes]",
            "Stance\tArg:<ANY>, Value:support",
            "",
        ),
    ]


def test_both_files_of_a_pair_are_recognised(tmp_path: Path) -> None:
    path = _pair(tmp_path, ANN)
    for each in (path, path.with_suffix(".txt")):
        found = guess(each)
        assert found
        assert found.id == "brat"
    path.write_text("", "utf-8")
    assert brat.sniff(b"", path) > 0
    path.with_suffix(".txt").unlink()
    assert brat.sniff(b"", path) == 0
    assert brat.sniff(b"\n", tmp_path / "a.csv") == 0


def test_names_of_annotators_are_made_safe_and_apart(tmp_path: Path) -> None:
    made = [
        Labelled(Document("", "n", "ab"), AnnotationSet(name, "done"))
        for name in ("a/b", "A-B", "con")
    ]
    target, _files = written(brat.FORMAT, tmp_path, made, WriteOptions(), Report())
    assert sorted(path.name for path in target.iterdir() if path.is_dir()) == [
        "A-B-2",
        "a-b",
        "con-",
    ]
