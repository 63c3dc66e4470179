"""The import dialog.

What would come is seen before anything is stored, and read as a person says.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from annotator.jobs import ImportOptions, import_files
from annotator.ui.dialogs.import_files import KEPT_MAPPING, ImportFiles, kept_mapping
from annotator.ui.dialogs.label_mapping import ADD, LEAVE_OUT, OURS
from annotator.ui.runtime.worker import Worker
from tests.formats.sandbox.foreign import excel
from tests.projects import RU, labelled, plain, span, write_lines
from tests.ui.person import Person, wait_until

FA_TEXT = "شهرداری رشت پل تازه‌ای ساخت. مریم سهرابی گفت که این پل می‌ماند."
Asks = Callable[..., ImportFiles]


@pytest.fixture
def asks(person: Person) -> Iterator[Asks]:
    """Return a function that shows the dialog for files and waits until it has read them."""
    shown: list[ImportFiles] = []

    def show(*paths: Path) -> ImportFiles:
        dialog = ImportFiles(paths, person.session, person.window)
        dialog.begin()
        shown.append(dialog)
        settle(dialog)
        return dialog

    yield show
    for dialog in shown:
        dialog.reject()


def settle(dialog: ImportFiles) -> None:
    """Wait until the dialog has read what it wants to read."""
    QTest.qWait(5)
    wait_until(lambda: not (dialog._looking.is_busy or dialog._surveying.is_busy))
    assert (dialog._looking.is_busy, dialog._surveying.is_busy) == (False, False)


def choose(box: QComboBox, value: str, dialog: ImportFiles) -> None:
    """Choose a value and wait for what follows."""
    assert box.findData(value) >= 0, value
    box.setCurrentIndex(box.findData(value))
    settle(dialog)


def column(dialog: ImportFiles, number: int) -> list[str]:
    """Return a column of the list of files."""
    items = (dialog.files.topLevelItem(row) for row in range(dialog.files.topLevelItemCount()))
    return [item.text(number) for item in items if item]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.txt"
    file.write_bytes(
        "Привет, мир! Это письмо на русском языке, и его нужно прочитать правильно.".encode(
            "cp1251"
        )
    )
    return file


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Return a file with labels of which the schema has one only."""
    spans = [
        span(RU, "Анна Кравцова", "person"),
        span(RU, "Зареченска", "CITY"),
        span(RU, "Мэрия", "ORG"),
        span(RU, "прогноз", "THING"),
    ]
    return write_lines(tmp_path / "ner.jsonl", [plain(labelled("x1", RU, "vera", spans))])


def test_nothing_is_stored_by_looking(
    person: Person, asks: Asks, foreign: Path, letter: Path
) -> None:
    before = (person.session.store.state_hash(), person.session.store.setting(KEPT_MAPPING))
    dialog = asks(foreign, letter)
    choose(dialog.mapping.boxes["CITY"], ADD, dialog)
    dialog.reject()
    assert (person.session.store.state_hash(), person.session.store.setting(KEPT_MAPPING)) == before


def test_the_first_documents_are_shown_with_their_spans_in_their_direction(
    asks: Asks, foreign: Path, tmp_path: Path
) -> None:
    persian = tmp_path / "نامه.txt"
    persian.write_text(FA_TEXT, encoding="utf-8")
    dialog = asks(foreign, persian)
    view = dialog.preview.view
    assert view.text() == RU
    codes = {mark.code: mark.color for mark in view._page.index.marks.values()}
    assert codes.keys() == {"person", "CITY", "ORG", "THING"}
    assert codes["ORG"] != codes["CITY"] == codes["THING"]
    item = dialog.files.topLevelItem(1)
    assert item is not None
    dialog.files.setCurrentItem(item)
    settle(dialog)
    assert view.text() == FA_TEXT
    assert view.paragraph_direction(0) == "rtl"


def test_one_leafs_through_the_first_documents(asks: Asks, tmp_path: Path) -> None:
    dialog = asks(
        write_lines(
            tmp_path / "many.jsonl",
            [{"id": f"d{number}", "text": f"Текст {number}."} for number in range(30)],
        )
    )
    assert not dialog.preview.before.isEnabled()
    dialog.preview.after.click()
    assert dialog.preview.view.text() == "Текст 1."
    dialog.preview.before.click()
    assert dialog.preview.view.text() == "Текст 0."
    assert dialog.preview.name.text().startswith("1 of the first 20")
    assert "30 documents" in dialog.about.text()


