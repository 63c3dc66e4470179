"""How long adjudication takes: the cases of a project, a rule and its undo, one decision.

`python -m tests.bench.adjudication`.

Three annotators with twenty spans in each of a thousand documents. Prints one JSON line a row:
{"row", "seconds", "cases"}.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TypeVar

from annotator.commands import adjudication
from annotator.jobs.team.adjudicate import adjudicate, dockets, people, preview
from annotator.model import AnnotationSet, Document, Relation, Span, new_id
from annotator.model.schema_files import load_schema
from annotator.session import Session
from annotator.session.adjudication_session import AdjudicationSession
from annotator.store import Step, Store

DOCUMENTS, SPANS, PEOPLE = 1000, 20, ("Әлия", "Sara", "رضا")
LABELS = ("PER", "ORG", "LOC", "GPE")
Result = TypeVar("Result")


def fill(step: Step, documents: int, random: Random) -> None:
    """Make documents on which three annotators differ as people do.

    Spans missed, edges moved, labels confused.
    """
    ids = [step.add_annotator(name) for name in PEOPLE]
    for number in range(documents):
        text = " ".join(f"واژه{number}-{place}" for place in range(200))
        name, _new = step.add_document(Document("", f"text {number}", text, "fa"))
        truth = [
            (start, start + random.randrange(3, 20), random.choice(LABELS))
            for start in random.sample(range(len(text) - 20), SPANS)
        ]
        for person in ids:
            spans = [made for one in truth if (made := _as_seen(text, one, random)) is not None]
            links = (Relation(new_id(), "holder", spans[0].id, spans[1].id),)
            step.import_annotation_set(
                name, person, AnnotationSet("", "done", tuple(spans), links), text
            )


def _as_seen(text: str, truth: tuple[int, int, str], random: Random) -> Span | None:
    start, end, label = truth
    if random.random() < 0.1:
        return None
    end += random.random() < 0.1
    label = random.choice(LABELS) if random.random() < 0.05 else label
    return Span(new_id(), "entities", label, ((start, end),), text[start:end])


def row(name: str, cases: int, work: Callable[[], Result]) -> Result:
    """Do something, and print how long it took."""
    start = time.perf_counter()
    result = work()
    line = json.dumps(
        {"row": name, "seconds": round(time.perf_counter() - start, 3), "cases": cases}
    )
    sys.stdout.write(f"{line}\n")
    return result


def main(documents: int = DOCUMENTS) -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder, "bench.annot"), load_schema("news"))
        with store.change("", "") as step:
            fill(step, documents, Random(1))
        session = Session(store, "lead")
        names = people(store)
        found = list(dockets(store, names))
        cases = sum(len(each.cases) for each in found)
        found = row("cases of the project", cases, lambda: list(dockets(store, names)))
        row("preview of a majority", cases, lambda: preview(found, "majority", Fraction(1)))
        row(
            "decide by majority",
            cases,
            lambda: adjudicate(store, names, "majority", Fraction(1), "lead"),
        )
        row("undo of all of it", cases, session.undo)
        session.adjudication = row("desk", cases, lambda: AdjudicationSession(store, names, found))
        adjudication.show_case(session)
        row("one decision", cases, lambda: adjudication.accept(session, 1))
        session.close()


if __name__ == "__main__":
    main()
