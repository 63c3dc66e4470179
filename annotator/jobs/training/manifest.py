"""The manifest of a training set: options, counts, members, and the checksum of every file. Without the time: equal sets, equal bytes."""

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

import orjson

from annotator import __version__
from annotator.jobs.training.preflight import Preflight


def manifest(preflight: Preflight, options: Mapping[str, object], files: Mapping[str, Path], parts: Mapping[str, str]) -> bytes:
    """Return the manifest as JSON. files: each file's name in the set, and where it lies now; parts: the part of each document."""
    plan = preflight.plan
    plain = preflight.to_plain()
    members = {part: [name for name in parts if parts[name] == part] for part in preflight.parts}
    content = {
        "program": f"annotator {__version__}",
        "options": dict(options),
        "split": {"name": plan.name, "ratios": list(plan.ratios), "by": plan.by, "seed": plan.seed},
        "parts": plain["parts"],
        "lost": plain["lost"],
        "misaligned": plain["misaligned"],
        "notes": plain["notes"],
        "files": {name: _file(path) for name, path in files.items()},
        "documents": members,
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _file(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {"sha256": file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}
