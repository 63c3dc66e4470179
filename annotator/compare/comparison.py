"""The values of a comparison: texts, marks as columns, and the ground they cover.

Words as in the package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from annotator.model import Relation, Span
from annotator.text.segmentation import tokens

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Kind = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts that annotators worked on, and their names for reports."""

    names: tuple[str, ...]
    texts: tuple[str, ...]

    @cached_property
    def sizes(self) -> Numbers:
        """The number of characters of each."""
        return np.array([len(text) for text in self.texts], dtype=np.int64)

    @cached_property
    def tokens(self) -> "TokenEdges":
        """Where the tokens of all texts begin and end."""
        return token_edges(self.texts)


class Shapes(NamedTuple):
    """The fragments of all shapes, one after the other.

    Those of shape n are `first[n]` up to `first[n + 1]`.
    """

    first: Numbers
    start: Numbers
    end: Numbers


@dataclass(frozen=True, eq=False)
class Marks:
    """Spans as columns, a row a span.

    Numbers of document, annotator, kind and shape, and where the whole span begins and ends.
    """

    document: Numbers
    annotator: Numbers
    kind: Numbers
    shape: Numbers
    start: Numbers
    end: Numbers

    def __len__(self) -> int:
        return len(self.document)

    def taken(self, rows: Truths | Numbers) -> "Marks":
        """Return some of the rows."""
        columns = (self.document, self.annotator, self.kind, self.shape, self.start, self.end)
        return Marks(*(column[rows] for column in columns))


@dataclass(frozen=True, eq=False)
class Ground:
    """What can be covered: its extent in each document, and the stretches that fragments cover.

    A row of `row`, `start` and `end` is a fragment of the mark `row`.
    """

    sizes: Numbers
    row: Numbers
    start: Numbers
    end: Numbers


@dataclass(frozen=True, eq=False)
class Comparison:
    """What annotators marked in the same texts.

    worked: documents × annotators. spans: the rows of `marks` as values. whole: where this holds
    the marks of some kinds only, the comparison of all kinds; relations end in any of them.
    """

    annotators: tuple[str, ...]
    texts: Texts
    worked: Truths
    kinds: tuple[Kind, ...]
    shapes: Shapes
    marks: Marks
    spans: tuple[Span, ...]
    relations: Mapping[tuple[int, int], tuple[Relation, ...]]
    reports: tuple[str, ...] = ()
    whole: "Comparison | None" = None

    def only(self, layer: str | None = None, label: str | None = None) -> "Comparison":
        """Return the comparison of the marks of a layer, of a label, or both."""
        wanted = [layer in (None, kind[0]) and label in (None, kind[1]) for kind in self.kinds]
        return replace(
            self._rows(np.array(wanted, dtype=bool)[self.marks.kind]), whole=self.whole or self
        )

    def between(self, names: Sequence[str]) -> "Comparison":
        """Return the comparison of some of the annotators, in the order given."""
        numbers = [self.annotators.index(name) for name in names]
        place = np.full(len(self.annotators), -1)
        place[numbers] = np.arange(len(numbers))
        kept = self._rows(place[self.marks.annotator] >= 0)
        marks = replace(kept.marks, annotator=place[kept.marks.annotator])
        there = place.tolist()
        relations = {
            (where, there[who]): those
            for (where, who), those in self.relations.items()
            if there[who] >= 0
        }
        whole = self.whole and self.whole.between(names)
        worked = self.worked[:, numbers]
        return replace(
            kept,
            annotators=tuple(names),
            worked=worked,
            marks=marks,
            relations=relations,
            whole=whole,
        )

    def in_common(self) -> "Comparison":
        """Return the comparison of what is in the documents that all annotators worked on."""
        return self._rows(self.shared(*range(len(self.annotators)))[self.marks.document])

    def _rows(self, kept: Truths) -> "Comparison":
        if kept.all():
            return self
        rows = np.flatnonzero(kept)
        return replace(
            self,
            marks=self.marks.taken(rows),
            spans=tuple(self.spans[row] for row in rows.tolist()),
        )

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """All pairs of annotators, by number."""
        return list(combinations(range(len(self.annotators)), 2))

    def shared(self, *people: int) -> Truths:
        """Tell for each document whether all of these annotators worked on it."""
        shared: Truths = np.all(self.worked[:, list(people)], axis=1)
        return shared

    @cached_property
    def characters(self) -> Ground:
        """The characters of the texts as ground."""
        shapes = self.shapes
        low = shapes.first[self.marks.shape]
        counts = shapes.first[self.marks.shape + 1] - low
        before = np.cumsum(counts) - counts
        pieces = np.repeat(low - before, counts) + np.arange(counts.sum())
        return Ground(
            self.texts.sizes,
            np.repeat(np.arange(len(counts)), counts),
            shapes.start[pieces],
            shapes.end[pieces],
        )

    @cached_property
    def tokens(self) -> Ground:
        """The tokens of the texts as ground.

        A span covers a token when it covers any of its characters.
        """
        return on_tokens(self.characters, self.marks.document, self.texts.tokens)


class TokenEdges(NamedTuple):
    """The tokens of texts laid end to end.

    Their edges, each text's offset, and the number of tokens before each text.
    """

    starts: Numbers
    ends: Numbers
    offsets: Numbers
    first: Numbers


def token_edges(texts: Sequence[str]) -> TokenEdges:
    """Cut texts into tokens."""
    offsets = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)])
    found = [np.fromiter(chain.from_iterable(tokens(text)), dtype=np.int64) for text in texts]
    counts = np.array([len(edges) // 2 for edges in found], dtype=np.int64)
    flat = np.concatenate([np.zeros(0, dtype=np.int64), *found]).reshape(-1, 2)
    flat += np.repeat(offsets[:-1], counts)[:, None]
    return TokenEdges(
        flat[:, 0],
        flat[:, 1],
        offsets[:-1],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )


def on_tokens(ground: Ground, document: Numbers, edges: TokenEdges) -> Ground:
    """Say in tokens what is said in characters; `document` is that of each mark."""
    where = document[ground.row]
    offset = edges.offsets[where]
    before = edges.first[where]
    start = np.searchsorted(edges.ends, ground.start + offset, side="right") - before
    end = np.searchsorted(edges.starts, ground.end + offset, side="left") - before
    return Ground(np.diff(edges.first), ground.row, start, np.maximum(start, end))
