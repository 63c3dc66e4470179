"""Start the program: the window, or the command line.

Qt is only loaded when a window is wanted, the command line only when it is.
"""

import os
import sys
from pathlib import Path

from annotator.errors import UserError
from annotator.gc_pause import leave_to_timer
from annotator.i18n import _, use_language
from annotator.screen import has_screen


def _window(project: Path | None) -> int:
    if not has_screen():
        raise UserError(
            _(
                "There is no screen to open a window on; “annotator demo” and the commands that"
                " “annotator --help” lists work without one."
            )
        )
    _import_as_python_does()
    from annotator.ui.app import show

    return show(project)


def _demo(folder: Path | None) -> int:
    _import_as_python_does()
    from annotator.ui.demo import demonstrate

    return demonstrate(folder)


def _import_as_python_does() -> None:
    # Before the modules whose source Qt's binding would read at their import.
    from annotator.ui.runtime.import_hook import put_back

    put_back()


def _at_once(project: Path | None) -> int:
    """Open the window without the command line, which would take longer to load than the window."""
    leave_to_timer()
    use_language(os.environ.get("ANNOTATOR_LANGUAGE") or None)
    try:
        return _window(project)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def main() -> int:
    """Run the program; return its exit code."""
    words = sys.argv[1:]
    if not words:
        return _at_once(None)
    if len(words) == 1 and words[0].endswith(".annot") and Path(words[0]).is_file():
        return _at_once(Path(words[0]))
    from annotator.cli import Faces, run

    return run(Faces(_window, _demo), environment=os.environ)


if __name__ == "__main__":
    sys.exit(main())
