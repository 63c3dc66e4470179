"""What the mouse does to the text becomes commands.

Selecting, clicking marks, dragging links and boundaries.
"""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from annotator.commands import relations, spans
from annotator.errors import UserError
from annotator.i18n import _, language
from annotator.session import Session
from annotator.ui.text_view import TextView
from annotator.ui.widgets import mark_builder
from annotator.ui.widgets.controls import Guard


class MouseCommands(QObject):
    """Listens to a text view for a session.

    Deaf while the view only shows what the session says.
    """

    def __init__(self, view: TextView, guard: Guard) -> None:
        super().__init__(view)
        self._view, self._guard = view, guard
        self.session: Session | None = None
        self.is_deaf = False
        view.selection_changed.connect(self._take_selection)
        view.selection_made.connect(self._take_made)
        view.mark_clicked.connect(self._take_click)
        view.link_dragged.connect(self._take_link)
        view.boundary_dragged.connect(self._take_boundary)
        view.verticalScrollBar().valueChanged.connect(self._note_reading)

    def _note_reading(self) -> None:
        session = self.session
        if session is not None and session.document is not None and not self.is_deaf:
            session.timekeeper.note(session.document.id)

    def _take_selection(self, start: int, end: int) -> None:
        if self.session is not None and not self.is_deaf:
            self.session.select_text(start, end)

    def _take_made(self, start: int, end: int) -> None:
        session = self.session
        if session is not None and session.label and start < end:
            self._guard(lambda: spans.label_selection(session, session.label))

    def _take_click(self, name: str) -> None:
        session = self.session
        if session is None:
            return
        linking = session.linking
        if linking is not None and name in session.spans and name != linking.head:
            self._guard(lambda: relations.link(session, linking.relation, linking.head, name))
        elif name in session.spans:
            session.select_span(name)
        elif name.startswith(mark_builder.SUGGESTED):
            session.select_suggestion(name.removeprefix(mark_builder.SUGGESTED))
        elif name:  # another person's: its text is selected, ready to be labelled alike
            session.select_text(*self._view.extent_of(name))

    def _take_link(self, head: str, child: str) -> None:
        session = self.session
        if session is None or head == child or not {head, child} <= session.spans.keys():
            return
        kinds = relations.allowed_between(session, head, child)
        if not kinds:
            self._guard(lambda: _refuse_link(session, head, child))
        elif len(kinds) == 1:
            self._guard(lambda: relations.link(session, kinds[0].id, head, child))
        else:
            menu = QMenu(self._view)
            for kind in kinds:
                made = menu.addAction(kind.names.in_language(language()))
                made.triggered.connect(
                    lambda _on=False, kind=kind: self._guard(
                        lambda: relations.link(session, kind.id, head, child)
                    )
                )
            menu.popup(self._view.cursor().pos())

    def _take_boundary(self, name: str, fragments: tuple[tuple[int, int], ...]) -> None:
        session = self.session
        if session is not None and name in session.spans:
            self._guard(lambda: spans.set_fragments(session, session.spans[name], fragments))


def _refuse_link(session: Session, head: str, child: str) -> None:
    message = _("No relation leads from {head} to {child} in this schema.")
    raise UserError(
        message.format(head=session.spans[head].label, child=session.spans[child].label)
    )
