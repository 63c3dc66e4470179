"""Krippendorff's α_u for units on a continuum, in characters.

Krippendorff 1995; Content Analysis, 2004, chapter 11.

Each layer and label is a continuum cut into units (spans; each fragment is one) and gaps between
them; overlapping units of one annotator and label are joined, units that touch are not. α_u = 1 − Σ
observed / Σ expected over the labels. Documents lie end to end, but no gap runs from one into the
next; those that an annotator did not work on are left out. Value: Krippendorff (2004), α_u = 0.7286
with a continuum that begins at 150.

>>> from annotator.compare.building import of_spans
>>> spans = {
...     "i": [("c", 75, 145), ("c", 220, 250)],
...     "j": [("c", 70, 150), ("c", 205, 225), ("c", 250, 270)],
... }
>>> round(alpha_u(of_spans(300, spans)).total(), 4)
0.7286
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.agreement._core.spans import spans_each
from annotator.compare.comparison import Comparison, Numbers
from annotator.compare.matching import crossing
from annotator.i18n import N_, _


@dataclass(frozen=True, eq=False)
class Stretches:
    """Units or gaps of all annotators: document, kind and annotator of each, and where it lies."""

    document: Numbers
    kind: Numbers
    annotator: Numbers
    start: Numbers
    end: Numbers

    @property
    def length(self) -> Numbers:
        """The number of characters of each."""
        return self.end - self.start

    def taken(self, rows: Numbers) -> "Stretches":
        """Return some of the rows, or all in another order."""
        columns = (self.document, self.kind, self.annotator, self.start, self.end)
        return Stretches(*(column[rows] for column in columns))


def alpha_u(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of α_u."""
    people = len(found.annotators)
    documents = np.flatnonzero(found.shared(*range(people)) & (people > 1))
    sizes = found.texts.sizes
    parts = units(found, documents)
    apart = observed(parts, people, sizes, len(found.worked))
    chance = Expected(parts, gaps(parts, documents, people, sizes), people, sizes, documents)

    def weighted(weights: Figures) -> float:
        length = float(weights[documents] @ sizes[documents])
        # A resample may hold nothing but empty texts.
        if not (parts.length > 0).any() or length == 0:
            raise NoValueError(_("Nobody marked anything here."))
        expected = chance.disagreement(weights)
        if expected <= 0:
            raise NoValueError(_("The whole text is one unit, so nothing could differ."))
        return 1 - float(weights @ apart) / (people * (people - 1) * length**2) / expected

    return Tally.of_weights(spans_each(found), weighted)


def units(found: Comparison, documents: Numbers) -> Stretches:
    """Return the units of all annotators in some documents, overlapping ones of a label joined."""
    ground = found.characters
    marks = found.marks
    rows = np.flatnonzero(np.isin(marks.document[ground.row], documents))
    group = _continua(found)[ground.row[rows]]
    order = np.lexsort((ground.start[rows], group))
    rows = rows[order]
    group = group[order]
    offset = group * (int(np.max(ground.sizes, initial=0)) + 1)
    first = _first_of_joined(ground.start[rows] + offset, ground.end[rows] + offset)
    ends = np.maximum.reduceat(ground.end[rows], first) if len(first) else first
    owner = ground.row[rows][first]
    return Stretches(
        marks.document[owner],
        marks.kind[owner],
        marks.annotator[owner],
        ground.start[rows][first],
        ends.astype(np.int64),
    )


def _continua(found: Comparison) -> Numbers:
    """Return a number for each mark, equal where annotator, kind and document are."""
    marks = found.marks
    group: Numbers = marks.annotator * max(1, len(found.kinds)) + marks.kind
    return group * len(found.worked) + marks.document


def _first_of_joined(start: Numbers, end: Numbers) -> Numbers:
    """Return the rows, in the order of their starts, that no earlier one reaches into."""
    if not len(start):
        return np.flatnonzero(start)
    reach = np.maximum.accumulate(end)
    return np.flatnonzero(np.concatenate([[True], start[1:] >= reach[:-1]]))


def gaps(parts: Stretches, documents: Numbers, people: int, sizes: Numbers) -> Stretches:
    """Return the gaps between units, for each annotator and each kind that anybody used.

    An untouched document is one gap.
    """
    edges = _with_edges(parts, documents, people, sizes)
    edges = edges.taken(
        np.lexsort((edges.end, edges.start, edges.document, edges.kind, edges.annotator))
    )
    before = edges.taken(np.arange(len(edges.end) - 1))
    after = edges.taken(np.arange(1, len(edges.end)))
    same_continuum = (
        (after.annotator == before.annotator)
        & (after.kind == before.kind)
        & (after.document == before.document)
    )
    between = np.flatnonzero(same_continuum & (after.start > before.end))
    return Stretches(
        before.document[between],
        before.kind[between],
        before.annotator[between],
        before.end[between],
        after.start[between],
    )


