"""Long work tells one end of itself, in the window's thread, and leaves room for the next."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject

from annotator.errors import UserError
from annotator.jobs import Progress
from annotator.store import Store
from annotator.ui.runtime.worker import Worker
from tests.patience import SECONDS
from tests.ui.person import Person, wait_until

pytestmark = pytest.mark.usefixtures("qapp")


def heard(worker: Worker) -> list[object]:
    """Return the list into which the ends of a worker are written as they are told."""
    ends: list[object] = []

    def note(end: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        assert not worker.is_running
        ends.append(end)

    worker.ended.connect(lambda: note("ended"))
    worker.done.connect(note)
    worker.failed.connect(lambda error: note(type(error)))
    worker.cancelled.connect(lambda: note("cancelled"))
    return ends


def fail(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    ("work", "end"),
    [
        (lambda _progress: 7, 7),
        (lambda _progress: fail(UserError("no")), UserError),
        (lambda _progress: [].pop(), IndexError),
    ],
)
def test_one_end_is_told_when_the_thread_is_over_and_the_worker_goes(
    work: Callable[[Progress], object], end: object
) -> None:
    owner = QObject()
    worker = Worker(work, owner)
    ends = heard(worker)
    gone: list[int] = []
    worker.destroyed.connect(lambda: gone.append(1))
    worker.start()
    wait_until(lambda: gone)
    assert ends == ["ended", end]
    assert owner.findChildren(Worker) == []


def test_cancelled_work_says_so() -> None:
    began = threading.Event()

    def work(progress: Progress) -> None:
        while True:
            began.set()
            progress(1, 2, "x")

    owner = QObject()
    worker = Worker(work, owner)
    ends = heard(worker)
    worker.start()
    assert began.wait(SECONDS)
    worker.cancel()
    wait_until(lambda: len(ends) == 2)
    assert ends == ["ended", "cancelled"]


def test_nothing_is_told_of_abandoned_work_even_when_it_was_done() -> None:
    owner, was_done = QObject(), threading.Event()
    worker = Worker(lambda _progress: was_done.set(), owner)
    ends = heard(worker)
    worker.start()
    assert was_done.wait(SECONDS)
    worker.abandon()
    wait_until(lambda: ends)
    assert ends == ["ended"]


def test_who_waits_for_work_has_heard_all_of_it() -> None:
    owner = QObject()
    worker = Worker(lambda _progress: 7, owner)
    ends = heard(worker)
    worker.start()
    worker.wait()
    assert ends == ["ended", 7]
    gone: list[int] = []
    worker.destroyed.connect(lambda: gone.append(1))
    wait_until(lambda: gone)
    assert ends == ["ended", 7]


def test_the_end_of_one_work_may_begin_the_next(person: Person) -> None:
    results: list[object] = []

    def go_on(result: object) -> None:
        results.append(result)
        if len(results) < 20:
            person.window.run(lambda _progress: len(results)).then(go_on)

    person.window.run(lambda _progress: 0).then(go_on)
    wait_until(lambda: len(results) == 20)
    assert results == list(range(20))
    assert "under way" not in person.notice()


def test_a_step_made_beside_the_window_is_followed_in_its_turn(person: Person) -> None:
    store = person.session.store
    change = threading.Thread(target=lambda: finish(store, "kk-1"))
    change.start()
    change.join()
    finish(store, "ru-1")
    assert {entry.id: entry.status for entry in person.session.entries} == {
        "fa-1": "new",
        "kk-1": "done",
        "ru-1": "done",
    }


def test_after_long_work_the_window_shows_what_it_stored(person: Person) -> None:
    store = person.session.store
    seen: list[str] = []
    work = person.window.run(lambda _progress: finish(store, "kk-1"))
    work.then(lambda _none: seen.extend(entry.status for entry in person.session.entries))
    person.wait_for_work()
    assert sorted(seen) == ["done", "new", "new"]


def finish(store: Store, document: str) -> None:
    """Mark a document of the annotator's as done."""
    with store.change("finish", "aida") as step:
        step.put_status(document, step.add_annotator("aida"), "done")
