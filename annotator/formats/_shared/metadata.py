"""What our own files say of a document and an annotation set beside text and spans.

It is a plain value, in formats that have a place for one.
"""

from collections.abc import Iterable, Mapping

import orjson

from annotator.formats._api import ReadOptions
from annotator.formats._shared.json_files import Plain, text_at
from annotator.formats._shared.json_record import RecordError, attributes_of
from annotator.i18n import _
from annotator.model import (
    DIRECTIONS,
    IMPLICIT,
    STATUSES,
    AnnotationSet,
    Document,
    Relation,
    Source,
    Span,
)
from annotator.text.direction import guess_language


def told_of(document: Document) -> dict[str, object]:
    """Return what a file should say of a document."""
    return {
        "id": document.id,
        "name": document.name,
        "language": document.language,
        "direction": document.direction,
    }


def told_json(told: Mapping[str, object]) -> str:
    """Return what is told as JSON that XML can hold."""
    return orjson.dumps(told).decode().replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def document_of(
    told: Plain,
    text: str,
    source: Source,
    options: ReadOptions,
    name: str,
    meta: Mapping[str, object],
    language: str = "",
) -> Document:
    """Return the document that a file tells of.

    Where it tells nothing, the document has the given name, and the given or a guessed language.
    """
    direction = text_at(told, "direction", "auto")
    return Document(
        text_at(told, "id"),
        text_at(told, "name") if told else name,
        text,
        text_at(told, "language") if told else options.language or language or guess_language(text),
        direction if direction in DIRECTIONS else "auto",
        dict(meta),
        source,
    )


def language_of(plain: Plain, text: str, options: ReadOptions) -> str:
    """Return the language that a record states, else the one that was chosen or is guessed."""
    return (
        text_at(plain, "language")
        if "language" in plain
        else options.language or guess_language(text)
    )


def annotation_set_of(
    told: Plain, annotator: str, spans: Iterable[Span], relations: Iterable[Relation]
) -> AnnotationSet:
    """Return the annotation set that a file tells of, with its spans and relations."""
    status = text_at(told, "status", "new")
    status = status if status in STATUSES else "new"
    return AnnotationSet(
        annotator, status, tuple(spans), tuple(relations), attributes_of(told.get("attributes"))
    )


def implicit_of(value: object) -> str | None:
    """Return the implicit argument that a relation names, or None; others are a RecordError."""
    if value is None:
        return None
    if value not in IMPLICIT:
        raise RecordError(
            _("an implicit argument is one of {known}").format(known=", ".join(IMPLICIT))
        )
    return str(value)
