"""Makes a report: one reading of the project, and every figure of it as a value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np

from annotator.agreement import NoValueError, Tally, find_measure
from annotator.compare.building import compare
from annotator.compare.comparison import Comparison
from annotator.errors import UserError
from annotator.gc_pause import collector_paused
from annotator.i18n import _, name_list
from annotator.jobs.agreeing import (
    Agreement,
    AgreementOptions,
    is_work,
    measure_spans,
    people_with_work,
)
from annotator.jobs.progress import Progress, silent
from annotator.jobs.reports.columns import ANY, Behind, LinedUp, Place, line_up
from annotator.model import Labelled, original
from annotator.store import Store

MEASURES = ("span_f1_exact", "span_f1_overlap", "position_f1", "token_f1", "character_f1")
"""What labels, documents and days can be measured by: measures that sum over documents."""
STAGES = (
    "span_f1_overlap",
    "position_f1",
    "span_f1_exact",
    "attribute_kappa",
    "relation_f1",
    "token_kappa",
    "alpha_u",
)
PAIRED = ("span_f1_overlap", "position_f1", "span_f1_exact", "token_kappa")
MOST_DAYS = 60
STEPS, STEP = 6, 100


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What to report of: annotators () all people but gold, layer None all.

    `measure`: that of labels, documents and days.
    """

    layer: str | None = None
    annotators: tuple[str, ...] = ()
    measure: str = MEASURES[0]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """How far an annotator is: documents by status, spans, and active time.

    `timed`: in how many documents the time was taken.
    """

    annotator: str
    done: int
    open: int
    new: int
    spans: int
    active_ms: int
    timed: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Agreement on the documents (by number) finished on a day, or in the week from it on."""

    start: date
    numbers: tuple[int, ...]
    value: float | None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document: its agreement, spans of all annotators, and their active time by name.

    `value` is None where it is not defined.
    """

    id: str
    name: str
    length: int
    number: int
    value: float | None
    spans: int
    active_ms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All figures. Without two annotators the parts on agreement are empty and `alone` says why."""

    project: str
    schema: str
    made: datetime
    options: ReportOptions
    annotators: tuple[str, ...]
    work: tuple[Work, ...]
    documents: tuple[DocumentLine, ...]
    whole: tuple[Agreement, ...] = ()
    pairs: tuple[Agreement, ...] = ()
    labels: tuple[Agreement, ...] = ()
    moments: tuple[Moment, ...] = ()
    repeats: tuple[Agreement, ...] = ()
    lined_up: LinedUp | None = None
    rounds: tuple[LinedUp, ...] = ()
    notes: tuple[str, ...] = ()
    alone: str = ""

    def places(self, behind: Behind, most: int) -> tuple[int, list[Place]]:
        """Return how many places stand behind a figure, and the first of them."""
        lined_up = self.lined_up if behind.again == ANY else self.rounds[behind.again]
        rows = lined_up.rows(behind).tolist() if lined_up else []
        return len(rows), [lined_up.place(row) for row in rows[:most]] if lined_up else []


@dataclass(slots=True)
class _Reading:
    """One walk over the project, and the documents' ids in its order."""

    ids: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def walk(
        self, store: Store, names: Sequence[str], progress: Progress, total: int
    ) -> Iterator[Labelled]:
        for record in store.records(tuple(names)):
            if not is_work(record):
                continue
            name = record.document.id
            if name not in self.known:
                self.known.add(name)
                self.ids.append(name)
                if len(self.ids) % 200 == 0:
                    progress(len(self.ids), total, record.document.name)
            yield record


