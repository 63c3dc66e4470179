"""A whole session by keys alone.

From the start page to the next document, on three keyboards of a real X server.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from annotator.model import Relation, Span
from annotator.settings import Settings
from annotator.ui.window.main_window import MainWindow
from tests.e2e.hands import Hands, tool
from tests.patience import MILLISECONDS
from tests.projects import made
from tests.ui.person import Person

pytestmark = pytest.mark.screen


@dataclass(frozen=True)
class Work:
    """What somebody does with two texts.

    Typed: by the keys' US print, and what they type on the layout.
    """

    layout: str
    texts: dict[str, str]
    filter: tuple[str, str]
    find: tuple[str, str]
    note: tuple[str, str]
    onwards: str
    """The arrow towards the end of a line."""


WORKS = (
    Work(
        "ir",
        {"fa-گزارش": "باران آمد.", "fa-نامه": "دبیر انجمن گفت: هوا سرد شد. نگین یگانه نپذیرفت."},
        ("khl", "نام"),
        ("k'd", "نگی"),
        ("vhsj", "راست"),
        "Left",
    ),
    Work(
        "kz",
        {
            "kk-есеп": "Жаңбыр жауды.",
            "kk-хат": "Төраға мүшесі айтты: күн суытты. Нұрлан Әбен келіспеді.",
        },
        ("[fn", "хат"),
        ("y9h", "нұр"),
        (";jy", "жон"),
        "Right",
    ),
    Work(
        "ru",
        {
            "ru-отчёт": "Прошёл дождь.",
            "ru-письмо": "Секретарь союза сказал: похолодало. Олеся Гай не согласна.",
        },
        ("gbc", "пис"),
        ("jkt", "оле"),
        (";jk", "жол"),
        "Right",
    ),
)


@pytest.fixture
def us_again() -> Iterator[None]:
    """Give the keyboard its usual layout back."""
    yield
    subprocess.run([tool("setxkbmap"), "us"], check=True, timeout=60)


@pytest.fixture
def hands(
    new_window: Callable[[], MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
    request: pytest.FixtureRequest,
) -> Hands:
    """Return hands before the start page, on the layout of a piece of work.

    Its project is the one opened last.
    """
    for name in ("xdotool", "setxkbmap"):
        tool(name)
    if "DISPLAY" not in os.environ:
        pytest.skip("There is no X server.")
    work: Work = request.param
    made(tmp_path / "letters.annot", texts=work.texts).close()
    Settings().opened(tmp_path / "letters.annot")
    Settings().choose(annotator="aida")
    subprocess.run([tool("setxkbmap"), work.layout], check=True, timeout=60)
    window = new_window()
    with qtbot.waitExposed(window, timeout=MILLISECONDS):
        window.show()
    subprocess.run(
        [tool("xdotool"), "windowfocus", "--sync", str(int(window.winId()))], check=True, timeout=60
    )
    qtbot.waitUntil(window.isActiveWindow, timeout=MILLISECONDS)
    return Hands(qtbot, window)


def select_next_words(hands: Hands, work: Work, count: int) -> None:
    """Select words from the caret on."""
    for _word in range(count):
        hands.press(f"Ctrl+Shift+{work.onwards}", until=hands.moved_from(hands.place()))


def stored(person: Person) -> list[tuple[str, str]]:
    """Return what the project file holds of the open document, as label and text."""
    session = person.session
    assert session.document is not None
    return [(span.label, span.text) for span in layer_spans(person)]


def layer_spans(person: Person) -> tuple[Span, ...]:
    """Return the stored spans of the open document."""
    session = person.session
    assert session.document is not None
    return session.store.annotation_set(session.document.id, session.annotator).spans


def relations(person: Person) -> tuple[Relation, ...]:
    """Return the stored relations of the open document."""
    session = person.session
    assert session.document is not None
    return session.store.annotation_set(session.document.id, session.annotator).relations


@pytest.mark.usefixtures("us_again")
@pytest.mark.parametrize(
    ("hands", "work"),
    [(work, work) for work in WORKS],
    indirect=["hands"],
    ids=[work.layout for work in WORKS],
)
def test_a_document_is_opened_labelled_and_finished_by_keys_alone(hands: Hands, work: Work) -> None:
    open_project_and_document(hands, work)
    person = Person(hands.window)
    first_words, claim = label_and_relabel(hands, work, person)
    relate_and_note(hands, work, person)
    delete_and_undo(hands, person)
    find_and_finish(hands, work, person)
    go_back_by_the_list(hands, person)
    store = person.session.store
    second = list(work.texts)[1]
    annotation_set = store.annotation_set(second, "aida")
    assert annotation_set.status == "done"
    assert [(span.label, span.text) for span in annotation_set.spans][:2] == [
        ("ORG", first_words),
        ("CLAIM", claim),
    ]
    assert store.faults() == []


def open_project_and_document(hands: Hands, work: Work) -> None:
    """From the start page: the recent project, then the filter of the document list."""
    window = hands.window

    def is_on_project() -> bool:
        focus = hands.focus()
        return isinstance(focus, QPushButton) and "letters" in focus.text()

    hands.press_until("Tab", is_on_project)
    hands.press("Enter", until=lambda: window.session is not None)
    view, needle = window.workspace.view, window.workspace.documents.needle
    hands.press("Ctrl+p", until=needle.hasFocus)
    keys, typed = work.filter
    hands.press(*keys, until=lambda: needle.text() == typed)
    hands.press("Enter", until=view.hasFocus)
    assert window.session is not None
    assert window.session.document is not None
    assert window.session.document.name == list(work.texts)[1]


def label_and_relabel(hands: Hands, work: Work, person: Person) -> tuple[str, str]:
    """The first two words are an entity, then another one.

    The rest of the sentence is a claim with a mode.
    """
    hands.press("Ctrl+Home", until=lambda: person.view.caret() == 0)
    select_next_words(hands, work, 2)
    hands.press("1", until=lambda: [label for label, _text in stored(person)] == ["PER"])
    hands.press("2", until=lambda: [label for label, _text in stored(person)] == ["ORG"])
    first_words = stored(person)[0][1]
    assert first_words == " ".join(person.view.text().split()[:2])
    hands.press("Esc", until=lambda: not person.session.span)
    hands.press(
        f"Ctrl+{work.onwards}",
        until=lambda: person.view.selection()[0] == person.view.selection()[1],
    )
    select_next_words(hands, work, 3)
    hands.press("c", until=lambda: len(stored(person)) == 2)
    hands.press("r", until=lambda: layer_spans(person)[1].attributes.get("mode") == "reported")
    return first_words, stored(person)[1][1]


def relate_and_note(hands: Hands, work: Work, person: Person) -> None:
    """The claim's holder is the first entity; a note says something on the claim."""
    hands.press("h", until=lambda: person.session.linking is not None)
    hands.press("Enter", until=lambda: len(relations(person)) == 1)
    relation, spans = relations(person)[0], {span.id: span.label for span in layer_spans(person)}
    assert (relation.label, spans[relation.head], spans[relation.child or ""]) == (
        "holder",
        "CLAIM",
        "ORG",
    )
    keys, typed = work.note
    hands.press("Alt+n", until=lambda: isinstance(hands.focus(), QPlainTextEdit))
    field = hands.focus()
    assert isinstance(field, QPlainTextEdit)
    hands.press(*keys, until=lambda: field.toPlainText() == typed)
    hands.press(
        "Ctrl+Enter", until=lambda: person.view.hasFocus() and layer_spans(person)[1].note == typed
    )


