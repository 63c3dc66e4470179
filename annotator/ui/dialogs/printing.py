"""A sheet of two columns as a file to print: PDF, or a web page."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.errors import FSI, PDI, UserError
from annotator.i18n import _, is_right_to_left, language
from annotator.ui.look.style import text_font

MARGIN_MM = 15.0
POINTS = 9
DOTS_PER_INCH = 300


def page(title: str, lines: Iterable[str]) -> str:
    """Return a web page of lines with a tab between key and meaning; an empty line is a gap.

    Keys run from left to right.
    """
    direction = "rtl" if is_right_to_left() else "ltr"
    side = "right" if is_right_to_left() else "left"
    rows = []
    for line in lines:
        key, _tab, meaning = line.partition("\t")
        cells = (
            f'<td dir="ltr" align="{side}"><b>{escape(key)}</b>&nbsp;&nbsp;</td>'
            f"<td>{FSI}{escape(meaning)}{PDI}</td>"
        )
        rows.append(f'<tr dir="{direction}">{cells if line else "<td>&nbsp;</td><td></td>"}</tr>')
    head = f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    body = (
        f'<body dir="{direction}"><h2>{escape(title)}</h2><table dir="{direction}"'
        f' cellpadding="2">{"".join(rows)}</table></body>'
    )
    return f'<!DOCTYPE html><html lang="{language()}" dir="{direction}">{head}{body}</html>'


def write(path: Path, title: str, lines: Iterable[str]) -> None:
    """Write the sheet to a file: a web page where its name says so, else PDF."""
    content = page(title, lines)
    try:
        if path.suffix.lower() in (".html", ".htm"):
            path.write_text(content, encoding="utf-8")
            return
        path.touch()  # the writer of PDF says nothing when it cannot write
    except OSError as error:
        raise UserError(
            _("{path} cannot be written: {reason}.").format(path=str(path), reason=error.strerror)
        ) from error
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter
    )
    document = QTextDocument()
    font = QFont(text_font(POINTS, arabic=False))
    font.setPointSize(POINTS)
    document.setDefaultFont(font)
    document.setHtml(content)
    document.print_(writer)


def ask_and_write(parent: QWidget, title: str, lines: Iterable[str]) -> None:
    """Ask where to write the sheet, and write it."""
    name, _kind = QFileDialog.getSaveFileName(
        parent, _("Save to print"), f"{title}.pdf", _("PDF or web page (*.pdf *.html)")
    )
    if name:
        write(Path(name), title, lines)
