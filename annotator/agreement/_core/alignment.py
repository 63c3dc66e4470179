"""The best alignment of units on continua, exact and for many continua at once.

Mathet, Widlöcher and Métivier 2015, section 4.

Words: a *unit* is a span of one annotator from its first to its last character; a *tuple* takes one
unit at most of each annotator, and costs the mean of the dissimilarities of all its pairs (Δ = 1
where one or both are missing); an *alignment* is a set of tuples that holds each unit once, and the
best one costs least.

How: only tuples are kept that no split into smaller ones makes cheaper. Prices on units (the dual
of the linear programme) are raised by coordinate ascent, for all units of an annotator at once: no
tuple holds two of them. Where the tuples that cost less than their units' prices are an alignment,
it is the best one. What stays undecided is searched by branch and bound with the prices as bound,
component by component.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.codings import Figures
from annotator.compare.comparison import Numbers, Truths
from annotator.i18n import _

SMALL = 1e-9
EACH = (
    1e-7  # what a tuple more costs: of alignments that are equally good, the one that aligns more
)
ROUNDS, MORE_ROUNDS, SWEEPS = 6, 60, 8
FEW_STEPS, MOST_STEPS = 200_000, 20_000_000
MOST_TUPLES, TOO_MANY = 300_000, 1_000_000
BLOCK = 512


class Scale(NamedTuple):
    """How much place and label weigh in the dissimilarity of two units."""

    place: float = 1.0
    label: float = 1.0


EQUAL = Scale()


@dataclass(frozen=True, eq=False)
class Continuum:
    """The units of some annotators between two bounds."""

    start: Figures
    end: Figures
    kind: Numbers
    who: Numbers
    people: int
    low: float
    high: float

    def __len__(self) -> int:
        return len(self.start)

    def far(self, one: Numbers, other: Numbers, scale: Scale) -> Figures:
        """Return the dissimilarity of pairs of units."""
        differ = (self.kind[one] != self.kind[other]).astype(np.float64)
        far: Figures = scale.place * self.apart(one, other) + scale.label * differ
        return far

    def apart(self, one: Numbers, other: Numbers) -> Figures:
        """Return the positional dissimilarity of pairs of units."""
        edges = np.abs(self.start[one] - self.start[other]) + np.abs(
            self.end[one] - self.end[other]
        )
        length: Figures = self.end[one] - self.start[one] + self.end[other] - self.start[other]
        ratio: Figures = edges / length
        return ratio * ratio


class Tuples(NamedTuple):
    """Tuples that may be in the best alignment.

    Their members (tuples × annotators, −1: none), and what each costs.
    """

    members: Numbers
    cost: Figures

    def taken(self, rows: Numbers) -> "Tuples":
        """Return some of the rows."""
        return Tuples(self.members[rows], self.cost[rows])


class Alignment(NamedTuple):
    """The best alignment of a continuum: its tuples, and what they cost together."""

    members: Numbers
    cost: float


def tuples_of(continuum: Continuum, scale: Scale) -> Tuples:
    """Return the tuples of a continuum that no split makes cheaper."""
    people = continuum.people
    size = len(continuum)
    pairs = comb(people, 2)
    members = [_placed(np.arange(size)[:, None], continuum.who, people)]
    costs = [np.ones(size)]
    near = _near(continuum, scale, pairs + people - 1)
    chain = np.stack([near.one, near.other], axis=1)
    inside = np.stack([near.apart, near.apart], axis=1)
    for many in range(2, people + 1):
        if not len(chain):
            break
        kept = (inside < many - 1 + pairs + SMALL).all(axis=1)
        members.append(_placed(chain[kept], continuum.who, people))
        costs.append((inside[kept].sum(axis=1) / 2 + pairs - comb(many, 2)) / pairs)
        if many < people:
            chain, inside = _longer(continuum, scale, chain, inside, near)
    return Tuples(np.concatenate(members), np.concatenate(costs))


class _Near(NamedTuple):
    """Pairs of units of two annotators that can be in one tuple, by the first unit.

    `apart`: their dissimilarity, which is less than `most`. `first`: where the pairs of each unit
    begin.
    """

    one: Numbers
    other: Numbers
    apart: Figures
    first: Numbers
    most: float


def _placed(chain: Numbers, who: Numbers, people: int) -> Numbers:
    """Put the units of tuples into the columns of their annotators."""
    members = np.full((len(chain), people), -1)
    for column in chain.T:
        members[np.arange(len(chain)), who[column]] = column
    return members


def _near(continuum: Continuum, scale: Scale, most: float) -> _Near:
    """Return the pairs of units that can be in one tuple."""
    everything = np.arange(len(continuum))
    blocks = [(everything[:0], everything[:0], np.zeros(0))]
    for low in range(0, len(continuum), BLOCK):
        grid = np.meshgrid(everything[low : low + BLOCK], everything, indexing="ij")
        one, other = (column.ravel() for column in grid)
        later = continuum.who[one] < continuum.who[other]
        one = one[later]
        other = other[later]
        far = continuum.far(one, other, scale)
        near = far < most
        blocks.append((one[near], other[near], far[near]))
    one, other, apart = (np.concatenate(column) for column in zip(*blocks, strict=True))
    first = np.searchsorted(one, np.arange(len(continuum) + 1))
    return _Near(one, other, apart, first, most)


def _longer(
    continuum: Continuum, scale: Scale, chain: Numbers, inside: Figures, near: _Near
) -> tuple[Numbers, Figures]:
    """Return tuples with one unit more of a later annotator.

    `inside`: each member's dissimilarity to all others.
    """
    last = chain[:, -1]
    counts = near.first[last + 1] - near.first[last]
    if int(counts.sum()) > TOO_MANY:
        raise _too_many()
    row = np.repeat(np.arange(len(chain)), counts)
    before = np.cumsum(counts) - counts
    fresh = near.other[np.repeat(near.first[last] - before, counts) + np.arange(counts.sum())]
    shorter = chain[row]
    longer = np.concatenate([shorter, fresh[:, None]], axis=1)
    apart = np.stack([continuum.far(column, fresh, scale) for column in shorter.T], axis=1)
    kept = (apart < near.most).all(axis=1)
    sums = np.concatenate([inside[row] + apart, apart.sum(axis=1, keepdims=True)], axis=1)
    return longer[kept], sums[kept]


def _too_many() -> NoValueError:
    return NoValueError(
        _("The best alignment could not be found: too many spans lie on one another.")
    )


def align(continua: Sequence[Continuum], scale: Scale) -> list[Alignment]:
    """Return the best alignment of each continuum; all have equally many annotators."""
    found: list[Alignment] = []
    waiting: list[Tuples] = []
    sizes: list[int] = []
    room = MOST_TUPLES
    for number, continuum in enumerate(continua, 1):
        waiting.append(tuples_of(continuum, scale))
        sizes.append(len(continuum))
        room -= len(waiting[-1].cost)
        if room < 0 or number == len(continua):
            found += _best(waiting, sizes)
            waiting = []
            sizes = []
            room = MOST_TUPLES
    return found


def _best(problems: Sequence[Tuples], sizes: Sequence[int]) -> list[Alignment]:
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    members = np.concatenate(
        [
            np.where(each.members >= 0, each.members + offset, -1)
            for each, offset in zip(problems, offsets, strict=False)
        ]
    )
    cost = np.concatenate([each.cost for each in problems])
    owner = np.repeat(np.arange(len(problems)), [len(each.cost) for each in problems])
    chosen = _solved(
        Tuples(members, cost + EACH), owner, np.repeat(np.arange(len(problems)), sizes)
    )
    first = np.searchsorted(owner, np.arange(len(problems) + 1))
    found = []
    for number, problem in enumerate(problems):
        mine = chosen[first[number] : first[number + 1]]
        found.append(Alignment(problem.members[mine], float(problem.cost[mine].sum())))
    return found


def _solved(tuples: Tuples, owner: Numbers, owner_of_unit: Numbers) -> Truths:
    """Return which tuples are in the best alignments of their continua."""
    chosen = np.zeros(len(owner), dtype=bool)
    prices = np.zeros(len(owner_of_unit) + 1)  # the last one is that of no unit
    active = np.arange(len(owner))
    for _round in range(ROUNDS):
        here = tuples.taken(active)
        cheap = _ascend(here, prices) < -SMALL
        is_settled = _is_cover(here.members[cheap], owner_of_unit)[owner[active]]
        chosen[active[is_settled & cheap]] = True
        active = active[~is_settled]
        if not len(active):
            break
    for problem in np.unique(owner[active]).tolist():
        rows = active[owner[active] == problem]
        chosen[rows[_decided(tuples.taken(rows), prices)]] = True
    return chosen


def _is_cover(members: Numbers, owner_of_unit: Numbers) -> Truths:
    """Return for each continuum whether some tuples hold each of its units once."""
    problems = int(np.max(owner_of_unit, initial=-1)) + 1
    times = np.bincount(members[members >= 0], minlength=len(owner_of_unit))
    is_cover: Truths = np.bincount(owner_of_unit[times != 1], minlength=problems) == 0
    return is_cover


def _decided(tuples: Tuples, prices: Figures) -> list[int]:
    """Return the tuples of the best alignment of a continuum that prices alone did not decide."""
    taken = _searched(tuples, prices, FEW_STEPS)
    if taken is None:  # better prices make a better bound
        for _round in range(MORE_ROUNDS):
            _ascend(tuples, prices)
        taken = _searched(tuples, prices, MOST_STEPS)
    if taken is None:
        raise _too_many()
    return taken


def _ascend(tuples: Tuples, prices: Figures) -> Figures:
    """Raise the dual by some sweeps of coordinate ascent over the prices.

    Return what tuples cost beyond their units' prices.
    """
    reduced: Figures = tuples.cost - prices[tuples.members].sum(axis=1)
    columns = [_by_unit(column) for column in tuples.members.T if (column >= 0).any()]
    for _sweep in range(SWEEPS):
        for rows, units, first, counts in columns:
            step = _steps(reduced[rows], first, counts)
            prices[units] += step
            reduced[rows] -= np.repeat(step, counts)
    return reduced


def _by_unit(column: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Sort the tuples with a unit of one annotator by it.

    Return their rows, the units, the place of each unit's first tuple, and how many it has.
    """
    rows = np.flatnonzero(column >= 0)
    rows = rows[np.argsort(column[rows], kind="stable")]
    units, first, counts = np.unique(column[rows], return_index=True, return_counts=True)
    return rows, units, first, counts


