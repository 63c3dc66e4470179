"""How the command line speaks: messages, tables, JSON, progress.

A terminal *with bidi* orders right-to-left text by itself: names go out as they are, each of its
own direction. One without (*plain*) shows letters in the order they come, unjoined: for it names
are shaped and ordered here (see text/terminal_bidi.py).
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO, TypeVar

import click
import orjson
from click.core import ParameterSource

from annotator.errors import clean, isolate
from annotator.i18n import Message
from annotator.text.direction import document_direction, has_rtl

Function = TypeVar("Function", bound=Callable[..., Any])
TERMINALS = ("auto", "bidi", "plain")
# Variables that terminals without bidi set, and values of TERM; any other is taken to order by
# itself, as files and pipes are.
PLAIN_VARIABLES = (
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "ALACRITTY_WINDOW_ID",
    "WEZTERM_PANE",
    "XTERM_VERSION",
    "GHOSTTY_BIN_DIR",
)
PLAIN_NAMES = ("linux", "foot", "alacritty", "xterm-kitty", "st-", "rxvt")
GAP, BESIDE = "  ", " · "
Cell = str | tuple[str, ...]


def print_json(value: object) -> None:
    """Print one JSON value on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def for_terminals(command: Function) -> Function:
    """Give a command that prints a table the option `--terminal`."""
    option = click.option(
        "--terminal",
        type=click.Choice(TERMINALS),
        envvar="ANNOTATOR_TERMINAL",
        default="auto",
        expose_value=False,
        callback=_keep_terminal,
        help="Whether the terminal orders right-to-left names itself (bidi) or not (plain).",
    )
    return option(command)


def _keep_terminal(context: click.Context, _option: click.Parameter, chosen: str) -> None:
    context.meta["terminal"] = chosen
    # A variable speaks of the terminal; what goes into a pipe is plain all the same.
    source = context.get_parameter_source("terminal")
    context.meta["isolates"] = chosen == "bidi" and source is ParameterSource.COMMANDLINE


def is_plain(chosen: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether names have to be ordered for the eye, as chosen or as the terminal says."""
    if chosen != "auto":
        return chosen == "plain"
    if not is_terminal:
        return False
    for name in PLAIN_VARIABLES:
        if environment.get(name):
            return True
    return environment.get("TERM", "").startswith(PLAIN_NAMES)


def print_table(rows: Sequence[Sequence[Cell]], align: str = "") -> None:
    """Print rows as a table.

    align: "r" for each column whose cells stand at the right, "l" (or no letter) for others.
    """
    for line in table_lines(rows, align, _names_on(sys.stdout)):
        click.echo(line)


def table_lines(
    rows: Sequence[Sequence[Cell]], align: str = "", show: Callable[[str], str] = clean
) -> list[str]:
    """Return the lines of a table, each name as `show` gives it; columns run from left to right.

    A cell is a text, or names side by side. The last cell of a row may be longer than its column.
    """
    # Loaded for those who print a table: it stands on libraries that the start does not wait for.
    # They take as long as all the rest.
    from annotator.text.terminal_bidi import width

    shown = [_shown_cells(row, show) for row in rows]
    columns = max(map(len, shown), default=0)
    sides = f"{align:<{columns}}"
    sizes = [0] * columns
    for row in shown:
        for column in _sized_columns(row, sides):
            sizes[column] = max(sizes[column], width(row[column]))
    lines = []
    for row in shown:
        cells = []
        for cell, side, size in zip(row, sides, sizes, strict=False):
            padding = " " * (size - width(cell))
            cells.append(f"{padding}{cell}" if side == "r" else f"{cell}{padding}")
        lines.append(GAP.join(cells).rstrip())
    return lines


def _shown_cells(row: Sequence[Cell], show: Callable[[str], str]) -> list[str]:
    cells = []
    for cell in row:
        names = (cell,) if isinstance(cell, str) else cell
        cells.append(BESIDE.join(map(show, names)))
    return cells


def _sized_columns(row: Sequence[str], sides: str) -> range:
    """Return the columns that must be as wide as their cell in a row: all but the row's last.

    A last column whose cells stand at the right is as wide as the widest of them.
    """
    is_whole = len(row) == len(sides)
    if is_whole and sides.endswith("r"):
        return range(len(row))
    return range(len(row) - 1)


def say(text: str) -> None:
    """Print a message on standard error."""
    click.echo(_for_stream(text, sys.stderr), err=True)


def tell(text: str) -> None:
    """Print a line of the result on standard output."""
    click.echo(_for_stream(text, sys.stdout))


def _for_stream(text: str, stream: TextIO) -> str:
    """Return a text as a stream takes it.

    On a terminal each right-to-left name in a message keeps its direction; what goes into a pipe or
    a file is plain, so that a path copied from there is the path.
    """
    if isinstance(text, Message):
        return text.shown(_names_on(stream))
    return text


def _names_on(stream: TextIO) -> Callable[[str], str]:
    """Return the function that makes a name fit for a stream."""
    is_terminal = stream.isatty()
    context = click.get_current_context(silent=True)
    options = context.meta if context else {}
    chosen = str(options.get("terminal", "auto"))
    if is_plain(chosen, os.environ, is_terminal=is_terminal):
        return ordered
    if is_terminal or options.get("isolates"):
        return isolated
    return clean


def isolated(name: str) -> str:
    """Return a name for a terminal that orders right-to-left text itself."""
    harmless = clean(name)
    if has_rtl(harmless):
        return isolate(harmless)
    return harmless


def ordered(name: str) -> str:
    """Return a name for a terminal that shows letters in the order they come."""
    # Loaded for those who need it: it stands on libraries that the start does not wait for.
    from annotator.text.terminal_bidi import visual

    harmless = clean(name)
    return visual(harmless, document_direction(harmless, ""))


def progress(done: int, total: int, what: str) -> None:
    """Show progress on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        share = f"{done}/{total}" if total else str(done)
        click.echo(
            f"\r\x1b[K{share} {clean(what)[:60]}" if what else "\r\x1b[K", err=True, nl=False
        )
