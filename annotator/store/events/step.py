"""A step while it is open: the one way anything is written.

Each method appends events, which are applied to the current tables at once.
"""

import sqlite3
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import (
    GOLD,
    AnnotationSet,
    Attributes,
    Changes,
    Decision,
    Document,
    Relation,
    Schema,
    Span,
    check_fragments,
    surface,
)
from annotator.model.plain import decision_plain, relation_row, schema_plain, span_row, span_rows
from annotator.store.events import copies
from annotator.store.events.apply import (
    ACTIVITY,
    ANNOTATOR,
    ANSWER,
    ATTRIBUTES,
    DECISION,
    DIRECTION,
    DOCUMENT,
    PARAGRAPHS,
    RELATION,
    SCHEMA,
    SCHEMA_OF_COPY,
    SPAN,
    SPLIT,
    STATUS,
    Projection,
)
from annotator.store.events.import_diff import ImportDiff, import_diff
from annotator.store.events.log import Event, Log
from annotator.store.tables import queries
from annotator.store.tables.table import TEXTS

NOTHING = AnnotationSet()
LASTING = ("annotators", "activity", "exchange")
_PEOPLE = uuid5(NAMESPACE_URL, "annotator:people")


class TextDiffersError(UserError):
    """A document with this id is here already, with another text."""


class Added(NamedTuple):
    """What an import of an annotation set did.

    `spans` and `relations` are new; `known` was here just so, `differing` with other content.
    """

    spans: int = 0
    relations: int = 0
    known: int = 0
    differing: int = 0


@cache
def annotator_id(name: str) -> str:
    """Return the id of the annotator of this name: the same on every machine."""
    return (
        GOLD if name == GOLD else uuid5(_PEOPLE, unicodedata.normalize("NFC", name).casefold()).hex
    )


class Mark(NamedTuple):
    """How far a step had come: what a part of it that fails goes back to."""

    title_is_due: bool
    kinds: frozenset[str]
    documents: frozenset[str]
    entities: frozenset[str]
    is_bulk: bool


