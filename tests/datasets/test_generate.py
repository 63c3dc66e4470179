"""The generator.

The same corpus for the same options, valid in every line, of the shape that was asked for.
"""

import io
import sys
from itertools import combinations
from pathlib import Path

import orjson
import pytest

from annotator.formats import ReadOptions, Report, find_format
from annotator.jobs import ImportOptions, import_files
from annotator.model import Labelled, Span
from annotator.model.schema_files import load_schema
from datasets.generate import ZWNJ, Plan, lines, main
from datasets.words import LANGUAGES
from tests.projects import check_texts, made


def records(plan: Plan, folder: Path) -> list[Labelled]:
    path = folder / "made.jsonl"
    path.write_bytes(b"".join(lines(plan)))
    entry, report = find_format("jsonl"), Report()
    assert entry.read is not None
    found = list(entry.read(path, ReadOptions(schema=load_schema("news")), report))
    assert (report.problems, dict(report.lost), dict(report.changed)) == ([], {}, {})
    return found


def depth(spans: tuple[Span, ...]) -> int:
    """Return how many spans lie in one another at most."""

    def contains(outer: Span, inner: Span) -> bool:
        return (
            outer.start <= inner.start
            and inner.end <= outer.end
            and (outer.start, outer.end) != (inner.start, inner.end)
        )

    def above(inner: Span) -> int:
        return 1 + max((above(outer) for outer in spans if contains(outer, inner)), default=0)

    return max(map(above, spans), default=0)


def test_equal_options_give_equal_bytes() -> None:
    plan = Plan(documents=6, annotators=2, gold=True)
    assert list(lines(plan)) == list(lines(plan))
    assert list(lines(plan)) != list(lines(Plan(documents=6, annotators=2, gold=True, seed=2)))


def test_a_larger_corpus_begins_with_the_smaller() -> None:
    small = list(lines(Plan(documents=3)))
    assert list(lines(Plan(documents=9)))[: len(small)] == small


def test_it_imports_into_news_without_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_bytes(b"".join(lines(Plan(documents=30, gold=True))))
    with made(tmp_path / "p.annot", texts={}) as store:
        report = import_files(store, [path], ImportOptions(), "aida")
        assert (report.problems, report.lost, len(report.new)) == ([], {}, 30)
        assert store.annotators_with_work() == ["a1", "a2", "a3", "gold"]
        assert check_texts(store) == report.spans
        assert store.schema().version == 1


def test_it_has_the_shape_that_was_asked_for(tmp_path: Path) -> None:
    found = records(Plan(documents=60, annotators=2, spans=20, characters=1500), tmp_path)
    assert len(found) == 120
    spans = [len(record.annotation_set.spans) for record in found if record.annotation_set]
    assert 15 <= sum(spans) / len(spans) <= 20
    lengths = [len(record.document.text) for record in found]
    assert 1450 <= sum(lengths) / len(lengths) <= 1700
    assert {record.document.language for record in found} == set(LANGUAGES)


def test_it_holds_what_is_hard(tmp_path: Path) -> None:
    found = records(Plan(documents=90, annotators=1), tmp_path)
    annotation_sets = [record.annotation_set for record in found if record.annotation_set]
    persian = [record.document.text for record in found if record.document.language == "fa"]
    assert any(ZWNJ in text for text in persian)
    assert any(ZWNJ not in text for text in persian)
    assert any(
        len(span.fragments) > 1
        for annotation_set in annotation_sets
        for span in annotation_set.spans
    )
    assert {
        relation.implicit
        for annotation_set in annotation_sets
        for relation in annotation_set.relations
    } == {
        None,
        "author",
        "unknown",
    }
    assert any("mixed" in record.document.name for record in found)


def test_relations_join_what_the_schema_allows(tmp_path: Path) -> None:
    schema = load_schema("news")
    for record in records(Plan(documents=30), tmp_path):
        assert record.annotation_set is not None
        labels = {span.id: span.label for span in record.annotation_set.spans}
        for relation in record.annotation_set.relations:
            type_ = schema.find_relation(relation.label)
            assert type_ is not None
            assert labels[relation.head] in type_.heads
            assert (
                (labels[relation.child] in type_.children)
                if relation.child
                else (relation.implicit in type_.implicit)
            )


@pytest.mark.parametrize("nesting", [1, 2, 3, 5])
def test_spans_lie_in_one_another_as_deep_as_asked(tmp_path: Path, nesting: int) -> None:
    found = records(Plan(documents=12, annotators=1, nesting=nesting, spans=100), tmp_path)
    depths = [depth(record.annotation_set.spans) for record in found if record.annotation_set]
    assert max(depths) == nesting


def test_annotators_differ_a_little(tmp_path: Path) -> None:
    found = records(Plan(documents=10, annotators=2, spans=100), tmp_path)
    for one, two in zip(found[::2], found[1::2], strict=True):
        assert one.annotation_set is not None
        assert two.annotation_set is not None
        marks = [
            {(span.label, span.fragments) for span in annotation_set.spans}
            for annotation_set in (one.annotation_set, two.annotation_set)
        ]
        assert marks[0] != marks[1]
        assert len(marks[0] & marks[1]) > 0.6 * len(marks[0])


def test_without_annotators_texts_are_bare(tmp_path: Path) -> None:
    found = records(Plan(documents=4, annotators=0), tmp_path)
    assert [record.annotation_set for record in found] == [None] * 4


def test_it_writes_a_file_or_standard_output(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(["--documents", "2", "--annotators", "1", "--languages", "kk"], out) == 0
    assert (
        main(
            [
                "--documents",
                "2",
                "--annotators",
                "1",
                "--languages",
                "kk",
                "-o",
                str(tmp_path / "x.jsonl"),
            ]
        )
        == 0
    )
    assert (tmp_path / "x.jsonl").read_text("utf-8") == out.getvalue()
    assert {orjson.loads(line)["language"] for line in out.getvalue().splitlines()} == {"kk"}


def test_a_language_without_words_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--languages", "fa,de"], sys.stdout)
    assert caught.value.code == 2
    assert "de" in capsys.readouterr().err


def test_the_sentences_have_no_slot_that_is_empty() -> None:
    for slots, sentences in LANGUAGES.values():
        names = {
            part.split("}")[0]
            for sentence in (*sentences, *(text for texts in slots.values() for text in texts))
            for part in sentence.split("{")[1:]
        }
        assert names <= set(slots)


def test_no_two_documents_are_alike(tmp_path: Path) -> None:
    texts = [record.document.text for record in records(Plan(documents=40, annotators=1), tmp_path)]
    assert all(one != two for one, two in combinations(texts, 2))
