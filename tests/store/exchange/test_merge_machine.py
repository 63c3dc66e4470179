"""Whatever is done on several machines and delivered in whatever order.

Nothing is lost, invented or altered; and seeded bugs show.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from annotator.errors import UserError
from annotator.store import Store
from annotator.store.events.apply import Projection
from annotator.store.exchange.bundle import Bundle
from annotator.store.exchange.merge import Merging, Reprojecting
from tests.store.copies import LEAD, PEOPLE, TEXTS, World, chained, events_of, log_of, with_events

MACHINES = st.sampled_from(tuple(PEOPLE))
DOCUMENTS = st.sampled_from(tuple(TEXTS))
NAMES = st.sampled_from(("s1", "s2", "s3"))
PLACES = st.tuples(st.integers(0, 5), st.integers(1, 6)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


def changes_nothing(store: Store, bundles: list[Bundle]) -> None:
    """Assert that bundles are refused, and that nothing of them stays."""
    before, log = store.state_hash(), log_of(store)
    with pytest.raises(UserError):
        store.distribution.merge(bundles)
    assert (store.state_hash(), log_of(store)) == (before, log)


class Team(RuleBasedStateMachine):
    """A lead, a person with two machines, and one with one."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="team-"))
        self.now = time.time()
        self.clock = patch("annotator.store.events.log.time.time", side_effect=lambda: self.now)
        self.clock.start()
        self.world = World(self.folder)
        self.sent: list[Bundle] = []

    def teardown(self) -> None:
        try:
            self.everything_arrives()
        finally:
            self.clock.stop()
            self.world.close()
            shutil.rmtree(self.folder)

    def everything_arrives(self) -> None:
        """Bring all work to the lead and to a copy of their file, in other orders and twice.

        Both are equal, sound and complete.
        """
        self.world.lead.close()
        other = self.folder / "other.annot"
        shutil.copy(self.world.lead.path, other)
        self.world.lead = Store.open(self.world.lead.path)
        bundles = [self.world.returned(machine) for machine in self.world.copies]
        for bundle in bundles:
            self.world.lead.distribution.merge([bundle])
        with Store.open(other) as store:
            store.distribution.merge([*bundles[::-1], *bundles])
            assert store.state_hash() == self.world.lead.state_hash()
            assert store.faults() == []
        own = {
            entry
            for entry in log_of(self.world.lead)
            if entry[0] not in {name for bundle in bundles for name in bundle.manifest.ranges}
        }
        assert log_of(self.world.lead) - own == {
            entry for store in self.world.copies.values() for entry in log_of(store)
        }
        for document in TEXTS:
            assert self.world.annotation_set(
                self.world.lead, document, "b"
            ) == self.world.annotation_set(self.world.copies["b"], document, "b")
        self.is_sound()

    @invariant()
    def is_sound(self) -> None:
        assert self.world.lead.faults() == []

    # ── what people do ──

    @rule(
        machine=MACHINES,
        document=DOCUMENTS,
        name=NAMES,
        label=st.sampled_from(("PERSON", "ORG")),
        at=PLACES,
    )
    def annotate(
        self, machine: str, document: str, name: str, label: str, at: tuple[int, int]
    ) -> None:
        self.world.put(machine, document, name, label=label, at=at)

    @rule(machine=MACHINES, document=DOCUMENTS, name=NAMES)
    def remove(self, machine: str, document: str, name: str) -> None:
        self.world.remove(machine, document, name)

    @rule(
        machine=MACHINES,
        document=DOCUMENTS,
        name=st.sampled_from(("r1", "r2")),
        head=NAMES,
        child=NAMES,
    )
    def tie(self, machine: str, document: str, name: str, head: str, child: str) -> None:
        try:
            self.world.tie(machine, document, name, head, child)
        except UserError:
            names = {
                span.id
                for span in self.world.annotation_set(
                    self.world.copies[machine], document, machine
                ).spans
            }
            assert not {head, child} <= names

    @rule(machine=MACHINES, document=DOCUMENTS, status=st.sampled_from(("open", "done")))
    def finish(self, machine: str, document: str, status: str) -> None:
        self.world.finish(machine, document, status)

    @rule(machine=MACHINES, redo=st.booleans())
    def undo_or_redo(self, machine: str, *, redo: bool) -> None:
        store = self.world.copies[machine]
        before = store.state_hash()
        try:
            (store.redo if redo else store.undo)(PEOPLE[machine])
        except UserError:
            assert store.state_hash() == before

    @rule(seconds=st.sampled_from((-86_400 * 400, -5, 3600, 86_400 * 900)))
    def clock_jumps(self, seconds: int) -> None:
        self.now += seconds

    @rule(document=DOCUMENTS, direction=st.sampled_from(("rtl", "ltr")))
    def lead_works(self, document: str, direction: str) -> None:
        with self.world.lead.change("turn", LEAD) as step:
            step.put_direction(document, direction)

    # ── what travels ──

    @rule(machine=MACHINES)
    def send(self, machine: str) -> None:
        self.sent.append(self.world.returned(machine))

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        chosen = (
            data.draw(st.permutations(self.sent).map(lambda order: order[:3])) if self.sent else []
        )
        lead = self.world.lead
        people = {bundle.manifest.annotator for bundle in chosen}
        others = {
            (name, doc): lead.annotation_set(doc, name)
            for name in PEOPLE.values()
            if name not in people
            for doc in TEXTS
        }
        before = log_of(lead)
        lead.distribution.merge(chosen + chosen[:1])
        assert others == {(name, doc): lead.annotation_set(doc, name) for name, doc in others}
        assert before <= log_of(lead)
        after = lead.state_hash()
        assert [arrival.events_new for arrival in lead.distribution.merge(chosen)] == [0] * len(
            chosen
        )
        assert lead.state_hash() == after

    @rule(there=st.sampled_from((("a1", "a2"), ("a2", "a1"))))
    def sync_own_machines(self, there: tuple[str, str]) -> None:
        here = self.world.copies[there[1]]
        here.distribution.merge([self.world.returned(there[0])])
        assert here.faults() == []

    @rule(machine=MACHINES, data=st.data())
    def tampered_or_gapped(self, machine: str, data: st.DataObject) -> None:
        bundle = self.world.returned(machine)
        events = events_of(bundle)
        number = data.draw(st.integers(0, len(events) - 1))
        changed = events[number]._replace(payload=events[number].payload + " ")
        changes_nothing(
            self.world.lead,
            [with_events(bundle, [*events[:number], changed, *events[number + 1 :]])],
        )
        if 0 < number < len(events) - 1 and events[number + 1].device == events[number - 1].device:
            changes_nothing(
                self.world.lead, [with_events(bundle, events[:number] + events[number + 1 :])]
            )


