"""The commands of adjudication: the list of cases, deciding by a rule, feedback to annotators."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import click

from annotator.adjudication import KINDS, RULES, STATES, Case, Docket, Link
from annotator.cli.console import for_terminals, print_json, print_table, progress, tell
from annotator.cli.opening import opened
from annotator.cli.parameters import NAMES, PATH, PERSON
from annotator.i18n import _, ngettext
from annotator.jobs.team.adjudicate import (
    RuleReport,
    adjudicate,
    all_dockets,
    check_people,
    people,
    preview,
    standing,
)
from annotator.jobs.team.feedback import write_feedback
from annotator.model import Relation, Span
from annotator.model.plain import decision_plain
from annotator.store import Store

SHOWN = 40
ANNOTATORS = click.option(
    "--annotators",
    type=NAMES,
    default="",
    metavar="A,B,…",
    help="Whose work is compared; all but gold when not given.",
)

ONLY_DONE = click.option(
    "--done",
    "only_done",
    is_flag=True,
    help="Compare only annotation sets that their annotators have finished.",
)


@click.command("cases")
@click.argument("project", type=PATH)
@ANNOTATORS
@ONLY_DONE
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(list(KINDS)),
    help="Only cases of this kind (may be repeated).",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(list(STATES)),
    help="Only cases in this state (may be repeated).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
@for_terminals
def list_cases(
    project: Path,
    annotators: tuple[str, ...],
    only_done: bool,
    kinds: tuple[str, ...],
    states: tuple[str, ...],
    as_json: bool,
) -> None:
    """List where annotators differ, and what is decided.

    Cases are missing spans, boundaries, labels, attributes and relations.
    """
    with opened(project, readonly=True) as store:
        names = people(store, annotators)
        check_people(names)
        dockets = all_dockets(store, names, progress, only_done=only_done)
        titles = {entry.id: entry.name for entry in store.entries("")}
    progress(0, 0, "")
    shown = []
    for docket in dockets:
        shown += [case for case in docket.cases if _is_wanted(case, kinds, states)]
    if as_json:
        print_json([case_plain(case, titles[case.document]) for case in shown])
        return
    print_table([_row(case, titles[case.document]) for case in shown])
    _tell_progress(dockets)


def _is_wanted(case: Case, kinds: tuple[str, ...], states: tuple[str, ...]) -> bool:
    return (not kinds or not set(kinds).isdisjoint(case.kinds)) and (
        not states or case.state in states
    )


def case_plain(case: Case, name: str) -> dict[str, object]:
    """Return a case as `cases --json` prints it; what an annotator does not have is null."""
    start, end = case.extent
    return {
        "id": case.id,
        "document": case.document,
        "name": name,
        "kinds": list(case.kinds),
        "state": case.state,
        "start": start,
        "end": end,
        "annotators": {
            who: _mark_plain(case.have[who]) if who in case.have else None for who in case.people
        },
        "gold": [_thing_plain(thing) for thing in case.made],
        "decision": decision_plain(case.decision) if case.decision else None,
    }


def _mark_plain(mark: Span | Link) -> dict[str, object]:
    if isinstance(mark, Span):
        return _thing_plain(mark)
    ends = {
        "head": _thing_plain(mark.head),
        "child": _thing_plain(mark.child) if mark.child is not None else None,
    }
    return {**_thing_plain(mark.relation), **ends}


def _thing_plain(thing: Span | Relation) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": thing.id,
        "label": thing.label,
        "attributes": dict(thing.attributes),
    }
    if isinstance(thing, Relation):
        return {**plain, "head": thing.head, "child": thing.child, "implicit": thing.implicit}
    position = {
        "start": thing.start,
        "end": thing.end,
        "fragments": [list(fragment) for fragment in thing.fragments],
        "text": thing.text,
    }
    return {**plain, "layer": thing.layer, **position}


def _row(case: Case, name: str) -> list[str | tuple[str, ...]]:
    kinds = ", ".join(_(KINDS[kind]) for kind in case.kinds)
    versions = tuple(f"{who}: {_version(case, who)}" for who in case.people)
    return [name, f"{case.extent[0]}–{case.extent[1]}", kinds, _(STATES[case.state]), versions]


def _version(case: Case, who: str) -> str:
    if who in case.links:
        link = case.links[who]
        child = link.relation.implicit or ""
        if link.child is not None:
            child = link.child.text
        return f"{link.relation.label} “{_short(link.head.text)}” → “{_short(child)}”"
    span = case.spans.get(who)
    if span is None:
        return "–"
    return f"{span.label} “{_short(span.text)}”"


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= SHOWN:
        return line
    return f"{line[: SHOWN - 1]}…"


def _tell_progress(dockets: Sequence[Docket]) -> None:
    far = standing({docket.document: docket for docket in dockets})
    line = _(
        "{decided} of {cases} cases decided; gold is complete in {complete} of {documents}"
        " documents."
    )
    tell(
        line.format(
            decided=far.decided, cases=far.cases, complete=far.complete, documents=far.documents
        )
    )


@click.command("adjudicate")
@click.argument("project", type=PATH)
@click.option(
    "--auto",
    "rule",
    type=click.Choice(list(RULES)),
    required=True,
    help="Take what all, most, or a share of the annotators have.",
)
@click.option(
    "--threshold",
    default="2/3",
    show_default=True,
    metavar="SHARE",
    help="The share for “threshold”: 0.66, 2/3.",
)
@ANNOTATORS
@ONLY_DONE
@click.option(
    "--by",
    type=PERSON,
    default="",
    metavar="NAME",
    help="Who adjudicates; the project's annotator when not given.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be decided.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def adjudicate_by_rule(
    project: Path,
    rule: str,
    threshold: str,
    annotators: tuple[str, ...],
    only_done: bool,
    by: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Decide all open cases that a rule can decide, in one step that can be undone.

    What a person decided stays.
    """
    share = _share(threshold)
    with opened(project, readonly=dry_run) as store:
        names = people(store, annotators)
        check_people(names)
        if dry_run:
            report = preview(all_dockets(store, names, progress, only_done=only_done), rule, share)
        else:
            report = adjudicate(
                store, names, rule, share, by or _adjudicator(store), progress, only_done=only_done
            )
    progress(0, 0, "")
    if as_json:
        print_json(report.to_plain())
    else:
        _tell_rule(report)


