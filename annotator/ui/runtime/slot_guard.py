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
from typing import Any, TypeVar

from PySide6.QtCore import QObject

_MARK = "tells_its_errors"
Made = TypeVar("Made", bound=type[QObject])


def guard_overrides(made: Made) -> Made:
    """Let the methods of a class that Qt calls tell their errors, and answer Qt all the same.

    A house test asks every class of ours that overrides a method of Qt's for this decorator.
    """
    for name in overrides_of(made):
        setattr(made, name, _telling(vars(made)[name]))
    return made


def overrides_of(made: type[QObject]) -> list[str]:
    """Return the names of the methods in a class's own body that stand for methods of Qt's."""
    bases = [base for base in made.__mro__ if base.__module__.startswith("PySide6.")]
    names = []
    for name, method in vars(made).items():
        is_ours = isinstance(method, FunctionType) and not name.startswith("_")
        if is_ours and any(name in vars(base) for base in bases):
            names.append(name)
    return names


def is_guarded(method: Callable[..., object]) -> bool:
    """Return whether a method tells its errors."""
    return hasattr(method, _MARK)


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    kind = method.__annotations__.get("return")

    @functools.wraps(method)
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except Exception:  # noqa: BLE001 - one of the three doors: nobody above could take it
            sys.excepthook(*sys.exc_info())
            return _empty(kind)

    setattr(call, _MARK, True)
    return call


def _empty(kind: object) -> object:
    """Return the answer without content that a type has."""
    if not isinstance(kind, type) or kind is object:
        return None
    return kind(0) if issubclass(kind, enum.Enum) else kind()
