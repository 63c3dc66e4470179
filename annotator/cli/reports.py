"""The commands on the quality of the work: the report, and repeats of one's own documents."""

from pathlib import Path

import click

from annotator.cli import streams
from annotator.cli.console import Cell, for_terminals, print_json, print_table, progress, tell
from annotator.cli.opening import opened
from annotator.cli.parameters import NAMES, PATH, SEED
from annotator.cli.streams import STREAM
from annotator.i18n import _, ngettext, plain
from annotator.jobs.reports import (
    MEASURES,
    Report,
    ReportOptions,
    Sheet,
    make_report,
    sheets,
    write_report,
)
from annotator.jobs.reports.tables import Value
from annotator.jobs.team.repeats import RepeatOptions, begin_round


@click.command()
@click.argument("project", type=PATH)
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="FILE.html|FILE.csv|FOLDER",
    help="Where to write it: a page, one table, or all tables; “-”: standard output.",
)
@click.option(
    "--table",
    default="",
    metavar="ID",
    help="Only this table: work, agreement, pairs, labels, confusion, time, repeats, documents.",
)
@click.option(
    "--layer", default=None, metavar="NAME", help="Only spans of this layer of the schema."
)
@click.option(
    "--annotators",
    type=NAMES,
    default="",
    metavar="A,B,…",
    help="Whom to report of; all people but gold when not given.",
)
@click.option(
    "--measure",
    default=MEASURES[0],
    show_default=True,
    type=click.Choice(MEASURES),
    help="What labels and documents are measured by.",
)
@click.option(
    "--seed",
    type=SEED,
    default=0,
    show_default=True,
    help="Of the samples that intervals stand on.",
)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the tables as JSON.")
def report(
    project: Path,
    output: Path | None,
    table: str,
    layer: str | None,
    annotators: tuple[str, ...],
    measure: str,
    seed: int,
    as_json: bool,
) -> None:
    """Report on progress, active time and agreement, down to labels, documents and days."""
    with opened(project, readonly=True) as store:
        measured = make_report(store, ReportOptions(layer, annotators, measure, seed), progress)
    progress(0, 0, "")
    if output == STREAM and not as_json:
        with streams.output("report.csv" if table else "report.html") as file:
            write_report(measured, file, table)
        return
    files = write_report(measured, output, table) if output and output != STREAM else []
    chosen = [sheet for sheet in sheets(measured) if table in ("", sheet.id)]
    if as_json:
        _print_tables(measured, chosen, files)
    elif files:
        count = ngettext("{count} file", "{count} files", len(files)).format(count=len(files))
        tell(_("Wrote {path} ({files}).").format(path=str(output), files=count))
    else:
        _show(measured.alone, chosen)


def _print_tables(report: Report, chosen: list[Sheet], files: list[Path]) -> None:
    print_json(
        {
            "annotators": list(report.annotators),
            "tables": {sheet.id: _rows(sheet) for sheet in chosen},
            "files": list(map(str, files)),
        }
    )


def _rows(sheet: Sheet) -> list[dict[str, Value]]:
    """Return the rows of a table as `--json` prints them."""
    headings = list(map(plain, sheet.headings))
    rows = list[dict[str, Value]]()
    for row in sheet.rows:
        values = [cell.value for cell in row]
        rows.append(dict(zip(headings, values, strict=True)))
    return rows


def _show(alone: str, chosen: list[Sheet]) -> None:
    if alone:
        tell(alone)
    for sheet in chosen:
        tell(f"\n{sheet.title}")
        rows: list[list[Cell]] = [[cell.text or "–" for cell in row] for row in sheet.rows]
        print_table(
            [list(sheet.headings), *rows],
            "".join("r" if is_number else "l" for is_number in sheet.numeric),
        )


@click.command()
@click.argument("project", type=PATH)
@click.option(
    "--annotator", "name", required=True, metavar="NAME", help="Whose documents to repeat."
)
@click.option(
    "--documents", default=10, show_default=True, type=click.IntRange(1), help="How many."
)
@click.option(
    "--days",
    default=0,
    show_default=True,
    type=click.IntRange(0, 36500),
    help="Only those finished at least so many days ago.",
)
@click.option("--seed", type=SEED, default=0, show_default=True, help="Of the drawing of lots.")
@click.option("--json", "as_json", is_flag=True, help="Print the round as JSON.")
def repeat(project: Path, name: str, documents: int, days: int, seed: int, as_json: bool) -> None:
    """Let an annotator label earlier documents again, blind.

    Agreement with the first time is self-consistency.
    """
    with opened(project) as store:
        round_ = begin_round(store, RepeatOptions(name, documents, days, seed))
    if as_json:
        print_json({"annotator": round_.name, "documents": list(round_.documents)})
        return
    count = len(round_.documents)
    line = ngettext(
        "{count} document waits for {name}.", "{count} documents wait for {name}.", count
    )
    tell(line.format(count=count, name=round_.name))
