"""Import: files → values → the project, in one named step; importing twice brings nothing new.

A file is taken whole or not at all: its faults are all listed, and nothing of it is stored. With
`together`, everything is one transaction; otherwise documents are stored in chunks, so that a
window that works at the same time never waits long, and what was stored of a file that fails (or of
an import that is cancelled) is taken back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

from annotator.errors import CancelledError, InputError, Problem, UserError, clean
from annotator.formats import Format, ReadOptions, Report, find_format
from annotator.gc_pause import collector_paused
from annotator.i18n import _, ngettext
from annotator.jobs.imports.discovery import Source, recognised, sources
from annotator.jobs.imports.label_policy import LabelPolicy, read_mapping
from annotator.jobs.imports.repairs import Offers, check_names, repaired
from annotator.jobs.progress import Progress, silent
from annotator.model import AnnotationSet, Document, Labelled, Loss, Schema
from annotator.model.schema_files import name_fault
from annotator.store import Step, Store
from annotator.text.direction import guess_language
from annotator.text.repair import Offer

CHUNK = 100


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import.

    format: its id, "" to recognise each file. annotator: whose annotation set they go to when the
    file names nobody. labels: "" (an open schema takes in what is new, another refuses), "add",
    "refuse", or the path of a mapping file. mapping: their label → ours, "" leaves it out; welcome:
    labels that are added to the schema, whatever becomes of others. own: what was chosen for single
    files, by path. together: one transaction for everything.
    """

    format: str = ""
    annotator: str = ""
    labels: str = ""
    read: ReadOptions = field(default_factory=ReadOptions)
    together: bool = True
    mapping: Mapping[str, str] = field(default_factory=dict)
    welcome: frozenset[str] = frozenset()
    own: Mapping[Path, "FileOptions"] = field(default_factory=dict)

    def reading(self, path: Path) -> "FileOptions":
        """Return how a file is to be read."""
        return self.own.get(path) or FileOptions(self.format, self.read)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How one file is read: the id of its format, "" to recognise it, and the options."""

    format: str = ""
    options: ReadOptions = field(default_factory=ReadOptions)


@dataclass(slots=True)
class ImportReport:
    """What an import did; `offers` are repairs that were not chosen and could be."""

    new: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    failed: int = 0
    spans: int = 0
    relations: int = 0
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    offers: Offers = field(default_factory=Offers)

    def add(self, other: "ImportReport") -> None:
        """Take in the report of a file that was stored."""
        self.new |= other.new
        self.known |= other.known - self.new
        self.spans += other.spans
        self.relations += other.relations

    def to_plain(self) -> dict[str, object]:
        """Return the report as `import --json` prints it."""

        def listed(counts: Counter[tuple[str, str]]) -> list[dict[str, object]]:
            return [
                {"kind": kind, "count": count, "why": why}
                for (kind, why), count in counts.most_common()
            ]

        return {
            "documents": {"new": len(self.new), "known": len(self.known), "failed": self.failed},
            "spans": self.spans,
            "relations": self.relations,
            "changed": listed(self.changed),
            "lost": listed(self.lost),
            "errors": [
                {"file": clean(problem.file), "line": problem.line, "reason": problem.reason}
                for problem in self.problems
            ],
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring, as a dialog shows it before anything is stored.

    `offers` are repairs to choose, with counts.
    """

    path: Path
    format: Format | None
    records: tuple[Labelled, ...] = ()
    encodings: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[Loss, ...] = ()
    lost: tuple[Loss, ...] = ()
    problems: tuple[Problem, ...] = ()
    offers: tuple[Offer, ...] = ()


def look_into(path: Path, options: ImportOptions, most: int = 20) -> Preview:
    """Read the first records of a file, storing nothing."""
    entry = find_format(options.format) if options.format else recognised(path)
    report = Report()
    if entry is None or entry.read is None:
        reason = _(
            "this is not a file of a known format; choose the format yourself if you know it"
        )
        return Preview(path, None, problems=(Problem(str(path), 0, reason),))
    records: list[Labelled] = []
    found = Offers()
    try:
        for record in islice(entry.read(path, options.read, report), most):
            found.look_at(record.document.text)
            records.append(repaired(record, options.read.repairs, report))
    except InputError as error:
        report.problems.append(error.problem)
    told = (
        report.encodings,
        tuple(report.changes()),
        tuple(report.losses()),
        tuple(report.problems),
    )
    return Preview(path, entry, tuple(records), *told, found.listed())


# ── Importing ─────────────────────────────────────────────────────────────────────────────────────


