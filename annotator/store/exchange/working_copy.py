"""A copy of a project: begun from an assignment, worked in, returned, confirmed by the lead.

Its log begins with what was lent to it (see events/copies.py), checked as events are that arrive
from elsewhere.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import Schema
from annotator.model.plain import PlainError, schema_of, schema_plain
from annotator.store.events import copies
from annotator.store.events.apply import DOCUMENT, SCHEMA_OF_COPY
from annotator.store.events.copies import LEND, START
from annotator.store.events.log import Event, canonical, last_event, read_events
from annotator.store.events.step import Step, annotator_id
from annotator.store.events.writer import Writer
from annotator.store.exchange.bundle import (
    DOCUMENTS,
    EVENTS,
    LAYERS,
    SCHEMA,
    TEXTS,
    Bundle,
    Manifest,
    Range,
    json_lines,
    now_ms,
    schema_version,
)
from annotator.store.exchange.validation import ArrivalError, Validator
from annotator.store.reader import Reader
from annotator.store.tables import local_settings, queries, table

Members = dict[str, bytes]
DELIVERED, RETURNED = "delivered", "returned"


class Delivery(NamedTuple):
    """How far the lead has a copy's work.

    at_ms: as of when; 0 where the lead has said nothing. pending: how many events they lack.
    """

    at_ms: int
    pending: int


class WorkingCopy:
    """The project as a copy; made by the Store, whose connection and steps it uses."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        writer: Writer,
        reader: Reader,
        change: Callable[[str, str], AbstractContextManager[Step]],
    ) -> None:
        self._connection, self._writer = connection, writer
        self._reader, self._change = reader, change

    def is_copy(self) -> bool:
        """Return whether this project was begun from an assignment."""
        return self._reader.ask(copies.is_copy)

    def is_copy_of(self, project: str) -> bool:
        """Return whether this is a copy of that project (by its id)."""
        return (
            self.is_copy()
            and self._reader.ask(local_settings.get, local_settings.PROJECT) == project
        )

    def delivered_ms(self) -> int:
        """Return up to when the lead has confirmed to have this copy's work; 0 if never."""
        return self._reader.ask(_reached, DELIVERED)[0]

    def unconfirmed_ms(self) -> int:
        """Return when work was last returned from here; 0 if never, or if it is confirmed."""
        at_ms, returned = self._reader.ask(_reached, RETURNED)
        _at_ms, confirmed = self._reader.ask(_reached, DELIVERED)
        return at_ms if any(last > confirmed.get(name, 0) for name, last in returned.items()) else 0

    # ── the annotator begins, and goes on ─────────────────────────────────────────────────────────

    def take_in(self, bundle: Bundle) -> int:
        """Take an assignment into a copy, or begin one in an empty project.

        Return how many documents are new.
        """
        manifest = bundle.manifest
        with self._change("", manifest.annotator) as step:
            self._refuse_other_addressee(bundle)
            if self._is_taken(manifest.id):
                return 0
            schema = self._schema_of(bundle)
            rows, lent_sets = self._validated(bundle)
            is_newer = schema.version >= self._lent_version()
            local_settings.put(self._connection, local_settings.PROJECT, manifest.project)
            self._writer.follow(manifest.lamport)
            step.write(("", f"{START}{manifest.id}", "start"), {"schema": schema.tag}, "exchange")
            if is_newer:
                self._lend_schema(step, schema)
            step.add_annotator(manifest.annotator)
            count = self._lend_documents(step, rows, bundle.texts())
            self._lend_sets(step, lent_sets)
            local_settings.put(self._connection, "annotator", manifest.annotator)
        return count

    def _refuse_other_addressee(self, bundle: Bundle) -> None:
        manifest = bundle.manifest
        if manifest.kind not in ("assignment", "receipt"):
            raise bundle.refuse(
                _(
                    "it holds returned work; whoever leads the project collects it with “annotator"
                    " collect”"
                )
            )
        if copies.is_rooted(self._connection):
            raise bundle.refuse(
                _(
                    "the project that is to take it in is not one that was handed out; name another"
                    " file for it"
                )
            )
        if not copies.is_copy(self._connection):
            return
        if manifest.project != self._project():
            raise bundle.refuse(
                _("it is of another project ({name}); begin that one in a file of its own").format(
                    name=manifest.name
                )
            )
        mine = local_settings.get(self._connection, "annotator")
        if annotator_id(manifest.annotator) != annotator_id(mine):
            reason = _(
                "it is for {theirs}, and this copy of the project is of {mine}; begin it in a file"
                " of its own"
            )
            raise bundle.refuse(reason.format(theirs=manifest.annotator, mine=mine))

    def _is_taken(self, assignment: str) -> bool:
        return (
            last_event(self._connection, "layer = '' AND entity = ?", (f"{START}{assignment}",))
            is not None
        )

    def _schema_of(self, bundle: Bundle) -> Schema:
        try:
            schema = schema_of(orjson.loads(bundle.members[SCHEMA]))
        except (orjson.JSONDecodeError, PlainError, AttributeError, TypeError) as error:
            raise bundle.refuse(
                _("its label schema cannot be read: {reason}").format(reason=error)
            ) from error
        if schema.tag != bundle.manifest.schema:
            raise bundle.refuse(_("its label schema is not the one that its manifest names"))
        return schema

    def _validated(self, bundle: Bundle) -> tuple[list[Any], list[Any]]:
        """Return the documents and annotation sets that a bundle lends, checked as events are."""
        rows, lent_sets = bundle.lines(DOCUMENTS), bundle.lines(LAYERS)
        reader = Validator(self._hash_of, bundle.texts().get)
        try:
            reader.check(_as_event("", f"{DOCUMENT}{name}", payload) for name, payload in rows)
            reader.check(
                _as_event(f"{document}/{annotator_id(name)}", "", payload)
                for document, name, payload in lent_sets
            )
        except (ArrivalError, TypeError, ValueError) as error:
            raise bundle.refuse(str(error)) from error
        if reader.differing:
            reason = _("the document {name} is in this project already, with another text")
            raise bundle.refuse(reason.format(name=min(reader.differing)))
        return rows, lent_sets

    def _hash_of(self, document: str) -> str:
        row = self._connection.execute(
            "SELECT sha256 FROM document WHERE id = ?", (document,)
        ).fetchone()
        return str(row[0]) if row else ""

    def _lent_version(self) -> int:
        return max(map(schema_version, self._lent_schemas()), default=0)

    def _lend_schema(self, step: Step, lent: Schema) -> None:
        """Set the schema of the copy; labels that were added here to an open one stay."""
        row = self._connection.execute(queries.SCHEMA).fetchone()
        schema = _joined(lent, schema_of(orjson.loads(row[0]))) if row and lent.open else lent
        if row is None or schema_plain(schema) != orjson.loads(row[0]):
            step.write(("", SCHEMA_OF_COPY, "schema"), schema_plain(schema), "schema")

    def _lend_documents(self, step: Step, rows: Sequence[Any], texts: Mapping[str, str]) -> int:
        count = 0
        for name, payload in rows:
            if not self._hash_of(name):
                digest = payload["sha256"]
                self._connection.execute(table.TEXTS.add, (digest, texts[digest]))
                step.write(("", f"{DOCUMENT}{name}", LEND), payload, "documents", name)
                count += 1
        return count

    def _lend_sets(self, step: Step, lent_sets: Sequence[Any]) -> None:
        for document, name, payload in lent_sets:
            key = step.add_annotator(name)
            if not queries.has_annotation_set(self._connection, document, key):
                step.write((f"{document}/{key}", "", LEND), payload, "spans", document)

    def take_receipt(self, bundle: Bundle) -> bool:
        """Note what the lead says to have; return whether that was not known yet."""
        with self._change("", bundle.manifest.annotator) as step:
            self._refuse_other_addressee(bundle)
            if not copies.is_copy(self._connection):
                raise bundle.refuse(
                    _("it is a receipt, and needs the project that it speaks of: name that too")
                )
            _at_ms, before = _reached(self._connection, DELIVERED)
            latest = before | self._confirmed(bundle, before)
            if latest == before:
                return False
            local_settings.put(self._connection, DELIVERED, _reach(bundle.manifest.made_ms, latest))
            self._writer.follow(bundle.manifest.lamport)
            step.write(("", f"{START}receipt", "start"), {}, "exchange")
        return True

    def _confirmed(self, receipt: Bundle, before: Mapping[str, int]) -> dict[str, int]:
        """Return up to which event of each device that is here a receipt confirms the work."""
        confirmed = {}
        for name, (_first, last, digest) in receipt.manifest.ranges.items():
            row = self._connection.execute(
                "SELECT hash FROM event WHERE device = ? AND seq = ?", (name, last)
            ).fetchone()
            if row and row[0] != digest:
                raise receipt.refuse(
                    _(
                        "it speaks of other work than this; an older copy of the project was"
                        " put back, or the file was"
                    )
                )
            if row:
                confirmed[name] = max(last, before.get(name, 0))
        return confirmed

    def delivery(self) -> Delivery:
        """Return how far the lead has the work of this copy."""
        return Delivery(self.delivered_ms(), self._reader.ask(self._pending))

    def _pending(self, connection: sqlite3.Connection) -> int:
        _at_ms, receipts = _reached(connection, DELIVERED)
        work = "kind NOT IN ('start', 'lend', 'schema') AND entity NOT LIKE 'annotator/%'"
        return sum(
            seq > receipts.get(name, 0)
            for name, seq in connection.execute(f"SELECT device, seq FROM event WHERE {work}")
        )

    # ── the annotator returns ─────────────────────────────────────────────────────────────────────

    def returned(self, project: str, *, only_new: bool = False) -> tuple[Manifest, Members]:
        """Return the work of a copy: all of it, or what the lead has not confirmed yet.

        Project: its name for people.
        """
        return self._reader.ask(self._returned, project, only_new)

    def _returned(
        self, connection: sqlite3.Connection, project: str, only_new: bool
    ) -> tuple[Manifest, Members]:
        if not copies.is_copy(connection):
            raise UserError(
                _(
                    "This project was not handed out, so there is nobody to return it to; “collect”"
                    " takes returned work in."
                )
            )
        since = _reached(connection, DELIVERED)[1] if only_new else {}
        events = [
            event
            for event in read_events(connection, "1")
            if event.seq > since.get(event.device, 0)
        ]
        events.sort(key=lambda event: (event.device, event.seq))
        if all(event.kind == "start" for event in events):
            raise UserError(
                _("The lead has all of your work already; there is nothing new to return.")
            )
        return self._packed(events, project)

    def _packed(self, events: Sequence[Event], project: str) -> tuple[Manifest, Members]:
        manifest = Manifest(
            kind="return",
            project=self._project(),
            name=project,
            annotator=local_settings.get(self._connection, "annotator"),
            made_ms=now_ms(),
            schema=max(self._lent_schemas(), key=schema_version),
            lamport=max(event.lamport for event in events),
            ranges=_ranges(events),
            counts={"events": len(events)},
        )
        return manifest, {
            EVENTS: json_lines([list(event) for event in events]),
            TEXTS: json_lines(self._texts_of(events)),
        }

    def _lent_schemas(self) -> list[str]:
        """Return the tag of the schema of each assignment, "" where an event names none."""
        starts = read_events(self._connection, "kind = 'start'")
        return [orjson.loads(event.payload).get("schema", "") for event in starts]

    def _texts_of(self, events: Iterable[Event]) -> list[list[str]]:
        """Return the texts, with their hashes, of the documents that events bring."""
        wanted = set()
        for event in events:
            if event.kind in ("import", LEND) and not event.layer:
                wanted.add(orjson.loads(event.payload)["sha256"])
        texts = []
        for digest, text in self._connection.execute("SELECT sha256, text FROM text ORDER BY 1"):
            if digest in wanted:
                texts.append([digest, text])
        return texts

    def _project(self) -> str:
        return local_settings.get(self._connection, local_settings.PROJECT)


