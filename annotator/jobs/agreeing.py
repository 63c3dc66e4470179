"""Agreement: a project, JSONL files or codings → measures with intervals, whole and by parts.

Gold takes part only where it is named: it is made of what the annotators did.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from annotator.agreement import (
    Codings,
    Figures,
    Measure,
    NoValueError,
    Tally,
    find_measure,
    interval,
    measures,
    token_tally,
)
from annotator.compare.building import compare
from annotator.compare.comparison import Comparison
from annotator.errors import InputError, UserError, clean
from annotator.formats import ReadOptions, Report, find_format
from annotator.formats._tables.cells import parse_table
from annotator.gc_pause import collector_paused
from annotator.i18n import _, name_list
from annotator.jobs.progress import Progress, silent
from annotator.model import GOLD, AnnotationSet, Labelled, is_suggester, original
from annotator.store import Store

DRAWS, FEW_DRAWS = 1000, 200
# From here on fewer draws say as much, and more would be felt.
MANY_DOCUMENTS, MUCH_WORK = 1000, 1_000_000_000
PARTS = ("label", "document", "pair", "layer")


@dataclass(frozen=True, slots=True)
class AgreementOptions:
    """What to measure.

    measures (): all that fit; annotators (): all but gold; layer None: all; by: "" or one of PARTS.
    """

    measures: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    layer: str | None = None
    by: str = ""
    seed: int = 0
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One value, or why there is none.

    Of which measure, layer, label (None: all), annotators and document ("": all).
    """

    measure: str
    layer: str | None
    label: str | None
    annotators: tuple[str, ...]
    value: float | None
    ci95: tuple[float, float] | None
    n: int
    undefined: str | None = None
    document: str = ""
    counts: Mapping[str, Mapping[str, float]] | None = None

    def to_plain(self) -> dict[str, object]:
        """Return the value as `agreement --json` prints it."""
        plain: dict[str, object] = {
            "measure": self.measure,
            "layer": self.layer,
            "label": self.label,
            "annotators": list(self.annotators),
            "value": self.value,
            "ci95": list(self.ci95) if self.ci95 else None,
            "n": self.n,
            "undefined": self.undefined,
        }
        if self.document:
            plain["document"] = self.document
        if self.counts is not None:
            plain["counts"] = self.counts
        return plain


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The values, and what was done to line the texts up."""

    values: tuple[Agreement, ...]
    notes: tuple[str, ...] = ()


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────


def compared_project(store: Store, annotators: Sequence[str] = ()) -> Comparison:
    """Line up what annotators did in a project, without annotation sets that nobody touched."""
    names = tuple(annotators) or people_with_work(store)
    known = store.annotators()
    for name in names:
        if name not in known:
            _refuse_unknown(name, known)
    with collector_paused():
        return compare(filter(is_work, store.records(names)))


def people_with_work(store: Store) -> tuple[str, ...]:
    """Return who worked here, without gold, models, rules and repeats of one's own work."""
    return tuple(
        name
        for name in store.annotators_with_work()
        if name != GOLD and not is_suggester(name) and not original(name)
    )


def is_work(record: Labelled) -> bool:
    """Return whether somebody worked here.

    An untouched annotation set is not work, nor is a document that waits to be repeated.
    """
    annotation_set = record.annotation_set
    return (
        annotation_set is not None
        and not annotation_set.is_empty
        and (annotation_set.status == "done" or not original(annotation_set.annotator))
    )


def compared_files(paths: Sequence[Path], annotators: Sequence[str] = ()) -> Comparison:
    """Line up what JSONL files hold; where a record names no annotator, its file's name does."""
    with collector_paused():
        found = compare(record for path in paths for record in _file_records(path))
    chosen = annotators or [name for name in found.annotators if name != GOLD]
    for name in chosen:
        if name not in found.annotators:
            _refuse_unknown(name, found.annotators)
    return found.between(chosen)


def _file_records(path: Path) -> Iterator[Labelled]:
    report = Report()
    read = find_format("jsonl").read
    if read is None or not path.is_file():
        raise UserError(_("There is no file {path}. Check the name.").format(path=str(path)))
    bare = list[Labelled]()
    named = False
    for record in read(path, ReadOptions(), report):
        if record.annotation_set is None:
            bare.append(record)
            continue
        if record.annotation_set.annotator:
            named = True
            yield record
        else:
            annotation_set = replace(record.annotation_set, annotator=path.stem)
            yield replace(record, annotation_set=annotation_set)
    if report.problems:
        raise InputError(
            report.problems[0].file, report.problems[0].line, report.problems[0].reason
        )
    if not named:  # then a text without a span is one in which the file's annotator found none
        yield from (replace(record, annotation_set=AnnotationSet(path.stem)) for record in bare)


def _refuse_unknown(name: str, known: Iterable[str]) -> None:
    everybody = name_list(known)
    raise UserError(
        _("Nobody called {name} has worked here; there are {names}.").format(
            name=name, names=everybody
        )
    )


