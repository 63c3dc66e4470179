"""The middle of the window while a project is open: documents, text with labels, details.

It joins them to the session.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from annotator.commands.keys import press
from annotator.i18n import _
from annotator.session import Session
from annotator.ui.look.style import Palette
from annotator.ui.panels.details import Details
from annotator.ui.panels.document_list import DocumentList
from annotator.ui.panels.label_strip import LabelStrip
from annotator.ui.panels.suggestion_bar import answer_by_key
from annotator.ui.runtime.keyboard import Keyboard, has_combination, physical_key, physical_sequence
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view import TextView
from annotator.ui.widgets import mark_builder
from annotator.ui.widgets.controls import Guard, first_in
from annotator.ui.window.lazy_panels import LazyPanels
from annotator.ui.window.mouse_commands import MouseCommands
from annotator.ui.window.overlays import Overlays
from annotator.ui.window.side_by_side import SideBySide

DETAILS_DELAY_MS = 25
PANEL_WIDTHS = (220, 780, 280)


@guard_overrides
class Workspace(QWidget):
    """Shows one session.

    What hands do goes to commands, what the session tells goes to the widgets.
    """

    refreshed = Signal(frozenset)

    def __init__(self, guard: Guard, press_shortcut: Callable[[QKeySequence], bool]) -> None:
        super().__init__()
        self._guard = guard
        self.keyboard = Keyboard(self)
        self.view = TextView()
        self.panels = LazyPanels(self.view, self.keyboard, guard)
        self._press_shortcut = press_shortcut
        self.session: Session | None = None
        self._marker: mark_builder.MarkBuilder | None = None
        self.documents = DocumentList()
        self._pointing = MouseCommands(self.view, guard)
        self.side_by_side = SideBySide(self.view)
        self.strip = LabelStrip(self.keyboard, guard)
        self.details = Details(self.keyboard, guard)
        self.overlays = Overlays()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DETAILS_DELAY_MS)
        self._later.timeout.connect(self.show_details)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setObjectName("page")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.panels.slots["find_bar"])
        column.addLayout(self.panels.slots["empty"])
        column.addWidget(self.side_by_side, 1)
        column.addLayout(self.panels.slots["reading"])
        column.addLayout(self.panels.slots["suggestions"])
        column.addWidget(self.strip)
        for part in (self.documents, middle, self.details):
            self.split.addWidget(part)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes(list(PANEL_WIDTHS))
        self.documents.setMinimumWidth(150)
        self.details.setMinimumWidth(200)
        middle.setMinimumWidth(360)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.split)

    def _connect(self) -> None:
        view = self.view
        self.documents.chosen.connect(self._take_document)
        self.details.left.connect(view.setFocus)

    # ── from the session to the widgets ───────────────────────────────────────────────────────────

    def show_session(self, session: Session | None) -> None:
        """Show a session from the beginning."""
        self.session = self._pointing.session = session
        self._marker = mark_builder.MarkBuilder(session) if session else None
        self.overlays = Overlays()
        self.strip.show_session(session)
        self.documents.show_session(session)
        self._show_suggestions(session)
        self.side_by_side.show_people((), session, self._marker)
        if session is None:
            self._show_document()
            self.show_details()
        else:  # a document is opened next, or `focus_text` says what can be done without one
            self._later.start()

    def _show_suggestions(self, session: Session | None) -> None:
        if self.panels.is_made("suggestions") or (session is not None and session.suggestions.open):
            self.panels.suggestions.follow(session)

    def show_details(self) -> None:
        """Show now what the details panel would show in a moment."""
        self._later.stop()
        self.details.show_session(self.session)

    def focus_next(self, by: int) -> None:
        """Move the focus to the next part (or the one before) that is seen."""
        made = {
            part: [getattr(self.panels, part)] if self.panels.is_made(part) else []
            for part in ("empty", "suggestions")
        }
        columns = self.side_by_side.columns.values()
        parts: list[QWidget] = [
            self.documents,
            *made["empty"],
            self.view,
            *columns,
            *made["suggestions"],
            self.strip,
            self.details,
        ]
        parts = [part for part in parts if part.isVisible()]
        here = next((number for number, part in enumerate(parts) if _has_focus(part)), 0)
        part = parts[(here + by) % len(parts)]
        entrance = self.documents.view if part is self.documents else first_in(part)
        entrance.setFocus(Qt.FocusReason.TabFocusReason)

    def follow(self, topics: frozenset[str]) -> None:
        """Refresh what a session's topics speak of."""
        session = self.session
        if session is None or self._marker is None:
            return
        if "project" in topics:
            self._marker.read_schema(session.schema)
            self.strip.show_session(session)
            self._show_empty(session)
        if "entries" in topics:
            self.documents.follow(session)
        if "document" in topics:
            self._show_document()
        elif "marks" in topics:
            self._show_marks()
            self.side_by_side.follow()
        if topics & {"selection", "marks", "linking"}:
            self._show_selection()
        if topics & {"selection", "label", "marks"}:
            self.strip.refresh()
            self._show_suggestions(session)
        if topics & {"document", "marks", "selection", "linking", "label"}:
            self._later.start()
        if topics & {"document", "marks", "selection"} and self.panels.is_made("reading"):
            self.panels.reading.follow(session)
        self.refreshed.emit(topics)

    def _show_empty(self, session: Session | None) -> None:
        """Show the text of the open document; without one, what can be done."""
        has_text = session is not None and session.document is not None
        if session is not None and not has_text:
            self.panels.empty.show_session(session)
        seen: list[tuple[QWidget, bool]] = [(self.side_by_side, has_text), (self.strip, has_text)]
        if self.panels.is_made("empty"):
            seen.append((self.panels.empty, not has_text))
        for widget, is_seen in seen:
            if widget.isHidden() == is_seen:
                widget.setVisible(is_seen)

    def focus_text(self) -> None:
        """Give the focus to the text; without one, to the first thing to do."""
        self._show_empty(self.session)
        if self.side_by_side.isHidden():
            self.panels.empty.take_focus()
        else:
            self.view.setFocus()

    def _show_document(self) -> None:
        session = self.session
        self._show_empty(session)
        self._pointing.is_deaf = True
        try:
            if session is None or session.document is None:
                self.view.clear()
                self._find_in("")
            else:
                document = session.document
                if self.view.text() != document.text or not document.text:
                    self.view.show_document(
                        document.text,
                        document.language,
                        document.direction,
                        document.paragraph_directions,
                    )
                    self._find_in(document.text)
                else:
                    place = self.view.scroll_position()
                    self.view.show_document(
                        document.text,
                        document.language,
                        document.direction,
                        document.paragraph_directions,
                    )
                    self.view.restore_scroll_position(place)
                self._show_marks(everything=True)
            self.side_by_side.show_document()
            self.documents.show_place(session)
        finally:
            self._pointing.is_deaf = False

    def _find_in(self, text: str) -> None:
        if self.panels.is_made("find_bar"):
            self.panels.find_bar.show_text(text)

    def _show_marks(self, *, everything: bool = False) -> None:
        session, marker = self.session, self._marker
        if session is None or marker is None:
            return
        if everything or session.open.touched is None:
            self.view.show_marks([*marker.all(), *self.overlays.marks(session, marker)])
            return
        made, gone = marker.changes()
        for mark in made:
            self.view.put_mark(mark)
        for name in gone:
            self.view.remove_mark(name)

    def show_all_marks(self) -> None:
        """Show all marks anew, when others' layers came or went, over the text or beside it."""
        self._show_marks(everything=True)
        self.side_by_side.show_people(self.overlays.beside(), self.session, self._marker)

    def _show_selection(self) -> None:
        session = self.session
        if session is None:
            return
        self._pointing.is_deaf = True
        try:
            name = (
                f"{mark_builder.SUGGESTED}{session.suggestion}"
                if session.suggestion
                else session.span
            )
            if name != self.view.selected_mark() or name:
                self.view.select_mark(name, reveal=not self._is_visible(session))
            if session.selection != self.view.selection():
                self.view.select(*session.selection)
            self.view.show_links(mark_builder.links(session))
            self.view.set_link_target(session.linking.candidate if session.linking else "")
        finally:
            self._pointing.is_deaf = False
        span = session.selected
        if span is not None:
            self.view.announce(f"{span.label}: {span.text}")
        elif session.suggested is not None:
            self.view.announce(
                _("Suggestion {label}: {text}").format(
                    label=session.suggested.label, text=session.suggested.text
                )
            )

    def _is_visible(self, session: Session) -> bool:
        span = session.selected or session.suggested
        if span is None:
            return True
        height = self.view.viewport().height()
        return any(
            rect.top() >= 0 and rect.bottom() <= height
            for rect in self.view.rects_of(span.start, span.start + 1)
        )

    # ── from hands to commands ────────────────────────────────────────────────────────────────────

    def _take_document(self, name: str) -> None:
        session = self.session
        if session is not None and (session.document is None or session.document.id != name):
            self._guard(lambda: session.open_document(name))
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let keys that the text did not use stand for labels, values and relations.

        By their place on the keyboard.
        """
        session, key = self.session, physical_key(event)
        self.keyboard.learn(event)
        is_plain = self.view.hasFocus() and not has_combination(event)
        if session is not None and is_plain and answer_by_key(session, event.key(), self._guard):
            return
        if not key or not is_plain:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._press_shortcut(
            physical_sequence(event, key)
        ):
            return
        elif session is not None and session.document is not None:
            self._guard(lambda: press(session, key))

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self.view.set_dark(palette.dark)
        self.side_by_side.take_looks()
        self.documents.apply_theme(palette)
        self.strip.apply_theme(palette)
        self.details.apply_theme(palette)


def _has_focus(part: QWidget) -> bool:
    """Return whether a part, or something in it, has the focus."""
    focus: QWidget | None = QApplication.focusWidget()
    if focus is None:
        return False
    return part is focus or part.isAncestorOf(focus)
