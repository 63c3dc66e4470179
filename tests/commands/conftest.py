from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.session import Session
from tests.projects import made


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session of the annotator "aida" on three documents, the Persian one open."""
    person = Session(made(tmp_path / "p.annot"), "aida")
    person.open_document("fa-1")
    yield person
    person.close()
