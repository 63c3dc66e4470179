"""Comparing and adjudicating in the window.

A queue, versions side by side, one key a decision, gold exported.
"""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from annotator.adjudication import Case
from annotator.jobs import ExportOptions, export_records
from annotator.model import AnnotationSet, Document, Relation, Span, new_id
from annotator.model.schema_files import load_schema
from annotator.session.adjudication_session import AdjudicationSession
from annotator.store import Store, annotator_id
from annotator.ui.adjudicate.rule import RuleDialog
from annotator.ui.adjudicate.versions import Line, snippet, told_apart
from annotator.ui.adjudicate.view import AdjudicationView
from annotator.ui.dialogs.sheets import key_lines
from tests.projects import made
from tests.ui.person import ALT, CONTROL, LEFT, SHIFT, Person

FA = "وزیر نیرو گفت سد دوم تا پاییز ساخته می‌شود و اهالی نگران‌اند 👩‍👧."
RU = "Мэр Зареченска Пётр Лужин заявил, что мост откроют в мае."
KK = "Әкім Серік Оспанов жолды күзге дейін бітіреміз деді."
WORDS = {
    FA: ("وزیر نیرو", "سد دوم", "پاییز", "اهالی", "نگران‌اند"),
    RU: ("Зареченска", "Пётр Лужин", "заявил", "мост", "мае"),
    KK: ("Әкім", "Серік Оспанов", "жолды", "күзге", "деді"),
}
Opens = Callable[..., Person]


def over(text: str, words: str, label: str, *, shorter: int = 0) -> Span:
    start = text.index(words)
    end = start + len(words) - shorter
    return Span(new_id(), "entities", label, ((start, end),), text[start:end])


def adjudicable(path: Path) -> Path:
    """Make a project with two annotators who differ in thirty places of six documents.

    Label, boundary, presence in turn.
    """
    with Store.create(path, load_schema("news")) as store, store.change("", "") as step:
        people = [step.add_annotator(name) for name in ("Sara", "رضا")]
        for number, text in enumerate((FA, RU, KK, FA + " ۲", RU + " 2", KK + " 2")):
            name, _new = step.add_document(
                Document(f"d{number}", f"Text {number}", text, ("fa", "ru", "kk")[number % 3])
            )
            words = WORDS[(FA, RU, KK)[number % 3]]
            first = [over(text, each, "PER") for each in words]
            second = [
                over(text, each, "ORG" if place % 3 == 0 else "PER", shorter=place % 3 == 1)
                for place, each in enumerate(words)
            ]
            del second[2]
            for person, spans in zip(people, (first, second), strict=True):
                step.import_annotation_set(
                    name, person, AnnotationSet("", "done", tuple(spans)), text
                )
    return path


@pytest.fixture
def lead(opens: Opens, tmp_path: Path) -> Person:
    """Return a lead who has entered the room of adjudication."""
    return at_the_desk(opens(adjudicable(tmp_path / "a.annot"), "lead"))


def at_the_desk(person: Person) -> Person:
    person.press(Qt.Key.Key_F8)
    person.wait_for_work()
    return person


def room(person: Person) -> AdjudicationView:
    shown = person.window.findChild(AdjudicationView)
    assert isinstance(shown, AdjudicationView)
    return shown


def desk(person: Person) -> AdjudicationSession:
    assert person.session.adjudication is not None
    return person.session.adjudication


def case(person: Person) -> Case:
    found = desk(person).case
    assert found is not None
    return found


def gold(person: Person, name: str) -> list[tuple[str, str]]:
    return [
        (span.label, span.text) for span in person.session.store.annotation_set(name, "gold").spans
    ]


def rows(person: Person) -> list[str]:
    return [row.accessibleName() for row in room(person).versions.rows]


