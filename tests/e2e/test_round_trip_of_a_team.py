"""A round trip of a team.

Handed out to three, labelled in two real windows at once, returned, collected, adjudicated by keys,
exported.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from pytestqt.qtbot import QtBot

from annotator.adjudication import Case
from annotator.store import Store
from annotator.ui.controllers import bundles
from annotator.ui.window.main_window import MainWindow
from tests.cli.conftest import cli
from tests.cli.run import Caller
from tests.e2e.hands import Hands, tool
from tests.patience import MILLISECONDS
from tests.projects import labelled, made, plain, span, write_lines
from tests.ui.person import Person

if TYPE_CHECKING:
    from annotator.model import Span

__all__ = ["cli"]
pytestmark = pytest.mark.screen
SARA, REZA, ALIYA = "Сара", "رضا", "Әлия"
TEXTS = {
    "fa-1": "مریم سهرابی صبح شنبه در بازار رشت ماهی‌های تازه خریده 🐟",
    "kk-1": "Серік Оспанов кеше Ақтоғанда жаңа көпірдің құрылысын өз көзімен көріпті",
    "ru-1": "Анна Кравцова вчера видела новый мост через реку Зареченку впервые",
}
ONWARDS = {"fa": "Left", "kk": "Right", "ru": "Right"}
WORDS_OF_ALIYA = 10
DECISIONS = ("1", "3", "2", "r")
NewHands = Callable[[], Hands]


@pytest.fixture
def new_hands(new_window: Callable[[], MainWindow], qtbot: QtBot) -> NewHands:
    """Return a function that gives hands before a further window."""
    tool("xdotool")
    if "DISPLAY" not in os.environ:
        pytest.skip("There is no X server.")
    return lambda: Hands(qtbot, new_window())


def turn_to(hands: Hands) -> None:
    """Give the keyboard to a window, and in it to the text."""
    subprocess.run(
        [tool("xdotool"), "windowfocus", "--sync", str(int(hands.window.winId()))],
        check=True,
        timeout=60,
    )
    hands.qtbot.waitUntil(hands.window.isActiveWindow, timeout=MILLISECONDS)
    hands.window.workspace.view.setFocus()


def stored(store: Store, document: str, annotator: str) -> list[tuple[str, str]]:
    """Return what a project holds of somebody's work, as label and text."""
    return [(entry.label, entry.text) for entry in store.annotation_set(document, annotator).spans]


def stands_at(count: Callable[[], int], wanted: int) -> Callable[[], bool]:
    """Return what tells whether a count is what is wanted."""
    return lambda: count() == wanted


def label_and_finish(hands: Hands, keys: str) -> None:
    """Label a word after the other with the keys, each when the last one is stored.

    And finish the document.
    """
    turn_to(hands)
    person = Person(hands.window)
    session, view = person.session, person.view
    document = session.document
    assert document is not None
    onwards = ONWARDS[document.language]

    def labels() -> int:
        return len(stored(session.store, document.id, session.annotator))

    hands.press("Ctrl+Home", until=lambda: view.caret() == 0)
    for count, key in enumerate(keys, 1):
        hands.press(f"Ctrl+Shift+{onwards}", until=lambda: session.has_selection)
        hands.press(key, until=stands_at(labels, count))
        hands.press("Esc", until=lambda: not session.span)
        hands.press(f"Ctrl+{onwards}", until=lambda: view.selection()[0] == view.selection()[1])
    hands.press(
        "Ctrl+Enter", until=lambda: layer_is_done(session.store, document.id, session.annotator)
    )


def layer_is_done(store: Store, document: str, annotator: str) -> bool:
    """Return whether somebody has finished a document."""
    return store.annotation_set(document, annotator).status == "done"


def work_of_aliya(path: Path) -> Path:
    """Write down what the third annotator made elsewhere: each word is a person."""
    lines = []
    for name, text in TEXTS.items():
        spans: list[Span] = [span(text, word, "PER") for word in text.split()[:WORDS_OF_ALIYA]]
        lines.append(plain(labelled(name, text, ALIYA, spans), status="done", language=name[:2]))
    return write_lines(path, lines)


