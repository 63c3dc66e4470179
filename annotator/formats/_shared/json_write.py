"""One record → the plain value that a line of the format of record holds."""

import hashlib

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import AnnotationSet, Labelled, Relation, Span, surface


def plain_record(record: Labelled) -> dict[str, object]:
    """Return a record as the format of record has it.

    A span that does not cover its text is a UserError.
    """
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    text = document.text
    directions = document.paragraph_directions
    rare = {"paragraph_directions": directions} if directions else {}
    return {
        "id": document.id,
        "name": document.name,
        "text": text,
        "language": document.language,
        "direction": document.direction,
        **rare,
        "annotator": annotation_set.annotator,
        "status": annotation_set.status,
        "spans": [_span_plain(span, text, document.name) for span in annotation_set.spans],
        "relations": [_relation_plain(relation) for relation in annotation_set.relations],
        "attributes": dict(annotation_set.attributes),
        "meta": dict(document.meta),
        "schema": record.schema,
        "offset_unit": "codepoint",
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _span_plain(span: Span, text: str, document: str) -> dict[str, object]:
    name, layer, label, fragments, covered, attributes, note, origin = span
    start, end = fragments[0][0], fragments[-1][1]
    if covered != (text[start:end] if len(fragments) == 1 else surface(text, fragments)):
        message = _(
            "The span {start}–{end} of {document} does not cover the text that it was made on; run"
            " the check of the project."
        )
        raise UserError(message.format(start=start, end=end, document=document))
    return {
        "id": name,
        "layer": layer,
        "label": label,
        "start": start,
        "end": end,
        "text": covered,
        "fragments": fragments,
        "attributes": attributes,
        "note": note,
        "origin": origin,
    }


def _relation_plain(relation: Relation) -> dict[str, object]:
    return {
        "id": relation.id,
        "label": relation.label,
        "head": relation.head,
        "child": relation.child,
        "implicit": relation.implicit,
        "attributes": dict(relation.attributes),
    }
