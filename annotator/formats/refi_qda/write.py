"""Records → a REFI-QDA project.

The texts go into the archive as they come; what points into them is collected beside it, since an
archive is written one entry at a time.
"""

import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from annotator.formats._api import Report, WriteOptions
from annotator.formats._shared.metadata import told_json, told_of
from annotator.formats._shared.offset_units import continuous, explicit, textual
from annotator.formats._shared.records import by_document, count_losses, in_layers, texts_of
from annotator.formats._shared.xml import content, count_unwritable, quoted, writable
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Span

VARIABLE = "annotator"
_SPACE = uuid.UUID("6c1d2f0e-7a53-5c1b-9a47-0d0f5f1c9e21")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0"'
    ' name="annotator" origin="annotator">\n'
)
_WHOLE = ("paragraph directions", "origins")
_MEMORY = 16 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same for all, so that the same work gives the same bytes


def guid(*parts: str) -> str:
    """Return the id of what these words name, the same each time."""
    return str(uuid.uuid5(_SPACE, "\x1f".join(parts)))


def layer_guid(layer: str) -> str:
    """Return the id of the folder of a layer's codes."""
    return guid("layer", layer)


def attribute_guid(name: str) -> str:
    """Return the id of the folder of an attribute's values."""
    return guid("attribute", name)


