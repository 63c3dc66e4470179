"""Two families of error.

`UserError`: the user's world failed (a file is missing, a project is newer than the program). Its
text is a finished sentence that says what happened and what to do; faces show it as it stands.
Everything else is our own bug: it is reported with a traceback and never dressed up as the user's
fault.
"""

from dataclasses import dataclass
from pathlib import Path

# What would let a name reach a terminal or a sentence as an instruction: C0 and C1 controls, and
# bidi controls; and lone surrogates, which stand for the odd bytes of a file's name and cannot be
# written anywhere.
_CONTROLS = (*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298), 8206, 8207, 1564)
_HARMFUL = dict.fromkeys([*_CONTROLS, *range(0xD800, 0xE000)], "�")
FSI, PDI = "\u2068", "\u2069"


def clean(text: str) -> str:
    """Return the text without control characters, fit for one line of a terminal or a message."""
    return text.translate(_HARMFUL)


def isolate(text: str) -> str:
    """Return user text for use inside a sentence.

    Harmless, and of its own direction (FSI … PDI).
    """
    return f"{FSI}{clean(text)}{PDI}"


class UserError(Exception):
    """The user's world failed; the text says what to do."""

    @property
    def message(self) -> str:
        """The sentence as it was made: a message with its names, where there are any."""
        return self.args[0] if self.args else ""


class NotStoredError(UserError):
    """A change did not reach the disk; all earlier work is safe."""


class CancelledError(UserError):
    """The user cancelled a long work; nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an input: where (line 1-based, 0 = the whole file) and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{clean(place)}: {self.reason}"


class InputError(UserError):
    """A file cannot be read as what it claims to be; nothing of it is stored."""

    def __init__(self, path: Path | str, line: int, reason: str) -> None:
        self.problem = Problem(str(path), line, reason)
        super().__init__(str(self.problem))
