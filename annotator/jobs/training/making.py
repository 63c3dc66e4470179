"""The training set: records or rows of a task, split, with a card and a manifest; all or nothing.

The same call on the same project gives the same bytes. The split is kept in the project, so that a
set made next month, with more documents, has its old documents where they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from annotator.errors import UserError
from annotator.formats import Report, find_format
from annotator.gc_pause import collector_paused
from annotator.i18n import _
from annotator.jobs.exports.exporting import (
    Export,
    ExportOptions,
    ExportReport,
    check_people,
    check_target,
)
from annotator.jobs.progress import Progress, silent
from annotator.jobs.training.card import card
from annotator.jobs.training.manifest import CARD, MANIFEST, check_folder, manifest
from annotator.jobs.training.preflight import PartCounts, Preflight, notes_on
from annotator.jobs.training.rows import labels_in, write_rows
from annotator.jobs.training.splits import Plan
from annotator.jobs.training.survey import SOURCE_FIELD, Survey, assigned, survey
from annotator.jobs.training.tasks import TASKS, Page, Row, TaskOptions
from annotator.model import GOLD, Labelled, Schema
from annotator.store import Store
from annotator.text.tokenizers import OURS, tokenizer
from annotator.workroom import Draft, make_durable, replaced

ROWS = "jsonl"
_AS_RECORDS = ("tokens", "spans")


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What to make. task: one of TASKS, "" for the records as they are.

    source_field: of a document's metadata, for splits by source.
    """

    export: ExportOptions = field(default_factory=ExportOptions)
    plan: Plan = field(default_factory=Plan)
    task: str = ""
    window: int = 0
    negatives: int = 0
    source_field: str = SOURCE_FIELD

    @property
    def makes_rows(self) -> bool:
        """Return whether the files are rows of a task, not records of a format."""
        return bool(self.task) and self.export.format in ("", ROWS)


def look_over(store: Store, options: TrainingOptions, progress: Progress = silent) -> Preflight:
    """Return what the set would hold, without writing anything."""
    return _Making(store, options, progress).look_over()


def make_training_set(
    store: Store, folder: Path, options: TrainingOptions, progress: Progress = silent
) -> Preflight:
    """Write a training set into a folder, and keep its split in the project.

    A UserError leaves everything as it was.
    """
    check_target(folder, folder=True)
    check_folder(folder)
    making = _Making(store, options, progress)
    known = store.split(options.plan.name)
    is_news = any(known.get(name) != part for name, part in making.parts.items())
    if is_news and store.readonly:
        raise UserError(
            _(
                "The project is open for reading only, so the split cannot be kept in it. Close it"
                " elsewhere, or copy it."
            )
        )
    with collector_paused():
        files = replaced(folder, folder, lambda workroom: making.draft(workroom, folder))
    if is_news:
        title = _("Split the documents {ratios}").format(
            ratios="/".join(map(str, options.plan.ratios))
        )
        with store.change(title, store.setting("annotator")) as step:
            step.put_split(options.plan.name, {**known, **making.parts})
    making.export.files = files
    making.export.spans = sum(counts.spans for counts in making.preflight.parts.values())
    making.export.relations = sum(counts.relations for counts in making.preflight.parts.values())
    return making.preflight


def default_annotators(store: Store) -> tuple[str, ...] | None:
    """Return whose work a model should learn from: gold where there is any, else all (None)."""
    return (GOLD,) if GOLD in store.annotators_with_work() else None


