"""Suggestions for one document.

What models and rules propose, as far as the annotator has not answered or labelled it.

A *place* is a label on fragments. Suggestions of one place are one question: the first of them is
shown, the answer is for all.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping

from annotator.model import (
    AnnotationSet,
    Fragment,
    Relation,
    Schema,
    Span,
    reading_key,
    reading_order,
)

Place = tuple[str, tuple[Fragment, ...]]


def place_of(span: Span) -> Place:
    """Return the label and the fragments of a span."""
    return span.label, span.fragments


def _labels_of(annotation_set: AnnotationSet) -> set[str]:
    return {span.label for span in annotation_set.spans}


class Suggestions:
    """The open ones, kept as the annotator answers.

    One is a span whose id is `<suggester's id>/<its id there>`, its origin the suggester.

    layers: what suggesters, by id, propose; answers: those given before, by suggestion. Labels that
    the schema lacks are left out, merged ones are suggested as what they were merged into.
    """

    def __init__(
        self,
        annotation_sets: Mapping[str, AnnotationSet],
        answers: Mapping[str, str],
        schema: Schema,
        is_labelled: Callable[[str, tuple[Fragment, ...]], object | None],
    ) -> None:
        self._answers, self._is_labelled = answers, is_labelled
        self._places: dict[Place, list[Span]] = {}
        self._all: dict[str, Span] = {}
        self._relations: dict[str, list[Relation]] = {}
        for suggester, annotation_set in annotation_sets.items():
            self._add_spans(suggester, annotation_set, schema)
            for relation in _renamed(suggester, annotation_set):
                for end in {relation.head, relation.child or ""}:
                    self._relations.setdefault(end, []).append(relation)
        self.open: dict[str, Span] = {}
        for place, group in self._places.items():
            if self._is_open(place):
                self.open[group[0].id] = group[0]
        self.order = reading_order(self.open.values())

    def _add_spans(self, suggester: str, annotation_set: AnnotationSet, schema: Schema) -> None:
        known = {label.id for _layer, label in schema.labels() if not label.retired}
        successors = {name: schema.successor(name) for name in _labels_of(annotation_set)}
        for span in annotation_set.spans:
            label = successors[span.label]
            if label not in known:
                continue
            name, origin = f"{suggester}/{span.id}", annotation_set.annotator
            suggestion = span._replace(id=name, label=label, origin=origin)
            self._all[name] = suggestion
            self._places.setdefault(place_of(suggestion), []).append(suggestion)

    def __bool__(self) -> bool:
        """Return whether anything was ever suggested here."""
        return bool(self._all)

    def _is_open(self, place: Place) -> bool:
        return not self._is_labelled(*place) and not any(
            span.id in self._answers for span in self._places[place]
        )

    def twins(self, suggestion: str) -> list[Span]:
        """Return the suggestions of the same place, this one among them."""
        span = self._all.get(suggestion)
        return self._places[place_of(span)] if span else []

    def relations_of(self, suggestion: str) -> list[Relation]:
        """Return the relations proposed that start or end in a suggestion.

        Their ends are suggestions' ids.
        """
        return self._relations.get(suggestion, [])

    def find(self, suggestion: str) -> Span | None:
        """Return a suggestion, open or answered."""
        return self._all.get(suggestion)

    def take(self, answers: Mapping[str, str]) -> frozenset[str]:
        """Take over the answers as they are now; return the suggestions that came or went."""
        changed = [
            span for name in answers.keys() ^ self._answers.keys() if (span := self._all.get(name))
        ]
        self._answers = answers
        return self.review(map(place_of, changed))

    def review(self, places: Iterable[Place]) -> frozenset[str]:
        """Look anew at places where something was labelled or taken away.

        Return the suggestions that came or went.
        """
        touched = set[str]()
        for place in set(places) & self._places.keys():
            span = self._places[place][0]
            if self._is_open(place) != (span.id in self.open):
                touched.add(span.id)
                if self.open.pop(span.id, None):
                    del self.order[bisect_left(self.order, reading_key(span), key=reading_key)]
                else:
                    self.open[span.id] = span
                    insort(self.order, span, key=reading_key)
        return frozenset(touched)


def _renamed(suggester: str, annotation_set: AnnotationSet) -> list[Relation]:
    return [
        relation._replace(
            id=f"{suggester}/{relation.id}",
            head=f"{suggester}/{relation.head}",
            child=None if relation.child is None else f"{suggester}/{relation.child}",
        )
        for relation in annotation_set.relations
    ]
