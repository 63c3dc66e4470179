"""What chance would have: how γ shifts the units of annotators that it draws."""

from itertools import combinations

import numpy as np

from annotator.agreement._core.alignment import Continuum
from annotator.agreement._core.gamma import sample

PEOPLE, SIZE, START, LENGTH = 3, 200.0, 30.0, 40.0


def _shifts(seed: int) -> list[float]:
    """Return by how much each annotator of a sample was shifted; each has one unit."""
    start = np.full(PEOPLE, START)
    continuum = Continuum(
        start,
        start + LENGTH,
        np.zeros(PEOPLE, dtype=np.int64),
        np.arange(PEOPLE),
        PEOPLE,
        0.0,
        SIZE,
    )
    drawn = sample(continuum, np.random.default_rng(seed))
    assert (drawn.start <= SIZE).all()
    assert np.allclose(drawn.end - drawn.start, LENGTH)
    shifts: list[float] = ((drawn.start - START) % SIZE).tolist()
    return shifts


def test_shifts_differ_by_half_the_mean_length_of_a_unit_and_no_more_is_asked() -> None:
    distances: list[float] = []
    for seed in range(300):
        for one, other in combinations(_shifts(seed), 2):
            distances.append(abs(one - other))
    least = LENGTH / 2
    assert least <= min(distances) < least + 1


def test_a_sample_is_drawn_from_all_of_the_text() -> None:
    shifts = [shift for seed in range(300) for shift in _shifts(seed)]
    assert min(shifts) < 0.05 * SIZE
    assert max(shifts) > 0.95 * SIZE
