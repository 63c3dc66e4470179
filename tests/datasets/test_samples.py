"""The sample corpora that ship.

Valid in every line, three layers a document, imported into `news` without a problem.
"""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from annotator.formats import ReadOptions, Report, find_format
from annotator.jobs import ImportOptions, import_files
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from tests.projects import check_texts, made

if TYPE_CHECKING:
    from annotator.model import AnnotationSet

NAMES = {"fa", "kk", "ru", "mixed"}
LEAST, MOST = 800, 2500


def test_there_is_a_sample_of_each_language() -> None:
    assert {path.stem for path in sample_files()} == NAMES


@pytest.mark.parametrize("path", sample_files(), ids=lambda path: path.stem)
def test_every_line_is_valid_and_each_document_has_three_layers_that_differ(path: Path) -> None:
    entry, report = find_format("jsonl"), Report()
    assert entry.read is not None
    annotation_sets: dict[str, dict[str, AnnotationSet]] = defaultdict(dict)
    for record in entry.read(path, ReadOptions(schema=load_schema("news")), report):
        assert record.annotation_set is not None
        assert record.schema == "news@1"
        assert LEAST <= len(record.document.text) <= MOST, record.document.id
        annotation_sets[record.document.id][record.annotation_set.annotator] = record.annotation_set
    assert (report.problems, dict(report.lost), dict(report.changed)) == ([], {}, {})
    assert len(annotation_sets) >= 10
    for name, found in annotation_sets.items():
        assert set(found) == {"a1", "a2", "gold"}, name
        marks = [
            {(span.label, span.fragments) for span in annotation_set.spans}
            for annotation_set in found.values()
        ]
        assert marks[0] != marks[1], name


@pytest.mark.parametrize("path", sample_files(), ids=lambda path: path.stem)
def test_gold_is_neither_annotators_copy(path: Path) -> None:
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    by_document: dict[str, dict[str, object]] = defaultdict(dict)
    for line in lines:
        by_document[line["id"]][line["annotator"]] = sorted(
            (span["label"], span["start"], span["end"]) for span in line["spans"]
        )
    for who in ("a1", "a2"):
        assert any(found["gold"] != found[who] for found in by_document.values())


def test_all_are_imported_into_news_without_a_problem(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot", texts={}) as store:
        report = import_files(store, sample_files(), ImportOptions(), "aida")
        assert (report.problems, report.failed, report.lost, report.changed) == ([], 0, {}, {})
        assert len(report.new) >= 40
        assert check_texts(store) == report.spans
        assert store.schema().version == 1