def make_report(store: Store, options: ReportOptions, progress: Progress = silent) -> Report:
    """Read the project once and work out every figure."""
    people = _people(store, options)
    rounds = tuple(name for name in store.annotators_with_work() if original(name) in people)
    found, ids = _compared(store, (*people, *rounds), options, progress)
    main = found.between([name for name in people if name in found.annotators])
    repeats, rounds_lined_up = _repeats(found, ids, options)
    bare = Report(
        store.path.stem,
        store.schema().tag,
        datetime.now().astimezone(),
        options,
        people,
        _work(store, people),
        (),
        notes=found.reports,
        repeats=repeats,
        rounds=rounds_lined_up,
    )
    if len(main.annotators) > 1:
        return _measured(store, bare, main, ids, progress)
    documents = _documents(store, main, ids, None)
    return replace(bare, documents=documents, alone=_lacking(main.annotators))


def _compared(
    store: Store, names: Sequence[str], options: ReportOptions, progress: Progress
) -> tuple[Comparison, tuple[str, ...]]:
    """Line up what people did, in the layer that is asked for, and the documents' ids."""
    reading = _Reading()
    with collector_paused():
        found = compare(reading.walk(store, names, progress, len(store.entries(""))))
    if options.layer is not None:
        _check_layer(store, options.layer)
        found = found.only(layer=options.layer)
    return found, tuple(reading.ids)


def _lacking(annotators: Sequence[str]) -> str:
    """Say why there is no agreement, and what to do."""
    if annotators:
        return _(
            "Agreement needs two annotators who worked on the same documents. Collect the work of"
            " another one, or repeat documents."
        )
    return _(
        "Nobody has labelled anything here yet. Label documents, or collect the work of others, and"
        " measure again."
    )


def _people(store: Store, options: ReportOptions) -> tuple[str, ...]:
    """Return whom the report is of: those named, else all people (not models, rules, rounds)."""
    known = store.annotators()
    for name in options.annotators:
        if name not in known:
            raise UserError(_("Nobody called {name} has worked here.").format(name=name))
    return options.annotators or people_with_work(store)


def _check_layer(store: Store, layer: str) -> None:
    known = [entry.id for entry in store.schema().layers]
    if layer not in known:
        shown = name_list(known)
        raise UserError(
            _("There is no layer {name}; there are {known}.").format(name=layer, known=shown)
        )


def _measured(
    store: Store, bare: Report, main: Comparison, ids: tuple[str, ...], progress: Progress
) -> Report:
    """Fill in what needs two annotators."""
    measure = bare.options.measure
    tally_of = _summing(measure)

    def agreement(part: int, measures: tuple[str, ...], by: str = "") -> tuple[Agreement, ...]:
        asked = AgreementOptions(measures, by=by, seed=bare.options.seed)
        return measure_spans(main, asked, _part(progress, part)).values

    whole = agreement(1, STAGES)
    # The first values are those of all together.
    pairs = agreement(2, PAIRED, "pair")[len(PAIRED) :]
    labels = agreement(3, (measure,), "label")[1:]
    progress(4 * STEP, STEPS * STEP, _("documents"))
    tally = tally_of(main, bare.options.seed)
    documents = _documents(store, main, ids, tally)
    progress(5 * STEP, STEPS * STEP, _("spans"))
    return replace(
        bare,
        documents=documents,
        whole=whole,
        pairs=pairs,
        labels=labels,
        lined_up=line_up(main, ids),
        moments=_moments(store, main, ids, tally),
    )


def _summing(measure: str) -> Callable[[Comparison, int], Tally]:
    """Return the tally of a measure that sums over documents; another one is a UserError."""
    spans = find_measure(measure).spans
    if measure not in MEASURES or spans is None:
        message = _("Labels and documents cannot be measured by {name}. Choose one of: {known}.")
        raise UserError(message.format(name=measure, known=", ".join(MEASURES)))
    return spans


