"""Tallies of spans, as the measures of spans share them.

F1 of more than two annotators is that of all pairs together: 2 × what agrees / what there is,
summed over the pairs and over the documents that both worked on. It is 2PR/(P + R), so nobody needs
to be the truth.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Figures, Tally, remembered
from annotator.compare.comparison import Comparison, Ground, Kind, Numbers, Truths
from annotator.compare.matching import counted
from annotator.i18n import _


def ratio(sums: Figures) -> float:
    """Return F1 of (what agrees, what both have)."""
    if sums[1] <= 0:
        raise NoValueError(_("Nobody marked anything here."))
    return float(2 * sums[0] / sums[1])


def f1_of_keys(found: Comparison, keys: Numbers) -> Tally:
    """Return the tally of F1 where marks agree that have equal keys, each with one other only."""
    table = counted(found, keys)
    size = len(found.worked)
    figures = np.zeros((size, 2))
    for first, second in found.pairs:
        ours = table.counts[:, first]
        theirs = table.counts[:, second]
        both = found.shared(first, second)[table.document]
        for place, values in ((0, np.minimum(ours, theirs)), (1, ours + theirs)):
            figures[:, place] += np.bincount(
                table.document, weights=np.where(both, values, 0), minlength=size
            )
    return Tally(figures, spans_each(found), ratio)


def spans_each(found: Comparison) -> Figures:
    """Return the number of spans in each document."""
    return np.bincount(found.marks.document, minlength=len(found.worked)).astype(np.float64)


def f1_of_ground(found: Comparison, ground: Ground) -> Tally:
    """Return the tally of F1 of what is covered, counted once for each layer and label."""
    people = len(found.annotators)
    alone = [_covered(found, ground, [person]) for person in range(people)]
    figures = np.zeros((len(found.worked), 2))
    for first, second in found.pairs:
        both = found.shared(first, second)
        sums = alone[first] + alone[second]
        figures[:, 0] += np.where(both, sums - _covered(found, ground, [first, second]), 0)
        figures[:, 1] += np.where(both, sums, 0)
    return Tally(figures, np.sum(alone, axis=0), ratio)


def _covered(found: Comparison, ground: Ground, people: Sequence[int]) -> Figures:
    """Return how much of each document some annotators cover together, summed over kinds."""
    marks = found.marks
    rows = np.flatnonzero(np.isin(marks.annotator[ground.row], people))
    each = ground.row[rows]
    document = marks.document[each]
    offsets = np.concatenate([[0], np.cumsum(ground.sizes)])
    begin = marks.kind[each] * offsets[-1] + offsets[document]
    start = begin + ground.start[rows]
    end = begin + ground.end[rows]
    order = np.argsort(start, kind="stable")
    start = start[order]
    end = end[order]
    document = document[order]
    reach = np.maximum.accumulate(end)
    fresh = np.maximum(start, np.concatenate([[0], reach[:-1]])) if len(end) else start
    return np.bincount(
        document, weights=np.maximum(0, end - fresh), minlength=len(found.worked)
    ).astype(np.float64)


class TokenCounts(NamedTuple):
    """How often each row of a table of codings is in each document; each document's tokens."""

    document: Numbers
    row: Numbers
    times: Figures
    sizes: Numbers

    def weighted(self, weights: Figures, rows: int) -> Figures:
        """Return how often each row is there when a document stands as often as its weight says."""
        return np.bincount(
            self.row, weights=self.times * weights[self.document], minlength=rows
        ).astype(np.float64)


class _CodedTokens(NamedTuple):
    """Tokens that are coded alike, a row a group.

    Their document, the number of the set of kinds that each annotator gave them (−1: did not work
    there), how many tokens they are, and the names of the sets.
    """

    document: Numbers
    codes: Numbers
    tokens: Figures
    names: tuple[Hashable, ...]


