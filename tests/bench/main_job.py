"""Speed of the main job.

`python -m tests.bench.main_job` prints one JSON line a row, each with its limit measured in the
same run.

A row is {"row", "value", "unit", "limit", "ratio"}: the limit is what the same work costs with
nothing but sqlite3 and orjson (plain_loops.py); the ratio is that of the speeds, of the times for a
single span, of the sizes for bytes.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import orjson

from annotator.commands.spans import add_span
from annotator.errors import UserError
from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.model.schema_files import load_schema
from annotator.session import Session
from annotator.store import Store
from datasets.generate import Plan, lines
from tests.bench import plain_loops

SPANS = 1500
# Runs the command line, then prints the peak of its memory; what `wait` would say counts the
# parent's pages too.
PEAK = """
import pathlib, sys
from annotator.__main__ import main
code = main()
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
print(next(line for line in lines if line.startswith("VmHWM")))
sys.exit(code)
"""
Row = dict[str, object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description="Measure the main job against its physical limits."
    )
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument(
        "--repeat",
        type=int,
        default=1,
        help="measure import and export so often, and take the medians",
    )
    parser.add_argument(
        "--folder", type=Path, help="where to work; a temporary folder when not given"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        for row in rows(Path(folder), chosen.documents, chosen.repeat):
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            sys.stdout.flush()
    return 0


def rows(folder: Path, documents: int, repeat: int) -> Iterator[Row]:
    """Walk over the rows."""
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    for path, count in ((small, max(documents // 10, 1)), (large, documents)):
        path.write_bytes(b"".join(lines(Plan(documents=count))))
    few = max(documents // 10, 1)
    yield from bulk(folder, large, documents, repeat)
    yield from scaling(folder, small, few, folder / "project.annot", documents)
    yield from one_span(folder / "project.annot", folder)
    yield from size(folder / "project.annot", large)
    yield memory(folder, small, large)


def row(name: str, value: float, unit: str, limit: float, ratio: float) -> Row:
    """Return a row with readable numbers."""
    return {
        "row": name,
        "value": round(value, 4),
        "unit": unit,
        "limit": round(limit, 4),
        "ratio": round(ratio, 3),
    }


class Times(NamedTuple):
    """How long a piece of work takes on the clock, and on the processor.

    A disk that others use too slows the first alone.
    """

    clock: float
    processor: float


def times(work: Callable[[], object]) -> Times:
    """Return how long a piece of work takes, on the clock and on the processor."""
    start, spent = time.perf_counter(), time.process_time()
    work()
    return Times(time.perf_counter() - start, time.process_time() - spent)


def bring(source: Path, target: Path) -> None:
    """Import a file into a new project, as `annotator import` does."""
    for path in target.parent.glob(f"{target.name}*"):
        path.unlink()
    with Store.create(target, load_schema("news")) as store:
        report = import_files(store, [source], ImportOptions(), "bench")
        if report.problems:
            raise UserError(str(report.problems[0]))


def send(source: Path, target: Path) -> None:
    """Export a project to native JSONL, as `annotator export` does."""
    with Store.open(source, readonly=True) as store:
        export_records(store, target, ExportOptions())


def bulk(folder: Path, source: Path, documents: int, repeat: int) -> Iterator[Row]:
    """Import and export, in turns with the plain loops so that both see the same machine."""
    project, out, plain_out = folder / "project.annot", folder / "out.jsonl", folder / "plain.jsonl"
    found: dict[str, list[Times]] = {
        "plain import": [],
        "import": [],
        "plain export": [],
        "export": [],
    }
    for number in range(repeat):
        database = folder / f"plain-{number}.db"
        found["plain import"].append(times(partial(plain_loops.load, source, database)))
        found["import"].append(times(partial(bring, source, project)))
        found["plain export"].append(times(partial(plain_loops.dump, database, plain_out)))
        found["export"].append(times(partial(send, project, out)))
    for name in ("import", "export"):
        for unit, field in (("documents/s", 0), ("documents/s of processor time", 1)):
            value, limit = (
                documents / median(entry[field] for entry in found[key])
                for key in (name, f"plain {name}")
            )
            yield row(f"{name} {documents}", value, unit, limit, value / limit)
    same = contents(out) == contents(source)
    yield row("export equals what was imported", float(same), "yes", 1.0, float(same))


def contents(path: Path) -> list[object]:
    """Return the records of a file in an order that says nothing."""
    records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    for record in records:
        for kind in ("spans", "relations"):
            record[kind].sort(key=itemgetter("id"))
    return sorted(records, key=lambda record: (str(record["id"]), str(record["annotator"])))


def scaling(folder: Path, small: Path, few: int, project: Path, documents: int) -> Iterator[Row]:
    """Time a document costs in a corpus ten times as large, against the small one (1: linear)."""
    tiny, again = folder / "tiny.annot", folder / "again.annot"
    work = {
        "import": (partial(bring, small, tiny), partial(bring, folder / "large.jsonl", again)),
        "export": (
            partial(send, tiny, folder / "tiny.jsonl"),
            partial(send, project, folder / "out.jsonl"),
        ),
    }
    for name, (few_work, many_work) in work.items():
        one = median(times(few_work).processor for _number in range(3)) / few
        many = times(many_work).processor / documents
        yield row(
            f"{name}: a document of {documents} against one of {few}",
            many * 1e6,
            "µs of processor time",
            one * 1e6,
            many / one,
        )


def one_span(project: Path, folder: Path) -> Iterator[Row]:
    """Add spans through the command.

    Each on the disk when it returns, against a commit of two bare rows.
    """
    with Store.open(project) as store:
        session = Session(store, "bench")
        session.open_document(session.entries[len(session.entries) // 2].id)
        text = session.document.text if session.document else ""
        places = [(start, start + 3) for start in range(len(text) - 3)]
        labels = [label.id for _layer, label in session.schema.labels()]
        work = [(label, place) for place in places for label in labels][:SPANS]
        spent = [times(partial(add_span, session, label, (place,))).clock for label, place in work]
        store.listeners.clear()
    bare = bare_commits(folder / "bare.db", len(work))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        value, limit = quantile(spent, share) * 1e3, quantile(bare, share) * 1e3
        yield row(f"add a span, {name}", value, "ms", limit, value / limit)


def bare_commits(path: Path, count: int) -> list[float]:
    """Commit two rows so often, as safely as a project does."""
    connection = plain_loops.connect(path)
    connection.execute("CREATE TABLE event(n INTEGER PRIMARY KEY, payload TEXT)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO event(payload) VALUES(?)", ("x" * 300,))
        connection.execute("INSERT INTO event(payload) VALUES(?)", ("y" * 100,))
        connection.execute("COMMIT")

    spent = [times(commit).clock for _number in range(count)]
    connection.close()
    return spent


def quantile(spent: list[float], share: float) -> float:
    """Return the time below which this share of them lies."""
    return quantiles(spent, n=1000, method="inclusive")[int(share * 1000) - 1]


def size(project: Path, source: Path) -> Iterator[Row]:
    """Bytes on the disk against those of the texts alone, each once.

    And against the file that was imported.
    """
    texts = {
        plain["id"]: len(plain["text"].encode())
        for plain in map(orjson.loads, source.read_bytes().splitlines())
    }
    held = sum(path.stat().st_size for path in project.parent.glob(f"{project.name}*"))
    text = sum(texts.values())
    yield row("bytes on disk against text", held / 1e6, "MB", text / 1e6, held / text)


def memory(folder: Path, small: Path, large: Path) -> Row:
    """Peak memory of an import process on the large corpus, against one on the small (bounded.

    About 1).
    """
    peaks = []
    for path in (small, large):
        target = folder / f"memory-{path.stem}.annot"
        Store.create(target, load_schema("news")).close()
        command = [sys.executable, "-c", PEAK, "import", str(target), str(path)]
        done = subprocess.run(
            command, capture_output=True, cwd=Path(__file__).parents[2], check=True, text=True
        )
        peaks.append(int(done.stdout.split()[-2]) / 1024)
    return row("peak memory of an import", peaks[1], "MB", peaks[0], peaks[1] / peaks[0])


if __name__ == "__main__":
    sys.exit(main())
