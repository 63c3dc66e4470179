"""Files on the way out: names that every system can keep, and a file whole or not at all."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from annotator.errors import UserError
from annotator.i18n import _

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
_SLUG = re.compile(r"[^\w\u0300-\u036f\u064b-\u0652-]+")
_LONGEST = 180  # bytes; the number, the ending and a temporary mark still fit into 255


@contextmanager
def replacing(path: Path, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` only when it is complete.

    `durable` flushes it to the disk first.
    """
    part = path.with_name(
        f".{hashlib.blake2b(path.name.encode(), digest_size=6).hexdigest()}-{os.getpid()}.part"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
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


def slug(name: str) -> str:
    """Return a name fit for a file on any system: letters, digits, `_` and `-`, at most 180 bytes.

    "" when nothing is left.
    """
    plain = _SLUG.sub("-", unicodedata.normalize("NFC", name.replace("\u200c", "-"))).strip("-")
    while len(plain.encode()) > _LONGEST:
        plain = plain[: max(len(plain) * _LONGEST // len(plain.encode()), 1)]
    plain = plain.strip("-")
    return f"{plain}-" if plain.casefold() in _RESERVED else plain


def numbered(number: int, name: str) -> str:
    """Return the stem of the file of the n-th document.

    The number alone makes it unlike all others.
    """
    plain = slug(name)
    return f"{number:04}-{plain}" if plain else f"{number:04}"
