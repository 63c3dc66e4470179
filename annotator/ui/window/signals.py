"""The one door through which news reaches the widgets.

What the session tells becomes a Qt signal in the window's thread.
"""

import threading
from collections import deque

from PySide6.QtCore import QObject, Signal

from annotator.model import Changes
from annotator.session import Session


class Signals(QObject):
    """Carries a session's topics to widgets (`told`).

    A step made in another thread waits until the window catches up.
    """

    told = Signal(frozenset)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._home = threading.current_thread()
        self._waiting: deque[Changes] = deque()
        session.deliver_through(self._arrived)
        session.listeners.append(self._tell)

    def _arrived(self, changes: Changes) -> None:
        self._waiting.append(changes)
        if threading.current_thread() is self._home:
            self.catch_up()

    def catch_up(self) -> None:
        """Let the session follow the steps that were made meanwhile, in their order."""
        while self._waiting:
            self._session.follow(self._waiting.popleft())

    def _tell(self, topics: frozenset[str]) -> None:
        self.told.emit(topics)

    def close(self) -> None:
        """Give the store back to the session."""
        self._session.listeners.remove(self._tell)
        self._session.deliver_through(None)
