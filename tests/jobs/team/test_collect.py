"""Collecting.

Looked at first, all or nothing, and what to do about labels and texts that do not fit.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.jobs.relabeling import Revision, relabel
from annotator.jobs.team.assign import assign, start, submit
from annotator.jobs.team.collect import CollectReport, collect, write_receipts
from annotator.model import Document, Label, Names, Relation, RelationType, Span
from annotator.store import Store, annotator_id
from annotator.store.exchange.bundle import read_bundle
from tests.projects import RU, made, span

SARA = "Сара"


@pytest.fixture
def lead(tmp_path: Path) -> Path:
    """Return a project that was handed out to Sara, whose copy is `copy.annot`."""
    with made(tmp_path / "lead.annot") as store:
        assign(store, {SARA: store.entries("")}, {SARA: tmp_path / "s.annot-bundle"}, "Lead")
    start(tmp_path / "s.annot-bundle", tmp_path / "copy.annot")
    return tmp_path / "lead.annot"


def worked(lead: Path, *spans: Span, relation: str = "", schema_label: str = "") -> Path:
    """Do some work in Sara's copy, and return the bundle of it."""
    with Store.open(lead.with_name("copy.annot")) as copy:
        with copy.change("work", SARA) as step:
            if schema_label:
                schema = copy.schema()
                layer = replace(
                    schema.layers[0],
                    labels=(
                        *schema.layers[0].labels,
                        Label(schema_label, Names({"en": schema_label})),
                    ),
                )
                relations = (
                    (*schema.relations, RelationType(relation, Names({"en": relation})))
                    if relation
                    else schema.relations
                )
                step.put_schema(
                    replace(schema, layers=(layer, *schema.layers[1:]), relations=relations)
                )
            for entry in spans:
                step.put_span("ru-1", step.add_annotator(SARA), entry)
            if relation:
                step.put_relation(
                    "ru-1", annotator_id(SARA), Relation("r", relation, spans[0].id, spans[1].id)
                )
        return submit(copy, lead.with_name("back.annot-bundle")).path


def collected(lead: Path, *bundles: Path, labels: str = "", dry_run: bool = False) -> CollectReport:
    """Collect into a project."""
    with Store.open(lead) as store:
        report = collect(store, bundles, "Lead", labels=labels, dry_run=dry_run)
        assert store.faults() == []
    return report


def test_a_look_stores_nothing_and_says_what_collecting_then_does(lead: Path) -> None:
    bundle = worked(lead, span(RU, "Анна", "PER"), span(RU, "Мэрия", "ORG"))
    with Store.open(lead) as store:
        before = store.state_hash()
    look = collected(lead, bundle, bundle, dry_run=True)
    with Store.open(lead) as store:
        assert store.state_hash() == before
        assert not list(lead.parent.glob("backups/*"))
    done = collected(lead, bundle)
    assert (look.spans, look.stored, done.spans, done.stored) == (2, False, 2, True)
    assert done.backup is not None
    with Store.open(done.backup, readonly=True) as saved:
        assert saved.state_hash() == before
    again = collected(lead, bundle)
    assert (again.arrivals[0].new, again.arrivals[0].known, again.backup) == (0, 2, None)


def test_labels_that_the_schema_lacks_are_refused_added_or_kept(lead: Path) -> None:
    spans = (span(RU, "Анна", "PER"), span(RU, "Мэрия", "NEW"))
    bundle = worked(lead, *spans, relation="near", schema_label="NEW")
    refused = collected(lead, bundle)
    assert not refused.stored
    assert refused.unknown[0] == {"NEW": 1, "near": 1}
    assert "--labels add" in refused.problems[0].reason
    assert collected(lead, bundle, labels="keep", dry_run=True).problems == []
    assert collected(lead, bundle, labels="add").stored
    with Store.open(lead) as store:
        assert store.schema().find_label("NEW") is not None
        assert store.schema().find_relation("near") is not None
        assert len(store.annotation_set("ru-1", SARA).relations) == 1
        assert store.undo("Lead") is not None
        assert store.schema().find_label("NEW") is None
        assert store.undoable("Lead") is None
        assert store.faults() == []


def test_kept_labels_stay_outside_the_schema(lead: Path) -> None:
    assert collected(
        lead, worked(lead, span(RU, "Мэрия", "NEW"), schema_label="NEW"), labels="keep"
    ).stored
    with Store.open(lead) as store:
        assert store.schema().find_label("NEW") is None
        assert [entry.label for entry in store.annotation_set("ru-1", SARA).spans] == ["NEW"]


def test_work_with_an_older_schema_follows_labels_that_were_merged_meanwhile(lead: Path) -> None:
    with Store.open(lead) as store:
        relabel(store, "Lead", Revision(merged={"GPE": "LOC"}))
    report = collected(lead, worked(lead, span(RU, "Зареченска", "GPE")))
    assert (report.moved, report.problems) == (1, [])
    with Store.open(lead) as store:
        assert [entry.label for entry in store.annotation_set("ru-1", SARA).spans] == ["LOC"]


def test_a_document_with_another_text_refuses_the_bundle(lead: Path) -> None:
    with Store.open(lead) as store, store.change("bring", "Lead") as step:
        step.add_document(Document("own", "own", "один"))
    with Store.open(lead.with_name("copy.annot")) as copy, copy.change("bring", SARA) as step:
        step.add_document(Document("own", "own", "другой"))
    report = collected(lead, worked(lead))
    assert not report.stored
    assert "another text" in report.problems[0].reason
    assert report.to_plain()["bundles"] != []


def test_one_bad_bundle_stops_all_and_each_reason_is_told(lead: Path) -> None:
    good = worked(lead, span(RU, "Анна", "PER"))
    for name in ("bad1", "bad2"):
        (lead.parent / name).write_bytes(b"x")
    report = collected(lead, lead.parent / "bad1", good, lead.parent / "bad2")
    assert [Path(problem.file).name for problem in report.problems] == ["bad1", "bad2"]
    assert not report.stored
    with Store.open(lead) as store:
        assert store.annotation_set("ru-1", SARA).is_empty


def test_receipts_are_written_for_those_whose_work_is_here(lead: Path, tmp_path: Path) -> None:
    with Store.open(lead) as store, pytest.raises(UserError, match="nothing to confirm"):
        write_receipts(store, tmp_path / "receipts")
    collected(lead, worked(lead))
    with Store.open(lead) as store:
        made_ = write_receipts(store, tmp_path / "receipts")
    assert [read_bundle(path).manifest.annotator for path in made_] == [SARA]
    assert start(made_[0], lead.with_name("copy.annot")).documents == 1
