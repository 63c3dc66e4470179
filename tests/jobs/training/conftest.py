from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.jobs import ImportOptions, import_files
from annotator.resources import sample_files
from annotator.store import Store
from tests.projects import made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty project with the news schema."""
    with made(tmp_path / "p.annot", texts={}) as project:
        yield project
        assert project.faults() == []


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a project with all samples: 42 documents, three annotators and gold."""
    with made(tmp_path_factory.mktemp("samples") / "p.annot", texts={}) as project:
        import_files(project, list(sample_files()), ImportOptions(), "a1")
        yield project
