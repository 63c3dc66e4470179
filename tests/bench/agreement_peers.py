"""Rows of our measures beside others' programs, on the same values in the same run.

A program that is not installed has no row.

Each row gives the seconds of both, the ratio (from 1 on ours is as fast), and by how much the
values differ: nervaluate takes the first span that fits where several overlap, NLTK's multi_kappa
stands on another chance, γ draws lots. They get as many documents as they can work through in a
moment, which the row names.
"""

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from annotator.agreement import Codings, find_measure
from annotator.compare.comparison import Comparison, Numbers
from annotator.jobs.agreeing import AgreementOptions, measure_spans

Row = dict[str, object]
SOME_TOKENS = 20_000


def peer_rows(found: Comparison, few: Comparison) -> Iterator[Row]:
    """Walk over the rows of the programs that are installed; `few` are the documents for γ."""
    for name, rows in (
        ("krippendorff", _krippendorff),
        ("nltk", _nltk),
        ("nervaluate", _nervaluate),
    ):
        if find_spec(name) is not None:
            yield from rows(found)
    if find_spec("pygamma_agreement") is not None:
        yield from _pygamma(few)


def _row(what: str, ours: Callable[[], float], theirs: Callable[[], float]) -> Row:
    (value, seconds), (other, longer) = _timed(ours), _timed(theirs)
    return {
        "row": what,
        "seconds": round(seconds, 4),
        "theirs": round(longer, 4),
        "ratio": round(longer / seconds, 1),
        "value": round(value, 4),
        "difference": round(abs(value - other), 6),
    }


def _timed(work: Callable[[], float]) -> tuple[float, float]:
    start = time.perf_counter()
    value = work()
    return value, time.perf_counter() - start


def token_codes(found: Comparison) -> Numbers:
    """Return a code for each token and annotator.

    One more than the kind that covers it, 0 for none; of several the last.
    """
    ground, marks = found.tokens, found.marks
    offsets = np.concatenate([[0], np.cumsum(ground.sizes)])
    codes = np.zeros((int(offsets[-1]), len(found.annotators)), dtype=np.int64)
    places = offsets[marks.document[ground.row]]
    for row, start, end in zip(
        ground.row.tolist(),
        (ground.start + places).tolist(),
        (ground.end + places).tolist(),
        strict=True,
    ):
        codes[start:end, marks.annotator[row]] = marks.kind[row] + 1
    return codes


def _coefficient(name: str, codes: Numbers, categories: int) -> Callable[[], float]:
    entry = find_measure(name).codings
    if entry is None:
        raise ValueError(f"{name} is no measure of codings")
    return lambda: entry(Codings.table(codes, np.ones(len(codes)), tuple(range(categories))))


def _krippendorff(found: Comparison) -> Iterator[Row]:
    peer, codes, size = import_module("krippendorff"), token_codes(found), len(found.kinds) + 1
    table = codes.T.astype(float)
    for level in ("nominal", "ordinal", "interval"):
        yield _row(
            f"α {level} of {len(codes)} tokens, beside krippendorff",
            _coefficient(f"krippendorff_alpha_{level}", codes, size),
            lambda level=level: float(
                peer.alpha(
                    reliability_data=table,
                    level_of_measurement=level,
                    value_domain=list(range(size)),
                )
            ),  # type: ignore[misc]  # mypy sees no default here
        )


def _nltk(found: Comparison) -> Iterator[Row]:
    peer, codes = import_module("nltk.metrics.agreement"), token_codes(found)[:SOME_TOKENS]
    data = [
        (str(who), str(item), str(code))
        for item, row in enumerate(codes.tolist())
        for who, code in enumerate(row)
    ]
    size = len(found.kinds) + 1
    for name, method in (
        ("cohen_kappa", "kappa"),
        ("krippendorff_alpha_nominal", "alpha"),
        ("fleiss_kappa", "multi_kappa"),
    ):
        yield _row(
            f"{name} of {len(codes)} tokens, beside NLTK's {method}",
            _coefficient(name, codes, size),
            lambda method=method: float(getattr(peer.AnnotationTask(data=data), method)()),  # type: ignore[misc]  # mypy sees no default here
        )


def _nervaluate(found: Comparison) -> Iterator[Row]:
    peer, pair = import_module("nervaluate"), found.between(found.annotators[:2])
    labels = [f"{layer}:{label}" for layer, label in pair.kinds]
    sides: list[list[list[dict[str, object]]]] = [
        [[] for _document in pair.texts.names] for _side in range(2)
    ]
    marks = pair.marks
    for row in range(len(marks)):
        entry = {
            "label": labels[marks.kind[row]],
            "start": int(marks.start[row]),
            "end": int(marks.end[row]) - 1,
        }
        sides[marks.annotator[row]][marks.document[row]].append(entry)
    ours = find_measure("muc").spans
    if ours is None:
        raise ValueError("muc is no measure of spans")

    def counts() -> float:
        tally = ours(pair, 0)
        return (
            float(tally.details(tally.figures.sum(axis=0))["strict"]["f1"])
            if tally.details
            else 0.0
        )

    yield _row(
        f"strict F1 of {len(marks)} spans of two annotators, beside nervaluate",
        counts,
        lambda: float(
            peer.Evaluator(*sides, tags=labels, loader="dict").evaluate()["overall"]["strict"].f1
        ),
    )


def _pygamma(found: Comparison) -> Iterator[Row]:
    peer = import_module("pygamma_agreement")
    segment = import_module("pyannote.core").Segment
    few = found.only(layer="claims")

    def theirs() -> float:
        return sum(
            _gamma_of(peer, segment, few, number) for number in range(len(few.texts.names))
        ) / len(few.texts.names)

    def ours() -> float:
        values = measure_spans(few, AgreementOptions(("gamma",), by="document")).values[1:]
        return sum(value.value or 0.0 for value in values) / len(values)

    yield _row(
        f"mean γ of {len(few.texts.names)} documents, beside pygamma-agreement (both draw lots)",
        ours,
        theirs,
    )


def _gamma_of(
    peer: ModuleType, segment: Callable[[float, float], object], found: Comparison, number: int
) -> float:
    continuum = peer.Continuum()
    marks = found.marks
    for row in np.flatnonzero(marks.document == number).tolist():
        place = segment(float(marks.start[row]), float(marks.end[row]))
        continuum.add(
            found.annotators[marks.annotator[row]], place, found.kinds[marks.kind[row]][1]
        )
    np.random.seed(number)  # that program draws from the common generator
    return float(
        continuum.compute_gamma(peer.CombinedCategoricalDissimilarity(alpha=1.0, beta=1.0)).gamma
    )
