"""The process that reads other programs' files.

`python -m annotator.formats._sandbox.worker KIND FILE UNIT ENCODING LANGUAGE SHEET`.

It prints one JSON object and holds nothing worth attacking: no project, no window; its memory is
limited where the system can.
"""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from annotator.errors import InputError, UserError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import SHEET, Piece
from annotator.formats._sandbox.host import MOST_CHARACTERS, MOST_MEMORY
from annotator.i18n import _, use_language

if sys.platform != "win32":
    import resource


def main(arguments: list[str]) -> int:
    """Read one file and print what it holds."""
    kind, name, unit, encoding, language, sheet = arguments
    _limit_memory()
    use_language(language)
    report = Report()
    columns = {SHEET: sheet} if sheet else {}
    found: list[Piece] = []
    refused = ""
    try:
        found = _pieces(kind, Path(name), ReadOptions(encoding, unit=unit, columns=columns), report)
    except UserError as error:
        # What was asked for cannot be, such as an encoding that there is none of.
        refused = str(error)
    answer = {
        "pieces": [asdict(piece) for piece in found] if not report.problems else [],
        "changed": [[*key, count] for key, count in report.changed.items()],
        "lost": [[*key, count] for key, count in report.lost.items()],
        "problems": [[problem.line, problem.reason] for problem in report.problems],
        "encodings": list(report.encodings.values()),
        "refused": refused,
    }
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return 0


def _pieces(kind: str, path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return what a file holds; a fault of the file is a problem in the report."""
    try:
        reader = import_module(f"annotator.formats._sandbox.{kind}")
        found: list[Piece] = reader.pieces(path, options, report)
        _check_size(found, path)
    except InputError as error:
        report.problems.append(error.problem)
    except RecursionError:
        report.wrong(path, 0, _("its parts are nested too deeply"))
    except MemoryError:
        found = []  # so that there is memory for the answer
        reason = _(
            "reading it takes more memory than allowed; split the file, or save it as plain text"
        )
        report.wrong(path, 0, reason)
    else:
        return found
    return []


def _limit_memory() -> None:
    if sys.platform != "win32":
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        with suppress(ValueError, OSError):  # macOS knows the limit and does not take it
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _check_size(found: list[Piece], path: Path) -> None:
    size = sum(
        len(piece.text) + sum(len(cell) for _line, cells in piece.rows for cell in cells)
        for piece in found
    )
    if size > MOST_CHARACTERS:
        raise InputError(
            path,
            0,
            _("it holds more than {count} characters; split the file").format(
                count=MOST_CHARACTERS
            ),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
