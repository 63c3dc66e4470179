"""A report as tables: what files hold and windows show; each figure names what stands behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.agreement import find_measure
from annotator.i18n import _, ngettext
from annotator.jobs.agreeing import Agreement
from annotator.jobs.reports.building import Report
from annotator.jobs.reports.columns import ANY, NOTHING, Behind

MOST_KINDS = 20
Value = str | int | float | None


class Cell(NamedTuple):
    """A figure or a name; what stands behind it; how strong its ground is (0 to 1), None for none.

    Decimal places.
    """

    value: Value
    behind: Behind | None = None
    share: float | None = None
    places: int = 3

    @property
    def text(self) -> str:
        """The value as people read it."""
        if isinstance(self.value, float):
            return f"{self.value:.{self.places}f}"
        return "" if self.value is None else str(self.value)

    @property
    def is_number(self) -> bool:
        """Return whether it stands among figures."""
        return not isinstance(self.value, str)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: an id for files, a title and a sentence for people, headings, rows."""

    id: str
    title: str
    about: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Tell for each column whether it holds figures."""
        return tuple(
            any(isinstance(row[column].value, int | float) for row in self.rows)
            for column in range(len(self.headings))
        )


def sheets(report: Report) -> list[Sheet]:
    """Return all tables of a report; those on agreement only where there is some."""
    made = [_work(report)]
    if report.whole:
        made += [_whole(report), _pairs(report), _labels(report), _confusion(report)]
    if report.moments:
        made.append(_moments(report))
    if report.repeats:
        made.append(_repeats(report))
    made.append(_documents(report))
    return made


def _row(*values: Value | Cell) -> tuple[Cell, ...]:
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def _minutes(milliseconds: int | None) -> Cell:
    return Cell(None if milliseconds is None else round(milliseconds / 60_000, 2), places=1)


def _work(report: Report) -> Sheet:
    rows = [
        _row(
            each.annotator,
            each.done,
            each.open,
            each.new,
            each.spans,
            _minutes(each.active_ms),
            _minutes(each.active_ms // each.timed if each.timed else None),
        )
        for each in report.work
    ]
    headings = (
        _("annotator"),
        _("done"),
        _("open"),
        _("new"),
        _("spans"),
        _("active minutes"),
        _("minutes a document"),
    )
    about = _(
        "Documents by status, spans, and active time: the time between two acts, of a longer pause"
        " the first minute."
    )
    return Sheet("work", _("Progress and time"), about, headings, tuple(rows))


def _measured(value: Agreement) -> list[Value]:
    low, high = value.ci95 or (None, None)
    return [
        _("undefined: {reason}").format(reason=value.undefined) if value.undefined else value.value,
        low,
        high,
        value.n,
    ]


def _figures() -> tuple[str, ...]:
    return (_("value"), _("95 % from"), _("to"), _("n"))


def _whole(report: Report) -> Sheet:
    everything = Behind(differing=True)
    rows = []
    for value in report.whole:
        entry = find_measure(value.measure)
        shown, *rest = _measured(value)
        rows.append(
            _row(
                _(entry.name),
                _(entry.compares),
                Cell(shown, everything, _bounded(value.value)),
                *rest,
            )
        )
    headings = (_("measure"), _("compares"), *_figures())
    about = _(
        "From finding the span to its boundary, its label, its attributes and its relations; then"
        " coefficients corrected for chance."
    )
    return Sheet("agreement", _("Agreement by stage"), about, headings, tuple(rows))


def _pairs(report: Report) -> Sheet:
    found = report.lined_up.found if report.lined_up else None
    rows = []
    names = list(dict.fromkeys(value.measure for value in report.pairs))
    for number, pair in enumerate(dict.fromkeys(value.annotators for value in report.pairs)):
        values = {value.measure: value.value for value in report.pairs if value.annotators == pair}
        behind = Behind(number if found else ANY, differing=True)
        rows.append(
            _row(*pair, *(Cell(values[name], behind, _bounded(values[name])) for name in names))
        )
    headings = (_("annotator"), _("and"), *(_(find_measure(name).name) for name in names))
    return Sheet(
        "pairs",
        _("Pairs of annotators"),
        _("Each two annotators on the documents that both worked on."),
        headings,
        tuple(rows),
    )


def _bounded(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, value))


def _labels(report: Report) -> Sheet:
    rows = []
    for value in report.labels:
        behind = Behind(either=_kind(report, value.layer or "", value.label or ""), differing=True)
        shown, *rest = _measured(value)
        rows.append(
            _row(value.layer, value.label, Cell(shown, behind, _bounded(value.value)), *rest)
        )
    measure = find_measure(report.options.measure)
    about = _("{measure} of each label, with 95 % intervals.").format(measure=_(measure.name))
    return Sheet("labels", _("Labels"), about, (_("layer"), _("label"), *_figures()), tuple(rows))


def _kind(report: Report, layer: str, label: str) -> int:
    kinds = report.lined_up.found.kinds if report.lined_up else ()
    return kinds.index((layer, label)) if (layer, label) in kinds else ANY


def _confusion(report: Report) -> Sheet:
    lined_up = report.lined_up
    counts = lined_up.confusion() if lined_up else {}
    kinds = lined_up.found.kinds if lined_up else ()
    often = _by_frequency(counts)
    order = [*often[:MOST_KINDS], NOTHING]
    most = max((count for (first, second), count in counts.items() if first != second), default=1)
    rows = []
    for first in order:
        cells = [
            Cell(
                counts.get((first, second), 0),
                Behind(first=first, second=second),
                _depth(counts, first, second, most),
            )
            for second in order
        ]
        rows.append((Cell(_kind_name(kinds, first), Behind(first=first)), *cells))
    headings = ("", *(_kind_name(kinds, kind) for kind in order))
    about: str = _(
        "How often a label stands beside another, or beside nothing: of each two annotators the"
        " first one down, the other across."
    )
    if len(often) > MOST_KINDS:
        shown = ngettext(
            "Shown is {count} label, the most frequent.",
            "Shown are {count} labels, the most frequent.",
            MOST_KINDS,
        )
        about += " " + shown.format(count=MOST_KINDS)
    return Sheet("confusion", _("What was taken for what"), about, headings, tuple(rows))


def _by_frequency(counts: dict[tuple[int, int], int]) -> list[int]:
    """Return the kinds, the most frequent first."""
    times: dict[int, int] = {}
    for cell, count in counts.items():
        for kind in cell:
            times[kind] = times.get(kind, 0) + count
    return sorted(
        (kind for kind in times if kind != NOTHING), key=lambda kind: (-times[kind], kind)
    )


def _depth(counts: dict[tuple[int, int], int], first: int, second: int, most: int) -> float | None:
    """Return how strongly a cell off the diagonal is shown.

    What agrees has no ground of its own.
    """
    count = counts.get((first, second), 0)
    return count / most if first != second and count else None


def _kind_name(kinds: Sequence[tuple[str, str]], kind: int) -> str:
    if kind == NOTHING:
        return _("nothing")
    layer, label = kinds[kind]
    return label if sum(other == label for _layer, other in kinds) == 1 else f"{layer} · {label}"


def _moments(report: Report) -> Sheet:
    rows = [
        _row(
            each.start.isoformat(),
            len(each.numbers),
            Cell(each.value, Behind(among=each.numbers, differing=True), _bounded(each.value)),
        )
        for each in report.moments
    ]
    about = _("Agreement on the documents that the last of their annotators finished then.")
    return Sheet(
        "time",
        _("Agreement over time"),
        about,
        (_("from"), _("documents"), _("value")),
        tuple(rows),
    )


def _repeats(report: Report) -> Sheet:
    rows = []
    for number, value in enumerate(report.repeats):
        shown, *rest = _measured(value)
        rows.append(
            _row(
                *value.annotators,
                Cell(shown, Behind(again=number, differing=True), _bounded(value.value)),
                *rest,
            )
        )
    about = _(
        "How far annotators agree with themselves, on earlier documents that they labelled again"
        " without seeing the first time."
    )
    return Sheet(
        "repeats",
        _("Self-consistency"),
        about,
        (_("annotator"), _("again as"), *_figures()),
        tuple(rows),
    )


def _documents(report: Report) -> Sheet:
    rows = []
    for line in report.documents:
        behind = Behind(document=line.number, differing=True) if report.lined_up else None
        times = (_minutes(line.active_ms.get(name)) for name in report.annotators)
        rows.append(
            _row(
                line.name,
                line.id,
                line.length,
                line.spans,
                Cell(line.value, behind, _bounded(line.value)),
                *times,
            )
        )
    names: Iterable[str] = (_("minutes of {name}").format(name=name) for name in report.annotators)
    headings = (_("document"), _("id"), _("characters"), _("spans"), _("value"), *names)
    return Sheet(
        "documents",
        _("Documents"),
        _("Agreement and active time of each document."),
        headings,
        tuple(rows),
    )
