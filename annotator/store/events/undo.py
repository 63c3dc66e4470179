"""Undo and redo: each place a step touched gets back the state it had, read from the log.

Nobody writes an inverse.

A *place* is (layer, entity), as in apply.py; its *state* is the payload that puts it there, or None
where nothing stands. An import is a *whole*: it touches many places at once, is taken back by one
event, and brought again by another. A step is only taken back, or done again, while every place is
still as the step (or its undo) left it.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple, cast

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model.plain import Plain
from annotator.store.events import copies, entity_state
from annotator.store.events.apply import (
    ACTIVITY,
    ANNOTATOR,
    ATTRIBUTES,
    DECISION,
    DIRECTION,
    DOCUMENT,
    PARAGRAPHS,
    SCHEMA,
    SCHEMA_OF_COPY,
    SPLIT,
    STATUS,
)
from annotator.store.events.entity_state import Place, State
from annotator.store.events.history import StepInfo
from annotator.store.events.log import Event, brought_by, last_event, read_events
from annotator.store.events.step import Step

BEFORE = "layer = ? AND entity = ? AND (lamport, device, seq) < (?, ?, ?)"


def flip(connection: sqlite3.Connection, step: Step, info: StepInfo, becomes: str) -> None:
    """Make `step` the undo or the redo of another, which becomes "undone", "done" or "gone"."""
    title = _("Redo: {title}") if becomes == "done" else _("Undo: {title}")
    step.title = title.format(title=info.title)
    step.undoes = f"{info.id} {becomes}"
    work = redo if becomes == "done" else undo
    work(connection, step, info.id, info.title)


def undo(connection: sqlite3.Connection, step: Step, target: str, title: str) -> None:
    """Within `step`, restore what the step `target` found; refuse if it has changed since."""
    refusal = UserError(
        _("“{title}” cannot be taken back, because what it touched has been changed since.").format(
            title=title
        )
    )
    touched = _touched(connection, target)
    dangling_before = _dangling(connection, touched)
    past = _Past(connection)
    for touch in reversed(touched):
        if touch.first.kind == "import":
            if not _is_untouched(connection, touch.first):
                raise refusal
            _write_whole(step, touch.first, "del")
        else:
            if entity_state.state(connection, touch.place) != _after(touch.last) or _has_strangers(
                connection, touch, target
            ):
                raise refusal
            _write(step, touch.place, past.before(touch.first))
    if not _dangling(connection, touched) <= dangling_before:
        raise refusal


def redo(connection: sqlite3.Connection, step: Step, target: str, title: str) -> None:
    """Within `step`, do again what the undone step `target` did; refuse if that has changed."""
    refusal = UserError(
        _("“{title}” cannot be done again, because what it touches has been changed since.").format(
            title=title
        )
    )
    touched = _touched(connection, target)
    dangling_before = _dangling(connection, touched)
    past = _Past(connection)
    for touch in touched:
        if touch.first.kind == "import":
            if not _is_free(connection, touch.first):
                raise refusal
            _write_whole(step, touch.first, "undel")
        else:
            if entity_state.state(connection, touch.place) != past.before(touch.first):
                raise refusal
            _write(step, touch.place, _after(touch.last))
    if not _dangling(connection, touched) <= dangling_before:
        raise refusal


class _Touch(NamedTuple):
    """What a step did at one place: its first and last event there."""

    place: Place
    first: Event
    last: Event


def _touched(connection: sqlite3.Connection, target: str) -> list[_Touch]:
    """Return what a step touched, in the order it came to it: imports one by one.

    People stay known and time stays spent, so these are left out.
    """
    touches: dict[tuple[str, ...], _Touch] = {}
    for event in read_events(connection, "step = ?", (target,)):
        if event.kind not in copies.KINDS and not event.entity.startswith((ANNOTATOR, ACTIVITY)):
            place = (event.layer, event.entity)
            key = (*place, str(event.seq)) if event.kind == "import" else place
            touches[key] = _Touch(place, touches[key].first if key in touches else event, event)
    return list(touches.values())


def _has_strangers(connection: sqlite3.Connection, touch: _Touch, target: str) -> bool:
    """Return whether another step wrote to a place between a step's first and last event there."""
    if touch.first is touch.last:
        return False
    where = "layer = ? AND entity = ? AND step <> ? AND lamport BETWEEN ? AND ?"
    values = (*touch.place, target, touch.first.lamport, touch.last.lamport)
    return next(read_events(connection, where, values), None) is not None


def _dangling(connection: sqlite3.Connection, touched: Iterable[_Touch]) -> set[tuple[str, str]]:
    """Return the relations without one of their spans, by annotation set and id.

    Another step may have put one to a span that this one takes away; that is refused.
    """
    layers = {touch.place[0] for touch in touched if touch.place[0]}
    return {
        (layer, relation)
        for layer in layers
        for relation in entity_state.dangling(connection, layer)
    }


def _after(event: Event) -> State:
    return None if event.kind == "del" else orjson.loads(event.payload)


# ── Imports ───────────────────────────────────────────────────────────────────────────────────────


