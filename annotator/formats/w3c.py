"""W3C Web Annotation: a page of annotations (JSON-LD) beside the text that their targets name.

    {"@context":["http://www.w3.org/ns/anno.jsonld",…],"type":"AnnotationPage","creator":"a1","items":[{"id":"#s1","type":"Annotation",
      "body":[{"type":"TextualBody","purpose":"tagging","value":"ORG"}],"target":{"source":"0001-rasht.txt","selector":[
      {"type":"TextQuoteSelector","exact":"دولت"},{"type":"TextPositionSelector","start":0,"end":4}]}}]}

Positions are code points (UTF-16 in what browsers wrote: the quotes tell); a quote and a position
that disagree are refused. A relation is an annotation with the motivation `linking` between two
others, as Recogito writes it. Read: a page, a collection with its first page, or a bare list; the
text is the file that the targets name, else the one of the same name that ends in `.txt`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import Decoded, encoded, read_text
from annotator.formats._shared.json_files import (
    Plain,
    line_of_item,
    list_at,
    object_at,
    object_of,
    offset_at,
    parsed_file,
    text_at,
)
from annotator.formats._shared.json_record import RecordError, attributes_of
from annotator.formats._shared.metadata import annotation_set_of, document_of, implicit_of, told_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    linked,
    placed_spans,
)
from annotator.formats._shared.output import numbered
from annotator.formats._shared.records import count_losses, in_layers, layer_finder
from annotator.i18n import _
from annotator.model import AnnotationSet, Fragment, Labelled, Relation, Span

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_OURS = "urn:annotator:"
_WHOLE = ("paragraph directions",)
_LOSES = (*_WHOLE, "selectors", "relations", "bodies")
_UNTAGGED = "comment"  # the label of an annotation without a tag
_ELSEWHERE = frozenset("/\\:")
_DOCUMENT, _SPAN = "annotator:document", "annotator:span"


def sniff(head: bytes, path: Path) -> float:
    """Recognise the context, and a text by the page of annotations beside it."""
    if path.suffix.lower() == ".txt":
        return 0.9 if path.with_suffix(".jsonld").is_file() else 0.0
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        1.0
        if start[:1] in (b"{", b"[") and _CONTEXT.encode() in start[:4096].replace(b"\\/", b"/")
        else 0.0
    )


def sources(folder: Path) -> list[Path]:
    """Return the JSON-LD files below a folder."""
    return sorted(path for path in folder.rglob("*.jsonld") if not path.name.startswith("."))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the annotations of each file as one record."""
    if path.suffix.lower() == ".txt" and not path.is_dir():
        path = path.with_suffix(".jsonld")
    for source in sources(path) if path.is_dir() else [path]:
        record = _Reader(source, options, report).record()
        if record is not None:
            yield record


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a text and a page of annotations for each record."""
    files: list[Path] = []
    for number, record in enumerate(records, 1):
        stem = numbered(number, record.document.name)
        count_losses(record, _WHOLE, report, _("the page has no place for it"))
        plain = _page(in_layers(record, options.layers, report), f"{stem}.txt")
        for name, data in (
            (f"{stem}.txt", encoded(record.document.text)),
            (f"{stem}.jsonld", orjson.dumps(plain)),
        ):
            files.append(path / name)
            with replacing(files[-1], durable=False) as file:
                file.write(data)
    return files


@dataclass(frozen=True, slots=True)
class _Collected:
    """What the annotations of a file state: spans, relations, and the names of their texts."""

    found: list[Found] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def links_between_spans(self) -> list[Link]:
        """Return the relations whose ends are spans here, or an implicit argument."""
        keys = {entry.key for entry in self.found}
        inside: list[Link] = []
        for link in self.links:
            if link.head in keys and (link.implicit or link.child in keys):
                inside.append(link)
        return inside


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file; what is wrong in an annotation is a problem with its line."""

    path: Path
    options: ReadOptions
    report: Report

    def record(self) -> Labelled | None:
        """Return the record; None where problems were reported."""
        plain = parsed_file(self.path, self.options, self.report)
        problems_before = len(self.report.problems)
        try:
            page, items = _page_of(plain)
        except RecordError as error:
            self.report.wrong(self.path, 1, str(error))
            return None
        collected = _Collected()
        for number, item in enumerate(items):
            try:
                self._read(object_of(item, "annotation"), collected)
            except RecordError as error:
                is_list = isinstance(plain, list)
                line = line_of_item(self.path, self.options, number) if is_list else 0
                reason = _("annotation {number}: {reason}").format(number=number + 1, reason=error)
                self.report.wrong(self.path, line, reason)
        if len(self.report.problems) > problems_before:
            return None
        decoded = self._decoded(collected.names)
        try:
            return self._labelled(page, collected, decoded)
        except RecordError as error:
            self.report.wrong(self.path, 0, str(error))
            return None

    def _labelled(self, page: Plain, collected: _Collected, decoded: Decoded) -> Labelled:
        found = collected.found
        find_layer = layer_finder(self.options.schema, self.options.layer)
        units = (CODEPOINT, UTF16)
        spans = placed_spans(
            found,
            decoded.raw,
            decoded.canonical,
            units,
            find_layer,
            self.report,
            keep_ids=True,
        )
        links = collected.links_between_spans()
        lost = len(collected.links) - len(links)
        if lost:
            why = _("a relation to what is no span of this text is left out")
            self.report.lose("relations", why, lost)
        told = object_at(page, _DOCUMENT)
        annotation_set = annotation_set_of(
            told,
            _creator(page.get("creator")),
            spans,
            linked(links, found, spans, keep_ids=True),
        )
        source, meta = decoded.source(self.path), object_at(told, "meta")
        document = document_of(told, decoded.text, source, self.options, self.path.stem, meta)
        return Labelled(document, annotation_set, text_at(told, "schema"))

    def _decoded(self, names: set[str]) -> Decoded:
        """Return the text that the targets name, else the one of the same name.

        It lies in the same folder; a name that leads elsewhere is not followed.
        """
        if len(names) > 1:
            raise InputError(
                self.path,
                0,
                _("the annotations are of several texts; give each a file of its own"),
            )
        beside = [self.path.parent / name for name in names if name and _ELSEWHERE.isdisjoint(name)]
        stems = [
            self.path.with_suffix(".txt"),
            self.path.with_name(f"{self.path.name.split('.')[0]}.txt"),
        ]
        chosen = next((path for path in [*beside, *stems] if path.is_file()), None)
        if chosen is None:
            wanted = (beside or stems)[0].name
            reason = _("there is no text file {name} beside it").format(name=wanted)
            raise InputError(self.path, 0, reason)
        return read_text(chosen, self.options, self.report)

    def _read(self, item: Plain, collected: _Collected) -> None:
        key = text_at(item, "id")
        tags, note, others = _bodies(item)
        if others:
            self.report.lose(
                "bodies",
                _("a body that is neither a tag nor a comment is left out"),
                others,
            )
        targets = _listed(item.get("target"))
        told = object_at(item, _SPAN)
        if item.get("motivation") == "linking":
            collected.links.extend(_links(item, targets, tags))
            return
        places, stated = self._place(targets, collected.names)
        attributes = attributes_of(told.get("attributes"))
        origin, layer = text_at(told, "origin", "human"), text_at(told, "layer")
        if len(tags) > 1:
            self.report.change(
                "labels", _("an annotation with several tags became a span for each")
            )
        for number, tag in enumerate(tags or [_UNTAGGED]):
            name = key if not number else f"{key}~{number + 1}"
            collected.found.append(
                Found(name, tag, places, stated, attributes, note, origin, layer)
            )

    def _place(self, targets: list[object], names: set[str]) -> tuple[tuple[Fragment, ...], str]:
        """Return where targets are and what they quote; the texts that they name are noted."""
        places: list[Fragment] = []
        quotes: list[str] = []
        for target in targets:
            plain = object_of(target, "target")
            source = plain.get("source")
            if isinstance(source, str):
                names.add(source)
            elif source is not None:
                names.add(text_at(object_of(source, "source"), "id"))
            place, quote = self._selected(plain)
            places.append(place)
            quotes.append(quote)
        return tuple(sorted(places)), " ".join(quotes) if all(quotes) else ""

    def _selected(self, target: Plain) -> tuple[Fragment, str]:
        """Return the position that a target's selectors give, and the quote or ""."""
        selectors = [object_of(entry, "selector") for entry in _listed(target.get("selector"))]
        position = _of_type("TextPositionSelector", selectors)
        quote = _of_type("TextQuoteSelector", selectors)
        if position is None:
            raise RecordError(_("the target has no TextPositionSelector"))
        others = len(selectors) - 1 - (quote is not None)
        if others:
            self.report.lose("selectors", _("other selectors are left out"), others)
        place = (offset_at(position, "start"), offset_at(position, "end"))
        return place, text_at(quote, "exact") if quote else ""