class QdpxWriter:
    """Writes one project."""

    def __init__(self, options: WriteOptions, report: Report) -> None:
        self._options, self._report = options, report
        self._users: dict[str, str] = {}
        self._codes: dict[str, dict[str, dict[str, None]]] = {"layer": {}, "attribute": {}}
        self._taken: set[str] = set()
        self._links: list[str] = []
        self._notes: list[str] = []

    def write(self, records: Iterable[Labelled], file: BinaryIO, project: str) -> None:
        """Write the archive."""
        kept = (in_layers(record, self._options.layers, self._report) for record in records)
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            tempfile.SpooledTemporaryFile(_MEMORY) as sources,
        ):
            for number, group in enumerate(by_document(kept), 1):
                for piece in self._source(number, group, archive):
                    sources.write(piece.encode())
            with archive.open(_entry(project), "w", force_zip64=True) as inside:
                inside.write(f"{_HEAD}{''.join(self._head())}".encode())
                sources.seek(0)
                while chunk := sources.read(1024 * 1024):
                    inside.write(chunk)
                inside.write("".join(self._tail()).encode())

    def _source(
        self,
        number: int,
        group: list[Labelled],
        archive: zipfile.ZipFile,
    ) -> Iterator[str]:
        document = group[0].document
        name = self._unique(document.id, "source", str(number))
        archive.writestr(
            _entry(str(PurePosixPath("sources", f"{name}.txt"))), document.text.encode()
        )
        yield "<Sources>\n" if number == 1 else ""
        yield (
            f'<TextSource guid="{name}" name={quoted(document.name)}'
            f' plainTextPath="internal://{name}.txt">\n'
        )
        for record in group:
            count_losses(record, _WHOLE, self._report, _("REFI-QDA has no place for it"))
            count_unwritable(texts_of(record), self._report)
            if record.annotation_set is not None:
                yield from self._selections(record.annotation_set, document, name)
        yield self._told(group)
        yield "</TextSource>\n"

    def _selections(
        self,
        annotation_set: AnnotationSet,
        document: Document,
        source: str,
    ) -> Iterator[str]:
        """Walk over the selections of an annotation set; its relations become links between them.

        The links stand apart, after all sources.
        """
        annotator = annotation_set.annotator
        user = self._user(annotator)
        names: dict[str, str] = {}
        for span in continuous(annotation_set.spans, document.text, self._report):
            name = names[span.id] = self._unique(span.id, source, annotator, span.id)
            place = f'startPosition="{span.start}" endPosition="{span.end}"'
            yield f'<PlainTextSelection guid="{name}" name={quoted(span.text)} {place}{user}>'
            yield from self._codings(span, name, user)
            yield f"{self._note(span, name)}</PlainTextSelection>\n"
        for relation, child in explicit(annotation_set.relations, self._report):
            if relation.attributes:
                self._report.lose(
                    "attributes",
                    _("a link carries a name only"),
                    len(relation.attributes),
                )
            name = self._unique(relation.id, source, annotator, "relation", relation.id)
            ends = f'originGUID="{names[relation.head]}" targetGUID="{names[child]}"'
            self._links.append(
                f'<Link guid="{name}" name={quoted(relation.label)} direction="OneWay" {ends}/>\n'
            )

    def _codings(self, span: Span, selection: str, user: str) -> Iterator[str]:
        codes = [("layer", span.layer, span.label)]
        codes += [
            ("attribute", writable(name), writable(value))
            for name, value in textual(span.attributes, self._report)
        ]
        for kind, folder, name in codes:
            self._codes[kind].setdefault(folder, {})[name] = None
            code = guid(kind, folder, name)
            yield (
                f'<Coding guid="{guid(selection, code)}"{user}><CodeRef'
                f' targetGUID="{code}"/></Coding>'
            )

    def _note(self, span: Span, selection: str) -> str:
        if not span.note:
            return ""
        name = guid(selection, "note")
        self._notes.append(
            f'<Note guid="{name}"'
            f' name=""><PlainTextContent>{content(span.note)}</PlainTextContent></Note>\n'
        )
        return f'<NoteRef targetGUID="{name}"/>'

    def _told(self, group: list[Labelled]) -> str:
        """Return, as the value of a variable, what is known beside the spans."""
        document = group[0].document
        about_sets: list[dict[str, object]] = []
        for record in group:
            annotation_set = record.annotation_set
            if annotation_set is not None:
                about_sets.append(
                    {
                        "annotator": annotation_set.annotator,
                        "status": annotation_set.status,
                        "attributes": dict(annotation_set.attributes),
                    }
                )
        told = {
            **told_of(document),
            "meta": dict(document.meta),
            "schema": group[0].schema,
            "layers": about_sets,
        }
        value = content(told_json(told))
        return (
            "<VariableValue><VariableRef"
            f' targetGUID="{guid(VARIABLE)}"/><TextValue>{value}</TextValue></VariableValue>\n'
        )

    def _user(self, annotator: str) -> str:
        if not annotator:
            return ""
        name = self._users.setdefault(annotator, guid("user", annotator))
        return f' creatingUser="{name}"'

    def _unique(self, name: str, *otherwise: str) -> str:
        """Return an id as a GUID: itself where it is one that was not used before."""
        try:
            chosen = name if str(uuid.UUID(name)) == name else guid(*otherwise)
        except ValueError:
            chosen = guid(*otherwise)
        chosen = guid(*otherwise) if chosen in self._taken else chosen
        while chosen in self._taken:
            chosen = guid(chosen)
        self._taken.add(chosen)
        return chosen

    def _head(self) -> Iterator[str]:
        """Walk over what stands before the sources: users, codes, the variable."""
        if self._users:
            yield "<Users>\n"
            for annotator, name in self._users.items():
                yield f'<User guid="{name}" name={quoted(annotator)}/>\n'
            yield "</Users>\n"
        if any(self._codes.values()):
            yield "<CodeBook><Codes>\n"
            yield from self._folders()
            yield "</Codes></CodeBook>\n"
        yield (
            f'<Variables><Variable guid="{guid(VARIABLE)}" name="{VARIABLE}"'
            ' typeOfVariable="Text"/></Variables>\n'
        )

    def _folders(self) -> Iterator[str]:
        """Walk over the codes: a folder for each layer and each attribute."""
        for kind, folders in self._codes.items():
            for folder, names in folders.items():
                name = guid(kind, folder)
                yield f'<Code guid="{name}" name={quoted(folder)} isCodable="false">\n'
                for code in names:
                    yield self._code(kind, folder, code)
                yield "</Code>\n"

    def _code(self, kind: str, folder: str, name: str) -> str:
        schema = self._options.schema
        match = schema.find_label(name, folder) if schema and kind == "layer" else None
        color = description = ""
        if match:
            label = match[1]
            color = f" color={quoted(label.color)}"
            about = content(label.guideline.in_language("en"))
            description = f"<Description>{about}</Description>" if about else ""
        return (
            f'<Code guid="{guid(kind, folder, name)}" name={quoted(name)}'
            f' isCodable="true"{color}>{description}</Code>\n'
        )

    def _tail(self) -> Iterator[str]:
        """Walk over what stands after the sources."""
        yield "</Sources>\n" if self._taken else ""
        yield from ("<Notes>\n", *self._notes, "</Notes>\n") if self._notes else ()
        yield from ("<Links>\n", *self._links, "</Links>\n") if self._links else ()
        yield "</Project>\n"


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