def _is_untouched(connection: sqlite3.Connection, event: Event) -> bool:
    """Return whether all that an import brought is there as it came."""
    payload = orjson.loads(event.payload)
    if event.layer:
        return entity_state.holds(connection, event.layer, payload)
    document = event.entity.removeprefix(DOCUMENT)
    direction = entity_state.state(connection, ("", f"{DIRECTION}{document}"))
    paragraphs = entity_state.state(connection, ("", f"{PARAGRAPHS}{document}"))
    if direction != {"direction": payload["direction"]} or paragraphs != _paragraphs_in(payload):
        return False
    # Whoever was given the document, or brought it too, would miss it.
    is_wanted = copies.is_handed_out(connection, document) or copies.is_brought_twice(
        connection, document, event.device
    )
    return not is_wanted and not entity_state.is_worked_on(connection, document)


def _paragraphs_in(payload: Plain) -> State:
    return {"paragraphs": payload.get("paragraphs", [])}


def _is_free(connection: sqlite3.Connection, event: Event) -> bool:
    """Return whether an import finds nothing where it would bring something."""
    if event.layer:
        return entity_state.has_room(connection, event.layer, orjson.loads(event.payload))
    return (
        entity_state.state(connection, ("", f"{DIRECTION}{event.entity.removeprefix(DOCUMENT)}"))
        is None
    )


def _write_whole(step: Step, event: Event, kind: str) -> None:
    payload: dict[str, object] = {"of": [event.device, event.seq]}
    if event.layer:
        step.write((event.layer, "", kind), payload, "spans", event.layer.rpartition("/")[0])
    else:
        step.write(
            ("", event.entity, kind), payload, "documents", event.entity.removeprefix(DOCUMENT)
        )


# ── Single entities ───────────────────────────────────────────────────────────────────────────────


def _write(step: Step, place: Place, state: State) -> None:
    layer, entity = place
    if entity in (SCHEMA, SCHEMA_OF_COPY) and state is not None:
        step.write((layer, entity, "schema"), state, "schema")
    elif entity.startswith(SPLIT):
        step.write((layer, entity, "del" if state is None else "put"), state or {}, "splits")
    elif not layer:
        step.write((layer, entity, "put"), state or {}, "documents", entity.partition("/")[2])
    else:
        names = {STATUS: "status", ATTRIBUTES: "attributes"}
        kind = names.get(entity) or f"{entity.partition('/')[0]}s"
        puts = "decide" if entity.startswith(DECISION) else "put"
        step.write(
            (layer, entity, "del" if state is None else puts),
            state or {},
            kind,
            layer.rpartition("/")[0],
        )


class _Whole(NamedTuple):
    """An import, or its going, as seen from the places it touched."""

    at: tuple[int, str, int]
    is_gone: bool
    payload: Plain
    rows: dict[str, list[object]]


class _Past:
    """What stood at a place before an event.

    Imports are read once: a long step asks for many places of one annotation set.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._by_place: dict[Place, list[_Whole]] = {}

    def before(self, event: Event) -> State:
        """Return the state that the event found at its place.

        It is that of the latest earlier event there, or of an import that came after it.
        """
        at = _order(event)
        earlier = last_event(self._connection, BEFORE, (event.layer, event.entity, *at))
        for whole in self._wholes(event):
            if whole.at < at and (earlier is None or whole.at > _order(earlier)):
                is_concerned, state = _state_in(whole, event.entity)
                if is_concerned:
                    return state
        if earlier is not None:
            return _after(earlier)
        defaults: dict[str, State] = {STATUS: {"status": "new"}, ATTRIBUTES: {"attributes": {}}}
        return defaults.get(event.entity)

    def _wholes(self, event: Event) -> list[_Whole]:
        """Return the imports that may concern an event's place, the latest first."""
        place = (event.layer, "" if event.layer else f"{DOCUMENT}{event.entity.partition('/')[2]}")
        if place not in self._by_place:
            events = read_events(self._connection, "layer = ? AND entity = ?", place)
            self._by_place[place] = [self._whole(entry) for entry in events][::-1]
        return self._by_place[place]

    def _whole(self, event: Event) -> _Whole:
        payload = brought_by(self._connection, event)
        rows = {
            f"{table}/{row[0]}": row
            for table in ("span", "relation")
            for row in payload.get(f"{table}s", ())
        }
        return _Whole(_order(event), event.kind == "del", payload, rows)


def _order(event: Event) -> tuple[int, str, int]:
    return (event.lamport, event.device, event.seq)


def _state_in(whole: _Whole, entity: str) -> tuple[bool, State]:
    """Return whether an import concerned a place, and what it left there."""
    left: State = None
    if entity in whole.rows:
        left = {entity.partition("/")[0]: whole.rows[entity]}
    elif entity.startswith(DIRECTION):
        left = {"direction": cast("str", whole.payload["direction"])}
    elif entity.startswith(PARAGRAPHS):
        left = _paragraphs_in(whole.payload)
    if left is not None:
        return True, None if whole.is_gone else left
    if entity not in whole.payload or entity not in (STATUS, ATTRIBUTES):
        return False, None
    if whole.is_gone:
        return True, {"status": "new"} if entity == STATUS else {"attributes": {}}
    return True, {entity: whole.payload[entity]}
