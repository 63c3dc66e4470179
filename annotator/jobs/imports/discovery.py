"""Which files an import reads: paths as given, folders walked, each file once."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from annotator.errors import UserError
from annotator.formats import Format, find_format, formats, guess
from annotator.i18n import _

HIDDEN = (".", "~")


class Source(NamedTuple):
    """A file to read.

    format None: not recognised; root: the folder it was found by, None where it was named itself.
    """

    path: Path
    format: Format | None
    root: Path | None = None


def sources(paths: Iterable[Path], wanted: str = "") -> list[Source]:
    """Return the files to read; folders are walked, equal paths read once.

    A missing path is a UserError: a name typed wrongly must not pass for an empty import.
    """
    forced = find_format(wanted) if wanted else None
    found: dict[Path, Path | None] = {}
    for path in paths:
        for inside, root in _below(path, forced):
            found.setdefault(inside, root)
    return [Source(path, forced or recognised(path), root) for path, root in found.items()]


def recognised(path: Path) -> Format | None:
    """Return the format of a file by its content, else the one its name speaks of.

    Reading it then says what is wrong with it.
    """
    try:
        found = guess(path)
    except OSError:
        found = None
    suffix = path.suffix.lower()
    named = [entry for entry in formats().values() if entry.read and suffix in entry.extensions]
    # Several formats share an ending; the one that names it first has it as its own.
    closest = min((entry.extensions.index(suffix) for entry in named), default=0)
    owners = [entry for entry in named if entry.extensions.index(suffix) == closest]
    return found or (owners[0] if len(owners) == 1 else None)


def _below(path: Path, forced: Format | None) -> list[tuple[Path, Path | None]]:
    try:
        if path.is_file():
            return [(path, None)]
        if path.is_dir():
            files = _files_of(path, forced)
            if files:
                return [(file, path) for file in files]
            raise UserError(
                _("The folder {path} holds no file that can be imported.").format(path=str(path))
            )
        there = path.exists()
    except OSError as error:
        message = _(
            "{path} cannot be read: {reason}. Ask for the right to read it, or copy it to a folder"
            " of your own."
        )
        where = str(error.filename or path)
        raise UserError(message.format(path=where, reason=error.strerror)) from error
    if there:
        raise UserError(_("{path} is neither a file nor a folder.").format(path=str(path)))
    raise UserError(_("There is no file or folder {path}. Check the name.").format(path=str(path)))


def _files_of(folder: Path, forced: Format | None) -> list[Path]:
    files = _walked(folder)
    claimants = [forced] if forced else [entry for entry in formats().values() if entry.read]
    for entry in claimants:
        claimed = entry.sources(folder) if entry.sources else []
        if claimed:
            return claimed
    extensions = {end for entry in claimants for end in entry.extensions}
    return [path for path in files if path.suffix.lower() in extensions]


def _walked(folder: Path) -> list[Path]:
    """Return the files below a folder in order, hidden ones aside.

    A folder inside that cannot be read raises OSError.
    """
    files = []
    for place, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith(HIDDEN))
        files += [
            path
            for path in (Path(place, name) for name in sorted(names) if not name.startswith(HIDDEN))
            if path.is_file()
        ]
    return files


def _fail(error: OSError) -> None:
    raise error
