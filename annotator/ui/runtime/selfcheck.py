"""A check at the start for one known fault of Qt's binding that would crash the program later.

PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference to None with each call that returns
nothing; after some thousands of calls the interpreter aborts. From Python 3.12 on None is immortal
and the fault is harmless.
"""

import sys

import PySide6
from PySide6.QtCore import QObject

from annotator.errors import UserError
from annotator.i18n import _

CALLS = 200


def check_binding() -> None:
    """Raise UserError that names the fix, if this binding eats references to None."""
    probe = QObject()
    before = sys.getrefcount(None)
    for _number in range(CALLS):
        probe.setObjectName("probe")
    if before - sys.getrefcount(None) > CALLS // 2:
        message = _(
            "PySide6 {version} does not work with Python {python}: the program would crash after a"
            ' while. Run: {executable} -m pip install "PySide6-Essentials<6.12" — or use Python'
            " 3.12 or newer."
        )
        python = ".".join(map(str, sys.version_info[:3]))
        raise UserError(
            message.format(version=PySide6.__version__, python=python, executable=sys.executable)
        )
