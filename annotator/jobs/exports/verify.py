"""Reading back what was written.

An export counts only when its files bring back what went out, but for what was told as lost.

Words: a *fact* is the hash of one text, span or relation with its label and all that says where it
is. A format that does not keep blanks or invisible signs is compared by words alone, and the
relations of one that reshapes spans without their ends; one that loses nothing is compared by whole
records.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import CancelledError, UserError
from annotator.formats import Format, ReadOptions, Report
from annotator.i18n import _
from annotator.jobs.progress import Progress
from annotator.model import AnnotationSet, Labelled, Schema

# Losses of these kinds are no excuse for a span or a relation that is missing.
_BESIDES = frozenset(
    (
        *(
            "ids",
            "names",
            "language",
            "direction",
            "paragraph directions",
            "metadata",
            "annotators",
            "status",
            "schema",
        ),
        *(
            "document attributes",
            "notes",
            "origins",
            "attributes",
            "attribute names",
            "value types",
            "keys",
            "comments",
        ),
    )
)
_SHIFTING = frozenset(("whitespace",))
_RESHAPING = frozenset(("discontinuous", "newlines", "boundaries"))
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]"
)  # what XML cannot hold became U+FFFD
_NO_LETTERS = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W_]")
_NO_SET = AnnotationSet()


@dataclass(slots=True)
class Facts:
    """The facts of some records, for formats that lose the kinds `loses`."""

    loses: frozenset[str] = frozenset()
    texts: set[int] = field(default_factory=set)
    records: Counter[int] = field(default_factory=Counter)
    spans: Counter[int] = field(default_factory=Counter)
    relations: Counter[int] = field(default_factory=Counter)

    def take(self, record: Labelled) -> None:
        """Add the facts of a record."""
        annotation_set = record.annotation_set or _NO_SET
        if not self.loses:
            parts = (
                tuple([span[:5] for span in annotation_set.spans]),
                tuple([entry[:5] for entry in annotation_set.relations]),
            )
            self.records[
                hash(
                    (
                        record.document.id,
                        record.document.text,
                        annotation_set.annotator,
                        annotation_set.status,
                        parts,
                    )
                )
            ] += 1
            return
        if "empty documents" in self.loses and not _LETTER.search(record.document.text):
            return  # it may have no token, and then it has no line
        if self.loses & _SHIFTING:
            self._take_words(record, annotation_set)
            return
        has_all = "characters" not in self.loses
        text = hash(
            record.document.text if has_all else _CONTROLS.sub("\ufffd", record.document.text)
        )
        self.texts.add(text)
        who = "" if "annotators" in self.loses else annotation_set.annotator
        where = (text, who)
        self.spans.update(
            [
                hash((where, span[2], span[3], span[4] if has_all else ""))
                for span in annotation_set.spans
            ]
        )
        if annotation_set.relations:
            reshapes = self.loses & _RESHAPING
            places = {} if reshapes else {span.id: span.fragments for span in annotation_set.spans}
            self.relations.update(
                hash(
                    (
                        where,
                        entry.label,
                        places.get(entry.head),
                        places.get(entry.child or ""),
                        entry.implicit,
                    )
                )
                for entry in annotation_set.relations
            )

    def _take_words(self, record: Labelled, annotation_set: AnnotationSet) -> None:
        self.texts.add(hash(_words(record.document.text)))
        self.spans.update(
            hash((_words(span.label), _words(span.text))) for span in annotation_set.spans
        )
        self.relations.update(
            hash((entry.label, entry.implicit)) for entry in annotation_set.relations
        )


def _words(text: str) -> str:
    return text if text.isalnum() else _NO_LETTERS.sub("", text)


def verify(
    entry: Format,
    draft: Path,
    files: list[Path],
    written: Facts,
    told: Report,
    schema: Schema,
    progress: Progress,
) -> None:
    """Raise a UserError unless the files bring back the facts that were written.

    But for as many as were told as lost.
    """
    found, report = Facts(written.loses), Report()
    options = ReadOptions(
        schema=schema, language="und"
    )  # no fact: to guess it from each text would be in vain
    faults = []
    try:
        for number, record in enumerate(_read(entry, draft, files, options, report), 1):
            found.take(record)
            if number % 100 == 0:
                progress(number, 0, _("reading it back"))
    except CancelledError:
        raise
    except UserError as error:
        faults.append(str(error))
    excused = sum(count for (kind, _why), count in told.lost.items() if kind not in _BESIDES)
    faults += map(str, report.problems)
    faults += _differences(_("records"), written.records, found.records, 0)
    faults += _differences(_("texts"), Counter(written.texts), Counter(found.texts), excused)
    faults += _differences(_("spans"), written.spans, found.spans, excused)
    if written.spans <= found.spans:  # else relations went with the spans they ended in
        faults += _differences(_("relations"), written.relations, found.relations, excused)
    if faults:
        message = _(
            "The files of the format {format} did not bring back what was written into them"
            " ({faults}), so nothing was kept. This is a fault of the program: please report it,"
            " and export as jsonl meanwhile."
        )
        raise UserError(message.format(format=entry.id, faults="; ".join(faults[:3])))


def _differences(
    what: str, written: Counter[int], found: Counter[int], excused: int
) -> Iterator[str]:
    missing, added = (written - found).total(), (found - written).total()
    if missing > excused or (added and not excused):
        yield _("{what}: {missing} missing, {added} added").format(
            what=what, missing=missing, added=added
        )


def _read(
    entry: Format, draft: Path, files: list[Path], options: ReadOptions, report: Report
) -> Iterator[Labelled]:
    read = entry.reread or entry.read
    if read is None or not files:
        return
    if entry.folder:
        files = (
            entry.sources(draft)
            if entry.sources
            else [path for path in files if path.suffix in entry.extensions]
        )
    for path in files:
        yield from read(path, options, report)
