"""Krippendorff's α of units against its definition (1995), written out plainly."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import NoValueError
from annotator.agreement.alpha_u import alpha_u
from tests.agreement.layers import Marked, Sets, compared

TEXT = "а" * 12
Unit = tuple[int, int]


@st.composite
def _marks(draw: st.DrawFn) -> list[Marked]:
    marks: list[Marked] = []
    for _mark in range(draw(st.integers(0, 4))):
        edges = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=2)))
        marks.append((draw(st.sampled_from("AB")), ((edges[0], edges[1]),), ""))
    return marks


def _units(marks: list[Marked], label: str) -> list[Unit]:
    """Return the units of a label; what overlaps is one, what only meets is two."""
    units: list[Unit] = []
    for start, end in sorted(places[0] for kind, places, _sign in marks if kind == label):
        if units and start < units[-1][1]:
            units[-1] = (units[-1][0], max(units[-1][1], end))
        else:
            units.append((start, end))
    return units


def _gaps(units: list[Unit]) -> list[Unit]:
    edges = [0, *(edge for unit in units for edge in unit), len(TEXT)]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def _apart(unit: Unit, units: list[Unit]) -> int:
    """Return how far a unit is from those of another annotator."""
    meets = [other for other in units if other[0] < unit[1] and unit[0] < other[1]]
    if not meets:
        return 2 * (unit[1] - unit[0]) ** 2  # once from each side
    return sum((unit[0] - start) ** 2 + (unit[1] - end) ** 2 for start, end in meets)


def _observed(documents: list[Sets], label: str) -> int:
    total = 0
    for sets in documents:
        for one, other in permutations(sets, 2):
            theirs = _units(list(sets[other]), label)
            total += sum(_apart(unit, theirs) for unit in _units(list(sets[one]), label))
    return total


def _expected(documents: list[Sets], label: str, length: int) -> float:
    units, gaps = [], []
    for sets in documents:
        for marks in sets.values():
            own = _units(list(marks), label)
            units += [end - start for start, end in own]
            gaps += [end - start for start, end in _gaps(own)]
    inside = 0.0
    for size in units:
        inside += (len(units) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        inside += size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
    places = len(documents[0]) * length
    return inside / (places * (places - 1) - sum(size * (size - 1) for size in units))


@settings(max_examples=80)
@given(st.lists(st.fixed_dictionaries({name: _marks() for name in "abc"}), min_size=1, max_size=2))
def test_alpha_of_units_is_that_of_its_definition(documents: list[Sets]) -> None:
    length, people = len(TEXT) * len(documents), 3
    labels = {mark[0] for sets in documents for marks in sets.values() for mark in marks}
    tally = alpha_u(compared(*documents, text=TEXT))
    observed = sum(_observed(documents, label) for label in labels)
    expected = sum(_expected(documents, label, length) for label in labels)
    if not expected:
        with pytest.raises(NoValueError):
            tally.total()
        return
    share = observed / (people * (people - 1) * length**2)
    assert tally.total() == pytest.approx(1 - share / (2 / length * expected))
