"""What is in a document: spans, relations, annotation sets, decisions.

All are immutable; offsets are Unicode code points, 0-based, end exclusive.
"""

import re
import secrets
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Fragment = tuple[int, int]
Value = str | int | float | bool | tuple[str, ...]
Attributes = Mapping[str, Value]
NONE: Attributes = {}

GOLD = "gold"
_ROUND = re.compile(r"(?P<name>.+) \(repeat (?P<number>[1-9][0-9]*)\)", re.DOTALL)
SUGGESTERS = ("model", "rule", "dictionary")
STATUSES = ("new", "open", "done")
OUTCOMES = ("accept", "merge", "new", "several", "reject", "nobody")
IMPLICIT = ("author", "unknown")
DIRECTIONS = ("rtl", "ltr", "auto")


class Span(NamedTuple):
    """A labelled stretch of a document.

    Fragments are sorted, apart from one another, each of at least one character. `text` is the
    surface: the fragments' texts joined by one space. `label` is a label's stable id, `layer` its
    layer's.
    """

    id: str
    layer: str
    label: str
    fragments: tuple[Fragment, ...]
    text: str
    attributes: Attributes = NONE
    note: str = ""
    origin: str = "human"

    @property
    def start(self) -> int:
        """First character of the first fragment."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """End of the last fragment."""
        return self.fragments[-1][1]


class Relation(NamedTuple):
    """A labelled, directed link between two spans of one annotator.

    `child` is None where `implicit` names the argument.
    """

    id: str
    label: str
    head: str
    child: str | None
    implicit: str | None = None
    attributes: Attributes = NONE


class Seen(NamedTuple):
    """One span or relation that a decision saw: whose it is, and a hash of what it was then."""

    annotator: str
    id: str
    digest: str


class Decision(NamedTuple):
    """How a case was settled.

    `case` is the id that the case had; `outcome` one of OUTCOMES ("nobody": something stands there,
    and nobody has it right); `chosen` the annotators whose version was taken; `reason` a code;
    `rule` what decided in a person's stead, "" for a person; `made` the ids of what stands in gold
    because of it.
    """

    case: str
    outcome: str
    chosen: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    by: str = ""
    rule: str = ""
    saw: tuple[Seen, ...] = ()
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document's text came from, as recorded at import."""

    file: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One text, with what is known of it.

    `id` may be "" while the text is only read from a file (the store then finds or makes one).
    `paragraph_directions` are those that were set by hand: where the paragraph begins, and "rtl" or
    "ltr".
    """

    id: str
    name: str
    text: str
    language: str = ""
    direction: str = "auto"
    meta: Mapping[str, object] = field(default_factory=dict)
    source: Source = Source()
    paragraph_directions: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotationSet:
    """What one annotator did in one document.

    `annotator` is a name, "" while unknown; "gold" is whose set is the adjudicated one.
    """

    annotator: str = ""
    status: str = "new"
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    attributes: Attributes = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether nobody has done anything here."""
        return not (self.spans or self.relations or self.attributes) and self.status == "new"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with the annotation set of one annotator: a record, read or to be written.

    `annotation_set` is None for a bare text. `line` is the 1-based line of the file where the
    record begins (0: the whole file).
    """

    document: Document
    annotation_set: AnnotationSet | None = None
    schema: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """What a file could not carry: a kind of thing, how many of them, and why."""

    kind: str
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step changed: for the views, which refresh what they show of it.

    kinds: "spans", "relations", "answers", "decisions", "activity", "status", "attributes",
    "documents", "annotators", "splits", "schema". entities: the ids of the spans, relations,
    suggestions and cases touched one by one; None when whole annotation sets came or went.
    """

    title: str
    kinds: frozenset[str]
    documents: frozenset[str]
    step: str = ""
    entities: frozenset[str] | None = frozenset()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing happened."""
        return not self.kinds


def is_suggester(annotator: str) -> bool:
    """Return whether an annotator is a model or a rule ("model:v1"): its spans are suggestions."""
    kind, colon, _name = annotator.partition(":")
    return bool(colon) and kind in SUGGESTERS


def original(annotator: str) -> str:
    """Return whose documents a name labels once more ("NAME (repeat 2)"), "" for all others.

    >>> original("سارا (repeat 2)"), original("سارا")
    ('سارا', '')
    """
    match = _ROUND.fullmatch(annotator)
    return match["name"] if match else ""


def new_id() -> str:
    """Return a fresh id for a span or a relation.

    UUID version 7 (RFC 9562), so ids sort roughly by time; order never rests on that.
    """
    moment = (time.time_ns() // 1_000_000) & (1 << 48) - 1
    random = secrets.randbits(74)
    return str(
        uuid.UUID(
            int=moment << 80
            | 0x7 << 76
            | (random >> 62) << 64
            | 0b10 << 62
            | random & (1 << 62) - 1
        )
    )


def surface(text: str, fragments: Iterable[Fragment]) -> str:
    """Return what the fragments cover, joined by one space."""
    return " ".join(text[start:end] for start, end in fragments)


def check_fragments(text_length: int, fragments: tuple[Fragment, ...]) -> str:
    """Say what is wrong with a span's fragments in a text of this length, or return ""."""
    if not fragments:
        return "the span has no fragment"
    last = -1
    for start, end in fragments:
        if start < 0 or end > text_length:
            return (
                f"the span {start}–{end} lies outside the text, which has {text_length} characters"
            )
        if start >= end:
            return f"the span {start}–{end} is empty or reversed"
        if start < last:
            return f"the fragment {start}–{end} overlaps the one before it or is out of order"
        last = end
    return ""


def reading_key(span: Span) -> tuple[int, int, str, str, str]:
    """Return what spans are sorted by: their start, the longer first: outer before inner."""
    return (span.fragments[0][0], -span.fragments[-1][1], span.layer, span.label, span.id)


def reading_order(spans: Iterable[Span]) -> list[Span]:
    """Sort spans by start, the longer first: outer before inner."""
    return sorted(spans, key=reading_key)
