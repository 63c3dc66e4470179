"""Krippendorff's α (Content Analysis, 2004, chapter 11).

1 − observed / expected disagreement, for any number of annotators.

Items that one annotator alone coded are left out, missing codes are no category. With one category
in use there is nothing to disagree about, and the coefficient is 1 by convention here (others call
it undefined).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.codings import Codings, Figures
from annotator.i18n import _

Difference = Callable[[Codings, Figures], Figures]


class Disagreement(NamedTuple):
    """The two parts of α."""

    observed: float
    expected: float

    @property
    def value(self) -> float:
        """1 − observed / expected; 1 where nothing could differ."""
        return 1.0 if self.expected <= 0 else 1 - self.observed / self.expected


def nominal(codings: Codings, _totals: Figures) -> Figures:
    """Two categories differ or not."""
    return 1 - np.eye(len(codings.categories))


def ordinal(_codings: Codings, totals: Figures) -> Figures:
    """Return the squared number of codes between two ranks, half of those at the ends included."""
    middle = np.cumsum(totals) - totals / 2
    return _squared(middle)


def interval(codings: Codings, _totals: Figures) -> Figures:
    """Numbers differ by their difference, squared."""
    return _squared(_numbers(codings))


def ratio(codings: Codings, _totals: Figures) -> Figures:
    """Numbers differ by their difference in relation to their sum, squared."""
    numbers = _numbers(codings)
    if (numbers < 0).any():
        raise NoValueError(_("A ratio scale has no numbers below zero."))
    sums = numbers[:, None] + numbers[None, :]
    return (
        np.divide(
            numbers[:, None] - numbers[None, :], sums, out=np.zeros_like(sums), where=sums > 0
        )
        ** 2
    )


def _squared(places: Figures) -> Figures:
    far: Figures = (places[:, None] - places[None, :]) ** 2
    return far


def _numbers(codings: Codings) -> Figures:
    numbers = codings.numbers
    if numbers is None:
        raise NoValueError(_("The categories are not numbers."))
    return numbers


def disagreement(codings: Codings, difference: Difference) -> Disagreement:
    """Return the observed and the expected disagreement."""
    said = codings.counts.sum(axis=1)
    pairable = (said >= 2) & (codings.weights > 0)
    if not pairable.any():
        raise NoValueError(_("No item was coded by two annotators."))
    counts = codings.counts[pairable]
    weights = codings.weights[pairable]
    said = said[pairable]
    totals = weights @ counts
    everything = float(totals.sum())
    far = difference(codings, totals)
    # Where all differences are 1, the sum over pairs has a short form, and samples of a bootstrap
    # ask for it many times.
    if difference is nominal:  # the same, without a matrix
        apart = said**2 - (counts**2).sum(axis=1)
    else:
        apart = ((counts @ far) * counts).sum(axis=1)
    inside = apart / (said - 1)
    return Disagreement(
        float(weights @ inside) / everything,
        float(totals @ far @ totals) / (everything * (everything - 1)),
    )


def alpha(codings: Codings, difference: Difference) -> float:
    """Return α."""
    return disagreement(codings, difference).value
