"""factRuEval-2016 standoff, to be read: `.spans` and `.objects` beside a `.txt`.

    book_1.spans:    26210 loc_name 0 6 209755 1  # 209755 Россия
    book_1.objects:  12683 LocOrg 26210 # Россия

A span has its first character and its length in code points. An object is a span of the layer
`objects` over its spans, which may lie apart, with a relation `span` to each. Coreference and facts
(`.coref`, `.facts`) are counted.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from annotator.errors import InputError
from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._shared.decode import Decoded, looks_like_text, read_text
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import layer_finder
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Fragment, Labelled, surface
from annotator.text.direction import guess_language

_SPAN = re.compile(r"(\d+) (\S+) (\d+) (\d+) (\d+) (\d+)\s+# (.*)")
_OBJECT = re.compile(r"(\d+) (\S+) ((?:\d+ )+)# ?(.*)")
_ENTRY = re.compile(r"\d+(?:-\d+)? ")  # the first line of a chain or fact
_COUNTED = {".coref": "coreference", ".facts": "facts"}


def sniff(head: bytes, path: Path) -> float:
    """Recognise a `.spans` file by its first line, and a text by the `.spans` file beside it."""
    if path.suffix.lower() == ".txt":
        return 0.9 if path.with_suffix(".spans").is_file() else 0.0
    if path.suffix.lower() != ".spans":
        return 0.0
    lines = [line for line in looks_like_text(head).split("\n") if line.strip()]
    return 1.0 if not lines or _SPAN.fullmatch(lines[0].rstrip()) else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the `.spans` files below a folder."""
    return sorted(path for path in folder.rglob("*.spans") if not path.name.startswith("."))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read a document from its files."""
    for source in sources(path) if path.is_dir() else [path]:
        text_path, spans_path = source.with_suffix(".txt"), source.with_suffix(".spans")
        if not text_path.is_file():
            raise InputError(
                source,
                0,
                _("there is no text file {name} beside it").format(name=text_path.name),
            )
        decoded = read_text(text_path, options, report)
        annotation_set = None
        try:
            if spans_path.is_file():
                annotation_set = _annotation_set(spans_path, decoded, options, report)
        except RecordError as error:
            report.wrong(spans_path, 0, str(error))
            continue
        language = options.language or guess_language(decoded.text)
        yield Labelled(
            Document("", source.stem, decoded.text, language, source=decoded.source(text_path)),
            annotation_set,
        )


def _annotation_set(
    path: Path,
    decoded: Decoded,
    options: ReadOptions,
    report: Report,
) -> AnnotationSet:
    stated = list(_spans(path, decoded, options, report))
    # The first of two spans with one id is the one that objects mean.
    places_of = {span.key: span.places for span in reversed(stated)}
    links: list[Link] = []
    for entry, names in _objects(path, places_of, decoded.text, options, report):
        stated.append(entry)
        links += [Link("span", entry.key, name) for name in dict.fromkeys(names)]
    _count_unread(path, options, report)
    find_layer = layer_finder(options.schema, options.layer)
    spans = placed_spans(
        stated,
        decoded.raw,
        decoded.canonical,
        (CODEPOINT, UTF16),
        find_layer,
        report,
    )
    return AnnotationSet(spans=tuple(spans), relations=tuple(linked(links, stated, spans)))


def _objects(
    path: Path,
    places_of: Mapping[str, tuple[Fragment, ...]],
    text: str,
    options: ReadOptions,
    report: Report,
) -> Iterator[tuple[Found, list[str]]]:
    """Walk over the objects, each with the ids of the spans that it is made of."""
    objects_path = path.with_suffix(".objects")
    for number, line in _lines(objects_path, options, report):
        match = _OBJECT.fullmatch(line)
        names = match[3].split() if match else []
        if not match or not places_of.keys() >= set(names):
            reason = _(
                "an object has an id, a type and the ids of its spans, which the file of spans has"
            )
            raise InputError(objects_path, number, reason)
        places: list[Fragment] = []
        for name in names:
            places += places_of[name]
        layer = _layer_of(match[2], "objects", options)
        yield Found(f"object {match[1]}", match[2], _merged(places, text), layer=layer), names


def _count_unread(path: Path, options: ReadOptions, report: Report) -> None:
    for suffix, kind in _COUNTED.items():
        lines = _lines(path.with_suffix(suffix), options, report)
        count = sum(_ENTRY.match(line) is not None for _number, line in lines)
        if count:
            report.lose(kind, _("links between objects of a text are not read"), count)


def _layer_of(label: str, other: str, options: ReadOptions) -> str:
    """Return a span's layer; "" where the schema tells it by the label."""
    return "" if options.schema and options.schema.find_label(label) else options.layer or other


def _spans(path: Path, decoded: Decoded, options: ReadOptions, report: Report) -> Iterator[Found]:
    tokens: dict[str, Fragment] = {}
    for number, line in _lines(path, options, report):
        span = _parsed_span(line)
        if span is None:
            raise InputError(
                path,
                number,
                _(
                    "a span has an id, a type, first character, length, first token and number of"
                    " tokens"
                ),
            )
        places: tuple[Fragment, ...] = (span.place,)
        if not _is(span.text, surface(decoded.text, places)):
            # Its tokens lie apart: the file of tokens says where.
            tokens = tokens or dict(_tokens(path.with_suffix(".tokens"), options, report))
            existing = [tokens[name] for name in span.tokens if name in tokens]
            places = _merged(existing, decoded.text) or places
        covered = surface(decoded.text, places)
        stated = covered if _is(span.text, covered) else span.text
        layer = _layer_of(span.label, "spans", options)
        yield Found(span.key, span.label, places, stated, layer=layer)


class _Span(NamedTuple):
    """A line of the file of spans; the file has spaces between all tokens of `text`."""

    key: str
    label: str
    place: Fragment
    tokens: list[str]
    text: str


def _parsed_span(line: str) -> _Span | None:
    match = _SPAN.fullmatch(line)
    if match is None:
        return None
    start, length, count = int(match[3]), int(match[4]), int(match[6])
    words = match[7].split(" ")
    return _Span(
        match[1],
        match[2],
        (start, start + length),
        words[:count],
        " ".join(words[count:]),
    )


def _is(stated: str, covered: str) -> bool:
    """Return whether a text is the stated one but for spaces."""
    return "".join(stated.split()) == "".join(covered.split())


def _tokens(path: Path, options: ReadOptions, report: Report) -> Iterator[tuple[str, Fragment]]:
    for number, line in _lines(path, options, report):
        parts = line.split(" ")
        if len(parts) < 3 or not all(part.isdecimal() for part in parts[:3]):
            raise InputError(
                path,
                number,
                _("a token has an id, its first character and its length"),
            )
        yield parts[0], (int(parts[1]), int(parts[1]) + int(parts[2]))


def _lines(path: Path, options: ReadOptions, report: Report) -> Iterator[tuple[int, str]]:
    """Walk over the lines of a file that have something in them; there may be no such file."""
    if not path.is_file():
        return
    for number, line in enumerate(read_text(path, options, report).text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip()


def _merged(places: list[Fragment], text: str) -> tuple[Fragment, ...]:
    """Return the places in order, those that overlap or have only spaces between them as one."""
    merged: list[Fragment] = []
    for start, end in sorted(places):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


FORMAT = Format(
    id="factrueval",
    name="factRuEval-2016",
    extensions=(".spans",),
    sniff=sniff,
    read=read,
    loses=("coreference", "facts"),
    sources=sources,
)
