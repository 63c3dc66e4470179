"""Krippendorff's α_u for units on a continuum (1995.

Content Analysis, 2004, chapter 11), in characters.

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
        if (
            not (parts.length > 0).any() or length == 0
        ):  # a resample may hold nothing but empty texts
            raise NoValueError(_("Nobody marked anything here."))
        expected = chance.disagreement(weights)
        if expected <= 0:
            raise NoValueError(_("The whole text is one unit, so nothing could differ."))
        return 1 - float(weights @ apart) / (people * (people - 1) * length**2) / expected

    return Tally.of_weights(spans_each(found), weighted)


def units(found: Comparison, documents: Numbers) -> Stretches:
    """Return the units of all annotators in some documents, overlapping ones of a label joined."""
    ground, marks = found.characters, found.marks
    rows = np.flatnonzero(np.isin(marks.document[ground.row], documents))
    each = ground.row[rows]
    group = (marks.annotator[each] * max(1, len(found.kinds)) + marks.kind[each]) * len(
        found.worked
    ) + marks.document[each]
    order = np.lexsort((ground.start[rows], group))
    rows, each, group = rows[order], each[order], group[order]
    room = int(ground.sizes.max(initial=0)) + 1
    reach = np.maximum.accumulate(ground.end[rows] + group * room) if len(rows) else group
    fresh = np.concatenate([[True], (ground.start[rows] + group * room)[1:] >= reach[:-1]])[
        : len(rows)
    ]
    first = np.flatnonzero(fresh)
    ends = (np.maximum.reduceat(ground.end[rows], first) if len(first) else first).astype(np.int64)
    owner = each[first]
    return Stretches(
        marks.document[owner],
        marks.kind[owner],
        marks.annotator[owner],
        ground.start[rows][first],
        ends,
    )


def gaps(parts: Stretches, documents: Numbers, people: int, sizes: Numbers) -> Stretches:
    """Return the gaps between units, for each annotator and each kind that anybody used.

    An untouched document is one gap.
    """
    kinds = np.unique(parts.kind)
    who, kind, where = (
        grid.ravel() for grid in np.meshgrid(np.arange(people), kinds, documents, indexing="ij")
    )
    nothing = np.zeros(len(who), dtype=np.int64)
    annotator, kind, where, start, end = (
        np.concatenate(columns)
        for columns in (
            (parts.annotator, who, who),
            (parts.kind, kind, kind),
            (parts.document, where, where),
            (parts.start, nothing, sizes[where]),
            (parts.end, nothing, sizes[where]),
        )
    )
    order = np.lexsort((end, start, where, kind, annotator))
    annotator, kind, where, start, end = (
        annotator[order],
        kind[order],
        where[order],
        start[order],
        end[order],
    )
    same = (annotator[1:] == annotator[:-1]) & (kind[1:] == kind[:-1]) & (where[1:] == where[:-1])
    between = np.flatnonzero(same & (start[1:] > end[:-1]))
    return Stretches(
        where[between], kind[between], annotator[between], end[between], start[between + 1]
    )


def observed(parts: Stretches, people: int, sizes: Numbers, documents: int) -> Figures:
    """Return each document's part of the observed disagreement, before dividing by m(m − 1)L²."""
    offsets = np.concatenate([[0], np.cumsum(sizes + 1)])
    begin = parts.kind * offsets[-1] + offsets[parts.document]
    start, end = parts.start + begin, parts.end + begin
    apart = np.zeros(documents)
    for one in range(people):
        for other in range(one + 1, people):
            ours, theirs = (
                np.flatnonzero(parts.annotator == one),
                np.flatnonzero(parts.annotator == other),
            )
            left, right = crossing(start[ours], end[ours], start[theirs], end[theirs])
            left, right = ours[left], theirs[right]
            far = (start[left] - start[right]) ** 2 + (end[left] - end[right]) ** 2
            apart += 2 * np.bincount(parts.document[left], weights=far, minlength=documents)
            alone = np.zeros(len(start), dtype=bool)
            alone[ours] = alone[theirs] = True
            alone[left] = alone[right] = False
            apart += 2 * np.bincount(
                parts.document[alone], weights=parts.length[alone] ** 2, minlength=documents
            )
    return apart


class Expected:
    """The disagreement to be expected when the units of each kind lie anywhere on the continuum."""

    def __init__(
        self, parts: Stretches, holes: Stretches, people: int, sizes: Numbers, documents: Numbers
    ) -> None:
        self.parts, self.holes, self.people = parts, holes, people
        self.sizes, self.documents = sizes, documents
        self.room = int(sizes.max(initial=0)) + 2
        kinds, kind = np.unique(parts.kind, return_inverse=True)
        self.shape = (len(kinds), self.room)
        self.unit_cell = kind * self.room + parts.length
        self.hole_cell = np.searchsorted(kinds, holes.kind) * self.room + holes.length

    def disagreement(self, weights: Figures) -> float:
        """Return the sum over kinds, each document standing as often as its weight says."""
        cells = self.shape[0] * self.shape[1]
        many = np.bincount(
            self.unit_cell, weights=weights[self.parts.document], minlength=cells
        ).reshape(self.shape)
        holes = np.bincount(
            self.hole_cell, weights=weights[self.holes.document], minlength=cells
        ).reshape(self.shape)
        size = np.arange(self.room, dtype=np.float64)
        longer = np.cumsum(holes[:, ::-1], axis=1)[:, ::-1]
        rooms = np.cumsum((holes * (size + 1))[:, ::-1], axis=1)[:, ::-1] - longer * size
        length = float(weights[self.documents] @ self.sizes[self.documents])
        number = many.sum(axis=1, keepdims=True)
        inside = (
            many * ((number - 1) / 3 * (2 * size**3 - 3 * size**2 + size) + size**2 * rooms)
        ).sum(axis=1)
        places = self.people * length * (self.people * length - 1) - (many * size * (size - 1)).sum(
            axis=1
        )
        return float((2 / length * inside / np.maximum(places, 1)).sum())


MEASURE = Measure(
    "alpha_u",
    N_("Krippendorff's α of units"),
    N_("place and label of spans, by their length"),
    spans=alpha_u,
)
