"""Errors that reach the window.

The user's are shown as the sentence they are, ours are logged and named as such.
"""

import getpass
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import platformdirs

from annotator import __version__
from annotator.errors import UserError
from annotator.i18n import _
from annotator.store import Store

log = logging.getLogger(__name__)


def crash_log() -> Path:
    """Return where our own faults are written down."""
    return Path(platformdirs.user_log_dir("annotator", appauthor=False)) / "faults.log"


def user_name() -> str:
    """Return the name of the person at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "annotator"


def sentence(error: BaseException) -> str:
    """Return what the window says of an error."""
    if isinstance(error, UserError):
        return str(error)
    return _(
        "The program made a mistake: {error}. Your stored work is not touched. Details are in"
        " {path}."
    ).format(error=type(error).__name__, path=crash_log())


def why_readonly(store: Store) -> str:
    """Return why a project could only be opened for reading."""
    if store.holder is None:
        return _(
            "This project can only be read: its file or folder cannot be written. To work in it,"
            " copy it to a folder of your own."
        )
    return _(
        "Another program has this project open ({who}), so it is open here for reading only."
    ).format(who=store.holder)


def write_down(error: BaseException) -> None:
    """Keep the traceback of a fault of ours."""
    if isinstance(error, UserError):
        return
    text = "".join(traceback.format_exception(error))
    log.error("fault: %s", text)
    try:
        crash_log().parent.mkdir(parents=True, exist_ok=True)
        with crash_log().open("a", encoding="utf-8") as file:
            file.write(
                f"{datetime.now(UTC).isoformat()} annotator {__version__} {sys.version}\n{text}\n"
            )
    except OSError:
        return


def catch_all(show: Callable[[str], None]) -> None:
    """Show every error that Qt's event loop would swallow.

    It comes through the third door, or from a slot.
    """

    def hook(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.exit(130)
        write_down(error)
        show(sentence(error))

    sys.excepthook = hook
