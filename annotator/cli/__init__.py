"""The command line: the same jobs as the window, scriptable; a few lines a subcommand.

Results go to standard output (`--json`: one JSON value and nothing else), all else to standard
error. Exit codes: 0 done, 1 the input or the project is at fault (one sentence says what to do), 2
wrong usage.
"""

import getpass
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from annotator import __version__
from annotator.cli.console import (
    PATH,
    SEED,
    check_layers,
    for_terminals,
    opened,
    print_json,
    print_table,
    progress,
    say,
    tell,
    tell_misaligned,
    tell_offer,
)
from annotator.errors import UserError, clean
from annotator.formats import NESTED, ReadOptions, WriteOptions, formats
from annotator.i18n import _, isolate_names, ngettext, use_language
from annotator.jobs import (
    ExportOptions,
    ImportOptions,
    ImportReport,
    export_records,
    import_files,
    statistics,
)
from annotator.jobs.schema_files import schema_from
from annotator.model.schema_files import load_schema, name_fault, presets
from annotator.store import Store

# Commands of other modules, loaded when they are called: what they stand on would slow every start.
ELSEWHERE = {
    "agreement": "annotator.cli.agreement",
    "measures": "annotator.cli.agreement",
    "train-set": "annotator.cli.training",
    "report": "annotator.cli.reports",
    "repeat": "annotator.cli.reports",
    "labels": "annotator.cli.labels",
    "schema": "annotator.cli.schema",
    "cases": "annotator.cli.adjudication",
    "adjudicate": "annotator.cli.adjudication",
    "feedback": "annotator.cli.adjudication",
    "assign": "annotator.cli.bundles",
    "start": "annotator.cli.bundles",
    "return": "annotator.cli.bundles",
    "collect": "annotator.cli.bundles",
}


@dataclass(frozen=True, slots=True)
class Faces:
    """What the command line can start without knowing it.

    The window on a project, and the sample tour in a folder.
    """

    window: Callable[[Path | None], int]
    demo: Callable[[Path | None], int]


