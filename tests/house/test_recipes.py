"""The examples in CONTRIBUTING.md work as they stand."""

import doctest
import re
from pathlib import Path
from types import ModuleType

import pytest

from annotator.agreement import Measure
from annotator.commands import declared
from annotator.formats import Format
from tests.formats.round_trip import read_all
from tests.house.rules import ROOT

_SECTIONS = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## ")
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = {
    section.partition("\n")[0]: match[1]
    for section in _SECTIONS
    if (match := _PYTHON.search(section))
}


def example(heading: str, name: str) -> ModuleType:
    """Return the example below a heading as a module."""
    module = ModuleType(name)
    exec(compile(EXAMPLES[heading], name, "exec"), vars(module))
    module.__doc__ = vars(module)["__doc__"]
    return module


def test_the_format_of_the_page_reads_its_own_sample(tmp_path: Path) -> None:
    entry: Format = example("Add a format", "verse").FORMAT
    path = tmp_path / "hafez.verse"
    path.write_text("اول\n***\nدوم\n", "utf-8")
    found, report = read_all(entry, path)
    assert entry.sniff(path.read_bytes(), path) > 0
    assert [record.document.text for record in found] == ["اول\n", "دوم\n"]
    assert report.problems == []


def test_the_measure_of_the_page_has_the_value_it_shows() -> None:
    module = example("Add a measure", "complete_agreement")
    entry: Measure = module.MEASURE
    outcome = doctest.testmod(module)
    assert (outcome.failed, outcome.attempted) == (0, 2)
    assert entry.id == module.__name__


def test_the_command_of_the_page_is_found() -> None:
    (entry,) = declared(example("Add a command", "documents"))
    assert entry.id == "documents.first_span"
    assert entry.help.endswith(".")


@pytest.mark.parametrize("heading", EXAMPLES)
def test_an_example_fits_the_width_of_the_house(heading: str) -> None:
    assert max(map(len, EXAMPLES[heading].splitlines())) <= 100
