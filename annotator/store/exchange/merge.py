"""Merging: what copies of the project send back becomes part of its log.

The log becomes the union of all events, in one order: whatever arrives first, again, or in pieces,
it and all that follows from it end up the same.
Everything is checked before it is stored (see validation.py); a gap, an edit or a fork is refused
whole. The caller has begun a transaction, and undoes it when an error is raised. A *run* is the
events of one device in one bundle; its *place* is what an event writes to: layer and entity.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import Labelled, surface
from annotator.model.plain import Plain
from annotator.store.events import integrity
from annotator.store.events.apply import (
    ACTIVITY,
    ANNOTATOR,
    DOCUMENT,
    RELATION,
    SCHEMA_OF_COPY,
    SPAN,
    Projection,
)
from annotator.store.events.copies import LEND, is_rooted
from annotator.store.events.log import Event, read_events, store
from annotator.store.exchange.bundle import EVENTS, Bundle
from annotator.store.exchange.validation import ArrivalError, Validator, chains
from annotator.store.tables import queries
from annotator.store.tables.table import OF_ANNOTATION_SETS, TEXTS

Place = tuple[str, str]


@dataclass(slots=True)
class Arrival:
    """What one bundle brings.

    Counts are of annotations: new ones, changed ones, known ones, and those two machines changed.

    labels, relation_labels: how often each label (by its layer and id) and each relation's label
    occurs among what is new. ignored: events that only count in the copy they come from.
    """

    bundle: Bundle
    events_new: int = 0
    events_known: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    conflict: int = 0
    ignored: int = 0
    spans: int = 0
    relations: int = 0
    documents: set[str] = field(default_factory=set)
    different_text: set[str] = field(default_factory=set)
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    relation_labels: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Run:
    arrival: Arrival
    line: int
    events: list[Event]


class Merging:
    """One merge under way, of any number of bundles."""

    def __init__(self, connection: sqlite3.Connection, bundles: Iterable[Bundle]) -> None:
        self._connection = connection
        self._texts: dict[str, str] = {}
        self._places: dict[str, dict[str, set[str]]] = {}
        self._is_rooted = is_rooted(connection)
        self.arrivals = [Arrival(bundle) for bundle in bundles]
        self.latest: dict[str, tuple[Event, Arrival]] = {}
        """The last new event of each device."""
        self.new: list[Event] = []

    def merge(self, own_device: str) -> None:
        """Check all bundles, store what is new of them, and bring the tables up to date."""
        runs = list[_Run]()
        for arrival in self.arrivals:
            runs += self._runs(arrival)
        validator = Validator(self._hash_of, self._text)
        for run in sorted(runs, key=_first):
            self._take(run, validator, own_device)
        if self.new:
            Reprojecting(self._connection, self.new).reproject(is_rooted=self._is_rooted)
            self._read_back()

    def _runs(self, arrival: Arrival) -> list[_Run]:
        bundle = arrival.bundle
        self._texts |= bundle.texts()
        try:
            runs = chains(bundle.lines(EVENTS))
        except ArrivalError as error:
            raise bundle.refuse(str(error), error.line) from error
        ranges = {}
        for device, events in runs.items():
            ranges[device] = (events[0].seq, events[-1].seq, events[-1].hash)
        if ranges != dict(bundle.manifest.ranges):
            raise bundle.refuse(
                _("it does not hold the events that its manifest lists: something was left out")
            )
        return _numbered(arrival, runs.values())

    # ── one run ───────────────────────────────────────────────────────────────────────────────────

    def _take(self, run: _Run, validator: Validator, own_device: str) -> None:
        """Check a run against what is here, and store what is new of it."""
        count = self._known(run)
        fresh, known = run.events[count:], run.events[:count]
        if fresh and fresh[0].device == own_device:
            raise run.arrival.bundle.refuse(
                _(
                    "it holds work of this very copy that is not here: an older copy was put back;"
                    " open the newer one"
                )
            )
        _validate(run, fresh, run.line + count, validator)
        self._count(run.arrival, known, fresh)
        self._store_texts(fresh)
        store(self._connection, fresh)
        self.new += fresh
        if fresh:
            self.latest[fresh[-1].device] = (fresh[-1], run.arrival)

    def _store_texts(self, events: Iterable[Event]) -> None:
        """Store the texts of the documents that events bring and that count here."""
        for event in events:
            is_lent = event.kind == LEND and not self._is_rooted
            if not event.layer and (event.kind == "import" or is_lent):
                digest = orjson.loads(event.payload)["sha256"]
                self._connection.execute(TEXTS.add, (digest, self._text(digest)))

    def _known(self, run: _Run) -> int:
        """Return how many events of a run are here already; refuse a gap and a fork."""
        first, last = run.events[0], run.events[-1]
        hashes = dict(
            self._connection.execute(
                "SELECT seq, hash FROM event WHERE device = ? AND seq BETWEEN ? AND ?",
                (first.device, first.seq - 1, last.seq),
            ).fetchall()
        )
        if first.seq > 1 and first.seq - 1 not in hashes:
            reason = _(
                "work is missing before it: it begins with entry {seq} of a machine of which fewer"
                " are here; ask for a whole return"
            )
            raise run.arrival.bundle.refuse(reason.format(seq=first.seq))
        count = sum(event.seq in hashes for event in run.events)
        is_fork = any(hashes[event.seq] != event.hash for event in run.events[:count]) or (
            first.seq > 1 and hashes[first.seq - 1] != first.prev
        )
        if is_fork:
            reason = _(
                "it contradicts what was received before: the project was copied, or an older copy"
                " put back, and both went on under one name. Let one of them open a new copy of the"
                " project file under another name, and return that."
            )
            raise run.arrival.bundle.refuse(reason)
        return count

    # ── counting ──────────────────────────────────────────────────────────────────────────────────

    def _count(self, arrival: Arrival, known: Sequence[Event], fresh: Sequence[Event]) -> None:
        """Count what is new, changed, known, and what two machines changed."""
        arrival.events_new += len(fresh)
        arrival.events_known += len(known)
        met: dict[Place, str] = {}
        for event in fresh:
            if event.layer and event.layer.rpartition("/")[2] != event.actor:
                arrival.ignored += 1
            elif event.layer and event.entity != ACTIVITY:
                self._count_new(arrival, event, met)
        counts = Counter(met.values())
        arrival.new += counts["new"]
        arrival.changed += counts["changed"]
        arrival.conflict += counts["conflict"]
        arrival.known += len(
            {_place(event) for event in known if event.layer and event.entity != ACTIVITY}
            - met.keys()
        )

    def _count_new(self, arrival: Arrival, event: Event, met: dict[Place, str]) -> None:
        arrival.documents.add(event.layer.rpartition("/")[0])
        spans, relations = _brought(event, orjson.loads(event.payload))
        names = [event.entity]
        if not event.entity:
            names = [f"{SPAN}{row[0]}" for row in spans]
            names += [f"{RELATION}{row[0]}" for row in relations]
        for name in names:
            self._count_place(arrival, event, name, met)
        arrival.labels.update((str(row[1]), str(row[2])) for row in spans)
        arrival.relation_labels.update(str(row[1]) for row in relations)

    def _count_place(
        self, arrival: Arrival, event: Event, name: str, met: dict[Place, str]
    ) -> None:
        """Count one entity that an event writes to, as what it was when it was met first."""
        devices = self._devices_at(event.layer)[name]
        fate = _fate(event.device, devices)
        first = met.setdefault((event.layer, name), fate)
        if first == fate == "new":
            arrival.spans += name.startswith(SPAN)
            arrival.relations += name.startswith(RELATION)
        if first != "new":
            devices.add(event.device)

    def _devices_at(self, layer: str) -> dict[str, set[str]]:
        """Return which devices have written to each entity of an annotation set before."""
        if layer not in self._places:
            devices_at: dict[str, set[str]] = defaultdict(set)
            for entity, device in self._connection.execute(
                "SELECT DISTINCT entity, device FROM event WHERE layer = ?", (layer,)
            ):
                devices_at[entity].add(device)
            self._places[layer] = devices_at
        return self._places[layer]

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def _hash_of(self, document: str) -> str:
        row = self._connection.execute(
            "SELECT sha256 FROM document WHERE id = ?", (document,)
        ).fetchone()
        return str(row[0]) if row else ""

    def _text(self, digest: str) -> str | None:
        if digest not in self._texts:
            row = self._connection.execute(
                "SELECT text FROM text WHERE sha256 = ?", (digest,)
            ).fetchone()
            if row is None:
                return None
            self._texts[digest] = row[0]
        return self._texts[digest]

    def _read_back(self) -> None:
        """Compare the events with what came, and every span of their documents with its text."""
        for device in self.latest:
            self._read_back_events([event for event in self.new if event.device == device])
        names = sorted({event.layer.rpartition("/")[0] for event in self.new if event.layer})
        for start in range(0, len(names), queries.DOCUMENTS_AT_ONCE):
            portion = names[start : start + queries.DOCUMENTS_AT_ONCE]
            for record in queries.some_records(self._connection, portion, queries.Wanted(), ""):
                _read_back_spans(record)

    def _read_back_events(self, came: Sequence[Event]) -> None:
        between = (came[0].device, came[0].seq, came[-1].seq)
        stored = read_events(self._connection, "device = ? AND seq BETWEEN ? AND ?", between)
        if list(stored) != came:
            raise UserError(
                _(
                    "What was stored is not what came, so nothing was kept. Check the disk, and"
                    " collect again."
                )
            )


def _read_back_spans(record: Labelled) -> None:
    if record.annotation_set is None:
        return
    for span in record.annotation_set.spans:
        if surface(record.document.text, span.fragments) != span.text:
            raise UserError(
                _(
                    "What was stored does not fit its text, so nothing was kept. Run"
                    " “annotator check”."
                )
            )


def _numbered(arrival: Arrival, chains_of_bundle: Iterable[list[Event]]) -> list[_Run]:
    """Return the runs of a bundle, each with the line at which it begins."""
    runs, line = list[_Run](), 1
    for events in chains_of_bundle:
        runs.append(_Run(arrival, line, events))
        line += len(events)
    return runs


def _validate(run: _Run, fresh: Sequence[Event], line: int, validator: Validator) -> None:
    """Check what is new of a run, and note which documents have another text here."""
    differing = len(validator.differing)
    try:
        validator.check(fresh, line)
    except ArrivalError as error:
        raise run.arrival.bundle.refuse(str(error), error.line) from error
    if len(validator.differing) > differing:
        run.arrival.different_text |= validator.differing


def _first(run: _Run) -> tuple[str, int, int]:
    return (run.events[0].device, run.events[0].seq, len(run.events))


def _fate(device: str, writers: set[str]) -> str:
    """Return what a device does to an entity that others, or itself, wrote to before."""
    if writers - {device}:
        return "conflict"
    return "changed" if writers else "new"


def _place(event: Event) -> Place:
    return (event.layer, event.entity)


def _brought(event: Event, payload: Plain) -> tuple[list[list[object]], list[list[object]]]:
    """Return the spans and the relations that an event brings, as rows of the log."""
    if event.entity:
        spans = [payload["span"]] if "span" in payload else []
        relations = [payload["relation"]] if "relation" in payload else []
    else:
        spans = cast("list[object]", payload.get("spans", []))
        relations = cast("list[object]", payload.get("relations", []))
    return cast("list[list[object]]", spans), cast("list[list[object]]", relations)


class Reprojecting:
    """Brings the tables up to date after events were added anywhere in the order."""

    def __init__(self, connection: sqlite3.Connection, new: Sequence[Event]) -> None:
        self._connection, self._new = connection, sorted(new, key=_order)

    def reproject(self, *, is_rooted: bool) -> None:
        """Apply anew what the new events concern: their sets, or all where they concern more."""
        layers = sorted({event.layer for event in self._new if event.layer})
        concerns_all = any(
            _concerns_all(event, is_rooted=is_rooted) or self._renames(event) for event in self._new
        )
        if concerns_all or not self._are_there(layers):
            integrity.rebuild(self._connection)
            return
        projection = Projection(self._connection)
        for event in self._new:
            if not event.layer:
                projection.apply(event)
        for layer in layers:
            self._clear(layer)
            self._fill(projection, layer)
        self._connection.execute("DELETE FROM step")
        for event in list(read_events(self._connection, "(title <> '' OR undoes <> '')")):
            projection.note_step(event)

    def _fill(self, projection: Projection, layer: str) -> None:
        """Apply all events of an empty annotation set.

        Where no import stands in it, of each entity only what was said of it last.
        """
        events = [
            event
            for event in read_events(self._connection, "layer = ?", (layer,))
            if not projection.copies.ignores(event)
        ]
        last = {
            event.entity: event for event in events if event.entity.startswith((SPAN, RELATION))
        }
        if not all(event.entity for event in events):
            last.clear()
        standing = [orjson.loads(event.payload) for event in last.values() if event.kind != "del"]
        if last:  # also where nothing of it stands any more: the set is there
            brought = {
                f"{kind}s": [payload[kind] for payload in standing if kind in payload]
                for kind in ("span", "relation")
            }
            projection.bring(layer, brought)
        for event in events:
            if event.entity not in last:
                projection.apply(event)

    def _are_there(self, layers: Iterable[str]) -> bool:
        names = {layer.rpartition("/")[0] for layer in layers}
        return all(
            self._connection.execute("SELECT 1 FROM document WHERE id = ?", (name,)).fetchone()
            for name in names
        )

    def _renames(self, event: Event) -> bool:
        """Return whether an event gives another name to an annotator who is known.

        Which name stays depends on the order.
        """
        if not event.entity.startswith(ANNOTATOR):
            return False
        row = self._connection.execute(
            "SELECT name FROM annotator WHERE id = ?", (event.entity.removeprefix(ANNOTATOR),)
        ).fetchone()
        return row is not None and row[0] != orjson.loads(event.payload)["name"]

    def _clear(self, layer: str) -> None:
        document, _slash, annotator = layer.rpartition("/")
        number = queries.set_number(self._connection, document, annotator)
        if number is not None:
            for table in OF_ANNOTATION_SETS:
                self._connection.execute(table.delete("layer = ?"), (number,))
            self._connection.execute(
                "UPDATE layer"
                " SET status = 'new', attributes = '', spans = 0, relations = 0"
                " WHERE n = ?",
                (number,),
            )


def _order(event: Event) -> tuple[int, str, int]:
    return (event.lamport, event.device, event.seq)


def _concerns_all(event: Event, *, is_rooted: bool) -> bool:
    """Return whether an event concerns more than one annotation set.

    Then the order in which others came matters too.
    """
    if event.layer or event.kind == "start" or event.entity.startswith(ANNOTATOR):
        return False
    if event.entity == SCHEMA_OF_COPY:
        return not is_rooted
    return not (is_rooted and event.kind == LEND and event.entity.startswith(DOCUMENT))