Team.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestTeam = Team.TestCase


# ── Histories that random ones hardly meet ────────────────────────────────────────────────────────


def later_act_wins(world: World, _rest: random.Random) -> None:
    """Who saw the other machine's span and changed it has the last word, whatever the clocks and
    the machines' names say.
    """
    for number, (first, second) in enumerate((("a1", "a2"), ("a2", "a1"))):
        name = f"s{number}"
        with patch("annotator.store.events.log.time.time", return_value=2_000_000_000.0):
            world.put(first, "d0", name, label="ORG")
        world.copies[second].distribution.merge([world.returned(first)])
        with patch("annotator.store.events.log.time.time", return_value=1_000_000_000.0):
            world.put(second, "d0", name, label="PERSON")
    world.lead.distribution.merge([world.returned("a2"), world.returned("a1")])
    assert {span.label for span in world.lead.annotation_set("d0", PEOPLE["a1"]).spans} == {
        "PERSON"
    }
    assert world.lead.faults() == []


def missing_middle(world: World, _rest: random.Random) -> None:
    """A bundle that begins later than what is here ends is refused.

    And taken once the middle came.
    """
    for number in range(4):
        world.put("b", "d0", f"s{number}")
    bundle = world.returned("b")
    events = events_of(bundle)
    first, middle, last = (
        with_events(bundle, part) for part in (events[:-4], events[-4:-2], events[-2:])
    )
    changes_nothing(world.lead, [last])
    world.lead.distribution.merge([first])
    changes_nothing(world.lead, [last])
    world.lead.distribution.merge([last, middle])
    assert len(world.lead.annotation_set("d0", PEOPLE["b"]).spans) == 4


def cloned_laptop(world: World, _rest: random.Random) -> None:
    """Two copies that go on under one device are a fork: the second is refused whole."""
    twin = world.clone("b", "twin")
    try:
        assert device_of(twin) == device_of(world.copies["b"])
        world.put("b", "d0", "s1")
        world.copies["b"], own = twin, world.copies["b"]
        world.put("b", "d0", "s2")
        forked = world.returned("b")
        world.copies["b"] = own
    finally:
        twin.close()
    world.lead.distribution.merge([world.returned("b")])
    changes_nothing(world.lead, [forked])


def device_of(store: Store) -> str:
    """Return the device that a project writes under."""
    return store._writer.device


