"""The page for adjudication.

The queue of cases, the text with all versions over it, the versions side by side, the reasons.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.adjudication import REASONS, Case
from annotator.commands import adjudication
from annotator.i18n import _, language
from annotator.session import Session
from annotator.session.adjudication_session import CaseFilter
from annotator.ui.adjudicate.case_marks import case_links, case_marks, colors_of, spans_of
from annotator.ui.adjudicate.keys_strip import KeysStrip
from annotator.ui.adjudicate.message_page import MessagePage
from annotator.ui.adjudicate.queue import Queue
from annotator.ui.adjudicate.reason_box import ReasonBox
from annotator.ui.adjudicate.versions import Person, Versions, snippet
from annotator.ui.look.style import LIGHT, Palette
from annotator.ui.runtime.keyboard import Keyboard, has_combination, physical_key
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view import TextView
from annotator.ui.widgets.controls import Guard, hairline
from annotator.ui.widgets.mark_builder import MarkBuilder

WIDTHS = (250, 770, 260)
LEAST_ROWS, MOST_ROWS = 96, 0.42
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@guard_overrides
class AdjudicationView(QWidget):
    """Shows the cases of a session; mouse and keys call commands."""

    def __init__(self, keyboard: Keyboard, guard: Guard) -> None:
        super().__init__()
        self._keyboard = keyboard
        self._guard = guard
        self._session: Session | None = None
        self._marker: MarkBuilder | None = None
        self._palette = LIGHT
        self._is_showing = False
        self.queue = Queue()
        self.view = TextView()
        self.view.setAccessibleName(_("Text of the document"))
        self.versions = Versions()
        self.strip = KeysStrip(keyboard, self._press)
        self.reason_box = ReasonBox()
        self.message = MessagePage()
        self._rows = QScrollArea()
        self._pages = QStackedWidget()
        self._lay_out()
        self.queue.chosen.connect(self._take_case)
        self.queue.asked.connect(self._take_filter)
        self.queue.view.installEventFilter(self)
        self.view.selection_changed.connect(self._take_selection)
        self.versions.wanted.connect(self._take_version)
        self.reason_box.explained.connect(self._take_explanation)
        self.reason_box.left.connect(self.view.setFocus)

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setObjectName("page")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rows.setWidgetResizable(True)
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows.setWidget(self.versions)
        column.addWidget(self.view, 1)
        column.addWidget(hairline())
        column.addWidget(self._rows)
        column.addWidget(self.strip)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.queue, middle, self.reason_box):
            split.addWidget(part)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(1, 1)
        split.setSizes(list(WIDTHS))
        self.queue.setMinimumWidth(200)
        self.reason_box.setMinimumWidth(200)
        self._pages.addWidget(split)
        self._pages.addWidget(self.message)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    def show_message(self, title: str, text: str = "", *, offers: bool = False) -> None:
        """Show a sentence in place of cases."""
        self.message.show_text(title, text, offers=offers)
        self._pages.setCurrentWidget(self.message)

    def show_session(self, session: Session | None) -> None:
        """Show the cases of a session."""
        self._session = session
        self._marker = MarkBuilder(session) if session else None
        self._pages.setCurrentIndex(0)
        self._show_document()
        self._show_adjudication()

    def follow(self, topics: frozenset[str]) -> None:
        """Refresh what a session's topics speak of."""
        session = self._session
        if session is None or session.adjudication is None:
            return
        case = session.adjudication.case
        if (
            "cases" in topics
            and case is not None
            and (session.document is None or session.document.id != case.document)
        ):
            adjudication.show_case(session)  # comes back here
            return
        if "document" in topics:
            self._show_document()
        if topics & {"cases", "document"}:
            self._show_adjudication()
        if "selection" in topics and session.selection != self.view.selection():
            self._is_showing = True
            self.view.select(*session.selection)
            self._is_showing = False

    def _show_document(self) -> None:
        self._is_showing = True
        document = self._session.document if self._session else None
        if document is None:
            self.view.clear()
        elif self.view.text() != document.text or not document.text:
            self.view.show_document(
                document.text, document.language, document.direction, document.paragraph_directions
            )
        self._is_showing = False

    def _show_adjudication(self) -> None:
        session = self._session
        adjudication = session.adjudication if session else None
        case = adjudication.case if adjudication else None
        self.queue.show_adjudication(adjudication)
        self.strip.show_adjudication(adjudication)
        self.reason_box.show_adjudication(adjudication)
        self.versions.clear()
        if (
            session is None
            or adjudication is None
            or case is None
            or session.document is None
            or session.document.id != case.document
        ):
            self.view.show_marks([])
            return
        order = adjudication.order(case)
        people = [
            Person(name, adjudication.called(name), self._keyboard.cap(str(number)))
            for number, name in enumerate(order, 1)
        ]
        line = snippet(session.document.text, case.extent, self.view.paragraph_at(case.extent[0]))
        direction = self.view.paragraph_direction(case.extent[0])
        self.versions.show_case(
            case, people, line, direction, (self._palette, colors_of(session.schema))
        )
        self._fit_rows()
        self._show_marks(session, case)

    def _fit_rows(self) -> None:
        """Give the rows the height they need, if the text keeps the larger part."""
        needed = self.versions.wanted_height(self._rows.viewport().width())
        self._rows.setFixedHeight(round(min(max(needed, LEAST_ROWS), self.height() * MOST_ROWS)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._fit_rows()

    def _show_marks(self, session: Session, case: Case) -> None:
        adjudication = session.adjudication
        marker = self._marker
        if adjudication is None or marker is None:
            return
        self.view.show_marks(case_marks(adjudication, case, marker))
        first = next(
            (
                f"{name}/{span.id}"
                for name in adjudication.order(case)
                for span in spans_of(case, name)
            ),
            "",
        )
        self.view.select_mark(first, reveal=False)
        if not self._is_visible(case):
            self.view.reveal(case.extent[0])
        self.view.show_links(case_links(case, colors_of(session.schema)))
        self.view.announce(", ".join(case.labels))

    def _is_visible(self, case: Case) -> bool:
        height = self.view.viewport().height()
        start, _end = case.extent
        rects = self.view.rects_of(start, start + 1)
        return any(rect.top() >= 0 and rect.bottom() <= height - 20 for rect in rects)

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._palette = palette
        self.view.set_dark(palette.dark)
        self.queue.apply_theme(palette)
        self.strip.apply_theme(palette)
        self._show_adjudication()

    # ── from mouse and keys to commands ───────────────────────────────────────────────────────────

    def _take_case(self, document: str, name: str) -> None:
        session = self._session
        if session is not None:
            self._guard(lambda: adjudication.go_to(session, document, name))
            self.view.setFocus()

    def _take_filter(self, case_filter: object) -> None:
        session = self._session
        if (
            session is not None
            and session.adjudication is not None
            and isinstance(case_filter, CaseFilter)
        ):
            session.adjudication.ask(case_filter)
            self.queue.show_adjudication(session.adjudication)

    def _take_selection(self, start: int, end: int) -> None:
        if self._session is not None and not self._is_showing:
            self._session.select_text(start, end)

    def _take_version(self, name: str) -> None:
        session = self._session
        if session is not None:
            self._guard(lambda: adjudication.decide(session, "accept", name))

    def _take_explanation(self, reason: str, note: str) -> None:
        session = self._session
        if session is not None:
            self._guard(lambda: adjudication.explain(session, reason, note))

    def _press(self, key: str, shift: bool) -> bool:
        session = self._session
        if session is None or session.adjudication is None:
            return False
        if key.upper() == "N":
            self._ask_label(session, adds=shift)
            return True
        known: list[bool] = []
        is_done = self._guard(lambda: known.append(adjudication.press(session, key, shift=shift)))
        return not is_done or any(known)

    def _ask_label(self, session: Session, *, adds: bool) -> None:
        """Take the selected text with the versions' one label, else with one chosen from a menu."""
        case = session.adjudication.case if session.adjudication else None
        act = adjudication.add if adds else adjudication.draw
        labels = case.labels if case is not None and not adds else ()
        if len(labels) == 1 or not session.has_selection:
            self._guard(lambda: act(session, labels[0] if labels else ""))
            return
        self.label_menu(session, labels, adds=adds).popup(
            self.view.mapToGlobal(self.view.rect().center())
        )

    def label_menu(self, session: Session, labels: tuple[str, ...], *, adds: bool) -> QMenu:
        """Return a menu of these labels, or of all, for the selected text."""
        act = adjudication.add if adds else adjudication.draw
        made = QMenu(_("Label"), self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for _layer, label in session.schema.labels():
            if not label.retired and (not labels or label.id in labels):
                action = made.addAction(
                    f"{label.id} – {label.names.in_language(language())}".replace("&", "&&")
                )
                action.triggered.connect(
                    lambda _on=False, name=label.id: self._guard(lambda: act(session, name))
                )
        return made

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key stands for by its place on the keyboard.

        Return whether it stands for anything.
        """
        session = self._session
        if session is None or session.adjudication is None:
            return False
        self._keyboard.learn(event)
        if event.modifiers() == Qt.KeyboardModifier.AltModifier:
            return self._take_alt_key(session, event)
        if has_combination(event):
            return False
        key = physical_key(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._guard(lambda: adjudication.go_on(session))
        elif event.key() == Qt.Key.Key_Backspace:
            self._guard(lambda: adjudication.go_back(session))
        elif event.key() == Qt.Key.Key_F2 and self.reason_box.note is not None:
            self.reason_box.note.setFocus()
        else:
            return bool(key) and self._press(
                key, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            )
        return True

    def _take_alt_key(self, session: Session, event: QKeyEvent) -> bool:
        """Go to the next case or the one before, or choose a reason by its number."""
        key = physical_key(event)
        code = Qt.Key(event.key())
        if code in STEPS:
            self._guard(lambda: adjudication.move(session, STEPS[code]))
        elif key.isdecimal() and 1 <= int(key) <= len(REASONS):
            self.reason_box.choose(list(REASONS)[int(key) - 1])
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that the text did not use."""
        if not self.take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys decide while the queue has the focus too; Enter chooses there."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if (
            is_key
            and isinstance(event, QKeyEvent)
            and event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.take_key(event)
        ):
            return True
        return super().eventFilter(watched, event)
