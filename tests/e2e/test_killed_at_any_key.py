"""A window killed at any key loses nothing that its status bar has called stored."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.store import Store
from tests.patience import SECONDS
from tests.projects import made

ROOT = Path(__file__).resolve().parents[2]
KILLS = 12
TEXT = " ".join(f"Слово{number} қала{number} شهر{number}" for number in range(400))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL.")
def test_everything_that_was_called_stored_is_there(tmp_path: Path) -> None:
    project = tmp_path / "p.annot"
    made(project, texts={"ru-1": TEXT}).close()
    chance = random.Random(1405)
    for number in range(KILLS):
        seen = until_killed(
            project, tmp_path / f"said-{number}", chance.randint(1, 60), chance.uniform(0, 0.02)
        )
        with Store.open(project) as store:
            stored = {span.id for span in store.annotation_set("ru-1", "aida").spans}
            assert store.faults() == []
            # One key may add or take a span, one undo may follow it: both may be on the disk before
            # they are spoken of.
            assert len(seen[-1] ^ stored) <= 2


def until_killed(project: Path, said: Path, words: int, seconds: float) -> list[set[str]]:
    """Let a window label, kill it some time after so many words of it.

    And return which spans it called stored, in order.
    """
    command = [sys.executable, "-m", "tests.e2e.labelling_child", str(project)]
    with said.open("wb") as out:
        child = subprocess.Popen(
            command, stdout=out, cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        )
        try:
            deadline = time.monotonic() + SECONDS
            while (
                said.read_bytes().count(b"\n") < words
                and child.poll() is None
                and time.monotonic() < deadline
            ):
                time.sleep(0.002)
            time.sleep(seconds)
        finally:
            child.kill()
            child.wait()
    assert child.returncode == -signal.SIGKILL
    lines = said.read_text(encoding="utf-8").split("\n")[:-1]  # the last one may be cut
    assert len(lines) >= words
    return [set(line.split()[1:]) for line in lines]