def restored_backup(world: World, _rest: random.Random) -> None:
    """A copy that was set back to an older state.

    But still has its name, does not take its own later work for another's.
    """
    world.put("a1", "d0", "s1")
    older = world.clone("a1", "older")
    try:
        world.put("a1", "d0", "s2")
        changes_nothing(older, [world.returned("a1")])
    finally:
        older.close()


def rewritten_log(world: World, _rest: random.Random) -> None:
    """Changed payloads are refused; also with fresh hashes, where a span does not fit its text."""
    world.put("b", "d0", "s1")
    bundle = world.returned("b")
    events = events_of(bundle)
    changed = [
        *events[:-1],
        events[-1]._replace(payload=events[-1].payload.replace("PERSON", "ORG")),
    ]
    changes_nothing(world.lead, [with_events(bundle, changed)])


def forged_span(world: World, _rest: random.Random) -> None:
    """A span that is not what its document says is refused, though all hashes fit.

    So is a status that there is not.
    """
    world.finish("b", "d0")
    world.put("b", "d0", "s1", at=(0, 3))
    bundle = world.returned("b")
    events = events_of(bundle)
    moved = events[-1]._replace(payload=events[-1].payload.replace("[0,3]", "[1,4]"))
    assert moved.payload != events[-1].payload
    changes_nothing(world.lead, [with_events(bundle, chained([*events[:-1], moved]))])
    odd = events[-2]._replace(payload='{"status":"perfect"}')
    assert odd.entity == "status"
    changes_nothing(world.lead, [with_events(bundle, chained([*events[:-2], odd, events[-1]]))])


def span_gone_elsewhere(world: World, _rest: random.Random) -> None:
    """A relation to a span that the other machine deleted waits, unseen.

    And is there again with its span.
    """
    world.put("a1", "d0", "s1")
    world.put("a1", "d0", "s2", at=(5, 9))
    world.copies["a2"].distribution.merge([world.returned("a1")])
    world.remove("a1", "d0", "s2")
    world.tie("a2", "d0", "r1", "s1", "s2")
    world.lead.distribution.merge([world.returned("a1"), world.returned("a2")])
    assert world.lead.faults() == []
    assert world.lead.annotation_set("d0", PEOPLE["a1"]).relations == ()
    world.copies["a1"].distribution.merge([world.returned("a2")])
    world.put("a1", "d0", "s2", at=(5, 9))
    world.lead.distribution.merge([world.returned("a1")])
    assert [
        relation.id for relation in world.lead.annotation_set("d0", PEOPLE["a1"]).relations
    ] == ["r1"]
    assert world.lead.faults() == []


def only_his_own(world: World, _rest: random.Random) -> None:
    """What somebody does in another's annotation set of their copy stays there.

    Merging A never changes B's layer.
    """
    world.put("b", "d0", "s1")
    world.lead.distribution.merge([world.returned("b")])
    before = world.lead.annotation_set("d0", PEOPLE["b"])
    world.put("a1", "d0", "s1", label="ORG", owner=PEOPLE["b"])
    world.put("a1", "d0", "s9", owner="gold")
    world.lead.distribution.merge([world.returned("a1")])
    assert world.lead.annotation_set("d0", PEOPLE["b"]) == before
    assert world.lead.annotation_set("d0", "gold").is_empty
    assert world.lead.faults() == []


def interleaved_pieces(world: World, dice: random.Random) -> None:
    """Two machines' work that comes in pieces.

    The later first, is applied in the order it was done.
    """
    for number in range(6):
        world.put(
            ("a1", "a2")[number % 2],
            "d0",
            "s1",
            label=("PERSON", "ORG")[number % 2],
            at=(0, number + 1),
        )
    bundles = [world.returned(machine) for machine in ("a1", "a2")]
    dice.shuffle(bundles)
    for bundle in bundles:
        world.lead.distribution.merge([bundle])
        assert world.lead.faults() == []


History = Callable[[World, random.Random], None]


def undone_before_it_was_sent(world: World, _rest: random.Random) -> None:
    """What was done and taken back leaves an empty layer, here as in a rebuild."""
    world.put("b", "d0", "s1")
    world.copies["b"].undo(PEOPLE["b"])
    world.lead.distribution.merge([world.returned("b")])
    assert world.lead.annotation_set("d0", PEOPLE["b"]).is_empty


