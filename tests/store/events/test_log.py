"""The log: its hashes are stable, and what was changed, cut out or written twice is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.store import Step, Store
from annotator.store.events.log import Event, canonical, event_hash
from tests.store.projects import ANNOTATORS, add_span, in_step, new_project, query

FIRST = ANNOTATORS[0]
PINNED = Event(
    device="4f0c",
    seq=2,
    actor="gold",
    layer="d/gold",
    entity="span/1",
    kind="put",
    lamport=7,
    wall_ms=1700000000000,
    tz_min=210,
    step="51",
    title="Label «Алматы» \u2068سلام\u2069",
    undoes="",
    payload='{"span":["1","entity","PER",[0,4],"Алма"]}',
    prev="00ff",
    hash="",
)


def test_the_hash_of_an_event_is_stable() -> None:
    assert event_hash(PINNED) == "48ea18cc0fc5aae6c860a4e9430dbb099de12d74b9f0bb4773f6264a495ed944"


@pytest.mark.parametrize("column", [name for name in Event._fields if name != "hash"])
def test_every_column_counts_for_the_hash(column: str) -> None:
    value = getattr(PINNED, column)
    changed = {**PINNED._asdict(), column: value + 1 if isinstance(value, int) else f"{value}x"}
    assert event_hash(Event(**changed)) != event_hash(PINNED)


def test_equal_payloads_give_equal_text() -> None:
    assert (
        canonical({"b": {"y": 1, "x": (1, 2)}, "a": "ї"})
        == canonical({"a": "ї", "b": {"x": [1, 2], "y": 1}})
        == '{"a":"ї","b":{"x":[1,2],"y":1}}'
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Make a project with some steps and close it."""
    with new_project(tmp_path, documents=1) as store:
        for number in range(4):
            add_span(store, "d0", FIRST, f"s{number}")
        store.undo(FIRST)
        assert store.faults() == []
        return store.path


def forge(path: Path, change: Callable[[Event], Event], seq: int) -> None:
    """Change an event and give it the right hash."""
    columns = ", ".join(Event._fields)
    ((*values,),) = query(path, f"SELECT {columns} FROM event WHERE seq = ?", seq)
    # A row of the table has the types of its columns.
    changed = change(Event(*values))  # type: ignore[arg-type]
    changed = changed._replace(hash=event_hash(changed))
    query(path, "DELETE FROM event WHERE device = ? AND seq = ?", changed.device, seq)
    query(path, f"INSERT INTO event({columns}) VALUES({','.join('?' * len(changed))})", *changed)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE event SET payload = replace(payload, 'PER', 'ORG') WHERE seq = 6",
            "changed after it was written",
        ),
        ("UPDATE event SET actor = 'somebody' WHERE seq = 6", "changed after it was written"),
        ("DELETE FROM event WHERE seq = 6", "events are missing"),
        ("DELETE FROM event WHERE seq = 1", "events are missing"),
        ("UPDATE text SET text = text || 'x'", "not the one that was stored"),
        ("DELETE FROM text", "is missing"),
        ("UPDATE span SET end_at = end_at + 1", "not what the text says"),
        ("DELETE FROM span WHERE id = 's1'", "check --rebuild"),
        ("UPDATE layer SET spans = spans + 1", "rows of the table span"),
        ("UPDATE schema SET tag = 'other@1'", "check --rebuild"),
        (
            "INSERT INTO relation VALUES(1, 'r', 'about', 'gone', NULL, 'author', '')",
            "ends in a span that is not there",
        ),
    ],
)
def test_damage_is_found_and_named(written: Path, damage: str, said: str) -> None:
    query(written, damage)
    with Store.open(written) as store:
        found = store.faults()
    assert any(said in line for line in found), found


def test_a_forged_event_breaks_the_chain_after_it(written: Path) -> None:
    forge(written, lambda event: event._replace(title="forged"), 5)
    with Store.open(written) as store:
        assert any("event 6" in line and "does not continue" in line for line in store.faults())


def test_a_fork_is_found(written: Path) -> None:
    forge(written, lambda event: event._replace(prev="0" * 64), 6)
    with Store.open(written) as store:
        found = store.faults()
    assert any("event 6" in line and "does not continue" in line for line in found)
    assert any("event 7" in line and "does not continue" in line for line in found)


def test_events_are_numbered_without_gaps_also_after_failed_steps(written: Path) -> None:
    def fail(step: Step) -> None:
        step.add_annotator("Nobody")
        raise ZeroDivisionError

    with Store.open(written) as store:
        for _time in range(3):
            with pytest.raises(ZeroDivisionError):
                in_step(store, FIRST, fail)
            add_span(store, "d0", FIRST, "again")
    rows = query(written, "SELECT seq, lamport FROM event ORDER BY seq")
    assert rows == [(number, number) for number in range(1, len(rows) + 1)]
