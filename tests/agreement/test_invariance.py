"""What every measure has in common, inherited by those to come: each is found by its file alone."""

from contextlib import suppress
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import Codings, Measure, NoValueError, measures
from annotator.compare.building import compare
from annotator.compare.comparison import Comparison
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.agreement.layers import Sets, compared, layers, renamed, shuffled

OF_SPANS = [entry for entry in measures().values() if entry.spans]
OF_CODINGS = [entry for entry in measures().values() if entry.codings]
IDS = (
    "percentage_agreement bennett_s cohen_kappa scott_pi fleiss_kappa krippendorff_alpha_nominal"
    " krippendorff_alpha_ordinal krippendorff_alpha_interval krippendorff_alpha_ratio gwet_ac1"
    " gwet_ac2 span_f1_exact span_f1_overlap token_f1 character_f1 token_kappa token_alpha alpha_u"
    " gamma gamma_cat muc position_f1 relation_f1 attribute_kappa"
)
PERFECT = [
    ("PER", ((0, 4),), "+"),
    ("PER", ((0, 11),), "−"),
    ("ORG", ((17, 23),), ""),
    ("ORG", ((17, 23), (25, 30)), "+"),
]
items = st.lists(st.tuples(*[st.sampled_from([None, 1, 2, 3])] * 3), min_size=1, max_size=12)


def value(entry: Measure, found: Comparison | Codings) -> float | str:
    """Return the value, or why there is none."""
    try:
        if isinstance(found, Codings):
            assert entry.codings
            return entry.codings(found)
        assert entry.spans
        return entry.spans(found, 7).total()
    except NoValueError as error:
        return str(error)


def test_every_measure_of_the_contract_is_there() -> None:
    assert set(IDS.split()) == set(measures())


def test_every_measure_has_a_name_and_says_what_it_compares() -> None:
    assert all(
        entry.name and entry.compares and bool(entry.codings) != bool(entry.spans)
        for entry in measures().values()
    )


@pytest.mark.parametrize("entry", OF_SPANS, ids=lambda entry: entry.id)
@pytest.mark.parametrize("people", [2, 3])
def test_equal_layers_agree_perfectly(entry: Measure, people: int) -> None:
    assert value(entry, compared(dict.fromkeys("abc"[:people], PERFECT))) == pytest.approx(1.0)


@pytest.mark.parametrize("entry", OF_SPANS, ids=lambda entry: entry.id)
def test_nothing_marked_has_no_value_and_a_reason(entry: Measure) -> None:
    assert "." in str(value(entry, compared({"a": [], "b": []})))
    assert isinstance(value(entry, compared({"a": [], "b": []})), str)


@pytest.mark.parametrize("entry", OF_SPANS, ids=lambda entry: entry.id)
@settings(max_examples=25)
@given(found=layers(), seed=st.integers(0, 99))
def test_the_order_of_storage_plays_no_part(entry: Measure, found: Sets, seed: int) -> None:
    if entry.id == "relation_f1":  # relations are made along the order
        return
    assert value(entry, compared(shuffled(found, Random(seed)))) == pytest.approx(
        value(entry, compared(found))
    )


# Of equally good alignments γ_cat takes one by name.
@pytest.mark.parametrize(
    "entry", [entry for entry in OF_SPANS if entry.id != "gamma_cat"], ids=lambda entry: entry.id
)
@settings(max_examples=15)
@given(found=layers())
def test_names_of_labels_play_no_part(entry: Measure, found: Sets) -> None:
    assert value(entry, compared(renamed(found))) == pytest.approx(value(entry, compared(found)))


@pytest.mark.parametrize(
    "entry", [entry for entry in OF_SPANS if "gamma" not in entry.id], ids=lambda entry: entry.id
)
@settings(max_examples=15)
@given(found=layers())
def test_names_of_annotators_play_no_part(entry: Measure, found: Sets) -> None:
    other = {{"a": "c", "b": "a", "c": "b"}[name]: marked for name, marked in found.items()}
    ours, theirs = value(entry, compared(found)), value(entry, compared(other))
    assert ours == pytest.approx(theirs)


