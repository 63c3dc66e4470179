"""Lines up marks: equal ones by counting, overlapping ones by the best matching.

All are free of the order of storage.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from annotator.compare.comparison import Comparison, Numbers, Truths


class Table(NamedTuple):
    """How often each annotator has each key.

    The keys' documents, their counts (keys × annotators), and the number of each mark's key.
    """

    document: Numbers
    counts: Numbers
    key: Numbers


def counted(found: Comparison, keys: Numbers) -> Table:
    """Count equal keys, a key a mark; equal keys lie in one document."""
    people = len(found.annotators)
    _values, first, number = np.unique(keys, return_index=True, return_inverse=True)
    counts = np.bincount(
        number * people + found.marks.annotator, minlength=len(first) * people
    ).reshape(-1, people)
    return Table(found.marks.document[first], counts.astype(np.int64), number)


def exact_keys(found: Comparison) -> Numbers:
    """Return a number for each mark, equal where shape, layer and label are."""
    return found.marks.shape * max(1, len(found.kinds)) + found.marks.kind


def position_keys(found: Comparison) -> Numbers:
    """Return a number for each mark, equal where shape and layer are, whatever the label."""
    layers = sorted({layer for layer, _label in found.kinds})
    layer_of = np.array([layers.index(layer) for layer, _label in found.kinds], dtype=np.int64)
    return found.marks.shape * max(1, len(layers)) + layer_of[found.marks.kind]


class Touching(NamedTuple):
    """Pairs of marks of two annotators that share characters: their rows, and how many."""

    first: Numbers
    second: Numbers
    shared: Numbers


def touching(found: Comparison, first: int, second: int, rows: Truths | None = None) -> Touching:
    """Return all pairs of marks of two annotators that share a character, among the rows wanted."""
    ground = found.characters
    marks = found.marks
    wanted = np.ones(len(marks), dtype=bool) if rows is None else rows
    who = np.where(wanted, marks.annotator, -1)[ground.row]
    ours = np.flatnonzero(who == first)
    theirs = np.flatnonzero(who == second)
    start, end = _end_to_end(found)
    one, other = crossing(start[ours], end[ours], start[theirs], end[theirs])
    left = ours[one]
    right = theirs[other]
    common = np.minimum(end[left], end[right]) - np.maximum(start[left], start[right])
    overlap = common > 0
    return _by_mark(
        ground.row[left[overlap]], ground.row[right[overlap]], common[overlap], len(marks)
    )


def _end_to_end(found: Comparison) -> tuple[Numbers, Numbers]:
    """Return where stretches begin and end when documents lie one after the other."""
    ground = found.characters
    # They are one character apart, so that none touches the next.
    offsets = np.concatenate([[0], np.cumsum(ground.sizes + 1)])
    offset = offsets[found.marks.document][ground.row]
    return ground.start + offset, ground.end + offset


def _by_mark(first: Numbers, second: Numbers, shared: Numbers, marks: int) -> Touching:
    """Sum what fragments share over the marks that they are of."""
    pairs, number = np.unique(first * marks + second, return_inverse=True)
    summed = np.bincount(number, weights=shared, minlength=len(pairs)).astype(np.int64)
    return Touching(pairs // max(1, marks), pairs % max(1, marks), summed)


def crossing(
    start: Numbers, end: Numbers, other_start: Numbers, other_end: Numbers
) -> tuple[Numbers, Numbers]:
    """Return all pairs of a stretch and another one that share a point, by their numbers.

    Some that do not share one are among them.
    """
    order = np.argsort(other_start, kind="stable")
    low = np.searchsorted(np.maximum.accumulate(other_end[order]), start, side="right")
    counts = np.maximum(np.searchsorted(other_start[order], end, side="left") - low, 0)
    before = np.cumsum(counts) - counts
    others = order[np.repeat(low - before, counts) + np.arange(counts.sum())]
    return np.repeat(np.arange(len(start)), counts), others


def matched(pairs: Touching, worth: Numbers) -> Truths:
    """Choose pairs so that no mark is in two of them, as many as can be.

    Of the choices that have as many, it is the one of most worth.
    """
    chosen = np.zeros(len(worth), dtype=bool)
    alone = (_times(pairs.first) == 1) & (_times(pairs.second) == 1)
    chosen[alone] = True
    left = np.flatnonzero(~alone)
    for group in _groups(pairs.first[left].tolist(), pairs.second[left].tolist()):
        rows = left[group]
        best = assigned(
            pairs.first[rows].tolist(), pairs.second[rows].tolist(), worth[rows].tolist()
        )
        chosen[rows[best]] = True
    return chosen


def _times(values: Numbers) -> Numbers:
    _found, number, counts = np.unique(values, return_inverse=True, return_counts=True)
    return counts[number].astype(np.int64)


def _groups(first: list[int], second: list[int]) -> list[list[int]]:
    """Return the numbers of the pairs by connected component."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for a, b in zip(first, second, strict=True):
        parent[root((0, a))] = root((1, b))
    groups: dict[tuple[int, int], list[int]] = {}
    for number, a in enumerate(first):
        groups.setdefault(root((0, a)), []).append(number)
    return list(groups.values())


def assigned(first: Sequence[int], second: Sequence[int], worth: Sequence[int]) -> list[int]:
    """Return which pairs make the matching with most pairs, and of those the one of most worth.

    By successive shortest paths.
    """
    much = 2 * sum(worth) + 1
    cost = {(a, b): -(much + w) for a, b, w in zip(first, second, worth, strict=True)}
    beside: dict[int, list[int]] = {}
    for a, b in cost:
        beside.setdefault(a, []).append(b)
    mate: dict[int, int] = {}
    for _round in beside:
        if not _augment(beside, cost, mate):
            break
    taken = {(a, b) for b, a in mate.items()}
    return [number for number, pair in enumerate(zip(first, second, strict=True)) if pair in taken]


def _augment(
    beside: Mapping[int, Sequence[int]], cost: Mapping[tuple[int, int], int], mate: dict[int, int]
) -> bool:
    """Make the matching larger by one along the cheapest path; return whether there was one."""
    taken = {a: b for b, a in mate.items()}
    length, came_from = _paths(beside, cost, mate)
    ends = [end for end in length if end not in mate]
    if not ends:
        return False
    end: int | None = min(ends, key=lambda end: (length[end], end))
    while end is not None:
        a = came_from[end]
        mate[end] = a
        end = taken.get(a)
    return True


def _paths(
    beside: Mapping[int, Sequence[int]],
    cost: Mapping[tuple[int, int], int],
    mate: Mapping[int, int],
) -> tuple[dict[int, int], dict[int, int]]:
    """Return how long the cheapest path to each second one is, and from which first one it comes.

    Paths begin at what has no mate; by Bellman and Ford, since costs are negative.
    """
    taken = {a: b for b, a in mate.items()}
    to_first: dict[int, int] = {a: 0 for a in beside if a not in taken}
    to_second: dict[int, int] = {}
    came_from: dict[int, int] = {}
    changed = True
    while changed:
        changed = False
        for a in list(to_first):
            for b in beside[a]:
                length = to_first[a] + cost[a, b]
                if taken.get(a) == b or length >= to_second.get(b, 1):
                    continue
                to_second[b], came_from[b], changed = length, a, True
                if b in mate:
                    to_first[mate[b]] = length - cost[mate[b], b]
    return to_second, came_from