def _listed(value: object) -> list[object]:
    """Return a value as a list: JSON-LD writes a list of one as the value itself."""
    return value if isinstance(value, list) else [value]


def _of_type(kind: str, selectors: list[Plain]) -> Plain | None:
    return next((entry for entry in selectors if entry.get("type") == kind), None)


def _page_of(plain: object) -> tuple[Plain, list[object]]:
    if isinstance(plain, list):
        return {}, plain
    page = object_of(plain, "the file")
    first = page.get("first")
    if isinstance(first, dict):
        page = first
    return page, list_at(page, "items") if "items" in page else [page]


def _bodies(item: Plain) -> tuple[list[str], str, int]:
    """Return tags, comments, and how many bodies are neither."""
    body = item.get("body")
    tags: list[str] = []
    notes: list[str] = []
    others = 0
    for entry in _listed(body) if body is not None else []:
        plain = {"value": entry} if isinstance(entry, str) else object_of(entry, "body")
        value = plain.get("value")
        if not isinstance(value, str) or not value:
            others += 1
        elif plain.get("purpose") in ("tagging", "classifying"):
            tags.append(value)
        else:
            notes.append(value)
    return tags, "\n".join(notes), others


def _links(item: Plain, targets: list[object], tags: list[str]) -> Iterator[Link]:
    ends = [
        target if isinstance(target, str) else text_at(object_of(target, "target"), "id")
        for target in targets
    ]
    told = object_at(item, "annotator:relation")
    implicit = implicit_of(told.get("implicit"))
    if len(ends) != (1 if implicit else 2):
        raise RecordError(_("a link is between two annotations"))
    attributes = attributes_of(told.get("attributes"))
    for tag in tags or ["related"]:
        yield Link(tag, ends[0], ends[-1], text_at(item, "id"), attributes, implicit)


