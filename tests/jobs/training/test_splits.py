"""Splits: nothing torn apart, near the wish, rare labels in training.

The same again and again, stable when documents are added.
"""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.jobs.training.splits import PARTS, TRAIN, Item, Plan, plan_of, split

LABELS = st.dictionaries(
    st.sampled_from(["PER", "ORG", "CLAIM", "редкий"]), st.integers(1, 5), max_size=3
)
PLANS = st.builds(
    Plan,
    st.sampled_from([(80, 10, 10), (70, 0, 30), (1, 1, 1), (100, 0, 0)]),
    seed=st.integers(0, 5),
)


@st.composite
def items(draw: st.DrawFn, most: int = 40) -> list[Item]:
    found = []
    for number in range(draw(st.integers(0, most))):
        traits = {("label", label): count for label, count in draw(LABELS).items()} | {
            ("language", draw(st.sampled_from(["fa", "kk"]))): 1
        }
        found.append(Item(f"d{number}", f"g{draw(st.integers(0, most))}", traits))
    return found


def lonely(count: int, label: str = "") -> list[Item]:
    """Return documents that are groups of their own; only the first has the label."""
    return [
        Item(f"d{number}", f"d{number}", {("label", label): 1} if label and not number else {})
        for number in range(count)
    ]


@given(made=items(), plan=PLANS)
def test_no_group_is_in_two_parts_and_every_document_has_one(made: list[Item], plan: Plan) -> None:
    parts = split(made, plan, {})
    assert parts.keys() == {item.id for item in made}
    assert set(parts.values()) <= set(plan.parts)
    for group in {item.group for item in made}:
        assert len({parts[item.id] for item in made if item.group == group}) == 1


@given(made=items(), plan=PLANS, order=st.randoms())
def test_the_order_of_the_documents_says_nothing(
    made: list[Item], plan: Plan, order: object
) -> None:
    shuffled = sorted(made, key=lambda item: hash((item.id, str(order))))
    assert split(shuffled, plan, {}) == split(made, plan, {})


@given(made=items(), plan=PLANS, first=st.integers(0, 40))
def test_documents_keep_their_part_when_others_are_added(
    made: list[Item], plan: Plan, first: int
) -> None:
    before = split(made[:first], plan, {})
    after = split(made, plan, before)
    assert {name: after[name] for name in before} == before
    for group in {item.group for item in made}:
        assert len({after[item.id] for item in made if item.group == group}) == 1


@given(count=st.integers(0, 300), plan=PLANS)
def test_parts_are_as_large_as_wished_to_a_document_or_two(count: int, plan: Plan) -> None:
    sizes = Counter(split(lonely(count), plan, {}).values())
    for part, ratio in zip(PARTS, plan.ratios, strict=True):
        assert abs(sizes[part] - count * ratio / sum(plan.ratios)) <= 2


@given(count=st.integers(1, 60), plan=PLANS)
def test_a_label_that_stands_in_one_document_is_in_training(count: int, plan: Plan) -> None:
    assert split(lonely(count, "редкий"), plan, {})["d0"] == TRAIN


# A is placed with B and C, of which training has seen enough.
ALWAYS_TOGETHER = [
    Item(f"d{number}", f"d{number}", {("label", label): 1 for label in labels})
    for number, labels in enumerate(
        ["", "AB", "BC", "AC", "ABC", "", "", "", "AC", "", "", "AB", "BC"]
    )
]


@given(made=items(), plan=PLANS)
@example(made=ALWAYS_TOGETHER, plan=Plan((1, 1, 1), seed=4))
def test_every_label_is_in_training_where_there_is_room(made: list[Item], plan: Plan) -> None:
    made = [Item(item.id, item.id, item.traits) for item in made]
    parts = split(made, plan, {})
    labels = {trait for item in made for trait in item.traits if trait[0] == "label"}
    learned = {trait for item in made if parts[item.id] == TRAIN for trait in item.traits}
    if Counter(parts.values())[TRAIN] > len(labels):
        assert labels <= learned


def test_labels_are_spread_alike() -> None:
    made = [
        Item(f"d{number}", f"d{number}", {("label", "A" if number % 5 else "B"): 1})
        for number in range(500)
    ]
    parts = split(made, Plan(), {})
    share = Counter(parts[item.id] for item in made if ("label", "B") in item.traits)
    assert share == {"train": 80, "dev": 10, "test": 10}


def test_another_seed_is_another_split() -> None:
    assert split(lonely(100), Plan(seed=1), {}) != split(lonely(100), Plan(seed=2), {})


def test_three_documents_give_each_part_one() -> None:
    assert sorted(split(lonely(3), Plan(), {}).values()) == sorted(PARTS)


def test_a_document_that_joins_two_parts_goes_to_training_and_moves_nobody() -> None:
    made = [Item("a", "g"), Item("b", "g"), Item("c", "g")]
    assert split(made, Plan(), {"a": "test", "b": "train"}) == {
        "a": "test",
        "b": "train",
        "c": "train",
    }


@pytest.mark.parametrize(
    ("text", "ratios"), [("80/10/10", (80, 10, 10)), ("3/1", (3, 0, 1)), ("100/0/0", (100, 0, 0))]
)
def test_ratios_are_read_as_people_write_them(text: str, ratios: tuple[int, int, int]) -> None:
    assert plan_of(text, "cluster", 7) == Plan(ratios, "cluster", 7)


@pytest.mark.parametrize(
    "text", ["", "80", "0/50/50", "a/b/c", "80/10/10/5", "-1/2/3", "80:20", "۸۰/۲۰"]
)
def test_what_is_no_ratio_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="such as 80/10/10"):
        plan_of(text)
