"""The process that reads other programs' files.

It is ended when it takes too long or is cancelled, and its end is told in a sentence.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.errors import CancelledError, InputError
from annotator.formats import ReadOptions, Report, docx, formats
from annotator.formats._sandbox import host, worker
from annotator.formats._sandbox.extracted import Piece
from tests.formats.sandbox.foreign import TEXT, paragraph, run, word


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a small document."""
    return word(tmp_path / "a.docx", paragraph(run(TEXT)))


def _instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    """Let another module read Word documents: one with this function body."""
    folder = tmp_path / "instead" / "annotator"
    package = Path(host.__file__).parents[2]
    shutil.copytree(
        package, folder, ignore=shutil.ignore_patterns("__pycache__", "ui", "store", "_resources")
    )
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    (folder / "formats/_sandbox/docx.py").write_text(
        f"import os, time\n\n\ndef pieces(path, options, report):\n{lines}", "utf-8"
    )
    monkeypatch.syspath_prepend(str(folder.parent))


def _read(path: Path, options: ReadOptions | None = None) -> None:
    assert docx.FORMAT.read
    list(docx.FORMAT.read(path, options or ReadOptions(), Report()))


def test_one_that_hangs_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: Path
) -> None:
    _instead(monkeypatch, tmp_path, "time.sleep(600)")
    monkeypatch.setattr(host, "MOST_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(InputError, match="takes more than"):
        _read(document)
    assert time.monotonic() - begun < 60


def test_a_cancelled_import_ends_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: Path
) -> None:
    _instead(monkeypatch, tmp_path, "time.sleep(600)")
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def noted(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        # Passed on as they come.
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    def cancel() -> None:
        raise CancelledError("Cancelled.")

    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(CancelledError):
        _read(document, ReadOptions(pulse=cancel))
    assert [process.returncode is not None for process in started] == [True]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("os.abort()", "broke off"),
        ("os._exit(3)", "broke off"),
        ("raise KeyError('ours')", "broke off"),
        ("raise MemoryError", "more memory"),
        ("return bytearray(3 * 2**30)", "more memory"),
        ("return pieces(path, options, report)", "nested too deeply"),
    ],
)
def test_however_it_ends_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: Path, body: str, reason: str
) -> None:
    if "bytearray" in body and sys.platform != "linux":
        pytest.skip("The system does not limit memory.")
    _instead(monkeypatch, tmp_path, body)
    with pytest.raises(InputError, match=reason) as caught:
        _read(document)
    assert caught.value.problem.file == str(document)


def test_an_answer_larger_than_the_limit_is_refused(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], document: Path
) -> None:
    monkeypatch.setattr(worker, "MOST_CHARACTERS", 5)
    monkeypatch.setattr(worker, "_limit_memory", lambda: None)
    assert worker.main(["docx", str(document), "", "", "en", ""]) == 0
    assert b"more than 5 characters" in capfdbinary.readouterr().out


def test_a_file_larger_than_the_limit_is_never_opened(
    monkeypatch: pytest.MonkeyPatch, document: Path
) -> None:
    monkeypatch.setattr(host, "_MOST_BYTES", 10)
    with pytest.raises(InputError, match="larger than"):
        host.source_of(document)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        host.source_of(tmp_path / "none.pdf")


def test_texts_that_hold_what_no_document_may_are_refused(
    monkeypatch: pytest.MonkeyPatch, document: Path
) -> None:
    monkeypatch.setattr(host, "extracted", lambda *_arguments: [Piece("a\x00b")])
    with pytest.raises(InputError, match="NUL"):
        list(host.records_of("docx", document, ReadOptions(), Report()))


def test_formats_that_only_read_cannot_write_and_say_so_by_their_names() -> None:
    for name in ("xlsx", "ods", "docx", "odt", "html", "pdf", "epub"):
        assert formats()[name].read is not None
        assert formats()[name].write is None
