"""Measures against their definitions, written out plainly."""

from collections import Counter
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotator.agreement import Codings, NoValueError
from annotator.agreement._core.alignment import EQUAL, Continuum, _searched, align, tuples_of
from annotator.agreement.character_f1 import character_f1
from annotator.agreement.krippendorff_alpha_interval import krippendorff_alpha_interval
from annotator.agreement.krippendorff_alpha_nominal import krippendorff_alpha_nominal
from annotator.agreement.krippendorff_alpha_ordinal import krippendorff_alpha_ordinal
from annotator.agreement.krippendorff_alpha_ratio import krippendorff_alpha_ratio
from annotator.agreement.span_f1_exact import span_f1_exact
from annotator.agreement.span_f1_overlap import span_f1_overlap
from annotator.agreement.token_f1 import token_f1
from annotator.compare.matching import assigned
from annotator.text.segmentation import tokens
from tests.agreement.layers import TEXT, Sets, compared, layers

Item = tuple[int | None, ...]


def _coincidences(table: list[Item]) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for row in table:
        said = [code for code in row if code is not None]
        for one, other in permutations(range(len(said)), 2):
            # A counter of shares.
            found[said[one], said[other]] += 1 / (len(said) - 1)  # type: ignore[assignment]
    return found


def _far(kind: str, one: int, other: int, totals: Counter[int]) -> float:
    if kind == "nominal":
        return float(one != other)
    if kind == "interval":
        return float((one - other) ** 2)
    if kind == "ratio":
        return ((one - other) / (one + other)) ** 2
    low, high = min(one, other), max(one, other)
    return (
        sum(totals[code] for code in range(low, high + 1)) - (totals[one] + totals[other]) / 2
    ) ** 2


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        ("nominal", krippendorff_alpha_nominal),
        ("ordinal", krippendorff_alpha_ordinal),
        ("interval", krippendorff_alpha_interval),
        ("ratio", krippendorff_alpha_ratio),
    ],
)
@given(
    table=st.lists(st.tuples(*[st.sampled_from([None, 1, 2, 3, 4])] * 4), min_size=1, max_size=10)
)
def test_alpha_is_that_of_the_coincidence_matrix(
    kind: str, measure: object, table: list[Item]
) -> None:
    found = _coincidences(table)
    assume(found)
    totals: Counter[int] = Counter()
    for (one, _other), count in found.items():
        totals[one] += count
    size = totals.total()
    observed = (
        sum(count * _far(kind, one, other, totals) for (one, other), count in found.items()) / size
    )
    expected = sum(
        totals[one] * (totals[other] - (one == other)) * _far(kind, one, other, totals)
        for one, other in product(totals, repeat=2)
    ) / (size * (size - 1))
    assert callable(measure)
    assert measure(Codings.of(table)) == pytest.approx(
        1.0 if expected == 0 else 1 - observed / expected
    )


def _f1(sets: dict[str, Counter[object]]) -> float | None:
    agreed = sum((sets[one] & sets[other]).total() for one, other in combinations(sets, 2))
    everything = sum(
        sets[one].total() + sets[other].total() for one, other in combinations(sets, 2)
    )
    return 2 * agreed / everything if everything else None


@given(found=layers())
def test_exact_f1_is_that_of_multisets(found: Sets) -> None:
    expected = _f1(
        {
            name: Counter((label, fragments) for label, fragments, _sign in marks)
            for name, marks in found.items()
        }
    )
    assume(expected is not None)
    assert span_f1_exact(compared(found)).total() == pytest.approx(expected)


@given(found=layers())
def test_f1_of_characters_and_tokens_is_that_of_sets(found: Sets) -> None:
    covered = {
        name: {
            (label, place)
            for label, fragments, _sign in marks
            for start, end in fragments
            for place in range(start, end)
        }
        for name, marks in found.items()
    }
    words = {
        name: {
            (label, number)
            for number, (start, end) in enumerate(tokens(TEXT))
            for label, place in those
            if start <= place < end
        }
        for name, those in covered.items()
    }
    for measure, sets in ((character_f1, covered), (token_f1, words)):
        expected = _f1({name: Counter[object](those) for name, those in sets.items()})
        if expected is None:
            with pytest.raises(NoValueError):
                measure(compared(found)).total()
        else:
            assert measure(compared(found)).total() == pytest.approx(expected)


