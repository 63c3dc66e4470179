"""The manifest of a training set: options, counts, members, and the checksum of every file.

Without the time: equal sets, equal bytes.
"""

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

import orjson

from annotator import __version__
from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.training.preflight import Preflight

CARD, MANIFEST = "README.md", "manifest.json"
PROGRAM = "annotator "


def manifest(
    preflight: Preflight,
    options: Mapping[str, object],
    files: Mapping[str, Path],
    parts: Mapping[str, str],
) -> bytes:
    """Return the manifest as JSON.

    files: each file's name in the set, and where it lies now; parts: the part of each document.
    """
    plan = preflight.plan
    plain = preflight.to_plain()
    members = {part: [name for name in parts if parts[name] == part] for part in preflight.parts}
    content = {
        "program": f"{PROGRAM}{__version__}",
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


def check_folder(folder: Path) -> None:
    """Refuse a folder that has a card or a manifest of somebody else's.

    Both would be written over.
    """
    foreign = [name for name in (CARD, MANIFEST) if (folder / name).exists()]
    if foreign and not _is_ours(folder / MANIFEST):
        message = _(
            "{path} holds a {name} that is no training set's of this program. Choose another"
            " folder."
        )
        raise UserError(message.format(path=str(folder), name=foreign[0]))


def _is_ours(path: Path) -> bool:
    try:
        plain = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(plain, dict) and str(plain.get("program", "")).startswith(PROGRAM)


def _file(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {"sha256": file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}
