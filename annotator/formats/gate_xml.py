"""GATE XML, to be read: a text with nodes in it, and annotations between nodes, in sets.

    <GateDocument><TextWithNodes><Node id="0"/>دولت<Node id="4"/> گفت</TextWithNodes>
      <AnnotationSet Name="Key"><Annotation Id="1" Type="ORG" StartNode="0"
      EndNode="4"/></AnnotationSet></GateDocument>

A node's id is its UTF-16 offset; that is checked. A set is an annotator; tokens, spaces and
sentences are counted and left out.
"""

from collections.abc import Iterator
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
    """Read the document of a file: a record an annotation set that holds more than tokens."""
    root = parsed_xml(path)
    body = next(root.named("TextWithNodes"), None)
    if root.local != "GateDocument" or body is None:
        raise InputError(path, root.line, _("this is no GATE document: it has no TextWithNodes"))
    try:
        yield from list(_records(root, body, path, options, report))
    except RecordError as error:
        report.wrong(path, body.line, str(error))


def _records(
    root: Node, body: Node, path: Path, options: ReadOptions, report: Report
) -> Iterator[Labelled]:
    raw, nodes = _text(body)
    made = checked_canonical(raw, report)
    units = Utf16Map(raw)
    for name, (place, line) in nodes.items():
        if name != str(units.to_utf16(place)):
            reason = _("the node {name} stands at UTF-16 offset {place}").format(
                name=name, place=units.to_utf16(place)
            )
            raise InputError(path, line, reason)
    meta = {
        name: value
        for features in root.named("GateDocumentFeatures")
        for name, value in _features(features).items()
    }
    language = options.language or guess_language(made.text)
    document = Document("", path.stem, made.text, language, meta=meta, source=Source(path.name))
    find_layer = layer_finder(options.schema, options.layer)
    is_bare = True
    for entry in root.named("AnnotationSet"):
        annotator = entry.attributes.get("Name", "")
        found = [
            _found(node, nodes)
            for node in entry.named("Annotation")
            if node.attributes.get("Type") not in _TECHNICAL
        ]
        count = sum(1 for _node in entry.named("Annotation"))
        if annotator == _MARKUP:
            found = []
        if count > len(found):
            report.lose(
                "technical annotations",
                _("tokens, sentences and original markup are left out"),
                count - len(found),
            )
        whole = [one for one in found if one.places[0][0] < one.places[0][1]]
        if len(found) > len(whole):
            report.lose(
                "empty spans",
                _("an annotation without a character has no place in the program"),
                len(found) - len(whole),
            )
        if whole:
            is_bare = False
            yield Labelled(
                document,
                AnnotationSet(
                    annotator,
                    spans=tuple(placed_spans(whole, raw, made, (CODEPOINT,), find_layer, report)),
                ),
            )
    if is_bare:
        yield Labelled(document)


def _text(body: Node) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the text, and each node's place in code points with its line."""
    pieces, place = [body.text], len(body.text)
    nodes: dict[str, tuple[int, int]] = {}
    for node in body.children:
        nodes[node.attributes.get("id", "")] = (place, node.line)
        pieces.append(node.tail)
        place += len(node.tail)
    return "".join(pieces), nodes


def _found(node: Node, nodes: dict[str, tuple[int, int]]) -> Found:
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
        node.attributes.get("Id", ""), node.attributes.get("Type", ""), places, "", _features(node)
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
