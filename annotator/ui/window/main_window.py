"""The window: start page or workspace, menus, notices, status.

It opens and closes projects and shows what goes wrong. It knows no commands and no controllers: the
composition root (ui/app.py) makes it and hands them to it, and they listen to its signals.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from annotator.errors import FSI, PDI, NotStoredError, UserError
from annotator.i18n import _, ngettext
from annotator.session import Session
from annotator.settings import Settings
from annotator.store import Store
from annotator.ui.look.theme import Theme
from annotator.ui.panels.notices import Notices
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.keyboard import (
    edit_by_place,
    has_combination,
    physical_key,
    physical_sequence,
)
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view.control_pictures import count_bidi_controls
from annotator.ui.widgets.controls import OF_A_PROJECT
from annotator.ui.window.actions import Actions
from annotator.ui.window.long_work import LongWork, Pending
from annotator.ui.window.notice import Notice
from annotator.ui.window.signals import Signals
from annotator.ui.window.status import Status
from annotator.ui.window.workspace import Workspace

if TYPE_CHECKING:
    from annotator.jobs import Progress
    from annotator.ui.panels.start import StartPage

T = TypeVar("T")

SMALLEST = (1024, 600)
FIRST_SIZE = (1280, 800)
FRAME = 32
MOST_CODES = 12


@guard_overrides
class MainWindow(QMainWindow):
    """One project at a time.

    `opened`: a session is there and shown, no document is open yet. `closing`: it is about to go.
    `told`: topics of the session. `themed`: the appearance changed. `dropped`: paths.
    """

    opened = Signal()
    closing = Signal()
    told = Signal(frozenset)
    themed = Signal()
    dropped = Signal(list)
    sample_wanted = Signal(str)

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.settings, self.theme = settings, theme
        self.session: Session | None = None
        self._signals: Signals | None = None
        self.long_work = LongWork(self)
        self.workspace = Workspace(self.guard, self._press)
        self.notices = Notices()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.workspace)
        self.status = Status(self.statusBar(), self.long_work.progress)
        self.actions_ = Actions(self, self.workspace.view, self.menuBar())
        self._lay_out()
        self._connect()
        self._restore()

    # ── making ────────────────────────────────────────────────────────────────────────────────────

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("page")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(body)
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        self.workspace.strip.label_wanted.connect(lambda: self._do("window.new_label"))
        self.workspace.panels.files_wanted.connect(lambda: self._do("window.bring_in"))
        self.workspace.panels.folder_wanted.connect(lambda: self._do("window.bring_in_folder"))
        self.workspace.refreshed.connect(self._follow)
        self.workspace.view.zoom_changed.connect(self._zoomed)
        self.theme.changed.connect(self._apply_theme)
        self.long_work.refused.connect(self._refuse_second_work)
        self.long_work.cancelled.connect(self._say_cancelled)
        self.long_work.failed.connect(self._say_failed)
        self.long_work.ended.connect(self.catch_up)

    def _do(self, command: str) -> None:
        self.actions_.all[command].trigger()

    @cached_property
    def start(self) -> "StartPage":
        """The start page; a window that begins with a project does not wait for it."""
        from annotator.ui.panels.start import StartPage

        page = StartPage(
            lambda: self._do("window.new"),
            lambda: self._do("window.open_project"),
            lambda: self._do("bundles.open_assignment"),
        )
        self.pages.addWidget(page)
        page.wanted.connect(lambda path: self.open_project(Path(path)))
        page.forgotten.connect(self._forget)
        page.sample_wanted.connect(self.sample_wanted)
        return page

    def _restore(self) -> None:
        available = self.screen().availableSize()
        width = min(FIRST_SIZE[0], available.width())
        self.resize(width, min(FIRST_SIZE[1], available.height() - FRAME))
        if self.settings.text("window"):
            self.restoreGeometry(QByteArray.fromBase64(self.settings.text("window").encode()))
        if self.settings.text("panels"):
            self.workspace.split.restoreState(
                QByteArray.fromBase64(self.settings.text("panels").encode())
            )
        self.workspace.view.set_zoom(self.settings.number("zoom"))
        self.workspace.view.set_show_invisibles(self.settings.flag("invisibles"))
        self.workspace.documents.setVisible(self.settings.flag("documents_panel"))
        self.workspace.details.setVisible(self.settings.flag("details_panel"))

    # ── projects ──────────────────────────────────────────────────────────────────────────────────

    def show_start(self) -> None:
        """Show the start page."""
        self.start.show_recent(self.settings.texts("recent"))
        self.pages.setCurrentWidget(self.start)
        self.setWindowTitle("Annotator")
        self.status.clear()
        self.actions_.refresh()

    def open_project(self, path: Path, annotator: str = "") -> None:
        """Open a project where one left it; a notice says so when it cannot be opened."""
        self.guard(lambda: self._open(path, annotator))

    def _open(self, path: Path, annotator: str) -> None:
        if self.session is not None and self.session.store.path == path.resolve():
            return
        store = Store.open(path)
        try:
            name = (
                annotator
                or store.setting("annotator")
                or self.settings.text("annotator")
                or error_reporting.user_name()
            )
            session = Session(store, name)
        except BaseException:
            store.close()
            raise
        self.close_project(quietly=True)
        self._take(session)
        self.settings.opened(path)
        if store.readonly:
            self.notices.show_text(error_reporting.why_readonly(store))

    def _take(self, session: Session) -> None:
        self.session = session
        session.store.remember("annotator", session.annotator)
        self._signals = Signals(session, self)
        self._signals.told.connect(self.workspace.follow)
        self.pages.setCurrentWidget(self.workspace)
        self.workspace.show_session(session)
        self.opened.emit()
        self._signals.told.connect(self.told)
        self.setWindowTitle(f"{session.store.path.stem} – Annotator")
        self.workspace.focus_text()
        self.status.begin(session)
        self._follow(frozenset({"project", "document"}))

    def catch_up(self) -> None:
        """Let the window follow what was stored beside it."""
        if self._signals is not None:
            self._signals.catch_up()

    def close_project(self, *, quietly: bool = False) -> None:
        """Close the project; all of it is stored already."""
        if self.session is None:
            return
        self.long_work.stop()
        for shown in self.findChildren(QWidget, OF_A_PROJECT):
            shown.close()
        self.workspace.details.show_session(None)
        self.closing.emit()
        if self._signals is not None:
            self._signals.close()
            self._signals = None
        session, self.session = self.session, None
        self.workspace.show_session(None)
        session.close()
        if not quietly:
            self.show_start()

    def _forget(self, path: str) -> None:
        self.settings.forget(path)
        self.start.show_recent(self.settings.texts("recent"))

    # ── what controllers and commands ask for ─────────────────────────────────────────────────────

    @property
    def widget(self) -> QWidget:
        """The window as the parent of dialogs."""
        return self

    def run(self, job: "Callable[[Progress], T]") -> Pending[T]:
        """Do something long beside the window."""
        return self.long_work.run(job)

    def tell(self, notice: Notice) -> None:
        """Tell the person something above the text."""
        action, does = notice.action, notice.does
        if notice.details:
            action, does = _("Show"), lambda: self._show_details(notice)
        self.notices.show_text(notice.text, stays=notice.stays, action=action, does=does)

    def _show_details(self, notice: Notice) -> None:
        # The start does not wait for dialogs.
        from annotator.ui.dialogs.sheets import show_text

        show_text(self, notice.text, "\n".join(notice.details))

    def show_page(self, page: QWidget | None) -> None:
        """Show a page in the place of the workspace, or (None) the workspace again."""
        if page is not None and self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page or self.workspace)

    def is_shown(self, page: QWidget) -> bool:
        """Return whether a page is shown."""
        return self.pages.currentWidget() is page

    def refresh_delivery(self) -> None:
        """Say anew in the status bar how a copy's work is on the way."""
        if self.session is not None:
            self.status.tell_delivery(self.session)

    def _refuse_second_work(self) -> None:
        self.show_problem(_("Something long is under way; wait for it or cancel it first."))

    def _say_cancelled(self) -> None:
        self.tell(Notice(_("Cancelled; nothing of it was kept.")))

    def _say_failed(self, error: BaseException) -> None:
        error_reporting.write_down(error)
        self.show_problem(error_reporting.sentence(error))

    # ── what goes wrong ───────────────────────────────────────────────────────────────────────────

    def guard(self, act: Callable[[], object]) -> bool:
        """Do something that may fail for the user's own reasons; then say why.

        Return whether it was done.
        """
        try:
            act()
        except NotStoredError as error:
            self.show_problem(str(error))
            if self.session is not None and not self.session.store.readonly:
                self.status.say_not_stored()
            self._show_what_is_stored()
        except UserError as error:
            self.show_problem(str(error))
        else:
            return True
        return False

    def _show_what_is_stored(self) -> None:
        # A disk that cannot be read either has been spoken of already.
        with suppress(UserError):
            if self.session is not None:
                self.session.reload()

    def show_problem(self, text: str) -> None:
        """Show a sentence above the text."""
        self.notices.show_text(text)

    # ── following ─────────────────────────────────────────────────────────────────────────────────

    def _follow(self, topics: frozenset[str]) -> None:
        session = self.session
        if session is None:
            return
        if "history" in topics:
            self.status.say_stored()
        if topics & {"document", "marks", "project"}:
            self.status.count_questions(session)
        if topics & {"document", "project"}:
            self._show_facts(session)
        if "project" in topics:
            self.status.tell_delivery(session)
        if topics & {"history", "project"}:
            self._name_steps(session)
        self.actions_.refresh()

    def _show_facts(self, session: Session) -> None:
        document = session.document
        if document is not None:
            self.setWindowTitle(
                f"{FSI}{document.name}{PDI} – {session.store.path.stem} – Annotator"
            )
            self._warn_of(document.text)
        self.status.tell_direction(session)
        self.status.tell_zoom(self.workspace.view.zoom())

    def _warn_of(self, text: str) -> None:
        """Say what in a text may mislead the eye: bidi controls, characters without a glyph."""
        sentences: list[str] = []
        count = count_bidi_controls(text)
        if count:
            sentence = ngettext(
                "{count} invisible direction mark is shown as a tag.",
                "{count} invisible direction marks are shown as tags.",
                count,
            )
            sentences.append(sentence.format(count=count))
        missing = self.workspace.view.missing_characters()
        if missing:
            codes = " ".join(f"U+{ord(character):04X}" for character in missing[:MOST_CODES])
            sentence = _("No font has these characters: {codes}.")
            sentences.append(sentence.format(codes=codes))
        if sentences:
            self.tell(Notice(" ".join(sentences)))

    def _name_steps(self, session: Session) -> None:
        undo, redo = (
            session.store.undoable(session.annotator),
            session.store.redoable(session.annotator),
        )
        undo_text = _("Undo: {title}").format(title=undo.title) if undo else _("Undo")
        redo_text = _("Redo: {title}").format(title=redo.title) if redo else _("Redo")
        self.actions_.all["history.undo"].setText(undo_text.replace("&", "&&"))
        self.actions_.all["history.redo"].setText(redo_text.replace("&", "&&"))

    def _zoomed(self, percent: int) -> None:
        self.status.tell_zoom(percent)
        self.settings.choose(zoom=percent)

    def _apply_theme(self) -> None:
        self.workspace.apply_theme(self.theme.palette)
        self.themed.emit()

    def show_panel(self, name: str, *, on: bool = True) -> None:
        """Show or hide a panel: "documents_panel" or "details_panel"."""
        self.settings.choose(**{name: on})
        panel = self.workspace.documents if name == "documents_panel" else self.workspace.details
        panel.setVisible(on)

    # ── the window itself ─────────────────────────────────────────────────────────────────────────

    def _press(self, keys: QKeySequence) -> bool:
        return self.actions_.press(keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take keys with Ctrl or Alt by their place.

        On a layout without Latin letters no shortcut matches them.
        """
        key = physical_key(event) if has_combination(event) else ""
        sequence = physical_sequence(event, key) if key else QKeySequence()
        if not key or not (
            edit_by_place(QApplication.focusWidget(), sequence) or self._press(sequence)
        ):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project, or import what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window; the work is stored already."""
        self.settings.choose(
            window=bytes(self.saveGeometry().toBase64().data()).decode(),
            panels=bytes(self.workspace.split.saveState().toBase64().data()).decode(),
        )
        self.close_project(quietly=True)
        event.accept()
