"""The commands on quality over a project.

The report, and repeats of an annotator's own documents.
"""

from pathlib import Path

import click

from annotator.cli.console import Cell, for_terminals, print_json, print_table, progress, tell
from annotator.cli.opening import opened
from annotator.cli.parameters import PATH, SEED
from annotator.i18n import _, ngettext, plain
from annotator.jobs.reports import MEASURES, ReportOptions, Sheet, make_report, sheets, write_report
from annotator.jobs.team.repeats import RepeatOptions, begin_round


@click.command()
@click.argument("project", type=PATH)
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="FILE.html|FILE.csv|FOLDER",
    help="Where to write it: a page, one table, or all tables.",
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
    annotators: str,
    measure: str,
    seed: int,
    as_json: bool,
) -> None:
    """Report on progress, active time and agreement, down to labels, documents and days."""
    names = tuple(name.strip() for name in annotators.split(",") if name.strip())
    with opened(project, readonly=True) as store:
        made = make_report(store, ReportOptions(layer, names, measure, seed), progress)
    progress(0, 0, "")
    written = write_report(made, output, table) if output else []
    chosen = [sheet for sheet in sheets(made) if table in ("", sheet.id)]
    if as_json:
        tables = {
            sheet.id: [
                dict(zip(map(plain, sheet.headings), (cell.value for cell in row), strict=True))
                for row in sheet.rows
            ]
            for sheet in chosen
        }
        print_json(
            {
                "annotators": list(made.annotators),
                "tables": tables,
                "files": [str(path) for path in written],
            }
        )
    elif written:
        count = ngettext("{count} file", "{count} files", len(written)).format(count=len(written))
        tell(_("Wrote {path} ({files}).").format(path=str(output), files=count))
    else:
        _show(made.alone, chosen)


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
        made = begin_round(store, RepeatOptions(name, documents, days, seed))
    if as_json:
        print_json({"annotator": made.name, "documents": list(made.documents)})
        return
    count = len(made.documents)
    told = ngettext(
        "{count} document waits for {name}.", "{count} documents wait for {name}.", count
    )
    tell(told.format(count=count, name=made.name))
