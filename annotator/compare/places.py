"""Gathers what several annotators marked in one document into places, one for each thing meant.

A *place* holds at most one span of each annotator. Spans of equal shape and label come together
first, then those of equal shape, then those that overlap and have the same label, the most overlap
first; last those that overlap by half or more. Spans of different layers never come together. No
result depends on the order of annotators or spans.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from annotator.model import Fragment, Span

Thing = TypeVar("Thing")
_Key = tuple[int, int, str, str, tuple[Fragment, ...], int]


class _Group(NamedTuple):
    """Equal spans: what they are equal in, and whose they are.

    The number in the key tells twins of one annotator apart.
    """

    key: _Key
    have: dict[str, Span]


def gathered(layers: Mapping[str, Sequence[Span]]) -> list[dict[str, Span]]:
    """Return the places of a document's spans, given by annotator, in reading order.

    >>> first = Span("1", "", "PER", ((0, 4),), "Anna")
    >>> second = Span("2", "", "PER", ((0, 9),), "Anna Kara")
    >>> [sorted(place) for place in gathered({"a": [first], "b": [second]})]
    [['a', 'b']]
    """
    groups = _equal(layers)
    return joined(
        [group.have for group in groups],
        (pair for _worth, pair in sorted(_near(groups, len(layers)))),
    )


def _equal(layers: Mapping[str, Sequence[Span]]) -> list[_Group]:
    groups: dict[_Key, dict[str, Span]] = {}
    for name, spans in layers.items():
        times: defaultdict[tuple[str, str, tuple[Fragment, ...]], int] = defaultdict(int)
        for span in sorted(spans, key=_twin_order):
            kind = (span.layer, span.label, span.fragments)
            key = (span.fragments[0][0], -span.fragments[-1][1], *kind, times[kind])
            times[kind] += 1
            groups.setdefault(key, {})[name] = span
    return [_Group(key, groups[key]) for key in sorted(groups)]


def _twin_order(span: Span) -> tuple[str, str]:
    return (repr(sorted(span.attributes.items())), span.id) if span.attributes else ("", span.id)


def _near(
    groups: Sequence[_Group], people: int
) -> Iterator[tuple[tuple[int, float, int], tuple[int, int]]]:
    """Yield the pairs of groups that may concern one thing, with what they are sorted by.

    The likeliest pair has the least.
    """
    waiting = [number for number, group in enumerate(groups) if len(group.have) < people]
    for place, one in enumerate(waiting):
        end = -groups[one].key[1]
        for other in waiting[place + 1 :]:
            if groups[other].key[0] >= end:
                break
            worth = _worth(groups[one], groups[other])
            if worth is not None:
                yield worth, (one, other)


def _worth(one: _Group, other: _Group) -> tuple[int, float, int] | None:
    _start, _end, layer, label, fragments, _nth = one.key
    if layer != other.key[2] or not one.have.keys().isdisjoint(other.have):
        return None
    common = shared(fragments, other.key[4])
    likeness = common / (covered(fragments) + covered(other.key[4]) - common)
    people = -len(one.have) - len(other.have)
    if fragments == other.key[4]:
        return (0, 0.0, people)
    if label == other.key[3]:
        return (1, -likeness, people) if common else None
    return (2, -likeness, people) if likeness >= 1 / 2 else None


def covered(fragments: Iterable[Fragment]) -> int:
    """Return how many characters fragments cover."""
    return sum(end - start for start, end in fragments)


def shared(one: Iterable[Fragment], other: Sequence[Fragment]) -> int:
    """Return how many characters two stretches share."""
    characters = 0
    for start, end in one:
        for first, last in other:
            characters += max(0, min(end, last) - max(start, first))
    return characters


def joined(
    groups: Sequence[Mapping[str, Thing]], pairs: Iterable[tuple[int, int]]
) -> list[dict[str, Thing]]:
    """Join groups by pairs, in their order, wherever no annotator would be in one group twice."""
    home = list(range(len(groups)))
    members = [dict(group) for group in groups]

    def root(number: int) -> int:
        while home[number] != number:
            home[number] = number = home[home[number]]
        return number

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        if first != second and members[first].keys().isdisjoint(members[second]):
            members[first] |= members[second]
            home[second] = first
    return [members[number] for number in range(len(groups)) if home[number] == number]
