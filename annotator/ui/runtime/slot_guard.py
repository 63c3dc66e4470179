"""What goes wrong in a method of ours that Qt calls is told at once, and does not go on into Qt.

Below such a method (an event, a view's question to its model) lies C++, where nobody catches.
PySide6 hands the error to whatever Python code waits for Qt just then, which has nothing to do with
it; and where C code raised it (IndexError, ZeroDivisionError, "already deleted"), PySide6 6.11 on
Python 3.11 takes its message for the error itself and ends the program. So Qt gets an empty answer,
and the error goes to `sys.excepthook`, where the window shows it.
"""

import enum
import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

_OURS = "annotator."


def watch() -> None:
    """From now on, see to every class of ours that Qt calls into, as it is made."""
    # The stubs know no way to hear of a new subclass.
    QObject.__init_subclass__ = classmethod(_see_to)  # type: ignore[assignment, method-assign, arg-type]


def _see_to(made: type[QObject], **options: Any) -> None:
    super(QObject, made).__init_subclass__(**options)
    if not made.__module__.startswith(_OURS):
        return
    bases = [base for base in made.__mro__ if base.__module__.startswith("PySide6.")]
    for name, method in list(vars(made).items()):
        if (
            isinstance(method, FunctionType)
            and not name.startswith("_")
            and any(name in vars(base) for base in bases)
        ):
            setattr(made, name, _telling(method))


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    kind = method.__annotations__.get("return")

    @functools.wraps(method)
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except Exception:  # noqa: BLE001 - one of the three doors: nobody above could take it
            sys.excepthook(*sys.exc_info())
            return _empty(kind)

    return call


def _empty(kind: object) -> object:
    """Return the answer without content that a type has."""
    if not isinstance(kind, type) or kind is object:
        return None
    return kind(0) if issubclass(kind, enum.Enum) else kind()