def _steps(reduced: Figures, first: Numbers, counts: Numbers) -> Figures:
    """Return how far each unit's price goes up: half way between its cheapest two tuples."""
    least = np.minimum.reduceat(reduced, first)
    is_least = reduced == np.repeat(least, counts)
    second = np.minimum.reduceat(np.where(is_least, np.inf, reduced), first)
    second = np.where(np.add.reduceat(is_least, first, dtype=np.int64) > 1, least, second)
    steps: Figures = np.where(np.isinf(second), least + 1, (least + second) / 2)
    return steps


# ── Search ────────────────────────────────────────────────────────────────────────────────────────


def _searched(tuples: Tuples, prices: Figures, most: int) -> list[int] | None:
    """Return the tuples of the best alignment of one continuum.

    By branch and bound on each component; None: too many steps.
    """
    units = [tuple(unit for unit in row if unit >= 0) for row in tuples.members.tolist()]
    price = {unit: float(prices[unit]) for row in units for unit in row}
    costs = tuples.cost.tolist()
    for row, own in zip(
        units, costs, strict=True
    ):  # prices that no tuple undercuts are a lower bound
        lack = own - sum(price[unit] for unit in row)
        if lack < 0:
            price[row[0]] += lack
    beyond = [
        max(0.0, own - sum(price[unit] for unit in row))
        for row, own in zip(units, costs, strict=True)
    ]
    _tighten(units, beyond, price)
    found = list[int]()
    for group in _components(units):
        taken = _Search([units[row] for row in group], [beyond[row] for row in group]).best(most)
        if taken is None:
            return None
        found += [group[row] for row in taken]
    return found


