"""Near-duplicates.

Found through spelling and small changes, never between texts that differ, the same in any order.
"""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.jobs.training.clusters import clusters
from tests.projects import FA, KK, RU

LONG = f"{FA} {KK} {RU}"


def joined(*texts: str) -> list[set[int]]:
    """Return which of the texts are together, by their numbers."""
    found = clusters((str(number), text) for number, text in enumerate(texts))
    groups: dict[str, set[int]] = {}
    for name, cluster in found.items():
        groups.setdefault(cluster, set()).add(int(name))
    return sorted(groups.values(), key=min)


@pytest.mark.parametrize(
    "other",
    [
        LONG,
        LONG.upper(),
        LONG.replace("ی", "ي").replace("\u200c", ""),
        LONG.replace("4 %", "5 %"),
        LONG + " Қосымша сөйлем осында.",
        f"  {LONG}\n",
    ],
)
def test_the_same_text_with_small_changes_is_one_cluster(other: str) -> None:
    assert joined(LONG, RU, other) == [{0, 2}, {1}]


def test_other_texts_are_apart() -> None:
    assert joined(FA, KK, RU) == [{0}, {1}, {2}]


def test_short_and_empty_texts_are_compared_whole() -> None:
    assert joined("دولت گفت", "دولت گفت", "گفت دولت", "", " ", "…", "!") == [
        {0, 1},
        {2},
        {3, 4},
        {5},
        {6},
    ]


@given(order=st.permutations(range(6)))
def test_the_order_of_the_texts_says_nothing(order: list[int]) -> None:
    texts = [LONG, FA, f"{LONG} да", KK, RU, f"нет {LONG}"]
    groups = joined(*(texts[number] for number in order))
    assert sorted(sorted(order[place] for place in group) for group in groups) == [
        [0, 2, 5],
        [1],
        [3],
        [4],
    ]


def test_a_cluster_is_named_after_its_first_document() -> None:
    assert clusters([("b", LONG), ("a", LONG)]) == {"b": "b", "a": "b"}


def test_a_thousand_documents_take_a_moment_and_all_copies_are_found() -> None:
    draw = random.Random(1)
    words = [f"сөз{number}" for number in range(3000)]
    texts = [[draw.choice(words) for _word in range(200)] for _text in range(1000)]
    copies = [[*text[:50], "басқа", *text[51:]] for text in texts[:50]]
    began = time.process_time()
    found = clusters((str(number), " ".join(text)) for number, text in enumerate([*texts, *copies]))
    assert time.process_time() - began < 8
    assert all(found[str(1000 + number)] == str(number) for number in range(50))
    assert len(set(found.values())) == 1000