def handed_out(cli: Caller, folder: Path) -> Path:
    """Make a lead's project, and hand all of it out to three people."""
    lead = folder / "lead.annot"
    made(lead, texts=TEXTS).close()
    people = [part for name in (SARA, REZA, ALIYA) for part in ("--to", name)]
    assert cli("assign", lead, *people, "--overlap", "3", "-o", folder / "bundles").code == 0
    return lead


def bundle_for(folder: Path, name: str) -> Path:
    """Return the bundle that was made for somebody."""
    return next(path for path in (folder / "bundles").iterdir() if name in path.name)


def labelled_in_two_windows(new_hands: NewHands, folder: Path) -> None:
    """Two people begin their projects in two windows, and label in turn what they were given.

    One differs from the other.
    """
    sara, reza = new_hands(), new_hands()
    for hands, name in ((sara, SARA), (reza, REZA)):
        bundles.begin(hands.window, bundle_for(folder, name), folder / f"{name}.annot")
    for _document in TEXTS:
        label_and_finish(sara, "122")
        label_and_finish(reza, "14")
    for hands in (sara, reza):
        hands.window.close()


def returned(cli: Caller, folder: Path, name: str) -> Path:
    """Return somebody's work from the command line."""
    back = folder / f"{name}-return.annot-bundle"
    assert cli("return", folder / f"{name}.annot", "-o", back).code == 0
    return back


def case_on_desk(hands: Hands) -> Case | None:
    """Return the case that waits for a decision."""
    session = hands.window.session
    assert session is not None
    return session.adjudication.case if session.adjudication else None


def decide_all(hands: Hands) -> None:
    """Decide thirty cases by keys, each when the last decision is stored."""
    turn_to(hands)
    hands.press("F8", until=lambda: case_on_desk(hands) is not None)
    session = hands.window.session
    assert session is not None
    adjudication = session.adjudication
    assert adjudication is not None
    assert adjudication.standing.cases == len(TEXTS) * WORDS_OF_ALIYA
    for number in range(adjudication.standing.cases):
        hands.press(
            DECISIONS[number % len(DECISIONS)],
            until=stands_at(lambda: adjudication.standing.decided, number + 1),
        )
    assert adjudication.standing.complete == len(TEXTS)


def test_a_team_of_three_labels_in_two_windows_and_thirty_cases_become_gold(
    new_hands: NewHands, cli: Caller, tmp_path: Path
) -> None:
    lead, gold = handed_out(cli, tmp_path), tmp_path / "gold.jsonl"
    labelled_in_two_windows(new_hands, tmp_path)
    assert cli("start", bundle_for(tmp_path, ALIYA), tmp_path / f"{ALIYA}.annot").code == 0
    assert (
        cli("import", tmp_path / f"{ALIYA}.annot", work_of_aliya(tmp_path / "aliya.jsonl")).code
        == 0
    )
    backs = [returned(cli, tmp_path, name) for name in (SARA, REZA, ALIYA)]
    assert cli("collect", lead, *backs, "--dry-run", "--json").json["stored"] is False
    hands = new_hands()
    hands.window.open_project(lead, "lead")
    bundles.collect_paths(hands.window, backs, "", None)
    person = Person(hands.window)
    hands.qtbot.waitUntil(
        lambda: person.notice().startswith("Collected: 45 new spans"), timeout=MILLISECONDS
    )
    decide_all(hands)
    kept = {name: stored(person.session.store, name, "gold") for name in TEXTS}
    hands.window.close()
    assert cli("export", lead, gold, "--annotator", "gold", "--status", "done").code == 0
    check_gold(gold, kept)
    assert cli("check", lead).code == 0


def check_gold(path: Path, kept: dict[str, list[tuple[str, str]]]) -> None:
    """Check that what was exported is gold as it is stored, and says what its text says."""
    records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert [record["id"] for record in records] == list(TEXTS)
    for record in records:
        assert record["text"] == TEXTS[record["id"]]
        assert all(
            record["text"][entry["start"] : entry["end"]] == entry["text"]
            for entry in record["spans"]
        )
        found = [(entry["label"], entry["text"]) for entry in record["spans"]]
        assert found == kept[record["id"]]
        assert found