def import_files(
    store: Store,
    paths: Sequence[Path],
    options: ImportOptions,
    actor: str,
    progress: Progress = silent,
) -> ImportReport:
    """Bring files into a project.

    What is wrong is in the report; only cancelling and a failing project raise.
    """
    check_names(options.read.repairs)
    chosen = chosen_sources(paths, options)
    title = ngettext("Import {count} file", "Import {count} files", len(chosen)).format(
        count=len(chosen)
    )
    work = _Import(store, options, actor, progress, title)
    with collector_paused(), store.change(title, actor) if options.together else work.taken_back():
        for number, source in enumerate(chosen):
            progress(number, len(chosen), source.path.name)
            work.take_file(source)
        progress(len(chosen), len(chosen), "")
    return work.report


def chosen_sources(paths: Sequence[Path], options: ImportOptions) -> list[Source]:
    """Return the files to read, each in the format that was chosen for it."""
    return [as_chosen(source, options) for source in sources(paths, options.format)]


def as_chosen(source: Source, options: ImportOptions) -> Source:
    """Return a file to read, in the format that was chosen for it."""
    own = options.reading(source.path).format
    return source._replace(format=find_format(own)) if own else source


@dataclass(slots=True)
class _File:
    """A file under way.

    What reading it said, what of it was stored, and the texts of its documents by id, or by hash.
    """

    source: Source
    reading: ReadOptions
    told: Report = field(default_factory=Report)
    mine: ImportReport = field(default_factory=ImportReport)
    texts: dict[str, str] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    offers: Offers = field(default_factory=Offers)

    def records(self) -> Iterator[Labelled]:
        """Read the file."""
        path, entry, root = self.source
        if entry is None:
            raise InputError(
                path,
                0,
                _(
                    "this is not a file of a known format; choose the format yourself if you"
                    " know it"
                ),
            )
        if entry.read is None:
            raise InputError(
                path, 0, _("the format {name} can only be written").format(name=entry.id)
            )
        for record in entry.read(path, replace(self.reading, root=root), self.told):
            self.offers.look_at(record.document.text)
            if self.reading.repairs:
                record = repaired(record, self.reading.repairs, self.told)
            yield record

    def wrong(self, line: int, reason: str) -> None:
        """Note something wrong in it."""
        self.told.wrong(self.source.path, line, reason)


class _RefusedError(Exception):
    """A file is refused; the report says why.

    Raised within its transaction, so that nothing of it stays.
    """


