"""BioC XML: documents with passages, annotations at places and relations between them.

    <collection><document><id>rasht</id><passage><offset>0</offset><text>دولت گفت</text><annotation
    id="s1">
      <infon key="type">ORG</infon><location offset="0"
      length="4"/><text>دولت</text></annotation></passage></document></collection>

Offsets are code points, or UTF-16 or bytes, from the document's begin or the passage's: the
annotations' texts tell. An annotation without a type is labelled “annotation”, and what its other
infons say are attributes. We write one passage a record.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import document_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF8,
    UTF16,
    Found,
    Link,
    checked_canonical,
    explicit,
    linked,
    placed_spans,
    textual,
)
from annotator.formats._shared.records import (
    count_losses,
    in_layers,
    layer_finder,
    leave_out,
    texts_of,
)
from annotator.formats._shared.xml import (
    Node,
    content,
    count_unwritable,
    is_writable,
    parsed_xml,
    quoted,
)
from annotator.i18n import _
from annotator.model import (
    NONE,
    STATUSES,
    AnnotationSet,
    Labelled,
    Relation,
    Source,
    Span,
    Value,
)

_WHOLE = ("document attributes", "metadata", "paragraph directions")
_LOSES = (
    *_WHOLE,
    "implicit arguments",
    "value types",
    "attributes",
    "characters",
    "documents",
    "passages' notes",
    "annotations",
    "spans",
    "relations",
)
_OWN = ("type", "layer", "note", "origin")
_TOLD = ("id", "name", "language", "direction", "annotator", "status", "schema")
_MARK = "annotator."
_LABELS = ("value", "label", "values")
_OUTER = re.compile(rb"<collection[\s>]")


def sniff(head: bytes, _path: Path) -> float:
    """Recognise a collection of documents."""
    return 0.95 if _OUTER.search(head[:4096]) and b"<document>" in head else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents; one that is wrong is a problem with its line."""
    root = parsed_xml(path)
    if root.local != "collection":
        raise InputError(path, root.line, _("this is no BioC collection"))
    for number, document in enumerate(root.named("document"), 1):
        try:
            yield _Reader(path, options, report).record(document, number)
        except RecordError as error:
            report.wrong(path, document.line, str(error))


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write a document a record, in one collection."""
    with replacing(path) as file:
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<collection><source/><date/><key/>\n')
        for number, record in enumerate(records, 1):
            if not is_writable(record.document.text):
                leave_out(
                    record,
                    report,
                    _("a text with a control character that XML cannot hold was left out"),
                )
                continue
            kept = in_layers(record, options.layers, report)
            count_losses(kept, _WHOLE, report, _("BioC has no place for it"))
            count_unwritable(texts_of(kept), report)
            file.write("".join(_document(kept, number, report)).encode())
        file.write(b"</collection>\n")
    return [path]


@dataclass(slots=True)
class _Piece:
    """A passage or sentence with a text.

    `offset` is where it says that it begins, `place` where it begins in our text.
    """

    node: Node
    offset: int
    place: int
    text: str


@dataclass(slots=True)
class _Reader:
    """Makes the record of one document."""

    path: Path
    options: ReadOptions
    report: Report
    _pieces: list[_Piece] = field(default_factory=list)

    def record(self, node: Node, number: int) -> Labelled:
        """Return the record."""
        raw = self._text(node)
        made = checked_canonical(raw, self.report)
        owners = self._owners(node)
        annotations = [(owner, entry) for owner in owners for entry in owner.named("annotation")]
        found, placing = self._placed(annotations, raw)
        find_layer = layer_finder(self.options.schema, self.options.layer)
        spans = placed_spans(found, raw, made, placing, find_layer, self.report, keep_ids=True)
        relations = linked(self._links(owners), found, spans, keep_ids=True)
        self._count_notes(node)
        told = _told(node)
        name = node.text_of("id") or f"{self.path.stem}-{number}"
        meta = {} if told else dict(_infons(node))
        source = Source(self.path.name)
        document = document_of(told, made.text, source, self.options, name, meta)
        annotation_set = _annotation_set(told, spans, relations)
        return Labelled(document, annotation_set, told.get("schema", ""), node.line)

    def _owners(self, document: Node) -> list[Node]:
        """Return what may hold annotations: the document, its passages and their sentences."""
        nodes = [piece.node for piece in self._pieces]
        sentences = [node for node in nodes if node.local == "sentence"]
        return [document, *document.named("passage"), *sentences]

    def _links(self, owners: Iterable[Node]) -> list[Link]:
        links: list[Link] = []
        for owner in owners:
            for entry in owner.named("relation"):
                link = self._link(entry)
                if link:
                    links.append(link)
        return links

    def _count_notes(self, document: Node) -> None:
        count = sum(len(list(passage.named("infon"))) for passage in document.named("passage"))
        if count:
            self.report.lose("passages' notes", _("infons of passages are left out"), count)

    def _text(self, node: Node) -> str:
        """Return the passages' texts together; what lay between them is a newline or a space."""
        pieces: list[str] = []
        place = end = 0
        for passage in node.named("passage"):
            begins = True
            for owner in [passage, *passage.named("sentence")]:
                text = next((child.text for child in owner.named("text")), None)
                if text is None:
                    continue
                offset = _integer(owner.text_of("offset") or "0", owner)
                gap = "" if not pieces or offset == end else "\n" if begins else " "
                begins = False
                place += len(gap)
                pieces += [gap, text]
                self._pieces.append(_Piece(owner, offset, place, text))
                place += len(text)
                end = offset + len(text)
        return "".join(pieces)

    def _placed(
        self, annotations: list[tuple[Node, Node]], raw: str
    ) -> tuple[list[Found], tuple[str, ...]]:
        """Return the found spans and the units to try.

        Offsets count from the document's begin, or where that does not fit, from the owner's.
        """
        if len(self._pieces) <= 1 and not any(piece.offset for piece in self._pieces):
            return [self._found(owner, entry, False) for owner, entry in annotations], (
                CODEPOINT,
                UTF16,
                UTF8,
            )
        for relative in (False, True):
            try:
                found = [self._found(owner, entry, relative) for owner, entry in annotations]
            except RecordError:
                if relative:
                    raise
                continue
            if relative or all(_agrees(entry, raw) for entry in found):
                return found, (CODEPOINT,)
        return [], (CODEPOINT,)

    def _found(self, owner: Node, node: Node, relative: bool) -> Found:
        infons = _infons(node)
        key = node.attributes.get("id", "")
        label, attributes, layer = _labelled(infons)
        note, origin = infons.get("note", ""), infons.get("origin", "human")
        places = []
        for location in node.named("location"):
            start, length = (
                _integer(location.attributes.get(name, ""), location)
                for name in ("offset", "length")
            )
            begin = self._moved(owner, start, relative)
            places.append((begin, begin + length))
        if not places:
            raise RecordError(_("the annotation {id} has no location").format(id=key))
        schema = self.options.schema
        layer = "" if schema and schema.find_label(label) else layer
        return Found(
            key, label, tuple(sorted(places)), node.text_of("text"), attributes, note, origin, layer
        )

    def _moved(self, owner: Node, offset: int, relative: bool) -> int:
        """Return an offset of the file in our text."""
        if len(self._pieces) == 1 and not self._pieces[0].offset:
            return offset
        own = next((piece for piece in self._pieces if piece.node is owner), None)
        if relative and own:
            return own.place + offset
        inside = next(
            (
                piece
                for piece in self._pieces
                if piece.offset <= offset <= piece.offset + len(piece.text)
            ),
            None,
        )
        if inside is None:
            raise RecordError(_("the offset {offset} lies in no passage").format(offset=offset))
        return inside.place + offset - inside.offset

    def _link(self, node: Node) -> Link | None:
        infons = _infons(node)
        label, attributes, _layer = _labelled(infons)
        ends = [entry.attributes.get("refid", "") for entry in node.named("node")]
        if len(ends) != 2:
            self.report.lose(
                "relations", _("a relation between more or fewer than two annotations is left out")
            )
            return None
        roles = [entry.attributes.get("role", "") for entry in node.named("node")]
        if roles == ["target", "source"]:
            ends.reverse()
        return Link(label, ends[0], ends[1], node.attributes.get("id", ""), attributes)


