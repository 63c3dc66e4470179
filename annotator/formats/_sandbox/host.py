"""Other programs' files, read in a process of their own.

What is in them may crash, hang or swell that process, and harms nothing here. The process gets a
file's name, prints plain JSON and ends. It is ended where it takes too long, and where the import
is cancelled.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.errors import InputError, Problem, UserError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import SHEET, Piece
from annotator.formats._shared.decode import read_bytes, refuse_forbidden
from annotator.i18n import _, language
from annotator.model import Document, Labelled, Source
from annotator.text.direction import guess_language
from annotator.text.offsets import canonical

COMPOUND = b"\xd0\xcf\x11\xe0"
MOST_SECONDS = 120.0
MOST_MEMORY = 1024 * 1024 * 1024
MOST_CHARACTERS = 100_000_000
_MOST_BYTES = 512 * 1024 * 1024
_PULSE_SECONDS = 0.2

# What the file that was read last holds: an import in chunks reads each file twice, after a dialog
# has shown it.
_last: dict[tuple[object, ...], Any] = {}
_log = logging.getLogger(__name__)


def records_of(kind: str, path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the texts of a file as documents; one without any text is an InputError."""
    source = source_of(path)
    found = extracted(kind, path, options, report)
    source = replace(source, encoding=report.encodings.get(str(path), ""))
    is_any = False
    for number, piece in enumerate(found, 1):
        text = canonical(piece.text).text
        refuse_forbidden(text, path)
        if not text.strip():
            continue
        is_any = True
        document = Document(
            id="",
            name=f"{path.stem}-{piece.name or number}" if len(found) > 1 else path.stem,
            text=text,
            language=options.language or piece.language or guess_language(text),
            direction=piece.direction,
            meta=piece.meta,
            source=source,
        )
        yield Labelled(document)
    if not is_any:
        raise InputError(path, 0, _("the file holds no text"))


def is_compound(path: Path) -> bool:
    """Return whether a file is of Microsoft's old kind, as new ones with a password are too."""
    with path.open("rb") as file:
        return file.read(len(COMPOUND)) == COMPOUND


def source_of(path: Path) -> Source:
    """Return where the documents of a file come from.

    What is too large to be read is an InputError.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(
            path, 0, _("the file cannot be read: {reason}").format(reason=error.strerror)
        ) from error
    if size > _MOST_BYTES:
        raise InputError(
            path, 0, _("the file is larger than {size} MB").format(size=_MOST_BYTES // 2**20)
        )
    return Source(path.name, "", "\n", hashlib.sha256(read_bytes(path)).hexdigest())


def extracted(kind: str, path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return what `<kind>.py` takes out of a file, in a process of its own.

    Every fault of the file is an InputError.
    """
    arguments = (
        kind,
        os.fspath(path.absolute()),
        options.unit,
        options.encoding,
        language(),
        options.columns.get(SHEET, ""),
    )
    stamp = path.stat()
    key = (*arguments, stamp.st_mtime_ns, stamp.st_size)
    answer = _last.get(key) or _answer(arguments, path, options.pulse)
    _last.clear()
    _last[key] = answer
    if answer["refused"]:
        raise UserError(answer["refused"])
    _tell(answer, path, report)
    return [Piece(**plain) for plain in answer["pieces"]]


def _tell(answer: Any, path: Path, report: Report) -> None:
    """Put what the process tells into the report, and raise where the file is at fault."""
    for what, why, count in answer["changed"]:
        report.change(what, why, count)
    for what, why, count in answer["lost"]:
        report.lose(what, why, count)
    for encoding in answer["encodings"]:
        report.encodings[str(path)] = encoding
    problems = [Problem(str(path), line, reason) for line, reason in answer["problems"]]
    if problems:
        report.problems += problems[:-1]
        raise InputError(path, problems[-1].line, problems[-1].reason)


def _answer(arguments: tuple[str, ...], path: Path, pulse: Callable[[], None]) -> Any:
    # The same modules as here, from wherever they are found; -P: never from the folder that one
    # happens to stand in.
    command = [sys.executable, "-P", "-m", "annotator.formats._sandbox.worker", *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
    }
    end = time.monotonic() + MOST_SECONDS
    # Our own module in our own interpreter; the file's name is one argument, and no shell sees it.
    with subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        ),  # of Windows, where a console would flash up
    ) as process:
        try:
            printed, told = _communicated(process, path, end, pulse)
        finally:
            process.kill()
    if process.returncode:
        _log.info(
            "The reader of %s ended with %s: %s",
            path,
            process.returncode,
            told.decode(errors="replace")[-2000:],
        )
        reason = _(
            "its reader broke off: the file is damaged or too large. Open it in its own program,"
            " save it again, or as plain text"
        )
        raise InputError(path, 0, reason)
    return json.loads(printed.decode("utf-8", "surrogatepass"))


def _communicated(
    process: "subprocess.Popen[bytes]", path: Path, end: float, pulse: Callable[[], None]
) -> tuple[bytes, bytes]:
    while True:
        try:
            return process.communicate(timeout=_PULSE_SECONDS)
        except subprocess.TimeoutExpired:
            pulse()
        if time.monotonic() > end:
            reason = _(
                "reading it takes more than {seconds} seconds; split the file, or save it as plain"
                " text"
            )
            raise InputError(path, 0, reason.format(seconds=round(MOST_SECONDS)))