def _overlap(
    one: tuple[str, tuple[tuple[int, int], ...], str],
    other: tuple[str, tuple[tuple[int, int], ...], str],
) -> bool:
    return one[0] == other[0] and any(a < d and c < b for a, b in one[1] for c, d in other[1])


@settings(max_examples=60)
@given(found=layers(2, 4))
def test_overlapping_spans_are_matched_as_many_as_can_be(found: Sets) -> None:
    ours, theirs = list(found["a"]), list(found["b"])
    assume(ours or theirs)
    longer = [*theirs, *[None] * len(ours)]
    best = max(
        sum(
            other is not None and _overlap(one, other)
            for one, other in zip(ours, chosen, strict=True)
        )
        for chosen in permutations(longer, len(ours))
    )
    assert span_f1_overlap(compared(found)).total() == pytest.approx(
        2 * best / (len(ours) + len(theirs))
    )


@given(
    st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=9)
)
def test_an_assignment_has_most_pairs_and_then_most_worth(
    worth: dict[tuple[int, int], int],
) -> None:
    pairs = list(worth)
    best = (0, 0)
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            if len({a for a, _b in chosen}) == len({b for _a, b in chosen}) == size:
                best = max(best, (size, sum(worth[pair] for pair in chosen)))
    rows = assigned([a for a, _b in pairs], [b for _a, b in pairs], list(worth.values()))
    assert (len(rows), sum(worth[pairs[row]] for row in rows)) == best
    assert len({pairs[row][0] for row in rows}) == len({pairs[row][1] for row in rows}) == len(rows)


def _cheapest(continuum: Continuum) -> float:
    """Return the cost of the best alignment, all of them tried."""
    people = continuum.people
    pairs = list(combinations(range(people), 2))

    def cost(members: tuple[int | None, ...]) -> float:
        total = 0.0
        for first, second in pairs:
            one, other = members[first], members[second]
            if one is None or other is None:
                total += 1
            else:
                total += float(continuum.far(np.array([one]), np.array([other]), EQUAL)[0])
        return total / len(pairs)

    def rest(free: frozenset[int]) -> float:
        if not free:
            return 0.0
        unit = min(free)
        columns: list[list[int | None]] = [
            [None, *(each for each in free if continuum.who[each] == person)]
            for person in range(people)
        ]
        columns[continuum.who[unit]] = [unit]
        return min(
            cost(chosen) + rest(free - set(filter(lambda each: each is not None, chosen)))
            for chosen in product(*columns)
        )

    return rest(frozenset(range(len(continuum))))


@st.composite
def continua(draw: st.DrawFn) -> Continuum:
    """Tiny continua; ties are likely."""
    people = draw(st.integers(2, 3))
    units = [
        (person, start, start + draw(st.integers(1, 6)), draw(st.integers(0, 1)))
        for person in range(people)
        for start in draw(
            st.lists(st.integers(0, 12), max_size=7 - 2 * people + 1 if people == 3 else 4)
        )
    ]
    who, start, end, kind = (
        np.array([unit[place] for unit in units], dtype=np.int64) for place in range(4)
    )
    return Continuum(start.astype(float), end.astype(float), kind, who, people, 0.0, 20.0)


@settings(max_examples=150)
@given(continuum=continua())
def test_the_best_alignment_costs_as_little_as_any(continuum: Continuum) -> None:
    assume(len(continuum))
    best = align([continuum], EQUAL)[0]
    assert best.cost == pytest.approx(_cheapest(continuum), abs=1e-6)
    assert sorted(best.members[best.members >= 0].tolist()) == list(range(len(continuum)))


@settings(max_examples=100)
@given(continuum=continua(), prices=st.lists(st.floats(-1, 2), min_size=12, max_size=12))
def test_the_search_finds_the_best_alignment_whatever_the_prices(
    continuum: Continuum, prices: list[float]
) -> None:
    assume(len(continuum))
    tuples = tuples_of(continuum, EQUAL)
    taken = _searched(tuples, np.array(prices), 1_000_000)
    assert taken is not None
    assert float(tuples.cost[taken].sum()) == pytest.approx(_cheapest(continuum), abs=1e-6)
    members = tuples.members[taken]
    assert sorted(members[members >= 0].tolist()) == list(range(len(continuum)))
