"""Disagreements as cases.

Words: a *case* is a place where annotators marked something, alike or not, or a relation between
two such places; a *decision* settles it. The *docket* of a document is all of its cases. A
*version* is what one annotator has there, apart from ids and notes; to have nothing is a version
too. A case is *agreed* when all have the same version. A relation *waits* while one of its ends is
not decided, and is no case at all when gold has nothing at an end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import combinations
from typing import NamedTuple

import orjson

from annotator.compare.places import gathered, joined
from annotator.model import AnnotationSet, Decision, Relation, Seen, Span

Version = tuple[object, ...]
SPAN, RELATION = "span/", "relation/"


class Link(NamedTuple):
    """A relation as an annotator has it, with its ends as spans.

    `ends` are the cases that these are in ("" for an implicit argument).
    """

    relation: Relation
    head: Span
    child: Span | None
    ends: tuple[str, str]


Mark = Span | Link


def entity(mark: Mark) -> str:
    """Return how decisions name a span or a relation: "span/<id>"."""
    return f"{RELATION}{mark.relation.id}" if isinstance(mark, Link) else f"{SPAN}{mark.id}"


def version(mark: Mark | None) -> Version:
    """Return what counts of a mark when annotators are compared; nothing is () ."""
    if mark is None:
        return ()
    if isinstance(mark, Link):
        return (
            mark.relation.label,
            *mark.ends,
            mark.relation.implicit or "",
            *_listed(mark.relation.attributes),
        )
    return (mark.layer, mark.label, mark.fragments, *_listed(mark.attributes))


def _listed(attributes: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(attributes.items()) if attributes else []


def ends_of(relation: Relation) -> Version:
    """Return what makes two relations of one annotation set the same."""
    return (relation.label, relation.head, relation.child, relation.implicit)


def _digest(mark: Mark) -> str:
    if isinstance(mark, Link):
        link = mark.relation
        content: list[object] = [
            link.label,
            link.head,
            link.child,
            link.implicit,
            dict(link.attributes),
        ]
    else:
        content = [mark.layer, mark.label, mark.fragments, dict(mark.attributes)]
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


@dataclass(frozen=True)
class Case:
    """A place of a document, or a relation between two, as each annotator has it.

    `decisions` are those that saw any of it.
    `people` are all who worked on the document, `have` those of them who have something here.
    `made`: what stands in gold because of the decisions. `waits`: an end of the relation is not
    decided yet.
    """

    id: str
    document: str
    people: tuple[str, ...]
    have: Mapping[str, Mark]
    decisions: tuple[Decision, ...] = ()
    made: tuple[Span | Relation, ...] = ()
    waits: bool = False

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """What a decision sees here now."""
        return tuple(
            Seen(name, entity(mark), _digest(mark))
            for name, mark in sorted(self.have.items(), key=_name)
        )

    @cached_property
    def is_relation(self) -> bool:
        """Return whether it is about a relation."""
        marks = [*self.have.values(), *self.made]
        return bool(marks) and isinstance(marks[0], Link | Relation)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """The spans of a case that is about spans, by annotator."""
        return {name: mark for name, mark in self.have.items() if not isinstance(mark, Link)}

    @cached_property
    def links(self) -> dict[str, Link]:
        """The relations of a case that is about a relation, by annotator."""
        return {name: mark for name, mark in self.have.items() if isinstance(mark, Link)}

    @cached_property
    def versions(self) -> Counter[Version]:
        """How many of the people have each version."""
        return Counter(version(self.have.get(name)) for name in self.people)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """In what the annotators differ; see `words.KINDS`."""
        if not self.have:
            return ("gone",) if any(decision.saw for decision in self.decisions) else ("added",)
        if len(self.versions) == 1:
            return ("agreed",)
        if self.is_relation:
            return ("relation",)
        spans = self.spans.values()
        differing = {
            "missing": len(self.have) < len(self.people),
            "boundary": len({span.fragments for span in spans}) > 1,
            "label": len({(span.layer, span.label) for span in spans}) > 1,
            "attribute": len({tuple(_listed(span.attributes)) for span in spans}) > 1,
        }
        return tuple(kind for kind, is_so in differing.items() if is_so)

    @cached_property
    def state(self) -> str:
        """Whether it is "open", "waiting", "decided", or "stale": changed since it was decided."""
        if not self.decisions:
            return "waiting" if self.waits else "open"
        is_same = len(self.decisions) == 1 and (self.decisions[0].case, self.decisions[0].saw) == (
            self.id,
            self.seen,
        )
        return "decided" if is_same else "stale"

    @property
    def decision(self) -> Decision | None:
        """The decision that stands, stale or not."""
        return self.decisions[0] if self.decisions else None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels that the annotators have here, or gold."""
        relations = [link.relation.label for link in self.links.values()]
        found = [*relations, *(span.label for span in self.spans.values())] or [
            thing.label for thing in self.made
        ]
        return tuple(sorted(set(found)))

    @cached_property
    def extent(self) -> tuple[int, int]:
        """From where to where the text is concerned; (0, 0): only a relation is left in gold."""
        spans = [*self.spans.values(), *(thing for thing in self.made if isinstance(thing, Span))]
        for link in self.links.values():
            spans.append(link.head)
            if link.child is not None:
                spans.append(link.child)
        if not spans:
            return (0, 0)
        return min(span.start for span in spans), max(span.end for span in spans)


