"""Measures of agreement, one module each; `measures()` lists them by id."""

from functools import cache

from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Figures, Measure, NoValueError, Tally, interval
from annotator.agreement._core.spans import token_tally
from annotator.errors import UserError
from annotator.i18n import _
from annotator.registry import modules_in

__all__ = [
    "Codings",
    "Figures",
    "Measure",
    "NoValueError",
    "Tally",
    "find_measure",
    "interval",
    "measures",
    "token_tally",
]


@cache
def measures() -> dict[str, Measure]:
    """Return all measures by id."""
    found = (module.MEASURE for module in modules_in(__name__))
    return {entry.id: entry for entry in found}


def find_measure(name: str) -> Measure:
    """Return a measure by its id."""
    try:
        return measures()[name]
    except KeyError:
        known = ", ".join(sorted(measures()))
        raise UserError(
            _("There is no measure {name}. Choose one of: {known}.").format(name=name, known=known)
        ) from None
