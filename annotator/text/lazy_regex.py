"""Regular expressions that are compiled when they are first used.

To compile all of them at the start would be felt.
"""

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Later:
    """Becomes a compiled expression in all but its class."""

    def __init__(self, source: str, flags: int) -> None:
        self._given = source, flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(*self._given)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression; an error in it is found when it is first used."""
    return cast("re.Pattern[str]", _Later(source, flags))
