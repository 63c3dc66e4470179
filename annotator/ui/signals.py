"""The one door through which news reaches the widgets: what the session tells becomes a Qt signal in the window's thread."""

from PySide6.QtCore import QObject, Qt, QThread, Signal

from annotator.model import Changes
from annotator.session import Session


class Signals(QObject):
    """Carries a session's topics to widgets (`told`), also when a step was made in another thread."""

    told = Signal(frozenset)
    _changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        store = session.store
        store.listeners.remove(session.follow)
        store.listeners.append(self._arrived)
        self._changed.connect(session.follow, Qt.ConnectionType.QueuedConnection)
        session.listeners.append(self._tell)

    def _arrived(self, changes: Changes) -> None:
        if QThread.currentThread() is self.thread():
            self._session.follow(changes)
        else:
            self._changed.emit(changes)

    def _tell(self, topics: frozenset[str]) -> None:
        self.told.emit(topics)

    def close(self) -> None:
        """Give the store back to the session."""
        self._session.listeners.remove(self._tell)
        store = self._session.store
        store.listeners.remove(self._arrived)
        store.listeners.append(self._session.follow)
