"""PDF → its text, line by line as it stands on the pages.

Lines that go on are joined to paragraphs where the text is in order.
"""

import re
from itertools import pairwise
from pathlib import Path

# It ships without types; what is used of it stands in this module alone.
import pypdfium2  # type: ignore[import-untyped]

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import Piece
from annotator.i18n import _
from annotator.text.repair import looks_turned

PAGE = "page"
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_HYPHENS = re.compile("[\ufffe\x02]")  # what PDFium gives for a hyphen at the end of a line
_CONTROLS = re.compile("[\x00\x01\x03-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TURNED_PAIR = re.compile("([\udc00-\udfff])([\ud800-\udbff])")
_ENDS = re.compile("[.!?:؟؛…。][»”\"')\\]]*$")
_BEGINS = re.compile(r"\s*(?:[-–—•●▪*]|\(?\d+[.)])\s")
_FULL = 0.75  # of the usual length of a line, from which on a line is full


def pieces(path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return the file as one text, or each page."""
    file = _opened(path)
    try:
        pages = [_page_text(page, report) for page in file]
        title = str(file.get_metadata_dict().get("Title", "")).strip()
    except pypdfium2.PdfiumError as error:
        raise InputError(path, 0, _("a page of the file cannot be read; it is damaged")) from error
    finally:
        file.close()
    _check_text(pages, path, report)
    joined = 0
    for number, page in enumerate(pages):
        pages[number], count = joined_lines(page)
        joined += count
    if joined:
        report.change("lines", _("lines that go on in the next one were joined with it"), joined)
    meta = {"title": title} if title else {}
    if options.unit == PAGE:
        return [Piece(text, f"{number:04}", meta=meta) for number, text in enumerate(pages, 1)]
    return [Piece("\n".join(page for page in pages if page), meta=meta)]


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PASSWORD:
            reason = _(
                "the file has a password; open it in a viewer and print or save it without one"
            )
        else:
            reason = _("this is no PDF, or it is damaged")
        raise InputError(path, 0, reason) from error


def _page_text(page: pypdfium2.PdfPage, report: Report) -> str:
    units = page.get_textpage().get_text_range(errors="surrogatepass")
    # PDFium turns right-to-left runs by UTF-16 units, which puts the halves of an emoji the wrong
    # way round.
    text = (
        _TURNED_PAIR.sub(r"\2\1", units)
        .encode("utf-16-le", "surrogatepass")
        .decode("utf-16-le", "surrogatepass")
    )
    halves = len(_SURROGATES.findall(text))
    if halves:
        report.lose(
            "characters", _("halves of characters, without their other half, are left out"), halves
        )
    lines = _HYPHENS.sub("\u00ad", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROLS.sub("", lines).strip("\n")


def _check_text(pages: list[str], path: Path, report: Report) -> None:
    empty = sum(1 for page in pages if not page.strip())
    if empty == len(pages):
        raise InputError(
            path,
            0,
            _(
                "the file holds pictures of text only, as scans do; make its text with a program"
                " for OCR first"
            ),
        )
    if empty:
        report.lose("pages", _("pages without text, such as pictures, bring nothing"), empty)


def joined_lines(text: str) -> tuple[str, int]:
    """Return the text with full lines that end no sentence joined to the next, and how many.

    A text in visual order stays as it is.
    """
    lines = [line.rstrip(" ") for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    if len(lengths) < 2 or looks_turned(text):
        return text, 0
    usual = lengths[len(lengths) * 3 // 4]
    made = [lines[0]]
    joined = 0
    for before, line in pairwise(lines):
        goes_on = (
            len(before) >= _FULL * usual
            and not _ENDS.search(before)
            and line.strip()
            and not _BEGINS.match(line)
        )
        if not goes_on:
            made.append(line)
            continue
        joined += 1
        made[-1] += line.lstrip(" ") if before.endswith("\u00ad") else f" {line.lstrip(' ')}"
    return "\n".join(made), joined