# These correct for few items, or draw chance anew.
SMALL = ("alpha_u", "token_alpha", "gamma", "gamma_cat")


@pytest.mark.parametrize(
    "entry", [entry for entry in OF_SPANS if entry.id not in SMALL], ids=lambda entry: entry.id
)
@settings(max_examples=15)
@given(found=layers())
def test_the_same_documents_twice_change_nothing(entry: Measure, found: Sets) -> None:
    assert value(entry, compared(found, found)) == pytest.approx(value(entry, compared(found)))


@pytest.mark.parametrize("entry", OF_SPANS, ids=lambda entry: entry.id)
def test_a_resample_of_empty_texts_is_no_crash(entry: Measure) -> None:
    empty, text = Document("1", "", ""), Document("2", "", "a b")
    marked = AnnotationSet("a", spans=(Span("s", "entities", "PER", ((0, 1),), "a"),))
    found = compare(
        [
            Labelled(empty, AnnotationSet("a")),
            Labelled(empty, AnnotationSet("b")),
            Labelled(text, marked),
            Labelled(text, AnnotationSet("b")),
        ]
    )
    assert entry.spans
    tally = entry.spans(found, 7)
    with suppress(NoValueError):
        assert isinstance(tally.of(np.array([2.0, 0.0])), float)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in OF_SPANS if "f1" in entry.id or entry.id == "muc"],
    ids=lambda e: e.id,
)
@settings(max_examples=15)
@given(found=layers())
def test_f1_lies_between_zero_and_one(entry: Measure, found: Sets) -> None:
    got = value(entry, compared(found))
    assert isinstance(got, str) or 0 <= got <= 1


@pytest.mark.parametrize("entry", OF_CODINGS, ids=lambda entry: entry.id)
def test_equal_codes_agree_perfectly(entry: Measure) -> None:
    assert value(entry, Codings.of([(1, 1, 1), (2, 2, 2), (3, 3, None)])) == pytest.approx(1.0)


@pytest.mark.parametrize("entry", OF_CODINGS, ids=lambda entry: entry.id)
@given(table=items, seed=st.integers(0, 99))
def test_the_order_of_items_and_annotators_plays_no_part(
    entry: Measure, table: list[tuple[int | None, ...]], seed: int
) -> None:
    random = Random(seed)
    columns = random.sample(range(3), 3)
    other = [tuple(row[column] for column in columns) for row in random.sample(table, len(table))]
    assert value(entry, Codings.of(other, categories=(1, 2, 3))) == pytest.approx(
        value(entry, Codings.of(table, categories=(1, 2, 3)))
    )


@pytest.mark.parametrize("entry", OF_CODINGS, ids=lambda entry: entry.id)
@given(table=items)
def test_a_weight_stands_for_as_many_items(
    entry: Measure, table: list[tuple[int | None, ...]]
) -> None:
    assert value(entry, Codings.of([*table, *table])) == pytest.approx(
        value(entry, Codings.of(table, [2] * len(table)))
    )


@pytest.mark.parametrize(
    "entry",
    [
        e
        for e in OF_CODINGS
        if e.id not in ("krippendorff_alpha_ratio", "krippendorff_alpha_interval")
    ],
    ids=lambda entry: entry.id,
)
@given(table=items)
def test_names_of_categories_play_no_part(
    entry: Measure, table: list[tuple[int | None, ...]]
) -> None:
    names = {1: "а", 2: "б", 3: "в", None: None}
    other = [tuple(names[code] for code in row) for row in table]
    assert value(entry, Codings.of(other, categories="абв")) == pytest.approx(
        value(entry, Codings.of(table, categories=(1, 2, 3)))
    )


@pytest.mark.parametrize("entry", OF_CODINGS, ids=lambda entry: entry.id)
@pytest.mark.parametrize("table", [[], [(1, None), (None, 2)]])
def test_no_item_with_two_codes_has_no_value(
    entry: Measure, table: list[tuple[int | None, ...]]
) -> None:
    assert isinstance(value(entry, Codings.of(table)), str)
