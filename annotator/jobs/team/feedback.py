"""Feedback after adjudication, one HTML page a person.

For each annotator what was decided otherwise than they had it, for the lead what the guideline
lacks. A page needs nothing else: texts keep their own direction, it can be read on any machine and
printed.
"""

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.adjudication import (
    ISSUE_OUTCOMES,
    ISSUE_REASONS,
    OUTCOMES,
    REASONS,
    Case,
    Docket,
    Link,
)
from annotator.errors import UserError, isolate
from annotator.i18n import _, language, ngettext
from annotator.jobs.progress import Progress, silent
from annotator.jobs.team.adjudicate import all_dockets, check_people
from annotator.model import Attributes, Decision, Document, Relation, Span
from annotator.store import Store
from annotator.text.direction import base_directions
from annotator.text.segmentation import paragraphs
from annotator.workroom import put_files

AROUND = 60
ISSUES_FILE = "guideline-issues.html"
STYLE = """
body { font: 15px/1.6 system-ui, sans-serif; max-width: 46em; margin: 2em auto;
    padding: 0 1em; color: #1b1b1a; background: #fbfaf7; }
h1 { font-size: 1.4em; }
h2 { font-size: 1.05em; margin-top: 2em; border-bottom: 1px solid #e4e1da; }
article { margin: 1.2em 0; break-inside: avoid; } blockquote { margin: .3em 0; font-size: 1.1em; }
mark { background: #f3e3c3; padding: 0 .1em; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; }
dt { color: #5d5a54; } dd { margin: 0; } code { font: inherit; font-weight: 600; }
@media (prefers-color-scheme: dark) { body { color: #e7e5e0; background: #1d1e20; }
mark { background: #57461f; color: inherit; }
h2 { border-color: #34363a; } dt { color: #a5a29c; } }
@media print { body { background: none; color: #000; margin: 0; max-width: none; } }
"""


class Remark(NamedTuple):
    """A place where gold is otherwise than an annotator had it.

    For the lead: a decision that asks for a better guideline.
    """

    document: str
    case: Case
    decision: Decision


@dataclass(slots=True)
class FeedbackReport:
    """The files written, and how many remarks each annotator gets."""

    files: list[Path] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)
    issues: int = 0

    def to_plain(self) -> dict[str, object]:
        """Return the report as `feedback --json` prints it."""
        return {
            "annotators": self.remarks,
            "issues": self.issues,
            "files": [str(path) for path in self.files],
        }


def remarks(found: Docket, name: str) -> Iterator[Remark]:
    """Walk over a document's decided cases in which gold differs from an annotator's version."""
    for case in found.cases:
        decision = case.decision
        if decision is None or name not in case.people or name in decision.chosen:
            continue
        mine = case.have.get(name)
        if mine is None and not case.made:
            continue
        if (
            len(case.made) == 1
            and mine is not None
            and _told(mine) == _told(case.made[0])
            and not case.is_relation
        ):
            continue
        yield Remark(found.document, case, decision)


def issues(found: Docket) -> Iterator[Remark]:
    """Walk over the decisions that say that the guideline, the schema or the text is not clear."""
    for case in found.cases:
        decision = case.decision
        if decision is not None and (
            decision.reason in ISSUE_REASONS or decision.outcome in ISSUE_OUTCOMES
        ):
            yield Remark(found.document, case, decision)


def _told(mark: Span | Link | Relation) -> tuple[object, ...]:
    """Return what a person is told of a span or relation."""
    if isinstance(mark, Span):
        return (mark.label, mark.fragments, sorted(mark.attributes.items()))
    link = mark.relation if isinstance(mark, Link) else mark
    return (link.label, link.head, link.child, link.implicit)


def write_feedback(
    store: Store, names: Sequence[str], folder: Path, progress: Progress = silent
) -> FeedbackReport:
    """Write a page for each annotator, and one with guideline issues, into a folder.

    Nothing is written where nothing is decided.
    """
    check_people(names)
    dockets = [docket for docket in all_dockets(store, names, progress) if docket.decisions]
    if not dockets:
        raise UserError(
            _("Nothing is decided yet, so there is nothing to tell anybody. Adjudicate first.")
        )
    texts = {docket.document: store.document(docket.document) for docket in dockets}
    report = FeedbackReport()
    pages = dict[str, str]()
    for name, file in zip(names, file_names(names), strict=True):
        listed = [remark for docket in dockets for remark in remarks(docket, name)]
        report.remarks[name] = len(listed)
        pages[file] = _page_for(name, listed, _decided_with(dockets, name), texts)
    listed = [remark for docket in dockets for remark in issues(docket)]
    report.issues = len(listed)
    pages[ISSUES_FILE] = _issues_page(listed, texts)
    report.files = put_files(folder, {name: page.encode() for name, page in pages.items()})
    return report


def _decided_with(dockets: Sequence[Docket], name: str) -> int:
    """Return how many cases are decided in documents that an annotator worked on."""
    count = 0
    for docket in dockets:
        count += sum(case.decision is not None and name in case.people for case in docket.cases)
    return count


