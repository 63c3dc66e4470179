"""Whether there is a screen; known without loading Qt, whose libraries a server may lack."""

import os
import sys

_UNSEEN = ("offscreen", "minimal")
# Platforms of Qt that draw without a window system: on a console, or for a viewer elsewhere.
_WITHOUT_DISPLAY = ("eglfs", "linuxfb", "vnc")


def has_screen() -> bool:
    """Return whether a window would be seen by anybody."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in _UNSEEN:
        return False
    if sys.platform in ("win32", "darwin") or platform in _WITHOUT_DISPLAY:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
