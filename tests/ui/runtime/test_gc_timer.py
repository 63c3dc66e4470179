"""Garbage cycles are searched for in the window's thread alone, and are still found."""

import gc
import threading
import weakref

from annotator.ui.app import application, window
from annotator.ui.runtime.gc_timer import GcTimer


class Ring:
    """A thing that holds itself, and notes in which thread it goes."""

    def __init__(self, gone_in: list[threading.Thread]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: gone_in.append(threading.current_thread()))


def test_a_busy_thread_beside_the_window_frees_nothing_of_it(qtbot: object) -> None:
    made = window()
    gone: list[threading.Thread] = []
    Ring(gone)
    busy = threading.Thread(target=lambda: [[[number]] for number in range(200_000)])
    busy.start()
    busy.join()
    assert gone == []
    made.close()


def test_what_is_due_is_freed_in_the_window_s_thread(qtbot: object) -> None:
    made = window()
    collector = application().findChild(GcTimer)
    assert collector is not None
    gc.collect()
    gone: list[threading.Thread] = []
    Ring(gone)
    kept = [[number] for number in range(20_000)]
    collector.look()
    assert gone == [threading.main_thread()]
    assert len(kept) == 20_000
    made.close()
