"""Files that the program writes: drafted beside their place, made durable, then moved into it.

What was there before stays until the new file is complete.

Words: a *draft* is a file as written with the place where it belongs; a *workroom* is a folder of
drafts, on the file system of the target, so that moving a draft is one step that cannot half fail.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from annotator.errors import UserError
from annotator.i18n import _

Draft = tuple[Path, Path]
"""A file as drafted, and where it belongs."""

EVERYBODY = 0o666
OWNER_ONLY = 0o600
_FLUSHED_AT_ONCE = 8


@contextmanager
def replacing(path: Path, durable: bool = True, mode: int = EVERYBODY) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` only when it is complete.

    `durable` flushes it to the disk first. `mode`: who may read and write it, before the umask.
    """
    part = path.with_name(
        f".{hashlib.blake2b(path.name.encode(), digest_size=6).hexdigest()}-{os.getpid()}.part"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode)
        with part.open("wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        message = _("{path} cannot be written: {reason}. Choose another place or free some space.")
        raise UserError(message.format(path=str(path), reason=error.strerror)) from error
    finally:
        with suppress(OSError):  # the folder itself may be what is missing
            part.unlink()


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


def is_device(target: Path) -> bool:
    """Return whether a path is a device or a pipe, which is written into, not replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def make_durable(*paths: Path) -> None:
    """Flush files to the disk, several at a time.

    A file system then writes them together, ten times faster than one by one.
    """
    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:
        list(pool.map(_flush, paths))  # what failed is raised here


def sync_folder(folder: Path) -> None:
    """Make the names of new files themselves durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
