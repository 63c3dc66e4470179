"""Speed of agreement: `python -m tests.bench.agreement` prints one JSON line a row.

Seconds, and the peak of memory.

"together" is every measure of spans but γ with its interval, and Cohen's κ, Fleiss' κ and α on
tokens, on ready values; the limit beside it is the ten seconds of the contract. γ is on the first
hundred documents. The project is made of the same file. The rows of others' programs are in
agreement_peers.py.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from annotator.agreement import measures
from annotator.jobs import ImportOptions, import_files
from annotator.jobs.agreeing import (
    AgreementOptions,
    compared_files,
    compared_project,
    measure_spans,
)
from annotator.model.schema_files import load_schema
from annotator.store import Store
from datasets.generate import Plan, lines
from tests.bench.agreement_peers import peer_rows

LIMIT = 10.0
ON_TOKENS = ("cohen_kappa", "fleiss_kappa", "krippendorff_alpha_nominal")
FEW, BESIDE, BESIDE_GAMMA = 100, 1000, 10
Row = dict[str, object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the measures.")
    parser.add_argument("--documents", type=int, default=10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), chosen.documents):
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            sys.stdout.flush()
    return 0


def rows(folder: Path, documents: int) -> Iterator[Row]:
    """Walk over the rows."""
    for name, count in (
        ("few", FEW),
        ("all", documents),
        ("beside", BESIDE),
        ("gamma", BESIDE_GAMMA),
    ):
        (folder / f"{name}.jsonl").write_bytes(b"".join(lines(Plan(documents=count))))
    start = time.perf_counter()
    few = compared_files([folder / "few.jsonl"])
    yield {"row": f"line up {FEW}", "seconds": round(time.perf_counter() - start, 3)}
    for ids in (("gamma",), ("gamma_cat",)):
        start = time.perf_counter()
        measure_spans(few, AgreementOptions(ids))
        yield {
            "row": f"{ids[0]} of {FEW} documents",
            "seconds": round(time.perf_counter() - start, 3),
        }
    start = time.perf_counter()
    found = compared_files([folder / "all.jsonl"])
    yield {
        "row": f"line up {documents}",
        "seconds": round(time.perf_counter() - start, 3),
        "spans": len(found.marks),
    }
    total, processor = 0.0, time.process_time()
    for entry in measures().values():
        if "gamma" in entry.id or (entry.codings and entry.id not in ON_TOKENS):
            continue
        start = time.perf_counter()
        measure_spans(found, AgreementOptions((entry.id,)))
        seconds = time.perf_counter() - start
        total += seconds
        yield {"row": entry.id, "seconds": round(seconds, 3)}
    status = Path("/proc/self/status")
    peak = (
        next(
            (
                line.split()[1]
                for line in status.read_text().splitlines()
                if line.startswith("VmHWM")
            ),
            "0",
        )
        if status.exists()
        else "0"
    )
    yield {
        "row": "together",
        "seconds": round(total, 3),
        "of the processor": round(time.process_time() - processor, 3),
        "limit": LIMIT,
        "peak MB": int(peak) // 1024,
    }
    del found
    yield from _from_a_project(folder, documents)
    yield from peer_rows(
        compared_files([folder / "beside.jsonl"]), compared_files([folder / "gamma.jsonl"])
    )


def _from_a_project(folder: Path, documents: int) -> Iterator[Row]:
    with Store.create(folder / "p.annot", load_schema("blank")) as store:
        import_files(
            store, [folder / "all.jsonl"], ImportOptions(format="jsonl", labels="add"), "a1"
        )
        start = time.perf_counter()
        found = compared_project(store)
    yield {
        "row": f"line up {documents} from a project",
        "seconds": round(time.perf_counter() - start, 3),
        "spans": len(found.marks),
    }


if __name__ == "__main__":
    sys.exit(main())
