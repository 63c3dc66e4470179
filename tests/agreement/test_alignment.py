"""The best alignment scales over long texts, and says so where it cannot be found."""

import numpy as np
import pytest

from annotator.agreement import NoValueError, find_measure
from annotator.agreement._core.alignment import EQUAL, Continuum, align
from annotator.errors import UserError


def _scattered(people: int, each: int, room: int) -> Continuum:
    random = np.random.default_rng(0)
    size = people * each
    start = random.integers(0, room, size).astype(float)
    end = start + random.integers(2, 40, size).astype(float)
    return Continuum(
        start,
        end,
        random.integers(0, 3, size),
        np.repeat(np.arange(people), each),
        people,
        0.0,
        float(room + 40),
    )


def test_a_long_text_is_aligned_like_its_parts() -> None:
    parts = [_scattered(3, 4, 100) for _part in range(60)]
    far = 10_000.0  # nothing of one part is near another
    columns = (
        np.concatenate([part.start + number * far for number, part in enumerate(parts)]),
        np.concatenate([part.end + number * far for number, part in enumerate(parts)]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.who for part in parts]),
    )
    joined = align([Continuum(*columns, 3, 0.0, 60 * far)], EQUAL)[0]
    assert joined.cost == pytest.approx(sum(best.cost for best in align(parts, EQUAL)), abs=1e-5)


def test_where_too_much_lies_on_one_another_there_is_no_value_but_a_reason() -> None:
    with pytest.raises(NoValueError, match="too many spans"):
        align([_scattered(3, 60, 300)], EQUAL)


def test_an_unknown_measure_is_named() -> None:
    with pytest.raises(UserError, match="krippendorff_alpha_nominal"):
        find_measure("kappa")
