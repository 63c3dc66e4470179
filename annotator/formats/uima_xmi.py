"""UIMA CAS as XMI: one file a document, UTF-16 offsets, and the type system beside it.

INCEpTION and DKPro read it.

    <xmi:XMI …><custom:Span xmi:id="2" sofa="1" begin="0" end="4" layer="entities" value="ORG"/>
      <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="دولت
      گفت"/>…</xmi:XMI>

Read: any types, see `_shared/cas.py`. A file with several views gives the first that has a text;
the others are counted.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.cas import (
    INFORMATION,
    INFORMATION_FEATURES,
    LOSES,
    METADATA,
    METADATA_FEATURES,
    OWN,
    RELATION,
    SPAN,
    WHOLE,
    Cas,
    Structure,
    Written,
    file_name,
    first_text,
    information_of,
    integer,
    records_of,
    structures_of,
)
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.records import leave_out, texts_of
from annotator.formats._shared.xml import Node, count_unwritable, is_writable, parsed_xml, quoted
from annotator.i18n import _
from annotator.model import Labelled
from annotator.text.offsets import Utf16Map

_TYPES = "TypeSystem.xml"
_REFERENCES = ("Governor", "Dependent", "next", "first", "target", "pos")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"'
    ' xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore"'
    ' xmlns:metadata="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"'
    ' xmi:version="2.0">\n  <cas:NULL xmi:id="0"/>\n'
)


def sniff(head: bytes, path: Path) -> float:
    """Recognise the XMI element, and a type system, which reading then names."""
    if b"<xmi:XMI" in head or (b"http://www.omg.org/XMI" in head and b"uima/cas.ecore" in head):
        return 1.0
    return 0.5 if path.suffix.lower() == ".xml" and b"<typeSystemDescription" in head else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the `.xmi` files below a folder."""
    return sorted(path for path in folder.rglob("*.xmi") if not path.name.startswith("."))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of each file."""

    def cas_of(source: Path) -> Cas:
        root = parsed_xml(source)
        if root.local != "XMI":
            reason = _("this is no XMI")
            if root.local == "typeSystemDescription":
                reason = _("this is a type system; choose the .xmi file")
            raise InputError(source, root.line, reason)
        return _cas(root, report)

    yield from records_of(sources(path) if path.is_dir() else [path], cas_of, options, report)


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a file for each record, and the type system that they share."""
    files: list[Path] = []
    features: dict[str, dict[str, None]] = {SPAN: dict.fromkeys(OWN), RELATION: {"value": None}}
    for number, record in enumerate(records, 1):
        if not is_writable(record.document.text):
            leave_out(
                record,
                report,
                _("a text with a control character that XML cannot hold was left out"),
            )
            continue
        written = structures_of(record, options, report, _("the file has no place for it"))
        count_unwritable(texts_of(written.record), report)
        for entry in (*written.spans, *written.relations):
            features[entry.type].update(dict.fromkeys(entry.features))
        files.append(path / file_name(number, record, ".xmi"))
        with replacing(files[-1], durable=False) as file:
            file.write(_xmi(written).encode())
    types = path / _TYPES
    with replacing(types, durable=False) as file:
        file.write(_type_system(features).encode())
    return [*files, types]


def _cas(root: Node, report: Report) -> Cas:
    sofas = [node for node in root.named("Sofa") if "sofaString" in node.attributes]
    sofa = first_text(sofas, report)
    chosen = _id(sofa)
    linking: set[str] = set()
    structures: list[Structure] = []
    for node in root.children:
        if "target" in node.attributes and "begin" not in node.attributes:
            linking.add(_id(node))
    for node in root.children:
        if node.local in ("NULL", "Sofa", "View"):
            continue
        if node.attributes.get("sofa", chosen) == chosen:
            structures.append(_structure(node, linking))
    return Cas(sofa.attributes["sofaString"], structures)


def _id(node: Node) -> str:
    return node.attributes.get("http://www.omg.org/XMI}id", "")


def _structure(node: Node, linking: set[str]) -> Structure:
    structure = Structure(_id(node), _type_of(node))
    for name, value in node.attributes.items():
        if name == "begin":
            structure.begin = integer(value, name)
        elif name == "end":
            structure.end = integer(value, name)
        elif name in _REFERENCES or (node.local == "FSArray" and name == "elements"):
            structure.refs[name] = value.split() or [""]
        elif value and linking and all(part in linking for part in value.split(" ")):
            structure.refs[name] = value.split()
        elif "}" not in name and name != "sofa":
            structure.features[name] = value
    _add_lists(node, structure)
    if (structure.begin is None) != (structure.end is None):
        raise RecordError(_("an annotation has a begin or an end alone"))
    return structure


