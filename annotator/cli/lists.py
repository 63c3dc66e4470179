"""The commands that list what ships with the program: file formats, label schemas."""

import click

from annotator.cli.console import for_terminals, print_json, print_table, tell
from annotator.formats import formats
from annotator.i18n import _
from annotator.model.schema_files import load_schema, presets


@click.command("formats")
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_formats(as_json: bool) -> None:
    """List the file formats: what can be read and written, and what each cannot carry."""
    rows = [
        {
            "id": entry.id,
            "name": _(entry.name),
            "reads": entry.read is not None,
            "writes": entry.write is not None,
            "extensions": list(entry.extensions),
            "loses": list(entry.loses),
        }
        for entry in formats().values()
    ]
    if as_json:
        print_json(rows)
        return
    lines = []
    for entry in formats().values():
        ways = "/".join(
            way for way, can in ((_("reads"), entry.read), (_("writes"), entry.write)) if can
        )
        lines.append([entry.id, ways, " ".join(entry.extensions), _(entry.name)])
        if entry.loses:
            lines.append(["", _("cannot carry: {kinds}").format(kinds=", ".join(entry.loses))])
    print_table(lines)


@click.command("schemas")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_schemas(as_json: bool) -> None:
    """List the label schemas that ship with the program."""
    schemas = [(load_schema(name), path) for name, path in presets().items()]
    if as_json:
        rows = [
            {
                "id": schema.id,
                "version": schema.version,
                "name": schema.names.in_language("en"),
                "open": schema.open,
                "path": str(path),
                "labels": [label.id for _layer, label in schema.labels()],
                "relations": [entry.id for entry in schema.relations],
            }
            for schema, path in schemas
        ]
        print_json(rows)
        return
    for schema, path in schemas:
        labels = " ".join(label.id for _layer, label in schema.labels()) or _(
            "(open: takes in labels as they come)"
        )
        tell(
            f"{schema.id:<10} {schema.names.in_language('en')}\n           {labels}\n          "
            f" {path}"
        )
