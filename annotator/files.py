"""A file that the program writes: drafted beside its place, made durable, then moved into it.

What was there before stays until the new file is complete. For several files see workroom.py.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from annotator.errors import UserError
from annotator.i18n import _

EVERYBODY = 0o666
OWNER_ONLY = 0o600


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


def is_device(target: Path) -> bool:
    """Return whether a path is a device or a pipe, which is written into, not replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def sync_folder(folder: Path) -> None:
    """Make the names of new files themselves durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