def _type_of(node: Node) -> str:
    """Return the name of a type: its namespace is made of its package."""
    uri = node.name.rpartition("}")[0]
    package = uri.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    return f"{package}.{node.local}" if package else node.local


def _add_lists(node: Node, structure: Structure) -> None:
    """Add the features that are lists: they stand as elements of one name."""
    for child in node.children:
        earlier = structure.features.get(child.local, ())
        values = earlier if isinstance(earlier, tuple) else (str(earlier),)
        structure.features[child.local] = (*values, child.text)


def _xmi(written: Written) -> str:
    document = written.record.document
    units = Utf16Map(document.text)
    sofa = len(written.spans) + len(written.relations) + 1
    lines = [_element("custom:Span", entry, sofa, units) for entry in written.spans]
    lines += [_element("custom:Relation", entry, sofa, units) for entry in written.relations]
    language, name = document.language or "x-unspecified", document.name
    whole = f'sofa="{sofa}" begin="0" end="{units.to_utf16(len(document.text))}"'
    lines += [
        (
            f'  <metadata:DocumentMetaData xmi:id="{sofa + 1}" {whole} language={quoted(language)}'
            f" documentTitle={quoted(name)}/>\n"
        ),
        (
            f'  <custom:DocumentInformation xmi:id="{sofa + 2}"'
            f" {whole}{_pairs(information_of(written.record))}/>\n"
        ),
        (
            f'  <cas:Sofa xmi:id="{sofa}" sofaNum="1" sofaID="_InitialView" mimeType="text"'
            f" sofaString={quoted(document.text)}/>\n"
        ),
    ]
    members = " ".join(str(number) for number in range(1, sofa + 3) if number != sofa)
    return f'{_HEAD}{"".join(lines)}  <cas:View sofa="{sofa}" members="{members}"/>\n</xmi:XMI>\n'


def _element(name: str, entry: Structure, sofa: int, units: Utf16Map) -> str:
    begin, end = units.to_utf16(entry.begin or 0), units.to_utf16(entry.end or 0)
    refs = "".join(f' {key}="{value[0]}"' for key, value in entry.refs.items())
    pairs = _pairs({key: str(value) for key, value in entry.features.items()})
    return (
        f'  <{name} xmi:id="{entry.id}" sofa="{sofa}" begin="{begin}" end="{end}"{refs}{pairs}/>\n'
    )


def _pairs(features: dict[str, str]) -> str:
    return "".join(f" {key}={quoted(value)}" for key, value in features.items())


def _type_system(features: dict[str, dict[str, None]]) -> str:
    names = {SPAN: list(features[SPAN]), RELATION: list(features[RELATION])}
    names[INFORMATION] = list(INFORMATION_FEATURES)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>',
    ]
    for name, own in names.items():
        described = [(feature, "uima.cas.String") for feature in own]
        described += [("Governor", SPAN), ("Dependent", SPAN)] if name == RELATION else []
        lines += _type(name, "uima.tcas.Annotation", described)
    lines += _type(
        METADATA,
        "uima.tcas.DocumentAnnotation",
        [(feature, "uima.cas.String") for feature in METADATA_FEATURES],
    )
    return "\n".join([*lines, "</types></typeSystemDescription>", ""])


def _type(name: str, parent: str, features: list[tuple[str, str]]) -> list[str]:
    described = [
        f"<featureDescription><name>{feature}</name><description/><rangeTypeName>{kind}</rangeTypeName></featureDescription>"
        for feature, kind in features
    ]
    head = (
        f"<typeDescription><name>{name}</name><description/>"
        f"<supertypeName>{parent}</supertypeName><features>"
    )
    return [head, *described, "</features></typeDescription>"]


FORMAT = Format(
    id="uima-xmi",
    name="UIMA CAS XMI",
    extensions=(".xmi",),
    sniff=sniff,
    read=read,
    write=write,
    loses=(*WHOLE, *LOSES, "characters", "spans"),
    folder=True,
    sources=sources,
)
