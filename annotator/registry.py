"""Finds the modules of a package, so that a format, a measure or a command is one new file."""

import importlib
import pkgutil
from types import ModuleType


def modules_in(package: str) -> tuple[ModuleType, ...]:
    """Import every module of a package (those whose name begins with `_` aside), sorted by name."""
    parent = importlib.import_module(package)
    names = sorted(
        info.name for info in pkgutil.iter_modules(parent.__path__) if not info.name.startswith("_")
    )
    return tuple(importlib.import_module(f"{package}.{name}") for name in names)
