"""Starting the window."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6 import QtGui
from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from annotator import __version__
from annotator.gc_pause import leave_to_timer
from annotator.i18n import is_right_to_left, isolate_names, language
from annotator.resources import resource
from annotator.screen import has_screen
from annotator.session import Session
from annotator.settings import Settings
from annotator.ui import commands, controllers
from annotator.ui.commands import view
from annotator.ui.controllers import place
from annotator.ui.controllers.adjudication import Adjudication
from annotator.ui.look.theme import Theme
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.gc_timer import collect_here, pass_over_what_is_there
from annotator.ui.runtime.selfcheck import check_binding
from annotator.ui.window.main_window import MainWindow
from annotator.ui.window.workspace import Workspace

# The first picture does not wait for the icon, whose class is slow to be made when first touched.
ICON_AFTER_MS = 1000


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
    app.setDesktopFileName("annotator")  # by which a desktop finds name and icon
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
    _compose(made)
    # After the window is put together: with a style sheet, each step of that would take longer.
    theme.apply()
    return made


def _compose(made: MainWindow) -> None:
    """Hand the window its commands, and let the controllers listen to it."""
    mode = Adjudication(made)
    commands.add_to(made, mode)
    view.restore(made)
    made.told.connect(mode.follow)
    made.themed.connect(mode.apply_theme)
    made.closing.connect(mode.leave)
    made.opened.connect(lambda: _with_session(made, place.restore))
    made.closing.connect(lambda: _with_session(made, place.keep))
    made.told.connect(lambda topics: _with_session(made, lambda *here: place.follow(topics, *here)))
    made.dropped.connect(lambda paths: controllers.projects.take_paths(made, paths))
    made.sample_wanted.connect(lambda code: controllers.projects.open_sample(made, code))


def _with_session(made: MainWindow, act: Callable[[Session, Workspace], None]) -> None:
    if made.session is not None:
        act(made.session, made.workspace)


def show(project: Path | None) -> int:
    """Open the window, on a project if one is named, and stay until it is closed.

    Return the exit code.
    """
    return run(lambda made: made.open_project(project) if project else None)


def run(begin: Callable[[MainWindow], object]) -> int:
    """Show a window, begin something in it (else its start page is shown); stay until it closes."""
    leave_to_timer()
    app = application()
    made = _window()
    error_reporting.catch_all(made.show_problem)
    made.show()
    begin(made)
    if made.session is None:
        made.show_start()
    pass_over_what_is_there()
    QTimer.singleShot(ICON_AFTER_MS, show_icon)
    return app.exec()


def show_icon() -> None:
    """Give all windows the program's icon."""
    QApplication.setWindowIcon(QtGui.QIcon(str(resource("icons", "annotator.svg"))))
