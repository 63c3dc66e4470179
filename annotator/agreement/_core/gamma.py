"""What γ and γ_cat share: continua of documents, chance, and the best alignments of both.

Chance (Mathet et al. 2015, section 5.2): each annotator of a sample is one of the real ones, drawn
anew, whose units are all shifted by one random distance and wrapped at the end of the text; two
shifts differ by half the mean length of a unit at least. A document's continuum is its text. Over
several documents γ = 1 − Σ observed / Σ expected, each by its number of units; where there are
many, each is sampled less often, since their sum varies less.
"""

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
    """What each document adds: cost of the best alignment, cost to be expected by chance, units.

    Γ_cat's four sums.
    """

    cost: Figures
    units: Figures
    labels: Figures


@remembered
def disorder(found: Comparison, seed: int, scale: Scale) -> Disorder:
    """Align each document as it is and as chance would have it."""
    continua = {
        number: continuum
        for number in range(len(found.worked))
        if (continuum := continuum_of(found, number))
    }
    samples = min(SAMPLES, max(LEAST_SAMPLES, ALL_SAMPLES // max(1, len(continua))))
    cost, units, labels = (
        np.zeros((len(found.worked), 2)),
        np.zeros(len(found.worked)),
        np.zeros((len(found.worked), 4)),
    )
    groups: dict[int, list[int]] = {}
    for number, continuum in continua.items():
        groups.setdefault(continuum.people, []).append(number)
    for numbers in groups.values():
        for number in numbers:
            units[number] = len(continua[number])
        real = [continua[number] for number in numbers]
        for number, continuum, best in zip(numbers, real, align(real, scale), strict=True):
            cost[number, 0] = best.cost
            labels[number, :2] = labels_apart(continuum, best, scale)
        drawn = [
            (number, sample(continua[number], np.random.default_rng([seed, number, turn])))
            for number in numbers
            for turn in range(samples)
        ]
        for (number, continuum), best in zip(
            drawn, align([each for _number, each in drawn], scale), strict=True
        ):
            cost[number, 1] += best.cost / len(continuum) * units[number] / samples
            labels[number, 2:] += labels_apart(continuum, best, scale)
    return Disorder(cost, units, labels)


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
    start, end = marks.start[rows].astype(np.float64), marks.end[rows].astype(np.float64)
    order = np.lexsort((marks.kind[rows], end, start, who))
    size = float(found.texts.sizes[number])
    return Continuum(
        start[order], end[order], marks.kind[rows][order], who[order], len(people), 0.0, size
    )


def sample(continuum: Continuum, random: np.random.Generator) -> Continuum:
    """Return a continuum as chance would have it."""
    room = continuum.high - continuum.low
    least = float((continuum.end - continuum.start).mean()) / 2
    drawn = random.integers(continuum.people, size=continuum.people)
    if not np.isin(continuum.who, drawn).any():
        drawn[0] = continuum.who[random.integers(len(continuum))]
    shifts: list[float] = []
    for _person in drawn:
        shift = random.uniform(0, room)
        for _try in range(TRIES):
            if all(abs(shift - other) >= least for other in shifts):
                break
            shift = random.uniform(0, room)
        shifts.append(shift)
    rows = [np.flatnonzero(continuum.who == person) for person in drawn]
    taken = np.concatenate(rows)
    who = np.repeat(np.arange(continuum.people), [len(each) for each in rows])
    start = continuum.start[taken] + np.array(shifts)[who]
    start = np.where(start > continuum.high, start - room, start)
    end = start + continuum.end[taken] - continuum.start[taken]
    return Continuum(
        start, end, continuum.kind[taken], who, continuum.people, continuum.low, continuum.high
    )
