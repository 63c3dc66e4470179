"""The spans and relations of a set, indexed for the questions of every key."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from annotator.model import (
    Fragment,
    Relation,
    Schema,
    Span,
    reading_key,
    reading_order,
)


class Annotations:
    """The spans and relations of an annotation set, indexed for what every key asks."""

    def __init__(
        self, schema: Schema, spans: Iterable[Span] = (), relations: Iterable[Relation] = ()
    ) -> None:
        self.spans = {span.id: span for span in spans}
        self.order = reading_order(self.spans.values())
        self.relations: dict[str, Relation] = {}
        self._of_span: dict[str, dict[str, Relation]] = {}
        self._needs: dict[str, list[str]] = {}
        for rule in schema.rules:
            self._needs.setdefault(rule.label, []).append(rule.needs)
        for relation in relations:
            self._add(relation)
        self._lacking = {span.id: needs for span in self.order if (needs := self.missing(span))}

    def relations_of(self, span: str) -> list[Relation]:
        """Return the relations that start or end in a span."""
        return list(self._of_span.get(span, {}).values())

    def missing(self, span: Span) -> list[str]:
        """Return what the completeness rules still want for a span.

        Ids of relations and attributes.
        """
        needs = self._needs.get(span.label)
        if not needs:
            return []
        have = {
            relation.label for relation in self.relations_of(span.id) if relation.head == span.id
        } | set(span.attributes)
        return [need for need in needs if need not in have]

    @property
    def lacking(self) -> int:
        """Return for how many spans something is missing."""
        return len(self._lacking)

    def incomplete(self) -> list[tuple[Span, list[str]]]:
        """Return the spans for which something is missing, in reading order."""
        return (
            [(span, self._lacking[span.id]) for span in self.order if span.id in self._lacking]
            if self._lacking
            else []
        )

    def place(self, span: Span) -> int:
        """Return the position of a span in reading order."""
        return bisect_left(self.order, reading_key(span), key=reading_key)

    def first_from(self, position: int) -> int:
        """Return the place in reading order of the first span beginning at or after a position."""
        return bisect_left(self.order, position, key=_start)

    def twin(self, label: str, fragments: tuple[Fragment, ...]) -> Span | None:
        """Return the span that has this label on these fragments."""
        start = fragments[0][0]
        first = self.first_from(start)
        last = bisect_right(self.order, start, lo=first, key=_start)
        return next(
            (
                span
                for span in self.order[first:last]
                if (span.label, span.fragments) == (label, fragments)
            ),
            None,
        )

    def take(
        self, ids: Iterable[str], spans: Iterable[Span], relations: Iterable[Relation]
    ) -> frozenset[str]:
        """Put these in the place of what had the ids.

        Return the ids of spans that are to be looked at again.
        """
        touched = set[str]()
        for name in ids:
            touched |= self._remove(name)
        for span in spans:
            self.spans[span.id] = span
            insort(self.order, span, key=reading_key)
            touched |= {span.id, *(relation.child or "" for relation in self.relations_of(span.id))}
        for relation in relations:
            self._add(relation)
            touched |= {relation.head, relation.child or ""}
        for name in touched:
            self._ask(name)
        return frozenset(touched - {""})

    def _remove(self, name: str) -> set[str]:
        relation = self.relations.pop(name, None)
        if relation is not None:
            ends = {relation.head, relation.child or ""}
            for end in ends:
                self._of_span.get(end, {}).pop(name, None)
            return ends
        span = self.spans.pop(name, None)
        if span is None:
            return set()
        del self.order[self.place(span)]
        return {name}

    def _add(self, relation: Relation) -> None:
        self.relations[relation.id] = relation
        for end in (relation.head, relation.child):
            if end:
                self._of_span.setdefault(end, {})[relation.id] = relation

    def _ask(self, name: str) -> None:
        span = self.spans.get(name)
        needs = self.missing(span) if span else []
        self._lacking.pop(name, None)
        if needs:
            self._lacking[name] = needs


def _start(span: Span) -> int:
    return span.fragments[0][0]
