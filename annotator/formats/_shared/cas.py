"""UIMA feature structures ↔ spans and relations: what XMI, JSON CAS and WebAnno TSV have in common.

A *structure* is typed and has features; an annotation has a begin and an end, a relation a governor
(our head) and a dependent (our child); a *slot* is a feature that leads to another annotation,
mostly by a link structure with a role. An annotation's label is its `value`, or another of the
features named alike, or its type; its layer is its type's last name. What we write has one type for
spans, whose feature `layer` names the layer, and one for relations.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from annotator.formats._api import ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    Stated,
    checked_canonical,
    continuous,
    explicit,
    linked,
    placed_spans,
    textual,
)
from annotator.formats._shared.output import numbered, slug
from annotator.formats._shared.records import count_losses, in_layers, layer_finder
from annotator.i18n import _
from annotator.model import (
    DIRECTIONS,
    STATUSES,
    AnnotationSet,
    Document,
    Labelled,
    Relation,
    Source,
    Span,
    Value,
)
from annotator.text.direction import guess_language

Item = TypeVar("Item")
SPAN, RELATION, INFORMATION = (
    "webanno.custom.Span",
    "webanno.custom.Relation",
    "webanno.custom.DocumentInformation",
)
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
# A type of UIMA's, no password.
TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"  # noqa: S105
INFORMATION_FEATURES = (
    "document",
    "name",
    "language",
    "direction",
    "annotator",
    "status",
    "schema",
)
METADATA_FEATURES = (
    "documentTitle",
    "documentId",
    "documentUri",
    "collectionId",
    "documentBaseUri",
)
WHOLE = ("document attributes", "metadata", "paragraph directions")
LOSES = (
    *(
        "discontinuous",
        "implicit arguments",
        "value types",
        "attribute names",
        "attributes",
        "documents",
    ),
    *("empty spans", "relations", "features", "views"),
)
OWN = ("layer", "value", "note", "origin")
_STRUCTURAL = re.compile(
    r"(uima\.cas\..*|uima\.tcas\.DocumentAnnotation|.*\.metadata\.type\..*|.*\.segmentation\.type\.(Token|Sentence)"
    r"|.*\.xml\.type\..*|.*\.DocumentInformation|(.*\.)?(Token|Sentence))"
)
_LABELS = ("value", "label", "PosValue", "DependencyType", "referenceType")
_RESERVED = frozenset(
    {
        *OWN,
        "sofa",
        "begin",
        "end",
        "id",
        "Governor",
        "Dependent",
        "label",
        "role",
        "target",
        "next",
        "first",
    }
)
_PLAIN_NAME = re.compile("[^A-Za-z0-9_\u0400-\u0481\u048a-\u052f\u0620-\u064a\u066e-\u06d3]")


@dataclass(slots=True)
class Structure:
    """A feature structure; offsets are in the file's unit, None where it is no annotation.

    `refs` lead to other structures' ids.
    """

    id: str
    type: str
    begin: int | None = None
    end: int | None = None
    features: dict[str, Value] = field(default_factory=dict)
    refs: dict[str, list[str]] = field(default_factory=dict)

    @property
    def local(self) -> str:
        """Last name of the type."""
        return self.type.rpartition(".")[2]

    @property
    def is_structural(self) -> bool:
        """Return whether it tells of the text or the file and is nobody's annotation."""
        return _tells_of_text(self.type)


@lru_cache(maxsize=256)
def _tells_of_text(kind: str) -> bool:
    return bool(_STRUCTURAL.fullmatch(kind))


@dataclass(frozen=True, slots=True)
class Cas:
    """The text of a file and its structures.

    `stated` are tokens with their texts, which tell the unit of the offsets.
    """

    raw: str
    structures: Sequence[Structure]
    stated: Sequence[Stated] = ()


def records_of(
    paths: Iterable[Path], cas_of: Callable[[Path], Cas], options: ReadOptions, report: Report
) -> Iterator[Labelled]:
    """Walk over the records of files, one a file; one that is wrong is a problem."""
    for path in paths:
        try:
            record = record_of(cas_of(path), path, options, report)
        except RecordError as error:
            report.wrong(path, 0, str(error))
            continue
        yield record


def first_text(texts: Sequence[Item], report: Report) -> Item:
    """Return the first of a file's views that have a text, or raise a RecordError.

    The other views are counted.
    """
    if not texts:
        raise RecordError(_("the file holds no text (sofaString)"))
    if len(texts) > 1:
        report.lose("views", _("only the first view of a file is read"), len(texts) - 1)
    return texts[0]


