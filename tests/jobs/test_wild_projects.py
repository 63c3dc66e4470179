"""Whatever a project holds, every job does its work on it.

Reports, rules, feedback, training sets, the schema's file.
"""

import csv
import io
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.agreement import measures
from annotator.errors import UserError
from annotator.formats import Report, WriteOptions, jsonl
from annotator.jobs import ExportOptions, ImportOptions, import_files, statistics
from annotator.jobs.agreeing import AgreementOptions, compared_project, measure_spans
from annotator.jobs.reports import ReportOptions, make_report, sheets, write_report
from annotator.jobs.reports.files import as_csv
from annotator.jobs.schema_files import WRITERS, schema_from, write_schema
from annotator.jobs.team.adjudicate import adjudicate
from annotator.jobs.team.feedback import write_feedback
from annotator.jobs.training.making import TrainingOptions, make_training_set
from annotator.jobs.training.tasks import TASKS
from annotator.model import AnnotationSet, Document, Labelled, Span
from annotator.store import Store
from tests.formats import wild
from tests.formats.round_trip import CALM
from tests.projects import made, span

PEOPLE = ("سارا", 'a"b')
QUICK = tuple(entry.id for entry in measures().values() if "gamma" not in entry.id)


@st.composite
def teams(draw: st.DrawFn) -> list[Labelled]:
    """Draw documents that two people have labelled, the second less than the first.

    A label has one layer.
    """
    found: list[Labelled] = []
    for number, record in enumerate(draw(st.lists(wild.records(), min_size=1, max_size=3))):
        annotation_set = record.annotation_set or AnnotationSet()
        spans = tuple(
            each._replace(layer=wild.LAYERS[wild.LABELS.index(each.label) % len(wild.LAYERS)])
            for each in annotation_set.spans
        )
        document = replace(record.document, id=f"{number} {record.document.id}")
        fewer = spans[: draw(st.integers(0, len(spans)))]
        found.append(
            Labelled(
                document, replace(annotation_set, annotator=PEOPLE[0], status="done", spans=spans)
            )
        )
        found.append(Labelled(document, AnnotationSet(PEOPLE[1], "done", fewer)))
    return found


def _pair(document: Document, *spans: Span) -> list[Labelled]:
    return [
        Labelled(document, AnnotationSet(PEOPLE[0], "done", spans)),
        Labelled(document, AnnotationSet(PEOPLE[1], "done")),
    ]


def _check_tables(store: Store, folder: Path) -> None:
    report = make_report(store, ReportOptions())
    write_report(report, folder / "report.html")
    for sheet in sheets(report):
        rows = list(csv.reader(io.StringIO(as_csv(sheet), newline="")))
        assert [len(row) for row in rows] == [len(sheet.headings)] * (len(sheet.rows) + 1)


def _check_schema(store: Store, folder: Path) -> None:
    for kind, name in zip(WRITERS, ("schema.toml", "schema.xml"), strict=True):
        write_schema(store.schema(), folder / name, kind)
        read = schema_from(str(folder / name))
        assert {label.id for _layer, label in read.labels()} >= {
            label.id for _layer, label in store.schema().labels()
        }


def _make_set(store: Store, folder: Path, task: str) -> None:
    try:
        make_training_set(
            store, folder, TrainingOptions(ExportOptions(annotators=PEOPLE[:1]), task=task)
        )
    except UserError as error:
        # What is wrong with the project may be said.
        assert "fault of the program" not in str(error)  # noqa: PT017


@settings(CALM, max_examples=12)
@given(work=teams(), task=st.sampled_from(["", *sorted(TASKS)]))
@example(
    work=[
        *_pair(Document("1", "", "")),
        *_pair(Document("2", "", "a"), span("a", "a", "PER", name="s")),
    ],
    task="",
)
@example(work=_pair(Document("1", "\r", "a")), task="")
def test_every_job_works_on_whatever_a_project_holds(work: list[Labelled], task: str) -> None:
    with tempfile.TemporaryDirectory() as name, made(Path(name, "p.annot"), texts={}) as store:
        folder = Path(name)
        jsonl.write(work, folder / "in.jsonl", WriteOptions(), Report())
        assert (
            import_files(store, [folder / "in.jsonl"], ImportOptions(labels="add"), "aida").problems
            == []
        )
        assert statistics(store).documents == len({record.document.id for record in work})
        _check_tables(store, folder)
        _check_schema(store, folder)
        measure_spans(compared_project(store), AgreementOptions(QUICK))
        for rule in ("unanimous", "majority"):
            adjudicate(store, PEOPLE, rule, Fraction(1, 2), "lead")
        try:
            write_feedback(store, PEOPLE, folder / "feedback")
        except UserError as error:
            # Where nothing is decided, nothing else may be wrong.
            assert "Nothing is decided" in str(error)  # noqa: PT017
        _make_set(store, folder / "training", task)
        assert store.faults() == []
