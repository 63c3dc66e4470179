"""Libraries that are installed only where they are wanted."""

from importlib import import_module
from types import ModuleType

from annotator.errors import UserError
from annotator.i18n import _


def library(module: str, extra: str) -> ModuleType:
    """Return a library of one of the program's extras; a missing one is a UserError."""
    try:
        return import_module(module)
    except ImportError as error:
        message = _(
            "This format needs the library {library}. Install it with: pip install"
            ' "annotator[{extra}]"'
        )
        raise UserError(message.format(library=module.partition(".")[0], extra=extra)) from error
