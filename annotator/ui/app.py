"""Starting the window."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from annotator import __version__
from annotator.i18n import is_right_to_left, isolate_names, language
from annotator.settings import Settings
from annotator.ui.look.theme import Theme
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.gc_timer import collect_here, pass_over_what_is_there
from annotator.ui.runtime.selfcheck import check_binding
from annotator.ui.window.main_window import MainWindow


def has_screen() -> bool:
    """Return whether a window would be seen by anybody."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """Return the one application, made if need be."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made
    if not has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_binding()
    # (Asked to set the style, Python would first make all enums of QStyle.)
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("annotator")
    app.setApplicationDisplayName("Annotator")
    app.setApplicationVersion(__version__)
    QLocale.setDefault(QLocale(language()))  # of the interface, not of the desktop
    isolate_names(on=True)
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if is_right_to_left() else Qt.LayoutDirection.LeftToRight
    )
    translator = QTranslator(app)
    if translator.load(
        QLocale(language()),
        "qtbase",
        "_",
        QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
    ):
        app.installTranslator(translator)
    return app


def window() -> MainWindow:
    """Return a new window with the settings of this machine, on its start page."""
    made = _window()
    made.show_start()
    return made


def _window() -> MainWindow:
    collect_here(application())
    settings = Settings()
    theme = Theme(settings.text("appearance"))
    made = MainWindow(settings, theme)
    # After the window is put together: with a style sheet, each step of that would take longer.
    theme.apply()
    return made


def show(project: Path | None) -> int:
    """Open the window, on a project if one is named, and stay until it is closed.

    Return the exit code.
    """
    return run(lambda made: made.open_project(project) if project else None)


def run(begin: Callable[[MainWindow], object]) -> int:
    """Show a window, begin something in it (else it shows its start page).

    And stay until it is closed.
    """
    # As `collect_here` does; from the very start, since looking for garbage takes a tenth of its
    # time.
    gc.disable()
    app = application()
    made = _window()
    error_reporting.catch_all(made.show_problem)
    made.show()
    begin(made)
    if made.session is None:
        made.show_start()
    pass_over_what_is_there()
    return app.exec()
