"""What the commands of the command line share: opening a project, printing, progress."""

import sys
from pathlib import Path

import click
import orjson

from annotator.errors import UserError, clean, isolate
from annotator.i18n import _
from annotator.store import Store

PATH = click.Path(path_type=Path)


def opened(project: Path, *, readonly: bool = False) -> Store:
    """Open a project; for writing, only if nobody else has it."""
    store = Store.open(project, readonly=readonly)
    if store.readonly and not readonly:
        holder = store.holder
        store.close()
        if holder is None:
            raise UserError(_("{path} cannot be written. Copy it to a folder of your own.").format(path=isolate(str(project))))
        message = _("{path} is open in another program (process {pid} of {user} on {host}). Close it there and try again.")
        raise UserError(message.format(path=isolate(str(project)), pid=holder.pid, user=isolate(holder.user), host=isolate(holder.host)))
    return store


def print_json(value: object) -> None:
    """Print one JSON value on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def say(text: str) -> None:
    """Print a message on standard error."""
    click.echo(text, err=True)


def progress(done: int, total: int, what: str) -> None:
    """Show progress on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        share = f"{done}/{total}" if total else str(done)
        click.echo(f"\r\x1b[K{share} {clean(what)[:60]}" if what else "\r\x1b[K", err=True, nl=False)