class _Making:
    """One set under way."""

    def __init__(self, store: Store, options: TrainingOptions, progress: Progress) -> None:
        _check_task(options)
        check_people(store, options.export.annotators or ())
        self.store = store
        self.progress = progress
        self.schema = store.schema()
        self.options = _with_layers(options, self.schema)
        found = survey(store, self.options.export, options.source_field, progress)
        # What nobody has labelled teaches nothing; records of it are still records.
        self.survey: Survey = _labelled(found) if options.task else found
        self.unlabelled = len(found.documents) - len(self.survey.documents)
        parts = assigned(self.survey, options.plan, store.split(options.plan.name))
        self.parts = {name: parts[name] for name in self.survey.documents}
        self.export = ExportReport()
        counts = {part: PartCounts() for part in options.plan.parts}
        self.preflight = Preflight(options.plan, counts, self.export)
        for name, part in self.parts.items():
            counts[part].add(self.survey.documents[name], counts_labels=not options.makes_rows)

    def members(self, part: str) -> tuple[str, ...]:
        """Return the documents of a part, in the project's order."""
        return tuple(name for name in self.survey.documents if self.parts[name] == part)

    def look_over(self) -> Preflight:
        """Make everything in a folder that goes again.

        What a format loses is only known when it has written.
        """
        with TemporaryDirectory() as folder:
            self.draft_parts(Path(folder), Path(folder))
        return self.preflight

    def draft_parts(self, workroom: Path, folder: Path) -> list[Draft]:
        """Write the parts in a workroom; return each file with the place where it belongs."""
        made: list[Draft] = []
        for part in self.preflight.parts:
            if self.options.makes_rows:
                made += self.draft_rows(part, workroom, folder)
            else:
                made += self.draft_records(part, workroom, folder)
        self.preflight.notes = list(
            notes_on(self.survey, self.parts, self.preflight, self.unlabelled)
        )
        return made

    def draft(self, workroom: Path, folder: Path) -> list[Draft]:
        """Write the parts, the card and the manifest in a workroom."""
        made = self.draft_parts(workroom, folder)
        written = {final.relative_to(folder).as_posix(): draft for draft, final in made}
        (workroom / CARD).write_bytes(
            card(self.preflight, self.options.task, self.schema, list(written))
        )
        written[CARD] = workroom / CARD
        (workroom / MANIFEST).write_bytes(
            manifest(self.preflight, self.told(), written, self.parts)
        )
        for name in (CARD, MANIFEST):
            make_durable(workroom / name)
            made.append((workroom / name, folder / name))
        return made

    def told(self) -> dict[str, object]:
        """Return the options as the manifest keeps them."""
        export = self.options.export
        options = self.options
        return {
            "task": options.task,
            "format": export.format or ROWS,
            "annotators": None if export.annotators is None else list(export.annotators),
            "layers": list(export.write.layers),
            "statuses": list(export.statuses),
            "scheme": export.write.scheme,
            "tokenizer": export.write.tokenizer or OURS,
            "nested": export.write.nested,
            "window": options.window,
            "negatives": options.negatives,
            "source_field": options.source_field,
            "schema": self.schema.tag,
        }

    def draft_rows(self, part: str, workroom: Path, folder: Path) -> list[Draft]:
        """Write the rows of a part."""
        path = workroom / f"{part}.jsonl"
        write_rows(self.rows(part), path)
        make_durable(path)
        return [(path, folder / path.name)]

    def rows(self, part: str) -> Iterator[Row]:
        """Walk over the rows of a part, and count them."""
        task = TASKS[self.options.task]
        options = self._task_options()
        counts = self.preflight.parts[part]
        report = Report()
        for record in self._labelled_records(part):
            self.export.documents.add(record.document.id)
            page = Page(record, options)
            counts.spans += len(page.spans)
            counts.relations += len(page.annotation_set.relations)
            for row in task(page, options, report):
                counts.rows += 1
                counts.labels.update(labels_in(row))
                yield row
        self.export.lost.update(report.lost)
        self.export.misaligned += report.misaligned

    def _task_options(self) -> TaskOptions:
        options = self.options
        write = self.options.export.write
        return TaskOptions(
            self.schema,
            write.layers,
            tokenizer(write.tokenizer),
            write.scheme,
            options.window,
            options.negatives,
            options.plan.seed,
        )

    def _labelled_records(self, part: str) -> Iterator[Labelled]:
        """Walk over the records of a part in which somebody did something."""
        export = self.options.export
        members = self.members(part)
        records = self.store.records(export.annotators, export.statuses, members)
        for number, record in enumerate(records):
            if number % 100 == 0:
                self.progress(number, len(members), record.document.name)
            if record.annotation_set is not None and not record.annotation_set.is_empty:
                yield record

    def draft_records(self, part: str, workroom: Path, folder: Path) -> list[Draft]:
        """Write the records of a part."""
        entry = find_format(self.options.export.format or ROWS)
        work = Export(self.store, entry, self.options.export, self.progress, self.members(part))
        suffix = "" if work.entry.folder else work.entry.extensions[0]
        files = work.draft(workroom, folder / f"{part}{suffix}")
        counts = self.preflight.parts[part]
        counts.spans = work.report.spans
        counts.relations = work.report.relations
        self.export.documents |= work.report.documents
        self.export.lost.update(work.report.lost)
        self.export.misaligned += work.report.misaligned
        return files


def _check_task(options: TrainingOptions) -> None:
    """Refuse a task that is not there, or that the format has no rows for."""
    if options.task and options.task not in TASKS:
        message = _("There is no task {task}. Choose one of: {known}.")
        raise UserError(message.format(task=options.task, known=", ".join(TASKS)))
    if options.task and not options.makes_rows and options.task not in _AS_RECORDS:
        message = _(
            "The rows of the task {task} are written as jsonl; other formats hold documents"
            " with their spans."
        )
        raise UserError(message.format(task=options.task))


def _with_layers(options: TrainingOptions, schema: Schema) -> TrainingOptions:
    """Return the options with the layers that the task learns from where none is named."""
    if not options.task or options.export.write.layers:
        return options
    write = replace(options.export.write, layers=layers_of(options.task, schema))
    return replace(options, export=replace(options.export, write=write))


def _labelled(found: Survey) -> Survey:
    """Return the survey of the documents that somebody has labelled."""
    documents = {name: entry for name, entry in found.documents.items() if entry.annotators}
    return Survey(documents, {name: found.clusters[name] for name in documents})


def layers_of(task: str, schema: Schema) -> tuple[str, ...]:
    """Return the layers that a task learns from when none is named.

    Those of entities for tokens, those of claims for sentences, else () for all.
    """
    look = {"tokens": "entity", "sentences": "claim"}.get(task, "")
    return tuple(layer.id for layer in schema.layers if layer.look == look)
