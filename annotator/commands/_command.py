"""What a command is: a function with a title, keys, a menu and a condition.

Its docstring's first line is its help.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Generic, TypeVar

Target = TypeVar("Target")


@dataclass(frozen=True)
class Command(Generic[Target]):
    """One thing to do to a target (a session, or the window for the window's own commands).

    title: as menus show it, untranslated. keys: portable key sequences, the first is the one shown.
    menu: which menu, or "" for the palette only. when: whether it can be done now.
    """

    id: str
    title: str
    help: str
    run: Callable[[Target], None]
    keys: tuple[str, ...] = ()
    menu: str = ""
    when: Callable[[Target], bool] = lambda _target: True

    def is_possible(self, target: Target) -> bool:
        """Return whether it can be done now."""
        return self.when(target)

    def __call__(self, target: Target) -> None:
        """Do it."""
        self.run(target)


def command(
    title: str,
    *,
    keys: tuple[str, ...] = (),
    menu: str = "",
    when: Callable[[Target], bool] | None = None,
) -> Callable[[Callable[[Target], None]], Command[Target]]:
    """Make a command of the function below; its id is `<module>.<function>`."""

    def made(function: Callable[[Target], None]) -> Command[Target]:
        area = function.__module__.rpartition(".")[2]
        text = (inspect.getdoc(function) or "").partition("\n")[0]
        name = f"{area}.{function.__name__}"
        return Command(name, title, text, function, keys, menu, when or (lambda _target: True))

    return made


def declared(module: ModuleType) -> Iterator[Command[Any]]:
    """Walk over the commands that a module declares, in its order."""
    for value in vars(module).values():
        if isinstance(value, Command) and value.run.__module__ == module.__name__:
            yield value
