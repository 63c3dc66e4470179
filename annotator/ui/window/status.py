"""The status bar.

Whether all is stored and since when, open questions, who works, direction, size of the text.
"""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from annotator.errors import FSI, PDI
from annotator.i18n import _, ngettext
from annotator.session import Session
from annotator.text.direction import document_direction

RIGHT = ("questions", "delivered", "person", "direction", "zoom")


class Status:
    """Says what a person looks for at a glance; each part is a label of its own."""

    def __init__(self, bar: QStatusBar, progress: QWidget) -> None:
        self.labels = {name: QLabel() for name in ("stored", *RIGHT)}
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.labels["stored"])
        bar.addWidget(progress)
        for name in RIGHT:
            bar.addPermanentWidget(self.labels[name])
        for label in self.labels.values():
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAccessibleName(_("Status"))

    def clear(self) -> None:
        """Say nothing: no project is open."""
        for label in self.labels.values():
            self._say(label, "")

    def begin(self, session: Session) -> None:
        """Say who works, and that all is stored."""
        self._say(self.labels["person"], f"{FSI}{session.annotator}{PDI}")
        text = _("Open for reading only") if session.store.readonly else _("All changes are stored")
        self._say(self.labels["stored"], text)

    def say_stored(self) -> None:
        """Say that a change is stored, and when that was."""
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        self._say(self.labels["stored"], _("All changes stored · {time}").format(time=now))

    def say_not_stored(self) -> None:
        """Say that the last change is not stored; it stays until one is."""
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        self._say(
            self.labels["stored"],
            _("NOT stored: the last change · {time}").format(time=now),
            warns=True,
        )

    def tell_delivery(self, session: Session) -> None:
        """Say, in a copy of a project, how its work is on the way.

        Up to when the lead has confirmed to have it, or what waits for that.
        """
        text = ""
        if session.store.is_copy():
            copy = session.store.working_copy
            returned, delivered = copy.unconfirmed_ms(), copy.delivered_ms()
            if returned:
                text = _("Returned {time}, not yet confirmed").format(time=_moment(returned))
            elif delivered:
                text = _("Delivered up to {time}").format(time=_moment(delivered))
            else:
                text = _("Nothing returned yet")
        self._say(self.labels["delivered"], text)

    def count_questions(self, session: Session) -> None:
        """Say how many spans wait for something."""
        count = session.annotations.lacking
        text = (
            ngettext("{count} open question", "{count} open questions", count).format(count=count)
            if count
            else ""
        )
        self._say(self.labels["questions"], text)

    def tell_direction(self, session: Session) -> None:
        """Say in which language and direction the document is read."""
        document, text = session.document, ""
        if document is not None:
            chosen = (
                document.direction
                if document.direction != "auto"
                else document_direction(document.text, document.language)
            )
            text = f"{document.language} · {chosen.upper()}"
        self._say(self.labels["direction"], text)

    def tell_zoom(self, percent: int) -> None:
        """Say how large the text is shown."""
        self._say(self.labels["zoom"], f"{percent} %")

    @staticmethod
    def _say(label: QLabel, text: str, *, warns: bool = False) -> None:
        label.setText(text)
        role = "warning" if warns else ""
        if (label.property("role") or "") != role:
            label.setProperty("role", role)
            label.style().unpolish(label)
            label.style().polish(label)


def _moment(at_ms: int) -> str:
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    is_today = at.date() == datetime.now().astimezone().date()
    return at.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
