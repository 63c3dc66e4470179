"""Pages that are made from the code: `python -m tools.docs` writes them anew.

A house test fails when a page is not what the code says.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from annotator.formats import Format
from annotator.registry import modules_in

ROOT = Path(__file__).resolve().parents[1]

_FORMATS = """\
# File formats

Made from the code by `python -m tools.docs`; do not edit it by hand. The same list, for scripts:
`annotator formats --json`.

On import the format is recognised from the content; `--format ID` names it. An export is read back
before it takes its place, and what the format could not keep is listed with counts. The conventions
of a format (its units of offsets, what its fields become) are at the top of its module. JSON Lines
carries everything; its lines are described by [export.schema.json](export.schema.json).
"""


def formats_page() -> str:
    """Return the page about formats: a table, and what each may lose."""
    rows = ["| id | name | | endings | `--unit` takes |", "|---|---|---|---|---|"]
    losses = ["## What each may lose, on the way out or in", ""]
    for module in modules_in("annotator.formats"):
        entry: Format = module.FORMAT
        path = Path(module.__file__ or "").relative_to(ROOT).as_posix()
        cells = (f"[`{entry.id}`](../{path})", entry.name, _ways(entry))
        rows.append(_row((*cells, _codes(entry.extensions), _codes(entry.units))))
        if entry.write:
            losses.append(f"- `{entry.id}`: {', '.join(entry.loses) or 'nothing is lost'}")
    return "\n".join((_FORMATS, *rows, "", *losses, ""))


def _ways(entry: Format) -> str:
    if entry.read is None:
        return "write"
    return "read, write" if entry.write else "read"


def _codes(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


PAGES: Mapping[str, Callable[[], str]] = {"docs/formats.md": formats_page}


def main() -> int:
    """Write the pages."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
