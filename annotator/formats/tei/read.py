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
from annotator.formats._shared.metadata import annotation_set_of, document_of, implicit_of
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
        collected = self._collected(root)
        text = checked_canonical(collected.text, self.report)
        around = [node for node in _walk(root) if node.local in ("span", "note", "fs", "relation")]
        self._note_places(collected, around)
        # We write spans standing off alone, so nothing inside a text of ours is one.
        found = [] if told else list(self._inline(collected))
        links: list[Link] = []
        self._read_around(around, found, links)
        find_layer = layer_finder(self.options.schema, self.options.layer)
        spans = placed_spans(
            found,
            collected.text,
            text,
            (CODEPOINT,),
            find_layer,
            self.report,
            keep_ids=True,
        )
        annotation_set = annotation_set_of(
            told,
            text_at(told, "annotator"),
            spans,
            linked(links, found, spans, keep_ids=True),
        )
        document = self._document(root, header, told, text.text, number)
        is_bare = not told and annotation_set.is_empty
        return Labelled(
            document,
            None if is_bare else annotation_set,
            text_at(told, "schema"),
            root.line,
        )

    def _collected(self, root: Node) -> TeiText:
        collected = TeiText(self.report)
        for node in root.named("text"):
            collected.read(node)
        return collected

    def _document(
        self,
        root: Node,
        header: Node | None,
        told: Plain,
        text: str,
        number: int,
    ) -> Document:
        titles = [node for node in _walk(header) if node.local == "title"] if header else []
        name = _joined(titles[0]) if titles else ""
        name = name or f"{self.path.stem}-{number}"
        language = _language(root)
        source, meta = Source(self.path.name), object_at(told, "meta")
        return document_of(told, text, source, self.options, name, meta, language)

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

    def _read_around(self, around: list[Node], found: list[Found], links: list[Link]) -> None:
        """Add the spans that stand off, then the relations, which may lead to any of them."""
        for node in around:
            if node.local == "span":
                found += self._standing_off(node)
        for node in around:
            if node.local == "relation":
                links += self._links(node)

    def _inline(self, collected: TeiText) -> Iterator[Found]:
        """Walk over the names that are marked in the text itself."""
        for node, start, end in sorted(collected.places, key=lambda place: (place[1], -place[2])):
            if node.local in _NAMES:
                label = node.attributes.get("type") or node.local
                key = node.attributes.get(XML_ID, "")
                self._keys[key] = key
                yield Found(key, label, ((start, end),), "", self._attributes(node))

    def _standing_off(self, node: Node) -> Iterator[Found]:
        """Walk over the span of a `<span>`: none where it points elsewhere than into the text."""
        places = self._pointed(node)
        name = node.attributes.get(XML_ID, "")
        if not places:
            self._keys.pop(name, None)
            self.report.lose("spans", _("a span that points to nothing in the text is left out"))
            return
        resp = node.attributes.get("resp", "")
        is_ours = resp.startswith(ORIGIN_URN)
        label = _label(node)
        yield Found(
            self._keys.get(name, ""),
            label,
            tuple(places),
            node.text if is_ours else "",
            self._attributes(node),
            self._notes.get(name, ""),
            unquote(resp.removeprefix(ORIGIN_URN)) if is_ours else "human",
            self._layer(label, node.attributes.get("subtype", "")),
        )

    def _layer(self, label: str, stated: str) -> str:
        """Return a span's layer; "" where the schema tells it by the label."""
        schema = self.options.schema
        if schema is None or schema.find_label(label, stated):
            return stated
        return "" if schema.find_label(label) else stated

    def _pointed(self, node: Node) -> list[Fragment]:
        """Return where a span's pointers lead, sorted."""
        target = node.attributes.get("target", "")
        places: list[Fragment] = []
        for match in _RANGE.finditer(target):
            places += self._ranges(match[1], match[2])
        for pointer in _RANGE.sub("", target).split():
            if pointer[1:] in self._places:
                places.append(self._places[pointer[1:]])
        first, last = (
            self._places.get(node.attributes.get(key, "").removeprefix("#"))
            for key in ("from", "to")
        )
        if first:
            places.append((first[0], (last or first)[1]))
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
                        place=f"{offset}–{offset + length}",
                        name=name,
                        length=last - first,
                    )
                )
            yield first + offset, first + offset + length

    def _attributes(self, node: Node) -> dict[str, Value]:
        """Return what the feature structures say that an element names.

        A name in the text itself has its own XML attributes beside.
        """
        attributes: dict[str, Value] = {}
        for pointer in node.attributes.get("ana", "").split():
            attributes |= self._features.get(pointer.removeprefix("#"), NONE)
        if node.local in ("span", "relation"):
            return attributes
        for key, value in node.attributes.items():
            if "}" not in key and key not in _POINTING:
                attributes[key] = value
        return attributes

    def _links(self, node: Node) -> Iterator[Link]:
        """Walk over the link of a `<relation>`: none where it relates anything but two spans."""
        label = node.attributes.get("name") or node.attributes.get("type") or "related"
        head = node.attributes.get("active", "").removeprefix("#")
        child = node.attributes.get("passive", "").removeprefix("#")
        implicit = None
        if child.startswith(IMPLICIT_URN):
            implicit = implicit_of(child.removeprefix(IMPLICIT_URN))
        if head not in self._keys or not (implicit or child in self._keys):
            self.report.lose(
                "relations", _("a relation to what is no span of this text is left out")
            )
            return
        key = node.attributes.get("n") or node.attributes.get(XML_ID, "")
        ends = self._keys[head], self._keys.get(child, "")
        yield Link(label, *ends, key, self._attributes(node), implicit)


def _label(node: Node) -> str:
    """Return the label of a `<span>`: its type, else the first thing that its analysis names."""
    analysis = node.attributes.get("ana", "").partition(" ")[0].removeprefix("#")
    return node.attributes.get("type") or analysis or "span"


def _language(root: Node) -> str:
    """Return the language that a document states, without its script and region."""
    for node in (*root.named("text"), root):
        if XML_LANGUAGE in node.attributes:
            return node.attributes[XML_LANGUAGE].partition("-")[0]
    return ""


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += reversed(entry.children)


def _joined(node: Node) -> str:
    """Return the text of an element, white space as one space."""
    pieces: list[str] = []
    for entry in _walk(node):
        pieces += [entry.text] if entry is node else [entry.text, entry.tail]
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
