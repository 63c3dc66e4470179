"""OpenDocument texts.

Blanks as the format means them, notes at the end, what cannot be seen counted.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import guess, odt
from tests.formats.round_trip import read_all, total
from tests.formats.sandbox.foreign import TEXT, archive, open_document


def test_paragraphs_tables_lists_and_blanks(tmp_path: Path) -> None:
    inside = (
        f"<text:h>سرتیتر</text:h>\n<text:p>\n  {TEXT}  \n</text:p>"
        "<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d\u00ad</text:p>"
        "<text:list><text:list-item><text:p>یک</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>x</text:p><text:p>y</text:p></table:table-cell>"
        "<table:table-cell/></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>1</text:p>"
        "</table:table-cell><table:covered-table-cell/><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>"
    )
    path = open_document(tmp_path / "a.odt", "text", inside)
    assert guess(path) is odt.FORMAT
    (record,), report = read_all(odt.FORMAT, path)
    assert record.document.text == f"سرتیتر\n{TEXT}\na  b\tc\nd\u00ad\nیک\nx y\t\n1\t\t2"
    assert report.changes() == []


def test_notes_boxes_links_and_what_cannot_be_seen(tmp_path: Path) -> None:
    inside = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>نه</text:p></text:deletion></text:changed-region>"
        "<text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
        "<text:p>الف<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>پانوشت</text:p></text:note-body></text:note>"
        "<text:a>ب</text:a><office:annotation><text:p>comment</text:p></office:annotation><text:hidden-text>secret</text:hidden-text>"
        "<drawing:frame><drawing:text-box><text:p>کادر</text:p></drawing:text-box></drawing:frame>"
        " ج</text:p>"
        "<text:section text:display='none'><text:p>hidden</text:p></text:section>"
        "<text:section><text:p>shown</text:p></text:section>"
    )
    (record,), report = read_all(odt.FORMAT, open_document(tmp_path / "a.odt", "text", inside))
    assert record.document.text == "الفب ج\nکادر\nshown\n\nپانوشت"
    assert {change.kind: change.count for change in report.changes()} == {
        "deleted text": 1,
        "hidden text": 2,
    }
    assert total(report, "comments") == 1


def test_the_direction_comes_from_the_styles_of_most_paragraphs(tmp_path: Path) -> None:
    own = (
        '<style:style style:name="P1" style:parent-style-name="R"/><style:style style:name="L">'
        '<style:paragraph-properties style:writing-mode="lr-tb"/></style:style>'
    )
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    )
    shared = (
        '<style:style style:name="R"><style:paragraph-properties'
        ' style:writing-mode="rl-tb"/></style:style>'
    )
    inside = (
        "<text:p text:style-name='P1'>یک</text:p><text:p text:style-name='R'>دو</text:p><text:p"
        " text:style-name='L'>a</text:p>"
    )
    parts = {
        "styles.xml": (
            "<office:document-styles"
            f" {names}><office:styles>{shared}</office:styles></office:document-styles>"
        )
    }
    (record,), _report = read_all(
        odt.FORMAT, open_document(tmp_path / "a.odt", "text", inside, own, **parts)
    )
    assert record.document.direction == "rtl"


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    manifest = (
        '<m xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        "<file-entry><encryption-data/></file-entry></m>"
    )
    path = open_document(
        tmp_path / "a.odt",
        "text",
        "<text:p>a</text:p>",
        META_INF__manifest="",
        **{"META-INF__manifest.xml": manifest},
    )
    with pytest.raises(InputError, match="password"):
        read_all(odt.FORMAT, path)


def test_hostile_and_broken_files_are_refused(tmp_path: Path) -> None:
    good = open_document(tmp_path / "a.odt", "text", "<text:p>a</text:p>").read_bytes()
    (tmp_path / "b.odt").write_bytes(good[: len(good) // 2])
    swollen = open_document(tmp_path / "c.odt", "text", f"<text:p>{' ' * 3_000_000}</text:p>")
    entities = archive(
        tmp_path / "d.odt", {"content.xml": '<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>'}
    )
    table = open_document(tmp_path / "e.odt", "spreadsheet", "")
    for path in (tmp_path / "b.odt", swollen, entities, table):
        with pytest.raises(InputError):
            read_all(odt.FORMAT, path)


def test_spaces_without_number_or_with_a_wild_one_stay_small(tmp_path: Path) -> None:
    inside = "<text:p>a<text:s/>b<text:s text:c='99999999999'/>c<text:s text:c='x'/>d</text:p>"
    (record,), _report = read_all(odt.FORMAT, open_document(tmp_path / "a.odt", "text", inside))
    assert record.document.text == f"a b{' ' * 1000}c d"
