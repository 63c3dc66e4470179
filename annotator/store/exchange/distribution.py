"""What travels, at the lead's: assignments out, returned work in, receipts back.

Words: the *lead* has the project; a *copy* is what an annotator begins from an assignment (see
working_copy.py). The lead's log never leaves it: an assignment lends texts, the schema and
suggestions as values, and the copy's own log begins with them.
"""

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import Schema, is_suggester
from annotator.model.plain import schema_of
from annotator.store.events import copies
from annotator.store.events.copies import ASSIGNMENT, DEVICE
from annotator.store.events.log import Event
from annotator.store.events.step import Step, annotator_id, document_payload, set_payload
from annotator.store.events.writer import Writer
from annotator.store.exchange.bundle import (
    DOCUMENTS,
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
from annotator.store.exchange.merge import Arrival, Merging
from annotator.store.reader import Reader
from annotator.store.tables import local_settings, queries

Members = dict[str, bytes]


_SHARES = """
    SELECT
        annotator.name,
        count(DISTINCT assignment.document),
        count(DISTINCT CASE WHEN layer.status = 'done' THEN document.id END),
        coalesce((SELECT max(at_ms) FROM receipt WHERE receipt.annotator = annotator.id), 0)
    FROM assignment
    JOIN annotator ON annotator.id = assignment.annotator
    LEFT JOIN document ON document.id = assignment.document
    LEFT JOIN layer ON layer.document = document.n AND layer.annotator = annotator.n
    GROUP BY annotator.n
    ORDER BY annotator.n
"""


_KINDS_MERGED = {
    "documents",
    "annotators",
    "spans",
    "relations",
    "status",
    "attributes",
    "activity",
}


class Share(NamedTuple):
    """How far an annotator (by name) is with the documents that were handed out to them.

    How many these are, how many are done, and when their work came last.
    """

    annotator: str
    documents: int
    done: int
    received_ms: int


class Distribution:
    """A project's part in the exchange of bundles.

    Made by the Store, whose connection and steps it uses.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        writer: Writer,
        reader: Reader,
        change: Callable[[str, str], AbstractContextManager[Step]],
    ) -> None:
        self._connection, self._writer = connection, writer
        self._reader, self._change = reader, change

    # ── the lead hands out ────────────────────────────────────────────────────────────────────────

    def hand_out(
        self, actor: str, annotator: str, names: Sequence[str], project: str
    ) -> tuple[Manifest, Members]:
        """Return an assignment of some documents (by id), and note that it was made.

        project: its name for people.
        """
        with self._change("", actor) as step:
            if copies.is_copy(self._connection):
                raise UserError(
                    _(
                        "This project was handed out to you itself; only whoever leads the work can"
                        " hand it out."
                    )
                )
            name = uuid.uuid4().hex
            step.add_annotator(annotator)
            payload: dict[str, object] = {"to": annotator_id(annotator), "documents": list(names)}
            event = step.write(("", f"{ASSIGNMENT}{name}", "assign"), payload, "exchange")
            manifest = Manifest(
                kind="assignment",
                project=self._project(),
                name=project,
                annotator=annotator,
                made_ms=now_ms(),
                id=name,
                schema=self._schema().tag,
                lamport=event.lamport,
                counts={"documents": len(names)},
            )
            return manifest, self._lent(names)

    def _lent(self, names: Iterable[str]) -> Members:
        documents, texts, lent_sets = list[Any](), dict[str, str](), list[Any]()
        for name in names:
            document = queries.document(self._connection, name)
            digest = sha256(document.text.encode()).hexdigest()
            texts[digest] = document.text
            documents.append([name, document_payload(document, digest)])
            lent_sets += self._suggestions_for(name)
        plain = self._connection.execute(queries.SCHEMA).fetchone()[0]
        return {
            DOCUMENTS: json_lines(documents),
            LAYERS: json_lines(lent_sets),
            SCHEMA: plain.encode(),
            TEXTS: json_lines([list(entry) for entry in texts.items()]),
        }

    def _suggestions_for(self, document: str) -> list[list[object]]:
        """Return what suggesters did in a document, as an assignment holds it."""
        lent_sets: list[list[object]] = []
        for key, name in queries.annotators(self._connection).items():
            if is_suggester(name):
                annotation_set = queries.annotation_set(self._connection, document, key)
                if not annotation_set.is_empty:
                    lent_sets.append([document, name, set_payload(annotation_set)])
        return lent_sets

    def _schema(self) -> Schema:
        plain, _tag = self._connection.execute(queries.SCHEMA).fetchone()
        return schema_of(orjson.loads(plain))

    def shares(self) -> list[Share]:
        """Return how far those are to whom documents were handed out."""
        with self._reader.reading() as connection:
            return list(map(Share._make, connection.execute(_SHARES)))

    def handed_out(self) -> dict[str, set[str]]:
        """Return to whom (by name) each document was handed out."""
        receivers: dict[str, set[str]] = {}
        with self._reader.reading() as connection:
            for document, name in connection.execute(
                "SELECT document, name"
                " FROM assignment"
                " JOIN annotator ON annotator.id = assignment.annotator"
            ):
                receivers.setdefault(document, set()).add(name)
        return receivers

    # ── the lead collects ─────────────────────────────────────────────────────────────────────────

    def merge(self, bundles: Sequence[Bundle]) -> list[Arrival]:
        """Make returned work part of the project: all of it, or nothing where an error is raised.

        What is here already stays.
        """
        with self._change("", "") as step:
            for bundle in bundles:
                self._refuse_other_than_returned(bundle)
            merging = Merging(self._connection, bundles)
            merging.merge(self._writer.device)
            self._writer.forget()
            self._writer.follow(0)
            if copies.is_rooted(self._connection):
                for event, arrival in merging.latest.values():
                    _write_receipt(step, event, arrival.bundle.manifest.annotator)
            if merging.new:
                step.is_bulk = True
                step.kinds |= _KINDS_MERGED
                step.documents |= {
                    event.layer.rpartition("/")[0] for event in merging.new if event.layer
                }
        return merging.arrivals

    def has_all(self, bundle: Bundle) -> bool:
        """Return whether all that returned work lists is here already."""
        for device, (_first, last, digest) in bundle.manifest.ranges.items():
            if not self._reader.ask(copies.has_event, device, last, digest):
                return False
        return True

    def _refuse_other_than_returned(self, bundle: Bundle) -> None:
        manifest = bundle.manifest
        if manifest.kind != "return":
            raise bundle.refuse(
                _(
                    "it is not returned work; whoever it was made for takes it in with “annotator"
                    " start”"
                )
            )
        if manifest.project != self._project():
            raise bundle.refuse(_("it is of another project ({name})").format(name=manifest.name))
        schema = self._schema()
        if copies.is_rooted(self._connection) and (
            manifest.schema.rpartition("@")[0] != schema.id
            or schema_version(manifest.schema) > schema.version
        ):
            reason = _(
                "it rests on the label schema {theirs}, which this project, with {ours}, does not"
                " know yet; open the newer project file"
            )
            raise bundle.refuse(reason.format(theirs=manifest.schema, ours=schema.tag))

    def receipts(self, project: str) -> list[Manifest]:
        """Return a receipt for each annotator whose work is here. project: its name for people."""
        return self._reader.ask(self._receipts_made, project)

    def _receipts_made(self, connection: sqlite3.Connection, project: str) -> list[Manifest]:
        lamport = connection.execute("SELECT max(lamport) FROM event").fetchone()[0]
        ranges: dict[str, dict[str, Range]] = {}
        latest_ms: dict[str, int] = {}
        for device, person, seq, digest, at_ms in connection.execute(
            "SELECT device, annotator, seq, hash, at_ms FROM receipt ORDER BY device"
        ):
            ranges.setdefault(person, {})[device] = (1, seq, digest)
            latest_ms[person] = max(at_ms, latest_ms.get(person, 0))
        names = queries.annotators(connection)
        manifests = []
        for person, of_devices in ranges.items():
            manifest = Manifest(
                kind="receipt",
                project=self._project(),
                name=project,
                annotator=names.get(person, ""),
                made_ms=latest_ms[person],
                lamport=lamport,
                ranges=of_devices,
            )
            manifests.append(manifest)
        return manifests

    def _project(self) -> str:
        return local_settings.get(self._connection, local_settings.PROJECT)


def _write_receipt(step: Step, last: Event, annotator: str) -> None:
    """Note how far the log of a device was received."""
    payload: dict[str, object] = {
        "annotator": annotator_id(annotator),
        "seq": last.seq,
        "hash": last.hash,
    }
    step.write(("", f"{DEVICE}{last.device}", "collect"), payload, "exchange")
