"""How long a person was active in a document."""

import time
from collections.abc import Callable
from contextlib import suppress

from annotator.errors import UserError
from annotator.store import Store, annotator_id


class Timekeeper:
    """Counts a person's active time in the document that is open.

    The time between two acts, of a longer pause the first minute.

    It knows that something was done, never what. A visit is stored when it ends, a long one now and
    then; one of a few seconds is a passing by. What is not stored yet when the machine fails is
    lost.
    """

    PAUSE_MS, VISIT_MS, KEEP_MS = 60_000, 3_000, 300_000

    def __init__(
        self, store: Store, annotator: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._annotator, self._clock = store, annotator, clock
        self._document = ""
        self._active_ms, self._since = 0, 0.0

    def note(self, document: str) -> None:
        """Take note that something was done now, with this document open ("" for none)."""
        now = self._clock()
        if self._document:
            self._active_ms += min(int((now - self._since) * 1000), self.PAUSE_MS)
        self._since = now
        if document != self._document or self._active_ms >= self.KEEP_MS:
            self._keep()
        self._document = document

    def _keep(self) -> None:
        spent, self._active_ms = self._active_ms, 0
        if spent >= self.VISIT_MS and not self._store.readonly:
            # Work goes on without it; a disk that fails is spoken of when work is to be stored.
            with suppress(UserError), self._store.change("", self._annotator) as step:
                step.add_activity(self._document, annotator_id(self._annotator), spent)
