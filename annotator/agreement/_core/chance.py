"""Agreement corrected for chance, as the coefficients share it.

Counts in, observed and expected figures out.

All expectations are on weighted rows (see codings.py); the weight is the number of items, so a row
of weight 3 is three items.
"""

from collections.abc import Callable
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.codings import Codings, Figures
from annotator.i18n import _

SMALL = 1e-12


class NoValueError(Exception):
    """A measure has no value here; the text is a sentence that says why."""


class Chance(NamedTuple):
    """The two parts of a coefficient: agreement observed, and to be expected by chance."""

    observed: float
    expected: float

    @property
    def value(self) -> float:
        """(observed − expected) / (1 − expected).

        No value where chance alone would agree always.
        """
        if 1 - self.expected < SMALL:
            raise NoValueError(_("Only one category was used, so chance alone agrees always."))
        return (self.observed - self.expected) / (1 - self.expected)


def observed(codings: Codings, weights: Figures | None = None) -> float:
    """Return the mean over items of the share of pairs of annotators that agree.

    Agreement is full or none, or as a matrix of weights says.
    """
    counts = codings.counts
    said = counts.sum(axis=1)
    both = (said >= 2) & (codings.weights > 0)
    if not both.any():
        raise NoValueError(_("No item was coded by two annotators."))
    counts = counts[both]
    said = said[both]
    near = counts if weights is None else counts @ weights
    share = (counts * (near - 1)).sum(axis=1) / (said * (said - 1))
    return float(np.average(share, weights=codings.weights[both]))


def prevalence(codings: Codings) -> Figures:
    """Return the share of each category: the mean over items of the annotators who chose it."""
    said = codings.counts.sum(axis=1)
    coded = (said >= 1) & (codings.weights > 0)
    if not coded.any():
        raise NoValueError(_("No item was coded by two annotators."))
    shares: Figures = np.average(
        codings.counts[coded] / said[coded, None], axis=0, weights=codings.weights[coded]
    )
    return shares


def confusion(codings: Codings, first: int, second: int) -> Figures:
    """Return how often one annotator said this while the other said that (items both coded)."""
    ours = codings.codes[:, first]
    theirs = codings.codes[:, second]
    both = (ours >= 0) & (theirs >= 0)
    size = max(1, len(codings.categories))
    flat = np.bincount(
        ours[both] * size + theirs[both], weights=codings.weights[both], minlength=size * size
    )
    table: Figures = flat.reshape(size, size).astype(np.float64)
    if table.sum() <= 0:
        raise NoValueError(_("No item was coded by two annotators."))
    share: Figures = table / float(table.sum())
    return share


def over_pairs(codings: Codings, coefficient: Callable[[Figures], float]) -> float:
    """Return the mean over annotators' pairs of a coefficient of their confusions (Light 1971)."""
    found: list[float] = []
    reasons: set[str] = {_("No item was coded by two annotators.")}
    for first, second in combinations(range(codings.annotators), 2):
        try:
            found.append(coefficient(confusion(codings, first, second)))
        except NoValueError as error:
            reasons.add(str(error))
    if not found:
        raise NoValueError(max(reasons))
    return fmean(found)


def cohen(table: Figures) -> Chance:
    """Return the parts of Cohen's κ.

    Chance is the product of the two annotators' own distributions.
    """
    return Chance(float(np.trace(table)), float(table.sum(axis=1) @ table.sum(axis=0)))


def scott(table: Figures) -> Chance:
    """Return the parts of Scott's π: chance is the square of the distribution of both together."""
    shares = (table.sum(axis=1) + table.sum(axis=0)) / 2
    return Chance(float(np.trace(table)), float(shares @ shares))


def fleiss(codings: Codings) -> Chance:
    """Return the parts of Fleiss' κ."""
    shares = prevalence(codings)
    return Chance(observed(codings), float(shares @ shares))


def gwet(codings: Codings, weights: Figures) -> Chance:
    """Return the parts of Gwet's AC2; with the identity as weights, AC1."""
    size = len(codings.categories)
    shares = prevalence(codings)
    if size < 2:
        raise NoValueError(_("Only one category was used, so chance alone agrees always."))
    return Chance(
        observed(codings, weights),
        float(weights.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum()),
    )
