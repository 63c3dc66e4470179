"""Labels renamed, merged, retired.

Spans of all annotators move in one step that can be taken back, and later files follow.
"""

from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.jobs import ImportOptions, import_files
from annotator.jobs.relabeling import Revision, relabel, revised
from annotator.model import AnnotationSet, Relation
from annotator.model.schema_files import load_schema
from annotator.store import Store
from tests.projects import FA, RU, labelled, made, plain, span, write_lines


def worked(path: Path) -> Store:
    """Return a project in which two annotators used LOC.

    One has GPE on the same words too, with relations at both.
    """
    store = made(path)
    loc, gpe = span(FA, "رشت", "LOC", name="loc"), span(FA, "رشت", "GPE", name="gpe")
    claim, stance = (
        span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims", "claim"),
        span(FA, "مخالفت", "STANCE", "stance", "stance"),
    )
    links = (Relation("r1", "holder", "claim", "loc"), Relation("r2", "target", "stance", "claim"))
    with store.change("work", "") as step:
        for name, annotation_set, text in (
            ("fa-1", AnnotationSet("aida", "open", (loc, gpe, claim, stance), links), FA),
            (
                "ru-1",
                AnnotationSet("boris", "open", (span(RU, "Зареченска", "LOC", name="ru"),)),
                RU,
            ),
        ):
            step.import_annotation_set(
                name, step.add_annotator(annotation_set.annotator), annotation_set, text
            )
    return store


def test_merged_labels_move_the_spans_of_all_annotators(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        report = relabel(store, "lead", Revision(merged={"LOC": "GPE"}))
        assert report.moved == {("LOC", "GPE"): 2}
        assert {entry.label for entry in store.annotation_set("ru-1", "boris").spans} == {"GPE"}
        assert store.schema().version == 2
        assert not store.faults()


def test_a_span_with_both_labels_becomes_one_and_keeps_its_relations(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        report = relabel(store, "lead", Revision(merged={"LOC": "GPE"}))
        annotation_set = store.annotation_set("fa-1", "aida")
        assert report.twins == 1
        assert sorted(entry.id for entry in annotation_set.spans) == ["claim", "gpe", "stance"]
        assert {(entry.id, entry.head, entry.child) for entry in annotation_set.relations} == {
            ("r1", "claim", "gpe"),
            ("r2", "stance", "claim"),
        }


def test_one_undo_takes_the_merger_back(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        before = store.state_hash()
        relabel(store, "lead", Revision(merged={"LOC": "GPE"}, renamed={"PER": "Human"}))
        assert store.state_hash() != before
        store.undo("lead")
        assert store.state_hash() == before
        assert store.schema() == load_schema("news")


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        before = store.state_hash()
        report = relabel(store, "lead", Revision(merged={"LOC": "GPE"}), dry_run=True)
        assert (report.moved, report.twins) == ({("LOC", "GPE"): 2}, 1)
        assert store.state_hash() == before


def test_what_comes_in_later_with_the_old_label_follows(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        relabel(store, "lead", Revision(merged={"LOC": "GPE"}))
        record = labelled("ru-1", RU, "vera", [span(RU, "Зареченска", "LOC")])
        told = import_files(
            store,
            [write_lines(tmp_path / "late.jsonl", [plain(record)])],
            ImportOptions(annotator="vera"),
            "vera",
        )
        assert [entry.label for entry in store.annotation_set("ru-1", "vera").spans] == ["GPE"]
        assert [count for (kind, _why), count in told.changed.items() if kind == "label"] == [1]


def test_a_label_merged_twice_arrives_at_the_last() -> None:
    schema = revised(
        revised(load_schema("news"), Revision(merged={"LOC": "GPE"})),
        Revision(merged={"GPE": "ORG"}),
    )
    assert schema.successor("LOC") == "ORG"


@pytest.mark.parametrize("merged", [{"LOC": "GPE", "GPE": "LOC"}, {"LOC": "LOC"}])
def test_a_circle_is_refused(merged: dict[str, str]) -> None:
    with pytest.raises(UserError, match="itself"):
        revised(load_schema("news"), Revision(merged=merged))


def test_a_label_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError, match=r"CITY.*PER"):
        revised(load_schema("news"), Revision(merged={"LOC": "CITY"}))


def test_a_retired_label_keeps_its_spans(tmp_path: Path) -> None:
    with worked(tmp_path / "p.annot") as store:
        relabel(store, "lead", Revision(retired=("LOC",)))
        found = store.schema().find_label("LOC")
        assert found is not None
        assert found[1].retired
        assert [entry.label for entry in store.annotation_set("ru-1", "boris").spans] == ["LOC"]