def _agrees(entry: Found, raw: str) -> bool:
    covered = " ".join(raw[start:end] for start, end in entry.places)
    return not entry.stated or covered == entry.stated


def _labelled(infons: Mapping[str, str]) -> tuple[str, Mapping[str, Value], str]:
    """Return label, attributes and layer; a UIMA type is the layer, and the label its value."""
    kind, layer = infons.get("type", "annotation"), infons.get("layer", "")
    known = {*_OWN}
    if "layer" not in infons and "." in kind:
        key = next((name for name in _LABELS if name in infons), "")
        layer = kind.rpartition(".")[2]
        kind = infons[key] if key else layer
        known.add(key)
    known -= set() if "layer" in infons else {"note", "origin"}
    attributes: dict[str, Value] = {key: value for key, value in infons.items() if key not in known}
    return kind, attributes or NONE, layer


def _told(document: Node) -> dict[str, str]:
    """Return what a document of ours says of itself beside its text; nothing of another's."""
    infons = _infons(document)
    return {
        key.removeprefix(_MARK): value for key, value in infons.items() if key.startswith(_MARK)
    }


def _annotation_set(
    told: Mapping[str, str], spans: Iterable[Span], relations: Iterable[Relation]
) -> AnnotationSet:
    status = told.get("status", "new")
    return AnnotationSet(
        told.get("annotator", ""),
        status if status in STATUSES else "new",
        tuple(spans),
        tuple(relations),
    )


