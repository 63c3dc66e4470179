"""The example of every measure holds, and has a source."""

import doctest
import re
from types import ModuleType

import pytest

import annotator.compare.building
from annotator.registry import modules_in

MEASURES = modules_in("annotator.agreement")


@pytest.mark.parametrize("module", MEASURES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_measure_shows_a_published_value(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
    prose = re.sub(r"(?m)^(>>>|\.\.\.).*$", "", str(module.__doc__))
    assert re.search(r"\b(19|20)\d\d\b", prose), "name the source with its year"


def test_the_example_of_alignment_holds() -> None:
    assert doctest.testmod(annotator.compare.building) == (0, 1)
