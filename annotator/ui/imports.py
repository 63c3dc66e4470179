"""What Qt's binding does to imports, undone: each is felt when the program starts.

It compiles its own support modules anew each time; the bytecode of these is kept, as Python keeps that of all other modules. And it
puts an import of its own in the place of Python's, which reads the source of every module that comes after it in search of the
binding's switch to other names of methods; nothing here uses that switch.
"""

import builtins
import importlib.util
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

_SUPPORT = "shibokensupport/"
_compile = builtins.compile


class _Bytecode:
    """The binding's support modules as bytecode, in a file beside the bytecode of this module: as trusted as that, and as easily gone."""

    def __init__(self) -> None:
        self._path = Path(importlib.util.cache_from_source(__file__)).with_suffix(".binding")
        self._known: dict[str, CodeType] = {}
        self._is_new = False
        with suppress(OSError, EOFError, ValueError, TypeError):
            head, checked, body = (content := self._path.read_bytes())[:4], content[4:8], content[8:]
            if (head, int.from_bytes(checked)) == (importlib.util.MAGIC_NUMBER, crc32(body)):
                self._known = marshal.loads(body)  # noqa: S302 - as Python reads its own bytecode

    def compile(self, source: Any, filename: Any, *rest: Any, **named: Any) -> Any:
        """Compile as Python does; what is known already is not compiled again."""
        if not (isinstance(source, bytes) and isinstance(filename, str) and filename.startswith(_SUPPORT)):
            return _compile(source, filename, *rest, **named)
        name = f"{filename} {len(source)} {crc32(source)}"
        if name not in self._known:
            self._known[name] = _compile(source, filename, *rest, **named)
            self._is_new = True
        return self._known[name]

    def keep(self) -> None:
        """Write down what is new, where Python may write bytecode."""
        if self._is_new and not sys.dont_write_bytecode:
            body = marshal.dumps(self._known)
            part = self._path.with_suffix(f".{os.getpid()}")
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                part.write_bytes(importlib.util.MAGIC_NUMBER + crc32(body).to_bytes(4) + body)
                part.replace(self._path)


@contextmanager
def _bytecode_kept() -> Iterator[None]:
    bytecode = _Bytecode()
    builtins.compile = bytecode.compile
    try:
        yield
    finally:
        builtins.compile = _compile
    bytecode.keep()


def load_binding() -> None:
    """Load the heart of Qt's binding, and import as Python does from then on."""
    if "PySide6.QtCore" not in sys.modules:
        with _bytecode_kept():
            importlib.import_module("PySide6.QtCore")
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
