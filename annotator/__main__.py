"""Start the program: the command line, or the window through it. Qt is only loaded when a window is wanted."""

import os
import sys
from pathlib import Path

from annotator.cli import Faces, run


def _window(project: Path | None) -> int:
    from annotator.ui.app import show

    return show(project)


def _demo(folder: Path | None) -> int:
    from annotator.ui.demo import demonstrate

    return demonstrate(folder)


def main() -> int:
    """Run the program; return its exit code."""
    return run(Faces(_window, _demo), environment=os.environ)


if __name__ == "__main__":
    sys.exit(main())
