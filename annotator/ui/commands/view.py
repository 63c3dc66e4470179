"""The window's commands for how the text looks.

Spacing, width, font, annotations of others, the reading pane.
"""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QInputDialog

from annotator.commands import command
from annotator.i18n import N_, _
from annotator.ui.commands.conditions import has_document
from annotator.ui.look.look import look_of
from annotator.ui.window.app_window import AppWindow
from annotator.ui.window.notice import Notice

LEADING_STEP, MEASURE_STEP = 10, 4


def restore(window: AppWindow) -> None:
    """Take the looks of the text from the settings."""
    window.workspace.view.set_look(look_of(window.settings))
    if window.settings.flag("reading_pane"):
        window.workspace.panels.reading.show()


def _change(window: AppWindow, name: str, by: int) -> None:
    window.settings.choose(**{name: window.settings.number(name) + by})
    look = look_of(window.settings)
    window.settings.choose(leading=look.leading, measure=look.measure)
    window.workspace.view.set_look(look)
    window.workspace.side_by_side.take_looks()


@command(N_("More line spacing"), keys=("Ctrl+Alt+=",), menu="view")
def more_spacing(window: AppWindow) -> None:
    """Put the lines of the text farther apart."""
    _change(window, "leading", LEADING_STEP)


@command(N_("Less line spacing"), keys=("Ctrl+Alt+-",), menu="view")
def less_spacing(window: AppWindow) -> None:
    """Put the lines of the text closer together."""
    _change(window, "leading", -LEADING_STEP)


@command(N_("Wider column"), keys=("Ctrl+Alt+]",), menu="view")
def wider(window: AppWindow) -> None:
    """Put more characters into a line of the text."""
    _change(window, "measure", MEASURE_STEP)


@command(N_("Narrower column"), keys=("Ctrl+Alt+[",), menu="view")
def narrower(window: AppWindow) -> None:
    """Put fewer characters into a line of the text."""
    _change(window, "measure", -MEASURE_STEP)


def families() -> list[str]:
    """Return the families of this machine that have letters of a script the program is for."""
    systems = (QFontDatabase.WritingSystem.Arabic, QFontDatabase.WritingSystem.Cyrillic)
    return sorted(
        {
            name
            for system in systems
            for name in QFontDatabase.families(system)
            if not QFontDatabase.isPrivateFamily(name)
        }
    )


@command(N_("Font of the text…"), menu="view")
def font(window: AppWindow) -> None:
    """Choose the font of the text; scripts that it lacks stay in the fonts of the program."""
    shipped = _("The fonts of the program")
    names = [shipped, *families()]
    here = names.index(window.settings.text("font")) if window.settings.text("font") in names else 0
    name, is_chosen = QInputDialog.getItem(
        window.widget, _("Font of the text"), _("Font"), names, here, editable=False
    )
    if is_chosen:
        window.settings.choose(font="" if name == shipped else name)
        window.workspace.view.set_look(look_of(window.settings))
        window.workspace.side_by_side.take_looks()


@command(N_("Select by characters"), keys=("Ctrl+Shift+K",), menu="view")
def by_characters(window: AppWindow) -> None:
    """Let the mouse select by characters instead of words, until this is chosen again.

    Alt does the same for one drag.
    """
    on = window.workspace.view.toggle_character_mode()
    text = _("The mouse selects by characters.") if on else _("The mouse selects by words.")
    window.tell(Notice(text))


@command(N_("Annotations of others…"), keys=("Ctrl+Shift+L",), menu="view", when=has_document)
def layers(window: AppWindow) -> None:
    """Lay the work of other annotators over the text, to be read."""
    session, space = window.session, window.workspace
    if session is not None:
        space.overlays.menu(session, window.widget, space.show_all_marks).popup(
            space.view.mapToGlobal(QPoint(40, 20))
        )


@command(N_("Annotators side by side"), keys=("Ctrl+Shift+B",), menu="view", when=has_document)
def side_by_side(window: AppWindow) -> None:
    """Put the annotations of others in columns beside the text, or back over it."""
    session, space = window.session, window.workspace
    if session is None:
        return
    if not space.overlays.names(session):
        text = _(
            "Nobody else has worked in this project, so there is nothing to put beside the text."
        )
        window.tell(Notice(text))
        return
    space.overlays.turn(session)
    space.show_all_marks()


@command(N_("Reading pane"), keys=("F7",), menu="view")
def reading_pane(window: AppWindow) -> None:
    """Show or hide the paragraph at the caret as plain text, for screen readers."""
    window.settings.choose(reading_pane=not window.settings.flag("reading_pane"))
    window.workspace.panels.reading.setVisible(window.settings.flag("reading_pane"))
    window.workspace.panels.reading.follow(window.session)