def note_of_return(manifest: Manifest) -> tuple[str, str]:
    """Return what a copy remembers of work that was returned: a setting's key and value."""
    return RETURNED, _reach(
        manifest.made_ms, {name: last for name, (_first, last, _hash) in manifest.ranges.items()}
    )


def _ranges(events: Iterable[Event]) -> dict[str, Range]:
    """Return the first and the last event of each device, and the hash of the last."""
    ranges: dict[str, Range] = {}
    for event in events:
        first, _last, _hash = ranges.get(event.device, (event.seq, 0, ""))
        ranges[event.device] = (first, event.seq, event.hash)
    return ranges


def _reach(at_ms: int, devices: Mapping[str, int]) -> str:
    """Return as a setting how far the logs of the devices were returned or confirmed, and when."""
    return orjson.dumps({"at_ms": at_ms, "devices": devices}).decode()


def _reached(connection: sqlite3.Connection, key: str) -> tuple[int, dict[str, int]]:
    reach = orjson.loads(local_settings.get(connection, key) or "{}")
    return int(reach.get("at_ms", 0)), dict(reach.get("devices", {}))


def _as_event(layer: str, entity: str, payload: dict[str, object]) -> Event:
    """Return what an assignment lends as the event it will be, to be checked."""
    return Event("", 0, "", layer, entity, LEND, 0, 0, 0, "", "", "", canonical(payload), "", "")


def _joined(lent: Schema, own: Schema) -> Schema:
    """Return a lent schema with the labels that were added here."""
    layers = {layer.id: layer for layer in lent.layers}
    for layer, label in own.labels():
        if lent.find_label(label.id) is None:
            place = layers.get(layer.id, replace(layer, labels=()))
            layers[layer.id] = replace(place, labels=(*place.labels, label))
    return replace(lent, version=max(lent.version, own.version), layers=tuple(layers.values()))
