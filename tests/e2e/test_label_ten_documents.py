"""Ten documents labelled in the real window, by mouse and by keys; what is exported is exact."""

from pathlib import Path

import orjson
import pytest
from PySide6.QtCore import Qt

from annotator.jobs import ExportOptions, export_records
from annotator.model import Span
from annotator.model.schema_files import load_schema
from annotator.store import Store
from tests.projects import FA, KK, RU, made
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, Person

MIXED = "شرکت Google در تهران دفتر باز کرد؛ Қазақстан да қатысты. Цена: ۱۲٬۵۰۰ (≈ 12,5 тыс.)."
WORK = {
    FA: [
        ("مریم سهرابی", "1", "PER"),
        ("قیمت‌ها پایین آمد", "C", "CLAIM"),
        ("شهرداری رشت", "2", "ORG"),
        ("مخالفت کرد", "-", "STANCE"),
    ],
    KK: [
        ("Әлия Серікқызы", "1", "PER"),
        ("Жоба келесі жылы аяқталады", "C", "CLAIM"),
        ("қолдау білдірді", "=", "STANCE"),
    ],
    RU: [
        ("Анна Кравцова", "1", "PER"),
        ("цены снизились на 4", "C", "CLAIM"),
        ("Мэрия Зареченска", "2", "ORG"),
    ],
    MIXED: [("Google", "2", "ORG"), ("تهران", "4", "GPE"), ("Қазақстан", "4", "GPE")],
}


def texts() -> dict[str, str]:
    """Return ten documents; each text begins otherwise, so that the same words stand elsewhere."""
    bodies = list(WORK)
    return {
        f"{'fkrm'[number % 4]}-{number}": f"{number}. {bodies[number % 4]}" for number in range(10)
    }


def label_all(person: Person, *, by_mouse: bool) -> list[tuple[str, str, str, int]]:
    """Label every document and finish it; return what was meant: document, label, words, start."""
    meant = []
    for _number in range(10):
        document = person.session.document
        assert document is not None
        for words, key, label in WORK[document.text.partition(". ")[2]]:
            person.press(Qt.Key.Key_Escape)
            if by_mouse:
                person.drag_over(words)
            else:
                person.extend_over(words)
            person.press(key)
            meant.append((document.id, label, words, document.text.index(words)))
        person.press(Qt.Key.Key_Return, CONTROL)
    return meant


@pytest.mark.parametrize("by_mouse", [True, False], ids=["by mouse", "by keys alone"])
def test_ten_documents_are_labelled_and_exported_exactly(
    opens: Opens, tmp_path: Path, by_mouse: bool
) -> None:
    project, out = tmp_path / "p.annot", tmp_path / "out.jsonl"
    made(project, texts=texts()).close()
    person = opens(project)
    meant = label_all(person, by_mouse=by_mouse)
    assert {entry.status for entry in person.session.entries} == {"done"}
    export_records(
        person.session.store, out, ExportOptions(annotators=("aida",), statuses=("done",))
    )
    person.window.close()
    found = []
    for line in map(orjson.loads, out.read_bytes().splitlines()):
        for span in line["spans"]:
            assert line["text"][span["start"] : span["end"]] == span["text"]
            found.append((line["id"], span["label"], span["text"], span["start"]))
    assert sorted(found) == sorted(meant)
    with Store.open(project) as store:
        assert store.faults() == []
        assert store.schema().id == load_schema("news").id
        assert all(
            isinstance(span, Span)
            for entry in store.entries("aida")
            for span in store.annotation_set(entry.id, "aida").spans
        )
