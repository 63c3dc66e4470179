"""A REFI-QDA project → records, one for each text and user.

Words: a *folder* is a code with codes below it; a *selection* is a stretch of a text, a *coding*
the code that a user gave it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import orjson

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.decode import decode
from annotator.formats._shared.json_files import Plain, object_at, object_of, objects_at, text_at
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import annotation_set_of, document_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    checked_canonical,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import layer_finder
from annotator.formats._shared.xml import Node
from annotator.formats._shared.zip import Archive
from annotator.formats.refi_qda.write import VARIABLE, attribute_guid, guid, layer_guid
from annotator.i18n import _
from annotator.model import Document, Labelled, Source, Span, Value
from annotator.text.offsets import Canonical

_INTERNAL = "internal://"
_OTHERS = ("PictureSource", "AudioSource", "VideoSource")


@dataclass(frozen=True, slots=True)
class _Code:
    """What a code means: a label of a layer, or a value of an attribute.

    `layer` is "" where the folder says nothing, `attribute` None for a label.
    """

    name: str
    layer: str = ""
    attribute: str | None = None


class _Text(NamedTuple):
    """A source's text as it was, as it is stored, and where it came from."""

    raw: str
    stored: Canonical
    source: Source


@dataclass(slots=True)
class _Coded:
    """What one user did in one text."""

    found: list[Found] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class QdpxReader:
    """Reads the sources of one project."""

    def __init__(self, root: Node, archive: Archive, options: ReadOptions, report: Report) -> None:
        self._root, self._archive, self._options, self._report = root, archive, options, report
        self._users = {
            _id(node): node.attributes.get("name") or _id(node)
            for node in _below(root, "Users", "User")
        }
        self._notes = {_id(node): node for node in _below(root, "Notes", "Note")}
        self._links: dict[str, list[tuple[int, Node]]] = {}
        for number, node in enumerate(_below(root, "Links", "Link")):
            self._links.setdefault(_reference(node, "originGUID"), []).append((number, node))
        self._codes: dict[str, _Code] = {}
        for codebook in root.named("CodeBook"):
            for node in _below(codebook, "Codes", "Code"):
                self._note_codes(node, None)

    def sources(self) -> Iterator[Node]:
        """Walk over the texts: sources, and the texts that stand for a PDF's pages."""
        for sources in self._root.named("Sources"):
            for node in sources.children:
                if node.local == "TextSource":
                    yield node
                elif node.local == "PDFSource":
                    yield from node.named("Representation")
                elif node.local in _OTHERS:
                    self._report.lose("documents", _("pictures, sounds and films are left out"))
        left = sum(map(len, self._links.values()))
        if left:
            self._report.lose(
                "relations",
                _("a link between other things than coded texts is left out"),
                left,
            )

    def records(self, node: Node) -> Iterator[Labelled]:
        """Walk over the records of a text, one for each user; a text that nobody coded is bare."""
        text = self._text(node)
        told = self._told(node)
        document = self._document(node, told, text)
        schema = text_at(told, "schema")
        coded = self._coded(node)
        about_sets = {text_at(entry, "annotator"): entry for entry in objects_at(told, "layers")}
        for annotator in dict.fromkeys([*about_sets, *coded]):
            own = coded.get(annotator, _Coded())
            spans = self._spans(own, text, is_ours=bool(told))
            relations = linked(own.links, own.found, spans, keep_ids=True)
            about = about_sets.get(annotator, {})
            annotation_set = annotation_set_of(about, annotator, spans, relations)
            yield Labelled(document, annotation_set, schema, node.line)
        if not about_sets and not coded:
            yield Labelled(document, None, schema, node.line)

    def _spans(self, coded: _Coded, text: _Text, is_ours: bool) -> list[Span]:
        units: tuple[str, ...] = (CODEPOINT, UTF16)
        if self._options.unit in units:
            units = (self._options.unit,)
        elif is_ours:
            units = (CODEPOINT,)
        find_layer = layer_finder(self._options.schema, self._options.layer)

        def placed() -> list[Span]:
            return placed_spans(
                coded.found,
                text.raw,
                text.stored,
                units,
                find_layer,
                self._report,
                keep_ids=True,
            )

        try:
            return placed()
        except RecordError:
            if is_ours:
                raise
        # Other programs may name a selection as they like; then its name is not its text.
        coded.found = [entry._replace(stated="") for entry in coded.found]
        return placed()

    def _text(self, node: Node) -> _Text:
        path = node.attributes.get("plainTextPath", "")
        if not path:
            raw = next((child.text for child in node.named("PlainTextContent")), None)
            if raw is None:
                raise RecordError(
                    _("the source {name} has no plain text").format(
                        name=node.attributes.get("name", "")
                    )
                )
            stored = checked_canonical(raw, self._report)
            return _Text(raw, stored, Source(self._archive.path.name))
        if not path.startswith(_INTERNAL):
            message = _(
                "the text {path} lies outside of the file; put it inside (export without external"
                " sources)"
            )
            raise RecordError(message.format(path=path))
        wanted = f"sources/{path.removeprefix(_INTERNAL)}".casefold()
        name = next((entry for entry in self._archive.names if entry.casefold() == wanted), wanted)
        decoded = decode(
            self._archive.read(name),
            self._options.encoding or "utf-8",
            self._archive.path,
        )
        for kind, why, count in decoded.changes:
            self._report.change(kind, why, count)
        return _Text(decoded.raw, decoded.canonical, decoded.source(self._archive.path))

    def _told(self, node: Node) -> Plain:
        """Return what our own variable says; of others' projects nothing."""
        for value in node.named("VariableValue"):
            target = next((_reference(child) for child in value.named("VariableRef")), "")
            if target == guid(VARIABLE):
                try:
                    return object_of(orjson.loads(value.text_of("TextValue")), VARIABLE)
                except orjson.JSONDecodeError as error:
                    raise RecordError(
                        _("the variable {name} is not JSON: {reason}").format(
                            name=VARIABLE, reason=error.msg
                        )
                    ) from error
            self._report.lose("metadata", _("variables of a source are left out"))
        return {}

    def _document(self, node: Node, told: Plain, text: _Text) -> Document:
        name, meta = (
            node.attributes.get("name", "") or self._archive.path.stem,
            object_at(told, "meta"),
        )
        return document_of(told, text.stored.text, text.source, self._options, name, meta)

    # ── Codings ───────────────────────────────────────────────────────────────────────────────────

    def _note_codes(self, node: Node, folder: Node | None) -> None:
        """Remember what each code means.

        The id of a folder of our own tells whether it is a layer or an attribute.
        """
        name = node.attributes.get("name", "")
        above = folder.attributes.get("name", "") if folder else ""
        kind = _id(folder) if folder else ""
        layer = above if kind == layer_guid(above) else ""
        attribute = above if kind == attribute_guid(above) else None
        self._codes[_id(node)] = _Code(name, layer, attribute)
        for child in node.named("Code"):
            self._note_codes(child, node)

    def _coded(self, source: Node) -> dict[str, _Coded]:
        """Return what each user coded in a text."""
        selections = list(source.named("PlainTextSelection"))
        whole = sum(1 for _coding in source.named("Coding"))
        if whole:
            self._report.lose("codings", _("a code for a whole text is left out"), whole)
        coded: dict[str, _Coded] = {}
        owners: dict[str, tuple[str, str]] = {}
        for node in selections:
            for annotator, entry in self._found(node):
                coded.setdefault(annotator, _Coded()).found.append(entry)
                owners.setdefault(_id(node), (annotator, entry.key))
        links = [entry for name in owners for entry in self._links.pop(name, ())]
        for _number, node in sorted(links, key=itemgetter(0)):
            self._link(node, owners, coded)
        return coded

    def _found(self, node: Node) -> Iterator[tuple[str, Found]]:
        """Walk over the spans of a selection, each with the annotator who gave it its label."""
        place = (_integer(node, "startPosition"), _integer(node, "endPosition"))
        codes_of = self._codes_by_user(node)
        if not codes_of:
            self._report.lose("selections", _("a selection without a code is left out"))
        notes = [*node.named("NoteRef"), *node.named("Description")]
        note = "\n".join(map(self._note, notes))
        name = node.attributes.get("name", "")
        stated = "" if "\ufffd" in name else name  # there the text may have what XML cannot hold
        number = 0
        for annotator, codes in codes_of.items():
            attributes = _attributes(codes)
            for code in codes:
                if code.attribute is not None:
                    continue
                number += 1
                key = _id(node) if number == 1 else f"{_id(node)}~{number}"
                layer = self._layer(code)
                yield (
                    annotator,
                    Found(key, code.name, (place,), stated, attributes, note, "human", layer),
                )

    def _codes_by_user(self, selection: Node) -> dict[str, list[_Code]]:
        """Return what each user gave to a selection; a coding of no user is its maker's."""
        by_user: dict[str, list[_Code]] = {}
        for coding in selection.named("Coding"):
            name = next((_reference(child) for child in coding.named("CodeRef")), "")
            code = self._codes.get(name)
            if code is None:
                raise RecordError(
                    _("line {line}: a coding names no code of the codebook").format(
                        line=coding.line
                    )
                )
            user = _reference(coding, "creatingUser") or _reference(selection, "creatingUser")
            by_user.setdefault(self._users.get(user, ""), []).append(code)
        return by_user

    def _layer(self, code: _Code) -> str:
        """Return a code's layer; "" where the schema tells it by the label."""
        schema = self._options.schema
        if schema is None or schema.find_label(code.name, code.layer):
            return code.layer
        return "" if schema.find_label(code.name) else code.layer

    def _note(self, node: Node) -> str:
        """Return the text of a note that is referred to, or of a description."""
        if node.local == "Description":
            return node.text
        note = self._notes.get(_reference(node))
        if note is None:
            return ""
        if note.attributes.get("plainTextPath"):
            return self._text(note).stored.text
        return note.text_of("PlainTextContent")

    def _link(
        self,
        node: Node,
        owners: dict[str, tuple[str, str]],
        coded: dict[str, _Coded],
    ) -> None:
        """Add a link between two selections of this text to what their annotator did."""
        origin = owners.get(_reference(node, "originGUID"))
        target = owners.get(_reference(node, "targetGUID"))
        if origin is None or target is None or origin[0] != target[0]:
            self._report.lose(
                "relations", _("a link to another text, or to what another user coded, is left out")
            )
            return
        (annotator, head), (_annotator, child) = origin, target
        label = node.attributes.get("name") or "related"
        coded[annotator].links.append(Link(label, head, child, _id(node)))


def _attributes(codes: list[_Code]) -> dict[str, Value]:
    return {code.attribute: code.name for code in codes if code.attribute is not None}


def _below(node: Node, outer: str, inner: str) -> Iterator[Node]:
    return (entry for place in node.named(outer) for entry in place.named(inner))


def _id(node: Node) -> str:
    return node.attributes.get("guid", "").strip("{}").lower()


def _reference(node: Node, key: str = "targetGUID") -> str:
    return node.attributes.get(key, "").strip("{}").lower()


def _integer(node: Node, key: str) -> int:
    text = node.attributes.get(key, "")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise RecordError(
            _("line {line}: a position should be a whole number").format(line=node.line)
        )
    return int(text)