def record_of(cas: Cas, path: Path, options: ReadOptions, report: Report) -> Labelled:
    """Return the record that structures make, or raise a RecordError."""
    made = checked_canonical(cas.raw, report)
    units = (UTF16, CODEPOINT) if cas.stated else (UTF16,)
    found, links = _Converter(cas.structures, options, report).converted()
    find_layer = layer_finder(options.schema, options.layer)
    spans = placed_spans(found, cas.raw, made, units, find_layer, report, witnesses=cas.stated)
    about = {
        structure.local: structure.features
        for structure in cas.structures
        if structure.is_structural
    }
    information = about.get("DocumentInformation", {})
    told = {key: str(information.get(key, "")) for key in INFORMATION_FEATURES}
    annotation_set = AnnotationSet(
        told["annotator"],
        told["status"] if told["status"] in STATUSES else "new",
        tuple(spans),
        tuple(linked(links, found, spans)),
    )
    document = _document(told, about, made.text, path, options)
    return Labelled(document, annotation_set, told["schema"])


def _document(
    told: Mapping[str, str],
    about: Mapping[str, Mapping[str, Value]],
    text: str,
    path: Path,
    options: ReadOptions,
) -> Document:
    """Return the document, of which a file of ours tells; of others, their metadata."""
    if about.get("DocumentInformation"):
        name, language = told["name"], told["language"]
    else:
        name, language = _name_and_language(about, text, path, options)
    direction = told["direction"] if told["direction"] in DIRECTIONS else "auto"
    return Document(told["document"], name, text, language, direction, source=Source(path.name))


def _name_and_language(
    about: Mapping[str, Mapping[str, Value]], text: str, path: Path, options: ReadOptions
) -> tuple[str, str]:
    """Return what a file that is not ours says of its document, by its types' last names."""
    metadata = {**about.get("DocumentAnnotation", {}), **about.get("DocumentMetaData", {})}
    name = str(metadata.get("documentTitle") or metadata.get("documentId") or path.stem)
    language = str(metadata.get("language", "")).replace("x-unspecified", "")
    return name, language or options.language or guess_language(text)


class _Converter:
    """Makes found spans and links of structures."""

    def __init__(
        self, structures: Sequence[Structure], options: ReadOptions, report: Report
    ) -> None:
        self._all = structures
        self._by_id = {structure.id: structure for structure in structures}
        self._options, self._report = options, report
        self._found: dict[str, Found] = {}
        self._links: list[Link] = []

    def converted(self) -> tuple[list[Found], list[Link]]:
        """Return the spans and the links."""
        relations = [
            entry for entry in self._all if "Governor" in entry.refs and "Dependent" in entry.refs
        ]
        related = {entry.id for entry in relations}
        for entry in self._all:
            if entry.begin is not None and entry.id not in related and not entry.is_structural:
                self._add(entry)
        for entry in relations:
            label, attributes = self._labelled(entry)
            self._link(label, entry.refs["Governor"][0], entry.refs["Dependent"][0], attributes)
        for entry in self._all:
            if entry.id in self._found and entry.refs:
                self._read_slots(entry)
        return list(self._found.values()), self._links

    def _add(self, entry: Structure) -> None:
        if entry.begin == entry.end:
            self._report.lose(
                "empty spans", _("an annotation without a character has no place in the program")
            )
            return
        label, attributes = self._labelled(entry)
        layer, note, origin = self._layer(entry, label), "", "human"
        if entry.type == SPAN and "layer" in entry.features:
            rest = dict(attributes)
            layer, note, origin = (str(rest.pop(key, "")) for key in ("layer", "note", "origin"))
            attributes = rest
        self._found[entry.id] = Found(
            entry.id,
            label,
            ((entry.begin or 0, entry.end or 0),),
            "",
            attributes,
            note,
            origin,
            layer,
        )

    def _layer(self, entry: Structure, label: str) -> str:
        """Return an annotation's layer; "" where the schema tells it by the label."""
        schema = self._options.schema
        return "" if schema and schema.find_label(label) else self._options.layer or entry.local

    def _labelled(self, entry: Structure) -> tuple[str, Mapping[str, Value]]:
        """Return a structure's label and what else it says."""
        key = next((name for name in _LABELS if entry.features.get(name)), "")
        label = str(entry.features[key]) if key else entry.local
        return label, {name: value for name, value in entry.features.items() if name != key}

    def _link(self, label: str, head: str, child: str, attributes: Mapping[str, Value]) -> None:
        ends = [self._end(head), self._end(child)]
        if "" in ends:
            self._report.lose(
                "relations", _("a relation to what is no annotation of a text is left out")
            )
        else:
            self._links.append(Link(label, ends[0], ends[1], attributes=attributes))

    def _end(self, name: str) -> str:
        """Return the span that a reference means, "" for none.

        A reference to a token means its part of speech, or else a span made for the token.
        """
        entry = self._by_id.get(name)
        if name in self._found or entry is None or entry.begin is None:
            return name if name in self._found else ""
        part = entry.refs.get("pos", [""])[0]
        if part in self._found:
            return part
        self._found[name] = Found(
            name,
            entry.local,
            ((entry.begin, entry.end or 0),),
            layer=self._layer(entry, entry.local),
        )
        return name

    def _read_slots(self, entry: Structure) -> None:
        for feature, targets in entry.refs.items():
            for target in self._expanded(targets):
                linking = self._by_id.get(target)
                if linking is None:
                    self._report.lose("features", _("a feature that leads nowhere is left out"))
                elif linking.begin is None and "target" in linking.refs:
                    attributes = {
                        name: value for name, value in linking.features.items() if name != "role"
                    }
                    self._link(
                        str(linking.features.get("role") or feature),
                        entry.id,
                        linking.refs["target"][0],
                        attributes,
                    )
                elif linking.begin is None:
                    self._report.lose(
                        "features", _("a feature that holds a structure of its own is left out")
                    )
                else:
                    label = (
                        str(entry.features.get("referenceRelation") or feature)
                        if feature == "next"
                        else feature
                    )
                    self._link(label, entry.id, target, {})

    def _expanded(self, targets: Iterable[str]) -> list[str]:
        """Return the targets, an array's elements instead of the array."""
        expanded: list[str] = []
        for target in targets:
            entry = self._by_id.get(target)
            expanded += entry.refs["elements"] if entry and "elements" in entry.refs else [target]
        return expanded


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Written:
    """A record as structures, offsets in code points."""

    record: Labelled
    spans: tuple[Structure, ...]
    relations: tuple[Structure, ...]


