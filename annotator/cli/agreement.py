"""The commands that measure agreement: of a project, of JSONL files, of a table of codings."""

from pathlib import Path

import click

from annotator.agreement import measures
from annotator.cli.console import Cell, for_terminals, print_json, print_table, progress, say
from annotator.cli.opening import opened
from annotator.cli.parameters import NAMES, PATH, SEED
from annotator.cli.streams import inputs
from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.agreeing import (
    PARTS,
    Agreement,
    AgreementOptions,
    AgreementReport,
    compared_files,
    compared_project,
    measure_codings,
    measure_spans,
    read_codings,
)

SQLITE = b"SQLite format 3\x00"


@click.command()
@click.argument("paths", metavar="PROJECT|FILE.jsonl...", type=PATH, nargs=-1)
@click.option(
    "--measure",
    "names",
    multiple=True,
    metavar="ID",
    help="A measure (see “annotator measures”); all that fit when not given.",
)
@click.option(
    "--annotators",
    type=NAMES,
    default="",
    metavar="A,B,…",
    help="Whom to compare; all but gold when not given.",
)
@click.option(
    "--layer", default=None, metavar="NAME", help="Only spans of this layer of the schema."
)
@click.option(
    "--by", default=None, type=click.Choice(PARTS), help="Give the parts as well, after the whole."
)
@click.option(
    "--codings",
    type=PATH,
    metavar="TABLE.csv",
    help="A plain table: one row an item, one column an annotator, empty = missing.",
)
@click.option(
    "--categories",
    type=NAMES,
    default="",
    metavar="A,B,…",
    help="The table's categories in their order, where not all are used.",
)
@click.option(
    "--seed",
    type=SEED,
    default=0,
    show_default=True,
    help="Of all that is drawn: intervals, chance of γ.",
)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the values as JSON.")
def agreement(
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    annotators: tuple[str, ...],
    layer: str | None,
    by: str | None,
    codings: Path | None,
    categories: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Measure how far annotators agree, with 95 % intervals.

    “-” is JSONL from standard input.
    """
    if (codings is None) == (not paths):
        raise click.UsageError(_("Name a project, JSONL files, or a table with --codings."))
    options = AgreementOptions(names, annotators, layer, by or "", seed, categories)
    with inputs(paths) as given:
        report = _measured(given.paths, codings, options)
    progress(0, 0, "")
    for note in report.notes:
        say(note)
    if as_json:
        print_json([value.to_plain() for value in report.values])
        return
    titles = [_("measure"), _("value"), _("95 % interval"), _("n"), _("annotators"), _("of")]
    print_table([titles, *table(report.values)], "lrlr")


def _measured(
    paths: tuple[Path, ...], codings: Path | None, options: AgreementOptions
) -> AgreementReport:
    if codings is not None:
        people, table_rows = read_codings(codings, options.annotators, options.categories)
        return measure_codings(people, table_rows, options, progress)
    if len(paths) == 1 and _is_project(paths[0]):
        with opened(paths[0], readonly=True) as store:
            compared = compared_project(store, options.annotators)
    elif any(map(_is_project, paths)):
        raise UserError(
            _("Give one project, or JSONL files; agreement is measured inside a project.")
        )
    else:
        compared = compared_files(paths, options.annotators)
    return measure_spans(compared, options, progress)


def _is_project(path: Path) -> bool:
    """Return whether a path is a project; one that is missing is told by its name."""
    if path.is_file():
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE or path.suffix == ".annot"
    return path.suffix == ".annot"


def table(values: tuple[Agreement, ...]) -> list[list[Cell]]:
    """Return the values as rows of a table; a measure's counts, if any, stand below it."""
    rows: list[list[Cell]] = []
    for value in values:
        rows.append(_row(value))
        for scheme, counts in (value.counts or {}).items():
            shown = []
            for name, count in counts.items():
                if count == int(count):
                    shown.append(f"{name} {count:g}")
            rows.append([f"  {scheme}", "  ".join(shown)])
    return rows


def _row(value: Agreement) -> list[Cell]:
    shown, interval = "–", ""
    parts = [value.layer, value.label, value.document]
    if value.value is not None:
        shown = f"{value.value:.4f}"
    else:
        parts.append(_("undefined: {reason}").format(reason=value.undefined or ""))
    if value.ci95:
        low, high = value.ci95
        interval = f"[{low:.4f}, {high:.4f}]"
    return [
        value.measure,
        shown,
        interval,
        str(value.n),
        value.annotators,
        tuple(part for part in parts if part),
    ]


@click.command("measures")
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_measures(as_json: bool) -> None:
    """List the measures of agreement: what each compares."""
    entries = measures().values()
    if as_json:
        rows = [
            {
                "id": entry.id,
                "name": _(entry.name),
                "compares": _(entry.compares),
                "of": "codings" if entry.codings else "spans",
            }
            for entry in entries
        ]
        print_json(rows)
        return
    print_table([[entry.id, _(entry.name), _(entry.compares)] for entry in entries])