def _creator(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("nickname") or value.get("id") or "")
    return value if isinstance(value, str) else ""


def _page(record: Labelled, source: str) -> dict[str, object]:
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    told = {**told_of(document), "status": annotation_set.status, "schema": record.schema}
    creator = {"creator": annotation_set.annotator} if annotation_set.annotator else {}
    return {
        "@context": [_CONTEXT, {"annotator": _OURS}],
        "type": "AnnotationPage",
        **creator,
        _DOCUMENT: {
            **told,
            "meta": dict(document.meta),
            "attributes": dict(annotation_set.attributes),
        },
        "items": [
            *(_annotation(span, document.text, source) for span in annotation_set.spans),
            *(_linking(entry) for entry in annotation_set.relations),
        ],
    }


def _annotation(span: Span, text: str, source: str) -> dict[str, object]:
    body = [{"type": "TextualBody", "purpose": "tagging", "value": span.label}]
    if span.note:
        body.append({"type": "TextualBody", "purpose": "commenting", "value": span.note})
    targets = [
        {
            "source": source,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": text[start:end],
                    "prefix": text[max(start - 20, 0) : start],
                    "suffix": text[end : end + 20],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        }
        for start, end in span.fragments
    ]
    told = {"layer": span.layer, "origin": span.origin, "attributes": dict(span.attributes)}
    target = targets[0] if len(targets) == 1 else targets
    return {"id": span.id, "type": "Annotation", "body": body, "target": target, _SPAN: told}


def _linking(entry: Relation) -> dict[str, object]:
    return {
        "id": entry.id,
        "type": "Annotation",
        "motivation": "linking",
        "body": [{"type": "TextualBody", "purpose": "tagging", "value": entry.label}],
        "target": [{"id": end} for end in (entry.head, entry.child) if end is not None],
        "annotator:relation": {"implicit": entry.implicit, "attributes": dict(entry.attributes)},
    }


FORMAT = Format(
    id="w3c",
    name="W3C Web Annotation",
    extensions=(".jsonld", ".json"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    folder=True,
    sources=sources,
)
