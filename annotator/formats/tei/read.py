"""One `<TEI>` element → its record.

Of our own files all, of others the text, the names in it, and spans that point into it.

Words: a *pointer* is `#id`, or `#string-range(id,offset,length…)`, whose offsets count code points
of the element's text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import orjson

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.json_files import Plain, object_at, object_of, text_at
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import document_of, implicit_of, layer_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    Found,
    Link,
    checked_canonical,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import layer_finder
from annotator.formats._shared.xml import Node
from annotator.formats.tei.text import XML_ID, XML_LANGUAGE, TeiText
from annotator.i18n import _
from annotator.model import NONE, Document, Fragment, Labelled, Source, Value

IMPLICIT_URN, ORIGIN_URN = "urn:annotator:implicit:", "urn:annotator:origin:"
_NAMES = frozenset(
    {
        "persName",
        "orgName",
        "placeName",
        "geogName",
        "settlement",
        "country",
        "region",
        "name",
        "rs",
        "date",
    }
)
_RANGE = re.compile(r"#string-range\(\s*#?([^,\s()]+)((?:\s*,\s*\d{1,12}\s*,\s*\d{1,12})+)\s*\)")
_POINTING = frozenset({"target", "from", "to", "ana", "type", "n", "resp"})
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")


@dataclass(slots=True)
class TeiReader:
    """Makes the record of one document."""

    path: Path
    options: ReadOptions
    report: Report
    _places: dict[str, Fragment] = field(default_factory=dict)
    _features: dict[str, dict[str, Value]] = field(default_factory=dict)
    _notes: dict[str, str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def record(self, root: Node, number: int) -> Labelled:
        """Return the record of the n-th document of the file, or raise a RecordError."""
        header = next(root.named("teiHeader"), None)
        told = _told(header)
        collected = TeiText(self.report)
        for node in root.named("text"):
            collected.read(node)
        made = checked_canonical(collected.text, self.report)
        around = [node for node in _walk(root) if node.local in ("span", "note", "fs", "relation")]
        self._note_places(collected, around)
        found = [] if told else list(self._inline(collected))
        found += [
            entry for node in around if node.local == "span" for entry in self._standing_off(node)
        ]
        links = [link for node in around if node.local == "relation" for link in self._links(node)]
        find_layer = layer_finder(self.options.schema, self.options.layer)
        spans = placed_spans(
            found, collected.text, made, (CODEPOINT,), find_layer, self.report, keep_ids=True
        )
        annotation_set = layer_of(
            told, text_at(told, "annotator"), spans, linked(links, found, spans, keep_ids=True)
        )
        document = self._document(root, header, told, made.text, number)
        return Labelled(
            document,
            annotation_set if told or not annotation_set.is_empty else None,
            text_at(told, "schema"),
            root.line,
        )

    def _document(
        self, root: Node, header: Node | None, told: Plain, text: str, number: int
    ) -> Document:
        titles = [node for node in _walk(header) if node.local == "title"] if header else []
        name = _joined(titles[0]) if titles else ""
        stated = next(
            (
                node.attributes[XML_LANGUAGE]
                for node in (*root.named("text"), root)
                if XML_LANGUAGE in node.attributes
            ),
            "",
        )
        name, language = name or f"{self.path.stem}-{number}", stated.partition("-")[0]
        return document_of(
            told,
            text,
            Source(self.path.name),
            self.options,
            name,
            object_at(told, "meta"),
            language,
        )

    def _note_places(self, collected: TeiText, around: list[Node]) -> None:
        """Remember where elements stand and what stands off by their ids."""
        self._places = {
            node.attributes[XML_ID]: (start, end)
            for node, start, end in collected.places
            if XML_ID in node.attributes
        }
        for node in around:
            name = node.attributes.get(XML_ID, "")
            if node.local == "fs" and name:
                self._features[name] = _features(node)
            elif node.local == "note" and "target" in node.attributes:
                self._notes[node.attributes["target"].removeprefix("#")] = node.text
            elif node.local == "span" and name:
                self._keys[name] = node.attributes.get("n") or name

    def _inline(self, collected: TeiText) -> Iterator[Found]:
        """Walk over the names that are marked in the text itself."""
        for node, start, end in sorted(collected.places, key=lambda place: (place[1], -place[2])):
            if node.local in _NAMES:
                label = node.attributes.get("type") or node.local
                key = node.attributes.get(XML_ID, "")
                self._keys[key] = key
                yield Found(key, label, ((start, end),), "", self._attributes(node))

    def _standing_off(self, node: Node) -> Iterator[Found]:
        """Walk over the span of a `<span>` that points into the text.

        None where it points elsewhere.
        """
        places = self._pointed(node)
        name = node.attributes.get(XML_ID, "")
        if not places:
            self._keys.pop(name, None)
            self.report.lose("spans", _("a span that points to nothing in the text is left out"))
            return
        resp = node.attributes.get("resp", "")
        origin = unquote(resp.removeprefix(ORIGIN_URN)) if resp.startswith(ORIGIN_URN) else "human"
        label = (
            node.attributes.get("type")
            or node.attributes.get("ana", "").partition(" ")[0].removeprefix("#")
            or "span"
        )
        layer = node.attributes.get("subtype", "")
        known = bool(
            self.options.schema
            and self.options.schema.find_label(label)
            and not self.options.schema.find_label(label, layer)
        )
        stated = node.text if resp.startswith(ORIGIN_URN) else ""
        note = self._notes.get(name, "")
        yield Found(
            self._keys.get(name, ""),
            label,
            tuple(places),
            stated,
            self._attributes(node),
            note,
            origin,
            "" if known else layer,
        )

    def _pointed(self, node: Node) -> list[Fragment]:
        """Return where a span's pointers lead, sorted."""
        target = node.attributes.get("target", "")
        places = [
            place for match in _RANGE.finditer(target) for place in self._ranges(match[1], match[2])
        ]
        places += [
            self._places[name[1:]]
            for name in _RANGE.sub("", target).split()
            if name[1:] in self._places
        ]
        ends = [
            self._places.get(node.attributes.get(key, "").removeprefix("#"))
            for key in ("from", "to")
        ]
        if ends[0]:
            places.append((ends[0][0], (ends[1] or ends[0])[1]))
        return sorted(places)

    def _ranges(self, name: str, numbers: str) -> Iterator[Fragment]:
        """Walk over the stretches of one string-range.

        One that its element does not have is a RecordError.
        """
        if name not in self._places:
            raise RecordError(
                _("a span points into {name}, which is no element with a text").format(name=name)
            )
        first, last = self._places[name]
        counts = [int(number) for number in re.findall(r"\d+", numbers)]
        for offset, length in zip(counts[::2], counts[1::2], strict=True):
            if first + offset + length > last:
                message = _("the span {place} lies outside {name}, which has {length} characters")
                raise RecordError(
                    message.format(
                        place=f"{offset}–{offset + length}", name=name, length=last - first
                    )
                )
            yield first + offset, first + offset + length

    def _attributes(self, node: Node) -> dict[str, Value]:
        """Return what the feature structures that an element names say.

        And what it says itself beside pointing.
        """
        attributes: dict[str, Value] = {}
        for pointer in node.attributes.get("ana", "").split():
            attributes |= self._features.get(pointer.removeprefix("#"), NONE)
        own = {
            key: value
            for key, value in node.attributes.items()
            if "}" not in key and key not in _POINTING
        }
        if node.local not in ("span", "relation"):
            attributes |= own
        return attributes

    def _links(self, node: Node) -> Iterator[Link]:
        """Walk over the link of a `<relation>` between two spans.

        None where it relates anything else.
        """
        label = node.attributes.get("name") or node.attributes.get("type") or "related"
        head, child = (
            node.attributes.get(key, "").removeprefix("#") for key in ("active", "passive")
        )
        implicit = implicit_of(
            child.removeprefix(IMPLICIT_URN) if child.startswith(IMPLICIT_URN) else None
        )
        if head in self._keys and (implicit or child in self._keys):
            key = node.attributes.get("n") or node.attributes.get(XML_ID, "")
            yield Link(
                label,
                self._keys[head],
                self._keys.get(child, ""),
                key,
                self._attributes(node),
                implicit,
            )
        else:
            self.report.lose(
                "relations", _("a relation to what is no span of this text is left out")
            )


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += reversed(entry.children)