def read_codings(
    path: Path, annotators: Sequence[str] = (), categories: Sequence[str] = ()
) -> tuple[tuple[str, ...], Codings]:
    """Read a table of codings: a heading of annotators, one row an item, empty = missing.

    Return their names and the codes.

    A first column headed "item", "id" or "" names the items. Where every code is a number they are
    numbers.
    """
    heading, *rows = _coding_rows(path)
    names = [name.strip() for name in heading]
    columns = _coding_columns(names, annotators)
    cells = [[row[column].strip() for column in columns] for row in rows]
    used = {cell for row in cells for cell in row if cell}
    numbers = _as_numbers(used.union(categories))
    items = [[numbers.get(cell, cell) if cell else None for cell in row] for row in cells]
    declared: list[str | float] = [numbers.get(category, category) for category in categories]
    _check_declared({numbers.get(code, code) for code in used}, declared)
    return tuple(names[column] for column in columns), Codings.of(items, categories=declared)


def _coding_columns(names: list[str], annotators: Sequence[str]) -> list[int]:
    """Return the columns of the annotators chosen, or of all but the one that names the items."""
    is_of_items = len(names) > 1 and names[0].casefold() in ("", "item", "id", "unit")
    first = 1 if is_of_items else 0
    for name in annotators:
        if name not in names[first:]:
            _refuse_unknown(name, names[first:])
    return [names.index(name) for name in annotators] or list(range(first, len(names)))


def _check_declared(used: set[str | float], declared: list[str | float]) -> None:
    """Refuse a code that is none of the categories, where categories were named."""
    undeclared = used.difference(declared)
    if declared and undeclared:
        message = _("The table holds {value}, which is none of the categories.")
        raise UserError(message.format(value=str(min(undeclared, key=str))))


