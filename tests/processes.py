"""Processes that tests start."""

import os


def unmeasured() -> dict[str, str]:
    """Return an environment without coverage.

    A process that is killed, or may write nothing, leaves broken measurements behind.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
