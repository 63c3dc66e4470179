"""The commands that bring files into a project and write files from it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from annotator.cli.console import print_json, progress, say, tell
from annotator.cli.losses import tell_misaligned, tell_offer
from annotator.cli.opening import check_layers, opened, person
from annotator.cli.parameters import PATH, SEED
from annotator.cli.streams import OUTPUT, STREAM, Inputs, inputs, output
from annotator.errors import UserError, clean
from annotator.formats import NESTED, ReadOptions, WriteOptions
from annotator.i18n import _, ngettext
from annotator.jobs.exports.exporting import (
    ExportOptions,
    ExportReport,
    export_records,
    format_for,
)
from annotator.jobs.imports.discovery import recognised
from annotator.jobs.imports.importing import ImportOptions, ImportReport, import_files
from annotator.store import Store


@click.command("import")
@click.argument("project", type=PATH)
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    default="",
    metavar="ID",
    help="The files' format; recognised when not given.",
)
@click.option(
    "--annotator",
    "name",
    default="",
    help="Whose annotations these are when the file names nobody.",
)
@click.option("--encoding", default="", help="The files' encoding; detected when not given.")
@click.option(
    "--language", default="", metavar="CODE", help="The documents' language: fa, kk, ru, en …"
)
@click.option(
    "--labels",
    default="",
    metavar="add|refuse|FILE",
    help="Labels that the schema lacks: add them, refuse, or map them by a file.",
)
@click.option(
    "--unit",
    default="",
    help=(
        "What makes a document: text: file, blank-line, line; conll: document, sentence; pdf: page;"
        " epub: chapter."
    ),
)
@click.option("--layer", default="", help="The layer for labels when neither file nor schema says.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help="A table's column: text=…, id=…, name=…, language=…, date=…, source=…, annotator=…,"
    " status=…; ATTRIBUTE=…; sheet=NAME.",
)
@click.option(
    "--repair",
    "repairs",
    multiple=True,
    metavar="NAME",
    help="Repair spoiled texts: mojibake, visual-order, presentation-forms, lost-zwnj.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(
    project: Path,
    paths: tuple[Path, ...],
    format_: str,
    name: str,
    encoding: str,
    language: str,
    labels: str,
    unit: str,
    layer: str,
    columns: tuple[str, ...],
    repairs: tuple[str, ...],
    as_json: bool,
) -> int:
    """Bring files or folders into a project; importing twice brings nothing new.

    “-” is standard input.
    """
    reading = ReadOptions(
        encoding=encoding,
        language=language,
        unit=unit,
        columns=_columns(columns),
        layer=layer,
        repairs=repairs,
    )
    options = ImportOptions(format_, name, labels, reading)
    with inputs(paths) as given, opened(project) as store:
        who = name or store.setting("annotator") or person("")
        if given.file and not format_:
            _tell_recognised(given.file)
        report = import_files(store, given.paths, options, who, progress)
    _name_input(report, given)
    if as_json:
        print_json(report.to_plain())
    else:
        _tell_import(report)
    for offer in report.offers.listed(repairs):
        tell_offer(offer)
    for problem in report.problems:
        say(str(problem))
    if report.problems:
        return 1
    return 0


def _tell_recognised(file: Path) -> None:
    """Say what standard input was taken for: it has no name that would speak of its format."""
    entry = recognised(file)
    if entry:
        say(_("Standard input is read as {name}.").format(name=entry.id))


def _name_input(report: ImportReport, given: Inputs) -> None:
    """Call standard input by its name where the report has the path of its file."""
    report.problems = [
        replace(problem, file=given.told(problem.file), reason=given.told(problem.reason))
        for problem in report.problems
    ]
    report.encodings = {given.told(path): encoding for path, encoding in report.encodings.items()}


@click.command("export")
@click.argument("project", type=PATH)
@click.argument("dest", type=PATH)
@click.option(
    "--format",
    "format_",
    default="",
    metavar="ID",
    help="The format to write; by the name of DEST, else jsonl.",
)
@click.option(
    "--annotator",
    "names",
    multiple=True,
    metavar="NAME|gold|all",
    help="Whose annotations; all when not given.",
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    help="Only spans of this layer of the schema (may be repeated).",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(["new", "open", "done"]),
    help="Only annotation sets of this status.",
)
@click.option(
    "--scheme",
    default="IOB2",
    type=click.Choice(["IOB1", "IOB2", "BIOES"]),
    show_default=True,
    help="Tags of token formats.",
)
@click.option(
    "--tokenizer",
    default="",
    metavar="NAME",
    help="Tokens of token formats: ours, whitespace, razdel, spacy, hf:FILE.",
)
@click.option(
    "--nested",
    default="file",
    type=click.Choice(NESTED),
    show_default=True,
    help="Nested spans: a file a layer, or joined tags.",
)
@click.option(
    "--split",
    "ratios",
    default="",
    metavar="80/10/10",
    help="Parts for training, tuning and testing, in the folder DEST.",
)
@click.option("--seed", type=SEED, default=0, show_default=True, help="Of the split.")
@click.option(
    "--by",
    default="document",
    type=click.Choice(["document", "source", "cluster"]),
    help="What a split keeps together.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def export(
    project: Path,
    dest: Path,
    format_: str,
    names: tuple[str, ...],
    layers: tuple[str, ...],
    statuses: tuple[str, ...],
    scheme: str,
    tokenizer: str,
    nested: str,
    ratios: str,
    seed: int,
    by: str,
    as_json: bool,
) -> None:
    """Write documents with their annotations to a file or folder.

    DEST “-” is standard output. --split makes parts that do not leak, with a card and a manifest.
    """
    if dest == STREAM and (ratios or as_json):
        raise click.UsageError(_("“-” takes one file, without --split and --json."))
    writing = WriteOptions(layers=layers, scheme=scheme, tokenizer=tokenizer, nested=nested)
    people = names or None
    if "all" in names:
        people = None
    options = ExportOptions(format_, people, statuses, writing)
    with opened(project, readonly=not ratios) as store:
        check_layers(store, layers)
        if ratios:
            # Numpy would slow every start.
            from annotator.cli.training import export_split

            report = export_split(store, dest, options, (ratios, by, seed))
        elif dest == STREAM:
            report = _export_to_stream(store, options)
        else:
            report = export_records(store, dest, options, progress)
    if as_json:
        print_json(report.to_plain())
    else:
        _tell_export(report, dest)


def _export_to_stream(store: Store, options: ExportOptions) -> ExportReport:
    """Write the one file that an export makes to standard output."""
    entry = format_for(STREAM, options.format)
    if entry.folder:
        message = _("The format {name} writes a folder; name one in the place of “-”.")
        raise UserError(message.format(name=entry.id))
    with output(f"export{entry.extensions[0]}") as file:
        report = export_records(store, file, options, progress)
        if len(report.files) > 1:
            message = _(
                "This export writes {count} files, and “-” takes one. Name a file, or choose one"
                " layer with --layer."
            )
            raise UserError(message.format(count=len(report.files)))
    return report


def _tell_export(report: ExportReport, dest: Path) -> None:
    """Say what was written; on standard error where standard output holds the file."""
    line, path = tell, str(dest)
    if dest == STREAM:
        line, path = say, OUTPUT
    counts = _counted(len(report.documents), report.spans, report.relations)
    files = ngettext("{count} file", "{count} files", len(report.files))
    message = _("Exported {counts} to {path} ({files}).")
    line(message.format(counts=counts, path=path, files=files.format(count=len(report.files))))
    for loss in report.losses():
        message = _("  not carried: {count} × {kind} ({why})")
        line(message.format(count=loss.count, kind=loss.kind, why=loss.why))
    tell_misaligned(report.misaligned)


def _columns(chosen: Sequence[str]) -> dict[str, str]:
    columns = {}
    for entry in chosen:
        role, sign, name = entry.partition("=")
        if not sign or not role or not name:
            raise click.BadParameter(_("write ROLE=NAME, such as text=body"), param_hint="--column")
        columns[role] = name
    return columns


def _counted(documents: int, spans: int, relations: int) -> str:
    parts = (
        ngettext("{count} document", "{count} documents", documents).format(count=documents),
        ngettext("{count} span", "{count} spans", spans).format(count=spans),
        ngettext("{count} relation", "{count} relations", relations).format(count=relations),
    )
    return ", ".join(parts)


def _tell_import(report: ImportReport) -> None:
    line = _(
        "Documents: {new} new, {known} known, {failed} failed; spans: {spans}; relations:"
        " {relations}."
    )
    counts = {"new": len(report.new), "known": len(report.known), "failed": report.failed}
    tell(line.format(**counts, spans=report.spans, relations=report.relations))
    for path, encoding in report.encodings.items():
        if encoding != "utf-8":
            tell(_("  {path}: read as {encoding}").format(path=clean(path), encoding=encoding))
    for (kind, why), count in report.changed.most_common():
        tell(_("  changed: {count} × {kind} ({why})").format(count=count, kind=kind, why=why))
    for (kind, why), count in report.lost.most_common():
        tell(_("  not kept: {count} × {kind} ({why})").format(count=count, kind=kind, why=why))
