"""Rows of a training set as JSON Lines.

Written, flushed, read back, and each quote compared with its text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import cast

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.training.tasks import Row
from annotator.model import surface
from annotator.text.tag_schemes import tags_to_entities


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows, then read them back.

    What differs from what was written, or from its own text, is a UserError.
    """
    count = 0
    wanted = sha256()
    with path.open("wb") as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            wanted.update(line)
            file.write(line)
            count += 1
    found = sha256()
    with path.open("rb") as file:
        for line in file:
            found.update(line)
            count -= 1
            fault = next(_faults(orjson.loads(line)), "")
            if fault:
                message = _(
                    "A row of {file} does not say what its text says ({fault}), so nothing was"
                    " kept. Run “annotator check”."
                )
                raise UserError(message.format(file=path.name, fault=fault))
    if count or found.digest() != wanted.digest():
        message = _(
            "{file} does not hold what was written into it, so nothing was kept. The disk may be"
            " failing; choose another."
        )
        raise UserError(message.format(file=path.name))


def _faults(row: Row) -> Iterator[str]:
    text = cast("str", row["text"])
    tokens = cast("list[str]", row.get("tokens", []))
    offsets = cast("list[list[int]]", row.get("offsets", []))
    yield from (
        token
        for token, (start, end) in zip(tokens, offsets, strict=True)
        if text[start:end] != token
    )
    for span in [
        *cast("list[Row]", row.get("spans", [])),
        *(cast("Row | None", row.get(key)) for key in ("head", "child", "claim", "target")),
    ]:
        if span and surface(text, cast("list[tuple[int, int]]", span["fragments"])) != span["text"]:
            yield str(span["text"])


def labels_in(row: Row) -> Counter[str]:
    """Count what a row teaches: its entities, spans, labels, polarity or relation."""
    found = Counter[str]()
    for key, value in row.items():
        if key.partition("_")[0] == "tags":
            found.update(entity.label for entity in tags_to_entities(cast("list[str]", value))[0])
    found.update(str(span["label"]) for span in cast("list[Row]", row.get("spans", [])))
    found.update(cast("list[str]", row.get("labels", [])))
    found.update(str(row[key]) for key in ("polarity", "label") if key in row)
    return found
