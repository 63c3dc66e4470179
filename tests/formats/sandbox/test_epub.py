"""Electronic books: chapters in the order of the spine, as one document or several.

Protected books are refused.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, epub, guess
from tests.formats.round_trip import read_all, total
from tests.formats.sandbox.foreign import TEXT, archive, book

_ABOUT = "<dc:title>کتاب</dc:title><dc:language>fa-IR</dc:language><dc:creator>A</dc:creator>"
_XHTML = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def _chapters() -> dict[str, str]:
    first, second = f"<h1>یک</h1><p>{TEXT}</p>", "<p><script/>دو<a/>&nbsp;</p>"
    return {"a b.xhtml": _XHTML.format(first), "2.xhtml": _XHTML.format(second), "3.xhtml": " "}


def test_a_book_is_one_document_or_one_a_chapter(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", _chapters(), _ABOUT, 'page-progression-direction="rtl"')
    assert guess(path) is epub.FORMAT
    (record,), report = read_all(epub.FORMAT, path)
    assert record.document.text == f"یک\n{TEXT}\n\nدو\u00a0"
    assert (record.document.direction, record.document.language) == ("rtl", "fa")
    assert record.document.meta == {"title": "کتاب", "author": "A"}
    assert report.changes() == []
    chapters, _report = read_all(epub.FORMAT, path, ReadOptions(unit="chapter"))
    assert [(entry.document.name, entry.document.text) for entry in chapters] == [
        ("a-001", f"یک\n{TEXT}"),
        ("a-002", "دو\u00a0"),
    ]
    with pytest.raises(UserError, match="chapter"):
        read_all(epub.FORMAT, path, ReadOptions(unit="page"))


def test_a_missing_chapter_is_counted(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", {"1.xhtml": "<p>یک</p>", "2.xhtml": ""})
    (record,), report = read_all(epub.FORMAT, path)
    assert (record.document.text, total(report, "chapters")) == ("یک", 1)


@pytest.mark.parametrize(("target", "refused"), [("OEBPS/1.xhtml", True), ("OEBPS/f.otf", False)])
def test_protected_chapters_are_refused_and_protected_fonts_are_not(
    tmp_path: Path, target: str, refused: bool
) -> None:
    encryption = (
        f'<encryption><EncryptedData><CipherReference URI="{target}"/></EncryptedData></encryption>'
    )
    path = book(
        tmp_path / "a.epub", {"1.xhtml": "<p>یک</p>"}, **{"META-INF__encryption.xml": encryption}
    )
    if refused:
        with pytest.raises(InputError, match="copy-protected"):
            read_all(epub.FORMAT, path)
    else:
        assert read_all(epub.FORMAT, path)[0][0].document.text == "یک"


def test_names_that_lead_out_of_the_book_find_nothing(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", {"../../../etc/passwd": ""})
    with pytest.raises(InputError, match="no text"):
        read_all(epub.FORMAT, path)


def test_a_book_without_a_package_is_refused(tmp_path: Path) -> None:
    for parts in (
        {},
        {"META-INF/container.xml": "<container/>"},
        {"META-INF/container.xml": "<container"},
    ):
        with pytest.raises(InputError):
            read_all(epub.FORMAT, archive(tmp_path / "a.epub", parts, "application/epub+zip"))