def _coding_rows(path: Path) -> list[list[str]]:
    """Return the rows of a table of codings, the heading first, all of its width."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is not UTF-8")
        raise InputError(
            path, 0, _("the table cannot be read: {reason}").format(reason=reason)
        ) from error
    table = parse_table(text, path, frozenset(), Report())
    if not table.rows:
        raise InputError(path, 1, _("the table is empty; its first row should name the annotators"))
    for line, row in table.rows:
        if len(row) != table.width:
            reason = _("the row has {found} cells, the heading {wanted}").format(
                found=len(row), wanted=table.width
            )
            raise InputError(path, line, reason)
    return [row for _line, row in table.rows]


def _as_numbers(values: set[str]) -> dict[str, float]:
    """Return the values as numbers; none where one is not."""
    found = {}
    for value in values:
        try:
            found[value] = float(value)
        except ValueError:
            return {}
    return found if all(map(math.isfinite, found.values())) else {}


# ── Measuring ─────────────────────────────────────────────────────────────────────────────────────


def measure_spans(
    found: Comparison, options: AgreementOptions, progress: Progress = silent
) -> AgreementReport:
    """Measure the agreement of a comparison."""
    if options.layer is not None:
        known = sorted({layer for layer, _label in found.kinds})
        if options.layer not in known:
            shown = name_list(known)
            raise UserError(
                _("There is no layer {name}; there are {known}.").format(
                    name=options.layer, known=shown
                )
            )
        found = found.only(layer=options.layer)
    _check_people(found.annotators)
    named = [find_measure(name) for name in options.measures]
    chosen = named or [entry for entry in measures().values() if entry.spans is not None]
    values: list[Agreement] = []
    parts = list(_parts(found, options))
    for number, (layer, label, part) in enumerate(parts):
        for entry in chosen:
            progress(number * len(chosen), len(parts) * len(chosen), _(entry.name))
            with collector_paused():
                values += _of_spans(entry, part, (layer, label), options)
    return AgreementReport(tuple(values), found.reports)


def _parts(
    found: Comparison, options: AgreementOptions
) -> Iterator[tuple[str | None, str | None, Comparison]]:
    """Walk over what is measured apart: all together first, then each part."""
    yield options.layer, None, found
    used = sorted({found.kinds[kind] for kind in np.unique(found.marks.kind).tolist()})
    if options.by == "label":
        for layer, label in used:
            yield layer, label, found.only(layer, label)
    if options.by == "layer":
        for layer in sorted({layer for layer, _label in used}):
            yield layer, None, found.only(layer)
    if options.by == "pair":
        for pair in combinations(found.annotators, 2):
            yield options.layer, None, found.between(pair)


def _of_spans(
    entry: Measure,
    found: Comparison,
    kind: tuple[str | None, str | None],
    options: AgreementOptions,
) -> Iterator[Agreement]:
    try:
        tally = _tally(entry, found, options.seed)
    except NoValueError as error:
        yield Agreement(entry.id, *kind, found.annotators, None, None, 0, str(error))
        return
    value, why = _value(tally.total)
    whole = Agreement(
        entry.id,
        *kind,
        found.annotators,
        value,
        None if value is None else interval(_document_draws(tally, options.seed)),
        int(tally.sizes.sum()),
        why,
        counts=tally.details(tally.figures.sum(axis=0)) if tally.details else None,
    )
    yield whole
    if options.by == "document":
        for number, name in enumerate(found.texts.names):
            yield _of_document(whole, tally, number, name)


def _of_document(whole: Agreement, tally: Tally, number: int, name: str) -> Agreement:
    """Return the value of one document, as that of all together is asked for."""
    weights = np.zeros(len(tally.sizes))
    weights[number] = 1
    value, why = _value(partial(tally.of, weights))
    return replace(
        whole,
        value=value,
        ci95=None,
        n=int(tally.sizes[number]),
        undefined=why,
        document=clean(name),
        counts=tally.details(tally.figures[number]) if tally.details else None,
    )


def _tally(entry: Measure, found: Comparison, seed: int) -> Tally:
    """Return the tally of a measure; one of codings takes the tokens for its items."""
    if entry.spans is not None:
        return entry.spans(found, seed)
    coefficient = entry.codings
    if coefficient is None:
        raise NoValueError(_("The measure compares nothing."))
    return token_tally(found, coefficient)


def _document_draws(tally: Tally, seed: int) -> list[float]:
    """Return the values of samples of the documents, drawn with replacement."""
    size = len(tally.sizes)
    if size < 2:
        return []
    random = np.random.default_rng(seed)
    draws = FEW_DRAWS if tally.weighted or size > MANY_DOCUMENTS else DRAWS
    samples = (
        np.bincount(random.integers(size, size=size), minlength=size).astype(np.float64)
        for _draw in range(draws)
    )
    return _defined(partial(tally.of, weights) for weights in samples)


def _defined(works: Iterable[Callable[[], float]]) -> list[float]:
    """Return the values of those that have one."""
    values = []
    for work in works:
        value, _why = _value(work)
        if value is not None:
            values.append(value)
    return values


def _value(work: Callable[[], float]) -> tuple[float | None, str | None]:
    """Return a value, or why there is none."""
    try:
        return float(work()), None
    except NoValueError as error:
        return None, str(error)


def measure_codings(
    annotators: Sequence[str],
    codings: Codings,
    options: AgreementOptions,
    progress: Progress = silent,
) -> AgreementReport:
    """Measure the agreement of a table of codings; by label: each category against all others."""
    if options.by in ("document", "layer") or options.layer is not None:
        raise UserError(
            _(
                "A table of codings has neither documents nor layers; ask for it by label or by"
                " pair."
            )
        )
    _check_people(annotators)
    chosen = _chosen(options)
    parts = list(_coding_parts(tuple(annotators), codings, options.by))
    values = []
    for number, entry in enumerate(chosen):
        progress(number, len(chosen), _(entry.name))
        values += [
            _of_codings(entry, label, people, part, options.seed) for label, people, part in parts
        ]
    return AgreementReport(tuple(values))


def _coding_parts(
    annotators: tuple[str, ...], codings: Codings, by: str
) -> Iterator[tuple[str | None, tuple[str, ...], Codings]]:
    """Walk over what is measured apart: all together first, then each label or pair."""
    yield None, annotators, codings
    if by == "label":
        for category in codings.categories:
            yield _shown(category), annotators, codings.about(category)
    if by == "pair":
        for one, other in combinations(range(len(annotators)), 2):
            yield None, (annotators[one], annotators[other]), codings.between((one, other))


def _shown(category: object) -> str:
    return f"{category:g}" if isinstance(category, float) else str(category)


def _of_codings(
    entry: Measure, label: str | None, people: tuple[str, ...], codings: Codings, seed: int
) -> Agreement:
    coefficient = entry.codings
    if coefficient is None:
        return Agreement(entry.id, None, label, people, None, None, 0)
    value, why = _value(lambda: coefficient(codings))
    count = int(codings.weights.sum())
    draws: list[float] = []
    if value is not None and count > 1:
        work = len(codings.weights) * len(codings.categories) ** 2 * DRAWS
        size = DRAWS if work < MUCH_WORK else FEW_DRAWS
        samples = np.random.default_rng(seed).multinomial(
            count, codings.weights / codings.weights.sum(), size=size
        )
        draws = _defined(
            partial(_weighted, coefficient, codings, row.astype(np.float64)) for row in samples
        )
    return Agreement(entry.id, None, label, people, value, interval(draws), count, why)


def _weighted(coefficient: Callable[[Codings], float], codings: Codings, weights: Figures) -> float:
    return coefficient(codings.weighted(weights))


def _check_people(annotators: Sequence[str]) -> None:
    if len(annotators) < 2:
        shown = name_list(annotators)
        raise UserError(_("Agreement needs two annotators; there are {names}.").format(names=shown))


def _chosen(options: AgreementOptions) -> list[Measure]:
    """Return the measures of categories that were asked for, all when none was."""
    chosen = [find_measure(name) for name in options.measures] or [
        entry for entry in measures().values() if entry.codings
    ]
    for entry in chosen:
        if entry.codings is None:
            message = _(
                "{name} does not fit a table of codings: it compares {what}. Give it a project or"
                " JSONL files."
            )
            raise UserError(message.format(name=entry.id, what=_(entry.compares)))
    return chosen
