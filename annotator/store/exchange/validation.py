"""Checks of events that arrive from elsewhere: their form, their chain, their texts.

What passes here can be applied without surprise. A *chain* is the run of one device's events in a
bundle, by seq.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

import orjson

from annotator.errors import clean
from annotator.i18n import _
from annotator.model import DIRECTIONS, GOLD, OUTCOMES, STATUSES, check_fragments, surface
from annotator.model.plain import PlainError, decision_of, relation_of, schema_of, span_of
from annotator.store.events.copies import LEND
from annotator.store.events.log import Event, canonical, event_hash
from annotator.store.events.step import annotator_id

_DEVICE = re.compile(r"[0-9a-f]{32}")
_TYPES = tuple(
    int if name in ("seq", "lamport", "wall_ms", "tz_min") else str for name in Event._fields
)
_MOST = 1 << 53
_MINUTES = 24 * 60
Chains = dict[str, list[Event]]
Payload = dict[str, Any]
Texts = Callable[[str], str | None]
Validate = Callable[[str, Payload], None]
"""Checks a payload, given what its place names."""


class ArrivalError(ValueError):
    """An event cannot be taken; the text says why, `line` which one of the bundle it is."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def chains(rows: Sequence[Any]) -> Chains:
    """Return the events of a bundle by device, each chain checked in itself."""
    events = [_event(number, row) for number, row in enumerate(rows, 1)]
    runs: Chains = {}
    line = 1
    for device, group in groupby(events, key=lambda event: event.device):
        run = list(group)
        if device in runs:
            raise ArrivalError(line, _("the events of a device stand apart from one another"))
        _validate_chain(line, run)
        runs[device] = run
        line += len(run)
    return runs


def _event(number: int, row: Any) -> Event:
    if not isinstance(row, list) or len(row) != len(_TYPES):
        raise ArrivalError(number, _("this is not an event"))
    if tuple(map(type, row)) != _TYPES:
        reason = _("the {field} of an event is not of its kind")
        raise ArrivalError(number, reason.format(field=_odd_field(row)))
    event = Event(*row)
    is_sound = (
        1 <= event.seq < _MOST
        and 1 < event.lamport < _MOST
        and 0 <= event.wall_ms < _MOST
        and abs(event.tz_min) <= _MINUTES
    )
    if not is_sound or event.actor == GOLD or not _DEVICE.fullmatch(event.device):
        raise ArrivalError(number, _("this event cannot have been written by the program"))
    return event


def _odd_field(row: Sequence[object]) -> str:
    """Return the name of the first field that has not the type it should have."""
    fields = zip(Event._fields, row, _TYPES, strict=True)
    return next(name for name, value, wanted in fields if type(value) is not wanted)


def _validate_chain(line: int, run: Sequence[Event]) -> None:
    before: Event | None = None
    for number, event in enumerate(run, line):
        if event_hash(event) != event.hash:
            raise ArrivalError(number, _("this event was changed after it was written"))
        if before is None and event.seq == 1 and (event.prev or event.kind != "start"):
            raise ArrivalError(number, _("the work was not begun from an assignment"))
        if before and (event.seq != before.seq + 1 or event.prev != before.hash):
            raise ArrivalError(
                number, _("events are missing before this one, or it does not continue them")
            )
        if before and event.lamport <= before.lamport:
            raise ArrivalError(number, _("this event claims to be older than the one before it"))
        before = event


# ── What an event says ────────────────────────────────────────────────────────────────────────────


