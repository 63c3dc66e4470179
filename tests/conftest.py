"""What every test stands on.

A home of its own, and nothing left behind unnoticed (threads, stores, log records).
"""

import atexit
import gc
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from annotator.store import Store

# Before anything of the program is imported: a test must never touch the person's own settings and
# recent projects.
_HOME = Path(tempfile.mkdtemp(prefix="annotator-tests-"))
_FOLDERS = (
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "APPDATA",
    "LOCALAPPDATA",
)
# platformdirs asks Windows itself unless these say otherwise; macOS goes by HOME.
_OVERRIDES = {"WIN_PD_OVERRIDE_APPDATA": "APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA": "LOCALAPPDATA"}
_NUMBERS, _SEARCHES = count(), count(1)
_SECONDS_TO_END = 5.0
_THOROUGH = 25
"""After how many tests all garbage is searched for, not the young alone.

That takes a tenth of a second.
"""


def _folders_below(home: Path) -> dict[str, str]:
    folders = {name: str(home / name.lower()) for name in _FOLDERS}
    return {**folders, **{name: folders[source] for name, source in _OVERRIDES.items()}}


os.environ.update(_folders_below(_HOME), HOME=str(_HOME), USERPROFILE=str(_HOME))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

# Every value is given: hypothesis would choose others where CI is set, and the results must be the
# same there. What passed yesterday passes today; new cases are sought with
# `--hypothesis-profile=search`, again and again.
settings.register_profile(
    "annotator",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", settings.get_profile("annotator"), derandomize=False, max_examples=500
)
settings.load_profile("annotator")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that need a real screen where there is none."""
    if os.environ["QT_QPA_PLATFORM"] in ("offscreen", "minimal"):
        for item in items:
            if item.get_closest_marker("screen"):
                item.add_marker(
                    pytest.mark.skip(
                        reason="It needs a real screen: `dev.py test` runs it under Xvfb."
                    )
                )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data that lies outside the repository.

    Skip the test where there is none.
    """
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("ANNOTATOR_SHARED_DATA") or beside)
    if not folder.is_dir():
        pytest.skip("There is no reference data: set ANNOTATOR_SHARED_DATA to its folder.")
    return folder


@pytest.fixture(autouse=True)
def _home_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test folders of its own for settings, so that none sees what another wrote."""
    for name, value in _folders_below(_HOME / f"test-{next(_NUMBERS)}").items():
        if name != "XDG_CACHE_HOME":  # the fonts' cache is worth sharing
            monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _garbage_is_searched_for_here() -> Iterator[None]:
    """Search for garbage between tests, in this thread alone.

    What frees a widget in another (xdist has one) may end the program.
    """
    gc.disable()
    yield
    gc.disable()
    gc.collect(1 if next(_SEARCHES) % _THOROUGH else 2)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + _SECONDS_TO_END
    for thread in _threads_since(before):
        thread.join(max(0.0, end - time.monotonic()))
    left = [thread.name for thread in _threads_since(before)]
    assert not left, f"threads still running: {left}"
    busy = _busy_qt_threads()
    assert not busy, f"Qt threads still running: {busy}"


def _threads_since(before: set[threading.Thread]) -> list[threading.Thread]:
    # A dummy stands for a thread that Python did not start; it stays in the list after that
    # thread's end.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]


def _busy_qt_threads() -> list[str]:
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    # Tests without Qt stay without it.
    from PySide6.QtCore import QCoreApplication, QThread, QThreadPool

    busy = (
        []
        if QThreadPool.globalInstance().waitForDone(int(_SECONDS_TO_END * 1000))
        else ["the global pool"]
    )
    application = QCoreApplication.instance()
    threads = application.findChildren(QThread) if application is not None else []
    return busy + [thread.objectName() or "QThread" for thread in threads if thread.isRunning()]


@pytest.fixture(autouse=True)
def _no_store_left() -> Iterator[None]:
    """Fail a test that leaves a project open."""
    before = set(_open_stores())
    yield
    left = [store for store in _open_stores() if store not in before]
    for store in left:
        store.close()  # else the next test on the same file would be the one to suffer
    assert not left, f"projects left open: {[str(store.path) for store in left]}"


def _open_stores() -> "list[Store]":
    loaded = sys.modules.get("annotator.store.project")
    return list(loaded.Store.open_stores) if loaded else []


class _Collector(logging.Handler):
    """Keeps the records of WARNING and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or worse, unless its mark `logs` says that it does so on
    purpose.
    """
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    expected = request.node.get_closest_marker("logs") is not None
    assert expected or not collector.lines, f"unexpected log records: {collector.lines}"
