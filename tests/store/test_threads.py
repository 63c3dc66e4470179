"""One store, several threads: steps never mix, nothing is lost, everybody hears of everything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from annotator.model import Changes, Document
from annotator.store import Store
from tests.store.projects import ANNOTATORS, add_span, id_of, make_span, new_project, query

STEPS = 40


def in_threads(*works: Callable[[], object]) -> None:
    """Run works at the same time; raise what any of them raises."""
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def write(store: Store, annotator: str) -> None:
    """Write steps of three events each."""
    text = store.document("d0").text
    for number in range(STEPS):
        with store.change(f"{annotator} {number}", annotator) as step:
            for part in range(3):
                step.put_span(
                    "d0", id_of(annotator), make_span(f"{number}-{part}", text, (part, part + 2))
                )


def test_two_threads_write_steps_that_do_not_mix(tmp_path: Path) -> None:
    seen: list[Changes] = []
    first, second = ANNOTATORS
    with new_project(tmp_path, documents=1) as store:
        store.listeners.append(seen.append)
        in_threads(lambda: write(store, first), lambda: write(store, second))
        assert [len(store.annotation_set("d0", name).spans) for name in ANNOTATORS] == [
            3 * STEPS,
            3 * STEPS,
        ]
        assert len(seen) == 2 * STEPS
        assert store.faults() == []
        path = store.path
    order = [
        step for (step,) in query(path, "SELECT step FROM event WHERE layer <> '' ORDER BY lamport")
    ]
    assert all(len(set(order[at : at + 3])) == 1 for at in range(0, len(order), 3))


def test_reading_goes_on_while_another_thread_writes(tmp_path: Path) -> None:
    first, _second = ANNOTATORS
    with new_project(tmp_path, documents=1) as store:

        def read() -> None:
            for _time in range(60):
                for record in store.records():
                    assert (
                        record.annotation_set is None or len(record.annotation_set.spans) % 3 == 0
                    )
                store.entries(first)
                store.undoable(first)

        in_threads(lambda: write(store, first), read)


def test_an_import_in_portions_and_single_steps_go_on_side_by_side(tmp_path: Path) -> None:
    first, second = ANNOTATORS
    with new_project(tmp_path, documents=1) as store:

        def bring() -> None:
            name = ""
            for portion in range(STEPS):
                with store.change("import", second, continues=name) as step:
                    name = step.id
                    for number in range(5):
                        step.add_document(
                            Document(f"{portion}/{number}", "", f"text {portion} {number}")
                        )

        in_threads(bring, lambda: write(store, first))
        assert [step.title for step in store.steps(second)] == ["import"]
        assert len(store.entries(first)) == 1 + 5 * STEPS
        store.undo(second)
        assert len(store.entries(first)) == 1
        assert store.faults() == []


def test_undo_and_new_steps_at_once_keep_the_log_sound(tmp_path: Path) -> None:
    first, second = ANNOTATORS
    with new_project(tmp_path, documents=1) as store:
        for number in range(20):
            add_span(store, "d0", first, f"s{number}")

        def take_back() -> None:
            for _time in range(10):
                store.undo(first)

        in_threads(take_back, take_back, lambda: write(store, second))
        assert store.annotation_set("d0", first).is_empty
        assert store.faults() == []