def structures_of(
    record: Labelled, options: WriteOptions, report: Report, why: str, whole: Sequence[str] = WHOLE
) -> Written:
    """Return a record's spans and relations as structures, numbered from 1.

    What has no place is counted.
    """
    kept = in_layers(record, options.layers, report)
    count_losses(kept, whole, report, why)
    annotation_set = kept.annotation_set or AnnotationSet()
    by_id: dict[str, Structure] = {}
    for span in continuous(annotation_set.spans, kept.document.text, report):
        features = _span_features(span, report)
        number = str(len(by_id) + 1)
        by_id[span.id] = Structure(number, SPAN, span.start, span.end, features)
    relations: list[Structure] = []
    for relation, child in explicit(annotation_set.relations, report):
        number = str(len(by_id) + len(relations) + 1)
        ends = by_id[relation.head], by_id[child]
        relations.append(_relation_structure(number, relation, ends, report))
    return Written(kept, tuple(by_id.values()), tuple(relations))


def _relation_structure(
    number: str, relation: Relation, ends: tuple[Structure, Structure], report: Report
) -> Structure:
    """Return a relation as a structure, which stands where its child does."""
    head, child = ends
    features: dict[str, Value] = {"value": relation.label}
    features |= _features(textual(relation.attributes, report), report)
    refs = {"Governor": [head.id], "Dependent": [child.id]}
    return Structure(number, RELATION, child.begin, child.end, features, refs)


def _span_features(span: Span, report: Report) -> dict[str, Value]:
    """Return the features of a span's structure: its own, then its attributes."""
    features: dict[str, Value] = {"layer": span.layer, "value": span.label}
    if span.note:
        features["note"] = span.note
    if span.origin != "human" and span.origin:
        features["origin"] = span.origin
    return features | _features(textual(span.attributes, report), report)


def _features(attributes: Iterable[tuple[str, str]], report: Report) -> dict[str, Value]:
    features: dict[str, Value] = {}
    for name, value in attributes:
        plain = _PLAIN_NAME.sub("_", name)
        plain = f"{plain}_" if plain in _RESERVED else plain if plain[:1].isalpha() else f"a{plain}"
        if plain != name:
            report.lose(
                "attribute names",
                _("a feature's name is made of letters, digits and _, and some names are taken"),
            )
        if plain in features:
            report.lose("attributes", _("two attributes have the same name as a feature"))
        features[plain] = value
    return features


def information_of(record: Labelled) -> dict[str, str]:
    """Return what a file says of its document and annotation set, for a structure of its own."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    told = {
        "document": document.id,
        "name": document.name,
        "language": document.language,
        "direction": document.direction,
        "annotator": annotation_set.annotator,
        "status": annotation_set.status,
        "schema": record.schema,
    }
    return {key: value for key, value in told.items() if value}


def file_name(number: int, record: Labelled, suffix: str) -> str:
    """Return the name of the n-th file: the document's and the annotator's."""
    mark = slug(record.annotation_set.annotator) if record.annotation_set else ""
    return numbered(number, record.document.name) + (f".{mark}" if mark else "") + suffix


def integer(text: str, what: str) -> int:
    """Return a whole number, or raise a RecordError."""
    try:
        return int(text)
    except ValueError:
        raise RecordError(
            _("{what} should be a whole number, not {text}").format(what=what, text=text[:40])
        ) from None
