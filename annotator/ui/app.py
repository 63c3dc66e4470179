"""Starting the window."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from annotator import __version__
from annotator.i18n import is_right_to_left, language
from annotator.settings import Settings
from annotator.ui import problems
from annotator.ui.main_window import MainWindow
from annotator.ui.selfcheck import check_binding
from annotator.ui.theme import Theme

COLLECT_AFTER = 10_000


def has_screen() -> bool:
    """Tell whether a window would be seen by anybody."""
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
    app = QApplication(sys.argv[:1])
    app.setApplicationName("annotator")
    app.setApplicationDisplayName("Annotator")
    app.setApplicationVersion(__version__)
    app.setStyle("Fusion")
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_right_to_left() else Qt.LayoutDirection.LeftToRight)
    translator = QTranslator(app)
    if translator.load(QLocale(language()), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    return app


def window() -> MainWindow:
    """Return a new window with the settings of this machine."""
    application()
    settings = Settings()
    return MainWindow(settings, Theme(settings.text("appearance")))


def show(project: Path | None) -> int:
    """Open the window, on a project if one is named, and stay until it is closed; return the exit code."""
    return run(lambda made: made.open_project(project) if project else None)


def calm_collector() -> None:
    """Let the search for garbage cycles pass over what the start has made, and come seldom: it stops the window each time."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def run(begin: Callable[[MainWindow], object]) -> int:
    """Show a window, begin something in it, and stay until it is closed."""
    app = application()
    made = window()
    problems.catch_all(made.show_problem)
    made.show()
    calm_collector()
    begin(made)
    return app.exec()