def test_the_encoding_is_detected_and_can_be_chosen_for_one_file(
    asks: Asks, letter: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Привет, мир!", encoding="utf-8")
    dialog = asks(letter, other)
    assert "1251" in dialog.form.encoding.itemText(0)
    assert "Привет" in dialog.preview.view.text()
    choose(dialog.form.encoding, "cp866", dialog)
    assert "Привет" not in dialog.preview.view.text()
    assert {path: reading.options.encoding for path, reading in dialog.options.own.items()} == {
        letter: "cp866"
    }


def test_a_choice_is_for_all_files_that_are_chosen(
    asks: Asks, letter: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Первый.\n\nВторой.", encoding="utf-8")
    dialog = asks(letter, other)
    dialog.files.selectAll()
    choose(dialog.form.unit, "blank-line", dialog)
    assert column(dialog, 2) == ["1", "2"]
    assert set(dialog.options.own) == {letter, other}


def test_a_format_can_be_chosen_against_what_was_recognised(
    person: Person, asks: Asks, tmp_path: Path
) -> None:
    lines = write_lines(tmp_path / "lines.jsonl", [{"id": "d1", "text": "Текст."}])
    dialog = asks(lines)
    assert column(dialog, 1) == ["jsonl"]
    choose(dialog.form.format, "text", dialog)
    assert dialog.preview.view.text().startswith('{"id"')
    report = import_files(person.session.store, [lines], dialog.options, "aida")
    assert person.session.store.document(next(iter(report.new))).text.startswith('{"id"')


def test_columns_of_a_table_are_chosen_by_their_names(
    person: Person, asks: Asks, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "код,пост,о чём\n7,Мэрия молчит.,дороги\n8,Цены снизились.,цены\n", encoding="utf-8"
    )
    dialog = asks(table)
    assert column(dialog, 2) == ["✗"]
    assert "no column is known as the text" in dialog.report.toPlainText()
    choose(dialog.form.columns["text"], "пост", dialog)
    choose(dialog.form.columns["id"], "код", dialog)
    choose(dialog.form.columns["topic"], "о чём", dialog)
    assert column(dialog, 2) == ["2"]
    assert dialog.preview.view.text() == "Мэрия молчит."
    import_files(person.session.store, [table], dialog.options, "aida")
    assert person.session.store.document("8").text == "Цены снизились."
    assert person.session.store.annotation_set("8", "aida").attributes == {"topic": "цены"}


def test_the_sheet_of_a_workbook_is_chosen(person: Person, asks: Asks, tmp_path: Path) -> None:
    book = excel(
        tmp_path / "book.xlsx",
        {
            "خبر": [["text"], ["پل باز شد."]],
            "Новости": [["код", "пост"], ["n1", "Мост открыт."]],
            "пусто": [],
        },
    )
    dialog = asks(book)
    assert dialog.preview.view.text() == "پل باز شد."
    choose(dialog.form.columns["text"], "text", dialog)
    choose(dialog.form.columns["sheet"], "Новости", dialog)
    assert "no column is known as the text" in dialog.preview.name.text(), (
        "the columns of the other sheet are forgotten"
    )
    choose(dialog.form.columns["text"], "пост", dialog)
    assert dialog.preview.view.text() == "Мост открыт."
    choose(dialog.form.columns["sheet"], "пусто", dialog)
    assert column(dialog, 2) == ["✗"]
    choose(dialog.form.columns["sheet"], "", dialog)
    assert dialog.preview.view.text() == "پل باز شد."
    choose(dialog.form.columns["sheet"], "Новости", dialog)
    choose(dialog.form.columns["text"], "пост", dialog)
    choose(dialog.form.columns["id"], "код", dialog)
    import_files(person.session.store, [book], dialog.options, "aida")
    assert person.session.store.document("n1").text == "Мост открыт."


def test_a_workbook_of_one_sheet_asks_for_none(asks: Asks, tmp_path: Path) -> None:
    assert (
        "sheet"
        not in asks(excel(tmp_path / "book.xlsx", {"s": [["text"], ["Мост."]]})).form.columns
    )


def test_what_is_wrong_is_said_with_file_and_line(asks: Asks, tmp_path: Path, letter: Path) -> None:
    bad = write_lines(tmp_path / "bad.jsonl", [{"id": "d1", "text": "Хорошо."}, b"{not json"])
    dialog = asks(letter, bad)
    assert f"{bad}:2:" in dialog.report.toPlainText()
    assert column(dialog, 2) == ["1", "✗"]
    assert "1 file cannot be read" in dialog.about.text()


def test_foreign_labels_are_mapped_added_or_left_out_and_the_choice_is_kept(
    person: Person, asks: Asks, foreign: Path
) -> None:
    dialog = asks(foreign)
    assert dialog.mapping.boxes.keys() == {"person", "CITY", "THING"}
    assert dialog.mapping.chosen["person"] == f"{OURS}PER"  # called so in the schema
    assert "2 labels need a decision" in dialog.about.text()
    choose(dialog.mapping.boxes["CITY"], ADD, dialog)
    choose(dialog.mapping.boxes["THING"], LEAVE_OUT, dialog)
    assert "decision" not in dialog.about.text()
    dialog.keep_mapping()
    report = import_files(person.session.store, [foreign], dialog.options, "aida")
    assert report.problems == []
    assert sorted(
        entry.label for entry in person.session.store.annotation_set("x1", "vera").spans
    ) == [
        "CITY",
        "ORG",
        "PER",
    ]
    again = asks(foreign)
    assert again.mapping.mapping == {"person": "PER", "THING": ""}
    assert again.mapping.boxes.keys() == {"person", "THING"}


def test_an_undecided_label_leaves_the_file_out(person: Person, asks: Asks, foreign: Path) -> None:
    report = import_files(person.session.store, [foreign], asks(foreign).options, "aida")
    assert report.failed == 1
    assert "CITY" in report.problems[0].reason
    assert "PER" not in report.problems[0].reason


def test_repairs_are_offered_and_made_when_chosen(
    person: Person, asks: Asks, tmp_path: Path
) -> None:
    spoiled = tmp_path / "spoiled.txt"
    spoiled.write_text("\ufeb3\ufefc\ufee1 \ufe91\ufeae \ufeb7\ufee4\ufe8e", encoding="utf-8")
    dialog = asks(spoiled)
    box = dialog.form.repairs["presentation-forms"]
    assert not box.isChecked()
    box.click()
    settle(dialog)
    assert dialog.preview.view.text() == "سلام بر شما"
    report = import_files(person.session.store, [spoiled], dialog.options, "aida")
    assert person.session.store.document(next(iter(report.new))).text == "سلام بر شما"


def test_a_folder_without_files_is_refused_with_a_sentence(asks: Asks, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    dialog = asks(tmp_path / "empty")
    assert not dialog._ok.isEnabled()
    assert "no file that can be imported" in dialog.preview.name.text()


@pytest.mark.parametrize("moment", [0, 1, 20, 100])
def test_closing_at_any_moment_ends_all_reading(
    person: Person, tmp_path: Path, moment: int
) -> None:
    long = write_lines(
        tmp_path / "long.jsonl",
        [{"id": f"d{number}", "text": "Слово " * 50} for number in range(5000)],
    )
    dialog = ImportFiles([long], person.session, person.window)
    dialog.begin()
    if moment:
        QTest.qWait(moment)
    dialog.reject()
    assert not any(worker.is_running for worker in dialog.findChildren(Worker))
    QTest.qWait(20)  # what was on its way arrives now
    assert not any(worker.is_running for worker in dialog.findChildren(Worker))


def test_a_mapping_from_anywhere_is_not_taken_on_trust(person: Person) -> None:
    person.session.store.remember(KEPT_MAPPING, "[1, 2")
    assert kept_mapping(person.session) == {}
    person.session.store.remember(KEPT_MAPPING, orjson.dumps(["x"]).decode())
    assert kept_mapping(person.session) == {}


def test_the_language_and_the_annotator_are_for_all_files(
    person: Person, asks: Asks, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.txt"
    bare.write_text("Kitap jazyldy.", encoding="utf-8")
    dialog = asks(bare)
    choose(dialog.language, "kk", dialog)
    dialog.person.setText("berik")
    options = dialog.options
    assert isinstance(options, ImportOptions)
    assert options.annotator == "berik"
    report = import_files(person.session.store, [bare], options, "aida")
    assert person.session.store.document(next(iter(report.new))).language == "kk"
