"""Spreadsheets: a row is a document as in a text table, whatever the kind of file.

Hostile and huge sheets are refused.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import Format, ReadOptions, guess, ods, xlsx
from annotator.model import AnnotationSet, AttributeType, Names, Schema
from tests.formats.round_trip import read_all, total
from tests.formats.sandbox.foreign import TEXT, archive, excel, open_document

_AGAINST = {"against": Names({"en": "Against", "fa": "مخالف"})}
_STANCE = AttributeType(
    "stance",
    Names({"en": "Stance", "fa": "موضع"}),
    values=("support", "against"),
    value_names=_AGAINST,
)
SCHEMA = Schema(
    "s",
    1,
    Names({}),
    attributes=(_STANCE, AttributeType("urgent", Names({"en": "Urgent"}), kind="flag")),
)
ROWS = (
    ("شناسه", "متن", "تاریخ", "منبع", "موضع", "urgent", "annotator", "پیوند"),
    ("1", TEXT, "2026-03-01", "ایرنا", "مخالف", "بله", "a1", "x"),
    ("2", "Қала дамып келеді.", "", "", "Support", "no", "a1", ""),
    ("3", "دو\nخط", "", "", "neutral", "", "", "=1+1"),
)


def _made(kind: Format, path: Path, rows: tuple[tuple[str, ...], ...]) -> Path:
    if kind is xlsx.FORMAT:
        return excel(path / "a.xlsx", {"s": rows})
    lines = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            + "".join(f"<text:p>{line}</text:p>" for line in cell.split("\n") if line)
            + "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return open_document(
        path / "a.ods", "spreadsheet", f'<table:table table:name="s">{lines}</table:table>'
    )


@pytest.mark.parametrize("kind", [xlsx.FORMAT, ods.FORMAT], ids=["xlsx", "ods"])
def test_columns_are_known_by_name_and_values_mapped_to_the_schema(
    tmp_path: Path, kind: Format
) -> None:
    path = _made(kind, tmp_path, ROWS)
    assert guess(path) is kind
    found, report = read_all(kind, path, ReadOptions(schema=SCHEMA))
    assert [(entry.document.id, entry.document.text, entry.line) for entry in found] == [
        ("1", TEXT, 2),
        ("2", "Қала дамып келеді.", 3),
        ("3", "دو\nخط", 4),
    ]
    assert found[0].document.meta == {"date": "2026-03-01", "source": "ایرنا", "پیوند": "x"}
    assert found[0].annotation_set == AnnotationSet(
        "a1", attributes={"stance": "against", "urgent": True}
    )
    assert found[1].annotation_set == AnnotationSet("a1", attributes={"stance": "support"})
    assert found[2].annotation_set == AnnotationSet(attributes={"stance": "neutral"})
    assert found[2].document.meta["پیوند"] == "=1+1"
    assert [(change.kind, change.count) for change in report.changes()] == [
        ("values", 2),
        ("values", 1),
    ]
    assert kind.columns is not None
    assert kind.columns(path, ReadOptions()) == list(ROWS[0])


def test_chosen_columns_become_attributes_by_any_of_their_names(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"s": [["id", "t", "opinion"], ["1", TEXT, "Against"]]})
    for name in ("stance", "Stance", "موضع"):
        options = ReadOptions(schema=SCHEMA, columns={"text": "t", name: "opinion"})
        (record,), _report = read_all(xlsx.FORMAT, path, options)
        assert record.annotation_set == AnnotationSet(attributes={"stance": "against"})


def test_numbers_dates_and_truth_become_texts(tmp_path: Path) -> None:
    cells = {
        "B": '<c r="B2"><v>5</v></c>',
        "C": '<c r="C2"><v>2.5</v></c>',
        "D": '<c r="D2" t="b"><v>1</v></c>',
    }
    path = excel(tmp_path / "a.xlsx", {"s": [["text", "n", "x", "yes"], ["a"]]}, **cells)
    (record,), _report = read_all(xlsx.FORMAT, path)
    assert record.document.meta == {"n": "5", "x": "2.5", "yes": "true"}
    cell = (
        '<table:table-cell office:value-type="date"'
        ' office:date-value="{}"><text:p>x</text:p></table:table-cell>'
    )
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [text.format("text") + text.format("date"), text.format("a") + cell.format("2026-03-01")]
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    (record,), _report = read_all(
        ods.FORMAT,
        open_document(
            tmp_path / "a.ods", "spreadsheet", f"<table:table table:name='s'>{inside}</table:table>"
        ),
    )
    assert record.document.meta == {"date": "2026-03-01"}


def test_the_first_sheet_that_is_shown_is_read_or_the_chosen_one(tmp_path: Path) -> None:
    sheets = {
        "hidden": [["text"], ["a"]],
        "empty": [],
        "one": [["text"], ["b"]],
        "two": [["text"], ["c"]],
    }
    path = excel(tmp_path / "a.xlsx", sheets, hidden=["hidden"])
    (record,), report = read_all(xlsx.FORMAT, path)
    assert record.document.text == "b"
    assert (total(report, "sheets"), total(report, "hidden sheets")) == (1, 1)
    for name, text in (("two", "c"), ("hidden", "a")):
        (record,), report = read_all(xlsx.FORMAT, path, ReadOptions(columns={"sheet": name}))
        assert (record.document.text, report.losses()) == (text, [])
    with pytest.raises(InputError, match=r"one.*two"):
        read_all(xlsx.FORMAT, path, ReadOptions(columns={"sheet": "three"}))


def test_empty_rows_and_columns_at_the_end_do_not_matter_but_a_row_without_text_does(
    tmp_path: Path,
) -> None:
    path = excel(
        tmp_path / "a.xlsx",
        {"s": [["id", "text", "", ""], ["", "", "", ""], ["1", "a", "", " "], ["2", "", "", ""]]},
    )
    found, report = read_all(xlsx.FORMAT, path)
    assert [entry.document.text for entry in found] == ["a"]
    assert [problem.line for problem in report.problems] == [4]


def test_a_sheet_with_a_far_corner_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    path = excel(
        tmp_path / "a.xlsx", {"s": [["text"], ["a"]]}, XFD='<c r="XFD1048576"><v>1</v></c>'
    )
    with pytest.raises(InputError):
        read_all(xlsx.FORMAT, path)


def test_hostile_archives_are_refused(tmp_path: Path) -> None:
    main = excel(tmp_path / "good.xlsx", {"s": [["text"], ["a"]]}).read_bytes()
    swollen = archive(tmp_path / "b.xlsx", {"xl/workbook.xml": " " * 3_000_000})
    with pytest.raises(InputError, match="too large when unpacked"):
        read_all(xlsx.FORMAT, swollen)
    for content in (
        b"",
        b"PK\x03\x04",
        main[: len(main) // 2],
        b"\xd0\xcf\x11\xe0" + b"\x00" * 512,
    ):
        (tmp_path / "c.xlsx").write_bytes(content)
        with pytest.raises(InputError):
            read_all(xlsx.FORMAT, tmp_path / "c.xlsx")
    entities = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
    with pytest.raises(InputError):
        read_all(xlsx.FORMAT, archive(tmp_path / "d.xlsx", {"xl/workbook.xml": entities}))


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sheet"):
        read_all(xlsx.FORMAT, excel(tmp_path / "a.xlsx", {"s": []}))
