"""The keys of one command, as the window knows them."""

from typing import NamedTuple


class Shortcut(NamedTuple):
    """The keys of a command: as Qt writes them everywhere, as the sheet shows them, their help."""

    keys: tuple[str, ...]
    shown: str
    help: str
    is_linking: bool
