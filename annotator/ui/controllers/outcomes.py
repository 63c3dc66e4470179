"""What the person is told of how a work came out: one function a kind of result."""

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.i18n import _, ngettext
from annotator.ui.window.notice import Notice

if TYPE_CHECKING:
    from annotator.jobs import ExportReport, ImportReport
    from annotator.jobs.relabeling import RelabelReport
    from annotator.jobs.team.adjudicate import RuleReport
    from annotator.jobs.team.assign import Started
    from annotator.jobs.team.collect import CollectReport

MOST_FILES = 50


def imported(report: "ImportReport") -> Notice:
    """Return what an import brought, changed and left out."""
    text = _("{new} new documents, {known} known, {failed} failed; {spans} spans.").format(
        new=len(report.new), known=len(report.known), failed=report.failed, spans=report.spans
    )
    lines = [str(problem) for problem in report.problems]
    for (kind, why), count in report.changed.most_common():
        line = _("changed: {count} × {kind} ({why})")
        lines.append(line.format(count=count, kind=kind, why=why))
    for (kind, why), count in report.lost.most_common():
        line = _("not kept: {count} × {kind} ({why})")
        lines.append(line.format(count=count, kind=kind, why=why))
    for path, code in report.encodings.items():
        lines.append(_("{path}: read as {encoding}").format(path=path, encoding=code))
    return Notice(text, stays=bool(report.problems), details=tuple(lines))


def exported(report: "ExportReport") -> Notice:
    """Return what an export wrote and could not carry."""
    count = len(report.documents)
    documents = ngettext("{count} document", "{count} documents", count).format(count=count)
    spans = ngettext("{count} span", "{count} spans", report.spans).format(count=report.spans)
    count = len(report.files)
    files = ngettext("{count} file", "{count} files", count).format(count=count)
    text = _("Exported {documents} with {spans} to {files}.").format(
        documents=documents, spans=spans, files=files
    )
    lines = [str(path) for path in report.files[:MOST_FILES]]
    for loss in report.losses():
        line = _("not carried: {count} × {kind} ({why})")
        lines.append(line.format(count=loss.count, kind=loss.kind, why=loss.why))
    return Notice(text, details=tuple(lines))


def backed_up(path: Path) -> Notice:
    """Return where a backup is."""
    return Notice(_("The backup is {path}.").format(path=str(path)))


def relabelled(report: "RelabelReport") -> Notice:
    """Return what a change of the labels moved."""
    count = sum(report.moved.values())
    text = ngettext(
        "The labels are changed; {count} span has another label now. Ctrl+Z takes it back.",
        "The labels are changed; {count} spans have another label now. Ctrl+Z takes it back.",
        count,
    )
    return Notice(text.format(count=count))


def handed_out(bundles: list[Path]) -> Notice:
    """Return where the bundles are that were handed out."""
    count = len(bundles)
    text = ngettext("{count} bundle is in {folder}.", "{count} bundles are in {folder}.", count)
    return Notice(text.format(count=count, folder=str(bundles[0].parent)))


def started(begun: "Started") -> Notice:
    """Return what an assignment or a receipt brought."""
    if begun.kind != "receipt":
        text = ngettext(
            "{count} new document for {name}.",
            "{count} new documents for {name}.",
            begun.documents,
        )
        return Notice(text.format(count=begun.documents, name=begun.annotator))
    if begun.documents:
        return Notice(_("The lead's receipt is noted."))
    return Notice(_("This receipt says nothing new."))


def returned(path: Path) -> Notice:
    """Return where the bundle with a person's work is."""
    text = _("Your work is in {path}. Send it to whoever leads the project.")
    return Notice(text.format(path=str(path)))


def collected(report: "CollectReport") -> Notice:
    """Return what was collected, or why nothing was."""
    if report.problems:
        reason = report.problems[0]
        return Notice(_("Nothing was collected: {reason}").format(reason=reason), stays=True)
    text = _("Collected: {spans} new spans and {relations} new relations in {documents} documents.")
    counts = {"spans": report.spans, "relations": report.relations}
    sentences = [text.format(**counts, documents=report.documents)]
    if report.backup:
        text = _("A backup from before is at {path}.")
        sentences.append(text.format(path=str(report.backup)))
    if report.receipts:
        text = _("Receipts for those who returned work are in {folder}.")
        sentences.append(text.format(folder=str(report.receipts[0].parent)))
    return Notice(" ".join(sentences))


def decided_by_rule(report: "RuleReport") -> Notice:
    """Return how many cases a rule decided."""
    count = report.counts["accepted"] + report.counts["rejected"]
    text = ngettext(
        "{count} case was decided; {left} stay open.",
        "{count} cases were decided; {left} stay open.",
        count,
    ).format(count=count, left=report.counts["left"])
    return Notice(f"{text} {_('One undo takes them all back.')}")


def feedback_written(folder: Path) -> Notice:
    """Return where the feedback is."""
    text = _("Feedback for each annotator, and the guideline issues, are in {path}.")
    return Notice(text.format(path=str(folder)))
