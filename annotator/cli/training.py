"""The command that makes training sets, and what `export --split` shares with it."""

from pathlib import Path

import click

from annotator.cli.console import print_json, progress, say, tell
from annotator.cli.losses import tell_misaligned
from annotator.cli.opening import check_layers, opened
from annotator.cli.parameters import PATH, SEED
from annotator.errors import clean
from annotator.formats import WriteOptions
from annotator.i18n import _, name_list
from annotator.jobs import ExportOptions, ExportReport
from annotator.jobs.training import (
    TASKS,
    UNITS,
    Preflight,
    TrainingOptions,
    default_annotators,
    look_over,
    make_training_set,
    plan_of,
)
from annotator.store import Store
from annotator.text.tokenizers import TOKENIZERS


@click.command("train-set")
@click.argument("project", type=PATH)
@click.argument("dest", type=PATH)
@click.option(
    "--task", required=True, type=click.Choice([*TASKS]), help="What a model is to learn."
)
@click.option(
    "--split",
    "ratios",
    default="80/10/10",
    show_default=True,
    metavar="TRAIN/DEV/TEST",
    help="The parts' shares.",
)
@click.option("--seed", type=SEED, default=0, show_default=True, help="Of all that is drawn.")
@click.option(
    "--by",
    default="cluster",
    show_default=True,
    type=click.Choice(UNITS),
    help="What stays together: cluster: near-duplicates.",
)
@click.option(
    "--source-field",
    default="source",
    show_default=True,
    metavar="NAME",
    help="The field of the documents that --by source reads.",
)
@click.option(
    "--annotator",
    "names",
    multiple=True,
    metavar="NAME|gold|all",
    help="Whose labels; gold where there is any, else all.",
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    help="Only this layer of the schema (may be repeated).",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(["new", "open", "done"]),
    help="Only annotation sets of this status.",
)
@click.option(
    "--format",
    "format_",
    default="",
    metavar="ID",
    help="jsonl, or for tokens and spans any format that holds them.",
)
@click.option(
    "--scheme",
    default="IOB2",
    type=click.Choice(["IOB1", "IOB2", "BIOES", "BILOU"]),
    show_default=True,
    help="Of the tags.",
)
@click.option(
    "--tokenizer",
    "tokenizer_",
    default="",
    metavar="NAME",
    help=f"Of tokens and windows: {', '.join(TOKENIZERS)}.",
)
@click.option(
    "--window",
    default=0,
    metavar="TOKENS",
    type=click.IntRange(0),
    help="The longest row in tokens, of whole sentences; 0: any.",
)
@click.option(
    "--negatives",
    default=0,
    metavar="N",
    type=click.IntRange(0),
    help="Relations: pairs without one, for each that has one.",
)
@click.option("--dry-run", is_flag=True, help="Only say what the set would hold; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def train_set(
    project: Path,
    dest: Path,
    task: str,
    ratios: str,
    seed: int,
    by: str,
    source_field: str,
    names: tuple[str, ...],
    layers: tuple[str, ...],
    statuses: tuple[str, ...],
    format_: str,
    scheme: str,
    tokenizer_: str,
    window: int,
    negatives: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a training set: parts that do not leak, a card, a manifest with checksums."""
    plan = plan_of(ratios, by, seed)
    with opened(project, readonly=dry_run) as store:
        check_layers(store, layers)
        people = names or default_annotators(store)
        if "all" in names:
            people = None
        writing = WriteOptions(layers=layers, scheme=scheme, tokenizer=tokenizer_)
        export = ExportOptions(format_, people, statuses, writing)
        options = TrainingOptions(export, plan, task, window, negatives, source_field)
        if dry_run:
            preflight = look_over(store, options, progress)
        else:
            preflight = make_training_set(store, dest, options, progress)
    progress(0, 0, "")
    if as_json:
        print_json(preflight.to_plain())
        return
    tell_preflight(preflight)
    if not dry_run:
        _tell_files(dest, preflight.export.files)


def _tell_files(dest: Path, files: list[Path]) -> None:
    names = name_list(path.name for path in files)
    tell(_("Written to {path}: {files}.").format(path=str(dest), files=names))


def export_split(
    store: Store, dest: Path, options: ExportOptions, split: tuple[str, str, int]
) -> ExportReport:
    """Export documents in parts, with a card and a manifest: what `export --split` does.

    Split: ratios, by, seed.
    """
    report = make_training_set(store, dest, TrainingOptions(options, plan_of(*split)), progress)
    for part, counts in report.parts.items():
        say(
            _("{part}: {documents} documents, {spans} spans").format(
                part=part, documents=counts.documents, spans=counts.spans
            )
        )
    for note in report.notes:
        say(_("note: {note}").format(note=note))
    return report.export


def tell_preflight(preflight: Preflight) -> None:
    """Print what a set holds, and what to know before training on it."""
    for part, counts in preflight.parts.items():
        line = _("{part}: {documents} documents, {rows} rows, {spans} spans, {relations} relations")
        tell(
            line.format(
                part=part,
                documents=counts.documents,
                rows=counts.rows,
                spans=counts.spans,
                relations=counts.relations,
            )
        )
        labels = ", ".join(
            f"{clean(label)} {count}" for label, count in counts.labels.most_common()
        )
        if labels:
            tell(f"  {labels}")
    for loss in preflight.export.losses():
        tell(
            _("  not carried: {count} × {kind} ({why})").format(
                count=loss.count, kind=loss.kind, why=loss.why
            )
        )
    tell_misaligned(preflight.export.misaligned)
    for note in preflight.notes:
        tell(_("  note: {note}").format(note=note))
