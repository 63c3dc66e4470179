"""Offsets in other units: code points ↔ UTF-16 units ↔ UTF-8 bytes, raw text ↔ canonical text.

Words: a *raw* text is as it was decoded; the *canonical* text is what is stored (no leading BOM,
every newline is one LF). Inside the program an offset is a code point of the canonical text. An
impossible offset is a ValueError, never a guess.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_CARRIAGE_RETURN = re.compile("\r\n?")
_BOM = "\ufeff"
_BLOCK = 1024


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units the text takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def first_forbidden(text: str) -> tuple[int, str] | None:
    """Return position and name of the first NUL or lone surrogate, which no document may hold."""
    match = _FORBIDDEN.search(text) if "\x00" in text or not _has_utf16(text) else None
    if match is None:
        return None
    code = ord(match.group())
    return match.start(), f"lone surrogate (U+{code:04X})" if code else "NUL (U+0000)"


def _has_utf16(text: str) -> bool:
    """Return whether no surrogate is alone, ten times faster than a search does."""
    try:
        text.encode("utf-16-le")
    except UnicodeEncodeError:
        return False
    return True


class Utf16Map:
    """Maps code points of one text to UTF-16 units and back."""

    __slots__ = ("_astral", "_length", "_units")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        # Without an astral character, as in nearly every text, the lists stay empty and both units
        # are one.
        self._astral = (
            [found.start() for found in _ASTRAL.finditer(text)]
            if utf16_length(text) > len(text)
            else []
        )
        self._units = [position + number for number, position in enumerate(self._astral)]

    @property
    def is_identity(self) -> bool:
        """Return whether both units count the same in this text."""
        return not self._astral

    def to_utf16(self, position: int) -> int:
        """Return the UTF-16 offset of a code point offset."""
        _check(position, self._length, "code point")
        return position + bisect_left(self._astral, position)

    def to_codepoint(self, unit: int) -> int:
        """Return the code point offset of a UTF-16 offset; inside a pair is a ValueError."""
        _check(unit, self._length + len(self._astral), "UTF-16")
        before = bisect_left(self._units, unit)
        if before and self._units[before - 1] + 1 == unit:
            raise ValueError(f"the UTF-16 offset {unit} lies inside a character")
        return unit - before

    def nearest_codepoint(self, unit: int) -> int:
        """Return the code point offset at or before a UTF-16 offset; outside, the nearer end."""
        return min(max(unit - bisect_left(self._units, unit), 0), self._length)


class Utf8Map:
    """Maps code points of one text to UTF-8 bytes and back.

    A lone surrogate in the text is a ValueError.
    """

    __slots__ = ("_bytes", "_length", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._length = len(text)
        # Byte offsets of every 1024th code point: one entry a character would take longer to build
        # than to use.
        blocks = (
            ()
            if text.isascii()
            else (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
        )
        self._bytes = list(accumulate((len(block.encode()) for block in blocks), initial=0))

    @property
    def is_identity(self) -> bool:
        """Return whether both units count the same in this text."""
        return len(self._bytes) == 1

    def to_utf8(self, position: int) -> int:
        """Return the byte offset of a code point offset."""
        _check(position, self._length, "code point")
        if self.is_identity:
            return position
        block = position // _BLOCK
        return self._bytes[block] + len(self._text[block * _BLOCK : position].encode())

    def to_codepoint(self, byte: int) -> int:
        """Return the code point offset of a byte offset; inside a character is a ValueError."""
        _check(byte, self._length if self.is_identity else self._bytes[-1], "byte")
        position = self.nearest_codepoint(byte)
        if self.to_utf8(position) != byte:
            raise ValueError(f"the byte offset {byte} lies inside a character")
        return position

    def nearest_codepoint(self, byte: int) -> int:
        """Return the code point offset at or before a byte offset; outside, the nearer end."""
        if self.is_identity:
            return min(max(byte, 0), self._length)
        within = min(max(byte, 0), self._bytes[-1])
        block = min(bisect_right(self._bytes, within), len(self._bytes) - 1) - 1
        start = block * _BLOCK
        head = self._text[start : start + _BLOCK].encode()[: within - self._bytes[block]]
        return start + len(head.decode(errors="ignore"))


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical text and how it came from the raw one.

    `bom` counts the marks at its beginning (a file that was saved twice has two); `dropped` are the
    offsets, in the raw text without them, of the CRs that stood before an LF; `lone` counts the CRs
    that became an LF of their own and so moved nothing.
    """

    text: str
    bom: int = 0
    dropped: tuple[int, ...] = ()
    lone: int = 0

    @property
    def is_changed(self) -> bool:
        """Return whether the raw text was another one."""
        return self.bom > 0 or bool(self.dropped) or self.lone > 0

    @property
    def raw_length(self) -> int:
        """Length of the raw text."""
        return len(self.text) + len(self.dropped) + self.bom

    def from_raw(self, position: int) -> int:
        """Return the canonical offset of a raw one; between CR and LF is before the newline."""
        _check(position, self.raw_length, "raw")
        without_bom = max(position - self.bom, 0)
        return without_bom - bisect_left(self.dropped, without_bom)

    def to_raw(self, position: int) -> int:
        """Return the raw offset of a canonical one: after the BOMs, before the CR of a newline."""
        _check(position, len(self.text), "code point")
        before = bisect_left(
            range(len(self.dropped)),
            position,
            key=lambda number: self.dropped[number] - number,
        )
        return position + before + self.bom


def canonical(text: str) -> Canonical:
    """Return the text as it is stored: without a leading BOM, each CR LF and lone CR one LF."""
    body = text.lstrip(_BOM)
    bom = len(text) - len(body)
    if "\r" not in body:
        return Canonical(body, bom)
    found = [(match.start(), len(match.group())) for match in _CARRIAGE_RETURN.finditer(body)]
    dropped = tuple(start for start, length in found if length == 2)
    return Canonical(
        body.replace("\r\n", "\n").replace("\r", "\n"),
        bom,
        dropped,
        len(found) - len(dropped),
    )


def _check(position: int, length: int, unit: str) -> None:
    if not 0 <= position <= length:
        raise ValueError(
            f"the {unit} offset {position} lies outside of the text, which ends at {length}"
        )
