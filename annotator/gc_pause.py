"""The cyclic garbage collector in bulk work: it would walk over all values and find nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic collector for bulk work (it costs up to 2.7 times the work itself)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def leave_to_timer() -> None:
    """Switch the collector off for good; a timer of the window does what is due.

    Called as early as can be: the start makes much that stays, and looking for garbage in it takes
    a tenth of its time.
    """
    gc.disable()
