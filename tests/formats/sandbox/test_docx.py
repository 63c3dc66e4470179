"""Word documents: the text as it is seen; what cannot be seen is left out and counted.

Hostile files are refused with a sentence.
"""

import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from annotator.errors import InputError
from annotator.formats import docx, guess
from tests.formats.round_trip import read_all, total
from tests.formats.sandbox.foreign import TEXT, archive, paragraph, run, word


def _text(path: Path) -> str:
    (record,), report = read_all(docx.FORMAT, path)
    assert report.problems == []
    return record.document.text


def test_a_document_of_another_library_is_read(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.add_heading("سرتیتر", 1)
    line = made.add_paragraph(TEXT)
    line.add_run(" bold").bold = True
    made.add_paragraph("یک", style="List Bullet")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 0).text = "الف", "ب", "x\ny"
    made.save(str(tmp_path / "a.docx"))
    assert guess(tmp_path / "a.docx") is docx.FORMAT
    (record,), report = read_all(docx.FORMAT, tmp_path / "a.docx")
    assert record.document.text == f"سرتیتر\n{TEXT} bold\nیک\nالف\tب\nx y\t"
    assert (record.document.name, record.document.language, record.annotation_set) == (
        "a",
        "fa",
        None,
    )
    assert len(record.document.source.sha256) == 64
    assert report.changes() == []


def test_what_is_deleted_or_hidden_is_left_out_and_counted(tmp_path: Path) -> None:
    body = paragraph(
        run("دولت "),
        f"<w:del>{'<w:r><w:delText>نه</w:delText></w:r>'}</w:del>",
        f"<w:ins>{run('گفت')}</w:ins>",
        run(" پنهان", "<w:vanish/>"),
        run(" باز", '<w:vanish w:val="0"/>'),
        run(" سبک", '<w:rStyle w:val="Secret"/>'),
        f"<w:moveFrom>{run('رفت')}</w:moveFrom><w:moveTo>{run(' آمد')}</w:moveTo>",
    )
    styles = (
        '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style><w:style'
        ' w:styleId="Secret"><w:basedOn w:val="Base"/></w:style>'
    )
    (record,), report = read_all(docx.FORMAT, word(tmp_path / "a.docx", body, styles=styles))
    assert record.document.text == "دولت گفت باز آمد"
    assert {change.kind: change.count for change in report.changes()} == {
        "deleted text": 2,
        "inserted text": 1,
        "hidden text": 2,
    }


def test_signs_notes_boxes_and_choices_have_their_place(tmp_path: Path) -> None:
    box = f"<w:drawing><x><w:txbxContent>{paragraph(run('کادر'))}</w:txbxContent></x></w:drawing>"
    choice = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    signs = (
        "<w:t>b</w:t><w:tab/><w:t>c</w:t><w:br/><w:t>d</w:t>"
        "<w:softHyphen/><w:noBreakHyphen/><w:sym/>"
    )
    ruby = f"<w:ruby><w:rt>{run('up')}</w:rt><w:rubyBase>{run('e')}</w:rubyBase></w:ruby>"
    body = paragraph(
        f"<w:r>{choice}<w:t>a</w:t>{signs}{ruby}<w:footnoteReference w:id='2'/></w:r>"
    ) + paragraph(
        f"<w:sdt><w:sdtContent><w:hyperlink>{run('link')}</w:hyperlink></w:sdtContent></w:sdt>"
        f"<w:fldSimple>{run('7')}</w:fldSimple><w:r><w:instrText>PAGE</w:instrText></w:r>"
    )
    path = word(
        tmp_path / "a.docx",
        body,
        footnotes=(
            f'<w:footnote w:type="separator">{paragraph(run("--"))}</w:footnote>'
            f"<w:footnote>{paragraph(run('پانوشت'))}</w:footnote>"
        ),
        endnotes=f"<w:endnote>{paragraph(run('end'))}</w:endnote>",
        header1=paragraph(run("سرصفحه")),
        footer1=paragraph(),
        comments="<w:comment/><w:comment/>",
    )
    (record,), report = read_all(docx.FORMAT, path)
    assert record.document.text == "ab\tc\nd\u00ad\u2011e\nکادر\nlink7\n\nپانوشت\nend"
    assert (
        total(report, "headers and footers"),
        total(report, "comments"),
        total(report, "symbols"),
    ) == (1, 2, 1)


