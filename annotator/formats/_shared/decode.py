"""Bytes → canonical text.

The encoding is told by a BOM, else by the first that fits: strict UTF-8, UTF-16 and UTF-32 without
BOM, 8-bit code pages.

Nothing is repaired on the way: what does not decode strictly, mixes encodings or is no text at all
is refused with its line.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, UserError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.codepages import CANDIDATES, LEAST, ranking
from annotator.i18n import _
from annotator.model import Source
from annotator.text.offsets import Canonical, canonical, first_forbidden

_HEAD = 8192
FOREIGN_COHERENCE = 20.0
# UTF-32 first: its little-endian BOM begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"\x89PNG",
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x7fELF",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"SQLite format 3\x00",
    b"\x1f\x8b",
    b"MZ\x90",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"BZh9",
    b"RIFF",
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What the text of our languages is made of; a wrong width gives CJK, private use and controls
# instead.
_EXPECTED = re.compile(
    "[\t\n\r -~\u00a0-\u024f\u0300-\u052f\u0600-\u06ff\u0750-\u077f\u1e00-\u1eff"
    "\u2000-\u206f\u20a0-\u2122\ufb50-\ufeff\U0001f000-\U0001faff]"
)
_MULTIBYTE = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""A file's canonical text and how it was read.

    `raw` is what was decoded, `canonical` maps offsets in it; `newline` is "\n", "\r\n", "\r" or
    "mixed"; `changes` are kind, why and count; `alternatives` are other encodings that could be
    meant, the likeliest first.
    """

    raw: str
    canonical: Canonical
    encoding: str
    newline: str
    sha256: str
    changes: tuple[tuple[str, str, int], ...] = ()
    alternatives: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.canonical.text

    def source(self, path: Path) -> Source:
        """Return where a document's text came from."""
        return Source(path.name, self.encoding, self.newline, self.sha256)


def read_text(path: Path, options: ReadOptions, report: Report) -> Decoded:
    """Read a whole text file; what was changed goes into the report."""
    decoded = decode(read_bytes(path), options.encoding, path)
    report.encodings[str(path)] = decoded.encoding
    for kind, why, count in decoded.changes:
        report.change(kind, why, count)
    return decoded


def read_bytes(path: Path) -> bytes:
    """Read a file; one that cannot be read is an InputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            path, 0, _("the file cannot be read: {reason}").format(reason=error.strerror)
        ) from error


def decode(data: bytes, encoding: str = "", path: Path | str = "") -> Decoded:
    """Decode bytes strictly, in the named encoding or in the one they are recognised as."""
    changes: list[tuple[str, str, int]] = []
    alternatives: tuple[str, ...] = ()
    if encoding:
        raw = decode_as(data, encoding, path)
    else:
        encoding, raw, alternatives = _recognised(data, path)
        if encoding not in ("utf-8", "utf-8-sig"):
            changes.append(
                (
                    "encoding",
                    _("the file is not UTF-8; it was read as {name}").format(name=encoding),
                    1,
                )
            )
    made = canonical(raw)
    refuse_forbidden(raw, path)
    if made.bom or encoding in ("utf-8-sig", "utf-16", "utf-32"):
        changes.append(("BOM", _("a byte order mark at the beginning was dropped"), 1))
    if made.dropped or made.lone:
        changes.append(("newlines", _("CR LF and CR were made LF"), len(made.dropped) + made.lone))
    return Decoded(
        raw,
        made,
        encoding,
        _newline(raw, made),
        hashlib.sha256(data).hexdigest(),
        tuple(changes),
        alternatives,
    )


def decode_as(data: bytes, encoding: str, path: Path | str = "") -> str:
    """Decode in a named encoding, strictly."""
    try:
        return data.decode(encoding)
    except LookupError as error:
        message = _(
            "There is no text encoding {name}. Name one such as utf-8, cp1251, koi8-r, cp1256 or"
            " utf-16."
        )
        raise UserError(message.format(name=encoding)) from error
    except UnicodeDecodeError as error:
        reason = _("byte {byte} is not {name}").format(byte=error.start + 1, name=encoding)
        raise InputError(path, _line(data, error.start), reason) from error
    except UnicodeError as error:
        raise InputError(path, 0, _("the file is not {name}").format(name=encoding)) from error


def encoded(text: str) -> bytes:
    """Return a text as UTF-8, with a BOM where `decode` would take it for something else."""
    data = text.encode()
    is_odd = data.startswith((*_MAGIC, codecs.BOM_UTF8)) or (
        _CONTROL.search(data[:_HEAD]) and _wide(data)
    )
    return codecs.BOM_UTF8 + data if is_odd else data


def looks_like_text(head: bytes) -> str:
    """Return the beginning of a file as text, "" where it is none.

    It serves sniffing, so the last character may be cut.
    """
    if head.startswith(_MAGIC):
        return ""
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    if bom:
        return head.decode(bom, errors="ignore").removeprefix("\ufeff")
    cut = head[: len(head) // 4 * 4]
    wide = _wide(cut) if _CONTROL.search(head[:_HEAD]) else None
    if wide:
        return wide[1]
    if b"\x00" in head[:_HEAD]:
        return ""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        ranked = ranking(head)
        return head.decode(ranked[0][1]) if ranked and ranked[0][0] >= LEAST else ""


def refuse_forbidden(text: str, path: Path | str, first_line: int = 1) -> None:
    """Raise an InputError where a text holds NUL or a lone surrogate."""
    found = first_forbidden(text)
    if found:
        line = first_line + text.count("\n", 0, found[0])
        column = found[0] - text.rfind("\n", 0, found[0])
        raise InputError(
            path,
            line,
            _("the text holds {what} at character {column}; remove it").format(
                what=found[1], column=column
            ),
        )


def _recognised(data: bytes, path: Path | str) -> tuple[str, str, tuple[str, ...]]:
    if data.startswith(_MAGIC):
        raise InputError(path, 0, _("this is a binary file, not text"))
    bom = next((name for mark, name in _BOMS if data.startswith(mark)), "")
    if bom:
        # Decoded as UTF-8 the mark stays in the raw text, and offsets that were counted with it can
        # be told.
        return bom, decode_as(data, "utf-8" if bom == "utf-8-sig" else bom, path), ()
    if _CONTROL.search(data[:_HEAD]):
        wide = _wide(data)
        if wide:
            return *wide, ()
    if b"\x00" in data[:_HEAD]:
        raise InputError(
            path,
            _line(data, data.index(b"\x00")),
            _("this is a binary file, not text: it holds NUL bytes"),
        )
    if _is_utf8(data):
        return "utf-8", data.decode(), ()
    _refuse_mixed(data, path)
    return _code_page(data, path)


def _is_utf8(data: bytes) -> bool:
    return _first_bad(data) < 0


def _first_bad(data: bytes) -> int:
    """Return where the first byte stands that is not UTF-8, or -1."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return -1


