"""How long work reports: by calling a function, which may raise CancelledError."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then with what is done, of how much (0: unknown), and at what.

    May raise CancelledError.
    """

    def __call__(self, done: int, total: int, what: str, /) -> None:
        """Report."""


def silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""
