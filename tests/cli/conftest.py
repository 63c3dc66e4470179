import pytest

from tests.cli.run import Caller


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Caller:
    """Return the command line, to be called like a function."""
    return Caller(capsys)
