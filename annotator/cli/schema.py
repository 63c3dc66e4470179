"""The command line's part for a project's label schema as a file."""

from pathlib import Path

import click

from annotator.cli.console import say
from annotator.cli.opening import opened
from annotator.cli.parameters import PATH
from annotator.i18n import _
from annotator.jobs.schema_files import LABEL_STUDIO, TOML, WRITERS, schema_text, write_schema


@click.command()
@click.argument("project", type=PATH)
@click.option(
    "-o",
    "--output",
    "output",
    type=PATH,
    default=None,
    help="The file to write; standard output when not given.",
)
@click.option(
    "--to",
    "kind",
    type=click.Choice(WRITERS),
    default=None,
    help="TOML, or Label Studio's labeling configuration; by the file's name.",
)
def schema(project: Path, output: Path | None, kind: str | None) -> None:
    """Write a project's label schema: TOML, or a labeling configuration for Label Studio."""
    with opened(project, readonly=True) as store:
        chosen = store.schema()
    if output is None:
        click.echo(schema_text(chosen, kind or TOML), nl=False)
        return
    by_name = TOML
    if output.suffix.lower() == ".xml":
        by_name = LABEL_STUDIO
    write_schema(chosen, output, kind or by_name)
    say(_("Wrote the schema {schema} to {path}.").format(schema=chosen.tag, path=str(output)))
