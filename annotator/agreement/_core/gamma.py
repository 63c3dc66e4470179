"""What γ and γ_cat share: continua of documents, chance, and the best alignments of both.

Chance (Mathet et al. 2015, section 5.2): each annotator of a sample is one of the real ones, drawn
anew, whose units are all shifted by one random distance and wrapped at the end of the text; two
shifts differ by half the mean length of a unit at least. A document's continuum is its text. Over
several documents γ = 1 − Σ observed / Σ expected, each by its number of units; where there are
many, each is sampled less often, since their sum varies less.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from annotator.agreement._core.alignment import Continuum, Scale, align, labels_apart
from annotator.agreement._core.codings import Figures
from annotator.agreement._core.measure import remembered
from annotator.compare.comparison import Comparison

SAMPLES, LEAST_SAMPLES, ALL_SAMPLES = 30, 5, 1000
TRIES = 100


@dataclass(frozen=True, eq=False)
class Disorder:
    """What each document adds.

    The cost of its best alignment and the cost that chance would have, its units, and the four sums
    of γ_cat: two of the alignment, two of chance.
    """

    cost: Figures
    units: Figures
    labels: Figures


@remembered
def disorder(found: Comparison, seed: int, scale: Scale) -> Disorder:
    """Align each document as it is and as chance would have it."""
    documents = len(found.worked)
    continua = _continua(found)
    samples = min(SAMPLES, max(LEAST_SAMPLES, ALL_SAMPLES // max(1, len(continua))))
    sums = Disorder(np.zeros((documents, 2)), np.zeros(documents), np.zeros((documents, 4)))
    for group in _by_people(continua):
        _add_observed(sums, group, scale)
        _add_expected(sums, group, scale, seed, samples)
    return sums


def _continua(found: Comparison) -> dict[int, Continuum]:
    """Return the continua of the documents that have one, by the document's number."""
    continua = {}
    for number in range(len(found.worked)):
        continuum = continuum_of(found, number)
        if continuum:
            continua[number] = continuum
    return continua


def _by_people(continua: Mapping[int, Continuum]) -> Iterable[dict[int, Continuum]]:
    """Return the continua in groups of equally many annotators, which are aligned together."""
    groups: dict[int, dict[int, Continuum]] = {}
    for number, continuum in continua.items():
        groups.setdefault(continuum.people, {})[number] = continuum
    return groups.values()


def _add_observed(sums: Disorder, group: Mapping[int, Continuum], scale: Scale) -> None:
    """Add what the documents are."""
    alignments = align(list(group.values()), scale)
    for (number, continuum), best in zip(group.items(), alignments, strict=True):
        sums.units[number] = len(continuum)
        sums.cost[number, 0] = best.cost
        sums.labels[number, :2] = labels_apart(continuum, best, scale)


def _add_expected(
    sums: Disorder, group: Mapping[int, Continuum], scale: Scale, seed: int, samples: int
) -> None:
    """Add what they would be by chance: the mean of the samples, scaled to the document's units."""
    numbers = list[int]()
    drawn = list[Continuum]()
    for number, continuum in group.items():
        for turn in range(samples):
            numbers.append(number)
            drawn.append(sample(continuum, np.random.default_rng([seed, number, turn])))
    for number, continuum, best in zip(numbers, drawn, align(drawn, scale), strict=True):
        sums.cost[number, 1] += best.cost / len(continuum) * sums.units[number] / samples
        sums.labels[number, 2:] += labels_apart(continuum, best, scale)


def continuum_of(found: Comparison, number: int) -> Continuum | None:
    """Return a document's units.

    None where fewer than two annotators worked, or none marked anything.
    """
    marks = found.marks
    people = np.flatnonzero(found.worked[number])
    rows = np.flatnonzero(marks.document == number)
    if len(people) < 2 or not len(rows):
        return None
    who = np.searchsorted(people, marks.annotator[rows])
    start = marks.start[rows].astype(np.float64)
    end = marks.end[rows].astype(np.float64)
    order = np.lexsort((marks.kind[rows], end, start, who))
    size = float(found.texts.sizes[number])
    return Continuum(
        start[order], end[order], marks.kind[rows][order], who[order], len(people), 0.0, size
    )


def sample(continuum: Continuum, random: np.random.Generator) -> Continuum:
    """Return a continuum as chance would have it."""
    drawn = random.integers(continuum.people, size=continuum.people)
    if not np.isin(continuum.who, drawn).any():
        drawn[0] = continuum.who[random.integers(len(continuum))]
    shifts = np.array(_shifts(continuum, random))
    rows = [np.flatnonzero(continuum.who == person) for person in drawn]
    taken = np.concatenate(rows)
    who = np.repeat(np.arange(continuum.people), list(map(len, rows)))
    start = continuum.start[taken] + shifts[who]
    length = continuum.high - continuum.low
    start = np.where(start > continuum.high, start - length, start)
    end = start + continuum.end[taken] - continuum.start[taken]
    return Continuum(
        start, end, continuum.kind[taken], who, continuum.people, continuum.low, continuum.high
    )


def _shifts(continuum: Continuum, random: np.random.Generator) -> list[float]:
    """Draw a shift for each annotator, half a mean unit apart at least where that is possible."""
    length = continuum.high - continuum.low
    least_apart = float((continuum.end - continuum.start).mean()) / 2
    shifts: list[float] = []
    for _person in range(continuum.people):
        shift = random.uniform(0, length)
        for _try in range(TRIES):
            if all(abs(shift - other) >= least_apart for other in shifts):
                break
            shift = random.uniform(0, length)
        shifts.append(shift)
    return shifts
