"""Files that a job writes: drafted beside their place, made durable, then moved into it.

All of them or none.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.gc_pause import collector_paused
from annotator.store.file.durable import sync_folder

Draft = tuple[Path, Path]
"""A file as drafted, and where it belongs."""

_AT_ONCE = 8


def replaced(target: Path, folder: Path | None, draft: Callable[[Path], list[Draft]]) -> list[Path]:
    """Have files drafted in a room within a folder (None.

    Anywhere), and move them to where they belong.

    Raises UserError, which names the target, and changes nothing there.
    """
    try:
        with (
            collector_paused(),
            _there(folder),
            tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as room,
        ):
            return list(_moved(draft(Path(room))))
    except OSError as error:
        message = _(
            "{path} cannot be written: {reason}. What was there before is untouched. Choose another"
            " place or free some space."
        )
        raise UserError(message.format(path=str(target), reason=error.strerror or error)) from error


def put_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder: all of them, or none."""

    def draft(room: Path) -> list[Draft]:
        for name, content in contents.items():
            (room / name).write_bytes(content)
        make_durable(*(room / name for name in contents))
        return [(room / name, folder / name) for name in contents]

    return replaced(folder, folder, draft)


@contextmanager
def _there(folder: Path | None) -> Iterator[None]:
    """Make a folder where it is missing; where what follows fails, no empty one is left."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()] if folder else []
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        raise


def is_device(target: Path) -> bool:
    """Return whether a place is a device or a pipe, which is written into, not replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def make_durable(*paths: Path) -> None:
    """Flush files to the disk, several at a time.

    A file system then writes them together, ten times faster than one by one.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_flush, paths))  # what failed is raised here


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _moved(files: list[Draft]) -> Iterator[Path]:
    """Move drafts to where they belong, and walk over these places."""
    folders = set[Path]()
    for draft, final in files:
        if is_device(final):
            with draft.open("rb") as source, final.open("wb") as device:
                shutil.copyfileobj(source, device)
        else:
            final.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(final)
            folders.add(final.parent)
        yield final
    for folder in folders:
        sync_folder(folder)
