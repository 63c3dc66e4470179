"""One program at a time writes a project.

The lock is a file beside it, released by the system when the program ends.
"""

import getpass
import os
import platform
import sys
import time
from pathlib import Path
from typing import NamedTuple, Protocol

import orjson

from annotator.i18n import _
from annotator.store.file.opening import refuse


class Holder(NamedTuple):
    """Who has a project open for writing."""

    pid: int
    host: str
    user: str
    since: float

    @classmethod
    def here(cls) -> "Holder":
        """Return a description of this process."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError, ImportError):
            user = ""
        return cls(os.getpid(), platform.node(), user, time.time())

    def __str__(self) -> str:
        """Say who it is, in words."""
        if not self.pid:
            return _("it has not said which")
        message = _("process {pid} of {user} on {host}")
        return message.format(pid=self.pid, user=self.user, host=self.host)

    def to_json(self) -> str:
        """Return the holder as the project file keeps it."""
        return orjson.dumps(self._asdict()).decode()

    @classmethod
    def from_json(cls, text: str) -> "Holder | None":
        """Read what `to_json` wrote; None where nothing was."""
        return cls(**orjson.loads(text)) if text else None


UNKNOWN = Holder(0, "", "", 0.0)
MOMENT, MOMENTS = 0.05, 20
"""How long, in seconds, and how often one waits for whoever has a project to say who that is."""


def lock_path(project: Path) -> Path:
    """Return the path of the lock file that stands beside a project."""
    return project.with_name(f".{project.name}.lock")


class Lock(Protocol):
    """What a program holds that writes a project."""

    def release(self) -> object:
        """Let others write it."""
        ...


class _FileLock:
    """The system's lock on an open file: it goes with the program, however that ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def release(self) -> None:
        os.close(self._handle)


def take(project: Path) -> Lock | None:
    """Take the lock of a project; None when another program has it."""
    try:
        return _take(lock_path(project))
    except OSError as error:
        reason = _(
            "its lock file {lock} cannot be taken ({reason}). Remove that file, or copy the project"
            " to a folder of your own."
        )
        raise refuse(
            project,
            reason.format(lock=lock_path(project).name, reason=error.strerror or ""),
        ) from error


if sys.platform == "win32":
    import filelock

    def _take(path: Path) -> Lock | None:
        lock = filelock.FileLock(path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return None
        return lock

else:
    # What filelock does here, and holds with it; but that takes as long to load as the rest of the
    # store.
    import fcntl

    def _take(path: Path) -> Lock | None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        return _FileLock(handle)