def _with_edges(parts: Stretches, documents: Numbers, people: int, sizes: Numbers) -> Stretches:
    """Return the units, and an empty one at the start and at the end of each continuum."""
    grid = np.meshgrid(np.arange(people), np.unique(parts.kind), documents, indexing="ij")
    annotator, kind, document = (column.ravel() for column in grid)
    low = np.zeros(len(document), dtype=np.int64)
    high = sizes[document]
    return Stretches(
        np.concatenate([parts.document, document, document]),
        np.concatenate([parts.kind, kind, kind]),
        np.concatenate([parts.annotator, annotator, annotator]),
        np.concatenate([parts.start, low, high]),
        np.concatenate([parts.end, low, high]),
    )


def observed(parts: Stretches, people: int, sizes: Numbers, documents: int) -> Figures:
    """Return each document's part of the observed disagreement, before dividing by m(m − 1)L²."""
    offsets = np.concatenate([[0], np.cumsum(sizes + 1)])
    offset = parts.kind * offsets[-1] + offsets[parts.document]
    apart = np.zeros(documents)
    for one, other in combinations(range(people), 2):
        ours = np.flatnonzero(parts.annotator == one)
        theirs = np.flatnonzero(parts.annotator == other)
        left, right = _crossing_units(parts, offset, ours, theirs)
        squares = _square_distance(parts, left, right)
        apart += 2 * np.bincount(parts.document[left], weights=squares, minlength=documents)
        alone = np.setdiff1d(np.concatenate([ours, theirs]), np.concatenate([left, right]))
        squares = parts.length[alone] ** 2
        apart += 2 * np.bincount(parts.document[alone], weights=squares, minlength=documents)
    return apart


def _crossing_units(
    parts: Stretches, offset: Numbers, ours: Numbers, theirs: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the pairs of units that cross; `offset` keeps kinds and documents apart."""
    start = parts.start + offset
    end = parts.end + offset
    one, other = crossing(start[ours], end[ours], start[theirs], end[theirs])
    return ours[one], theirs[other]


def _square_distance(parts: Stretches, left: Numbers, right: Numbers) -> Numbers:
    starts = parts.start[left] - parts.start[right]
    ends = parts.end[left] - parts.end[right]
    return starts**2 + ends**2


class Expected:
    """The disagreement to be expected when the units of each kind lie anywhere on the continuum."""

    def __init__(
        self, parts: Stretches, holes: Stretches, people: int, sizes: Numbers, documents: Numbers
    ) -> None:
        self.parts = parts
        self.holes = holes
        self.people = people
        self.sizes = sizes
        self.documents = documents
        self.lengths = int(np.max(sizes, initial=0)) + 2
        kinds, kind = np.unique(parts.kind, return_inverse=True)
        self.shape = (len(kinds), self.lengths)
        self.unit_cell = kind * self.lengths + parts.length
        self.hole_cell = np.searchsorted(kinds, holes.kind) * self.lengths + holes.length

    def disagreement(self, weights: Figures) -> float:
        """Return the sum over kinds, each document standing as often as its weight says."""
        units = self._by_length(self.unit_cell, weights[self.parts.document])
        holes = self._by_length(self.hole_cell, weights[self.holes.document])
        size = np.arange(self.lengths, dtype=np.float64)
        number = units.sum(axis=1, keepdims=True)
        on_units = (number - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        in_gaps = size**2 * _places_in(holes, size)
        inside = (units * (on_units + in_gaps)).sum(axis=1)
        length = float(weights[self.documents] @ self.sizes[self.documents])
        characters = self.people * length
        places = characters * (characters - 1) - (units * size * (size - 1)).sum(axis=1)
        return float((2 / length * inside / np.maximum(places, 1)).sum())

    def _by_length(self, cells: Numbers, weights: Figures) -> Figures:
        """Return how many stretches there are (kinds × lengths)."""
        counts = np.bincount(cells, weights=weights, minlength=self.shape[0] * self.shape[1])
        return counts.reshape(self.shape).astype(np.float64)


def _places_in(holes: Figures, size: Figures) -> Figures:
    """Return in how many places a unit of each length fits into the gaps of its kind."""
    as_long = np.cumsum(holes[:, ::-1], axis=1)[:, ::-1]
    places: Figures = np.cumsum((holes * (size + 1))[:, ::-1], axis=1)[:, ::-1] - as_long * size
    return places


MEASURE = Measure(
    "alpha_u",
    N_("Krippendorff's α of units"),
    N_("place and label of spans, by their length"),
    spans=alpha_u,
)
