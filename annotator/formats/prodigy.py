"""Prodigy JSON Lines: a line is a text with the answer of one annotator.

It holds the tokens, the spans and the relations between tokens.

    {"text":"دولت
    گفت","tokens":[{"text":"دولت","start":0,"end":4,"id":0,"ws":true},…],"spans":[{"start":0,"end":4,"token_start":0,
     "token_end":0,"label":"ORG"}],"relations":[],"answer":"accept","_annotator_id":"a1","_view_id":"relations"}

`end` is exclusive, `token_end` is not. Lines answered with reject or ignore are left out and
counted. Prodigy keeps keys that it does not know, so ids, layers, attributes and notes stand beside
its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from annotator.files import replacing
from annotator.formats._api import Format, Misaligned, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_files import (
    Plain,
    apart_from,
    first_object,
    object_at,
    object_of,
    objects_at,
    offset_at,
    records_of_lines,
    text_at,
)
from annotator.formats._shared.json_record import RecordError, attributes_of
from annotator.formats._shared.metadata import language_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    checked_canonical,
    continuous,
    explicit,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import count_losses, in_layers, layer_finder
from annotator.i18n import _
from annotator.model import (
    DIRECTIONS,
    STATUSES,
    AnnotationSet,
    Document,
    Fragment,
    Labelled,
    Relation,
    Source,
    Span,
)
from annotator.text.offsets import Canonical
from annotator.text.tokenizers import KEPT, tokenizer

_WHOLE = ("paragraph directions",)
_LOSES = (*_WHOLE, "discontinuous", "implicit arguments", "rejected records", "relations", "keys")
_MARKS = frozenset(
    {"_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id", "answer", "tokens"}
)
_PLACE = ("start", "end", "label", "token_start", "token_end")
_OWN = (
    *(
        "text",
        "tokens",
        "spans",
        "relations",
        "answer",
        "meta",
        "id",
        "name",
        "language",
        "direction",
        "status",
        "schema",
        "attributes",
    ),
    *(
        "_input_hash",
        "_task_hash",
        "_view_id",
        "_session_id",
        "_annotator_id",
        "_timestamp",
        "_is_binary",
        "config",
        "options",
        "html",
    ),
)


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the keys that Prodigy gives every record."""
    plain = first_object(head)
    if not plain:
        return (
            0.85 if head.lstrip().startswith(b'{"text":') and b'"tokens":[{"text":' in head else 0.0
        )
    is_text = isinstance(plain.get("text"), str) and "label" not in plain
    return 0.95 if is_text and not _MARKS.isdisjoint(plain) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the accepted records."""
    yield from records_of_lines(path, options, report, _Reader(path, options, report).record)


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write one accepted line a record."""
    tokenize = tokenizer(options.tokenizer)
    with replacing(path) as file:
        for record in records:
            kept = in_layers(record, options.layers, report)
            tokens = tokenize(kept.document.text, kept.document.language)
            file.write(orjson.dumps(_plain(kept, tokens, report), option=orjson.OPT_APPEND_NEWLINE))
    return [path]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes records of the parsed lines of one file."""

    path: Path
    options: ReadOptions
    report: Report

    def record(self, plain: Plain, line: int) -> Labelled | None:
        """Return the record; None where it was not accepted."""
        answer = plain.get("answer", "accept")
        if answer != "accept":
            why = _("a record answered with {answer} is left out").format(answer=str(answer))
            self.report.lose("rejected records", why)
            return None
        raw = text_at(plain, "text", None)
        text = checked_canonical(raw, self.report)
        spans, relations = self._annotations(plain, raw, text)
        annotation_set = AnnotationSet(
            text_at(plain, "_annotator_id") or text_at(plain, "_session_id"),
            _one_of(plain, "status", STATUSES, "done" if "answer" in plain else "new"),
            tuple(spans),
            tuple(relations),
            attributes_of(plain.get("attributes")),
        )
        document = self._document(plain, text.text)
        return Labelled(document, annotation_set, text_at(plain, "schema"), line)

    def _annotations(
        self,
        plain: Plain,
        raw: str,
        text: Canonical,
    ) -> tuple[list[Span], list[Relation]]:
        tokens = _tokens(plain)
        found = [_found(entry, number) for number, entry in enumerate(objects_at(plain, "spans"))]
        spans = placed_spans(
            found,
            raw,
            text,
            (CODEPOINT, UTF16),
            layer_finder(self.options.schema, self.options.layer),
            self.report,
            keep_ids=True,
            witnesses=[token for token in tokens if token.stated],
        )
        links: list[Link] = []
        for entry in objects_at(plain, "relations"):
            link = self._link(entry, found, tokens)
            if link is not None:
                links.append(link)
        return spans, linked(links, found, spans, keep_ids=True)

    def _document(self, plain: Plain, text: str) -> Document:
        identity = plain.get("id")  # other tools may have a number there, which is no id of ours
        return Document(
            identity if isinstance(identity, str) else "",
            text_at(plain, "name"),
            text,
            language_of(plain, text, self.options),
            _one_of(plain, "direction", DIRECTIONS, "auto"),
            {**apart_from(plain, _OWN), **object_at(plain, "meta")},
            Source(self.path.name),
        )

    def _link(self, plain: Plain, found: list[Found], tokens: list[Found]) -> Link | None:
        head = _end(plain, "head", found, tokens)
        child = _end(plain, "child", found, tokens)
        if head is None or child is None:
            self.report.lose(
                "relations",
                _("a relation between tokens that are no span, or the end of several, is left out"),
            )
            return None
        return Link(
            text_at(plain, "label", None),
            head,
            child,
            text_at(plain, "id"),
            attributes_of(plain.get("attributes")),
        )


def _tokens(plain: Plain) -> list[Found]:
    return [
        Found(
            f"token {number}",
            "token",
            ((offset_at(entry, "start"), offset_at(entry, "end")),),
            text_at(entry, "text"),
        )
        for number, entry in enumerate(objects_at(plain, "tokens"))
    ]


def _found(plain: Plain, number: int) -> Found:
    start, end = offset_at(plain, "start"), offset_at(plain, "end")
    return Found(
        text_at(plain, "id") or f"#{number}",
        text_at(plain, "label", None),
        ((start, end),),
        text_at(plain, "text"),
        attributes_of(plain.get("attributes")),
        text_at(plain, "note"),
        text_at(plain, "origin", "human"),
        text_at(plain, "layer"),
    )


def _end(plain: Plain, which: str, found: list[Found], tokens: list[Found]) -> str | None:
    """Return the key of the span that a relation names, or None where that is not sure.

    Our id says it, or the span's own place, or the span's last token alone.
    """
    named = plain.get(f"{which}_id")
    if isinstance(named, str):
        return named
    stated = plain.get(f"{which}_span")
    if isinstance(stated, dict):
        return _key_at(object_of(stated, f"{which}_span"), found)
    token = plain.get(which)
    if not isinstance(token, int) or not 0 <= token < len(tokens):
        raise RecordError(
            _("the {which} of a relation should be the number of a token").format(which=which)
        )
    end = tokens[token].places[0][1]
    ending = [entry.key for entry in found if entry.places[0][1] == end]
    return ending[0] if len(ending) == 1 else None


def _key_at(span: Plain, found: list[Found]) -> str | None:
    """Return the key of the span that stands there and has that label, if one is named."""
    places = ((offset_at(span, "start"), offset_at(span, "end")),)
    label = span.get("label")
    for entry in found:
        if entry.places == places and label in (None, entry.label):
            return entry.key
    return None


def _one_of(plain: Plain, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = text_at(plain, key, default)
    return value if value in allowed else default


def _plain(record: Labelled, tokens: list[Fragment], report: Report) -> dict[str, object]:
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    count_losses(record, _WHOLE, report, _("Prodigy has no place for it"))
    spans = list(continuous(annotation_set.spans, document.text, report))
    plains = _span_plains(document, spans, tokens, report)
    relations: list[dict[str, object]] = []
    for relation, child in explicit(annotation_set.relations, report):
        relations.append(_relation_plain(relation, plains[relation.head], plains[child]))
    return {
        "text": document.text,
        "id": document.id,
        "name": document.name,
        "language": document.language,
        "direction": document.direction,
        "meta": dict(document.meta),
        "tokens": _token_plains(tokens, document.text),
        "spans": list(plains.values()),
        "relations": relations,
        "answer": "accept",
        "status": annotation_set.status,
        "attributes": dict(annotation_set.attributes),
        "schema": record.schema,
        "_view_id": "relations",
        "_session_id": annotation_set.annotator or None,
        "_annotator_id": annotation_set.annotator or None,
    }


def _relation_plain(
    relation: Relation,
    head: dict[str, object],
    child: dict[str, object],
) -> dict[str, object]:
    return {
        # Prodigy wants a token; a span that ends within one has none.
        "head": head.get("token_end", 0),
        "child": child.get("token_end", 0),
        "head_span": _place(head),
        "child_span": _place(child),
        "head_id": head["id"],
        "child_id": child["id"],
        "label": relation.label,
        "id": relation.id,
        "attributes": dict(relation.attributes),
    }


def _place(span: dict[str, object]) -> dict[str, object]:
    return {key: span[key] for key in _PLACE if key in span}


def _span_plains(
    document: Document,
    spans: list[Span],
    tokens: list[Fragment],
    report: Report,
) -> dict[str, dict[str, object]]:
    """Return the spans by id; those that do not begin and end with a token are reported."""
    starts = {start: number for number, (start, _end) in enumerate(tokens)}
    ends = {end: number for number, (_start, end) in enumerate(tokens)}
    plains: dict[str, dict[str, object]] = {}
    for span in spans:
        plain = plains[span.id] = _span_plain(span, starts, ends)
        if "token_start" not in plain:
            report.misaligned.append(
                Misaligned(document.name, span.label, span.start, span.end, span.text, KEPT)
            )
    return plains


def _span_plain(span: Span, starts: dict[int, int], ends: dict[int, int]) -> dict[str, object]:
    plain: dict[str, object] = {
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "text": span.text,
        "id": span.id,
    }
    if span.start in starts and span.end in ends:
        plain |= {"token_start": starts[span.start], "token_end": ends[span.end]}
    return {
        **plain,
        "layer": span.layer,
        "attributes": dict(span.attributes),
        "note": span.note,
        "origin": span.origin,
    }


def _token_plains(tokens: list[Fragment], text: str) -> list[dict[str, object]]:
    """Return the tokens; `ws` says whether a space follows."""
    return [
        {
            "text": text[start:end],
            "start": start,
            "end": end,
            "id": number,
            "ws": text[end : end + 1] == " ",
        }
        for number, (start, end) in enumerate(tokens)
    ]


FORMAT = Format(
    id="prodigy",
    name="Prodigy JSON Lines",
    extensions=(".prodigy.jsonl", ".jsonl"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
)