def test_thirty_cases_are_decided_by_keys_alone_and_gold_is_exported(
    lead: Person, tmp_path: Path
) -> None:
    assert desk(lead).standing.cases == 30
    assert QApplication.focusWidget() is room(lead).view
    for _document in range(6):
        for key in ("1", "2", "1", "R", "K"):  # label, boundary, missing, label, boundary
            lead.press(key)
    far = desk(lead).standing
    assert (far.decided, far.complete) == (30, 6)
    assert "30 of 30 cases decided" in room(lead).queue.count.text()
    assert "gold complete in 6 of 6" in room(lead).queue.count.text()
    assert room(lead).queue.hint.text() == "All cases are decided; gold is complete."
    report = export_records(
        lead.session.store, tmp_path / "gold.jsonl", ExportOptions("jsonl", ("gold",), ("done",))
    )
    assert (len(report.documents), report.spans) == (6, 6 * 5)
    records = [
        orjson.loads(line)
        for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [span["text"] for span in records[1]["spans"]] == [
        "Зареченска",
        "Пётр Лужи",
        "заявил",
        "мае",
        "ма",
    ]
    for _step in range(30):
        lead.press("Z", CONTROL)
    assert (desk(lead).standing.decided, gold(lead, "d1")) == (0, [])


def test_the_versions_stand_below_one_another_with_their_signs(lead: Person) -> None:
    assert rows(lead) == ["1 Sara: label; PER", "2 رضا: label; ORG"]
    lead.press(Qt.Key.Key_Down, ALT)
    assert rows(lead) == ["1 Sara: boundary; PER", "2 رضا: boundary; PER"]
    lead.press(Qt.Key.Key_Down, ALT)
    assert rows(lead) == ["1 Sara: only here; PER", "2 رضا: nothing; nothing"]
    lead.press(Qt.Key.Key_Up, ALT)
    assert rows(lead)[0].startswith("1 Sara: boundary")


def test_keys_decide_by_their_place_on_a_persian_layout(lead: Person) -> None:
    lead.press_physical("R", "ق")
    assert lead.window.workspace.keyboard.layout == "fa"
    assert {key: chip._cap for chip, key, _shift in room(lead).strip._chips}["R"] == "ق"
    assert case(lead).extent != desk(lead).shown[0].extent
    assert desk(lead).shown[0].state == "decided"
    assert gold(lead, "d0") == []


def test_a_click_on_a_row_takes_that_version(lead: Person) -> None:
    row = room(lead).versions.rows[1]
    QTest.mouseClick(row, LEFT)
    QApplication.processEvents()
    assert gold(lead, "d0") == [("ORG", "وزیر نیرو")]


def test_a_chip_does_what_its_key_does(lead: Person) -> None:
    chip = next(chip for chip, key, shift in room(lead).strip._chips if (key, shift) == ("X", ""))
    chip.click()
    assert desk(lead).shown[0].decisions[0].outcome == "nobody"


def test_enter_goes_on_and_backspace_goes_back(lead: Person) -> None:
    lead.press("1")
    lead.press(Qt.Key.Key_Backspace)
    assert case(lead) is desk(lead).shown[0]
    lead.press(Qt.Key.Key_Return)
    assert case(lead) is desk(lead).shown[1]


def test_a_case_is_chosen_in_the_queue_and_decided_from_there(lead: Person) -> None:
    queue = room(lead).queue
    queue.view.setFocus()
    lead.press(Qt.Key.Key_Down)
    lead.press(Qt.Key.Key_Down)
    lead.press(Qt.Key.Key_Return)
    assert case(lead) is desk(lead).shown[2]
    queue.view.setFocus()
    lead.press("1")
    assert desk(lead).shown[2].state == "decided"


def test_the_queue_is_filtered(lead: Person) -> None:
    queue = room(lead).queue
    queue.kind.setCurrentIndex(queue.kind.findData("missing"))
    assert queue.model.rowCount() == 6
    queue.needle.setText("text 4")
    assert queue.model.rowCount() == 1
    queue.needle.setText("nothing like it")
    assert queue.hint.isVisible()
    queue.needle.clear()
    queue.kind.setCurrentIndex(0)
    queue.label.setCurrentIndex(queue.label.findData("ORG"))
    assert queue.model.rowCount() == 12


def test_selected_text_becomes_gold_by_n(lead: Person) -> None:
    lead.press("N")
    assert "Select the right words" in lead.notice()
    lead.press(Qt.Key.Key_Down, ALT)
    view = room(lead).view
    view.select(*_place(view.text(), "دوم تا"))
    lead.press("N")
    assert gold(lead, "d0") == [("PER", "دوم تا")]


def _place(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def test_where_labels_differ_a_new_span_asks_for_one(lead: Person) -> None:
    shown = room(lead)
    shown.view.select(*_place(shown.view.text(), "وزیر"))
    menu = shown.label_menu(lead.session, case(lead).labels, adds=False)
    assert [action.text().split(" ")[0] for action in menu.actions()] == ["PER", "ORG"]
    menu.actions()[1].trigger()
    assert gold(lead, "d0") == [("ORG", "وزیر")]
    menu.close()


def test_a_span_that_nobody_marked_is_added_by_shift_n(
    lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: menu.actions()[0].trigger())
    shown = room(lead)
    shown.view.select(*_place(shown.view.text(), "ساخته"))
    lead.press("N", SHIFT)
    assert gold(lead, "d0") == [("PER", "ساخته")]


def test_reasons_and_notes_go_with_the_decision(lead: Person) -> None:
    panel = room(lead).reason_box
    lead.press("2", ALT)
    assert panel.reasons["boundary"].isChecked()
    lead.press("1")
    lead.press(Qt.Key.Key_Backspace)
    assert panel.reasons["boundary"].isChecked()
    lead.press(Qt.Key.Key_F2)
    assert QApplication.focusWidget() is panel.note
    assert panel.note is not None
    panel.note.setPlainText("без титула")
    lead.press(Qt.Key.Key_Return, CONTROL)
    panel.reasons["slip"].click()
    decision = case(lead).decision
    assert decision is not None
    assert (decision.reason, decision.note) == ("slip", "без титула")
    lead.press("Z", CONTROL)
    assert case(lead).decision is not None
    assert panel.reasons["boundary"].isChecked()


def test_what_cannot_be_decided_is_explained_above_the_text(lead: Person) -> None:
    lead.press("7")
    assert "only 2 versions" in lead.notice()
    lead.press("M")
    assert "no two boundaries" in lead.notice()


def test_a_stale_decision_is_shown_and_let_stand(lead: Person) -> None:
    lead.press("1")
    own = lead.session.store.annotation_set("d0", "رضا").spans[0]
    with lead.session.store.change("label", "رضا") as step:
        step.put_span("d0", annotator_id("رضا"), own._replace(label="GPE"))
    lead.press(Qt.Key.Key_Backspace)
    assert any("changed" in text for text in lead.reads(room(lead).reason_box))
    lead.press("C")
    assert desk(lead).shown[0].state == "decided"


def test_the_key_sheet_shows_the_keys_of_the_desk(lead: Person) -> None:
    lines = key_lines([], lead.session, lead.window.workspace.keyboard)
    assert "⇧M\tTake what all of the versions have in common as one span." in lines
    assert not any("PER" in line for line in lines)


def test_unfinished_work_can_be_left_out(lead: Person) -> None:
    with lead.session.store.change("reopen", "Sara") as step:
        step.put_status("d0", annotator_id("Sara"), "open")
    for cases in (25, 30):
        lead.action("adjudication.only_done").trigger()
        lead.wait_for_work()
        assert desk(lead).standing.cases == cases


def test_names_can_be_hidden(lead: Person) -> None:
    lead.action("adjudication.hide_names").trigger()
    assert [row.split(":")[0] for row in rows(lead)] == ["1 A", "2 B"]
    assert not any("Sara" in text for text in lead.reads(room(lead)))


def test_at_the_desk_nothing_is_labelled_and_f8_leads_back(lead: Person) -> None:
    assert not lead.action("documents.finish").isEnabled()
    lead.press(Qt.Key.Key_Return, CONTROL)
    assert lead.session.status == "new"
    lead.press(Qt.Key.Key_F8)
    assert lead.window.pages.currentWidget() is lead.window.workspace
    assert lead.session.adjudication is None
    assert lead.action("documents.finish").isEnabled()
    assert not lead.action("adjudication.reject_all").isEnabled()


@pytest.fixture
def at_relations(opens: Opens, tmp_path: Path) -> Person:
    """Return a lead at the desk with a relation that only one has.

    And one on whose child the annotators differ.
    """
    with (
        Store.create(tmp_path / "r.annot", load_schema("news")) as store,
        store.change("", "") as step,
    ):
        name, _new = step.add_document(Document("ru", "ru", RU, "ru"))
        for who in ("Sara", "رضا"):
            claim, person, other = (
                over(RU, "мост откроют в мае", "CLAIM"),
                over(RU, "Пётр Лужин", "PER"),
                over(RU, "Зареченска", "GPE"),
            )
            spans = (
                claim._replace(
                    layer="claims", attributes={"mode": "reported" if who == "Sara" else "asserted"}
                ),
                person,
                other,
            )
            links = [
                Relation(
                    "r1",
                    "holder",
                    claim.id,
                    person.id if who == "Sara" else None,
                    None if who == "Sara" else "author",
                )
            ]
            links += [Relation("r2", "target", claim.id, other.id)] if who == "Sara" else []
            step.import_annotation_set(
                name, step.add_annotator(who), AnnotationSet("", "done", spans, tuple(links)), RU
            )
    return at_the_desk(opens(tmp_path / "r.annot", "lead"))


def test_relations_are_shown_with_both_ends_and_decided_after_them(at_relations: Person) -> None:
    lead = at_relations
    kinds = ["/".join(each.kinds) for each in desk(lead).shown]
    assert kinds == ["agreed", "agreed", "attribute", "relation", "relation"]
    assert {"waiting"} == {each.state for each in desk(lead).shown[3:]}
    for _step in range(3):
        lead.press(Qt.Key.Key_Down, ALT)
    assert "Decide the two spans that it joins first" in " ".join(lead.reads(room(lead).reason_box))
    lead.press("1")
    assert "two ends" in lead.notice()
    for _step in range(3):
        lead.press(Qt.Key.Key_Backspace)
    for _step in range(3):
        lead.press("1")
    assert len(room(lead).view._interaction.links) == 2
    assert [row.split(": ", 1)[1].split("\u2068")[0] for row in rows(lead)] == [
        "relation; \u200eholder: "
    ] * 2
    lead.press("2")
    lead.press("1")
    assert desk(lead).standing.complete == 1
    links = lead.session.store.annotation_set("ru", "gold").relations
    assert sorted((link.label, link.implicit) for link in links) == [
        ("holder", "author"),
        ("target", None),
    ]


def test_values_that_differ_are_shown_and_others_not(at_relations: Person) -> None:
    for _step in range(2):
        at_relations.press(Qt.Key.Key_Down, ALT)
    assert rows(at_relations) == [
        "1 Sara: values; CLAIM\nmode = reported",
        "2 رضا: values; CLAIM\nmode = asserted",
    ]


def test_what_only_gold_has_is_shown_too(at_relations: Person) -> None:
    lead = at_relations
    for key in ("1", "1", "1"):
        lead.press(key)
    for who in ("Sara", "رضا"):
        with lead.session.store.change("delete", who) as step:
            for span in lead.session.store.annotation_set("ru", who).spans:
                step.remove_span("ru", annotator_id(who), span.id)
    assert {"gone"} == {kind for each in desk(lead).shown for kind in each.kinds}
    lead.press(Qt.Key.Key_Return)
    assert rows(lead) == ["1 Sara: nothing; nothing", "2 رضا: nothing; nothing"]
    for _step in range(3):
        lead.press("R")
    assert (desk(lead).shown, gold(lead, "ru")) == ([], [])


def test_a_rule_is_previewed_and_decided_in_one_step(
    lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = RuleDialog(list(desk(lead).dockets.values()), lead.window)
    lead.until(lambda: "Gold" in dialog.counts.text())
    assert "0 cases get a version" in dialog.counts.text()
    assert not dialog.ok.isEnabled()
    dialog.rules.button(2).setChecked(True)
    dialog.share.setValue(40)
    lead.until(lambda: "Gold" in dialog.counts.text())
    assert dialog.fraction * 100 == 40
    dialog.reject()
    with lead.session.store.change("same", "رضا") as step:
        for name in ("d0", "d1"):
            span = lead.session.store.annotation_set(name, "Sara").spans[2]
            step.put_span(name, annotator_id("رضا"), span._replace(id=new_id()))

    def accept(asked: RuleDialog) -> QDialog.DialogCode:
        asked.rules.button(0).setChecked(True)
        assert asked.rule == "unanimous"
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(RuleDialog, "exec", accept)
    lead.action("adjudication.by_rule").trigger()
    lead.wait_for_work()
    assert desk(lead).standing.decided == 2
    assert "2 cases were decided; 28 stay open." in lead.notice()
    lead.press("Z", CONTROL)
    assert desk(lead).standing.decided == 0


def test_feedback_is_written_to_a_folder(
    lead: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead.press("1")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(tmp_path / "fb"))
    lead.action("adjudication.feedback").trigger()
    lead.wait_for_work()
    assert sorted(path.name for path in (tmp_path / "fb").iterdir()) == [
        "Sara.html",
        "guideline-issues.html",
        "رضا.html",
    ]
    assert "fb" in lead.notice()


def test_with_one_annotator_the_room_says_what_to_do(opens: Opens, tmp_path: Path) -> None:
    made(tmp_path / "one.annot").close()
    person = at_the_desk(opens(tmp_path / "one.annot", "lead"))
    assert any(
        "Collect or import the work of another one." in text for text in person.reads(room(person))
    )
    assert [made.text() for made in room(person).message.offers if made.isVisible()][:2] == [
        "Collect returned work…",
        "Import files…",
    ]
    assert person.session.adjudication is None
    person.button("Back to labelling", room(person)).click()
    assert person.window.pages.currentWidget() is person.window.workspace


def test_a_project_is_closed_from_the_desk(lead: Person) -> None:
    lead.press("1")
    lead.window.close_project()
    assert lead.window.pages.currentWidget() is lead.window.start


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_all_parts_have_names_and_take_the_appearance(lead: Person, appearance: str) -> None:
    lead.window.theme.choose(appearance)
    parts: list[QWidget] = [
        room(lead).queue,
        room(lead).view,
        room(lead).versions,
        room(lead).strip,
        room(lead).reason_box,
    ]
    assert all(part.accessibleName() for part in parts)
    image = room(lead).grab().toImage()
    assert (image.pixelColor(image.width() // 2, 4).lightness() < 128) == (appearance == "dark")


# ── Snippets ──────────────────────────────────────────────────────────────────────────────────────


def test_a_snippet_holds_whole_words_around_the_case() -> None:
    text = (
        "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать"
        " тринадцать"
    )
    start = text.index("восемь")
    line = snippet(text, (start, start + 6), (0, len(text)))
    assert line.text == "… три четыре пять шесть семь восемь девять десять одиннадцать …"
    assert [line.text[first:last] for first, last in line.places([(start, start + 6)])] == [
        "восемь"
    ]


def test_a_long_case_shows_its_two_ends() -> None:
    text = "начало " + "слово " * 60 + "конец"
    line = snippet(text, (0, len(text)), (0, len(text)))
    assert line.text.startswith("начало")
    assert line.text.endswith("конец")
    assert " … " in line.text
    assert len(line.text) < 170
    assert [
        line.text[first:last] for first, last in line.places([(0, 6), (len(text) - 5, len(text))])
    ] == ["начало", "конец"]


def test_a_snippet_stays_in_its_paragraph() -> None:
    text = "یک\nدو سه\nچهار"
    assert snippet(text, (3, 5), (3, 8)).text == "دو سه"


def test_differences_of_letters_beyond_the_basic_plane_are_marked_where_they_are(
    lead: Person,
) -> None:
    text = "a👩‍👧b"
    line = Line(
        snippet(text, (0, 5), (0, 5)),
        "ltr",
        [(0, 1), (4, 5)],
        [(0, 4)],
        (room(lead)._palette, "#0072B2"),
    )
    marked = [
        (part.start, part.length)
        for part in line._layout.formats()
        if part.format.fontUnderline() or part.format.underlineColor().isValid()
    ]
    assert (0, 1) in marked
    assert sum(length for _start, length in marked) == 7
    line.deleteLater()


def test_two_who_agree_differ_from_the_third() -> None:
    same = [over(RU, "Пётр Лужин", "PER") for _person in range(2)]
    found = Case(
        "x", "d", ("a", "b", "c"), {"a": same[0], "b": same[1], "c": over(RU, "Пётр", "PER")}
    )
    assert [told_apart(found, name) for name in "abc"] == [["same"], ["same"], ["boundary"]]
