"""A notice: one thing that the person is told above the text."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence; it `stays` until it is closed, or passes by itself.

    `details` are lines that can be read on request; `action` names something that can be done about
    it, `does` does it.
    """

    text: str
    stays: bool = False
    details: tuple[str, ...] = ()
    action: str = ""
    does: Callable[[], object] | None = None
