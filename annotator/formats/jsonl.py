"""JSON Lines, the format of record: a line is a document as one annotator labelled it.

It loses nothing.

    {"id":"d1","name":"rasht","text":"دولت
    گفت","language":"fa","direction":"rtl","annotator":"a1","status":"done",
     "spans":[{"id":"s1","layer":"entities","label":"ORG","start":0,"end":4,"text":"دولت","fragments":[[0,4]],"attributes":{},
     "note":"","origin":"human"}],"relations":[],"attributes":{},"meta":{},"schema":"news@1","offset_unit":"codepoint","text_sha256":"…"}

Reading asks for `text` only; spans need `start`, `end` and `label`. What is there is checked:
types, offsets, surfaces, ids.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import read_text
from annotator.formats._shared.json_record import KEYS, RecordError, RecordReader
from annotator.formats._shared.json_write import plain_record
from annotator.formats._shared.records import in_layers, layer_finder
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Fragment, Labelled, Relation, Span, surface

_BATCH = 256  # lines written at once
_OWN_BEGINNING = re.compile(rb'\{"id":"(?:[^"\\]|\\.)*","name":"(?:[^"\\]|\\.)*","text":"')
# Keys by which other tools' records are known; their own formats read them.
_FOREIGN = frozenset(
    {
        "answer",
        "tokens",
        "_input_hash",
        "entities",
        "labels",
        "label",
        "data",
        "annotations",
        "%FEATURE_STRUCTURES",
        "Comments",
    }
)


def sniff(head: bytes, _path: Path) -> float:
    """Recognise records by their first line."""
    first = next(
        (line for line in head.removeprefix(codecs.BOM_UTF8).split(b"\n") if line.strip()), b""
    ).strip()
    if not first.startswith(b"{"):
        return 0.0
    try:
        plain = orjson.loads(first)
    except orjson.JSONDecodeError:
        # A long document's line does not end within the head; its first keys tell.
        return 0.9 if _OWN_BEGINNING.match(first) else 0.0
    if not isinstance(plain, dict) or not isinstance(plain.get("text"), str):
        return 0.0
    if tuple(plain) == KEYS:
        return 1.0
    spans = plain.get("spans", [])
    if not isinstance(spans, list) or not plain.keys().isdisjoint(_FOREIGN):
        return 0.0
    return 0.8 if "spans" in plain else 0.4


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the records; a faulty line is a problem with its number, and reading goes on."""
    reader = RecordReader(path.name, options, report, layer_finder(options.schema, options.layer))
    for number, line in enumerate(_lines(path, options, report), 1):
        if not line or line.isspace():
            continue
        try:
            record = reader.record(_parsed(line), number)
        except RecordError as error:
            report.wrong(path, number, str(error))
            continue
        yield record


def reread(path: Path, _options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read what `write` has just written, in half the time of `read`.

    Hashes and quotes are compared; types and ids are known to be right.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            plain = orjson.loads(line)
            text = plain["text"]
            if hashlib.sha256(text.encode()).hexdigest() != plain["text_sha256"]:
                report.wrong(path, number, _("the text is not the one that its hash was made of"))
            spans, misquoted = _reread_spans(plain["spans"], text)
            for name in misquoted:
                reason = _("the span {id} is not what its text says").format(id=name)
                report.wrong(path, number, reason)
            relations = [
                Relation(
                    entry["id"],
                    entry["label"],
                    entry["head"],
                    entry["child"],
                    entry["implicit"],
                )
                for entry in plain["relations"]
            ]
            annotation_set = AnnotationSet(
                plain["annotator"],
                plain["status"],
                tuple(spans),
                tuple(relations),
            )
            yield Labelled(Document(plain["id"], plain["name"], text), annotation_set)


def _reread_spans(entries: list[dict[str, Any]], text: str) -> tuple[list[Span], list[str]]:
    """Return the spans, and the ids of those whose quote is not what they cover."""
    spans: list[Span] = []
    misquoted: list[str] = []
    for entry in entries:
        start, end = entry["start"], entry["end"]
        fragments: tuple[Fragment, ...] = ((start, end),)
        covered = text[start:end]
        if len(entry["fragments"]) > 1:
            fragments = tuple((first, last) for first, last in entry["fragments"])
            covered = surface(text, fragments)
        if entry["text"] != covered:
            misquoted.append(entry["id"])
        spans.append(Span(entry["id"], entry["layer"], entry["label"], fragments, entry["text"]))
    return spans, misquoted


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write one line a record, each span checked against its text."""
    with replacing(path) as file:
        lines: list[bytes] = []
        for record in records:
            plain = plain_record(in_layers(record, options.layers, report))
            lines.append(orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE))
            if len(lines) >= _BATCH:
                file.write(b"".join(lines))
                lines.clear()
        file.write(b"".join(lines))
    return [path]


def _lines(path: Path, options: ReadOptions, report: Report) -> Iterator[bytes]:
    """Walk over the lines as UTF-8, which JSON is.

    A file in another encoding is decoded as a whole.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
            if options.encoding.lower() in ("", "utf-8", "utf8") and not _is_wide(head):
                file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
                report.encodings[str(path)] = "utf-8"
                yield from file
                return
    except OSError as error:
        raise InputError(
            path,
            0,
            _("the file cannot be read: {reason}").format(reason=error.strerror),
        ) from error
    yield from read_text(path, options, report).text.encode().split(b"\n")


def _is_wide(head: bytes) -> bool:
    """Return whether the first bytes are UTF-16 or UTF-32; JSON begins with an ASCII character."""
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
    return head.startswith(marks) or b"\x00" in head


def _parsed(line: bytes) -> dict[str, object]:
    try:
        plain = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RecordError(
            _("this is not JSON: {reason} (character {column})").format(
                reason=error.msg, column=error.colno
            )
        ) from error
    if not isinstance(plain, dict):
        raise RecordError(_("a record should be an object"))
    if b"\\u0000" in line and _holds_nul(plain):
        raise RecordError(_("the record holds NUL (U+0000); remove it"))
    return plain


def _holds_nul(plain: object) -> bool:
    """Return whether a string of a parsed value holds NUL."""
    waiting = [plain]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and "\x00" in value:
            return True
    return False


FORMAT = Format(
    id="jsonl",
    name="JSON Lines",
    extensions=(".jsonl", ".ndjson"),
    sniff=sniff,
    read=read,
    write=write,
    reread=reread,
)
