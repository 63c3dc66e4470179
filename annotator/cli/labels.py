"""The command that shows a project's labels and changes them: merged, renamed, retired."""

from collections import Counter
from pathlib import Path

import click

from annotator.cli.console import for_terminals, print_json, print_table, progress, say
from annotator.cli.opening import opened
from annotator.cli.parameters import PATH, PERSON
from annotator.errors import UserError
from annotator.i18n import _, ngettext
from annotator.jobs.relabeling import RelabelReport, Revision, relabel
from annotator.jobs.statistics import statistics
from annotator.model import Label, Layer
from annotator.store import Store


@click.command()
@click.argument("project", type=PATH)
@click.option(
    "--merge",
    "merged",
    multiple=True,
    metavar="OLD=NEW",
    help="Make one label of two: spans of OLD become NEW's, also those to come.",
)
@click.option(
    "--rename",
    "renamed",
    multiple=True,
    metavar="ID=NAME",
    help="Change the name that is shown; the id stays.",
)
@click.option(
    "--retire",
    "retired",
    multiple=True,
    metavar="ID",
    help="Take a label out of use; its spans stay.",
)
@click.option(
    "--annotator",
    "name",
    type=PERSON,
    metavar="TEXT",
    default="",
    help="Who changes them: they can take it back in the window. The project's when not given.",
)
@click.option("--dry-run", is_flag=True, help="Only count what would change.")
@for_terminals
@click.option(
    "--json", "as_json", is_flag=True, help="Print the labels, or what was changed, as JSON."
)
def labels(
    project: Path,
    merged: tuple[str, ...],
    renamed: tuple[str, ...],
    retired: tuple[str, ...],
    name: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List a project's labels; or merge, rename and retire some in one step that can be undone."""
    revision = Revision(_pairs(merged, "--merge"), _pairs(renamed, "--rename"), retired)
    with opened(project, readonly=dry_run or revision == Revision()) as store:
        if revision == Revision():
            _list(store, as_json=as_json)
            return
        who = name or store.setting("annotator")
        if not who:
            raise UserError(_("Name who changes the labels with --annotator."))
        report = relabel(store, who, revision, progress, dry_run=dry_run)
    progress(0, 0, "")
    if as_json:
        moved = [
            {"from": old, "to": new, "spans": count} for (old, new), count in report.moved.items()
        ]
        print_json(
            {
                "version": report.version,
                "moved": moved,
                "twins": report.twins,
                "stored": not dry_run,
            }
        )
        return
    for line in _told(report, dry_run=dry_run):
        say(line)


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for value in values:
        left, sign, right = (part.strip() for part in value.partition("="))
        if not (left and sign and right):
            raise click.UsageError(
                _("{option} is written as two names joined by “=”.").format(option=option)
            )
        pairs[left] = right
    return pairs


def _list(store: Store, *, as_json: bool) -> None:
    counts = sum(statistics(store).labels.values(), Counter[str]())
    rows = [(layer, label, counts[label.id]) for layer, label in store.schema().labels()]
    if as_json:
        print_json([_label_plain(*row) for row in rows])
    else:
        print_table([_label_row(*row) for row in rows], "llllrl")


def _label_plain(layer: Layer, label: Label, spans: int) -> dict[str, object]:
    return {
        "id": label.id,
        "layer": layer.id,
        "name": label.names.in_language("en"),
        "key": label.key,
        "spans": spans,
        "retired": label.retired,
        "merged_into": label.merged_into,
    }


def _label_row(layer: Layer, label: Label, spans: int) -> list[str]:
    state = ""
    if label.merged_into:
        state = _("merged into {label}").format(label=label.merged_into)
    elif label.retired:
        state = _("retired")
    return [layer.id, label.id, label.names.in_language("en"), label.key, str(spans), state]


def _told(report: RelabelReport, *, dry_run: bool) -> list[str]:
    lines = []
    for (old, new), count in report.moved.items():
        text = ngettext(
            "{count} span moves from {old} to {new}.",
            "{count} spans move from {old} to {new}.",
            count,
        )
        lines.append(text.format(count=count, old=old, new=new))
    if report.twins:
        text = ngettext(
            "{count} of them was there with both labels and became one.",
            "{count} of them were there with both labels and became one each.",
            report.twins,
        )
        lines.append(text.format(count=report.twins))
    done = (
        _("Nothing was stored.")
        if dry_run
        else _("The schema is at version {version} now.").format(version=report.version)
    )
    return [*lines, done]
