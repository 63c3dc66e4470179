"""The interval of a value: what is printed is a 95 % interval, whatever way it is made in."""

from math import comb

import numpy as np
import pytest

from annotator.agreement import Codings
from annotator.jobs.agreeing import AgreementOptions, measure_codings

EQUAL, ITEMS = 300, 400


def _percentiles(share: float) -> tuple[float, float]:
    """Return where the middle share of the agreement of drawn items lies.

    How many of the items drawn agree is binomial, and that needs no drawing.
    """
    chance = EQUAL / ITEMS
    below, edges = 0.0, list[float]()
    wanted = [(1 - share) / 2, (1 + share) / 2]
    for count in range(ITEMS + 1):
        below += comb(ITEMS, count) * chance**count * (1 - chance) ** (ITEMS - count)
        while len(edges) < len(wanted) and below >= wanted[len(edges)]:
            edges.append(count / ITEMS)
    return edges[0], edges[1]


def test_the_interval_holds_ninety_five_of_a_hundred_samples() -> None:
    items = Codings.of([("x", "x")] * EQUAL + [("x", "y")] * (ITEMS - EQUAL))
    intervals: list[tuple[float, float]] = []
    for seed in range(8):
        options = AgreementOptions(measures=("percentage_agreement",), seed=seed)
        (found,) = measure_codings(["a", "b"], items, options).values
        assert found.value == EQUAL / ITEMS
        assert found.ci95
        intervals.append(found.ci95)
    low, high = np.mean(intervals, axis=0)
    expected, narrower = _percentiles(0.95), _percentiles(0.90)
    near = (narrower[0] - expected[0]) / 3
    assert (low, high) == (
        pytest.approx(expected[0], abs=near),
        pytest.approx(expected[1], abs=near),
    )


def test_too_few_items_have_a_value_without_an_interval() -> None:
    options = AgreementOptions(measures=("percentage_agreement",))
    (found,) = measure_codings(["a", "b"], Codings.of([("x", "x")]), options).values
    assert (found.value, found.ci95) == (1.0, None)
