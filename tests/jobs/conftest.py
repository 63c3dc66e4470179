from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.store import Store
from tests.projects import made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty project with the news schema."""
    with made(tmp_path / "p.annot", texts={}) as project:
        yield project
        assert project.faults() == []


@pytest.fixture(params=[True, False], ids=["together", "in chunks"])
def together(request: pytest.FixtureRequest) -> bool:
    """Return the two ways in which an import may store: one transaction, or chunks."""
    return bool(request.param)
