"""Names of files on the way out: such as every system can keep."""

import re
import unicodedata

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
_SLUG = re.compile(r"[^\w\u0300-\u036f\u064b-\u0652-]+")
_LONGEST = 180  # bytes; the number, the ending and a temporary mark still fit into 255


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
