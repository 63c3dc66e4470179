"""A window for people who do whole pieces of work."""

from tests.ui.conftest import new_window, opens

__all__ = ["new_window", "opens"]
