"""Importing onto an annotation set that holds something already: what is new, known, or differs."""

from collections import Counter, defaultdict
from typing import NamedTuple

from annotator.model import AnnotationSet, Attributes, Relation, Span


class ImportDiff(NamedTuple):
    """What only the incoming set has.

    Of all else, `known` is here just so, and `differing` is here with other content.
    """

    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    attributes: Attributes
    known: int = 0
    differing: int = 0


def import_diff(here: AnnotationSet, there: AnnotationSet) -> ImportDiff:
    """Compare an annotation set with an incoming version of it.

    New relations are made to end in the spans that stay.
    """
    counts = Counter[str]()
    spans, same = _new_spans(here, there, counts)
    relations = _new_relations(here, there, same, counts)
    attributes = {
        key: value for key, value in there.attributes.items() if key not in here.attributes
    }
    counts["differing"] += sum(
        here.attributes.get(key, value) != value for key, value in there.attributes.items()
    )
    return ImportDiff(
        tuple(spans), tuple(relations), attributes, counts["known"], counts["differing"]
    )


def _new_spans(
    here: AnnotationSet, there: AnnotationSet, counts: Counter[str]
) -> tuple[list[Span], dict[str, str]]:
    """Return the new spans, and for each other one the id of the span here that stands for it."""
    by_id = {span.id: span for span in here.spans}
    by_content: defaultdict[object, list[str]] = defaultdict(list)
    for span in here.spans:
        by_content[_content(span)].append(span.id)
    spans, same = list[Span](), dict[str, str]()
    for span in there.spans:
        twins = by_content[_content(span)]
        if twins:
            twin = span.id if span.id in twins else twins[0]
            twins.remove(twin)
            same[span.id] = twin
            counts["differing" if span.note not in ("", by_id[twin].note) else "known"] += 1
        elif span.id in by_id:
            same[span.id] = span.id
            counts["differing"] += 1
        else:
            spans.append(span)
    return spans, same


def _content(span: Span) -> tuple[object, ...]:
    return (span.layer, span.label, span.fragments, tuple(sorted(span.attributes.items())))


def _new_relations(
    here: AnnotationSet, there: AnnotationSet, same: dict[str, str], counts: Counter[str]
) -> list[Relation]:
    there_already = {_ends(relation): relation for relation in here.relations}
    ids = {relation.id for relation in here.relations}
    relations = []
    for relation in there.relations:
        child = (
            relation.child if relation.child is None else same.get(relation.child, relation.child)
        )
        moved = relation._replace(head=same.get(relation.head, relation.head), child=child)
        twin = there_already.get(_ends(moved))
        if twin is not None:
            differs = bool(moved.attributes) and dict(moved.attributes) != dict(twin.attributes)
            counts["differing" if differs else "known"] += 1
        elif moved.id in ids:
            counts["differing"] += 1
        else:
            relations.append(moved)
    return relations


def _ends(relation: Relation) -> tuple[str, str, str | None, str | None]:
    return (relation.label, relation.head, relation.child, relation.implicit)