class _OpensProjects(click.Group):
    """A group whose first word may also be a project to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not {"-h", "--help", *ELSEWHERE}.isdisjoint(args):
            for module in sorted(set(ELSEWHERE.values())):
                for entry in vars(import_module(module)).values():
                    if isinstance(entry, click.Command):
                        self.add_command(entry)
        first = args[0] if args else ""
        if not args or (not first.startswith("-") and first not in self.commands):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_OpensProjects,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="annotator")
@click.option("--debug", is_flag=True, help="Show a traceback with errors of the program itself.")
def cli(debug: bool) -> None:
    """Label entities, claims and stance in Persian, Kazakh, Russian and mixed-direction text.

    Without a subcommand: open the window, on PROJECT if one is named.
    """
    click.get_current_context().meta["debug"] = debug


# ── Projects ──────────────────────────────────────────────────────────────────────────────────────


@cli.command("open", hidden=True)
@click.argument("project", type=PATH, required=False)
@click.pass_obj
def open_(faces: Faces, project: Path | None) -> int:
    """Open the window, on a project if one is named."""
    if project is not None and not project.exists():
        known = ", ".join(
            sorted(
                {*ELSEWHERE, *(name for name, entry in cli.commands.items() if not entry.hidden)}
            )
        )
        message = _(
            "There is no project {path}, and no such command; commands are {known}. Make a project"
            " with “annotator new”."
        )
        raise UserError(message.format(path=str(project), known=known))
    return faces.window(project)


@cli.command()
@click.argument("project", type=PATH)
@click.option(
    "--schema",
    default="news",
    show_default=True,
    help="A preset (see “annotator schemas”), TOML, or Label Studio's XML.",
)
@click.option(
    "--annotator", "name", default="", help="Who works in it; your user name when not given."
)
def new(project: Path, schema: str, name: str) -> None:
    """Make a new, empty project."""
    chosen = schema_from(schema)
    who = _person(name)
    target = project if project.suffix else project.with_name(f"{project.name}.annot")
    with Store.create(target, chosen) as store:
        store.remember("annotator", who)
        with store.change("", who) as step:
            step.add_annotator(who)
    say(
        _("Made {path} with the schema {schema}, for {name}.").format(
            path=str(target), schema=chosen.tag, name=who
        )
    )


@cli.command("import")
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
    help="Whose layer annotations go to when the file names nobody.",
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
    """Bring files or folders into a project; importing twice brings nothing new."""
    reading = ReadOptions(
        encoding=encoding,
        language=language,
        unit=unit,
        columns=_columns(columns),
        layer=layer,
        repairs=repairs,
    )
    with opened(project) as store:
        who = name or store.setting("annotator") or _person("")
        report = import_files(
            store, paths, ImportOptions(format_, name, labels, reading), who, progress
        )
    if as_json:
        print_json(report.to_plain())
    else:
        _tell_import(report)
    for offer in report.offers.listed(repairs):
        tell_offer(offer)
    for problem in report.problems:
        say(str(problem))
    return 1 if report.problems else 0


@cli.command("export")
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
    help="Whose layers; all when not given.",
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
    help="Only layers of this status.",
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
    """Write documents with their layers to a file or folder.

    --split makes parts that do not leak, with a card and a manifest.
    """
    with opened(project, readonly=not ratios) as store:
        check_layers(store, layers)
        people = None if not names or "all" in names else names
        options = ExportOptions(
            format_,
            people,
            statuses,
            WriteOptions(layers=layers, scheme=scheme, tokenizer=tokenizer, nested=nested),
        )
        if ratios:
            # Numpy would slow every start.
            from annotator.cli.training import export_split  # noqa: PLC0415

            report = export_split(store, dest, options, (ratios, by, seed))
        else:
            report = export_records(store, dest, options, progress)
    if as_json:
        print_json(report.to_plain())
        return
    counts = _counted(len(report.documents), report.spans, report.relations)
    files = ngettext("{count} file", "{count} files", len(report.files)).format(
        count=len(report.files)
    )
    tell(
        _("Exported {counts} to {path} ({files}).").format(
            counts=counts, path=str(dest), files=files
        )
    )
    for loss in report.losses():
        tell(
            _("  not carried: {count} × {kind} ({why})").format(
                count=loss.count, kind=loss.kind, why=loss.why
            )
        )
    tell_misaligned(report.misaligned)


@cli.command()
@click.argument("project", type=PATH)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def stats(project: Path, as_json: bool) -> None:
    """Count what a project holds: documents, languages, progress, labels."""
    with opened(project, readonly=True) as store:
        found = statistics(store)
        plain = {"schema": store.schema().tag, **found.to_plain()}
    if as_json:
        print_json(plain)
        return
    languages = ", ".join(f"{code} {count}" for code, count in found.languages.most_common()) or "–"
    line = _(
        "Documents: {documents}; characters: {characters}; languages: {languages}; schema:"
        " {schema}."
    )
    counts = {"documents": found.documents, "characters": found.characters}
    tell(line.format(**counts, languages=clean(languages), schema=clean(str(plain["schema"]))))
    for name in found.statuses:
        done = found.statuses[name]["done"]
        spans, links = sum(found.labels[name].values()), sum(found.relations[name].values())
        line = _(
            "{name}: {done} done, {spans} spans, {relations} relations, {incomplete} incomplete"
        )
        tell(
            line.format(
                name=name,
                done=done,
                spans=spans,
                relations=links,
                incomplete=found.incomplete[name],
            )
        )
        print_table(
            [["", label, str(count)] for label, count in found.labels[name].most_common()], "llr"
        )
    for share in found.shares:
        line = _("{name}: handed out {documents}, done {done}")
        tell(line.format(name=share.annotator, documents=share.documents, done=share.done))
    if found.pending is not None:
        tell(
            _("Entries that the lead has not confirmed to have: {count}").format(
                count=found.pending
            )
        )


@cli.command()
@click.argument("project", type=PATH)
@click.option(
    "--rebuild", is_flag=True, help="Make the current tables anew from the log, after a backup."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(project: Path, rebuild: bool, as_json: bool) -> int:
    """Check a project: the file, the log's chain, the tables, every span against its text."""
    saved = ""
    with opened(project, readonly=not rebuild) as store:
        if rebuild:
            saved = str(store.back_up())
            store.rebuild()
        faults = store.faults()
        state = store.state_hash() if not faults else ""
    if as_json:
        print_json({"sound": not faults, "faults": faults, "state": state, "backup": saved})
    else:
        for fault in faults:
            tell(clean(fault))
        tell(
            _("The project is sound.")
            if not faults
            else _("Keep this file, make a backup, and open the newest sound one.")
        )
    return 1 if faults else 0


