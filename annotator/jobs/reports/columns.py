"""Which span of one annotator stands for which of another, behind every figure of a report."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from annotator.compare.comparison import Comparison, Numbers, Truths
from annotator.compare.matching import Touching, matched, touching
from annotator.model import Span

NOTHING, ANY = -1, -2


class Behind(NamedTuple):
    """What stands behind a figure: of which pair, which kinds, which document (by number).

    ANY where all do. A kind of NOTHING: the annotator marked nothing there. `either`: pairs that
    have the kind on one side or the other. `differing`: only what they do not agree on. `among`:
    only in these documents. `again`: of which round of repeats.
    """

    pair: int = ANY
    first: int = ANY
    second: int = ANY
    document: int = ANY
    either: int = ANY
    differing: bool = False
    among: tuple[int, ...] = ()
    again: int = ANY


class Place(NamedTuple):
    """A place that two annotators marked, or one of them: the document, and each one's span.

    The id and the label of a span are "" where one of them marked nothing.
    """

    document: str
    name: str
    annotators: tuple[str, str]
    labels: tuple[str, str]
    spans: tuple[str, str]
    extent: tuple[int, int]
    text: str


@dataclass(frozen=True, eq=False)
class LinedUp:
    """Pairs of spans as columns.

    The pair of annotators, and the rows of the comparison's marks on both sides, NOTHING for none.
    """

    found: Comparison
    ids: tuple[str, ...]
    pair: Numbers
    first: Numbers
    second: Numbers

    @cached_property
    def kinds(self) -> tuple[Numbers, Numbers]:
        """The kinds on both sides, NOTHING for none."""
        kind = np.append(self.found.marks.kind, NOTHING)
        return kind[self.first], kind[self.second]

    @cached_property
    def document(self) -> Numbers:
        """The number of the document of each row."""
        document: Numbers = self.found.marks.document[
            np.where(self.first == NOTHING, self.second, self.first)
        ]
        return document

    @cached_property
    def alike(self) -> Truths:
        """Tell for each row whether both have the same place and kind."""
        shape = np.append(self.found.marks.shape, NOTHING)
        same: Truths = (shape[self.first] == shape[self.second]) & (self.kinds[0] == self.kinds[1])
        return same

    def rows(self, behind: Behind) -> Numbers:
        """Return the rows that stand behind a figure."""
        wanted = np.ones(len(self.pair), dtype=bool)
        first, second = self.kinds
        for column, value in (
            (self.pair, behind.pair),
            (first, behind.first),
            (second, behind.second),
            (self.document, behind.document),
        ):
            if value != ANY:
                wanted &= column == value
        if behind.either != ANY:
            wanted &= (first == behind.either) | (second == behind.either)
        if behind.among:
            wanted &= np.isin(self.document, behind.among)
        if behind.differing:
            wanted &= ~self.alike
        return np.flatnonzero(wanted)

    def place(self, row: int) -> Place:
        """Return a row as a person can look at it."""
        names = self.found.annotators
        texts = self.found.texts
        first = self._span(self.first[row])
        second = self._span(self.second[row])
        span = first or second
        if span is None:
            raise ValueError("a row has a span on one side at least")
        one, other = self.found.pairs[int(self.pair[row])]
        document = int(self.document[row])
        text = texts.texts[document]
        return Place(
            self.ids[document],
            texts.names[document],
            (names[one], names[other]),
            (first.label if first else "", second.label if second else ""),
            (first.id if first else "", second.id if second else ""),
            (span.start, span.end),
            " … ".join(text[start:end] for start, end in span.fragments),
        )

    def _span(self, row: int) -> Span | None:
        return None if row == NOTHING else self.found.spans[int(row)]

    def confusion(self, pair: int = ANY) -> dict[tuple[int, int], int]:
        """Count how often one annotator's kind stands beside the other's."""
        rows = self.rows(Behind(pair))
        first, second = (side[rows] for side in self.kinds)
        width = len(self.found.kinds) + 1
        cells, counts = np.unique((first + 1) * width + second + 1, return_counts=True)
        return {
            (cell // width - 1, cell % width - 1): count
            for cell, count in zip(cells.tolist(), counts.tolist(), strict=True)
        }


def line_up(found: Comparison, ids: tuple[str, ...]) -> LinedUp:
    """Put each span of an annotator beside the span of another that stands for it.

    First those alike in place and label, then those alike in place, then those that share a
    character, of one label where it can be; of those as many as can be.
    """
    nothing = np.zeros(0, dtype=np.int64)
    columns = [(nothing, nothing, nothing)]
    for number, (one, other) in enumerate(found.pairs):
        first, second = _sides(found, one, other)
        columns.append((np.full(len(first), number), first, second))
    pair, first, second = (np.concatenate(column) for column in zip(*columns, strict=True))
    return LinedUp(found, ids, pair, first, second)


def _sides(found: Comparison, one: int, other: int) -> tuple[Numbers, Numbers]:
    """Return the rows of two annotators' marks side by side; what has no partner comes last."""
    marks = found.marks
    both = found.shared(one, other)[marks.document]
    left, right = _partners(found, touching(found, one, other, both))
    alone = np.setdiff1d(np.flatnonzero(both & (marks.annotator == one)), left)
    other_alone = np.setdiff1d(np.flatnonzero(both & (marks.annotator == other)), right)
    return (
        np.concatenate([left, alone, np.full(len(other_alone), NOTHING)]),
        np.concatenate([right, np.full(len(alone), NOTHING), other_alone]),
    )


def _partners(found: Comparison, pairs: Touching) -> tuple[Numbers, Numbers]:
    """Return the rows of the marks that stand for one another."""
    marks = found.marks
    place = marks.shape[pairs.first] == marks.shape[pairs.second]
    label = marks.kind[pairs.first] == marks.kind[pairs.second]
    worth = pairs.shared + (int(pairs.shared.sum()) + 1) * label
    free = np.ones(len(place), dtype=bool)
    chosen = [np.zeros(0, dtype=np.int64)]
    for stage in (place & label, place, free):
        rows = np.flatnonzero(stage & free)
        some = Touching(pairs.first[rows], pairs.second[rows], pairs.shared[rows])
        rows = rows[matched(some, worth[rows])]
        free = (
            free
            & ~np.isin(pairs.first, pairs.first[rows])
            & ~np.isin(pairs.second, pairs.second[rows])
        )
        chosen.append(rows)
    rows = np.concatenate(chosen)
    return pairs.first[rows], pairs.second[rows]