def file_names(names: Sequence[str]) -> list[str]:
    """Return a file name for each annotator.

    Letters and digits of the name, numbered where two would be the same.
    """
    made = list[str]()
    taken = {ISSUES_FILE}
    for name in names:
        stem = re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "annotator"
        choices = [
            f"{stem}.html",
            *(f"{stem}-{number}.html" for number in range(2, len(names) + 2)),
        ]
        free = next(choice for choice in choices if choice.casefold() not in taken)
        taken.add(free.casefold())
        made.append(free)
    return made


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────


def _page_for(
    name: str, listed: Sequence[Remark], decided: int, texts: Mapping[str, Document]
) -> str:
    title = _("Feedback for {name}").format(name=name)
    return _page(title, _summary(len(listed), decided), listed, texts, name)


def _issues_page(listed: Sequence[Remark], texts: Mapping[str, Document]) -> str:
    summary = ngettext(
        "{count} decision asks for a clearer guideline.",
        "{count} decisions ask for a clearer guideline.",
        len(listed),
    ).format(count=len(listed))
    return _page(_("Guideline issues"), summary, listed, texts, "")


def _summary(otherwise: int, cases: int) -> str:
    text = ngettext("{cases} case was decided;", "{cases} cases were decided;", cases).format(
        cases=cases
    )
    more = ngettext(
        "{count} of them otherwise than you had it.",
        "{count} of them otherwise than you had them.",
        otherwise,
    )
    return f"{text} {more.format(count=otherwise)}"


def _page(
    title: str, summary: str, listed: Sequence[Remark], texts: Mapping[str, Document], name: str
) -> str:
    by_document = defaultdict[str, list[Remark]](list)
    for remark in listed:
        by_document[remark.document].append(remark)
    body = [f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(summary)}</p>"]
    for document, group in by_document.items():
        body.append(f'<h2 dir="auto">{html.escape(texts[document].name or document)}</h2>')
        body += [_article(remark, texts[document], name) for remark in group]
    direction = "rtl" if language() == "fa" else "ltr"
    head = (
        '<meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width"><title>{html.escape(title)}</title>'
    )
    return (
        f'<!doctype html><html lang="{language()}"'
        f' dir="{direction}"><head>{head}<style>{STYLE}</style></head><body>\n'
        + "\n".join([*body, "</body></html>\n"])
    )


def _article(remark: Remark, document: Document, name: str) -> str:
    case = remark.case
    decision = remark.decision
    rows = [(_("You"), described(case.have.get(name), document))] if name else []
    if not name:
        rows += [
            (
                _("Versions"),
                "; ".join(sorted({described(mark, document) for mark in case.have.values()})),
            )
        ]
    gold = "; ".join(described(thing, document, case) for thing in case.made)
    rows += [(_("Gold"), gold or _("nothing")), (_("Decided"), _(OUTCOMES[decision.outcome]))]
    if decision.reason:
        rows.append((_("Reason"), _(REASONS.get(decision.reason, decision.reason))))
    if decision.note:
        rows.append((_("Note"), decision.note))
    lines = "".join(
        f'<dt>{html.escape(what)}</dt><dd dir="auto">{html.escape(text)}</dd>'
        for what, text in rows
    )
    return f"<article>{_quote(case, document)}<dl>{lines}</dl></article>"


def _quote(case: Case, document: Document) -> str:
    start, end = case.extent
    text = document.text
    first = max(start - AROUND, 0)
    last = min(end + AROUND, len(text))
    pieces = (
        "…" if first else "",
        text[first:start],
        text[start:end],
        text[end:last],
        "…" if last < len(text) else "",
    )
    before, left, here, right, behind = map(html.escape, pieces)
    return (
        f'<blockquote dir="{_direction(document, start)}">'
        f"{before}{left}<mark>{here}</mark>{right}{behind}</blockquote>"
    )


def _direction(document: Document, position: int) -> str:
    """Return the direction of the paragraph at a position, as it is shown in the window."""
    found = paragraphs(document.text)
    here = max(bisect_right(found, position, key=lambda paragraph: paragraph.start) - 1, 0)
    if not found:
        return "ltr"
    texts = [document.text[each.start : each.end] for each in found]
    return (
        dict(document.paragraph_directions).get(found[here].start)
        or base_directions(texts, document.language, document.direction)[here]
    )


def described(
    mark: Span | Link | Relation | None, document: Document, case: Case | None = None
) -> str:
    """Return a span or a relation in words."""
    if mark is None:
        return _("nothing")
    if isinstance(mark, Span):
        return f"{mark.label}{_values(mark.attributes)} “{isolate(mark.text)}”"
    if isinstance(mark, Relation):
        for link in case.links.values() if case else ():
            if link.relation.label == mark.label:
                return described(link, document)
        return mark.label
    child = isolate(mark.child.text) if mark.child is not None else _(mark.relation.implicit or "")
    return (
        f"{mark.relation.label}{_values(mark.relation.attributes)}: “{isolate(mark.head.text)}” →"
        f" “{child}”"
    )


def _values(attributes: Attributes) -> str:
    if not attributes:
        return ""
    values = [f"{key} = {value}" for key, value in sorted(attributes.items())]
    return f" ({', '.join(values)})"
