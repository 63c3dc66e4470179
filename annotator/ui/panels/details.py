"""The details panel.

The selected span (text, label, attributes, relations, note, history), or the document's outline.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.commands import attributes, relations, spans
from annotator.errors import FSI, PDI
from annotator.i18n import _, language, ngettext
from annotator.model import Attributes, AttributeType, Relation, Span, Value
from annotator.session import Session
from annotator.ui.look.style import LIGHT, Palette
from annotator.ui.panels.outline import Line, Outline
from annotator.ui.panels.suggested import show_suggestion, suggested_lines
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.controls import (
    Guard,
    button,
    hairline,
    line_button,
    plain_label,
    surface_label,
)
from annotator.ui.widgets.flow_layout import FlowLayout

OUTLINE_SHOWN = 40
NOTE_HEIGHT = 64
Setter = Callable[[str, Value | None], None]
"""Sets the attribute of a name; None takes its value away."""


@guard_overrides
class NoteEdit(QPlainTextEdit):
    """A note: stored when one leaves it or presses Ctrl+Enter; Esc gives the old text back."""

    written = Signal(str)
    left = Signal()

    def __init__(self, text: str, stored: str) -> None:
        super().__init__(text)
        self._before = text
        self._stored = stored
        self.setFixedHeight(NOTE_HEIGHT)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(_("Note"))
        self.setAccessibleName(_("Note on the span"))

    def store(self) -> None:
        """Hand over what was written, if it is new."""
        text = self.toPlainText()
        if text != self._before:
            self._before = text
            self.written.emit(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Store on leaving."""
        super().focusOutEvent(event)
        self.store()

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Enter, which elsewhere finishes the document."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _ends_a_note(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Store on Ctrl+Enter, give up on Esc; both go back to the text."""
        if _ends_a_note(event):
            self._before = self._stored  # one that could not be stored is tried again
            self.store()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._stored)
            self._before = self._stored
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _ends_a_note(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )


