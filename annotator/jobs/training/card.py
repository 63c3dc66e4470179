"""The card of a training set.

A README in English with the front matter that Hugging Face reads, made from what was counted.
"""

from collections.abc import Iterable, Sequence

import orjson

from annotator.errors import clean
from annotator.jobs.training.preflight import Preflight
from annotator.jobs.training.splits import CLUSTER, DOCUMENT, PARTS, SOURCE
from annotator.model import Schema

_CATEGORIES = {
    "": "token-classification",
    "tokens": "token-classification",
    "spans": "token-classification",
}
_SPLITS = dict(zip(PARTS, ("train", "validation", "test"), strict=True))
_TASKS = {
    "": "Documents with their spans, relations and attributes.",
    "tokens": (
        "Token classification: `tokens`, their `offsets` in `text`, and a tag each in `tags`."
    ),
    "spans": (
        "Span classification: `text`, and in `spans` each labelled stretch; stretches may nest and"
        " overlap."
    ),
    "sentences": (
        "Sentence classification: `text` is a sentence, `labels` are what stands in it; most"
        " sentences have none."
    ),
    "stance": (
        "Stance: `claim` (the words that show it), its `target`, the `text` of both, and the"
        " `polarity` to learn."
    ),
    "relations": (
        "Relations: a pair of spans, `head` and `child`, in their `text`, and the `label` to learn"
        " (`none`: no relation)."
    ),
}
_UNITS = {
    DOCUMENT: "Each document was placed by itself.",
    SOURCE: "Documents of one source are in one part.",
    CLUSTER: "Near-duplicates (texts that share half of their triples of words) are in one part.",
}


def card(preflight: Preflight, task: str, schema: Schema, files: Sequence[str]) -> bytes:
    """Return the card; `files` are the names of the parts' files."""
    lines = [
        *_front(preflight, task, files),
        f"# {clean(schema.names.in_language('en')) or schema.id}: training set",
        "",
        _TASKS[task],
        (
            "Offsets are Unicode code points, 0-based, end exclusive. Label schema:"
            f" `{clean(schema.tag)}`."
        ),
        "",
        "## Parts",
        "",
        *_table(["", *preflight.parts], _count_rows(preflight)),
        "",
        (
            f"Split {clean(preflight.plan.name)}; labels and languages spread alike."
            f" {_UNITS[preflight.plan.by]}"
        ),
        "The same documents are in the same part in every later set with this split.",
        "",
        "## Labels",
        "",
        *_table(["label", *preflight.parts, "meaning"], _label_rows(preflight, schema)),
        "",
    ]
    if preflight.export.lost:
        lines += [
            "## What the files do not carry",
            "",
            *(f"- {loss.count} × {loss.kind}: {loss.why}" for loss in preflight.export.losses()),
            "",
        ]
    if preflight.notes:
        lines += ["## To know before training", "", *(f"- {note}" for note in preflight.notes), ""]
    lines += [
        "## Licence and origin",
        "",
        (
            "Not recorded in the project: say here where the texts come from, and who may use them"
            " for what."
        ),
        "",
    ]
    return "\n".join(lines).encode()


def _front(preflight: Preflight, task: str, files: Sequence[str]) -> list[str]:
    """Return the front matter; every text in it is quoted as JSON, which YAML reads."""
    languages = sorted(
        {code for counts in preflight.parts.values() for code in counts.languages if code}
    )
    lines = ["---"]
    if languages:
        lines += ["language:", *(f"- {_quoted(code)}" for code in languages)]
    lines += ["task_categories:", f"- {_CATEGORIES.get(task, 'text-classification')}"]
    tables = [name for name in files if name.endswith((".jsonl", ".parquet", ".csv"))]
    if tables:
        lines += ["configs:", "- config_name: default", "  data_files:"]
        for name in tables:
            part = name.partition(".")[0].partition("/")[0]
            lines += [f"  - split: {_SPLITS[part]}", f"    path: {_quoted(name)}"]
    return [*lines, "---", ""]


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _count_rows(preflight: Preflight) -> Iterable[list[str]]:
    names = ["documents", "spans", "relations"]
    if any(counts.rows for counts in preflight.parts.values()):
        names.insert(1, "rows")
    for name in names:
        yield [name, *(str(getattr(counts, name)) for counts in preflight.parts.values())]
    codes = sorted({code for counts in preflight.parts.values() for code in counts.languages})
    for code in codes:
        yield [
            f"documents in {code or 'an unknown language'}",
            *(str(counts.languages[code]) for counts in preflight.parts.values()),
        ]


def _label_rows(preflight: Preflight, schema: Schema) -> Iterable[list[str]]:
    meanings = {
        label.id: label.guideline.in_language("en") or label.names.in_language("en")
        for _layer, label in schema.labels()
    }
    for name in sorted({name for counts in preflight.parts.values() for name in counts.labels}):
        yield [
            name,
            *(str(counts.labels[name]) for counts in preflight.parts.values()),
            meanings.get(name, ""),
        ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [
        "| " + " | ".join(clean(cell).replace("|", "\\|") for cell in cells) + " |"
        for cells in lines
    ]
