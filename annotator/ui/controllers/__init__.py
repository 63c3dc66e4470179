"""What runs beside the window: jobs on projects, bundles, labels, cases; their dialogs.

Controllers ask, run a job and hand on its result; what is told of it stands in `outcomes`. They are
the doors to dialogs and jobs, which the start does not wait for: each is loaded when a command asks
for it by its name here.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.ui.controllers import bundles as bundles
    from annotator.ui.controllers import cases as cases
    from annotator.ui.controllers import files as files
    from annotator.ui.controllers import labels as labels
    from annotator.ui.controllers import projects as projects
    from annotator.ui.controllers import reports as reports
    from annotator.ui.controllers import sheets as sheets

DOORS = ("bundles", "cases", "files", "labels", "projects", "reports", "sheets")


def __getattr__(name: str) -> ModuleType:
    """Load a controller when it is asked for."""
    if name in DOORS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(name)
