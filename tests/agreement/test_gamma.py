"""What γ and γ_cat sum over documents, worked out apart from the best alignments."""

from itertools import combinations

import numpy as np
import pytest

from annotator.agreement import NoValueError
from annotator.agreement._core import gamma as chance
from annotator.agreement._core.alignment import EQUAL, Alignment, Continuum, align
from annotator.agreement.gamma import gamma
from annotator.agreement.gamma_cat import gamma_cat
from annotator.compare.building import compare, of_spans
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.agreement.layers import Sets, compared

ONE: Sets = {
    "a": [("PER", ((0, 6),), ""), ("ORG", ((10, 15),), ""), ("PER", ((30, 40),), "")],
    "b": [("PER", ((1, 6),), ""), ("PER", ((10, 16),), "")],
    "c": [("ORG", ((0, 5),), ""), ("ORG", ((11, 13), (14, 16)), "")],
}
TWO: Sets = {
    "a": [("PER", ((3, 29),), ""), ("PER", ((40, 66),), "")],
    "b": [("ORG", ((3, 28),), ""), ("PER", ((40, 67),), "")],
    "c": [],
}
NOTHING: Sets = {"a": [], "b": [], "c": []}
SEED = 3


def _labels(continuum: Continuum, alignment: Alignment) -> tuple[float, float]:
    """Return how far labels differ and the weight of that, tuple by tuple, pair by pair."""
    apart = weight = 0.0
    for row in alignment.members.tolist():
        units = [unit for unit in row if unit >= 0]
        for one, other in combinations(units, 2):
            start = abs(continuum.start[one] - continuum.start[other])
            end = abs(continuum.end[one] - continuum.end[other])
            lengths = sum(continuum.end[unit] - continuum.start[unit] for unit in (one, other))
            sure = max(0.0, 1 - ((start + end) / lengths) ** 2) / (len(units) - 1)
            weight += sure
            apart += sure * bool(continuum.kind[one] != continuum.kind[other])
    return apart, weight


def test_documents_add_their_own_disorder_and_that_of_chance() -> None:
    found = compared(ONE, NOTHING, TWO)
    for number, sets in enumerate((ONE, NOTHING, TWO)):
        continuum = chance.continuum_of(found, number)
        assert (continuum is None) == (sets is NOTHING)
        if continuum is None:
            continue
        best = align([continuum], EQUAL)[0]
        cost, apart, weight = 0.0, 0.0, 0.0
        for turn in range(30):
            drawn = chance.sample(continuum, np.random.default_rng([SEED, number, turn]))
            aligned = align([drawn], EQUAL)[0]
            cost += aligned.cost / len(drawn) * len(continuum) / 30
            labels = _labels(drawn, aligned)
            apart, weight = apart + labels[0], weight + labels[1]
        tally, categories = gamma(found, SEED), gamma_cat(found, SEED)
        assert tally.figures[number] == pytest.approx([best.cost, cost])
        expected = [*_labels(continuum, best), apart, weight]
        assert categories.figures[number] == pytest.approx(expected)
        assert tally.of(np.eye(3)[number]) == pytest.approx(1 - best.cost / cost)
        share = (expected[0] / expected[1]) / (apart / weight)
        assert categories.of(np.eye(3)[number]) == pytest.approx(1 - share)
    assert gamma(found, SEED).sizes.tolist() == [7, 0, 4]
    assert gamma(found, SEED).figures[1].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("documents", "samples"), [(1, 30), (33, 30), (50, 20), (200, 5), (250, 5)]
)
def test_of_many_documents_each_is_sampled_less_often(
    monkeypatch: pytest.MonkeyPatch, documents: int, samples: int
) -> None:
    times = 0

    def counted(continuum: Continuum, _random: np.random.Generator) -> Continuum:
        nonlocal times
        times += 1
        return continuum

    monkeypatch.setattr(chance, "sample", counted)
    gamma(compared(*[TWO] * documents))
    assert times == samples * documents


def test_a_continuum_is_of_those_who_worked_there() -> None:
    def record(number: int, who: str, *edges: int) -> Labelled:
        pairs = zip(edges[::2], edges[1::2], strict=True)
        spans = [Span(f"{a}", "entities", "A", ((a, b),), "") for a, b in pairs]
        document = Document(f"d{number}", "", "x" * (20 + number))
        return Labelled(document, AnnotationSet(who, "done", tuple(spans)))

    found = compare(
        [
            record(0, "b", 5, 8),
            record(0, "d", 7, 9, 1, 2),
            record(1, "a", 5, 8),
            record(1, "c", 7, 9),
            record(1, "d"),
            record(2, "c", 7, 9),
        ]
    )
    one, two, three = (chance.continuum_of(found, number) for number in range(3))
    assert one is not None
    assert (one.people, one.low, one.high) == (2, 0.0, 20.0)
    rows = [column.tolist() for column in (one.who, one.start, one.end)]
    assert rows == [[0, 1, 1], [5, 1, 7], [8, 2, 9]]
    assert two is not None
    assert (two.people, two.high, two.who.tolist()) == (3, 21.0, [0, 1])
    assert three is None


def test_where_labels_tell_nothing_there_is_a_reason() -> None:
    apart = of_spans(90, {"a": [("PER", 0, 2)], "b": [("PER", 80, 82)]})
    with pytest.raises(NoValueError, match="No two spans were aligned"):
        gamma_cat(apart).total()
    alike = of_spans(9, {"a": [("PER", 0, 2)], "b": [("PER", 0, 2)]})
    assert gamma_cat(alike).total() == 1.0
    with pytest.raises(NoValueError, match="Nobody marked anything here that chance"):
        gamma(compared(NOTHING)).total()