def _infons(node: Node) -> dict[str, str]:
    return {entry.attributes.get("key", ""): entry.text for entry in node.named("infon")}


def _integer(text: str, node: Node) -> int:
    if not re.fullmatch(r"\s*\d{1,12}\s*", text):
        raise RecordError(
            _("line {line}: an offset or length should be a whole number").format(line=node.line)
        )
    return int(text)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────


def _document(record: Labelled, number: int, report: Report) -> Iterator[str]:
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    yield f"<document><id>{content(document.name or document.id or str(number))}</id>"
    values = (
        document.id,
        document.name,
        document.language,
        document.direction,
        annotation_set.annotator,
        annotation_set.status,
        record.schema,
    )
    for key, value in zip(_TOLD, values, strict=True):
        yield _infon(f"{_MARK}{key}", value)
    yield f"\n<passage><offset>0</offset><text>{content(document.text)}</text>\n"
    for span in annotation_set.spans:
        yield from _annotation(span, report)
    for relation, child in explicit(annotation_set.relations, report):
        yield from _relation(relation, child, report)
    yield "</passage></document>\n"


def _annotation(span: Span, report: Report) -> Iterator[str]:
    yield (
        "<annotation"
        f" id={quoted(span.id)}>{_infon('type', span.label)}{_infon('layer', span.layer)}"
    )
    yield _infon("note", span.note) if span.note else ""
    yield _infon("origin", span.origin) if span.origin != "human" else ""
    yield from _attributes(textual(span.attributes, report), report)
    for start, end in span.fragments:
        yield f'<location offset="{start}" length="{end - start}"/>'
    yield f"<text>{content(span.text)}</text></annotation>\n"


def _relation(relation: Relation, child: str, report: Report) -> Iterator[str]:
    yield (
        f"<relation id={quoted(relation.id)}>{_infon('type', relation.label)}{_infon('layer', '')}"
    )
    yield from _attributes(textual(relation.attributes, report), report)
    yield (
        f'<node refid={quoted(relation.head)} role="source"/><node refid={quoted(child)}'
        ' role="target"/></relation>\n'
    )


def _attributes(attributes: Iterable[tuple[str, str]], report: Report) -> Iterator[str]:
    for name, value in attributes:
        if name in _OWN:
            report.lose("attributes", _("the annotation has an infon of that name itself"))
        else:
            yield _infon(name, value)


def _infon(key: str, value: str) -> str:
    return f"<infon key={quoted(key)}>{content(value)}</infon>"


FORMAT = Format(
    id="bioc",
    name="BioC XML",
    extensions=(".bioc.xml", ".bioc", ".xml"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
)
