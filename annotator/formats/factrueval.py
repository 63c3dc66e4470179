"""factRuEval-2016 standoff, to be read: `.spans` and `.objects` beside a `.txt`.

    book_1.spans:    26210 loc_name 0 6 209755 1  # 209755 Россия
    book_1.objects:  12683 LocOrg 26210 # Россия

A span has its first character and its length in code points. An object is a span of the layer
`objects` over its spans, which may lie apart, with a relation `span` to each. Coreference and facts
(`.coref`, `.facts`) are counted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

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
        try:
            annotation_set = (
                _layer(spans_path, decoded, options, report) if spans_path.is_file() else None
            )
        except RecordError as error:
            report.wrong(spans_path, 0, str(error))
            continue
        language = options.language or guess_language(decoded.text)
        yield Labelled(
            Document("", source.stem, decoded.text, language, source=decoded.source(text_path)),
            annotation_set,
        )


def _layer(path: Path, decoded: Decoded, options: ReadOptions, report: Report) -> AnnotationSet:
    parts_of = list(_spans(path, decoded, options, report))
    found = {
        entry.key: entry for entry in reversed(parts_of)
    }  # an id that stands twice has one place
    objects_path = path.with_suffix(".objects")
    links: list[Link] = []
    objects: list[Found] = []
    for number, line in _lines(objects_path, options, report):
        parts = _OBJECT.fullmatch(line)
        names = parts[3].split() if parts else []
        missing = next((name for name in names if name not in found), None)
        if not parts or missing is not None:
            reason = _(
                "an object has an id, a type and the ids of its spans, which the file of spans has"
            )
            raise InputError(objects_path, number, reason)
        key = f"object {parts[1]}"
        places = _merged([place for name in names for place in found[name].places], decoded.text)
        objects.append(Found(key, parts[2], places, layer=_layer_of(parts[2], "objects", options)))
        links += [Link("span", key, name) for name in dict.fromkeys(names)]
    for suffix, kind in _COUNTED.items():
        count = sum(
            1
            for _number, line in _lines(path.with_suffix(suffix), options, report)
            if re.match(r"\d+(?:-\d+)? ", line)
        )
        if count:
            report.lose(kind, _("links between objects of a text are not read"), count)
    whole = [*parts_of, *objects]
    find_layer = layer_finder(options.schema, options.layer)
    spans = placed_spans(
        whole, decoded.raw, decoded.canonical, (CODEPOINT, UTF16), find_layer, report
    )
    return AnnotationSet(spans=tuple(spans), relations=tuple(linked(links, whole, spans)))


def _layer_of(label: str, other: str, options: ReadOptions) -> str:
    return "" if options.schema and options.schema.find_label(label) else options.layer or other


def _spans(path: Path, decoded: Decoded, options: ReadOptions, report: Report) -> Iterator[Found]:
    tokens: dict[str, Fragment] = {}
    for number, line in _lines(path, options, report):
        parts = _SPAN.fullmatch(line)
        if not parts:
            raise InputError(
                path,
                number,
                _(
                    "a span has an id, a type, first character, length, first token and number of"
                    " tokens"
                ),
            )
        words = parts[7].split(" ")
        count = int(parts[6])
        names, stated = words[:count], " ".join(words[count:])
        start, end = int(parts[3]), int(parts[3]) + int(parts[4])
        places: tuple[Fragment, ...] = ((start, end),)
        if not _is(stated, decoded.text[start:end]):
            # Its tokens lie apart: the file of tokens says where.
            tokens = tokens or dict(_tokens(path.with_suffix(".tokens"), options, report))
            places = (
                _merged([tokens[name] for name in names if name in tokens], decoded.text) or places
            )
        covered = surface(decoded.text, places)
        layer = _layer_of(parts[2], "spans", options)
        yield Found(
            parts[1], parts[2], places, covered if _is(stated, covered) else stated, layer=layer
        )


def _is(stated: str, covered: str) -> bool:
    """Return whether a text is the stated one but for spaces.

    Which the file has between all tokens.
    """
    return "".join(stated.split()) == "".join(covered.split())


def _tokens(path: Path, options: ReadOptions, report: Report) -> Iterator[tuple[str, Fragment]]:
    for number, line in _lines(path, options, report):
        parts = line.split(" ")
        if len(parts) < 3 or not all(part.isdecimal() for part in parts[:3]):
            raise InputError(
                path, number, _("a token has an id, its first character and its length")
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
