"""TEI P5: a text with the names that are marked in it, or that stand off.

We write the text untouched and the spans standing off.

    <teiCorpus …><teiHeader>…</teiHeader><TEI><teiHeader>…</teiHeader>
      <text><body><ab xml:id="t1" xml:space="preserve">دولت گفت</ab></body></text>
      <standOff><spanGrp><span xml:id="t1.s1" n="s1" type="ORG" subtype="entities"
      target="#string-range(t1,0,4)" …>دولت</span>
      </spanGrp></standOff></TEI></teiCorpus>

Offsets are code points of the element that the pointer names. A relation is a `<relation>` between
two spans, attributes are a feature structure, and what TEI has no place for (the annotator, the
status, metadata) stands as JSON in the header's `<xenoData>`. Read: any TEI without a DOCTYPE; its
structure becomes lines (see `text.py`), names of persons, places and the like become spans.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import told_json, told_of
from annotator.formats._shared.records import count_losses, in_layers, leave_out, texts_of
from annotator.formats._shared.xml import (
    Node,
    content,
    count_unwritable,
    is_writable,
    parsed_xml,
    quoted,
)
from annotator.formats.tei.read import IMPLICIT_URN, ORIGIN_URN, TeiReader
from annotator.i18n import _
from annotator.model import AnnotationSet, Labelled, Relation, Span, Value

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_WHOLE = ("paragraph directions",)
_LOSES = (*_WHOLE, "documents", "characters", "other readings", "spans", "relations")
_OUTER = re.compile(rb"<(\w+:)?(TEI|teiCorpus)[\s>]")
_TITLE = (
    "<teiHeader><fileDesc><titleStmt><title>{title}</title></titleStmt><publicationStmt><p/></publicationStmt>"
    "<sourceDesc><p/></sourceDesc></fileDesc>{more}</teiHeader>"
)


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the outer element in TEI's namespace."""
    return 0.95 if _OUTER.search(head[:8192]) and _NAMESPACE.encode() in head[:8192] else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a file; one that is wrong is a problem with its line."""
    root = parsed_xml(path)
    if root.local not in ("TEI", "teiCorpus"):
        raise InputError(path, root.line, _("this is no TEI"))
    for number, node in enumerate(_documents(root), 1):
        try:
            yield TeiReader(path, options, report).record(node, number)
        except RecordError as error:
            report.wrong(path, node.line, str(error))


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a `<TEI>` for each record, in one corpus."""
    with replacing(path) as file:
        header = _TITLE.format(title=content(path.stem), more="")
        head = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="{_NAMESPACE}">\n{header}\n'
        )
        file.write(head.encode())
        for number, record in enumerate(records, 1):
            if not is_writable(record.document.text):
                leave_out(
                    record,
                    report,
                    _("a text with a control character that XML cannot hold was left out"),
                )
                continue
            kept = in_layers(record, options.layers, report)
            count_losses(kept, _WHOLE, report, _("TEI has no place for it"))
            count_unwritable(texts_of(kept), report)
            file.write("".join(_document(kept, f"t{number}")).encode())
        file.write(b"</teiCorpus>\n")
    return [path]


def _documents(root: Node) -> Iterator[Node]:
    if root.local == "TEI":
        yield root
    for node in root.children:
        if node.local in ("TEI", "teiCorpus"):
            yield from _documents(node)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────


def _document(record: Labelled, name: str) -> Iterator[str]:
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    told = {
        **told_of(document),
        "annotator": annotation_set.annotator,
        "status": annotation_set.status,
        "schema": record.schema,
        "attributes": dict(annotation_set.attributes),
        "meta": dict(document.meta),
    }
    more = f'<xenoData type="annotator">{content(told_json(told))}</xenoData>'
    language = f" xml:lang={quoted(document.language)}" if document.language else ""
    yield f"<TEI>{_TITLE.format(title=content(document.name), more=more)}\n"
    yield (
        f'<text{language}><body><ab xml:id="{name}"'
        f' xml:space="preserve">{content(document.text)}</ab></body></text>\n<standOff>\n'
    )
    numbers = {span.id: f"{name}.s{number}" for number, span in enumerate(annotation_set.spans, 1)}
    if annotation_set.spans:
        yield "<spanGrp>\n"
        for span in annotation_set.spans:
            yield _span(span, numbers[span.id], name)
        yield "</spanGrp>\n"
    if annotation_set.relations:
        yield "<listRelation>\n"
        for number, relation in enumerate(annotation_set.relations, 1):
            yield _relation(relation, f"{name}.r{number}", numbers)
        yield "</listRelation>\n"
    yield from _standing_by(annotation_set, name, numbers)
    yield "</standOff></TEI>\n"


def _span(span: Span, name: str, text: str) -> str:
    ranges = ",".join(f"{start},{end - start}" for start, end in span.fragments)
    resp = quoted(ORIGIN_URN + quote(span.origin, safe=":"))
    ana = f' ana="#{name}.f"' if span.attributes else ""
    about = (
        f'xml:id="{name}" n={quoted(span.id)} type={quoted(span.label)}'
        f" subtype={quoted(span.layer)}"
    )
    return (
        f'<span {about} target="#string-range({text},{ranges})"{ana}'
        f" resp={resp}>{content(span.text)}</span>\n"
    )


def _relation(relation: Relation, name: str, numbers: Mapping[str, str]) -> str:
    passive = f"{IMPLICIT_URN}{relation.implicit}"
    if relation.child is not None:
        passive = f"#{numbers[relation.child]}"
    about = f'xml:id="{name}" n={quoted(relation.id)} name={quoted(relation.label)}'
    ana = f' ana="#{name}.f"' if relation.attributes else ""
    return f'<relation {about} active="#{numbers[relation.head]}" passive="{passive}"{ana}/>\n'


def _standing_by(
    annotation_set: AnnotationSet,
    name: str,
    numbers: Mapping[str, str],
) -> Iterator[str]:
    """Walk over the notes and feature structures that spans and relations name."""
    for span in annotation_set.spans:
        if span.note:
            yield (
                f'<note target="#{numbers[span.id]}"'
                f' xml:space="preserve">{content(span.note)}</note>\n'
            )
        if span.attributes:
            yield _features(f"{numbers[span.id]}.f", span.attributes)
    for number, relation in enumerate(annotation_set.relations, 1):
        if relation.attributes:
            yield _features(f"{name}.r{number}.f", relation.attributes)


def _features(name: str, attributes: Mapping[str, Value]) -> str:
    pairs = "".join(
        f"<f name={quoted(key)}>{_value(value)}</f>" for key, value in attributes.items()
    )
    return f'<fs xml:id="{name}">{pairs}</fs>\n'


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return f'<binary value="{str(value).lower()}"/>'
    if isinstance(value, int | float):
        return f'<numeric value="{value!r}"/>'
    if isinstance(value, str):
        return f"<string>{content(value)}</string>"
    entries = "".join(f"<string>{content(entry)}</string>" for entry in value)
    return f'<vColl org="list">{entries}</vColl>'


FORMAT = Format(
    id="tei",
    name="TEI P5",
    extensions=(".tei", ".tei.xml", ".xml"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
)
