"""Speed and truth of the text view: `python -m tests.bench.view` prints one JSON line a row.

A row is {"row", "value", "unit", "stock"}; `stock` is what QPlainTextEdit with extra selections
gives in the same run, null where it has no such row. Times are in a window whose text is 900 × 1000
pixels; the document has about 1,000,000 characters, 5,000 paragraphs and 10,000 spans. `add` is
from the press of a label's key through session, store and view to the paint; the commit, which
waits for the disk, is a row of its own.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

import orjson
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from annotator.model import AnnotationSet, Document
from annotator.model.schema_files import load_schema
from annotator.store import Store
from annotator.text import segmentation
from annotator.ui.app import application, window
from annotator.ui.look.style import metrics
from annotator.ui.runtime.gc_timer import pass_over_what_is_there
from annotator.ui.text_view import TextView
from annotator.ui.text_view.layout import BlockLayout
from annotator.ui.window.main_window import MainWindow
from tests.bench.big_text import BigText, big_text
from tests.bench.stock_view import StockView
from tests.bench.view_truth import stock_wrong_hits, wrong_hits

SIZE = (900, 1000)
PERSON = "bench"
LABEL_KEY = Qt.Key.Key_1
DATA = Path(
    os.environ.get("ANNOTATOR_SHARED_DATA")
    or Path(__file__).resolve().parents[3] / "shared" / "data"
)
Row = dict[str, object]


class Plan(NamedTuple):
    """How much to do; the smoke test does little."""

    paragraphs: int = 5000
    spans: int = 10_000
    adds: int = 1000
    steps: int = 300
    jumps: int = 200
    stock_adds: int = 25
    times: int = 9


QUICK = Plan(200, 400, 20, 10, 5, 3, 2)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description="Measure the text view against its bounds and against stock Qt."
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a small document and few repetitions, to see that it works",
    )
    parser.add_argument("--memory", choices=("ours", "stock"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    plan = QUICK if chosen.quick else Plan()
    if chosen.memory:
        say({"rss": memory_of(chosen.memory, plan)})
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            {
                name: str(Path(folder, name))
                for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
            }
        )
        application()
        pass_over_what_is_there()
        for line in rows(Path(folder), plan):
            say(line)
    return 0


def say(row: Row) -> None:
    """Write a row."""
    sys.stdout.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE).decode())
    sys.stdout.flush()


def row(name: str, value: float, unit: str, stock: float | None) -> Row:
    """Return a row with readable numbers."""
    return {
        "row": name,
        "value": round(value, 3),
        "unit": unit,
        "stock": None if stock is None else round(stock, 3),
    }


def rows(folder: Path, plan: Plan) -> Iterator[Row]:
    """Walk over the rows."""
    big = big_text(plan.paragraphs, plan.spans)
    ours, stock = shown_view(), shown_stock()
    opening = [open_ours(ours, big) for _time in range(plan.times)]
    stock_opening = open_stock(stock, big)
    yield row("open_1m_ms", median(opening), "ms", stock_opening)
    yield from adding(folder, big, plan, stock)
    yield from moving(ours, stock, plan)
    one = big_text(plan.paragraphs // 5, plan.spans // 5, 2, " ")
    yield row(
        "one_paragraph_open_ms",
        median(open_ours(ours, one) for _time in range(3)),
        "ms",
        open_stock(stock, one),
    )
    ours.close()
    stock.close()
    yield huge(plan)
    yield row("rss_extra_mb", memory_apart("ours", plan), "MB", memory_apart("stock", plan))
    yield stalls(folder, plan)
    yield row("wrong_hits", wrong_hits(DATA), "of all cells", stock_wrong_hits(DATA))
    yield row("golden_orders_right", golden_orders(), "of 198", None)


# ── Views, and what is done to them ───────────────────────────────────────────────────────────────


def shown_view() -> TextView:
    """Return a view on the screen."""
    made = TextView()
    made.resize(*SIZE)
    made.show()
    settle()
    return made


def shown_stock() -> StockView:
    """Return a stock view on the screen."""
    made = StockView()
    made.resize(*SIZE)
    made.show()
    settle()
    return made


def settle() -> None:
    """Let Qt do all that waits, painting included."""
    QApplication.processEvents()


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long something takes, with the painting that it asks for."""
    begun = time.perf_counter()
    act()
    settle()
    return (time.perf_counter() - begun) * 1000


def open_ours(view: TextView, big: BigText) -> float:
    """Return the milliseconds from text and marks to the first paint."""
    marks = big.marks()
    view.clear()
    settle()
    gc.collect()

    def act() -> None:
        view.show_document(big.text, "fa")
        view.show_marks(marks)

    return milliseconds(act)


