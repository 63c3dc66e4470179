"""A dataset folder for Hugging Face's libraries: JSON Lines in `data/`, and a card.

The card, README.md, states the column types too.

    README.md          ---
                       configs: [{config_name: default, data_files: [{split: train, path:
                       data/train.jsonl}]}]
                       dataset_info: {features: […]}
                       ---
    data/train.jsonl   {"text_sha256":"…","id":"d1","name":"rasht","text":"دولت
                       گفت",…,"spans":[{"start":0,"end":4,"label":"ORG",…}]}

`datasets.load_dataset(FOLDER)` reads it as it stands. A row has the keys of the format of record,
but attributes and metadata are JSON in a text, since a column has one type. Read: `.jsonl` files of
such rows; a table of others is read as `parquet` or `jsonl`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_files import records_of_lines
from annotator.formats._shared.records import in_layers
from annotator.formats._shared.typed_rows import MARK, TYPES, RowReader, row_of
from annotator.model import Labelled

_CARD = "README.md"
_BEGIN = f'{{"{MARK}":"'.encode()


def sniff(head: bytes, path: Path) -> float:
    """Recognise our rows by their first key, and our card by what it says of them."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_BEGIN):
        return 0.95
    return (
        0.95
        if path.name == _CARD and start.startswith(b"---\n") and MARK.encode() in start
        else 0.0
    )


def sources(folder: Path) -> list[Path]:
    """Return the files of rows below a folder."""
    return sorted(
        path
        for path in folder.rglob("*.jsonl")
        if not path.name.startswith(".") and _has_rows(path)
    )


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the rows of a file, or of all files below a folder or beside a card.

    A row that is wrong is a problem with its line.
    """
    folder = path.parent if path.name == _CARD else path
    for source in sources(folder) if folder.is_dir() else [path]:
        reader = RowReader(source, options, report)
        yield from records_of_lines(source, options, report, reader.record)


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write everything as the one part “train”."""
    return write_parts({"train": records}, path, options, report)


def write_parts(
    parts: Mapping[str, Iterable[Labelled]],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write each part to a file of its own, named after it, and the card that tells of them all."""
    files: list[Path] = []
    sizes: dict[str, tuple[int, int]] = {}
    seen = _Seen()
    for name, records in parts.items():
        files.append(path / "data" / f"{name}.jsonl")
        size = count = 0
        with replacing(files[-1], durable=False) as file:
            for record in records:
                kept = in_layers(record, options.layers, report)
                line = orjson.dumps(row_of(kept), option=orjson.OPT_APPEND_NEWLINE)
                file.write(line)
                seen.add(kept)
                size, count = size + len(line), count + 1
        sizes[name] = (size, count)
    with replacing(path / _CARD, durable=False) as file:
        file.write(_card(sizes, seen).encode())
    return [*files, path / _CARD]


def _has_rows(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BEGIN)) == _BEGIN


class _Seen:
    """What the card tells of the records."""

    def __init__(self) -> None:
        self.languages: Counter[str] = Counter()
        self.labels: Counter[tuple[str, str]] = Counter()
        self.schemas: set[str] = set()

    def add(self, record: Labelled) -> None:
        """Count a record."""
        self.languages[record.document.language] += 1
        if record.annotation_set:
            self.labels.update((span.layer, span.label) for span in record.annotation_set.spans)
        self.schemas |= {record.schema} - {""}


def _card(sizes: Mapping[str, tuple[int, int]], seen: _Seen) -> str:
    """Return the dataset's card: a head for the libraries, then counts for people.

    The head is YAML, of which JSON is a part: so nothing in a name can end a value.
    """
    files = [{"split": name, "path": f"data/{name}.jsonl"} for name in sizes]
    splits = [
        {"name": name, "num_bytes": size, "num_examples": count}
        for name, (size, count) in sizes.items()
    ]
    languages = sorted(code for code in seen.languages if re.fullmatch("[a-z]{2,3}", code))
    head = {
        "language": languages,
        "task_categories": ["token-classification"],
        "configs": [{"config_name": "default", "data_files": files}],
        "dataset_info": {"features": _features(TYPES), "splits": splits},
    }
    lines = "\n".join(f"{key}: {orjson.dumps(value).decode()}" for key, value in head.items())
    return f"---\n{lines}\n---\n\n{_about(sizes, seen)}"


def _about(sizes: Mapping[str, tuple[int, int]], seen: _Seen) -> str:
    rows = [
        f"| {_cell(layer)} | {_cell(label)} | {count} |"
        for (layer, label), count in sorted(seen.labels.items())
    ]
    told = ""
    if seen.schemas:
        told = f"Label schema: {', '.join(map(_cell, sorted(seen.schemas)))}.\n\n"
    parts = "\n".join(f"| {name} | {count} |" for name, (_size, count) in sizes.items())
    table = "\n".join(["| layer | label | spans |", "| --- | --- | ---: |", *rows])
    return (
        f"# Labelled texts\n\n{told}Each row is one text as one"
        " annotator labelled it. Offsets are Unicode code points, from 0, end exclusive.\nColumns"
        f" that end in `_json` hold JSON.\n\n| part | rows |\n| --- | ---: |\n{parts}\n\n{table}\n"
    )


def _features(types: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the types of columns as a card states them."""
    return [{"name": key, **_feature(kind)} for key, kind in types.items()]


def _feature(kind: object) -> dict[str, object]:
    if isinstance(kind, Mapping):
        return {"struct": _features(kind)}
    if isinstance(kind, list):
        inner = _feature(kind[0])
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    return {"dtype": kind}


def _cell(text: str) -> str:
    """Return a name as a cell of a table in Markdown."""
    return "".join(
        f"\\{sign}" if sign in "\\`*_{}[]<>()#+-!|" else " " if sign.isspace() else sign
        for sign in text
    )


FORMAT = Format(
    id="hf",
    name="Hugging Face dataset folder",
    extensions=(".hf.jsonl", ".jsonl"),
    sniff=sniff,
    read=read,
    write=write,
    loses=("keys",),
    folder=True,
    sources=sources,
)
