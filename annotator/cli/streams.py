"""`-` in the place of a file: what comes from standard input, and what goes to standard output.

Readers recognise a format by looking into a file twice, and writers move a verified draft into its
place; so a stream passes through a file of its own, which is gone when the command ends.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from annotator.errors import UserError
from annotator.i18n import _

STREAM = Path("-")
INPUT, OUTPUT = "standard input", "standard output"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files to read; `file` is the one that holds what came from standard input."""

    paths: tuple[Path, ...]
    file: Path | None = None

    def told(self, text: str) -> str:
        """Return a text that may hold the path of that file, with the name that people know."""
        if self.file is None:
            return text
        return text.replace(str(self.file), INPUT)


@contextmanager
def inputs(paths: Sequence[Path]) -> Iterator[Inputs]:
    """Give the files to read; standard input, where `-` is among them, becomes one of them."""
    if STREAM not in paths:
        yield Inputs(tuple(paths))
        return
    if list(paths).count(STREAM) > 1:
        raise click.UsageError(_("Standard input can be read once: name “-” once."))
    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        file = Path(folder, INPUT)
        with file.open("wb") as target:
            shutil.copyfileobj(sys.stdin.buffer, target)
        if not file.stat().st_size:
            raise UserError(_("Nothing came from standard input."))
        files = list(paths)
        files[files.index(STREAM)] = file
        given = Inputs(tuple(files), file)
        try:
            yield given
        except UserError as error:
            if str(file) not in str(error):
                raise
            raise UserError(given.told(str(error))) from error


@contextmanager
def output(name: str) -> Iterator[Path]:
    """Give a file to write; what it holds goes to standard output when the block has ended well."""
    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        file = Path(folder, name)
        yield file
        try:
            with file.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise  # who read it has enough
        except OSError as error:
            message = _("Standard output cannot be written: {reason}.")
            raise UserError(message.format(reason=error.strerror or str(error))) from error
