"""Export: the project → values → files.

Files are written beside their place, made durable, then moved into it.

An export that fails or is cancelled leaves what was there before. Every span is compared with its
text on the way out, and the files are read back before they take their places.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.errors import UserError, clean
from annotator.files import is_device
from annotator.formats import Format, Misaligned, Report, WriteOptions, find_format, formats
from annotator.gc_pause import collector_paused
from annotator.i18n import _, name_list
from annotator.jobs.exports.verify import Facts, verify
from annotator.jobs.progress import Progress, silent
from annotator.model import AnnotationSet, Labelled, Loss, surface
from annotator.store import Store
from annotator.store.file.opening import spare_project
from annotator.workroom import Draft, make_durable, replaced


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export.

    annotators None: everybody. statuses (): whatever the status. The layers in `write` are those of
    the schema.
    """

    format: str = ""
    annotators: tuple[str, ...] | None = None
    statuses: tuple[str, ...] = ()
    write: WriteOptions = field(default_factory=WriteOptions)


@dataclass(slots=True)
class ExportReport:
    """What an export wrote.

    `misaligned` are the spans that did not fit the tokens of a token format, with what became of
    each.
    """

    documents: set[str] = field(default_factory=set)
    spans: int = 0
    relations: int = 0
    files: list[Path] = field(default_factory=list)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    misaligned: list[Misaligned] = field(default_factory=list)

    def losses(self) -> list[Loss]:
        """Return what the format could not carry, the most frequent first."""
        return [Loss(kind, count, why) for (kind, why), count in self.lost.most_common()]

    def to_plain(self) -> dict[str, object]:
        """Return the report as `export --json` prints it."""
        lost = [{"kind": loss.kind, "count": loss.count, "why": loss.why} for loss in self.losses()]
        return {
            "documents": len(self.documents),
            "spans": self.spans,
            "relations": self.relations,
            "files": [clean(str(path)) for path in self.files],
            "lost": lost,
        }


def format_for(target: Path, wanted: str = "") -> Format:
    """Return the format to write: the one named, else by the target's extension, else JSONL."""
    entry = find_format(wanted) if wanted else _by_extension(target)
    if entry.write is None:
        raise UserError(_("The format {name} can only be read.").format(name=entry.id))
    return entry


def _by_extension(target: Path) -> Format:
    suffix = target.suffix.lower()
    writable = [
        entry
        for entry in formats().values()
        if entry.write and not entry.folder and suffix in entry.extensions
    ]
    # Several formats share an ending; the one that names it first has it as its own.
    return min(
        writable, key=lambda entry: entry.extensions.index(suffix), default=find_format("jsonl")
    )


def export_records(
    store: Store, target: Path, options: ExportOptions, progress: Progress = silent
) -> ExportReport:
    """Write documents with annotation sets to a file or folder.

    Raises UserError and changes nothing there when it cannot be done.
    """
    if not is_device(target):
        target = Path(os.path.realpath(target))  # a link stays, and what it leads to is written
    entry = format_for(target, options.format)
    check_target(target, folder=entry.folder)
    check_people(store, options.annotators or ())
    work = Export(store, entry, options, progress)
    folder = None if is_device(target) else target.parent
    with collector_paused():
        work.report.files = replaced(target, folder, lambda workroom: work.draft(workroom, target))
    return work.report


def check_people(store: Store, names: Sequence[str]) -> None:
    """Refuse names of people whom the project does not know."""
    known = store.annotators()
    for name in names:
        if name not in known:
            everybody = name_list(known)
            message = _("Nobody called {name} has worked in this project; it has {names}.")
            raise UserError(message.format(name=name, names=everybody))


class Export:
    """One export under way; `documents` are those to write, None for all."""

    def __init__(
        self,
        store: Store,
        entry: Format,
        options: ExportOptions,
        progress: Progress,
        documents: tuple[str, ...] | None = None,
    ) -> None:
        self.store = store
        self.entry = entry
        self.options = options
        self.progress = progress
        self.documents = documents
        self.report = ExportReport()
        self.facts = Facts(frozenset(entry.loses))
        self.schema = store.schema()
        self.count = len(store.entries("")) if documents is None else len(documents)

    def draft(self, workroom: Path, target: Path) -> list[Draft]:
        """Write everything in a folder beside the target; return each file and where it belongs."""
        write = self.entry.write
        if write is None:
            raise UserError(_("The format {name} can only be read.").format(name=self.entry.id))
        draft = workroom / target.name
        if self.entry.folder:
            draft.mkdir()
        told = Report()
        files = write(self.records(), draft, replace(self.options.write, schema=self.schema), told)
        make_durable(*files)
        verify(self.entry, draft, files, self.facts, told, self.schema, self.progress)
        self.report.lost.update(told.lost)
        self.report.misaligned += told.misaligned
        return [(path, target.parent / path.relative_to(workroom)) for path in files]

    def records(self) -> Iterator[Labelled]:
        """Walk over the records to write, each span compared with the text."""
        layers = set(self.options.write.layers)
        written = self.report.documents
        for number, record in enumerate(
            self.store.records(self.options.annotators, self.options.statuses, self.documents)
        ):
            if number % 100 == 0:
                self.progress(len(written), self.count, record.document.name)
            annotation_set = record.annotation_set
            if annotation_set is not None:
                if layers:
                    annotation_set, cut = _only(annotation_set, layers)
                    if cut:
                        self.report.lost[
                            "relations", _("one of their spans is in a layer that was not chosen")
                        ] += cut
                    record = replace(record, annotation_set=annotation_set)
                _compare(record, annotation_set)
                self.report.spans += len(annotation_set.spans)
                self.report.relations += len(annotation_set.relations)
            self.facts.take(record)
            written.add(record.document.id)
            yield record


def _only(annotation_set: AnnotationSet, wanted: set[str]) -> tuple[AnnotationSet, int]:
    """Return an annotation set with the spans of some layers only.

    Also how many relations lead out of them.
    """
    spans = tuple(span for span in annotation_set.spans if span.layer in wanted)
    here = {span.id for span in spans}
    touching = [
        entry for entry in annotation_set.relations if entry.head in here or entry.child in here
    ]
    relations = tuple(
        entry
        for entry in touching
        if entry.head in here and (entry.child is None or entry.child in here)
    )
    return replace(annotation_set, spans=spans, relations=relations), len(touching) - len(relations)


def _compare(record: Labelled, annotation_set: AnnotationSet) -> None:
    text = record.document.text
    for span in annotation_set.spans:
        if len(span.fragments) == 1:  # nearly all, and a slice is quicker
            covered = text[slice(*span.fragments[0])]
        else:
            covered = surface(text, span.fragments)
        if span.text != covered:
            message = _(
                "The span {id} of document {name} is not what its text says; nothing was exported."
                " Run “annotator check”."
            )
            raise UserError(message.format(id=span.id, name=record.document.id))


def check_target(target: Path, *, folder: bool) -> None:
    """Refuse a folder where a file is to be, and the other way round; and a project's place."""
    spare_project(target)
    if folder and target.exists() and not target.is_dir():
        raise UserError(
            _("{path} is a file, and this format needs a folder.").format(path=str(target))
        )
    if not folder and target.is_dir():
        raise UserError(_("{path} is a folder; name the file to write.").format(path=str(target)))
