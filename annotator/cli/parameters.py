"""The kinds of arguments that commands share: paths, names of people, seeds."""

import os
from pathlib import Path
from typing import Any

import click

from annotator.i18n import _
from annotator.model.schema_files import name_fault

_LONGEST_NAME = 255


class _Place(click.Path):
    """A path as it was typed; one that no file can have is a wrong use."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not str(value):
            self.fail(_("the name of a file or folder must not be empty"), param, ctx)
        if any(len(os.fsencode(part)) > _LONGEST_NAME for part in Path(value).parts):
            self.fail(
                _("the name of a file or folder must not be longer than {count} bytes").format(
                    count=_LONGEST_NAME
                ),
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


class _Person(click.types.StringParamType):
    """The name of a person who does something; where none is given, whoever the project is of."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name."""
        if not value:
            return value
        fault = name_fault(value)
        if fault:
            self.fail(fault, param, ctx)
        return value


class _Names(click.types.StringParamType):
    """Names with commas between them."""

    def convert(
        self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None
    ) -> Any:
        """Return the names."""
        if not isinstance(value, str):
            return value
        names = []
        for part in value.split(","):
            name = part.strip()
            if name:
                names.append(name)
        return tuple(names)


PATH = _Place(path_type=Path)
PERSON = _Person()
NAMES = _Names()
SEED = click.IntRange(0, 2**32 - 1)