def delete_and_undo(hands: Hands, person: Person) -> None:
    """Go to the first span, delete it with its relation, and take that back."""
    hands.press_until(
        "Tab",
        lambda: person.session.selected is not None and person.session.selected.label == "ORG",
    )
    hands.press("Del", until=lambda: len(layer_spans(person)) == 1 and not relations(person))
    hands.press(
        "Ctrl+z", until=lambda: len(layer_spans(person)) == 2 and len(relations(person)) == 1
    )


def find_and_finish(hands: Hands, work: Work, person: Person) -> None:
    """Find a name, label what was found, finish the document; the next one that waits is shown."""
    line = person.window.workspace.panels.find_bar.line
    keys, typed = work.find
    hands.press("Esc", until=lambda: not person.session.span)
    hands.press("Ctrl+f", until=line.hasFocus)
    hands.press("Ctrl+a", "Del", *keys, until=lambda: line.text() == typed)
    hands.press(
        "Enter", until=lambda: person.view.text()[slice(*person.view.selection())].lower() == typed
    )
    hands.press("Esc", until=person.view.hasFocus)
    hands.press("1", until=lambda: len(layer_spans(person)) == 3)
    here = person.session.document
    hands.press("Ctrl+Enter", until=lambda: person.session.document is not here)
    assert person.session.document is not None
    assert person.session.document.name == next(iter(work.texts))


def go_back_by_the_list(hands: Hands, person: Person) -> None:
    """Select all of the text, then go to the other document.

    By the command, and by the arrows in the list.
    """
    view, panel = person.view, person.window.workspace.documents
    hands.press("Ctrl+a", until=lambda: view.selection() == (0, len(view.text())))
    first = person.session.document
    hands.press("Ctrl+PgDown", until=lambda: person.session.document is not first)
    second = person.session.document
    hands.press("Ctrl+p", until=panel.needle.hasFocus)
    hands.press("Ctrl+a", "Del", until=lambda: panel.model.rowCount() == 2)
    hands.press("Down", until=panel.view.hasFocus)
    hands.press("Home", until=lambda: panel.view.currentIndex().row() == 0)
    hands.press("Enter", until=lambda: person.session.document is not second)