class Step:
    """One named change. `undoes` is "" or "<step> <state>": the step whose state it flips."""

    def __init__(
        self,
        log: Log,
        projection: Projection,
        connection: sqlite3.Connection,
        texts: Callable[[str], str],
        actor: str,
        title: str,
    ) -> None:
        self._log, self._projection, self._connection, self._texts = (
            log,
            projection,
            connection,
            texts,
        )
        self.actor, self.title = actor, title
        self.id = uuid4().hex
        self.undoes = ""
        self._title_is_due = True
        self.kinds: set[str] = set()
        self.documents: set[str] = set()
        self.entities: set[str] = set()
        self.is_bulk = False

    def continue_as(self, step: str) -> None:
        """Go on with a step of which part may be stored already (imports come in transactions)."""
        row = self._connection.execute("SELECT state FROM step WHERE id = ?", (step,)).fetchone()
        if row is not None and row[0] != "done":
            raise UserError(
                _("“{title}” was taken back meanwhile, so it does not go on.").format(
                    title=self.title
                )
            )
        self.id = step
        self._title_is_due = row is None

    def mark(self) -> Mark:
        """Return how far the step has come."""
        return Mark(
            self._title_is_due,
            frozenset(self.kinds),
            frozenset(self.documents),
            frozenset(self.entities),
            self.is_bulk,
        )

    def go_back(self, mark: Mark) -> None:
        """Forget what came after the mark, when it was rolled back."""
        self._title_is_due, self.is_bulk = mark.title_is_due, mark.is_bulk
        self.kinds, self.documents, self.entities = (
            set(mark.kinds),
            set(mark.documents),
            set(mark.entities),
        )

    def changes(self) -> Changes:
        """Return what was changed so far."""
        entities = None if self.is_bulk else frozenset(self.entities)
        return Changes(
            self.title, frozenset(self.kinds), frozenset(self.documents), self.id, entities
        )

    def write(
        self, place: tuple[str, str, str], payload: dict[str, object], kind: str, document: str = ""
    ) -> Event:
        """Append an event at (layer, entity, kind of event) and apply it.

        Kind and document say what views must refresh.
        """
        self.check_open()
        # Annotators, once known, stay known, and time is spent: a step that does nothing else
        # cannot be taken back, so it is not listed.
        title = self.title if self._title_is_due and kind not in LASTING else ""
        if self._log.is_new and copies.is_copy(self._connection):
            self._write_start()
        event = self._log.append(self.actor, place, payload, (self.id, title, self.undoes))
        self._title_is_due = self._title_is_due and kind in LASTING
        self._projection.apply(event, payload)
        self._note_change(event, kind, document)
        return event

    def _write_start(self) -> None:
        """Begin the log of a device that works in a copy of the project."""
        place = ("", copies.START, "start")
        self._projection.apply(self._log.append(self.actor, place, {}, (self.id, "", "")))

    def _note_change(self, event: Event, kind: str, document: str) -> None:
        is_whole_set = bool(event.layer) and not event.entity
        self.kinds.add(kind)
        self.is_bulk = self.is_bulk or is_whole_set or kind in ("documents", "schema")
        if kind in ("spans", "relations", "answers", "decisions") and event.entity:
            self.entities.add(event.entity.partition("/")[2])
        if document:
            self.documents.add(document)

    def check_open(self) -> None:
        """Refuse to go on when the transaction is gone: a disk that fails ends it from below."""
        if not self._connection.in_transaction:
            raise UserError(
                _("“{title}” is not stored, because a part of it failed. Do it again.").format(
                    title=self.title
                )
            )

    # ── documents and people ──────────────────────────────────────────────────────────────────────

    def add_annotator(self, name: str) -> str:
        """Return the annotator's id, after making them known to the project if need be."""
        person = annotator_id(name)
        if (
            self._connection.execute("SELECT 1 FROM annotator WHERE id = ?", (person,)).fetchone()
            is None
        ):
            self.write(("", f"{ANNOTATOR}{person}", "put"), {"name": name}, "annotators")
        return person

    def add_document(self, document: Document, nth: int = 1) -> tuple[str, bool]:
        """Return the document's id and whether it is new.

        One without an id is the nth of those that have its text.
        """
        digest = sha256(document.text.encode()).hexdigest()
        existing = self._find_document(document, digest, nth)
        if existing:
            return existing, False
        name = document.id or self._free_id(f"{digest[:16]}-{nth}" if nth > 1 else digest[:16])
        self._connection.execute(TEXTS.add, (digest, document.text))
        self.write(
            ("", f"{DOCUMENT}{name}", "import"),
            document_payload(document, digest),
            "documents",
            name,
        )
        return name, True

    def _find_document(self, document: Document, digest: str, nth: int) -> str:
        if document.id:
            row = self._connection.execute(
                "SELECT sha256 FROM document WHERE id = ?", (document.id,)
            ).fetchone()
            if row is not None and row[0] != digest:
                message = _(
                    "the document {name} is in the project already, with another text; a corrected"
                    " text needs an id of its own"
                )
                raise TextDiffersError(message.format(name=document.id))
            return document.id if row else ""
        row = self._connection.execute(
            "SELECT id FROM document WHERE sha256 = ? ORDER BY n LIMIT 1 OFFSET ?",
            (digest, nth - 1),
        ).fetchone()
        return row[0] if row else ""

    def _free_id(self, wanted: str) -> str:
        name, number = wanted, 1
        while self._connection.execute("SELECT 1 FROM document WHERE id = ?", (name,)).fetchone():
            name, number = f"{wanted}~{number}", number + 1
        return name

    def put_direction(self, document: str, direction: str) -> None:
        """Set a document's base direction: "rtl", "ltr", or "auto" by its language."""
        self.write(
            ("", f"{DIRECTION}{document}", "put"), {"direction": direction}, "documents", document
        )

    def put_paragraph_directions(self, document: str, turned: Mapping[int, str]) -> None:
        """Set by hand the direction, "rtl" or "ltr", of paragraphs, by where each begins."""
        paragraphs = [[start, turned[start]] for start in sorted(turned)]
        self.write(
            ("", f"{PARAGRAPHS}{document}", "put"),
            {"paragraphs": paragraphs},
            "documents",
            document,
        )

    def put_schema(self, schema: Schema) -> None:
        """Set the label schema, as a new version of it; in a copy of a project, for this copy."""
        place = SCHEMA_OF_COPY if copies.is_copy(self._connection) else SCHEMA
        self.write(("", place, "schema"), schema_plain(schema), "schema")

    def put_split(self, name: str, parts: Mapping[str, str]) -> None:
        """Record a split: the part that each document (by its id) is in."""
        self.write(("", f"{SPLIT}{name}", "put"), {"parts": dict(parts)}, "splits")

    # ── one entity at a time ──────────────────────────────────────────────────────────────────────

    def put_span(self, document: str, annotator: str, span: Span) -> None:
        """Add a span, or replace the one of this id; its text must be what it covers."""
        _refuse_unsound_span(self._texts(document), span)
        self.write(
            (f"{document}/{annotator}", f"{SPAN}{span.id}", "put"),
            {"span": span_row(span)},
            "spans",
            document,
        )

    def remove_span(self, document: str, annotator: str, span: str) -> None:
        """Take a span away, and the relations that end in it.

        Nothing happens when it is not there.
        """
        for relation in queries.relations_at(self._connection, document, annotator, span):
            self.remove_relation(document, annotator, relation)
        if queries.spans_and_relations(self._connection, document, annotator, (span,))[0]:
            self.write((f"{document}/{annotator}", f"{SPAN}{span}", "del"), {}, "spans", document)

    def put_relation(self, document: str, annotator: str, relation: Relation) -> None:
        """Add a relation, or replace the one of this id; its ends must be spans of the same set."""
        ends = [relation.head] + ([relation.child] if relation.child is not None else [])
        spans, _relations = queries.spans_and_relations(self._connection, document, annotator, ends)
        _refuse_unsound_relation(relation, {span.id for span in spans})
        place = (f"{document}/{annotator}", f"{RELATION}{relation.id}", "put")
        self.write(place, {"relation": relation_row(relation)}, "relations", document)

    def remove_relation(self, document: str, annotator: str, relation: str) -> None:
        """Take a relation away; nothing happens when it is not there."""
        if queries.spans_and_relations(self._connection, document, annotator, (relation,))[1]:
            self.write(
                (f"{document}/{annotator}", f"{RELATION}{relation}", "del"),
                {},
                "relations",
                document,
            )

    def put_status(self, document: str, annotator: str, status: str) -> None:
        """Say how far the annotator has come with the document: "new", "open" or "done"."""
        self.write(
            (f"{document}/{annotator}", STATUS, "put"), {"status": status}, "status", document
        )

    def put_attributes(self, document: str, annotator: str, attributes: Attributes) -> None:
        """Set the annotator's document-level attributes, all of them."""
        self.write(
            (f"{document}/{annotator}", ATTRIBUTES, "put"),
            {"attributes": dict(attributes)},
            "attributes",
            document,
        )

    def put_answer(self, document: str, annotator: str, suggestion: str, answer: str) -> None:
        """Note what the annotator said to a suggestion: "accepted" or "dismissed".

        It is not shown to them again.
        """
        self.write(
            (f"{document}/{annotator}", f"{ANSWER}{suggestion}", "put"),
            {"answer": answer},
            "answers",
            document,
        )

    def put_decision(self, document: str, decision: Decision) -> None:
        """Settle a case of a document, or settle it in another way.

        What it puts into gold is written beside it.
        """
        place = (f"{document}/{GOLD}", f"{DECISION}{decision.case}", "decide")
        self.write(place, {"decision": decision_plain(decision)}, "decisions", document)

    def remove_decision(self, document: str, case: str) -> None:
        """Open a case again that was decided."""
        self.write((f"{document}/{GOLD}", f"{DECISION}{case}", "del"), {}, "decisions", document)

    def add_activity(self, document: str, annotator: str, active_ms: int) -> None:
        """Note that the annotator was active in a document for a while, up to now."""
        self.write(
            (f"{document}/{annotator}", ACTIVITY, "put"), {"active_ms": active_ms}, "activity"
        )

    # ── a whole set from a file ───────────────────────────────────────────────────────────────────

    def import_annotation_set(
        self, document: str, annotator: str, annotation_set: AnnotationSet, text: str
    ) -> Added:
        """Bring in what an annotator did.

        What is here already stays as it is, so doing it twice brings nothing new.
        """
        _refuse_unsound_set(document, annotation_set, text)
        here = NOTHING
        if queries.has_annotation_set(self._connection, document, annotator):
            here = queries.annotation_set(self._connection, document, annotator)
        new = _new_in(annotation_set, here)
        ids = {span.id for span in (*new.spans, *here.spans)}
        for relation in new.relations:
            _refuse_unsound_relation(relation, ids)
        if here.is_empty:
            payload, brings_something = set_payload(annotation_set), not annotation_set.is_empty
        else:
            self._add_set_facts(document, annotator, here, annotation_set.status, new.attributes)
            payload = _entities_payload(new.spans, new.relations)
            brings_something = bool(new.spans or new.relations)
        if brings_something:
            self.write((f"{document}/{annotator}", "", "import"), payload, "spans", document)
        return Added(len(new.spans), len(new.relations), new.known, new.differing)

    def _add_set_facts(
        self, document: str, annotator: str, here: AnnotationSet, status: str, missing: Attributes
    ) -> None:
        if missing:
            self.put_attributes(document, annotator, {**here.attributes, **missing})
        if here.status == "new" and status != "new":
            self.put_status(document, annotator, status)