@remembered
def coded_tokens(found: Comparison) -> tuple[Codings, TokenCounts]:
    """Code each token by the set of kinds that cover it.

    Return the table, and how often each row is in each document. A token in nested or stacked
    spans has a category of its own ("PER+ORG"), one outside all spans has "". An annotator who did
    not work on a document has no codes there.
    """
    coded = _coded(found)
    patterns, first, pattern = np.unique(
        _joined(coded.codes, len(coded.names)), return_index=True, return_inverse=True
    )
    cells, cell = np.unique(coded.document * len(patterns) + pattern, return_inverse=True)
    counts = TokenCounts(
        cells // len(patterns),
        cells % len(patterns),
        np.bincount(cell, weights=coded.tokens).astype(np.float64),
        found.tokens.sizes,
    )
    codes = coded.codes[first]
    chosen = _chosen(codes, len(coded.names), len(found.annotators))
    table = Codings(codes, np.zeros(len(first)), coded.names, chosen)
    return table.weighted(counts.weighted(np.ones(len(found.worked)), len(first))), counts


def _coded(found: Comparison) -> _CodedTokens:
    """Code the tokens that anybody marked, each by itself, and the rest of each document as one."""
    ground = found.tokens
    documents = len(found.worked)
    offsets = np.concatenate([[0], np.cumsum(ground.sizes)])
    offset = offsets[found.marks.document][ground.row]
    touched = np.flatnonzero(_touched(ground, offset, int(offsets[-1])))
    document = np.searchsorted(offsets, touched, side="right") - 1
    sets, names = _sets(found, ground, offset, touched)
    sets[~found.worked[document]] = -1
    untouched = ground.sizes - np.bincount(document, minlength=documents)
    return _CodedTokens(
        np.concatenate([document, np.arange(documents)]),
        np.concatenate([sets, np.where(found.worked, 0, -1)]),
        np.concatenate([np.ones(len(touched)), untouched]),
        names,
    )


def _chosen(rows: Numbers, size: int, people: int) -> Figures:
    counts = np.zeros((len(rows), size))
    for person in range(people):
        said = np.flatnonzero(rows[:, person] >= 0)
        counts[said, rows[said, person]] += 1
    return counts


def _touched(ground: Ground, offset: Numbers, size: int) -> Figures:
    steps = np.bincount(ground.start + offset, minlength=size + 1) - np.bincount(
        ground.end + offset, minlength=size + 1
    )
    return np.cumsum(steps)[:size].astype(np.float64)


def _sets(
    found: Comparison, ground: Ground, offset: Numbers, places: Numbers
) -> tuple[Numbers, tuple[Hashable, ...]]:
    """Return for each place and annotator the number of the set of kinds there; the sets' names.

    Set 0 is empty.
    """
    marks = found.marks
    start = np.searchsorted(places, ground.start + offset)
    end = np.searchsorted(places, ground.end + offset)
    names: list[tuple[str, ...]] = [()]
    sets = np.zeros((len(places), len(found.annotators)), dtype=np.int64)
    for kind in np.unique(marks.kind).tolist():
        rows = np.flatnonzero(marks.kind[ground.row] == kind)
        covered = _inside(start[rows], end[rows], marks.annotator[ground.row[rows]], sets.shape)
        used, number = np.unique(sets[covered], return_inverse=True)
        sets[covered] = number + len(names)
        names += [(*names[old], _name(found.kinds[kind])) for old in used.tolist()]
    return sets, tuple("+".join(sorted(name)) for name in names)


def _name(kind: Kind) -> str:
    return ":".join(part for part in kind if part)


def _inside(start: Numbers, end: Numbers, who: Numbers, shape: tuple[int, ...]) -> Truths:
    """Return for each place and annotator whether one of their stretches covers it."""
    places, people = shape
    steps = np.zeros((places + 1, people), dtype=np.int64)
    np.add.at(steps, (start, who), 1)
    np.add.at(steps, (end, who), -1)
    covered: Truths = np.cumsum(steps, axis=0)[:-1] > 0
    return covered


def _joined(rows: Numbers, size: int) -> Numbers:
    """Return a number a row that is equal for equal rows."""
    number = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        number = number * (size + 1) + column + 1
        if number.size and int(number.max()) > 2**40:
            number = np.unique(number, return_inverse=True)[1]
    return number


def token_tally(found: Comparison, coefficient: Callable[[Codings], float]) -> Tally:
    """Return the tally of a coefficient of codings, with tokens as items."""
    codings, counts = coded_tokens(found)

    def weighted(weights: Figures) -> float:
        if codings.categories == ("",):
            raise NoValueError(_("Nobody marked anything here."))
        return coefficient(codings.weighted(counts.weighted(weights, len(codings.codes))))

    return Tally.of_weights(counts.sizes.astype(np.float64), weighted)
