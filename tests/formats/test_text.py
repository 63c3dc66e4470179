"""Plain text."""

from pathlib import Path

import pytest

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, Report, WriteOptions, text
from annotator.formats._shared.output import slug
from annotator.model import Document, Labelled
from tests.formats.round_trip import RoundTrip, read_all


class TestText(RoundTrip):
    format = text.FORMAT
    whole = text.FORMAT.loses

    # Two records of one document are one file here, so each is given an id of its own.
    def keep(self, record: Labelled) -> object:
        return record.document.text

    records = RoundTrip.records.map(
        lambda record: Labelled(
            Document("", record.document.name, record.document.text), record.annotation_set
        )
    )


def _texts(path: Path, unit: str) -> list[tuple[str, str, int]]:
    found, _report = read_all(text.FORMAT, path, ReadOptions(unit=unit))
    return [(record.document.name, record.document.text, record.line) for record in found]


def test_a_file_is_a_document_as_it_is_but_for_bom_and_cr(tmp_path: Path) -> None:
    path = tmp_path / "خبر.txt"
    path.write_bytes("\ufeff  اول\r\n\r\nدوم\r سوم \n".encode())
    found, report = read_all(text.FORMAT, path)
    assert [record.document.text for record in found] == ["  اول\n\nدوم\n سوم \n"]
    assert found[0].document.name == "خبر"
    assert found[0].document.language == "fa"
    assert found[0].document.source.newline == "mixed"
    assert {(loss.kind, loss.count) for loss in report.changes()} == {("BOM", 1), ("newlines", 3)}


def test_blank_lines_separate_documents(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text("\n a\nb \n \t\n\n\nc\n", "utf-8")
    assert _texts(path, "blank-line") == [("n-1", " a\nb ", 2), ("n-2", "c", 7)]


def test_each_line_that_is_not_empty_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text("a \n\n  \nb\u2028c", "utf-8")
    assert _texts(path, "line") == [("n-1", "a ", 1), ("n-2", "b\u2028c", 4)]


def test_marks_between_joined_files_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_bytes("\ufeff\ufeffa\n\n\ufeffb\n".encode())
    assert _texts(path, "line") == [("n-1", "a", 1), ("n-2", "b", 3)]
    assert _texts(path, "blank-line") == [("n-1", "a", 1), ("n-2", "b", 3)]


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text("a")
    with pytest.raises(UserError, match="no unit"):
        _texts(path, "page")


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        _texts(tmp_path / "none.txt", "file")


def test_news_articles_are_unchanged(shared_data: Path) -> None:
    paths = sorted((shared_data / "news").glob("*.txt"))
    assert paths
    for path in paths:
        assert _texts(path, "file")[0][1] == path.read_bytes().decode()


@pytest.mark.parametrize(
    "name",
    ["con", "a/b\\c", "..", "x" * 300, "متن" * 200, "a.b. ", "\u202etxt.exe", "con.txt", "😊", ""],
)
def test_names_suit_every_system(tmp_path: Path, name: str) -> None:
    files = text.write(
        [Labelled(Document("", name, "a")), Labelled(Document("", name.upper(), "b"))],
        tmp_path,
        WriteOptions(),
        Report(),
    )
    assert len({path.name.casefold() for path in files}) == 2
    for path in files:
        assert path.parent == tmp_path
        assert len(path.name.encode()) <= 255
        assert not set(path.name) & set('<>:"/\\|?*\u202e')
        assert path.stem.rstrip(". ") == path.stem


def test_a_slug_is_no_reserved_name() -> None:
    assert slug("NUL") == "NUL-"
    assert slug("قیمت\u200cها!") == "قیمت-ها"
    assert slug("///") == ""