def document_payload(document: Document, digest: str) -> dict[str, object]:
    """Return a document as the log holds it: all but its text, of which it has the SHA-256."""
    source = document.source
    payload: dict[str, object] = {
        "name": document.name,
        "sha256": digest,
        "length": len(document.text),
        "language": document.language,
        "direction": document.direction,
        "meta": dict(document.meta),
        "source": {
            "file": source.file,
            "encoding": source.encoding,
            "newline": source.newline,
            "sha256": source.sha256,
        },
    }
    if document.paragraph_directions:
        payload["paragraphs"] = document.paragraph_directions
    return payload


def set_payload(annotation_set: AnnotationSet) -> dict[str, object]:
    """Return a whole annotation set as the log holds it."""
    return {
        **_entities_payload(annotation_set.spans, annotation_set.relations),
        "status": annotation_set.status,
        "attributes": dict(annotation_set.attributes),
    }


def _entities_payload(spans: Sequence[Span], relations: Sequence[Relation]) -> dict[str, object]:
    return {"spans": span_rows(spans), "relations": list(map(relation_row, relations))}


def _new_in(incoming: AnnotationSet, here: AnnotationSet) -> ImportDiff:
    """Return what is new in an annotation set; all of it where nothing is here."""
    if here.is_empty:
        return ImportDiff(incoming.spans, incoming.relations, incoming.attributes)
    return import_diff(here, incoming)


