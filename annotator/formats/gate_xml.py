"""GATE XML, to be read: a text with nodes in it, and annotations between nodes, in sets.

    <GateDocument><TextWithNodes><Node id="0"/>دولت<Node id="4"/> گفت</TextWithNodes>
      <AnnotationSet Name="Key"><Annotation Id="1" Type="ORG" StartNode="0"
      EndNode="4"/></AnnotationSet></GateDocument>

A node's id is its UTF-16 offset; that is checked. A set is what one annotator did; tokens, spaces
and sentences are counted and left out.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.offset_units import CODEPOINT, Found, checked_canonical, placed_spans
from annotator.formats._shared.records import layer_finder
from annotator.formats._shared.xml import Node, parsed_xml
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Source, Value
from annotator.text.direction import guess_language
from annotator.text.offsets import Utf16Map

_TECHNICAL = frozenset({"Token", "SpaceToken", "Sentence", "Split", "Lookup", "paragraph"})
_MARKUP = "Original markups"


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the outer element."""
    return 1.0 if b"<GateDocument" in head[:4096] else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of a file: each annotation set with more than tokens is a record."""
    root = parsed_xml(path)
    body = next(root.named("TextWithNodes"), None)
    if root.local != "GateDocument" or body is None:
        raise InputError(path, root.line, _("this is no GATE document: it has no TextWithNodes"))
    try:
        yield from list(_records(root, body, path, options, report))
    except RecordError as error:
        report.wrong(path, body.line, str(error))


def _records(
    root: Node,
    body: Node,
    path: Path,
    options: ReadOptions,
    report: Report,
) -> Iterator[Labelled]:
    raw, nodes = _text(body)
    text = checked_canonical(raw, report)
    _check_offsets(raw, nodes, path)
    language = options.language or guess_language(text.text)
    meta: dict[str, object] = {}
    for features in root.named("GateDocumentFeatures"):
        meta |= _features(features)
    document = Document("", path.stem, text.text, language, meta=meta, source=Source(path.name))
    find_layer = layer_finder(options.schema, options.layer)
    is_bare = True
    for entry in root.named("AnnotationSet"):
        found = _annotations(entry, nodes, report)
        if found:
            is_bare = False
            spans = placed_spans(found, raw, text, (CODEPOINT,), find_layer, report)
            annotator = entry.attributes.get("Name", "")
            yield Labelled(document, AnnotationSet(annotator, spans=tuple(spans)))
    if is_bare:
        yield Labelled(document)


def _check_offsets(raw: str, nodes: Mapping[str, tuple[int, int]], path: Path) -> None:
    """Refuse a file whose nodes stand elsewhere than their names say."""
    units = Utf16Map(raw)
    for name, (place, line) in nodes.items():
        offset = units.to_utf16(place)
        if name != str(offset):
            reason = _("the node {name} stands at UTF-16 offset {place}")
            raise InputError(path, line, reason.format(name=name, place=offset))


def _annotations(entry: Node, nodes: Mapping[str, tuple[int, int]], report: Report) -> list[Found]:
    """Return a set's annotations; technical ones and empty ones are counted and left out."""
    found: list[Found] = []
    technical = empty = 0
    is_markup = entry.attributes.get("Name") == _MARKUP
    for node in entry.named("Annotation"):
        if node.attributes.get("Type") in _TECHNICAL:
            technical += 1
            continue
        annotation = _found(node, nodes)
        start, end = annotation.places[0]
        if is_markup:
            technical += 1
        elif start < end:
            found.append(annotation)
        else:
            empty += 1
    if technical:
        why = _("tokens, sentences and original markup are left out")
        report.lose("technical annotations", why, technical)
    if empty:
        why = _("an annotation without a character has no place in the program")
        report.lose("empty spans", why, empty)
    return found


def _text(body: Node) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the text, and each node's place in code points with its line."""
    pieces, place = [body.text], len(body.text)
    nodes: dict[str, tuple[int, int]] = {}
    for node in body.children:
        nodes[node.attributes.get("id", "")] = (place, node.line)
        pieces.append(node.tail)
        place += len(node.tail)
    return "".join(pieces), nodes


def _found(node: Node, nodes: Mapping[str, tuple[int, int]]) -> Found:
    ends = [node.attributes.get(key, "") for key in ("StartNode", "EndNode")]
    missing = next((end for end in ends if end not in nodes), None)
    if missing is not None:
        raise RecordError(
            _("an annotation names the node {name}, which the text does not have").format(
                name=missing
            )
        )
    places = ((nodes[ends[0]][0], nodes[ends[1]][0]),)
    return Found(
        node.attributes.get("Id", ""),
        node.attributes.get("Type", ""),
        places,
        "",
        _features(node),
    )


def _features(node: Node) -> dict[str, Value]:
    return {feature.text_of("Name"): feature.text_of("Value") for feature in node.named("Feature")}


FORMAT = Format(
    id="gate-xml",
    name="GATE XML",
    extensions=(".gate.xml", ".xml"),
    sniff=sniff,
    read=read,
    loses=("technical annotations", "empty spans"),
)
