"""The command that asks a project in SQL."""

import csv
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import click
import orjson

from annotator.cli.console import Cell, for_terminals, print_table, say
from annotator.cli.parameters import PATH
from annotator.errors import clean
from annotator.i18n import _
from annotator.store.sql_query import Answer, Value, answered

MOST_ROWS, LONGEST_CELL = 1000, 80


@click.command("query")
@click.argument("project", type=PATH)
@click.argument("sql", default="")
@click.option("--csv", "shape", flag_value="csv", help="Print all rows as CSV.")
@click.option("--json", "shape", flag_value="json", help="Print all rows as a JSON list.")
@click.option("--jsonl", "shape", flag_value="jsonl", help="Print each row as a JSON object.")
@for_terminals
def query(project: Path, sql: str, shape: str | None) -> None:
    """Ask a project in SQL, read-only; without SQL, list its tables and their columns.

    One statement. Without a shape, the first rows are printed as a table.
    """
    with answered(project, sql) as answer:
        if shape is None:
            _print_rows(answer, LONGEST_CELL if sql else None)
            return
        WRITERS[shape](answer, _written)
        sys.stdout.buffer.flush()


def _written(text: str) -> None:
    """Write to standard output what the rows hold, byte by byte; cleaned where it is a terminal."""
    if sys.stdout.isatty():
        lines = text.split("\n")
        text = "\n".join(map(clean, lines))
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


Write = Callable[[str], object]


class _Sink:
    """What the writer of CSV writes to."""

    def __init__(self, write: Write) -> None:
        self.write = write


def _as_csv(answer: Answer, write: Write) -> None:
    writer = csv.writer(_Sink(write), lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(map(_plain, row))


def _as_jsonl(answer: Answer, write: Write) -> None:
    for row in answer.rows:
        write(f"{_object(answer.columns, row)}\n")


def _as_json(answer: Answer, write: Write) -> None:
    opening = "["
    for row in answer.rows:
        write(f"{opening}\n  {_object(answer.columns, row)}")
        opening = ","
    if opening == "[":
        write("[]\n")
    else:
        write("\n]\n")


WRITERS = {"csv": _as_csv, "json": _as_json, "jsonl": _as_jsonl}


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, bytes):
        return value.hex()
    return value


def _object(columns: list[str], row: tuple[Value, ...]) -> str:
    values = map(_plain, row)
    fields = dict(zip(columns, values, strict=True))
    return orjson.dumps(fields).decode()


def _print_rows(answer: Answer, longest: int | None) -> None:
    rows = list(islice(answer.rows, MOST_ROWS))
    align = ""
    for values in zip(*rows, strict=True):
        is_numeric = all(isinstance(value, int | float) for value in values)
        align += "r" if is_numeric else "l"
    lines: list[list[Cell]] = [list(answer.columns)]
    for row in rows:
        cells = [_cell(value, longest) for value in row]
        lines.append([*cells])
    print_table(lines, align)
    if next(answer.rows, None) is not None:
        message = _("There are more than {count} rows; --csv, --json and --jsonl print all.")
        say(message.format(count=MOST_ROWS))


def _cell(value: Value, longest: int | None) -> str:
    if value is None:
        return ""
    words = str(_plain(value)).split()
    line = " ".join(words)
    if longest is None or len(line) <= longest:
        return line
    return f"{line[: longest - 1]}…"