def _part(progress: Progress, number: int) -> Progress:
    """Return the progress of one part of the work."""

    def report(done: int, total: int, what: str) -> None:
        progress(number * STEP + done * STEP // max(total, 1), STEPS * STEP, what)

    return report


def _value(work: Callable[[], float]) -> float | None:
    try:
        return work()
    except NoValueError:
        return None


def _work(store: Store, people: Sequence[str]) -> tuple[Work, ...]:
    spent: dict[str, dict[str, int]] = {}
    for stretch in store.stretches():
        times = spent.setdefault(stretch.annotator, {})
        times[stretch.document] = times.get(stretch.document, 0) + stretch.active_ms
    found = []
    for name in people:
        entries = store.entries(name)
        times = spent.get(name, {})
        counts = {
            status: sum(entry.status == status for entry in entries)
            for status in ("done", "open", "new")
        }
        found.append(
            Work(
                name,
                counts["done"],
                counts["open"],
                counts["new"],
                sum(entry.spans for entry in entries),
                sum(times.values()),
                len(times),
            )
        )
    return tuple(found)


def _documents(
    store: Store, main: Comparison, ids: tuple[str, ...], tally: Tally | None
) -> tuple[DocumentLine, ...]:
    """Return a line a document on which anybody worked, in the project's order."""
    spent = _spent(store, main.annotators)
    number_of = {name: number for number, name in enumerate(ids)}
    spans = np.bincount(main.marks.document, minlength=len(ids)).tolist()
    lines = []
    for entry in store.entries(""):
        number = number_of.get(entry.id)
        if number is None:
            continue
        value = _value(partial(tally.value, tally.figures[number])) if tally else None
        active_ms = spent.get(entry.id, {})
        lines.append(
            DocumentLine(
                entry.id, entry.name, entry.length, number, value, spans[number], active_ms
            )
        )
    return tuple(lines)


def _spent(store: Store, annotators: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the active time of some annotators: document → annotator → milliseconds."""
    spent: dict[str, dict[str, int]] = {}
    for stretch in store.stretches():
        if stretch.annotator in annotators:
            times = spent.setdefault(stretch.document, {})
            times[stretch.annotator] = times.get(stretch.annotator, 0) + stretch.active_ms
    return spent


def _moments(
    store: Store, main: Comparison, ids: tuple[str, ...], tally: Tally
) -> tuple[Moment, ...]:
    """Return agreement by the day on which the last of a document's annotators finished it.

    By week where days are many.
    """
    days: dict[date, list[int]] = {}
    for number, at_ms in _finished(store, main, ids).items():
        if main.worked[number].sum() > 1:
            day = datetime.fromtimestamp(at_ms / 1000).astimezone().date()
            days.setdefault(day, []).append(number)
    if len(days) > MOST_DAYS:
        days = _by_week(days)
    moments = []
    for day in sorted(days):
        sums = tally.figures[days[day]].sum(axis=0)
        moments.append(Moment(day, tuple(days[day]), _value(partial(tally.value, sums))))
    return tuple(moments)


def _finished(store: Store, main: Comparison, ids: tuple[str, ...]) -> dict[int, int]:
    """Return when the last annotator finished each document, by its number."""
    number_of = {name: number for number, name in enumerate(ids)}
    last: dict[int, int] = {}
    for finish in store.finishes():
        number = number_of.get(finish.document)
        if number is not None and finish.annotator in main.annotators:
            last[number] = max(last.get(number, 0), finish.at_ms)
    return last


def _by_week(days: Mapping[date, list[int]]) -> dict[date, list[int]]:
    weeks: dict[date, list[int]] = {}
    for day, numbers in days.items():
        weeks.setdefault(day - timedelta(days=day.weekday()), []).extend(numbers)
    return weeks


def _repeats(
    found: Comparison, ids: tuple[str, ...], options: ReportOptions
) -> tuple[tuple[Agreement, ...], tuple[LinedUp, ...]]:
    """Return how far annotators agree with themselves, a value a round, and the spans behind it."""
    pairs = [
        found.between((original(name), name)).in_common()
        for name in found.annotators
        if original(name) in found.annotators
    ]
    asked = AgreementOptions((options.measure,), seed=options.seed)
    values: list[Agreement] = []
    for pair in pairs:
        values += measure_spans(pair, asked).values
    return tuple(values), tuple(line_up(pair, ids) for pair in pairs)