def open_stock(view: StockView, big: BigText, most: int | None = None) -> float:
    """Return the same for the stock view."""
    view.setExtraSelections([])
    view.setPlainText("")
    settle()
    return milliseconds(lambda: view.show_big(big, most))


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of all lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def moving(ours: TextView, stock: StockView, plan: Plan) -> Iterator[Row]:
    """Walk over the rows of scrolling, jumping, resizing and dragging."""
    measures: tuple[tuple[str, Callable[[QAbstractScrollArea, int], list[float]], int], ...] = (
        ("scroll_cold_p99_ms", scrolled, plan.steps),
        ("jump_p99_ms", jumped, plan.jumps),
        ("resize_p99_ms", resized, plan.jumps // 4 + 5),
        ("drag_p99_ms", dragged, plan.jumps),
    )
    for name, measure, times in measures:
        yield row(
            name,
            percentile(measure(ours, times), 0.99),
            "ms",
            percentile(measure(stock, times), 0.99),
        )


def scrolled(view: QAbstractScrollArea, steps: int) -> list[float]:
    """Return the times of steps of the wheel through text not yet seen."""
    bar = view.verticalScrollBar()
    step = 3 if isinstance(view, StockView) else 3 * 27  # three lines; the stock view counts lines
    bar.setValue(0)
    settle()
    return [milliseconds(lambda: bar.setValue(bar.value() + step)) for _number in range(steps)]


def jumped(view: QAbstractScrollArea, jumps: int) -> list[float]:
    """Return the times of jumps to anywhere."""
    chance, bar = Random(3), view.verticalScrollBar()
    return [
        milliseconds(lambda: bar.setValue(chance.randrange(bar.maximum())))
        for _number in range(jumps)
    ]


def resized(view: QAbstractScrollArea, times: int) -> list[float]:
    """Return the times of changes of the width."""
    found = [
        milliseconds(partial(view.resize, SIZE[0] - 40 * (number % 5), SIZE[1]))
        for number in range(1, times)
    ]
    view.resize(*SIZE)
    settle()
    return found


def dragged(view: QAbstractScrollArea, moves: int) -> list[float]:
    """Return the times of moves of the mouse while it selects."""
    viewport = view.viewport()

    def send(kind: QEvent.Type, x: float, y: float) -> None:
        place = QPointF(x, y)
        button = (
            Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        )
        event = QMouseEvent(
            kind,
            place,
            viewport.mapToGlobal(place),
            button,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)

    send(QEvent.Type.MouseButtonPress, 450, 40)
    places = [(300 + number * 37 % 400, 60 + number * 850 / moves) for number in range(moves)]
    found = [milliseconds(partial(send, QEvent.Type.MouseMove, *place)) for place in places]
    send(QEvent.Type.MouseButtonRelease, 450, 900)
    return found


# ── A key, the store, the paint ───────────────────────────────────────────────────────────────────


class TimedConnection:
    """Stands before a connection and notes how long its commits take."""

    def __init__(self, connection: object) -> None:
        self._connection = connection
        self.commits: list[float] = []

    def execute(self, statement: str, *values: object) -> object:
        """Do a statement."""
        begun = time.perf_counter()
        # It is an sqlite3.Connection; Writer names no protocol.
        done = self._connection.execute(statement, *values)  # type: ignore[attr-defined]
        if statement == "COMMIT":
            self.commits.append((time.perf_counter() - begun) * 1000)
        return done

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def project_of(big: BigText, path: Path) -> float:
    """Make a project of one document; return the milliseconds that reading its spans back takes."""
    store = Store.create(path, load_schema("news"))
    with store.change("Import", PERSON) as step:
        person = step.add_annotator(PERSON)
        name, _is_new = step.add_document(Document("big", "big", big.text, "fa"))
        step.import_annotation_set(
            name, person, AnnotationSet(PERSON, "open", big.spans()), big.text
        )
    begun = time.perf_counter()
    store.annotation_set("big", PERSON)
    taken = (time.perf_counter() - begun) * 1000
    store.close()
    return taken


def opened(path: Path) -> MainWindow:
    """Return the program's window on a project, its text of the usual size."""
    made = window()
    made.resize(SIZE[0] + 2 * 280, SIZE[1] + 120)
    made.show()
    made.open_project(path, PERSON)
    settle()
    return made


def adding(folder: Path, big: BigText, plan: Plan, stock: StockView) -> Iterator[Row]:
    """Walk over the rows of adding spans."""
    project_of(big, folder / "one.annot")
    made = opened(folder / "one.annot")
    session = made.session
    if session is None:
        raise SystemExit("the project could not be opened")
    timed = TimedConnection(session.store._writer._connection)
    # It stands in for the connection.
    session.store._writer._connection = timed  # type: ignore[assignment]
    view, chance, times, busy = made.workspace.view, Random(5), list[float](), list[float]()
    free = free_words(big)
    for number in range(plan.adds):
        start, end = free[chance.randrange(len(free))]
        if number % 10 == 0:
            view.reveal(start)
        else:
            start, end = word_in_view(view, chance)
        session.select_text(start, end)
        settle()
        before, processor = len(timed.commits), time.thread_time()
        whole = milliseconds(lambda: press(view))
        busy.append((time.thread_time() - processor) * 1000)
        times.append(whole - sum(timed.commits[before:]))
    made.close()
    settle()
    # Where others work on the same machine, the clock counts their turns too; the processor's time
    # does not.
    sys.stderr.write(
        f"add, commit included, in processor time: p50 {percentile(busy, 0.5):.2f} ms, p99"
        f" {percentile(busy, 0.99):.2f} ms\n"
    )
    stock_times = stock_adding(stock, big, plan.stock_adds)
    yield row("add_p50_ms", percentile(times, 0.5), "ms", percentile(stock_times, 0.5))
    yield row("add_p99_ms", percentile(times, 0.99), "ms", percentile(stock_times, 0.99))
    yield row("commit_p99_ms", percentile(timed.commits, 0.99), "ms", None)


def press(view: TextView) -> None:
    """Press the key of the first label."""
    QApplication.sendEvent(
        view, QKeyEvent(QEvent.Type.KeyPress, LABEL_KEY, Qt.KeyboardModifier.NoModifier, "1")
    )


def free_words(big: BigText) -> list[tuple[int, int]]:
    """Return words here and there."""
    return [token for token in segmentation.tokens(big.text[:200_000]) if token[1] - token[0] > 2]


def word_in_view(view: TextView, chance: Random) -> tuple[int, int]:
    """Return a word that is seen."""
    size = view.viewport().size()
    position = view.position_at(
        QPointF(chance.uniform(150, size.width() - 150), chance.uniform(40, size.height() - 60))
    )
    low = max(position - 60, 0)
    tokens = [
        (start + low, end + low)
        for start, end in segmentation.tokens(view.text()[low : position + 60])
    ]
    return min(tokens[1:-1] or tokens, key=lambda token: abs(token[0] - position))


def stock_adding(view: StockView, big: BigText, times: int) -> list[float]:
    """Return the times of adding a span in the stock design."""
    view.verticalScrollBar().setValue(0)
    settle()
    words = free_words(big)
    return [milliseconds(partial(view.add, ("PER", *words[number]))) for number in range(times)]


# ── Ten million characters, memory, stalls ────────────────────────────────────────────────────────


def huge(plan: Plan) -> Row:
    """Return the row of the document ten times as large.

    Stock Qt gets a tenth of its spans, or it would not end.
    """
    big = big_text(plan.paragraphs * 10, plan.spans * 10, 3)
    view, stock = shown_view(), shown_stock()
    value = median(open_ours(view, big) for _time in range(3))
    other = open_stock(stock, big, plan.spans // 10)
    view.close()
    stock.close()
    return row("open_10m_ms", value, "ms", other)


def memory_apart(which: str, plan: Plan) -> float:
    """Return the megabytes that the large document adds, measured in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.view",
        "--memory",
        which,
        *(["--quick"] if plan == QUICK else []),
    ]
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=300)
    return float(json.loads(done.stdout.splitlines()[-1])["rss"])


def memory_of(which: str, plan: Plan) -> float:
    """Return the megabytes that this process grows by when it shows the large document and walks
    through some of it.
    """
    application()
    big, small = big_text(plan.paragraphs, plan.spans), big_text(20, 40, 9)
    marks = big.marks()
    view: TextView | StockView = shown_view() if which == "ours" else shown_stock()
    open_ours(view, small) if isinstance(view, TextView) else open_stock(view, small)
    gc.collect()
    before = resident()
    if isinstance(view, TextView):
        view.show_document(big.text, "fa")
        view.show_marks(marks)
    else:
        view.show_big(big)
    settle()
    jumped(view, 40)
    return resident() - before


def resident() -> float:
    """Return the resident megabytes of this process."""
    line = next(
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


def stalls(folder: Path, plan: Plan) -> Row:
    """Return the longest time for which the window did nothing else, while a person works in the
    large document.
    """
    made = opened(folder / "one.annot")
    view, chance, longest = made.workspace.view, Random(8), 0.0
    bar = view.verticalScrollBar()
    for number in range(plan.jumps):
        acts: tuple[Callable[[], object], ...] = (
            lambda: press(view),
            lambda: bar.setValue(chance.randrange(bar.maximum())),
            lambda: view.move_caret("down"),
            lambda: made.session.select_text(*word_in_view(view, chance)) if made.session else None,
        )
        longest = max(longest, milliseconds(acts[number % len(acts)]))
        rest = time.perf_counter() + 0.04  # what waits a little, such as the details, comes now
        while time.perf_counter() < rest:
            longest = max(longest, milliseconds(lambda: None))
    made.close()
    settle()
    return row("stall_max_ms", longest, "ms", None)


def golden_orders() -> int:
    """Return how many of the golden visual orders come out."""
    right = 0
    for case in json.loads((DATA / "text" / "golden_bidi.json").read_text()):
        layout = BlockLayout(
            case["text"], "rtl" if case["paragraph_level"] % 2 else "ltr", 5000, metrics(100)
        )
        lines = [[cell.start for cell in layout.cells(line).cells] for line in range(len(layout))]
        right += all(
            seen == [index for index in case["visual_order"] if index in set(seen)]
            for seen in lines
        )
    return right


if __name__ == "__main__":
    sys.exit(main())
