"""Lining up marks: what is quick gives what trying everything gives."""

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotator.compare.matching import (
    Touching,
    assigned,
    counted,
    exact_keys,
    matched,
    position_keys,
    touching,
)
from annotator.model import Span
from tests.compare.small import Work, lined_up, places, work

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=8
)
Worths = dict[tuple[int, int], int]


def _best(worths: Worths) -> tuple[int, int]:
    """Return the most pairs that can be chosen, and their most worth, by trying all choices."""
    for size in range(len(worths), 0, -1):
        worth = [
            sum(worths[pair] for pair in chosen)
            for chosen in combinations(worths, size)
            if _is_apart(chosen)
        ]
        if worth:
            return size, max(worth)
    return 0, 0


def _is_apart(chosen: tuple[tuple[int, int], ...]) -> bool:
    return all(len({pair[end] for pair in chosen}) == len(chosen) for end in (0, 1))


@given(PAIRS)
def test_the_best_choice_of_pairs_is_that_of_trying_all(worths: Worths) -> None:
    pairs = list(worths)
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    taken = assigned(first, second, list(worths.values()))
    chosen = tuple(pairs[number] for number in taken)
    assert _is_apart(chosen)
    assert (len(chosen), sum(worths[pair] for pair in chosen)) == _best(worths)


@given(PAIRS)
def test_pairs_that_are_alone_are_chosen_with_the_best_of_all_others(worths: Worths) -> None:
    columns = np.array(list(worths), dtype=np.int64).reshape(-1, 2)
    worth = np.array(list(worths.values()), dtype=np.int64)
    chosen = matched(Touching(columns[:, 0], columns[:, 1], worth), worth)
    taken = [pair for pair, is_chosen in zip(worths, chosen, strict=True) if is_chosen]
    assert _is_apart(tuple(taken))
    assert (len(taken), sum(worths[pair] for pair in taken)) == _best(worths)


def test_pairs_alone_stay_beside_those_that_compete() -> None:
    pairs = Touching(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]), np.array([1, 5, 9, 1]))
    assert matched(pairs, pairs.shared).tolist() == [True, True, False, True]


@given(work(), st.data())
def test_touching_marks_share_characters_in_one_document(drawn: Work, data: st.DataObject) -> None:
    found = lined_up(drawn)
    wanted = [data.draw(st.booleans()) for _span in found.spans]
    pairs = touching(found, 0, 2, np.array(wanted, dtype=bool))
    got = {
        (found.spans[one].id, found.spans[other].id): count
        for one, other, count in zip(*(column.tolist() for column in pairs), strict=True)
    }
    kept = [span for span, is_wanted in zip(found.spans, wanted, strict=True) if is_wanted]
    expected = {}
    for one in kept:
        for other in kept:
            common = len(places(one.fragments) & places(other.fragments))
            ends = one.id.split()[1], other.id.split()[1]
            if ends == ("a", "c") and one.id[0] == other.id[0] and common:
                expected[one.id, other.id] = common
    assert got == expected


def _content(span: Span) -> tuple[object, ...]:
    return (span.id[0], span.fragments, span.layer, span.label)


@given(work())
def test_marks_have_the_same_key_when_they_are_the_same(drawn: Work) -> None:
    found = lined_up(drawn)
    exact, position = exact_keys(found).tolist(), position_keys(found).tolist()
    for one, other in combinations(range(len(found.spans)), 2):
        ours, theirs = _content(found.spans[one]), _content(found.spans[other])
        assert (exact[one] == exact[other]) == (ours == theirs)
        assert (position[one] == position[other]) == (ours[:3] == theirs[:3])


@given(work())
def test_equal_marks_are_counted_by_annotator(drawn: Work) -> None:
    found = lined_up(drawn)
    table = counted(found, exact_keys(found))
    expected: Counter[tuple[object, ...]] = Counter()
    for span in found.spans:
        expected[(*_content(span), span.id.split()[1])] += 1
    for span, row in zip(found.spans, table.key.tolist(), strict=True):
        assert f"{table.document[row]}" == span.id[0]
        for place, name in enumerate(found.annotators):
            assert table.counts[row, place] == expected[(*_content(span), name)]