def _wide(data: bytes) -> tuple[str, str] | None:
    """Return the encoding and text where the bytes make sense as UTF-16 or UTF-32 without BOM."""
    for encoding in _WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:_HEAD]
        if head and len(_EXPECTED.findall(head)) >= 0.95 * len(head):
            return encoding, text
    return None


def _code_page(data: bytes, path: Path | str) -> tuple[str, str, tuple[str, ...]]:
    ranked = ranking(data)
    if not ranked or ranked[0][0] < LEAST:
        foreign = _foreign(data)
        if foreign:
            return foreign, decode_as(data, foreign, path), ()
        message = _(
            "the encoding cannot be recognised; save the file as UTF-8 or name its encoding (known"
            " here: {names})"
        )
        raise InputError(path, 0, message.format(names=", ".join(CANDIDATES)))
    best, encoding = ranked[0]
    text = data.decode(encoding)
    others = (
        name
        for value, name in ranked[1:]
        if value >= LEAST and value >= best - 0.5 and data.decode(name) != text
    )
    return encoding, text, tuple(others)


def _foreign(data: bytes) -> str:
    """Return the encoding of a text in a language that is not ours, "" where that is not sure."""
    if _CONTROL.search(data):
        return ""
    # Deferred: it is rarely needed, and slow to load.
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return best.encoding if best is not None and best.percent_coherence >= FOREIGN_COHERENCE else ""


def _refuse_mixed(data: bytes, path: Path | str) -> None:
    """Raise where part of the file is UTF-8 and part is not: at the first line that is not."""
    bad = _first_bad(data)
    line = _line(data, bad)
    known = next((number for number, is_utf8 in _lines_beyond_ascii(data) if is_utf8), 0)
    if known:
        message = _(
            "this line is not UTF-8 while line {other} is: the file mixes encodings; repair it"
            " before importing"
        )
        raise InputError(path, line, message.format(other=known))
    beyond = len(_BEYOND_ASCII.findall(data))
    if sum(map(len, _MULTIBYTE.findall(data))) > 0.5 * beyond:
        message = _(
            "byte {byte} (0x{what:02X}) is not UTF-8, while the rest of the file is; repair it"
            " before importing"
        )
        raise InputError(path, line, message.format(byte=bad + 1, what=data[bad]))


def _lines_beyond_ascii(data: bytes) -> Iterator[tuple[int, bool]]:
    """Walk over the lines with enough bytes beyond ASCII: their numbers, and if they are UTF-8."""
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        if len(_BEYOND_ASCII.findall(line)) >= 8:
            yield number, _is_utf8(line)


def _line(data: bytes, position: int) -> int:
    before = data[:position]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _newline(raw: str, made: Canonical) -> str:
    bare = raw.count("\n") - len(made.dropped)
    kinds = [
        name
        for name, count in (("\r\n", len(made.dropped)), ("\r", made.lone), ("\n", bare))
        if count
    ]
    return "mixed" if len(kinds) > 1 else (kinds or ["\n"])[0]
