"""The command line: the same jobs as the window, scriptable; a few lines a subcommand.

Results go to standard output (`--json`: one JSON value and nothing else), all else to standard
error. Exit codes: 0 done, 1 the input or the project is at fault (one sentence says what to do), 2
wrong usage.

A command's module is loaded when the command is called: what all of them stand on together would
slow every start.
"""

import difflib
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

import click

from annotator import __version__
from annotator.cli.console import say
from annotator.errors import UserError, clean
from annotator.i18n import _, isolate_names, use_language


class Entry(NamedTuple):
    """A command before it is loaded: its module, and the first line of its help ("": hidden)."""

    module: str
    help: str


COMMANDS = {
    "adjudicate": Entry(
        "adjudication",
        "Decide all open cases that a rule can decide, in one step that can be undone.",
    ),
    "agreement": Entry("agreement", "Measure how far annotators agree, with 95 % intervals."),
    "assign": Entry("bundles", "Hand documents out: a bundle for each annotator."),
    "backup": Entry("projects", "Copy a project to a new file, and verify the copy."),
    "cases": Entry("adjudication", "List where annotators differ, and what is decided."),
    "check": Entry(
        "projects",
        "Check a project: the file, the log's chain, the tables, every span against its text.",
    ),
    "collect": Entry(
        "bundles",
        "Take returned work into PROJECT: all bundles or none, in any order, as often as you like.",
    ),
    "demo": Entry("projects", "Make a sample project and open it."),
    "export": Entry("files", "Write documents with their annotations to a file or folder."),
    "feedback": Entry(
        "adjudication",
        "Write a page for each annotator on what was decided otherwise, and one on the guidelines.",
    ),
    "formats": Entry(
        "lists",
        "List the file formats: what can be read and written, and what each cannot carry.",
    ),
    "import": Entry(
        "files", "Bring files or folders into a project; importing twice brings nothing new."
    ),
    "labels": Entry(
        "labels",
        "List a project's labels; or merge, rename and retire some in one step that can be undone.",
    ),
    "measures": Entry("agreement", "List the measures of agreement: what each compares."),
    "new": Entry("projects", "Make a new, empty project."),
    "open": Entry("projects", ""),
    "query": Entry(
        "query",
        "Ask a project in SQL, read-only; without SQL, list its tables and their columns.",
    ),
    "repeat": Entry("reports", "Let an annotator label earlier documents again, blind."),
    "report": Entry(
        "reports",
        "Report on progress, active time and agreement, down to labels, documents and days.",
    ),
    "return": Entry(
        "bundles",
        "Make a bundle of your work for whoever leads the project; nothing is taken away here.",
    ),
    "schema": Entry(
        "schema",
        "Write a project's label schema: TOML, or a labeling configuration for Label Studio.",
    ),
    "schemas": Entry("lists", "List the label schemas that ship with the program."),
    "start": Entry(
        "bundles",
        "Begin a project from an assignment, or take an assignment or a receipt into PROJECT.",
    ),
    "stats": Entry(
        "projects", "Count what a project holds: documents, languages, progress, labels."
    ),
    "train-set": Entry(
        "training",
        "Make a training set: parts that do not leak, a card, a manifest with checksums.",
    ),
}


@dataclass(frozen=True, slots=True)
class Faces:
    """What is started without knowing it: a window on a project, the tour in a folder."""

    window: Callable[[Path | None], int]
    demo: Callable[[Path | None], int]


class NoCommandError(UserError):
    """The first word is neither a command nor a project; the text says what to call."""


class _Commands(click.Group):
    """A group that loads a command when it is called, and whose first word may be a project."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to call, and load the area it is in."""
        if args[0] not in COMMANDS:
            if not _is_project(args[0]):
                raise NoCommandError(_advice(args[0]))
            args = ["open", *args]
        module = import_module(f"annotator.cli.{COMMANDS[args[0]].module}")
        for value in vars(module).values():
            if isinstance(value, click.Command):
                self.add_command(value)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, entry.help) for name, entry in COMMANDS.items() if entry.help]
            )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["open"])


def _is_project(word: str) -> bool:
    """Return whether a first word stands for a project: a path that is there, or named like one."""
    with suppress(OSError):  # a name that no file can have
        return word.endswith(".annot") or Path(word).exists()
    return False


def _advice(word: str) -> str:
    visible = [name for name, entry in COMMANDS.items() if entry.help]
    nearest = difflib.get_close_matches(word.lower(), visible, n=1)
    if nearest:
        message = _("There is no command {word}. Did you mean {nearest}?")
        return message.format(word=word, nearest=nearest[0])
    message = _(
        "There is no command and no project {word}: “annotator --help” lists the commands, and"
        " “annotator new” makes a project."
    )
    return message.format(word=word)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="annotator")
@click.option("--debug", is_flag=True, help="Show a traceback with errors of the program itself.")
def cli(debug: bool) -> None:
    """Label entities, claims and stance in Persian, Kazakh, Russian and mixed-direction text.

    Without a subcommand: open the window, on PROJECT if one is named.
    """
    click.get_current_context().meta["debug"] = debug


def run(
    faces: Faces,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run the command line and return the exit code."""
    use_language((environment or {}).get("ANNOTATOR_LANGUAGE") or None)
    isolate_names(on=False)
    try:
        code = cli.main(arguments, prog_name="annotator", standalone_mode=False, obj=faces)
        return cast("int", code or 0)
    except click.exceptions.Abort:
        say(_("Stopped; nothing half-done was kept."))
        return 1
    except click.ClickException as error:
        _show_usage(error)
        return error.exit_code
    except NoCommandError as error:
        say(error.message)
        return 2
    except UserError as error:
        say(error.message)
        return 1
    except BrokenPipeError:
        # Who read our output has gone, as `head` does. The interpreter would flush once more, and
        # fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - one of the three doors: what arrives here is our own fault, and says so
        _report(error)
        if "--debug" in (arguments if arguments is not None else sys.argv):
            traceback.print_exc()
        return 1


def _show_usage(error: click.ClickException) -> None:
    """Say how to call the program; what was typed is quoted without control characters."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        say(error.ctx.get_usage())
        say(_("Try “{command} --help”.").format(command=error.ctx.command_path))
    say(_("Error: {message}").format(message=clean(error.format_message())))


def _report(error: Exception) -> None:
    message = _(
        "The program failed: {error}. Please report this; “annotator --debug …” shows more."
    )
    say(message.format(error=clean(repr(error))))
