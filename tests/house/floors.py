"""Coverage floors: 95 % below `commands`, 75 % in the faces.

`python -m tests.house.floors` checks what the last tests covered.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import coverage

Group = str
BELOW, FACES, UI = "below commands", "commands and cli", "ui"
FLOORS: Mapping[Group, float] = {BELOW: 95.0, FACES: 75.0, UI: 75.0}
_FACES = {"commands", "cli", "__main__"}
_LEAST_SHOWN = 8


def group_of(path: str) -> Group:
    """Return the group of a file by its place in the package, as `annotator/ui/look/theme.py`."""
    first = PurePosixPath(path.replace("\\", "/")).parts[1].removesuffix(".py")
    return UI if first == "ui" else FACES if first in _FACES else BELOW


def percentages(files: Mapping[str, tuple[int, int]]) -> dict[Group, float]:
    """Return the percentage covered in each group, from each file's (covered lines, all lines)."""
    covered: Counter[Group] = Counter()
    total: Counter[Group] = Counter()
    for path, (hit, lines) in files.items():
        covered[group_of(path)] += hit
        total[group_of(path)] += lines
    return {group: 100.0 * covered[group] / total[group] for group in total if total[group]}


def measured() -> dict[str, tuple[int, int]]:
    """Return what the last tests covered: file → (covered lines, all lines)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "coverage.json")
        data = coverage.Coverage()
        data.load()
        data.json_report(outfile=str(path))
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {
        name: (file["summary"]["covered_lines"], file["summary"]["num_statements"])
        for name, file in files.items()
    }


def report(files: Mapping[str, tuple[int, int]]) -> tuple[str, bool]:
    """Return what to say, and whether every floor holds."""
    found = percentages(files)
    lines, held = [], bool(found)
    for group, share in found.items():
        held = held and share >= FLOORS[group]
        lines.append(f"{group}: {share:.1f} % covered, the floor is {FLOORS[group]:.0f} %")
        if share < FLOORS[group]:
            missed = sorted(
                (
                    (lines_ - hit, path)
                    for path, (hit, lines_) in files.items()
                    if group_of(path) == group
                ),
                reverse=True,
            )
            lines += [
                f"    {count:4} lines not covered in {path}"
                for count, path in missed[:_LEAST_SHOWN]
                if count
            ]
    return "\n".join(lines) or "Nothing was measured.", held


def main() -> int:
    """Print how the floors hold and return the exit code."""
    text, held = report(measured())
    sys.stdout.write(f"{text}\n")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
