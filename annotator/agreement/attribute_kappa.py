"""Cohen's κ (1960) of attributes (stance, certainty …) on spans that both annotators have.

Items are the spans that both marked, with equal fragments, layer and label; each attribute that
anybody gave to spans of that label is one coding of them, and not to have it is a value of its own.
Agreement and chance are those of each attribute, weighted by its spans; of more than two annotators
the mean over their pairs. An attribute of more than 50 values is a text, and left out. Value:
Artstein and Poesio (2008), section 2.3, κ = 0.348 for counts of 20, 20, 10, 50.

>>> from annotator.compare.building import compare
>>> from annotator.model import Document, Labelled, AnnotationSet, Span
>>> counts = {("s", "s"): 20, ("i", "s"): 20, ("s", "i"): 10, ("i", "i"): 50}
>>> pairs = [pair for pair, count in counts.items() for _copy in range(count)]
>>> def annotation_set(number):
...     spans = (
...         Span("", "", "ACT", ((place, place + 1),), "x", {"kind": pair[number]})
...         for place, pair in enumerate(pairs)
...     )
...     return AnnotationSet("ab"[number], "done", tuple(spans))
>>> text = Document("", "", "x" * 100)
>>> found = compare(Labelled(text, annotation_set(number)) for number in (0, 1))
>>> round(attribute_kappa(found).total(), 3)
0.348
"""

from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.chance import NoValueError, cohen
from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.compare.comparison import Comparison, Numbers
from annotator.compare.matching import exact_keys
from annotator.i18n import N_, _

MOST_VALUES = 50
Cell = tuple[tuple[int, int], int, int, int]
"""The pair of annotators, the attribute, what one said, what the other said."""


class Asked(NamedTuple):
    """An attribute: the kinds of span that it is asked of, and what each span says.

    said: the number of a value, 0 for nothing.
    """

    kinds: Numbers
    said: Numbers


class _Both(NamedTuple):
    """The spans that both of two annotators have, as rows of the marks."""

    pair: tuple[int, int]
    ours: Numbers
    theirs: Numbers


class _Answers:
    """What was said of the spans that both have: a cell for each pair of answers."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._documents = [np.zeros(0, dtype=np.int64)]
        self._numbers = [np.zeros(0, dtype=np.int64)]

    def add(
        self, pair: tuple[int, int], attribute: int, said: tuple[Numbers, Numbers], where: Numbers
    ) -> None:
        """Add what both said of an attribute, a place a span; `where` are the spans' documents."""
        ours, theirs = said
        used, number = np.unique(ours * (MOST_VALUES + 1) + theirs, return_inverse=True)
        self._documents.append(where)
        self._numbers.append(number + len(self.cells))
        self.cells += [(pair, attribute, *divmod(cell, MOST_VALUES + 1)) for cell in used.tolist()]

    def counts(self, documents: int) -> Figures:
        """Return how often each document has each cell."""
        width = max(1, len(self.cells))
        places = np.concatenate(self._documents) * width + np.concatenate(self._numbers)
        flat = np.bincount(places, minlength=documents * width)
        return flat.reshape(documents, width)[:, : len(self.cells)].astype(np.float64)


