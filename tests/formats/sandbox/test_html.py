"""Web pages: the text as a browser shows it, in the encoding that the page is in.

Nothing hidden, run or fetched.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, guess, html
from tests.formats.round_trip import read_all
from tests.formats.sandbox.foreign import TEXT

PAGE = f"""<!DOCTYPE html>
<html dir="RTL" lang="fa-IR"><head><title> عنوان
 صفحه </title><style>p {{}}</style></head>
<body><!-- no --><h1>سر</h1><p>{TEXT}<br>می&zwnj;رود <b>پر</b>رنگ&nbsp;و   تنگ<p hidden>نه<p
 style="display: none">نه
<ul><li>یک<li>دو</ul><table><tr><th>a<td> b
 c<td><p>d</p><p>e</p></table><pre>x
  y</pre><ruby>漢<rp>(<rt>kan<rp>)</ruby><script>alert("no")</script><textarea>no</textarea>پایان&shy;</body></html>"""


def _read(tmp_path: Path, content: str | bytes, encoding: str = "") -> str:
    path = tmp_path / "a.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (record,), report = read_all(html.FORMAT, path, ReadOptions(encoding=encoding))
    assert report.problems == []
    return record.document.text


def test_a_page_reads_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    assert guess(path) is html.FORMAT
    (record,), report = read_all(html.FORMAT, path)
    lines = [
        "سر",
        TEXT,
        "می\u200cرود پررنگ\u00a0و تنگ",
        "یک",
        "دو",
        "a\tb c\td e",
        "x",
        "  y",
        "漢پایان\u00ad",
    ]
    assert record.document.text == "\n".join(lines)
    assert (
        record.document.direction,
        record.document.language,
        record.document.source.encoding,
    ) == ("rtl", "fa", "utf-8")
    assert record.document.meta == {"title": "عنوان صفحه"}
    assert {change.kind: change.count for change in report.changes()} == {"hidden text": 2}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<?xml version="1.0" encoding="cp866"?>', "cp866"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_the_encoding_is_the_declared_one(tmp_path: Path, declared: str, encoding: str) -> None:
    text = "Город растёт и строится."
    assert _read(tmp_path, f"{declared}<html><p>{text}</p></html>".encode(encoding)) == text


def test_a_wrong_declaration_is_not_believed(tmp_path: Path) -> None:
    for wrong in ("utf-16", "nonsense", "ascii"):
        assert _read(tmp_path, f'<html><meta charset="{wrong}"><p>қала</p></html>') == "қала"
    assert _read(
        tmp_path,
        '<meta charset="utf-8"><p>Город растёт, новости города</p>'.encode("cp1251"),
        "cp1251",
    ).startswith("Город")


def test_an_encoding_that_there_is_none_of_is_refused_as_for_any_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no text encoding"):
        _read(tmp_path, PAGE, "nonsense")
    with pytest.raises(InputError, match="not ascii"):
        _read(tmp_path, PAGE, "ascii")


def test_broken_markup_is_read_and_nothing_but_markup_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, "<p>a<div>b</p></i><td>c") == "a\nbc"
    assert _read(tmp_path, "<html><div/><p/>a<br/>b<script/>c") == "a\nbc"
    for nothing in ("<html></html>", "<!DOCTYPE html>", "<p> </p>", ""):
        with pytest.raises(InputError):
            _read(tmp_path, nothing)


def test_a_document_type_and_depth_do_no_harm(tmp_path: Path) -> None:
    entity = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>x&a;y</p>'
    assert "root" not in _read(tmp_path, entity)
    try:
        text = _read(tmp_path, "<div>" * 50_000 + "deep")
    except InputError as error:
        text = str(error)
    assert text.strip()


def test_text_and_markup_of_other_formats_are_not_taken_for_pages(tmp_path: Path) -> None:
    for name, content in (("a.txt", "<p>"), ("a.xml", "<root/>"), ("a.html", "\x00\x01\x02")):
        assert html.sniff(content.encode(), tmp_path / name) == 0.0