def _joined(node: Node) -> str:
    """Return the text of an element, white space as one space."""
    pieces = [
        node.text,
        *(
            piece
            for entry in _walk(node)
            if entry is not node
            for piece in (entry.text, entry.tail)
        ),
    ]
    return " ".join("".join(pieces).split())


def _told(header: Node | None) -> Plain:
    """Return what our own header says as JSON; of others' nothing."""
    for node in header.named("xenoData") if header else ():
        if node.attributes.get("type") == "annotator":
            try:
                return object_of(orjson.loads(node.text), "xenoData")
            except orjson.JSONDecodeError as error:
                raise RecordError(
                    _("the header's data are not JSON: {reason}").format(reason=error.msg)
                ) from error
    return {}


def _features(node: Node) -> dict[str, Value]:
    features: dict[str, Value] = {}
    for entry in node.named("f"):
        name = entry.attributes.get("name", "")
        value = entry.children[0] if entry.children else entry
        if value.local == "vColl":
            features[name] = tuple(inner.text for inner in value.children)
        elif value.local in ("numeric", "binary", "symbol"):
            features[name] = _value(value.local, value.attributes.get("value", ""))
        else:
            features[name] = value.text
    return features


def _value(kind: str, text: str) -> Value:
    """Return the value of a number, of true and false, of a symbol."""
    if kind == "binary":
        return text in ("true", "1")
    if kind == "symbol":
        return text
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        raise RecordError(
            _("a feature's number is written {text}").format(text=text[:40])
        ) from None
