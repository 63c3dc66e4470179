"""The dialog of the label set: what is changed in it becomes one step, and the view follows."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotator.jobs.relabeling import Revision
from annotator.model.schema_files import load_schema
from annotator.ui.dialogs.labels import Labels
from tests.jobs.test_relabeling import worked
from tests.ui.conftest import Opens

if TYPE_CHECKING:
    from collections.abc import Callable


def row_of(dialog: Labels, label: str) -> int:
    return next(
        row
        for row in range(dialog.table.rowCount())
        if (item := dialog.table.item(row, 0)) and item.text() == label
    )


def choose(dialog: Labels, label: str, fate: str) -> None:
    choice = dialog.fate(row_of(dialog, label))
    choice.setCurrentIndex(choice.findData(fate))


def test_what_is_changed_is_a_revision_and_nothing_else(qtbot: object) -> None:
    dialog = Labels(load_schema("news"))
    assert dialog.revision == Revision()
    choose(dialog, "LOC", "GPE")
    choose(dialog, "MONEY", "-")
    name = dialog.table.item(row_of(dialog, "PER"), 1)
    assert name is not None
    name.setText("Human")
    assert dialog.revision == Revision({"LOC": "GPE"}, {"PER": "Human"}, ("MONEY",))


def test_labels_merged_in_the_window_move_the_marks_and_are_undone(
    tmp_path: Path, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.annot"
    worked(path).close()
    person = opens(path, "aida")
    person.open_document("fa-1")

    def merge(dialog: Labels) -> int:
        choose(dialog, "LOC", "GPE")
        return int(Labels.DialogCode.Accepted)

    stand_in: Callable[[Labels], int] = merge
    monkeypatch.setattr(Labels, "exec", stand_in)
    person.action("labels.change_labels").trigger()
    person.wait_for_work()
    assert "LOC" not in {span.label for span in person.session.spans.values()}
    assert "2 spans" in person.notice()
    person.action("history.undo").trigger()
    assert "LOC" in {span.label for span in person.session.spans.values()}
