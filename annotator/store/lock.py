"""One program at a time writes a project. The lock is a file beside it, released by the system when the program ends."""

import getpass
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock
import orjson

from annotator.errors import isolate
from annotator.i18n import _
from annotator.store.opening import refuse


@dataclass(frozen=True, slots=True)
class Holder:
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

    def to_json(self) -> str:
        """Return the holder as the project file keeps it."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> "Holder | None":
        """Read what `to_json` wrote; None where nothing was."""
        return cls(**orjson.loads(text)) if text else None


def lock_path(project: Path) -> Path:
    """Return the path of the lock file that stands beside a project."""
    return project.with_name(f".{project.name}.lock")


def take(project: Path) -> filelock.FileLock | None:
    """Take the lock of a project; None when another program has it."""
    lock = filelock.FileLock(lock_path(project), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except filelock.Timeout:
        return None
    except OSError as error:
        reason = _("its lock file {lock} cannot be taken ({reason}). Remove that file, or copy the project to a folder of your own.")
        raise refuse(project, reason.format(lock=isolate(lock_path(project).name), reason=error.strerror or "")) from error
    return lock
