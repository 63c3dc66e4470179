"""How active time is counted.

Between acts, a pause for one minute at most, and visits that are more than a passing by.
"""

from pathlib import Path

import pytest

from annotator.session import Session, Timekeeper
from annotator.store import Store
from tests.projects import made


class Clock:
    """A clock that a test winds."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _spent(store: Store) -> list[tuple[str, int]]:
    return [(each.document, each.active_ms) for each in store.stretches()]


def _known(store: Store) -> None:
    with store.change("", "aida") as step:
        step.add_annotator("aida")


def test_a_pause_counts_for_a_minute_and_the_visit_is_stored_when_it_ends(
    tmp_path: Path, clock: Clock
) -> None:
    with made(tmp_path / "p.annot") as store:
        _known(store)
        keeper = Timekeeper(store, "aida", clock)
        keeper.note("fa-1")
        for seconds in (10, 20, 3600):
            clock.now += seconds
            keeper.note("fa-1")
        assert _spent(store) == []
        clock.now += 5
        keeper.note("kk-1")
        assert _spent(store) == [("fa-1", 95_000)]
        clock.now += 2
        keeper.note("")
        assert _spent(store) == [("fa-1", 95_000)]  # two seconds are a passing by


def test_a_long_visit_is_stored_now_and_then(tmp_path: Path, clock: Clock) -> None:
    with made(tmp_path / "p.annot") as store:
        _known(store)
        keeper = Timekeeper(store, "aida", clock)
        keeper.note("fa-1")
        for _minute in range(11):
            clock.now += 60
            keeper.note("fa-1")
        assert _spent(store) == [("fa-1", 300_000)] * 2


JUST_BELOW = 3 - 1 / 1024  # which the clock holds exactly: 2999 whole milliseconds


@pytest.mark.parametrize(("seconds", "stored"), [(3.0, [("fa-1", 3_000)]), (JUST_BELOW, [])])
def test_a_visit_of_three_seconds_is_more_than_a_passing_by(
    tmp_path: Path, clock: Clock, seconds: float, stored: list[tuple[str, int]]
) -> None:
    with made(tmp_path / "p.annot") as store:
        _known(store)
        keeper = Timekeeper(store, "aida", clock)
        keeper.note("fa-1")
        clock.now += seconds
        keeper.note("")
        assert _spent(store) == stored


def test_nothing_is_counted_while_no_document_is_open(tmp_path: Path, clock: Clock) -> None:
    with made(tmp_path / "p.annot") as store:
        _known(store)
        keeper = Timekeeper(store, "aida", clock)
        keeper.note("")
        clock.now += 50
        keeper.note("fa-1")
        clock.now += 10
        keeper.note("")
        assert _spent(store) == [("fa-1", 10_000)]


def test_a_session_counts_what_hands_do_and_tells_its_listeners_nothing_of_it(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "p.annot"
    session = Session(made(path), "aida")
    session.timekeeper = Timekeeper(session.store, "aida", clock)
    told: list[frozenset[str]] = []
    session.open_document("fa-1")
    session.listeners.append(told.append)
    clock.now += 30
    session.select_text(0, 4)
    clock.now += 30
    session.open_document("kk-1")
    assert [topics for topics in told if "history" in topics] == []
    clock.now += 30
    session.close()
    with Store.open(path, readonly=True) as store:
        assert _spent(store) == [("fa-1", 60_000), ("kk-1", 30_000)]
