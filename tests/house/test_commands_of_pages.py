"""The command lines that the pages show are command lines of the program."""

import re
import shlex
from importlib import import_module
from itertools import chain

import click
import pytest

from annotator.cli import COMMANDS
from tests.house.rules import ROOT
from tests.house.test_pages import PAGES

_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^annotator .+$", re.MULTILINE)


def shown() -> list[str]:
    """Return the command lines in the code blocks of all pages."""
    blocks = (_BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) for page in PAGES)
    return [line for block in chain.from_iterable(blocks) for line in _LINE.findall(block)]


def find_command(name: str) -> click.Command:
    """Return a command by its name, loaded where it stands."""
    module = import_module(f"annotator.cli.{COMMANDS[name].module}")
    return next(
        entry
        for entry in vars(module).values()
        if isinstance(entry, click.Command) and entry.name == name
    )


def test_the_pages_show_command_lines() -> None:
    assert len(shown()) > 20


@pytest.mark.parametrize("line", shown())
def test_a_command_line_of_a_page_is_taken(line: str) -> None:
    _program, name, *words = shlex.split(line.partition("  #")[0].partition(" | ")[0])
    # Options, their values and the arguments are checked; nothing runs.
    context = find_command(name).make_context(name, words)
    assert context.params


def test_a_planted_line_is_refused() -> None:
    with pytest.raises(click.UsageError):
        find_command("export").make_context("export", ["news.annot", "out", "--split", "1", "--x"])
    with pytest.raises(click.UsageError):
        find_command("assign").make_context("assign", ["news.annot", "--seed", "many"])
