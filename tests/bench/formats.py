"""Speed of the formats: `python -m tests.bench.formats` prints one JSON line a row.

"read NAME": our documents a second, the peer's own reader on the same files in the same run as the
limit, and their ratio; a peer that is not installed (extras “peers”, “spacy”) is left out. "export
NAME": seconds from a project to files, with the limit of 30.
"""

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from annotator.errors import UserError
from annotator.formats import ReadOptions, Report, WriteOptions, find_format, formats
from annotator.formats.label_studio import config_of
from annotator.gc_pause import collector_paused
from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.model import Labelled
from annotator.model.schema_files import load_schema
from annotator.store import Store
from datasets.generate import Plan, lines

PEERS = {
    "uima-xmi": "cassis",
    "uima-json": "cassis",
    "conllu": "conllu",
    "spacy": "spacy",
    "label-studio": "label_studio_sdk",
}
SECONDS = 30.0
TIMES = 3
Row = dict[str, object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the formats.")
    parser.add_argument(
        "--documents", type=int, default=10_000, help="documents of one annotator to export"
    )
    parser.add_argument(
        "--few", type=int, default=300, help="documents to read and write against peers"
    )
    parser.add_argument("--only", default="", help="ids of formats, separated by commas")
    chosen = parser.parse_args()
    wanted = tuple(filter(None, chosen.only.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), chosen.documents, chosen.few, wanted):
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            sys.stdout.flush()
    return 0


def rows(folder: Path, documents: int, few: int, wanted: tuple[str, ...] = ()) -> Iterator[Row]:
    """Walk over the rows; no `documents`: no exports."""
    (folder / "few.jsonl").write_bytes(b"".join(lines(Plan(documents=few, annotators=1))))
    records = _read("jsonl", folder / "few.jsonl")
    for name, peer in PEERS.items():
        if importlib.util.find_spec(peer) is not None and name in (wanted or PEERS):
            yield from against(name, records, folder / name)
    if documents:
        (folder / "many.jsonl").write_bytes(
            b"".join(lines(Plan(documents=documents, annotators=1)))
        )
        yield from exports(folder, wanted)


def against(name: str, records: list[Labelled], folder: Path) -> Iterator[Row]:
    """Read in turns with the peer's own reader."""
    folder.mkdir()
    entry = find_format(name)
    assert entry.write
    target = folder if entry.folder else folder / f"a{entry.extensions[0]}"
    options = WriteOptions(schema=load_schema("news"))
    files = entry.write(records, target, options, Report())
    reading: Callable[[], object] = {"uima-xmi": _cassis_xmi, "uima-json": _cassis_json}.get(
        name, _whole_file(name)
    )(files)
    reading()  # a first reading loads what later ones have at hand
    mine, theirs = [], []
    with collector_paused():  # as the import does
        for _time in range(TIMES):
            mine.append(_seconds(lambda: _read(name, target)))
            theirs.append(_seconds(reading))
    value, limit = (len(records) / median(seconds) for seconds in (mine, theirs))
    yield {
        "row": f"read {name}",
        "value": round(value),
        "unit": "documents/s",
        "limit": round(limit),
        "ratio": round(value / limit, 2),
    }


def exports(folder: Path, wanted: tuple[str, ...]) -> Iterator[Row]:
    """Export a project to every format that needs no library of its own."""
    with Store.create(folder / "p.annot", load_schema("news")) as store:
        report = import_files(store, [folder / "many.jsonl"], ImportOptions(), "bench")
        if report.problems:
            raise UserError(str(report.problems[0]))
        for entry in formats().values():
            if entry.write is None or entry.id not in (wanted or formats()):
                continue
            if (
                entry.id in ("spacy", "parquet")
                and importlib.util.find_spec({"parquet": "pyarrow"}.get(entry.id, entry.id)) is None
            ):
                continue
            target = folder / f"out-{entry.id}{'' if entry.folder else entry.extensions[0]}"
            start, spent = time.perf_counter(), time.process_time()
            done = export_records(store, target, ExportOptions(entry.id))
            seconds, spent = time.perf_counter() - start, time.process_time() - spent
            yield {
                "row": f"export {entry.id}",
                "value": round(seconds, 2),
                "unit": "s",
                "limit": SECONDS,
                "ratio": round(SECONDS / seconds, 2),
                "processor": round(spent, 2),
                "spans": done.spans,
            }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read(name: str, path: Path) -> list[Labelled]:
    read = find_format(name).read
    assert read
    return list(read(path, ReadOptions(), Report()))


def _cassis_xmi(files: list[Path]) -> Callable[[], object]:
    cassis = import_module("cassis")
    with files[-1].open("rb") as types:
        known = cassis.load_typesystem(types)
    return lambda: [
        cassis.load_cas_from_xmi(path.read_bytes().decode(), typesystem=known)
        for path in files[:-1]
    ]


def _cassis_json(files: list[Path]) -> Callable[[], object]:
    cassis = import_module("cassis")
    return lambda: [cassis.load_cas_from_json(path.read_bytes().decode()) for path in files]


def _whole_file(name: str) -> Callable[[list[Path]], Callable[[], object]]:
    return {"conllu": _conllu, "spacy": _docbin, "label-studio": _converter}.get(name, _conllu)


def _conllu(files: list[Path]) -> Callable[[], object]:
    parse: Any = import_module("conllu").parse
    return lambda: parse(files[0].read_text("utf-8"))


def _docbin(files: list[Path]) -> Callable[[], object]:
    tokens, blank = import_module("spacy.tokens"), import_module("spacy").blank("xx")

    def work() -> object:
        docs = tokens.DocBin().from_bytes(files[0].read_bytes()).get_docs(blank.vocab)
        return [
            (doc.text, [(span.label_, span.start_char, span.end_char) for span in doc.ents])
            for doc in docs
        ]

    return work


def _converter(files: list[Path]) -> Callable[[], object]:
    made = import_module("label_studio_sdk.converter").Converter(
        config_of(load_schema("news")), str(files[0].parent), download_resources=False
    )
    return lambda: made.convert_to_json_min(
        str(files[0]), str(files[0].parent / "min"), is_dir=False
    )


if __name__ == "__main__":
    raise SystemExit(main())