class Details(QScrollArea):
    """Rebuilt for what is selected.

    It keeps nothing of its own but notes that could not be stored.
    """

    left = Signal()

    def __init__(self, keyboard: Keyboard, guard: Guard) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(_("Details"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keyboard = keyboard
        self._guard = guard
        self._session: Session | None = None
        self._note: NoteEdit | None = None
        self._drafts: dict[str, str] = {}
        self._palette = LIGHT
        self._body = QWidget()
        self._body.setObjectName("panel")
        self.setWidget(self._body)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    def show_session(self, session: Session | None) -> None:
        """Show what is selected in a session, or the outline of its document."""
        if self._note is not None:
            self._note.store()
        if session is not self._session:
            self._drafts.clear()
        self._session = session
        self._note = None
        focused = self._focused()
        body = QWidget()
        body.setObjectName("panel")
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        if session is not None and session.document is not None:
            span = session.selected
            if session.linking is not None:
                self._show_linking(column, session)
                column.addStretch(1)
            elif span is not None:
                self._show_span(column, session, span)
                column.addStretch(1)
            elif session.suggested is not None:
                show_suggestion(column, session, session.suggested, self._keyboard, self._guard)
                column.addStretch(1)
            else:
                self._show_outline(column, session)
        self._body = body
        self.setWidget(body)
        kept = body.findChild(QWidget, focused) if focused else None
        if kept is not None:
            kept.setFocus()

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._palette = palette
        self.show_session(self._session)

    def _focused(self) -> str:
        """Return the name of the part that has the focus, "" when it is elsewhere."""
        focus: QWidget | None = self._body.focusWidget()
        if focus is None:
            return ""
        return focus.objectName() if focus.hasFocus() else ""

    def focus_note(self) -> None:
        """Go to the note of the selected span."""
        if self._note is not None:
            self._note.setFocus()

    def _show_linking(self, column: QVBoxLayout, session: Session) -> None:
        linking = session.linking
        head = session.spans.get(linking.head) if linking else None
        kind = session.schema.find_relation(linking.relation) if linking else None
        if linking is None or head is None or kind is None:
            return
        column.addWidget(plain_label(kind.names.in_language(language()), "heading"))
        column.addWidget(surface_label(head.text))
        column.addWidget(plain_label("↓"))
        aimed = session.spans.get(linking.candidate)
        column.addWidget(
            surface_label(aimed.text) if aimed else plain_label(_("nothing in the text"), "soft")
        )
        column.addWidget(hairline())
        column.addWidget(
            plain_label(
                _("Arrows: another span · Enter: link · Shift+R: reverse · Esc: give up"),
                "soft",
                wraps=True,
            )
        )
        for argument, key in (("author", "A"), ("unknown", "U")):
            if argument in kind.implicit:
                text = (
                    f"{_('the author') if argument == 'author' else _('unknown')} "
                    f" [{self._keyboard.cap(key)}]"
                )
                column.addWidget(
                    button(
                        text,
                        self._does(
                            partial(relations.link, session, kind.id, head.id, None, argument)
                        ),
                    )
                )

    def _show_span(self, column: QVBoxLayout, session: Session, span: Span) -> None:
        found = session.schema.find_label(span.label, span.layer)
        name = found[1].names.in_language(language()) if found else ""
        column.addWidget(surface_label(span.text))
        offsets = " + ".join(f"{start}–{end}" for start, end in span.fragments)
        about = f"{span.label} · {name} · {FSI}{offsets}{PDI}"
        column.addWidget(plain_label(about, "soft", wraps=True))
        for need in session.missing(span):
            text = _("Still missing: {need}").format(need=self._name_of(session, need))
            column.addWidget(plain_label(text, "warning", wraps=True))
        for entry in found[1].attributes if found else ():
            self._add_attribute(
                column, entry, span.attributes, partial(attributes.set_attribute, session)
            )
        self._add_relations(column, session, span)
        self._add_note(column, session, span)
        column.addWidget(
            _named("delete", button(_("Delete"), self._does(lambda: spans.delete(session))))
        )
        self._add_story(column, session, span)

    def _add_note(self, column: QVBoxLayout, session: Session, span: Span) -> None:
        column.addWidget(plain_label(_("Note"), "heading"))
        self._note = NoteEdit(self._drafts.get(span.id, span.note), span.note)
        self._note.setObjectName("note")
        document = session.document.id if session.document else ""
        self._note.written.connect(lambda text: self._write_note(session, document, span.id, text))
        self._note.left.connect(self.left)
        column.addWidget(self._note)
        if span.id in self._drafts:
            text = _("This note is not stored yet; Ctrl+Enter tries again.")
            column.addWidget(plain_label(text, "warning", wraps=True))

    def _write_note(self, session: Session, document: str, name: str, text: str) -> None:
        self._drafts.pop(name, None)
        if not self._guard(lambda: spans.write_note(session, document, name, text)):
            self._drafts[name] = text

    def _show_outline(self, column: QVBoxLayout, session: Session) -> None:
        for entry in session.schema.attributes:
            self._add_attribute(
                column,
                entry,
                session.attributes,
                partial(attributes.set_document_attribute, session),
            )
        if session.schema.attributes:
            column.addWidget(hairline())
        lines = [*self._questions(session), *_by_layer(session), *suggested_lines(session)]
        if lines:
            outline = Outline(lines, self._palette)
            outline.chosen.connect(lambda name: self._guard(lambda: _select(session, name)))
            column.addWidget(outline, 1)
        else:
            text = _(
                "Nothing is labelled here yet. Select a word and press the key of a label; or press"
                " the key first, then select."
            )
            column.addWidget(plain_label(text, "soft", wraps=True))
            column.addStretch(1)

    def _questions(self, session: Session) -> Iterator[Line]:
        found = session.incomplete()
        if found:
            yield Line(
                "",
                ngettext("{count} open question", "{count} open questions", len(found)).format(
                    count=len(found)
                ),
            )
        said = {
            needs: self._say_lack(session, needs)
            for needs in {tuple(needs) for _span, needs in found}
        }
        for span, needs in found:
            yield Line(span.id, span.text, said[tuple(needs)])

    def _say_lack(self, session: Session, needs: Iterable[str]) -> str:
        return _("no {needs}").format(
            needs=", ".join(self._name_of(session, need) for need in needs)
        )

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────

    def _name_of(self, session: Session, need: str) -> str:
        relation = session.schema.find_relation(need)
        if relation is not None:
            return relation.names.in_language(language())
        for _layer, label in session.schema.labels():
            for entry in label.attributes:
                if entry.id == need:
                    return entry.names.in_language(language())
        return need

    def _does(self, act: Callable[[], object]) -> Callable[[], object]:
        return lambda: self._guard(act)

    def _add_attribute(
        self,
        column: QVBoxLayout,
        entry: AttributeType,
        values: Attributes,
        setter: Setter,
    ) -> None:
        column.addWidget(plain_label(entry.names.in_language(language()), "heading"))
        current = values.get(entry.id)
        if entry.kind == "text":
            column.addWidget(self._attribute_line(entry, current, setter))
        else:
            column.addWidget(self._attribute_buttons(entry, current, setter))

    def _attribute_line(
        self, entry: AttributeType, current: Value | None, setter: Setter
    ) -> QLineEdit:
        line = QLineEdit(str(current or ""))
        line.setAccessibleName(entry.names.in_language(language()))
        line.setObjectName(f"attribute {entry.id}")
        line.editingFinished.connect(
            lambda: self._guard(lambda: setter(entry.id, line.text().strip() or None))
        )
        return line

    def _attribute_buttons(
        self, entry: AttributeType, current: Value | None, setter: Setter
    ) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=4)
        group = QButtonGroup(holder)
        group.setExclusive(False)
        for value in entry.values or ("✓",):
            stored: Value = value if entry.kind == "choice" else True
            names = entry.value_names.get(value)
            text = names.in_language(language()) if names else value
            cap = f"[{self._keyboard.cap(entry.keys[value])}]" if value in entry.keys else ""
            parts = (entry.signs.get(value, ""), text, cap)
            made = button(
                " ".join(part for part in parts if part),
                self._does(self._toggles(setter, entry.id, stored, current)),
            )
            made.setCheckable(True)
            made.setChecked(current == stored)
            made.setObjectName(f"attribute {entry.id} {value}")
            made.setAccessibleName(f"{entry.names.in_language(language())}: {text}")
            group.addButton(made)
            flow.addWidget(made)
        return holder

    @staticmethod
    def _toggles(
        setter: Setter, name: str, value: Value, current: Value | None
    ) -> Callable[[], None]:
        return lambda: setter(name, None if current == value else value)

    def _add_relations(self, column: QVBoxLayout, session: Session, span: Span) -> None:
        kinds = [
            kind for kind in session.schema.relations if not kind.heads or span.label in kind.heads
        ]
        links = session.relations_of(span.id)
        if not (kinds or links):
            return
        column.addWidget(plain_label(_("Relations"), "heading"))
        for relation in links:
            self._add_link(column, session, span, relation)
        row = QHBoxLayout()
        row.setSpacing(4)
        for kind in kinds:
            text = f"+ {kind.names.in_language(language())}" + (
                f"  [{self._keyboard.cap(kind.key)}]" if kind.key else ""
            )
            row.addWidget(button(text, self._does(partial(relations.start, session, kind.id))))
        row.addStretch(1)
        column.addLayout(row)

    def _add_link(
        self, column: QVBoxLayout, session: Session, span: Span, relation: Relation
    ) -> None:
        is_head = relation.head == span.id
        other = relation.child if is_head else relation.head
        end = session.spans.get(other or "")
        implicit = {"author": _("the author"), "unknown": _("unknown")}
        text = end.text if end else implicit.get(relation.implicit or "", "")
        row = QHBoxLayout()
        row.setSpacing(2)
        sign = "→" if is_head else "←"
        row.addWidget(
            line_button(
                text,
                f"{relation.label} {sign}",
                self._does(lambda: session.select_span(other or span.id)),
                leads=True,
            ),
            1,
        )
        remove = button(
            "×",
            self._does(lambda: relations.remove(session, relation.id)),
            "small",
            _("Remove this relation"),
        )
        remove.setAccessibleName(_("Remove this relation"))
        remove.setFixedWidth(26)
        row.addWidget(remove)
        column.addLayout(row)

    def _add_story(self, column: QVBoxLayout, session: Session, span: Span) -> None:
        if session.document is None:
            return
        story = session.store.story(session.document.id, session.annotator, span.id)
        column.addWidget(plain_label(_("History"), "heading"))
        for past in reversed(story[-8:]):
            moment = (
                datetime.fromtimestamp(past.at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
            )
            text = f"{FSI}{moment}{PDI} · {FSI}{past.who}{PDI} · {FSI}{past.title}{PDI}"
            column.addWidget(plain_label(text, "soft", wraps=True))


def _named(name: str, widget: QWidget) -> QWidget:
    """Name a part, so that the focus can return to it when the panel is made anew."""
    widget.setObjectName(name)
    return widget


def _select(session: Session, name: str) -> None:
    if name in session.suggestions.open:
        session.select_suggestion(name)
    elif name in session.spans:
        session.select_span(name)


def _by_layer(session: Session) -> Iterator[Line]:
    lines: dict[str, list[Line]] = {}
    for span in session.annotations.order:
        lines.setdefault(span.layer, []).append(Line(span.id, span.text, span.label))
    for layer in session.schema.layers:
        mine = lines.get(layer.id)
        if mine:
            yield Line("", f"{layer.names.in_language(language())} · {len(mine)}")
            yield from mine
