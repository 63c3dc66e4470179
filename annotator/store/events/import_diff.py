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
    spans, twins = _new_spans(here, there, counts)
    relations = _new_relations(here, there, twins, counts)
    attributes = {}
    for key, value in there.attributes.items():
        if key not in here.attributes:
            attributes[key] = value
        elif here.attributes[key] != value:
            counts["differing"] += 1
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
    new, twins = list[Span](), dict[str, str]()
    for span in there.spans:
        candidates = by_content[_content(span)]
        if candidates:
            # Each span here stands for one of equal content, if it can for that of its own id.
            twin = span.id if span.id in candidates else candidates[0]
            candidates.remove(twin)
            twins[span.id] = twin
            has_other_note = span.note not in ("", by_id[twin].note)
            counts["differing" if has_other_note else "known"] += 1
        elif span.id in by_id:
            twins[span.id] = span.id
            counts["differing"] += 1
        else:
            new.append(span)
    return new, twins


def _content(span: Span) -> tuple[object, ...]:
    return (span.layer, span.label, span.fragments, tuple(sorted(span.attributes.items())))


def _new_relations(
    here: AnnotationSet, there: AnnotationSet, twins: dict[str, str], counts: Counter[str]
) -> list[Relation]:
    by_ends = {_ends(relation): relation for relation in here.relations}
    ids = {relation.id for relation in here.relations}
    new = []
    for incoming in there.relations:
        relation = _between_twins(incoming, twins)
        twin = by_ends.get(_ends(relation))
        if twin is not None:
            differs = relation.attributes and dict(relation.attributes) != dict(twin.attributes)
            counts["differing" if differs else "known"] += 1
        elif relation.id in ids:
            counts["differing"] += 1
        else:
            new.append(relation)
    return new


def _between_twins(relation: Relation, twins: dict[str, str]) -> Relation:
    child = relation.child
    if child is not None:
        child = twins.get(child, child)
    return relation._replace(head=twins.get(relation.head, relation.head), child=child)


def _ends(relation: Relation) -> tuple[str, str, str | None, str | None]:
    return (relation.label, relation.head, relation.child, relation.implicit)
