"""PDF: the pages' text in reading order, lines joined to paragraphs.

Scans and files with a password are refused.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, guess, pdf
from annotator.formats._sandbox.pdf import joined_lines
from annotator.text.visual_order import turned
from tests.formats.round_trip import read_all, total
from tests.formats.sandbox import foreign

FA = "دولت گفت قیمت\u200cها پایین آمد، این است 😊 که گفتند."


def test_pages_are_one_document_or_one_each(tmp_path: Path) -> None:
    path = foreign.pdf(
        tmp_path / "a.pdf", [["Қала дамып келеді.", "Бұл жаңалық."], ["Город растёт."], []]
    )
    assert guess(path) is pdf.FORMAT
    (record,), report = read_all(pdf.FORMAT, path)
    assert record.document.text == "Қала дамып келеді.\nБұл жаңалық.\nГород растёт."
    assert total(report, "pages") == 1
    pages, _report = read_all(pdf.FORMAT, path, ReadOptions(unit="page"))
    assert [(entry.document.name, entry.document.text) for entry in pages][1] == (
        "a-0002",
        "Город растёт.",
    )
    assert len(pages) == 2
    with pytest.raises(UserError, match="page"):
        read_all(pdf.FORMAT, path, ReadOptions(unit="line"))


def test_persian_as_it_is_drawn_comes_out_in_reading_order(tmp_path: Path) -> None:
    (record,), _report = read_all(pdf.FORMAT, foreign.pdf(tmp_path / "a.pdf", [[turned(FA).text]]))
    assert record.document.text.replace("\u200c", "") == FA.replace("\u200c", "")


def test_lines_that_go_on_are_joined_and_counted(tmp_path: Path) -> None:
    lines = [
        "The government said that the prices of the",
        "houses came down in the whole of the coun\u00ad",
        "try. It was",
    ]
    lines += ["- a list of", "things"]
    assert joined_lines("\n".join(lines)) == (
        "\n".join([f"{lines[0]} {lines[1]}{lines[2]}", *lines[3:]]),
        2,
    )
    path = foreign.pdf(
        tmp_path / "a.pdf", [["a long line of text that goes on", "and on in the next line of it"]]
    )
    (_record,), report = read_all(pdf.FORMAT, path)
    assert {change.kind: change.count for change in report.changes()} == {"lines": 1}


def test_lines_in_visual_order_stay_apart() -> None:
    text = "\n".join(
        turned(line).text
        for line in ("این است که دولت از شهر به روستا می رود", "برای آن که بود و این را گفت")
    )
    assert joined_lines(text) == (text, 0)


def test_a_scan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="OCR"):
        read_all(pdf.FORMAT, foreign.pdf(tmp_path / "a.pdf", [[], []]))


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    # Keys for a password that nobody knows: standard handler, 40 bits.
    locked = (
        f"/ID [<{'00' * 16}> <{'00' * 16}>] /Encrypt << /Filter /Standard /V 1 /R 2 /O"
        f" <{'11' * 32}> /U <{'22' * 32}> /P -4 >>"
    )
    with pytest.raises(InputError, match="password"):
        read_all(pdf.FORMAT, foreign.pdf(tmp_path / "a.pdf", [["a"]], locked))


def test_a_text_that_speaks_of_pdf_is_a_text(tmp_path: Path) -> None:
    content = "The file begins with %PDF-1.4."
    for name, wanted in (("a.txt", "text"), ("a.pdf", "pdf")):
        (tmp_path / name).write_text(content, "utf-8")
        chosen = guess(tmp_path / name)
        assert chosen
        assert chosen.id == wanted


def test_broken_files_are_refused(tmp_path: Path) -> None:
    data = foreign.pdf(tmp_path / "a.pdf", [["a b c"]]).read_bytes()
    for content in (
        b"%PDF-1.4\n",
        data[:100],
        data.replace(b"/Kids", b"/Nope"),
        b"%PDF-" + b"\x00" * 1000,
    ):
        (tmp_path / "b.pdf").write_bytes(content)
        with pytest.raises(InputError):
            read_all(pdf.FORMAT, tmp_path / "b.pdf")