def _name(entry: tuple[str, Mark]) -> str:
    return entry[0]


@dataclass(frozen=True)
class Docket:
    """The cases of one document with what they were made of.

    The annotation sets are those of the annotators who worked on it.
    """

    document: str
    annotation_sets: Mapping[str, AnnotationSet]
    gold: AnnotationSet
    decisions: tuple[Decision, ...]
    cases: tuple[Case, ...]

    @cached_property
    def by_id(self) -> dict[str, Case]:
        """The cases by their ids."""
        return {case.id: case for case in self.cases}

    @cached_property
    def loose(self) -> dict[tuple[object, ...], str]:
        """The ids of what stands in gold without a decision (it was imported), by what it is."""
        owned = {name for decision in self.decisions for name in decision.made}
        spans = {
            version(span)[:3]: span.id
            for span in self.gold.spans
            if f"{SPAN}{span.id}" not in owned
        }
        relations = {
            ends_of(link): link.id
            for link in self.gold.relations
            if f"{RELATION}{link.id}" not in owned
        }
        return {**spans, **relations}

    @cached_property
    def labels(self) -> frozenset[str]:
        """The labels that its cases are about."""
        return frozenset(label for case in self.cases for label in case.labels)

    @cached_property
    def decided(self) -> int:
        """How many cases are decided, on what they are now."""
        return sum(case.state == "decided" for case in self.cases)

    @property
    def is_complete(self) -> bool:
        """Return whether gold is complete: every case is decided."""
        return self.decided == len(self.cases)


def docket(
    document: str,
    annotation_sets: Mapping[str, AnnotationSet],
    gold: AnnotationSet,
    decisions: Iterable[Decision],
) -> Docket:
    """Find the cases of a document.

    First those of spans in reading order, then those of relations, then what only gold has.
    """
    building = _Building(document, annotation_sets, gold, tuple(decisions))
    return Docket(document, annotation_sets, gold, building.decisions, tuple(building.cases()))


