"""Speed of bundles: `python -m tests.bench.merge` prints one JSON line a row.

Seconds, cpu seconds, bytes, and the limit if there is one.

A copy of a project of 500 documents is worked in until its log has 50,000 entries; it is returned,
collected into the lead's project (backed up, checked, stored, folded and read back, in one step),
and collected again; `look` is the dry run.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from annotator.jobs.team.assign import assign, start, submit
from annotator.jobs.team.collect import collect
from annotator.model import Document, Span
from annotator.model.schema_files import load_schema
from annotator.store import Store

LIMIT = 3.0
DOCUMENTS = 500
TEXT = "مریم سهرابی گفت قیمت‌ها پایین آمد 😀. Анна Кравцова айтты: баға төмендеді. " * 12
WHO = "Сара"
Row = dict[str, object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the exchange of bundles.")
    parser.add_argument("--events", type=int, default=50_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), chosen.events):
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
            sys.stdout.flush()
    return 0


def rows(folder: Path, events: int) -> Iterator[Row]:
    """Walk over what is measured."""
    with Store.create(folder / "lead.annot", load_schema("news")) as lead:
        with lead.change("documents", "") as step:
            for number in range(DOCUMENTS):
                step.add_document(Document(f"d{number}", f"d{number}", f"{number} {TEXT}", "fa"))
        began = _clocks()
        assign(lead, {WHO: lead.entries("")}, {WHO: folder / "out.annot-bundle"}, "Lead")
        yield _row("assign", began, size=(folder / "out.annot-bundle").stat().st_size)
        began = _clocks()
        start(folder / "out.annot-bundle", folder / "copy.annot")
        yield _row("start", began)
        with Store.open(folder / "copy.annot") as copy:
            _work(copy, events)
            began = _clocks()
            back = submit(copy, folder / "back.annot-bundle").path
        yield _row("return", began, size=back.stat().st_size)
        yield from _collected(lead, back)


def _collected(lead: Store, back: Path) -> Iterator[Row]:
    began = _clocks()
    look = collect(lead, [back], "Lead", dry_run=True)
    yield {**_row("look", began), "events": look.arrivals[0].events_new}
    began = _clocks()
    done = collect(lead, [back], "Lead")
    yield {
        **_row("collect", began),
        "limit": LIMIT,
        "events": done.arrivals[0].events_new,
        "spans": done.spans,
    }
    began = _clocks()
    again = collect(lead, [back], "Lead")
    yield {**_row("collect again", began), "events": again.arrivals[0].events_new}
    began = _clocks()
    sound = not lead.faults()
    yield {**_row("check", began), "sound": sound}


def _work(copy: Store, events: int) -> None:
    """Label like a person: a step for each span, of which the transaction is spared."""
    dice = random.Random(3)
    with copy.change("work", WHO) as step:
        who = step.add_annotator(WHO)
        for number in range(events - DOCUMENTS):
            document = f"d{number % DOCUMENTS}"
            at = dice.randrange(800)
            text = f"{number % DOCUMENTS} {TEXT}"[at : at + 6]
            step.put_span(
                document,
                who,
                Span(f"s{dice.randrange(events)}", "entities", "PER", ((at, at + 6),), text),
            )


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _row(name: str, began: tuple[float, float], size: int = 0) -> Row:
    seconds, busy = (round(now - then, 2) for now, then in zip(_clocks(), began, strict=True))
    row: Row = {"row": name, "seconds": seconds, "cpu": busy}
    return {**row, "bytes": size} if size else row


if __name__ == "__main__":
    sys.exit(main())
