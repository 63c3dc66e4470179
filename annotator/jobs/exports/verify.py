"""Reading back what was written.

An export counts only when its files bring back what went out, but for what was told as lost. A loss
excuses only what it names: spans that were left out excuse neither a text nor a relation between
others.

Words: a *fact* is the hash of one text, span or relation with its label and all that says where it
is. A format that does not keep blanks or invisible signs is compared by words alone, and the
relations of one that reshapes spans without their ends; one that loses nothing is compared by whole
records.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import CancelledError, UserError
from annotator.formats import Format, ReadOptions, Report
from annotator.i18n import _
from annotator.jobs.progress import Progress
from annotator.model import AnnotationSet, Labelled, Relation, Schema, Span

# What the losses of each kind excuse; those of any other kind excuse nothing.
_EXCUSING_TEXTS = frozenset(("documents", "empty documents"))
_EXCUSING_SPANS = frozenset(
    (
        "spans",
        "spans without a token",
        "spans of newlines",
        "discontinuous",
        "newlines",
        "boundaries",
        "nested",
        "overlapping",
        "spaces in labels",
    )
)
_EXCUSING_RELATIONS = frozenset(
    ("relations", "relations of lost spans", "implicit arguments", "spaces in labels")
)
_SHIFTING = frozenset(("whitespace",))
_RESHAPING = frozenset(("discontinuous", "newlines", "boundaries"))
# What XML cannot hold became U+FFFD.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_NO_LETTERS = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W_]")
_NO_SET = AnnotationSet()
_PULSE = 100


@dataclass(slots=True)
class Facts:
    """The facts of some records, for formats that lose the kinds `loses`.

    `ends`: how many ends of relations lie in each fact of a span, where `counts_ends`.
    """

    loses: frozenset[str] = frozenset()
    counts_ends: bool = True
    texts: set[int] = field(default_factory=set)
    records: Counter[int] = field(default_factory=Counter)
    spans: Counter[int] = field(default_factory=Counter)
    relations: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)

    def take(self, record: Labelled) -> None:
        """Add the facts of a record."""
        annotation_set = record.annotation_set or _NO_SET
        if not self.loses:
            self.records[_whole(record, annotation_set)] += 1
        elif "empty documents" in self.loses and not _LETTER.search(record.document.text):
            pass  # it may have no token, and then it has no line
        elif self.loses & _SHIFTING:
            self._take_words(record.document.text, annotation_set)
        else:
            self._take_places(record.document.text, annotation_set)

    def _take_words(self, text: str, annotation_set: AnnotationSet) -> None:
        self.texts.add(hash(_words(text)))
        spans = annotation_set.spans
        span_facts = [hash((_words(span.label), _words(span.text))) for span in spans]
        self.spans.update(span_facts)
        self.relations.update(
            hash((entry.label, entry.implicit)) for entry in annotation_set.relations
        )
        self._count_ends(annotation_set, span_facts)

    def _take_places(self, text: str, annotation_set: AnnotationSet) -> None:
        has_all = "characters" not in self.loses
        text_fact = hash(text if has_all else _printable(text))
        who = "" if "annotators" in self.loses else annotation_set.annotator
        where = (text_fact, who if has_all else _printable(who))
        span_facts = [
            hash((where, span.label, span.fragments, span.text))
            if has_all
            else hash((where, _printable(span.label), span.fragments))
            for span in annotation_set.spans
        ]
        self.texts.add(text_fact)
        self.spans.update(span_facts)
        if annotation_set.relations:
            self.relations.update(self._relation_facts(where, annotation_set))
            self._count_ends(annotation_set, span_facts)

    def _relation_facts(
        self, where: tuple[int, str], annotation_set: AnnotationSet
    ) -> Iterator[int]:
        has_all = "characters" not in self.loses
        reshapes = self.loses & _RESHAPING
        places = {} if reshapes else {span.id: span.fragments for span in annotation_set.spans}
        for entry in annotation_set.relations:
            label = entry.label if has_all else _printable(entry.label)
            ends = (places.get(entry.head), places.get(entry.child or ""))
            yield hash((where, label, ends, entry.implicit))

    def _count_ends(self, annotation_set: AnnotationSet, span_facts: Sequence[int]) -> None:
        if not (self.counts_ends and annotation_set.relations):
            return
        fact_of = dict(zip((span.id for span in annotation_set.spans), span_facts, strict=True))
        for entry in annotation_set.relations:
            for end in (entry.head, entry.child):
                if end in fact_of:
                    self.ends[fact_of[end]] += 1


def _whole(record: Labelled, annotation_set: AnnotationSet) -> int:
    """Return the fact of a whole record."""
    document = record.document
    spans = tuple([_what_and_where(span) for span in annotation_set.spans])
    relations = tuple([_what_and_where(entry) for entry in annotation_set.relations])
    return hash(
        (
            document.id,
            document.text,
            annotation_set.annotator,
            annotation_set.status,
            spans,
            relations,
        )
    )


def _what_and_where(thing: Span | Relation) -> tuple[object, ...]:
    """Return a span or relation without its attributes and notes, which lists may be in."""
    return thing[:5]


def _printable(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)


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
    """Raise a UserError unless the files bring back what was written, but for told losses."""
    # The language is no fact: to guess it from each text would be in vain.
    options = ReadOptions(schema=schema, language="und")
    read = Facts(written.loses, counts_ends=False)
    report = Report()
    faults = []
    try:
        for number, record in enumerate(_read(entry, draft, files, options, report), 1):
            read.take(record)
            if number % _PULSE == 0:
                progress(number, 0, _("reading it back"))
    except CancelledError:
        raise
    except UserError as error:
        faults.append(str(error))
    faults += map(str, report.problems)
    faults += _unexcused(written, read, told)
    if faults:
        message = _(
            "The files of the format {format} did not bring back what was written into them"
            " ({faults}), so nothing was kept. This is a fault of the program: please report it,"
            " and export as jsonl meanwhile."
        )
        raise UserError(message.format(format=entry.id, faults="; ".join(faults[:3])))


def _unexcused(written: Facts, read: Facts, told: Report) -> Iterator[str]:
    """Walk over the differences that no loss excuses."""
    lost = Counter[str]()
    for (kind, _why), count in told.lost.items():
        lost[kind] += count

    def excused(kinds: frozenset[str]) -> int:
        return sum(lost[kind] for kind in kinds)

    # A relation goes with a span that it ends in; each has two ends, so this may be too many.
    torn = sum(written.ends[fact] for fact in written.spans - read.spans)
    yield from _differences(_("records"), written.records, read.records, 0)
    yield from _differences(
        _("texts"), Counter(written.texts), Counter(read.texts), excused(_EXCUSING_TEXTS)
    )
    yield from _differences(_("spans"), written.spans, read.spans, excused(_EXCUSING_SPANS))
    yield from _differences(
        _("relations"), written.relations, read.relations, excused(_EXCUSING_RELATIONS) + torn
    )


def _differences(
    what: str, written: Counter[int], read: Counter[int], excused: int
) -> Iterator[str]:
    missing = (written - read).total()
    added = (read - written).total()
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
    for path in _sources(entry, draft, files):
        yield from read(path, options, report)


def _sources(entry: Format, draft: Path, files: list[Path]) -> list[Path]:
    if not entry.folder:
        return files
    if entry.sources:
        return entry.sources(draft)
    return [path for path in files if path.suffix in entry.extensions]
