"""A lead's project and copies of it on several machines, for tests of what travels between them."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import orjson

from annotator.model import GOLD, AnnotationSet, Document, Fragment, Relation, Span, surface
from annotator.model.schema_files import load_schema
from annotator.store import Store, annotator_id
from annotator.store.events.log import Event, event_hash
from annotator.store.exchange.bundle import EVENTS, Bundle

PEOPLE = {"a1": "Айгерім", "a2": "Айгерім", "b": "Сара سارا"}
LEAD = "Lead"
TEXTS = {
    "d0": "رئیس‌جمهور Қасым-Жомарт Тоқаев گفت 😀 که «نه».",
    "d1": "Алматыда жаңа мектеп ашылды.\nПрезидент приехал 😀.",
    "d2": "مُعَلِّم سلام دنیا 👩‍👩‍👧 خوب است",
}


class World:
    """One project, lent to people on machines a1, a2 (of one person) and b."""

    def __init__(
        self, folder: Path, machines: Iterable[str] = PEOPLE, texts: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.texts = TEXTS if texts is None else texts
        self.lead = Store.create(folder / "lead.annot", load_schema("news"))
        with self.lead.change("documents", LEAD) as step:
            for name, text in self.texts.items():
                step.add_document(Document(name, name, text))
        self.assignments = {name: self.assign(name) for name in dict.fromkeys(PEOPLE.values())}
        self.copies = {machine: self.begin(machine) for machine in machines}

    def assign(self, person: str) -> Bundle:
        """Hand all documents out to a person."""
        return Bundle(
            Path(f"for {person}"),
            *self.lead.distribution.hand_out(
                LEAD, person, [entry.id for entry in self.lead.entries("")], "lead"
            ),
        )

    def begin(self, machine: str, person: str = "") -> Store:
        """Begin a copy on a machine."""
        bundle = self.assignments[person or PEOPLE[machine]]
        return Store.begin(
            self.folder / f"{machine}.annot", lambda store: store.working_copy.take_in(bundle)
        )

    def close(self) -> None:
        """Close all projects."""
        for store in (self.lead, *self.copies.values()):
            store.close()

    def put(
        self,
        machine: str,
        document: str,
        name: str,
        *,
        label: str = "PERSON",
        at: Fragment = (0, 4),
        owner: str = "",
    ) -> None:
        """Add or change a span on a machine."""
        store = self.copies[machine]
        text = surface(self.texts[document], (at,))
        with store.change(f"put {name}", PEOPLE[machine]) as step:
            step.put_span(
                document,
                step.add_annotator(owner or PEOPLE[machine]),
                Span(name, "entities", label, (at,), text),
            )

    def remove(self, machine: str, document: str, name: str) -> None:
        """Take a span away on a machine."""
        with self.copies[machine].change(f"remove {name}", PEOPLE[machine]) as step:
            step.remove_span(document, annotator_id(PEOPLE[machine]), name)

    def tie(self, machine: str, document: str, name: str, head: str, child: str) -> None:
        """Add a relation on a machine."""
        with self.copies[machine].change(f"tie {name}", PEOPLE[machine]) as step:
            step.put_relation(
                document, annotator_id(PEOPLE[machine]), Relation(name, "holder", head, child)
            )

    def finish(self, machine: str, document: str, status: str = "done") -> None:
        """Set a status on a machine."""
        with self.copies[machine].change("finish", PEOPLE[machine]) as step:
            step.put_status(document, annotator_id(PEOPLE[machine]), status)

    def returned(self, machine: str) -> Bundle:
        """Return a machine's whole work."""
        return Bundle(Path(machine), *self.copies[machine].working_copy.returned("copy"))

    def annotation_set(self, store: Store, document: str, machine: str) -> AnnotationSet:
        """Return the layer of a machine's person."""
        return store.annotation_set(document, PEOPLE[machine])

    def clone(self, machine: str, name: str) -> Store:
        """Copy a machine's project as a whole, with the device's name, and open it.

        A laptop that was copied.
        """
        store = self.copies[machine]
        store.close()
        target = self.folder / f"{name}.annot"
        shutil.copy(store.path, target)
        self.copies[machine] = Store.open(store.path)
        bound = orjson.loads(self.copies[machine].setting("device")) | {
            "inode": target.stat().st_ino,
            "path": str(target),
        }
        store = Store.open(target)
        store.remember("device", orjson.dumps(bound).decode())
        store.close()
        return Store.open(target)


def events_of(bundle: Bundle) -> list[Event]:
    """Return the events of a bundle."""
    return [Event(*row) for row in bundle.lines(EVENTS)]


def with_events(bundle: Bundle, events: list[Event]) -> Bundle:
    """Return a bundle with other events, and a manifest that fits them."""
    ranges: dict[str, tuple[int, int, str]] = {}
    for event in events:
        ranges[event.device] = (ranges.get(event.device, (event.seq,))[0], event.seq, event.hash)
    lines = b"".join(orjson.dumps(list(event)) + b"\n" for event in events)
    return replace(
        bundle,
        manifest=replace(bundle.manifest, ranges=ranges),
        members={**bundle.members, EVENTS: lines},
    )


def chained(events: list[Event]) -> list[Event]:
    """Return events with hashes that fit their content.

    As somebody would make them who rewrites a log on purpose.
    """
    made: list[Event] = []
    for event in events:
        prev = made[-1].hash if made and made[-1].device == event.device else event.prev
        bare = event._replace(prev=prev, hash="")
        made.append(bare._replace(hash=event_hash(bare)))
    return made


def log_of(store: Store) -> set[tuple[str, int, str]]:
    """Return the events of a project: device, number, hash."""
    rows = store._connection.execute("SELECT device, seq, hash FROM event")
    return set(rows)


def gold_is_empty(store: Store) -> bool:
    """Return whether nothing stands in gold."""
    return all(store.annotation_set(entry.id, GOLD).is_empty for entry in store.entries(""))