class _Import:
    """One import under way."""

    def __init__(
        self, store: Store, options: ImportOptions, actor: str, progress: Progress, title: str
    ) -> None:
        self.store = store
        self.options = options
        self.actor = actor
        self.progress = progress
        self.title = title
        self.report = ImportReport()
        self.step = ""
        self.policy = label_policy(store.schema(), options)
        # How often a text without an id was met, for each annotator: the nth equal text of an
        # import is the nth such document.
        self.met: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Take all that was stored in chunks back if the block is broken off."""
        try:
            yield
        except BaseException:
            if self.step:
                self.store.withdraw(self.step, self.actor)
            raise

    def take_file(self, source: Source) -> None:
        """Store a file whole, or list what is wrong with it."""
        pulse = partial(self.progress, 0, 0, source.path.name)
        reading = replace(
            self.options.reading(source.path).options, schema=self.policy.schema, pulse=pulse
        )
        file = _File(source, reading, offers=self.report.offers)
        met = self.met.copy()
        try:
            self._store(file)
        except InputError as error:
            if error.problem not in file.told.problems:
                file.told.problems.append(error.problem)
        except _RefusedError:
            pass
        except OSError as error:
            reason = _("the file cannot be read: {reason}").format(reason=error.strerror or error)
            file.told.problems.append(Problem(str(source.path), 0, reason))
        if file.told.problems:
            self.met = met
            self.policy = self.policy.fresh()
        self._report(file)

    def _report(self, file: _File) -> None:
        """Add to the report what became of a file."""
        if file.told.problems:
            self.report.failed += max(len(file.texts), 1)
            self.report.problems += file.told.problems
        else:
            self.report.add(file.mine)
            self.report.changed.update(file.told.changed)
            self.report.lost.update(file.told.lost)
        self.report.encodings |= file.told.encodings

    def _store(self, file: _File) -> None:
        if self.options.together:
            with self.store.change(self.title, self.actor):
                self._store_chunks(file)
            return
        # Chunks cannot be rolled back together, so the file is read through before anything of it
        # is stored.
        for number, record in enumerate(file.records()):
            self._examine(record, file)
            if number % CHUNK == 0:
                self.progress(number, 0, file.source.path.name)
        self._refuse(file)
        file.told = Report()
        file.texts = {}
        file.stored = {}
        try:
            self._store_chunks(file)
        except (InputError, _RefusedError, OSError) as error:
            reason = file.told.problems[0] if file.told.problems else error
            raise UserError(_("Nothing was imported: {reason}").format(reason=reason)) from error

    def _examine(self, record: Labelled, file: _File) -> tuple[str, AnnotationSet | None]:
        """List what forbids storing a record, apart from what its format has found.

        Return its text's hash and its annotation set as it fits.
        """
        document = record.document
        digest = sha256(document.text.encode()).hexdigest()
        known = file.texts.setdefault(document.id or digest, digest)
        if document.id and known is digest:
            known = self.store.text_hash(document.id) or digest
        if known != digest:
            reason = _(
                "the project or this file has a document {name} with another text; a corrected text"
                " needs an id of its own"
            )
            file.wrong(record.line, reason.format(name=document.id))
        if record.annotation_set is None:
            return digest, None
        fault = (
            name_fault(record.annotation_set.annotator) if record.annotation_set.annotator else ""
        )
        if fault:
            file.wrong(record.line, fault)
        return digest, self.policy.fit(record.annotation_set)

    def _store_chunks(self, file: _File) -> None:
        self.policy.begin()
        records = file.records()
        while chunk := list(islice(records, CHUNK)):
            self.progress(len(file.mine.new), 0, file.source.path.name)
            with self.store.change(self.title, self.actor, continues=self.step) as step:
                for record in chunk:
                    self._store_record(step, record, file)
                if not step.changes().is_empty:
                    self.step = step.id
        self._refuse(file)
        self.policy.tell(file.told)
        extended = self.policy.extended()
        if extended:
            with self.store.change(self.title, self.actor, continues=self.step) as step:
                step.put_schema(extended)
                self.step = step.id
            self.policy = self.policy.fresh(extended)

    def _store_record(self, step: Step, record: Labelled, file: _File) -> None:
        digest, annotation_set = self._examine(record, file)
        if file.told.problems or self.policy.strangers:
            return
        mine = file.mine
        annotator = (annotation_set.annotator or self.options.annotator) if annotation_set else ""
        name = file.stored.get(record.document.id) or self._store_document(
            step, record.document, (digest, annotator), file
        )
        if annotation_set is None or annotation_set.is_empty:
            return
        try:
            added = step.import_annotation_set(
                name,
                step.add_annotator(annotator or self.actor),
                annotation_set,
                record.document.text,
            )
        except CancelledError:
            raise
        except UserError as error:
            raise InputError(file.source.path, record.line, str(error)) from error
        mine.spans += added.spans
        mine.relations += added.relations
        if added.differing:
            why = _("spans or relations that the project has with other content: its own were kept")
            file.told.lose("changed elsewhere", why, added.differing)

    def _store_document(
        self, step: Step, document: Document, key: tuple[str, str], file: _File
    ) -> str:
        """Store a document and return its id in the project.

        key: the hash of its text, and the annotator it came with.
        """
        document = _storable(document)
        if not document.language:
            document = replace(
                document, language=file.reading.language or guess_language(document.text)
            )
        if not document.id:
            self.met[key] += 1
        name, is_new = step.add_document(document, self.met[key] or 1)
        if document.id:
            file.stored[document.id] = name
        if is_new:
            file.mine.new.add(name)
        elif name not in file.mine.new:
            file.mine.known.add(name)
        return name

    def _refuse(self, file: _File) -> None:
        """Refuse a file in which something is wrong."""
        if not file.told.problems:
            file.told.problems += [
                Problem(str(file.source.path), 0, reason) for reason in self.policy.refusals()
            ]
        if file.told.problems:
            raise _RefusedError


def _storable(document: Document) -> Document:
    """Return a document whose names can be stored.

    A file's name may hold bytes that are no text.
    """
    try:
        f"{document.name}{document.source.file}".encode()
    except UnicodeEncodeError:
        return replace(
            document,
            name=clean(document.name),
            source=replace(document.source, file=clean(document.source.file)),
        )
    return document


def label_policy(schema: Schema, options: ImportOptions) -> LabelPolicy:
    """Return what becomes of labels in an import into a project of this schema."""
    labels = options.labels
    if labels in ("", "add", "refuse"):
        takes_in = labels == "add" or (labels == "" and schema.open)
        return LabelPolicy(schema, takes_in, options.mapping, options.welcome)
    return LabelPolicy(
        schema, schema.open, {**read_mapping(Path(labels)), **options.mapping}, options.welcome
    )
