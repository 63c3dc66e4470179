"""What of a case is painted on the text.

The versions, each with the number of its key, gold as it stands, and relations as arcs.
"""

from collections.abc import Mapping
from dataclasses import replace

from annotator.adjudication import Case
from annotator.model import Schema, Span
from annotator.session.adjudication_session import AdjudicationSession
from annotator.ui.text_view import Link, Mark
from annotator.ui.widgets.mark_builder import UNKNOWN_COLOR, MarkBuilder


def case_marks(adjudication: AdjudicationSession, case: Case, marker: MarkBuilder) -> list[Mark]:
    """Return the marks of a case, and of gold in its whole document."""
    shown: list[Mark] = []
    for number, name in enumerate(adjudication.order(case), 1):
        shown += [
            marker.of_other(span, f"{name}/{span.id}", str(number)) for span in spans_of(case, name)
        ]
    gold = adjudication.dockets[case.document].gold
    return shown + [
        replace(marker.of_other(span, f"gold/{span.id}", ""), origin="own") for span in gold.spans
    ]


def spans_of(case: Case, name: str) -> list[Span]:
    """Return the spans of a person that a case is about."""
    link = case.links.get(name)
    if link is not None:
        return [link.head] if link.child is None else [link.head, link.child]
    return [case.spans[name]] if name in case.spans else []


def case_links(case: Case, colors: Mapping[str, str]) -> list[Link]:
    """Return the arcs of a case that is about a relation."""
    found = []
    for name, link in case.links.items():
        child = f"{name}/{link.child.id}" if link.child is not None else ""
        color = colors.get(link.relation.label, UNKNOWN_COLOR)
        found.append(
            Link(
                f"{name}/{link.head.id}",
                child,
                link.relation.label,
                color,
                link.relation.implicit or "",
            )
        )
    return found


def colors_of(schema: Schema) -> dict[str, str]:
    """Return the colours of labels and relations by their ids."""
    labels = {label.id: label.color for _layer, label in schema.labels()}
    return {**labels, **{kind.id: kind.color for kind in schema.relations}}
