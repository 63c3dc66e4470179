"""File formats, one module each; `formats()` lists them, `guess` recognises a file."""

from functools import cache
from pathlib import Path

from annotator.errors import UserError
from annotator.formats._api import NESTED, Format, Misaligned, ReadOptions, Report, WriteOptions
from annotator.formats._sandbox.extracted import SHEET
from annotator.i18n import _
from annotator.registry import modules_in

__all__ = [
    "NESTED",
    "SHEET",
    "Format",
    "Misaligned",
    "ReadOptions",
    "Report",
    "WriteOptions",
    "find_format",
    "formats",
    "guess",
]

HEAD = 65536


@cache
def formats() -> dict[str, Format]:
    """Return all formats by id."""
    found = (module.FORMAT for module in modules_in(__name__))
    return {entry.id: entry for entry in found}


def find_format(name: str) -> Format:
    """Return a format by its id."""
    try:
        return formats()[name]
    except KeyError:
        known = ", ".join(sorted(formats()))
        raise UserError(
            _("There is no format {name}. Choose one of: {known}.").format(name=name, known=known)
        ) from None


def guess(path: Path) -> Format | None:
    """Return the format that recognises a file best, or None."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    sure = [(entry.sniff(head, path), entry.id) for entry in formats().values() if entry.read]
    best, name = max(sure, default=(0.0, ""))
    return formats()[name] if best > 0 else None