def _refuse_unsound_set(document: str, annotation_set: AnnotationSet, text: str) -> None:
    length = len(text)
    for span in annotation_set.spans:
        fragments = span.fragments
        if len(fragments) == 1:  # nearly all, and imports bring a hundred thousand of them
            start, end = fragments[0]
            if 0 <= start < end <= length and text[start:end] == span.text:
                continue
        _refuse_unsound_span(text, span)
    for entities in (annotation_set.spans, annotation_set.relations):
        if len({entity.id for entity in entities}) < len(entities):
            raise UserError(
                _("Two spans or two relations of document {name} have the same id.").format(
                    name=document
                )
            )


def _refuse_unsound_span(text: str, span: Span) -> None:
    fault = check_fragments(len(text), span.fragments)
    if fault:
        raise UserError(_("A span cannot be stored: {reason}.").format(reason=fault))
    if surface(text, span.fragments) != span.text:
        raise UserError(
            _("The span {text} is not what the document says there.").format(text=span.text)
        )


def _refuse_unsound_relation(relation: Relation, spans: set[str]) -> None:
    if relation.head not in spans or (relation.child is not None and relation.child not in spans):
        raise UserError(
            _("The relation {label} ends in a span that is not there.").format(label=relation.label)
        )
    if (relation.child is None) == (relation.implicit is None):
        raise UserError(
            _("The relation {label} needs either a second span or an implicit argument.").format(
                label=relation.label
            )
        )
