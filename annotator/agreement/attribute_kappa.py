"""Cohen's κ (1960) of attributes (stance, certainty …) on spans that both annotators have.

Items are the spans that both marked, with equal fragments, layer and label; each attribute that anybody gave to spans of that
label is one coding of them, and not to have it is a value of its own. Agreement and chance are those of each attribute,
weighted by its spans; of more than two annotators the mean over their pairs. An attribute of more than 50 values is a text,
and left out. Value: Artstein and Poesio (2008), section 2.3, κ = 0.348 for counts of 20, 20, 10, 50.

>>> from annotator.compare import compare
>>> from annotator.model import Document, Labelled, Layer, Span
>>> counts = {("s", "s"): 20, ("i", "s"): 20, ("s", "i"): 10, ("i", "i"): 50}
>>> pairs = [pair for pair, count in counts.items() for _copy in range(count)]
>>> def layer(number):
...     spans = (Span("", "", "ACT", ((place, place + 1),), "x", {"kind": pair[number]}) for place, pair in enumerate(pairs))
...     return Layer("ab"[number], "done", tuple(spans))
>>> round(attribute_kappa(compare(Labelled(Document("", "", "x" * 100), layer(number)) for number in (0, 1))).total(), 3)
0.348
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import fmean

import numpy as np

from annotator.agreement._base import Figures, Measure, Tally
from annotator.agreement._chance import NoValueError, cohen
from annotator.compare import Comparison, exact_keys
from annotator.i18n import N_, _
from annotator.model import Span

MOST_VALUES = 50
Cell = tuple[tuple[int, int], str, str, str]  # the pair of annotators, the attribute, what one said, what the other said


def attribute_kappa(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of κ."""
    asked = _attributes(found)
    counts: Counter[tuple[int, Cell]] = Counter()
    items = np.zeros(len(found.worked))
    for document, pair, kind, ours, theirs in _both(found, frozenset(asked)):
        items[document] += 1
        for name in asked[kind]:
            counts[document, (pair, name, _said(ours, name), _said(theirs, name))] += 1
    cells = sorted({cell for _document, cell in counts})
    place = {cell: number for number, cell in enumerate(cells)}
    figures = np.zeros((len(found.worked), len(cells)))
    for (document, cell), count in counts.items():
        figures[document, place[cell]] = count
    return Tally(figures, items, lambda sums: _kappa(cells, sums))


def _said(span: Span, name: str) -> str:
    return repr(span.attributes[name]) if name in span.attributes else ""


def _attributes(found: Comparison) -> dict[int, list[str]]:
    """Return the attributes that are asked of spans of each kind: those that anybody gave to one."""
    values: dict[str, set[str]] = defaultdict(set)
    asked: dict[int, set[str]] = defaultdict(set)
    for row, attributes in [(row, span.attributes) for row, span in enumerate(found.spans) if span.attributes]:
        kind = int(found.marks.kind[row])
        for name, value in attributes.items():
            values[name].add(repr(value))
            asked[kind].add(name)
    return {kind: sorted(name for name in names if len(values[name]) <= MOST_VALUES) for kind, names in asked.items()}


def _both(found: Comparison, kinds: frozenset[int]) -> Iterator[tuple[int, tuple[int, int], int, Span, Span]]:
    """Walk over the spans that two annotators both have; of several equal ones those with equal attributes come together."""
    marks = found.marks
    groups: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    wanted = np.flatnonzero(np.isin(marks.kind, list(kinds)))
    keys = exact_keys(found)[wanted]
    _values, number, counts = np.unique(keys, return_inverse=True, return_counts=True)
    several = counts[number] > 1
    wanted, keys = wanted[several], keys[several]
    for row, key, who in zip(wanted.tolist(), keys.tolist(), marks.annotator[wanted].tolist(), strict=True):
        groups[key][who].append(row)
    for people in groups.values():
        for pair in found.pairs if len(people) > 1 else ():
            ours, theirs = ([found.spans[row] for row in people.get(person, ())] for person in pair)
            row = next(iter(people.values()))[0]
            for one, other in _together(ours, theirs):
                yield int(marks.document[row]), pair, int(marks.kind[row]), one, other


def _together(ours: list[Span], theirs: list[Span]) -> Iterator[tuple[Span, Span]]:
    if len(ours) == 1 == len(theirs):
        yield ours[0], theirs[0]
        return
    left, right = (sorted(spans, key=_attributes_key) for spans in (ours, theirs))
    rest = []
    for span in left:
        alike = next((other for other in right if _attributes_key(other) == _attributes_key(span)), None)
        if alike is None:
            rest.append(span)
        else:
            right.remove(alike)
            yield span, alike
    yield from zip(rest, right, strict=False)  # the longer side's last ones have no partner


def _attributes_key(span: Span) -> str:
    return repr(sorted(span.attributes.items()))


def _kappa(cells: list[Cell], sums: Figures) -> float:
    tables: dict[tuple[int, int], dict[str, dict[tuple[str, str], float]]] = defaultdict(lambda: defaultdict(dict))
    for (pair, name, ours, theirs), count in zip(cells, sums.tolist(), strict=True):
        if count:
            tables[pair][name][ours, theirs] = count
    found = [value for table in tables.values() if (value := _stratified(table)) is not None]
    if not tables:
        raise NoValueError(_("No span that two annotators have carries an attribute."))
    if not found:
        raise NoValueError(_("Only one value was used, so chance alone agrees always."))
    return fmean(found)


def _stratified(attributes: dict[str, dict[tuple[str, str], float]]) -> float | None:
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


MEASURE = Measure("attribute_kappa", N_("Attribute κ"), N_("attributes of spans that both have"), spans=attribute_kappa)