HISTORIES: tuple[History, ...] = (
    *(later_act_wins, missing_middle, cloned_laptop, restored_backup, rewritten_log),
    *(
        forged_span,
        span_gone_elsewhere,
        only_his_own,
        interleaved_pieces,
        undone_before_it_was_sent,
    ),
)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_history(history: History, tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        history(world, random.Random(7))
        assert world.lead.faults() == []
    finally:
        world.close()


def _only_new(self: Reprojecting, *, is_rooted: bool) -> None:
    projection = Projection(self._connection)
    for event in self._new:
        projection.apply(event)


def _all_known(self: Merging, run: Any) -> int:
    here = {
        seq
        for (seq,) in self._connection.execute(
            "SELECT seq FROM event WHERE device = ?", (run.events[0].device,)
        )
    }
    return sum(event.seq in here for event in run.events)


MUTANTS: dict[str, tuple[History, str, object]] = {
    "ordered by device": (later_act_wins, "annotator.store.events.log.ORDER", "device, seq"),
    "ordered by the clock": (
        later_act_wins,
        "annotator.store.events.log.ORDER",
        "wall_ms, device, seq",
    ),
    "hashes are not compared": (
        rewritten_log,
        "annotator.store.exchange.validation.event_hash",
        lambda event: event.hash,
    ),
    "gaps pass": (missing_middle, "annotator.store.exchange.merge.Merging._known", _all_known),
    "forks pass": (cloned_laptop, "annotator.store.exchange.merge.Merging._known", _all_known),
    "texts are not compared": (
        forged_span,
        "annotator.store.exchange.validation.Validator.check",
        lambda *_arguments: None,
    ),
    "loose relations are shown": (
        span_gone_elsewhere,
        "annotator.store.events.dangling_relations.settle",
        lambda *_arguments, **_named: None,
    ),
    "everything counts everywhere": (
        only_his_own,
        "annotator.store.events.copies.Copies.ignores",
        lambda *_arguments: False,
    ),
    "only what is new is applied": (
        interleaved_pieces,
        "annotator.store.exchange.merge.Reprojecting.reproject",
        _only_new,
    ),
    "one's own device passes": (
        restored_backup,
        "annotator.store.events.writer.Writer.device",
        property(lambda _self: ""),
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_seeded_bug_is_caught(mutant: str, tmp_path: Path) -> None:
    history, target, bug = MUTANTS[mutant]
    with patch(target, bug):
        world = World(tmp_path)
        try:
            with pytest.raises((AssertionError, pytest.fail.Exception, UserError)):
                history(world, random.Random(7))
        finally:
            world.close()


def test_twelve_thousand_events_of_six_machines_end_up_the_same_in_any_order(
    tmp_path: Path,
) -> None:
    texts = {f"d{number}": "متن کوتاه 😀 для проверки және сынақ" for number in range(20)}
    world = World(tmp_path, (), texts)
    machines = {f"m{number}": f"Person {number // 2}" for number in range(6)}
    dice = random.Random(11)
    try:
        world.assignments = {name: world.assign(name) for name in machines.values()}
        pieces: list[Bundle] = []
        for machine, person in machines.items():
            world.copies[machine] = world.begin(machine, person)
            pieces += [*_worked(world, machine, person, dice)]
        world.lead.close()
        shutil.copy(world.lead.path, tmp_path / "other.annot")
        world.lead = Store.open(world.lead.path)
        with Store.open(tmp_path / "other.annot") as other:
            _deliver(world.lead, dice.sample(pieces * 2, len(pieces) * 2))
            other.distribution.merge(dice.sample(pieces * 2, len(pieces) * 2))
            assert world.lead.state_hash() == other.state_hash()
            assert other.faults() == []
        assert (
            sum(
                entry[0] in {name for piece in pieces for name in piece.manifest.ranges}
                for entry in log_of(world.lead)
            )
            >= 12_000
        )
    finally:
        world.close()


def _worked(world: World, machine: str, person: str, dice: random.Random) -> list[Bundle]:
    """Do 2,000 things on a machine; return its work in pieces."""
    store = world.copies[machine]
    with patch.dict(PEOPLE, {machine: person}), store.change("much", person) as _step:
        for number in range(2_000):
            start = dice.randrange(20)
            world.put(
                machine,
                f"d{number % 20}",
                f"s{dice.randrange(60)}",
                label=dice.choice(("PERSON", "ORG")),
                at=(start, start + 3),
            )
    bundle = Bundle(Path(machine), *store.working_copy.returned("copy"))
    events = events_of(bundle)
    return [
        with_events(bundle, events[start : start + 500]) for start in range(0, len(events), 500)
    ]


def _deliver(store: Store, pieces: list[Bundle]) -> None:
    """Deliver pieces one by one.

    What is refused because something before it is missing comes again later.
    """
    waiting = pieces
    while waiting:
        refused = []
        for piece in waiting:
            try:
                store.distribution.merge([piece])
            except UserError:
                refused.append(piece)
        assert len(refused) < len(waiting)
        waiting = refused
