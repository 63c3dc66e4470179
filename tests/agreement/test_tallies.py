"""What documents add to a measure: any sample of them, those that some did not see, counts."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement import Measure, NoValueError, find_measure, measures
from annotator.agreement.muc import muc
from annotator.agreement.relation_f1 import relation_f1
from annotator.compare.building import compare, of_spans
from annotator.compare.comparison import Comparison
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span
from tests.agreement.layers import Sets, compared, layers

# Chance is drawn anew for each document.
OF_SPANS = [
    entry for entry in measures().values() if entry.spans and not entry.id.startswith("gamma")
]
TEXT = "one two three four five"


def _value(entry: Measure, found: Comparison, weights: list[float]) -> float | None:
    assert entry.spans
    try:
        return entry.spans(found, 7).of(np.array(weights))
    except NoValueError:
        return None


@pytest.mark.parametrize("entry", OF_SPANS, ids=lambda entry: entry.id)
@settings(max_examples=15)
@given(one=layers(), two=layers())
def test_a_weight_says_how_often_a_document_stands(entry: Measure, one: Sets, two: Sets) -> None:
    found = compared(one, two)
    for weights, sample in (
        ([1.0, 0.0], [one]),
        ([0.0, 1.0], [two]),
        ([1.0, 1.0], [one, two]),
        ([2.0, 1.0], [one, one, two]),
    ):
        if not any(marks for sets in sample for marks in sets.values()):
            continue
        expected = _value(entry, compared(*sample), [1.0] * len(sample))
        got = _value(entry, found, weights)
        assert got is None if expected is None else got == pytest.approx(expected)


def _span(name: str, start: int, end: int, label: str = "A", **values: str) -> Span:
    return Span(name, "entities", label, ((start, end),), "", dict(values))


def _lined_up(*documents: dict[str, list[Span]]) -> Comparison:
    return compare(
        Labelled(Document(f"d{number}", "", TEXT), AnnotationSet(name, "done", tuple(spans)))
        for number, sets in enumerate(documents)
        for name, spans in sets.items()
    )


# The third did not see the second document, so nothing there is held against them.
SEEN_BY_SOME = _lined_up(
    {
        "a": [_span("1", 0, 3), _span("2", 4, 7)],
        "b": [_span("1", 0, 3), _span("2", 4, 7, "B")],
        "c": [_span("1", 0, 3)],
    },
    {"a": [_span("1", 8, 13)], "b": [_span("1", 8, 18)]},
)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # Pairs of the first document: ab 1 of 2 and 2, ac 1 of 2 and 1, bc the same.
        ("span_f1_exact", 2 * 3 / (4 + 3 + 3 + 2)),
        ("position_f1", 2 * 4 / (4 + 3 + 3 + 2)),
        ("span_f1_overlap", 2 * (3 + 1) / (4 + 3 + 3 + 2)),
        ("token_f1", 2 * (3 + 1) / (4 + 3 + 3 + 3)),
        ("character_f1", 2 * (9 + 5) / (12 + 9 + 9 + 15)),
    ],
)
def test_what_one_did_not_see_is_not_held_against_them(measure: str, expected: float) -> None:
    entry = find_measure(measure)
    assert entry.spans
    tally = entry.spans(SEEN_BY_SOME, 0)
    assert tally.total() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("measure", "sizes"),
    [
        ("span_f1_exact", [5, 2]),
        ("muc", [5, 2]),
        ("character_f1", [15, 15]),
        ("token_f1", [5, 3]),
        ("token_kappa", [5, 5]),
    ],
)
def test_how_much_was_compared_is_told_by_document(measure: str, sizes: list[float]) -> None:
    entry = find_measure(measure)
    assert entry.spans
    assert entry.spans(SEEN_BY_SOME, 0).sizes.tolist() == sizes


# ── MUC ───────────────────────────────────────────────────────────────────────────────────────────

KEY = [("A", 0, 4), ("A", 10, 14), ("A", 20, 24), ("A", 30, 34), ("A", 40, 44), ("A", 60, 64)]
RESPONSE = [("A", 0, 4), ("B", 10, 14), ("A", 21, 25), ("B", 31, 35), ("A", 50, 54), ("B", 70, 74)]
FIVE = ("correct", "incorrect", "partial", "missed", "spurious")


@pytest.mark.parametrize(
    ("scheme", "counts", "f1"),
    [
        ("strict", (1, 3, 0, 2, 2), 1 / 6),
        ("exact", (2, 2, 0, 2, 2), 2 / 6),
        ("partial", (2, 0, 2, 2, 2), 3 / 6),
        ("type", (2, 2, 0, 2, 2), 2 / 6),
    ],
)
def test_muc_counts_each_kind_of_pair(scheme: str, counts: tuple[int, ...], f1: float) -> None:
    tally = muc(of_spans(80, {"key": KEY, "response": RESPONSE}))
    assert tally.details is not None
    (found,) = tally.figures
    told = tally.details(found)[scheme]
    assert tuple(told[name] for name in FIVE) == counts
    assert (told["precision"], told["recall"], told["f1"]) == pytest.approx((f1, f1, f1))
    assert tally.total() == 3 / 6


def test_muc_holds_precision_and_recall_apart() -> None:
    tally = muc(of_spans(80, {"key": KEY[:3], "response": [*RESPONSE[:1], ("A", 70, 75)]}))
    assert tally.details is not None
    told = tally.details(tally.figures.sum(axis=0))["strict"]
    assert tuple(told[name] for name in FIVE) == (1, 0, 0, 2, 1)
    assert (told["precision"], told["recall"], told["f1"]) == pytest.approx((1 / 2, 1 / 3, 2 / 5))


def test_muc_lines_up_one_label_rather_than_more_letters_and_the_alike_before_all() -> None:
    spans = {"key": [("A", 0, 6)], "response": [("B", 0, 5), ("A", 5, 9)]}
    assert muc(of_spans(9, spans)).figures.tolist() == [[0, 0, 1, 0, 0, 1]]
    spans = {"key": [("A", 0, 6)], "response": [("B", 0, 6), ("A", 1, 6)]}
    assert muc(of_spans(9, spans)).figures.tolist() == [[0, 1, 0, 0, 0, 1]]
    spans = {"key": [("A", 0, 6), ("B", 0, 6)], "response": [("B", 0, 6), ("A", 0, 6)]}
    assert muc(of_spans(9, spans)).figures.tolist() == [[2, 0, 0, 0, 0, 0]]


def test_muc_wants_a_share_of_the_key_where_one_is_asked() -> None:
    found = of_spans(9, {"key": [("A", 0, 4)], "response": [("A", 2, 8)]})
    for least, figures in ((0.0, [0, 0, 1, 0, 0, 0]), (0.5, [0, 0, 1, 0, 0, 0])):
        assert muc(found, least=least).figures.tolist() == [figures]
    assert muc(found, least=0.51).figures.tolist() == [[0, 0, 0, 0, 1, 1]]


# ── Relations ─────────────────────────────────────────────────────────────────────────────────────

PLACES = st.tuples(st.integers(0, 2), st.sampled_from("AB"))
LINKS = st.lists(
    st.tuples(st.sampled_from("xy"), st.integers(0, 3), st.integers(0, 3) | st.none()), max_size=4
)
OWN = st.tuples(st.lists(PLACES, max_size=4), LINKS)


def _set(
    name: str, drawn: tuple[list[tuple[int, str]], list[tuple[str, int, int | None]]]
) -> AnnotationSet:
    marked, links = drawn
    spans = [_span(f"s{n}", at, at + 2, label) for n, (at, label) in enumerate(marked)]
    relations = []
    for number, (label, head, child) in enumerate(links):
        if max(head, child or 0) < len(spans):
            end = None if child is None else f"s{child}"
            implicit = "author" if child is None else None
            relations.append(Relation(f"r{number}", label, f"s{head}", end, implicit))
    return AnnotationSet(name, "done", tuple(spans), tuple(relations))


def _links(own: AnnotationSet, other: AnnotationSet) -> Counter[object]:
    """Return the relations whose ends the other has, by what they are."""
    have = {(span.fragments, span.label) for span in other.spans}
    what = {span.id: (span.fragments, span.label) for span in own.spans}
    found: Counter[object] = Counter()
    for link in own.relations:
        ends = what[link.head], what[link.child] if link.child else None
        if ends[0] in have and (ends[1] is None or ends[1] in have):
            found[link.label, ends] += 1
    return found


@given(st.lists(st.tuples(OWN, OWN, OWN), min_size=1, max_size=2))
def test_relations_agree_that_have_label_and_ends_in_common(
    drawn: list[tuple[tuple[list[tuple[int, str]], list[tuple[str, int, int | None]]], ...]],
) -> None:
    records, agreed, both = [], 0, 0
    for number, own in enumerate(drawn):
        sets = [_set(name, those) for name, those in zip("abc", own, strict=True)]
        records += [Labelled(Document(f"d{number}", "", TEXT), each) for each in sets]
        for one, other in combinations(sets, 2):
            ours, theirs = _links(one, other), _links(other, one)
            agreed += (ours & theirs).total()
            both += ours.total() + theirs.total()
    tally = relation_f1(compare(records))
    assert tally.figures.sum(axis=0).tolist() == [agreed, both]
    count = sum(len(record.annotation_set.relations) for record in records if record.annotation_set)
    assert tally.sizes.sum() == count


def test_relations_of_one_label_are_those_whose_head_has_it() -> None:
    spans = (_span("1", 0, 3, "A"), _span("2", 4, 7, "B"))
    links = (Relation("r", "x", "1", "2"), Relation("q", "x", "2", "1"))
    records = [
        Labelled(Document("d", "", TEXT), AnnotationSet("a", "done", spans, links)),
        Labelled(Document("d", "", TEXT), AnnotationSet("b", "done", spans, links[:1])),
    ]
    found = compare(records)
    assert relation_f1(found).total() == pytest.approx(2 / 3)
    assert relation_f1(found.only(label="A")).total() == 1.0
    assert relation_f1(found.only(label="B")).total() == 0.0


# ── Attributes ────────────────────────────────────────────────────────────────────────────────────


def _said(*pairs: tuple[str, str]) -> Comparison:
    """Return a comparison of spans that both have, with what each said of them."""
    sets: dict[str, list[Span]] = {"a": [], "b": []}
    for place, pair in enumerate(pairs):
        for name, value in zip("ab", pair, strict=True):
            values = {"sign": value} if value else {}
            sets[name].append(_span(f"{place}", place, place + 1, **values))
    return _lined_up(sets)


def _kappa(found: Comparison) -> float:
    entry = find_measure("attribute_kappa")
    assert entry.spans
    return entry.spans(found, 0).total()


def test_not_to_have_an_attribute_is_a_value_of_its_own() -> None:
    found = _said(("+", "+"), ("+", ""), ("", ""), ("", ""))
    # Observed 3/4; by chance 1/2 · 1/4 + 1/2 · 3/4.
    assert _kappa(found) == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))


def test_an_attribute_of_many_values_is_a_text_and_left_out() -> None:
    values = [f"{number}" for number in range(51)]
    sets = {"a": list[Span](), "b": list[Span]()}
    for name, those in sets.items():
        for number, value in enumerate(values):
            more = {"sign": "+" if number or name == "a" else "-"}
            those.append(_span(value, 0, 3, f"L{number}", text=value, **more))
    with_text = _kappa(_lined_up(sets))
    bare = {
        name: [span._replace(attributes={"sign": span.attributes["sign"]}) for span in those]
        for name, those in sets.items()
    }
    assert with_text == pytest.approx(_kappa(_lined_up(bare)))
    fifty = {name: those[:50] for name, those in sets.items()}
    bare_fifty = {name: those[:50] for name, those in bare.items()}
    assert _kappa(_lined_up(fifty)) != pytest.approx(_kappa(_lined_up(bare_fifty)))


def test_of_several_equal_spans_those_with_equal_attributes_come_together() -> None:
    twins = [_span("1", 0, 3, sign="+"), _span("2", 0, 3, sign="-"), _span("3", 4, 7, sign="+")]
    swapped = [twins[1], twins[0], twins[2]]
    assert _kappa(_lined_up({"a": twins, "b": swapped})) == 1.0
    assert _kappa(_lined_up({"a": [*twins, twins[0]], "b": swapped})) == 1.0
