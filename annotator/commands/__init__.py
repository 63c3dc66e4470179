"""What a person can do: one file an area, a function a command.

`commands()` lists them for menus, keys, palette and help.
"""

from functools import cache

from annotator.commands._command import Command, command, declared
from annotator.registry import modules_in
from annotator.session import Session

__all__ = ["Command", "command", "commands", "declared"]


@cache
def commands() -> dict[str, Command[Session]]:
    """Return the commands that work on a session, by id."""
    return {entry.id: entry for module in modules_in(__name__) for entry in declared(module)}