@cli.command()
@click.argument("project", type=PATH)
@click.argument("dest", type=PATH, required=False)
def backup(project: Path, dest: Path | None) -> None:
    """Copy a project to a new file, and verify the copy."""
    with opened(project, readonly=True) as store:
        made = store.back_up(dest)
    tell(str(made))


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────────


@cli.command("formats")
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


@cli.command("schemas")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_schemas(as_json: bool) -> None:
    """List the label schemas that ship with the program."""
    found = [(load_schema(name), path) for name, path in presets().items()]
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
            for schema, path in found
        ]
        print_json(rows)
        return
    for schema, path in found:
        labels = " ".join(label.id for _layer, label in schema.labels()) or _(
            "(open: takes in labels as they come)"
        )
        tell(
            f"{schema.id:<10} {schema.names.in_language('en')}\n           {labels}\n          "
            f" {path}"
        )


@cli.command()
@click.argument("folder", type=PATH, required=False)
@click.pass_obj
def demo(faces: Faces, folder: Path | None) -> int:
    """Make a sample project and open it.

    Without a screen, work in it through the real window and print what was done.
    """
    return faces.demo(folder)


# ── Common parts ──────────────────────────────────────────────────────────────────────────────────


def _person(name: str) -> str:
    """Return an annotator's name, checked; the user's own where none is given."""
    if not name:
        try:
            name = getpass.getuser()
        except (KeyError, OSError, ImportError):
            name = "annotator"
    fault = name_fault(name)
    if fault:
        raise UserError(
            _("{name} cannot be an annotator's name: {reason}.").format(name=name, reason=fault)
        )
    return name


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


def _show_usage(error: click.ClickException) -> None:
    """Say how to call the program; what was typed is quoted without control characters."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        say(error.ctx.get_usage())
        say(_("Try “{command} --help”.").format(command=error.ctx.command_path))
    say(_("Error: {message}").format(message=clean(error.format_message())))


def run(
    faces: Faces,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run the command line and return the exit code."""
    use_language((environment or {}).get("ANNOTATOR_LANGUAGE") or None)
    isolate_names(on=False)
    debug = "--debug" in (arguments if arguments is not None else sys.argv)
    try:
        return cast(
            "int", cli.main(arguments, prog_name="annotator", standalone_mode=False, obj=faces) or 0
        )
    except click.exceptions.Abort:
        say(_("Stopped; nothing half-done was kept."))
        return 1
    except click.ClickException as error:
        _show_usage(error)
        return error.exit_code
    except UserError as error:
        say(error.message)
        return 1
    except BrokenPipeError:
        # Who read our output has gone, as `head` does. The interpreter would flush once more, and
        # fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - one of the three doors: what arrives here is our own fault, and says so
        say(
            _(
                "The program failed: {error}. Please report this; “annotator --debug …” shows more."
            ).format(error=clean(repr(error)))
        )
        if debug:
            traceback.print_exc()
        return 1
