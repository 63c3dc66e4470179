"""What a measure is: a named bundle of functions, one module each; nothing here knows any measure.

Words: a *tally* holds what each document adds to a measure, figures that may be summed; its *value*
is made of the sum. So one tally gives the value of all documents, of each, and of any that a
bootstrap draws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.codings import Codings
from annotator.compare.comparison import Comparison

__all__ = ["Figures", "Measure", "NoValueError", "Tally", "interval", "remembered"]

Figures = npt.NDArray[np.float64]
Counts = Mapping[str, Mapping[str, float]]
LEAST_DRAWS = 20
Rest = ParamSpec("Rest")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Tally:
    """What each document adds (documents × figures), and what the sum of that says.

    sizes: how many things were compared in each document.

    `value` raises NoValueError where the sum has no value. `details`: more figures of the same sum,
    where a measure has them. A measure whose parts do not sum has a row of no figures for each
    document, and `weighted` instead: the value when each document stands as often as its weight
    says.
    """

    figures: Figures
    sizes: Figures
    value: Callable[[Figures], float]
    details: Callable[[Figures], Counts] | None = None
    weighted: Callable[[Figures], float] | None = None

    @classmethod
    def of_weights(cls, sizes: Figures, weighted: Callable[[Figures], float]) -> "Tally":
        """Return a tally whose parts do not sum."""
        return cls(
            np.zeros((len(sizes), 0)),
            sizes,
            lambda _sums: weighted(np.ones(len(sizes))),
            weighted=weighted,
        )

    def of(self, weights: Figures) -> float:
        """Return the value when each document stands as often as its weight says."""
        return self.weighted(weights) if self.weighted else self.value(weights @ self.figures)

    def total(self) -> float:
        """Return the value of all documents together."""
        return self.of(np.ones(len(self.sizes)))


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: of codings (items × annotators), or of spans.

    name: how it is called on screens. compares: what it compares, a few words. Either `codings`
    (the coefficient of a table) or `spans` (the tally of a comparison, given a seed) is there.
    """

    id: str
    name: str
    compares: str
    codings: Callable[[Codings], float] | None = None
    spans: Callable[[Comparison, int], Tally] | None = None


Work = Callable[Concatenate[Comparison, Rest], Result]


def remembered(work: Work[Rest, Result]) -> Work[Rest, Result]:
    """Let a function of a comparison keep its last result: several measures stand on the same."""
    kept: WeakKeyDictionary[Comparison, tuple[object, Result]] = WeakKeyDictionary()

    @wraps(work)
    def once(found: Comparison, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        asked = (rest, tuple(sorted(named.items())))
        known = kept.get(found)
        if known is None or known[0] != asked:
            known = asked, work(found, *rest, **named)
            kept[found] = known
        return known[1]

    return once


def interval(draws: list[float]) -> tuple[float, float] | None:
    """Return the 95 % percentile interval of bootstrap values; None where there are too few."""
    if len(draws) < LEAST_DRAWS:
        return None
    low, high = np.percentile(np.array(draws), [2.5, 97.5])
    return float(low), float(high)