class Validator:
    """Reads the payloads of chains, checked against the texts of their documents.

    hashes: the text of each document that is known already, by the document's id; texts: a text by
    its hash.
    """

    def __init__(self, hashes: Callable[[str], str], texts: Texts) -> None:
        self._hashes, self._texts = lru_cache(maxsize=None)(hashes), texts
        self._arrived: dict[str, str] = {}
        self._met: dict[tuple[str, int], Event] = {}
        self.differing: set[str] = set()
        """Documents that have another text here."""

    def check(self, events: Iterable[Event], line: int = 1) -> None:
        """Check events in their order; raises ArrivalError."""
        for number, event in enumerate(events, line):
            try:
                self._validate(event, _payload(event))
            except (
                KeyError,
                TypeError,
                ValueError,
                IndexError,
                AttributeError,
                PlainError,
            ) as error:
                reason = _("the {kind} of {entity} is not what the program writes ({why})")
                why = (
                    str(error)
                    if isinstance(error, (PlainError, _FaultError))
                    else type(error).__name__
                )
                raise ArrivalError(
                    number,
                    reason.format(
                        kind=clean(event.kind), entity=clean(event.entity), why=clean(why)
                    ),
                ) from error

    def _validate(self, event: Event, payload: Payload) -> None:
        if event.kind in ("del", "undel") and "of" in payload:
            self._validate_reference(event, payload)
        elif event.layer:
            self._validate_in_set(event, payload)
        else:
            self._validate_shared(event, payload)
        self._met[event.device, event.seq] = event

    def _validate_reference(self, event: Event, payload: Payload) -> None:
        device, seq = payload["of"]
        whole = self._met.get((device, seq))
        _expect(device == event.device and seq < event.seq)
        # What arrived earlier was checked then.
        _expect(
            whole is None
            or (whole.kind, whole.layer, whole.entity) == ("import", event.layer, event.entity)
        )

    def _validate_shared(self, event: Event, payload: Payload) -> None:
        place, _slash, name = event.entity.partition("/")
        if place == "document" and event.kind in ("import", LEND):
            self._validate_document(name, payload)
        else:
            validate = _SHARED.get((place, event.kind))
            _expect(validate is not None)
            cast("Validate", validate)(name, payload)

    def _validate_document(self, name: str, payload: Payload) -> None:
        source, digest = payload["source"], payload["sha256"]
        _expect(
            _are_texts([payload[key] for key in ("name", "sha256", "language", "direction")])
            and isinstance(payload["meta"], dict)
        )
        _expect(
            _are_texts([source[key] for key in ("file", "encoding", "newline", "sha256")])
            and payload["direction"] in DIRECTIONS
        )
        if self._hashes(name) not in ("", digest):
            self.differing.add(name)
        text = self._texts(digest)
        _expect(
            text is not None
            and len(text) == payload["length"]
            and self._arrived.get(name, digest) == digest
        )
        self._arrived[name] = digest

    def _text(self, document: str) -> str:
        digest = self._arrived.get(document) or self._hashes(document)
        text = self._texts(digest) if digest else None
        if text is None:
            raise _FaultError(_("the project has no document {name}").format(name=document))
        return text

    def _validate_in_set(self, event: Event, payload: Payload) -> None:
        document, _slash, owner = event.layer.rpartition("/")
        place, _slash, name = event.entity.partition("/")
        _expect(bool(document and owner))
        if not event.entity:
            _expect(event.kind in ("import", LEND))
            self._validate_import(document, payload)
        elif event.kind == "del":
            _expect(place in ("span", "relation", "answer", "decision") and not payload)
        elif event.kind == "decide":
            _expect(
                place == "decision"
                and decision_of(payload["decision"]).outcome in OUTCOMES
                and payload["decision"]["case"] == name
            )
        else:
            _expect(event.kind == "put" and bool(name) == (place in ("span", "relation", "answer")))
            self._validate_entity(document, place, name, payload)

    def _validate_entity(self, document: str, place: str, name: str, payload: Payload) -> None:
        if place == "span":
            _expect(payload["span"][0] == name)
            _validate_span(self._text(document), payload["span"])
        elif place == "relation":
            _expect(payload["relation"][0] == name)
            _validate_relation(payload["relation"])
        elif place == "attributes":
            _expect(_are_attributes(payload["attributes"]))
        elif place == "activity":
            _expect(type(payload["active_ms"]) is int and 0 <= payload["active_ms"] < _MOST)
        else:
            _expect(
                (place == "status" and payload["status"] in STATUSES)
                or (place == "answer" and isinstance(payload["answer"], str))
            )
        self._text(document)

    def _validate_import(self, document: str, payload: Payload) -> None:
        text = self._text(document)
        for row in payload["spans"]:
            _validate_span(text, row)
        for row in payload["relations"]:
            _validate_relation(row)
        _expect(
            all(
                len({row[0] for row in payload[key]}) == len(payload[key])
                for key in ("spans", "relations")
            )
        )
        if "status" in payload:
            _expect(payload["status"] in STATUSES and _are_attributes(payload["attributes"]))


def _validate_direction(_document: str, payload: Payload) -> None:
    _expect(payload["direction"] in DIRECTIONS)


def _validate_paragraphs(_document: str, payload: Payload) -> None:
    for start, direction in payload["paragraphs"]:
        _expect(type(start) is int and direction in ("rtl", "ltr"))


def _validate_annotator(person: str, payload: Payload) -> None:
    _expect(annotator_id(payload["name"]) == person and _is_name(payload["name"]))


def _validate_schema(whose: str, payload: Payload) -> None:
    _expect(whose == "copy" and bool(schema_of(payload).id))


def _validate_split(_name: str, payload: Payload) -> None:
    _expect(_are_texts(payload["parts"].values()))


def _validate_no_split(_name: str, payload: Payload) -> None:
    _expect(not payload)


def _validate_start(_assignment: str, payload: Payload) -> None:
    _expect(_are_texts(payload.values()))


_SHARED: Mapping[tuple[str, str], Validate] = {
    ("direction", "put"): _validate_direction,
    ("paragraphs", "put"): _validate_paragraphs,
    ("annotator", "put"): _validate_annotator,
    ("schema", "schema"): _validate_schema,
    ("split", "put"): _validate_split,
    ("split", "del"): _validate_no_split,
    ("start", "start"): _validate_start,
}
"""What may be said of the whole project, by the kinds of place and event, but for documents."""


class _FaultError(ValueError):
    """What is wrong, in words for people."""


def _expect(condition: bool) -> None:
    if not condition:
        raise ValueError


def _payload(event: Event) -> Payload:
    payload = orjson.loads(event.payload)
    if not isinstance(payload, dict) or canonical(payload) != event.payload:
        raise _FaultError(_("its JSON is not canonical"))
    return payload


def _validate_span(text: str, row: list[Any]) -> None:
    span = span_of(row)
    _expect(
        5 <= len(row) <= 8
        and len(row) != 7
        and _are_texts([*row[:3], *row[4:5], *row[6:]])
        and _are_attributes(span.attributes)
    )
    fault = check_fragments(len(text), span.fragments)
    if fault:
        raise _FaultError(fault)
    if surface(text, span.fragments) != span.text:
        raise _FaultError(_("the text of the span is not what the document says there"))


def _validate_relation(row: list[Any]) -> None:
    relation = relation_of(row)
    _expect(len(row) == 6 and _are_texts(row[:3]) and _are_attributes(relation.attributes))
    _expect(
        (row[3] is None) != (row[4] is None)
        and isinstance(row[3] if row[4] is None else row[4], str)
    )


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 200 and clean(name) == name


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _are_attributes(attributes: Mapping[str, object]) -> bool:
    return all(
        isinstance(value, (str, int, float))
        or (isinstance(value, (list, tuple)) and _are_texts(value))
        for value in attributes.values()
    )