class _Building:
    """Cases under way."""

    def __init__(
        self,
        document: str,
        annotation_sets: Mapping[str, AnnotationSet],
        gold: AnnotationSet,
        decisions: tuple[Decision, ...],
    ) -> None:
        self.document = document
        self.decisions = decisions
        self.annotation_sets = annotation_sets
        self.people = tuple(sorted(annotation_sets))
        self._gold = {f"{SPAN}{span.id}": span for span in gold.spans}
        self._gold_relations = {f"{RELATION}{relation.id}": relation for relation in gold.relations}
        self._saw: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, decision in enumerate(decisions):
            for seen in decision.saw:
                self._saw[seen.annotator, seen.id].append(number)
        self._used: set[int] = set()

    def cases(self) -> Iterator[Case]:
        """Walk over all cases."""
        spans = {name: work.spans for name, work in self.annotation_sets.items()}
        places = gathered(spans) if len(self.people) > 1 else []
        found = [self._case(dict[str, Mark](place)) for place in places]
        yield from found
        if (
            any(annotation_set.relations for annotation_set in self.annotation_sets.values())
            and found
        ):
            yield from self._relations(found)
        for number, decision in enumerate(self.decisions):
            if number not in self._used:
                yield Case(
                    decision.case,
                    self.document,
                    self.people,
                    {},
                    (decision,),
                    self._made((decision,)),
                )

    def _case(self, have: Mapping[str, Mark], *, waits: bool = False) -> Case:
        names = sorted((name, entity(mark)) for name, mark in have.items())
        numbers = sorted({number for key in names for number in self._saw.get(key, ())})
        self._used.update(numbers)
        decisions = tuple(self.decisions[number] for number in numbers)
        name = sha256(orjson.dumps([self.document, names])).hexdigest()[:24]
        return Case(
            name,
            self.document,
            self.people,
            have,
            decisions,
            self._made(decisions),
            waits and not decisions,
        )

    def _made(self, decisions: Sequence[Decision]) -> tuple[Span | Relation, ...]:
        names = [name for decision in decisions for name in decision.made]
        things = (self._gold.get(name) or self._gold_relations.get(name) for name in names)
        return tuple(thing for thing in things if thing is not None)

    def _relations(self, places: Sequence[Case]) -> Iterator[Case]:
        by_id = {case.id: case for case in places}
        groups = self._relation_groups(places, by_id)
        order = {case.id: number for number, case in enumerate(places)}
        keys = sorted(groups, key=lambda key: (order[key[0]], order.get(key[1], -1), key[2:]))
        for have in joined([groups[key] for key in keys], _alike(keys)):
            waits = any(not by_id[end].decisions for end in _ends(have.values()))
            yield self._case(have, waits=waits)

    def _relation_groups(
        self, places: Sequence[Case], by_id: Mapping[str, Case]
    ) -> dict[tuple[str, ...], dict[str, Mark]]:
        """Return equal relations by what they are equal in: ends, implicit argument, label.

        The last part of a key is a number, which tells twins of one annotator apart.
        """
        home = {(name, span.id): case for case in places for name, span in case.spans.items()}
        groups: dict[tuple[str, ...], dict[str, Mark]] = {}
        for name in self.people:
            times = Counter[tuple[str, ...]]()
            for link in _links(self.annotation_sets[name], name, home):
                if not all(_has_room(by_id[end]) for end in link.ends if end):
                    continue
                key = (*link.ends, link.relation.implicit or "", link.relation.label)
                groups.setdefault((*key, str(times[key])), {})[name] = link
                times[key] += 1
        return groups


def _ends(marks: Iterable[Mark]) -> Iterator[str]:
    """Walk over the cases that relations end in."""
    for mark in marks:
        if isinstance(mark, Link):
            yield from filter(None, mark.ends)


def _has_room(case: Case) -> bool:
    """Return whether gold has something at an end, or may still get it."""
    return not case.decisions or bool(case.made)


def _links(
    annotation_set: AnnotationSet, name: str, home: Mapping[tuple[str, str], Case]
) -> list[Link]:
    spans = {span.id: span for span in annotation_set.spans}
    found = []
    for relation in annotation_set.relations:
        child = spans[relation.child] if relation.child is not None else None
        ends = (home[name, relation.head].id, home[name, child.id].id if child else "")
        found.append(Link(relation, spans[relation.head], child, ends))
    return sorted(
        found, key=lambda link: (repr(_listed(link.relation.attributes)), link.relation.id)
    )


def _alike(keys: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of relations that may be meant as one.

    First those of the same ends, then of the same head and label.
    """
    heads: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        heads[key[0]].append(number)
    same_ends = list[tuple[int, int]]()
    same_label = list[tuple[int, int]]()
    for numbers in heads.values():
        for one, other in combinations(numbers, 2):
            if keys[one][1:3] == keys[other][1:3]:
                same_ends.append((one, other))
            elif keys[one][3] == keys[other][3]:
                same_label.append((one, other))
    yield from same_ends
    yield from same_label
