"""What makes files last that were just written."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names of new files themselves durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
