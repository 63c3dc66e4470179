"""Several files that the program writes: all of them, or none.

Words: a *draft* is a file as written with the place where it belongs; a *workroom* is a folder of
drafts, on the file system of the target, so that moving a draft is one step that cannot half fail.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import UserError
from annotator.files import is_device, sync_folder
from annotator.i18n import _

Draft = tuple[Path, Path]
"""A file as drafted, and where it belongs."""


_FLUSHED_AT_ONCE = 8


def replaced(target: Path, folder: Path | None, write: Callable[[Path], list[Draft]]) -> list[Path]:
    """Have drafts written into a workroom, and move all of them to where they belong, or none.

    The workroom is made in `folder`, or anywhere if that is None. Raises UserError, which names
    the target, and changes nothing there.
    """
    try:
        with (
            _made_where_missing(folder),
            tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as workroom,
        ):
            return list(_moved(write(Path(workroom))))
    except OSError as error:
        message = _(
            "{path} cannot be written: {reason}. What was there before is untouched. Choose another"
            " place or free some space."
        )
        raise UserError(message.format(path=str(target), reason=error.strerror or error)) from error


def put_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder: all of them, or none."""

    def write(workroom: Path) -> list[Draft]:
        for name, content in contents.items():
            (workroom / name).write_bytes(content)
        make_durable(*(workroom / name for name in contents))
        return [(workroom / name, folder / name) for name in contents]

    return replaced(folder, folder, write)


def make_durable(*paths: Path) -> None:
    """Flush files to the disk, several at a time.

    A file system then writes them together, ten times faster than one by one.
    """
    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:
        list(pool.map(_flush, paths))  # what failed is raised here


@contextmanager
def _made_where_missing(folder: Path | None) -> Iterator[None]:
    """Make a folder where it is missing; where what follows fails, no empty one is left."""
    if folder is None:
        yield
        return
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in missing:
            with suppress(OSError):
                path.rmdir()
        raise


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _moved(drafts: list[Draft]) -> Iterator[Path]:
    """Move drafts to where they belong, and walk over these paths."""
    folders = set[Path]()
    for draft, final in drafts:
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