def _share(text: str) -> Fraction:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise click.BadParameter(
            _("write a share above 0 and up to 1, such as 0.66 or 2/3"), param_hint="--threshold"
        )
    return share


def _adjudicator(store: Store) -> str:
    return store.setting("annotator") or "lead"


def _tell_rule(report: RuleReport) -> None:
    counts = {name: report.counts[name] for name in ("accepted", "rejected", "left")}
    text = _("Would take {accepted}, reject {rejected}, leave {left} cases.")
    if report.is_stored:
        text = _("Took {accepted}, rejected {rejected}, left {left} cases.")
    tell(text.format(**counts))
    for kind, count in report.left_by_kind.most_common():
        tell(f"  {_({**KINDS, **STATES}[kind])}: {count}")
    line = _("Gold is complete in {complete} of {documents} documents.")
    if not report.is_stored:
        line = _("Gold would be complete in {complete} of {documents} documents.")
    tell(line.format(complete=report.complete, documents=report.documents))


@click.command("feedback")
@click.argument("project", type=PATH)
@click.option(
    "-o",
    "--output",
    "folder",
    type=PATH,
    required=True,
    metavar="FOLDER",
    help="The folder for the pages.",
)
@ANNOTATORS
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def feedback(project: Path, folder: Path, annotators: tuple[str, ...], as_json: bool) -> None:
    """Write a page for each annotator on what was decided otherwise, and one on the guidelines."""
    with opened(project, readonly=True) as store:
        report = write_feedback(store, people(store, annotators), folder, progress)
    progress(0, 0, "")
    if as_json:
        print_json(report.to_plain())
        return
    for name, count in report.remarks.items():
        remarks = ngettext("{count} remark", "{count} remarks", count).format(count=count)
        tell(_("{name}: {remarks}").format(name=name, remarks=remarks))
    count = report.issues
    tell(ngettext("{count} guideline issue", "{count} guideline issues", count).format(count=count))
    tell(_("The pages are in {path}.").format(path=str(folder)))