def test_rows_and_cells_in_content_controls_and_nested_tables_stay_in_their_row(
    tmp_path: Path,
) -> None:
    def cell(inside: str) -> str:
        return f"<w:tc>{inside}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(paragraph(run('1')))}{cell(paragraph(run('2')))}</w:tr></w:tbl>"
    row = (
        f"<w:tr>{cell(paragraph(run('a')))}"
        f"<w:sdt><w:sdtContent>{cell(inner)}</w:sdtContent></w:sdt></w:tr>"
    )
    assert _text(word(tmp_path / "a.docx", f"<w:tbl>{row}</w:tbl>")) == "a\t1 2"


@pytest.mark.parametrize(
    ("properties", "styles", "direction"),
    [
        ("<w:bidi/>", "", "rtl"),
        ('<w:bidi w:val="0"/>', "", "auto"),
        ("", "", "auto"),
        (
            "",
            (
                '<w:style w:type="paragraph" w:default="1"'
                ' w:styleId="N"><w:pPr><w:bidi/></w:pPr></w:style>'
            ),
            "rtl",
        ),
        (
            '<w:pStyle w:val="R"/>',
            '<w:style w:styleId="R"><w:pPr><w:bidi/></w:pPr></w:style>',
            "rtl",
        ),
    ],
)
def test_the_direction_is_that_of_most_paragraphs(
    tmp_path: Path, properties: str, styles: str, direction: str
) -> None:
    body = (
        paragraph(run("یک"), properties=properties) * 2
        + paragraph(run("two"), properties='<w:bidi w:val="off"/>')
        + paragraph()
    )
    (record,), _report = read_all(docx.FORMAT, word(tmp_path / "a.docx", body, styles=styles))
    assert record.document.direction == direction


_BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
_XXE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [_BOMB, _XXE])
def test_declared_entities_are_refused(tmp_path: Path, head: str) -> None:
    path = word(tmp_path / "good.docx", paragraph(run("a")))
    bad = archive(
        tmp_path / "a.docx",
        {"_rels/.rels": _part(path, "_rels/.rels"), "word/document.xml": f"{head}<a>&a;</a>"},
    )
    with pytest.raises(InputError, match="DOCTYPE"):
        read_all(docx.FORMAT, bad)


def test_an_archive_that_swells_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", f"<w:p><w:r><w:t>{' ' * 3_000_000}</w:t></w:r></w:p>")
    with pytest.raises(InputError, match="too large when unpacked"):
        read_all(docx.FORMAT, path)


def test_what_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="levels deep"):
        read_all(docx.FORMAT, word(tmp_path / "a.docx", "<w:sdt>" * 300 + "</w:sdt>" * 300))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"nonsense", b"\xd0\xcf\x11\xe0" + b"\x00" * 600]
)
def test_what_is_no_document_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_all(docx.FORMAT, path)
    assert caught.value.problem.file == str(path)
    assert ("password" in str(caught.value)) == content.startswith(b"\xd0\xcf")


def test_a_document_without_text_and_another_kind_of_archive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text"):
        read_all(docx.FORMAT, word(tmp_path / "a.docx", paragraph(run(" "))))
    with pytest.raises(InputError, match="no document of Word"):
        read_all(docx.FORMAT, archive(tmp_path / "b.docx", {"_rels/.rels": "<a/>"}))


def test_a_truncated_document_is_refused(tmp_path: Path) -> None:
    data = word(tmp_path / "a.docx", paragraph(run(TEXT)) * 50).read_bytes()
    for length in (10, len(data) // 2, len(data) - 30):
        (tmp_path / "b.docx").write_bytes(data[:length])
        with pytest.raises(InputError):
            read_all(docx.FORMAT, tmp_path / "b.docx")


def _part(path: Path, name: str) -> bytes:

    with zipfile.ZipFile(path) as file:
        return file.read(name)
