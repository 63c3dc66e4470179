"""A survey: what an import would bring, found by reading each file to its end, storing nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from annotator.errors import InputError, Problem
from annotator.formats import Report
from annotator.i18n import _
from annotator.jobs.imports.discovery import Source
from annotator.jobs.imports.importing import ImportOptions, chosen_sources
from annotator.jobs.imports.repairs import repaired
from annotator.jobs.progress import Progress, silent
from annotator.model import Labelled, Loss, Schema

TOLD_EVERY = 20


@dataclass(slots=True)
class Surveyed:
    """What one file would bring.

    How many of each thing, which labels how often, what would be changed or lost, what is wrong.
    """

    path: Path
    documents: int = 0
    spans: int = 0
    relations: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    encodings: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[Loss, ...] = ()
    lost: tuple[Loss, ...] = ()
    problems: tuple[Problem, ...] = ()


def survey(
    paths: Sequence[Path], options: ImportOptions, schema: Schema, progress: Progress = silent
) -> list[Surveyed]:
    """Read the files as an import would; a path that is not there is a UserError."""
    return [
        survey_file(source, options, schema, progress) for source in chosen_sources(paths, options)
    ]


def survey_file(
    source: Source, options: ImportOptions, schema: Schema, progress: Progress = silent
) -> Surveyed:
    """Read one file to its end, and count."""
    surveyed = Surveyed(source.path)
    if source.format is None or source.format.read is None:
        reason = _(
            "this is not a file of a known format; choose the format yourself if you know it"
        )
        surveyed.problems = (Problem(str(source.path), 0, reason),)
        return surveyed
    report = Report()
    try:
        for record in _records(source, options, schema, report, progress):
            _count(surveyed, record)
            if surveyed.documents % TOLD_EVERY == 1:
                progress(surveyed.documents, 0, source.path.name)
    except InputError as error:
        report.problems.append(error.problem)
    except OSError as error:
        reason = _("the file cannot be read: {reason}").format(reason=error.strerror or error)
        report.problems.append(Problem(str(source.path), 0, reason))
    surveyed.encodings = report.encodings
    surveyed.changed = tuple(report.changes())
    surveyed.lost = tuple(report.losses())
    surveyed.problems = tuple(dict.fromkeys(report.problems))
    return surveyed


def _records(
    source: Source, options: ImportOptions, schema: Schema, report: Report, progress: Progress
) -> Iterator[Labelled]:
    """Walk over the records of a file as an import would repair them."""
    path, entry, root = source
    if entry is None or entry.read is None:
        return
    reading = options.reading(path).options
    pulse = partial(progress, 0, 0, path.name)
    reading = replace(reading, schema=schema, root=root, pulse=pulse)
    for record in entry.read(path, reading, report):
        yield repaired(record, reading.repairs, report)


def _count(found: Surveyed, record: Labelled) -> None:
    found.documents += 1
    annotation_set = record.annotation_set
    if annotation_set is not None:
        found.spans += len(annotation_set.spans)
        found.relations += len(annotation_set.relations)
        found.annotators[annotation_set.annotator] += 1
        found.labels.update(span.label for span in annotation_set.spans)
        found.labels.update(relation.label for relation in annotation_set.relations)


def foreign_labels(found: Iterable[Surveyed], schema: Schema) -> list[tuple[str, int]]:
    """Return the labels and relation types that a schema lacks, the most frequent first."""
    counts: Counter[str] = Counter()
    for entry in found:
        counts.update(entry.labels)
    ours = {label.id for _layer, label in schema.labels()} | {
        entry.id for entry in schema.relations
    }
    return [
        (name, count) for name, count in counts.most_common() if schema.successor(name) not in ours
    ]