def attribute_kappa(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of κ."""
    marks = found.marks
    documents = len(found.worked)
    asked = _asked(found)
    answers = _Answers()
    items = np.zeros(documents)
    for both in _both(found, asked):
        items += np.bincount(marks.document[both.ours], minlength=documents)
        for attribute, (kinds, said) in enumerate(asked):
            here = np.isin(marks.kind[both.ours], kinds)
            ours = both.ours[here]
            theirs = both.theirs[here]
            answers.add(both.pair, attribute, (said[ours], said[theirs]), marks.document[ours])
    cells = answers.cells
    return Tally(answers.counts(documents), items, lambda sums: _kappa(cells, sums))


def _asked(found: Comparison) -> list[Asked]:
    """Return the attributes in the order of their names.

    They are asked of spans of each kind of which anybody gave one.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    values: dict[str, list[str]] = defaultdict(list)
    for row, span in enumerate(found.spans):
        for name, value in span.attributes.items():
            rows[name].append(row)
            values[name].append(repr(value))
    asked = []
    for name in sorted(rows):
        place = {value: number for number, value in enumerate(sorted(set(values[name])), 1)}
        if len(place) <= MOST_VALUES:
            said = np.zeros(len(found.spans), dtype=np.int64)
            said[rows[name]] = [place[value] for value in values[name]]
            asked.append(Asked(np.unique(found.marks.kind[rows[name]]), said))
    return asked


def _both(found: Comparison, asked: list[Asked]) -> Iterator[_Both]:
    """Walk over the pairs of annotators with the rows of the spans that both have.

    Of several equal spans those with equal attributes come together; the longer side's last ones
    have no partner.
    """
    wanted = _asked_of(found, asked)
    same = exact_keys(found)[wanted]
    style = _styles(found, wanted)
    alike = np.unique(np.stack([same, style]), axis=1, return_inverse=True)[1].ravel()
    rows_of = _rows_of_people(found, wanted, style)
    for pair in found.pairs:
        ours, theirs = (rows_of[person] for person in pair)
        left, right = _one_to_one(alike[ours], alike[theirs])
        rest = np.delete(ours, left)
        others = np.delete(theirs, right)
        more, partners = _one_to_one(same[rest], same[others])
        our_rows = np.concatenate([ours[left], rest[more]])
        their_rows = np.concatenate([theirs[right], others[partners]])
        yield _Both(pair, wanted[our_rows], wanted[their_rows])


def _asked_of(found: Comparison, asked: list[Asked]) -> Numbers:
    """Return the rows of the spans that any attribute is asked of."""
    kinds = np.concatenate([np.zeros(0, dtype=np.int64), *(entry.kinds for entry in asked)])
    return np.flatnonzero(np.isin(found.marks.kind, kinds))


def _rows_of_people(found: Comparison, wanted: Numbers, style: Numbers) -> list[Numbers]:
    """Return the places of each annotator's spans among those wanted, by their attributes."""
    who = found.marks.annotator[wanted]
    rows = []
    for person in range(len(found.annotators)):
        own = who == person
        rows.append(np.flatnonzero(own)[np.argsort(style[own], kind="stable")])
    return rows


def _styles(found: Comparison, rows: Numbers) -> Numbers:
    """Return a number for each row, equal where all attributes are."""
    texts = [
        repr(sorted(attributes.items())) if (attributes := found.spans[row].attributes) else ""
        for row in rows.tolist()
    ]
    place = {text: number for number, text in enumerate(sorted(set(texts)))}
    return np.array([place[text] for text in texts], dtype=np.int64)


def _one_to_one(ours: Numbers, theirs: Numbers) -> tuple[Numbers, Numbers]:
    """Return the places of equal keys, the k-th of several beside the k-th."""
    numbers = np.unique(np.concatenate([ours, theirs]), return_inverse=True)[1]
    many = len(numbers) + 1
    left, right = (
        keys * many + _times_before(keys) for keys in (numbers[: len(ours)], numbers[len(ours) :])
    )
    _keys, first, second = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    return first, second


def _times_before(keys: Numbers) -> Numbers:
    """Return for each key how many equal ones stand before it."""
    order = np.argsort(keys, kind="stable")
    times = np.empty(len(keys), dtype=np.int64)
    times[order] = np.arange(len(keys)) - np.searchsorted(keys[order], keys[order])
    return times


def _kappa(cells: list[Cell], sums: Figures) -> float:
    tables: dict[tuple[int, int], dict[int, dict[tuple[int, int], float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for (pair, name, ours, theirs), count in zip(cells, sums.tolist(), strict=True):
        if count:
            tables[pair][name][ours, theirs] = count
    found = [value for table in tables.values() if (value := _stratified(table)) is not None]
    if not tables:
        raise NoValueError(_("No span that two annotators have carries an attribute."))
    if not found:
        raise NoValueError(_("Only one value was used, so chance alone agrees always."))
    return fmean(found)


def _stratified(attributes: dict[int, dict[tuple[int, int], float]]) -> float | None:
    apart = by_chance = 0.0
    for counts in attributes.values():
        values = sorted({value for pair in counts for value in pair})
        table = np.zeros((len(values), len(values)))
        for (ours, theirs), count in counts.items():
            table[values.index(ours), values.index(theirs)] = count
        parts = cohen(table / table.sum())
        apart += (1 - parts.observed) * table.sum()
        by_chance += (1 - parts.expected) * table.sum()
    return 1 - apart / by_chance if by_chance > 0 else None


MEASURE = Measure(
    "attribute_kappa",
    N_("Attribute κ"),
    N_("attributes of spans that both have"),
    spans=attribute_kappa,
)