def _tighten(
    units: Sequence[tuple[int, ...]], beyond: list[float], price: dict[int, float]
) -> None:
    """Raise each price as far as no tuple undercuts it."""
    having: dict[int, list[int]] = {}
    for row, those in enumerate(units):
        for unit in those:
            having.setdefault(unit, []).append(row)
    for unit in price:
        step = min(beyond[row] for row in having[unit])
        for row in having[unit]:
            beyond[row] -= step


def _components(units: Sequence[tuple[int, ...]]) -> list[list[int]]:
    parent: dict[int, int] = {}

    def root(unit: int) -> int:
        while parent.setdefault(unit, unit) != unit:
            parent[unit] = unit = parent[parent[unit]]
        return unit

    for those in units:
        for unit in those[1:]:
            parent[root(unit)] = root(those[0])
    groups: dict[int, list[int]] = {}
    for row, those in enumerate(units):
        groups.setdefault(root(those[0]), []).append(row)
    return list(groups.values())


class _Search:
    """Finds the exact cover of units by tuples that costs least; costs are not negative."""

    def __init__(self, units: Sequence[tuple[int, ...]], costs: Sequence[float]) -> None:
        order = sorted(range(len(units)), key=lambda row: (costs[row], -len(units[row])))
        self.units = units
        self.costs = costs
        self.taken: list[int] = self._greedy(order)
        self.limit = sum(costs[row] for row in self.taken)
        self.having: dict[int, list[int]] = {}
        for row in order:
            if costs[row] < self.limit - SMALL or len(units[row]) == 1:
                for unit in units[row]:
                    self.having.setdefault(unit, []).append(row)
        self.steps = 0

    def _greedy(self, order: Sequence[int]) -> list[int]:
        free = {unit for those in self.units for unit in those}
        taken = []
        for row in order:
            if free.issuperset(self.units[row]):
                taken.append(row)
                free.difference_update(self.units[row])
        return taken

    def best(self, most: int) -> list[int] | None:
        """Return the rows of the cheapest cover; None when that takes more steps than `most`."""
        free = set(self.having)
        stack = [(0.0, list[int](), free)]
        while stack and self.limit > SMALL:
            spent, rows, free = stack.pop()
            if spent >= self.limit - SMALL:
                continue
            if not free:
                self.limit = spent
                self.taken = rows
                continue
            if self.steps > most:
                return None
            room = self.limit - SMALL - spent
            stack += [
                (spent + self.costs[row], [*rows, row], free.difference(self.units[row]))
                for row in reversed(self._choices(free))
                if self.costs[row] < room
            ]
        return self.taken

    def _choices(self, free: set[int]) -> list[int]:
        """Return the tuples of the unit that has fewest left, the cheapest first."""
        fewest: list[int] | None = None
        for unit in free:
            self.steps += len(self.having[unit])
            left = [row for row in self.having[unit] if free.issuperset(self.units[row])]
            if fewest is None or len(left) < len(fewest):
                fewest = left
                if len(left) <= 1:
                    break
        return fewest or []


def labels_apart(continuum: Continuum, alignment: Alignment, scale: Scale) -> tuple[float, float]:
    """Return how far the labels of aligned units differ, and the weight of that (Mathet 2017)."""
    apart = weight = 0.0
    present = (alignment.members >= 0).sum(axis=1)
    for first, second in combinations(range(continuum.people), 2):
        one = alignment.members[:, first]
        other = alignment.members[:, second]
        both = (one >= 0) & (other >= 0)
        one = one[both]
        other = other[both]
        sure = np.maximum(0, 1 - scale.place * continuum.apart(one, other)) / (present[both] - 1)
        apart += float(sure @ (continuum.kind[one] != continuum.kind[other]))
        weight += float(sure.sum())
    return apart, weight
