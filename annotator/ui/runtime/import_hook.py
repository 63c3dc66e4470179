"""Python's own import, put back in the place of that of Qt's binding.

The binding reads the source of every module that is imported after it, in search of its switch to
other names of methods. Nothing here uses that switch, and the search takes longer than the import.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - whose import is what replaces Python's


def put_back() -> None:
    """Import as Python does."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
