"""The log: events, each chained to the one before it on the same device.

Words: a *device* is one installation working on one copy of a project; `seq` counts its events 1,
2, 3 … without gaps; `lamport` orders events of all devices, wall time never does. An event's `hash`
covers all its columns and `prev`.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, cast

import orjson

from annotator.store.tables.table import Table

ORDER = "lamport, device, seq"


class Event(NamedTuple):
    """One entry of the log; `payload` is canonical JSON."""

    device: str
    seq: int
    actor: str
    layer: str
    entity: str
    kind: str
    lamport: int
    wall_ms: int
    tz_min: int
    step: str
    title: str
    undoes: str
    payload: str
    prev: str
    hash: str


EVENTS = Table("event", Event._fields)


def canonical(payload: Mapping[str, object]) -> str:
    """Return a payload as JSON with sorted keys: equal payloads give equal text."""
    return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS).decode()


def event_hash(event: Event) -> str:
    """Return the hash that the event should carry."""
    return sha256(orjson.dumps(event[:14])).hexdigest()


class Log:
    """The writing end of one device's log."""

    def __init__(self, connection: sqlite3.Connection, device: str) -> None:
        self._connection = connection
        self.device = device
        self.reload()

    def reload(self) -> None:
        """Take the position from the file again, after a rollback."""
        row = self._connection.execute(
            "SELECT seq, hash FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1", (self.device,)
        ).fetchone()
        self._seq: int = row[0] if row else 0
        self._prev: str = row[1] if row else ""
        self._lamport = self._connection.execute(
            "SELECT coalesce(max(lamport), 0) FROM event"
        ).fetchone()[0]

    @property
    def is_new(self) -> bool:
        """Return whether this device has written nothing yet."""
        return self._seq == 0

    def follow(self, lamport: int) -> None:
        """Write what comes after something that happened elsewhere."""
        self._lamport = max(self._lamport, lamport)

    def append(
        self,
        actor: str,
        place: tuple[str, str, str],
        payload: Mapping[str, object],
        step: tuple[str, str, str],
    ) -> Event:
        """Write one event.

        place: layer, entity, kind. step: its id, its title (in its first event only), the step
        that it undoes.
        """
        now = time.time()
        bare = Event(
            self.device,
            self._seq + 1,
            actor,
            *place,
            self._lamport + 1,
            int(now * 1000),
            time.localtime(now).tm_gmtoff // 60,
            *step,
            canonical(payload),
            self._prev,
            "",
        )
        event = bare._replace(hash=event_hash(bare))
        store(self._connection, [event])
        self._seq, self._lamport, self._prev = event.seq, event.lamport, event.hash
        return event


def store(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Add events to the log as they are."""
    connection.executemany(EVENTS.insert, events)


def read_events(
    connection: sqlite3.Connection, where: str = "1", values: tuple[object, ...] = ()
) -> Iterator[Event]:
    """Walk over events in their order."""
    for row in connection.execute(EVENTS.select(f"{where} ORDER BY {ORDER}"), values):
        yield Event(*row)


def last_event(
    connection: sqlite3.Connection, where: str, values: tuple[object, ...]
) -> Event | None:
    """Return the last of some events."""
    order = ", ".join(f"{column} DESC" for column in ORDER.split(", "))
    row = connection.execute(EVENTS.select(f"{where} ORDER BY {order} LIMIT 1"), values).fetchone()
    return Event(*row) if row else None


def brought_by(connection: sqlite3.Connection, event: Event) -> Mapping[str, Any]:
    """Return what an import brought.

    An event that takes it back, or brings it again, only names it.
    """
    payload = _parsed(event.payload)
    if "of" in payload:
        row = connection.execute(
            "SELECT payload FROM event WHERE device = ? AND seq = ?", payload["of"]
        ).fetchone()
        payload = _parsed(row[0])
    return payload


@lru_cache(maxsize=2)
def _parsed(payload: str) -> Mapping[str, Any]:
    """Parse a payload; that of a large import is asked for again with each span of it."""
    return cast("Mapping[str, Any]", orjson.loads(payload))


def broken_links(connection: sqlite3.Connection) -> Iterator[str]:
    """Walk over what is wrong with the chains: gaps, edits, forks."""
    device, seq, prev = "", 0, ""
    for row in connection.execute(EVENTS.select("1 ORDER BY device, seq")):
        event = Event(*row)
        if event.device != device:
            device, seq, prev = event.device, 0, ""
        if event.seq != seq + 1:
            yield (
                f"event {event.seq} of device {device[:8]} follows event {seq}: events are missing"
            )
        elif event.prev != prev:
            yield f"event {event.seq} of device {device[:8]} does not continue the one before it"
        if event_hash(event) != event.hash:
            yield f"event {event.seq} of device {device[:8]} was changed after it was written"
        seq, prev = event.seq, event.hash
