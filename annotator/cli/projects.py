"""The commands on a project as a whole: open, make, count, check, back up, and the sample."""

from pathlib import Path

import click

from annotator.cli import Faces
from annotator.cli.console import for_terminals, print_json, print_table, say, tell
from annotator.cli.opening import opened, person
from annotator.cli.parameters import PATH
from annotator.errors import UserError, clean
from annotator.i18n import _
from annotator.jobs.schema_files import schema_from
from annotator.jobs.statistics import Statistics, statistics
from annotator.store import Store


@click.command("open", hidden=True)
@click.argument("project", type=PATH, required=False)
@click.pass_obj
def open_(faces: Faces, project: Path | None) -> int:
    """Open the window, on a project if one is named."""
    if project is not None and not project.exists():
        message = _("There is no project {path}. Make one with “annotator new”.")
        raise UserError(message.format(path=str(project)))
    return faces.window(project)


@click.command("new")
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
    who = person(name)
    target = project
    if not project.suffix:
        target = project.with_name(f"{project.name}.annot")
    with Store.create(target, chosen) as store:
        store.remember("annotator", who)
        with store.change("", who) as step:
            step.add_annotator(who)
    say(
        _("Made {path} with the schema {schema}, for {name}.").format(
            path=str(target), schema=chosen.tag, name=who
        )
    )


@click.command("stats")
@click.argument("project", type=PATH)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def stats(project: Path, as_json: bool) -> None:
    """Count what a project holds: documents, languages, progress, labels."""
    with opened(project, readonly=True) as store:
        counts = statistics(store)
        schema = store.schema().tag
    if as_json:
        print_json({"schema": schema, **counts.to_plain()})
        return
    _tell_documents(counts, schema)
    for name in counts.statuses:
        _tell_work(counts, name)
    for share in counts.shares:
        line = _("{name}: handed out {documents}, done {done}")
        tell(line.format(name=share.annotator, documents=share.documents, done=share.done))
    if counts.pending is not None:
        line = _("Entries that the lead has not confirmed to have: {count}")
        tell(line.format(count=counts.pending))


def _tell_documents(counts: Statistics, schema: str) -> None:
    languages = ", ".join(f"{code} {count}" for code, count in counts.languages.most_common())
    line = _(
        "Documents: {documents}; characters: {characters}; languages: {languages}; schema:"
        " {schema}."
    )
    tell(
        line.format(
            documents=counts.documents,
            characters=counts.characters,
            languages=languages or "–",
            schema=schema,
        )
    )


def _tell_work(counts: Statistics, name: str) -> None:
    """Say how far an annotator has come, and how often they used each label."""
    line = _("{name}: {done} done, {spans} spans, {relations} relations, {incomplete} incomplete")
    tell(
        line.format(
            name=name,
            done=counts.statuses[name]["done"],
            spans=sum(counts.labels[name].values()),
            relations=sum(counts.relations[name].values()),
            incomplete=counts.incomplete[name],
        )
    )
    rows = [["", label, str(count)] for label, count in counts.labels[name].most_common()]
    print_table(rows, "llr")


@click.command("check")
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
        state = ""
        if not faults:
            state = store.state_hash()
    if as_json:
        print_json({"sound": not faults, "faults": faults, "state": state, "backup": saved})
    else:
        for fault in faults:
            tell(clean(fault))
        if faults:
            tell(_("Keep this file, make a backup, and open the newest sound one."))
        else:
            tell(_("The project is sound."))
    if faults:
        return 1
    return 0


@click.command("backup")
@click.argument("project", type=PATH)
@click.argument("dest", type=PATH, required=False)
def backup(project: Path, dest: Path | None) -> None:
    """Copy a project to a new file, and verify the copy."""
    with opened(project, readonly=True) as store:
        copy = store.back_up(dest)
    tell(str(copy))


@click.command("demo")
@click.argument("folder", type=PATH, required=False)
@click.pass_obj
def demo(faces: Faces, folder: Path | None) -> int:
    """Make a sample project and open it.

    Without a screen, work in it through the real window and print what was done.
    """
    return faces.demo(folder)
