"""Codings: what each annotator said of each item, as a table.

Items that were coded alike are one row with a weight.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Value = Hashable | None
Codes = npt.NDArray[np.int64]
Figures = npt.NDArray[np.float64]
MISSING = -1


@dataclass(frozen=True, eq=False)
class Codings:
    """A table of codings: rows (patterns of codes) × annotators, −1 where one said nothing.

    weights: how many items have the row.

    `categories` are in their order: numbers by size, words as declared or by the alphabet.
    `counts`: rows × categories, how many annotators chose each.
    """

    codes: Codes
    weights: Figures
    categories: tuple[Hashable, ...]
    counts: Figures

    @classmethod
    def of(
        cls,
        items: Iterable[Sequence[Value]],
        weights: Sequence[float] = (),
        categories: Sequence[Hashable] = (),
    ) -> "Codings":
        """Make a table of items (a value an annotator, None: missing).

        `categories` declares them where not all are used.
        """
        rows = [tuple(row) for row in items]
        order = tuple(categories) or ordered(
            {value for row in rows for value in row if value is not None}
        )
        number: dict[Value, int] = {value: place for place, value in enumerate(order)}
        codes = np.array(
            [[number.get(value, MISSING) for value in row] for row in rows], dtype=np.int64
        )
        codes = codes.reshape(len(rows), -1) if rows else np.zeros((0, 0), dtype=np.int64)
        heavy = np.ones(len(rows), dtype=np.float64)
        if len(weights):
            heavy = np.array(weights, dtype=np.float64)
        return cls.table(codes, heavy, order)

    @classmethod
    def table(cls, codes: Codes, weights: Figures, categories: tuple[Hashable, ...]) -> "Codings":
        """Make a table of codes, joining equal rows."""
        if not len(codes):
            return cls(codes, weights, categories, np.zeros((0, len(categories))))
        patterns, number = np.unique(codes, axis=0, return_inverse=True)
        joined = np.bincount(number.ravel(), weights=weights, minlength=len(patterns)).astype(
            np.float64
        )
        counts = np.stack(
            [(patterns == code).sum(axis=1) for code in range(len(categories))]
            or [np.zeros(len(patterns))],
            axis=1,
        )
        return cls(patterns, joined, categories, counts[:, : len(categories)].astype(np.float64))

    def weighted(self, weights: Figures) -> "Codings":
        """Return the same rows with other weights."""
        return replace(self, weights=weights)

    def between(self, columns: Sequence[int]) -> "Codings":
        """Return the table of some of the annotators; the categories stay."""
        return Codings.table(self.codes[:, list(columns)], self.weights, self.categories)

    def about(self, category: Hashable) -> "Codings":
        """Return the table with one category against all others."""
        wanted = self.categories.index(category)
        codes = np.where(self.codes == MISSING, MISSING, np.where(self.codes == wanted, 1, 0))
        return Codings.table(codes, self.weights, ("", category))

    @property
    def annotators(self) -> int:
        """The number of annotators."""
        return int(self.codes.shape[1]) if self.codes.ndim == 2 else 0

    @property
    def numbers(self) -> Figures | None:
        """The categories as numbers; None where one is not."""
        if not all(
            isinstance(value, int | float) and not isinstance(value, bool)
            for value in self.categories
        ):
            return None
        return np.array(self.categories, dtype=np.float64)


def ordered(values: Iterable[Hashable]) -> tuple[Hashable, ...]:
    """Put categories into their order: numbers by size, then the rest by name."""

    def key(value: Hashable) -> tuple[int, float, str]:
        number = float(value) if isinstance(value, int | float) else math.nan
        return (1, 0.0, str(value)) if math.isnan(number) else (0, number, "")

    return tuple(sorted(values, key=key))
