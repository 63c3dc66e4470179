"""The commands that hand work out and take it back in: assign, start, return, collect."""

from pathlib import Path

import click

from annotator.cli.console import for_terminals, print_json, print_table, progress, say
from annotator.cli.opening import opened
from annotator.cli.parameters import PATH, SEED
from annotator.errors import UserError, clean
from annotator.i18n import _, ngettext
from annotator.jobs.team.assign import (
    Plan,
    Started,
    assign,
    chosen,
    places,
    planned,
    start,
    submit,
)
from annotator.jobs.team.collect import POLICIES, CollectReport, collect, write_receipts
from annotator.store import Store


@click.command("assign")
@click.argument("project", type=PATH)
@click.option(
    "--to",
    "people",
    multiple=True,
    required=True,
    metavar="NAME",
    help="For whom; named several times, the work is shared out.",
)
@click.option(
    "--documents",
    "query",
    default="",
    help="Words that all must fit: part of a name, language:fa, handed:no, handed:NAME, done:NAME.",
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    required=True,
    metavar="BUNDLE|FOLDER",
    help="The bundle to write; for several people, a folder.",
)
@click.option(
    "--overlap",
    default=None,
    type=click.IntRange(1),
    help="How many people get each document; all of them when not given.",
)
@click.option(
    "--seed",
    type=SEED,
    default=0,
    show_default=True,
    help="Of the chance that shares the documents out.",
)
@click.option(
    "--plan", "only_plan", is_flag=True, help="Only show who would get what; write nothing."
)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def assign_(
    project: Path,
    people: tuple[str, ...],
    query: str,
    output: Path,
    overlap: int | None,
    seed: int,
    only_plan: bool,
    as_json: bool,
) -> None:
    """Hand documents out: a bundle for each annotator.

    It holds texts, labels and suggestions, never others' work.
    """
    with opened(project, readonly=only_plan) as store:
        entries = chosen(store, query)
        if not entries:
            raise UserError(_("No document fits “{query}”.").format(query=clean(query)))
        plan = planned(entries, people, overlap or len(people), seed)
        targets = (
            {people[0]: output}
            if len(people) == 1 and not output.is_dir()
            else places(output, store.path.stem, people)
        )
        if not only_plan:
            assign(store, plan, targets, store.setting("annotator"), progress)
    progress(0, 0, "")
    if as_json:
        print_json(
            {
                "assignments": _plain(plan, targets),
                "documents": len(entries),
                "stored": not only_plan,
            }
        )
        return
    _show_plan(plan, targets)


def _plain(plan: Plan, targets: dict[str, Path]) -> list[dict[str, object]]:
    return [
        {
            "annotator": name,
            "file": clean(str(targets[name])),
            "documents": [entry.id for entry in entries],
            "characters": sum(entry.length for entry in entries),
        }
        for name, entries in plan.items()
    ]


def _show_plan(plan: Plan, targets: dict[str, Path]) -> None:
    rows = []
    for name, entries in plan.items():
        count = ngettext("{count} document", "{count} documents", len(entries)).format(
            count=len(entries)
        )
        rows.append([name, count, str(sum(entry.length for entry in entries)), str(targets[name])])
    print_table(rows, "lrrl")


@click.command("start")
@click.argument("bundle", type=PATH)
@click.argument("project", type=PATH, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print what was taken in as JSON.")
def start_(bundle: Path, project: Path | None, as_json: bool) -> None:
    """Begin a project from an assignment, or take an assignment or a receipt into PROJECT."""
    done = start(bundle, project)
    if as_json:
        print_json(
            {
                "project": clean(str(done.path)),
                "kind": done.kind,
                "annotator": done.annotator,
                "documents": done.documents,
            }
        )
        return
    say(started_sentence(done))


def started_sentence(done: Started) -> str:
    """Say what taking a bundle in did."""
    if done.kind == "receipt":
        return (
            _("The lead's receipt is noted.")
            if done.documents
            else _("This receipt says nothing new.")
        )
    count = ngettext("{count} new document", "{count} new documents", done.documents).format(
        count=done.documents
    )
    return _("{path} has {count} for {name}.").format(
        path=str(done.path), count=count, name=done.annotator
    )


@click.command("return")
@click.argument("project", type=PATH)
@click.option(
    "-o", "--output", type=PATH, required=True, metavar="BUNDLE", help="The bundle to write."
)
@click.option(
    "--new", "only_new", is_flag=True, help="Only what the lead's receipts have not confirmed yet."
)
@click.option("--json", "as_json", is_flag=True, help="Print what is in the bundle as JSON.")
def return_(project: Path, output: Path, only_new: bool, as_json: bool) -> None:
    """Make a bundle of your work for whoever leads the project; nothing is taken away here."""
    with Store.open(project) as store:
        bundle = submit(store, output, only_new=only_new)
    events = bundle.manifest.counts["events"]
    if as_json:
        print_json(
            {
                "file": clean(str(bundle.path)),
                "annotator": bundle.manifest.annotator,
                "events": events,
            }
        )
        return
    count = ngettext("{count} entry", "{count} entries", events).format(count=events)
    say(
        _("{path} holds {count} of your work. Send it to whoever leads the project.").format(
            path=str(bundle.path), count=count
        )
    )


@click.command("collect")
@click.argument("project", type=PATH)
@click.argument("bundles", type=PATH, nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Only say what would come in.")
@click.option(
    "--labels",
    type=click.Choice(POLICIES),
    default=None,
    help="Labels the schema lacks; an open schema takes them in.",
)
@click.option(
    "--receipts", type=PATH, metavar="FOLDER", help="Write a receipt for each annotator there."
)
@for_terminals
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def collect_(
    project: Path,
    bundles: tuple[Path, ...],
    dry_run: bool,
    labels: str | None,
    receipts: Path | None,
    as_json: bool,
) -> int:
    """Take returned work into PROJECT: all bundles or none, in any order, as often as you like."""
    with opened(project) as store:
        report = collect(
            store,
            bundles,
            store.setting("annotator"),
            progress,
            labels=labels or "",
            dry_run=dry_run,
        )
        if receipts and report.stored:
            report.receipts = write_receipts(store, receipts)
    progress(0, 0, "")
    if as_json:
        print_json(report.to_plain())
    else:
        _tell(report)
    for problem in report.problems:
        say(str(problem))
    if report.problems:
        return 1
    return 0


HEADINGS = (
    "annotator",
    "new",
    "changed",
    "known",
    "conflict",
    "unknown labels",
    "different text",
    "bundle",
)


def _tell(report: CollectReport) -> None:
    rows = [list(HEADINGS)]
    for arrival, unknown in zip(report.arrivals, report.unknown, strict=True):
        counts = (
            arrival.new,
            arrival.changed,
            arrival.known,
            arrival.conflict,
            sum(unknown.values()),
            len(arrival.different_text),
        )
        rows.append(
            [arrival.bundle.manifest.annotator, *map(str, counts), arrival.bundle.path.name]
        )
    if len(rows) > 1:
        print_table(rows, "lrrrrrrl")
    ignored = sum(arrival.ignored for arrival in report.arrivals)
    if ignored:
        count = ngettext("{count} entry", "{count} entries", ignored).format(count=ignored)
        say(
            _("{count} in annotation sets of others stay in the copies they were made in.").format(
                count=count
            )
        )
    if report.problems:
        say(_("Nothing was stored."))
    elif not report.stored:
        say(_("This was only a look; nothing was stored."))
    if report.backup:
        say(_("A backup from before is at {path}.").format(path=str(report.backup)))
    for path in report.receipts:
        say(_("Receipt: {path}").format(path=str(path)))
