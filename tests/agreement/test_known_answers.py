"""Published values: those of the reference data that name a measure built here.

The literature is implemented, not the list.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from annotator.agreement import Codings, NoValueError, measures
from annotator.agreement._core.alignment import EQUAL, Continuum, Scale, align
from annotator.agreement._core.alpha import disagreement, interval, nominal
from annotator.agreement._core.chance import cohen, confusion, fleiss, gwet, scott
from annotator.agreement._core.gamma import sample
from annotator.agreement.alpha_u import Expected, alpha_u, gaps, observed, units
from annotator.agreement.muc import counts_of, muc
from annotator.agreement.span_f1_exact import span_f1_exact
from annotator.compare.building import compare, of_spans
from annotator.compare.comparison import Comparison
from annotator.formats import ReadOptions, Report, find_format
from annotator.model import AnnotationSet, Labelled

Case = dict[str, Any]  # the cases differ in shape
SEMEVAL = {"strict": "strict", "exact": "exact", "partial": "partial", "entitytype": "type"}
NAMES = {
    "gwet_AC2_quadratic": "gwet_ac2",
    "percentage_agreement (pair-weighted = 1 - observed disagreement)": "percentage_agreement",
}
SAMPLES = 60


def _cases(folder: Path) -> Iterator[Case]:
    path = folder / "known_answers.json"
    if not path.is_file():
        pytest.skip("The reference data has no known_answers.json.")
    yield from orjson.loads(path.read_bytes())


def _codings(case: Case) -> Codings:
    plain = case["input"]
    if "items" in plain:
        return Codings.of(plain["items"])
    return Codings.of(
        [row for _count, row in plain["counts"]],
        [count for count, _row in plain["counts"]],
        plain.get("categories", ()),
    )


PARTS: dict[str, Callable[[Codings], float]] = {
    "krippendorff_alpha_nominal.observed_disagreement": lambda codings: (
        disagreement(codings, nominal).observed
    ),
    "krippendorff_alpha_nominal.expected_disagreement": lambda codings: (
        disagreement(codings, nominal).expected
    ),
    "krippendorff_alpha_interval.observed_disagreement": lambda codings: (
        disagreement(codings, interval).observed
    ),
    "krippendorff_alpha_interval.expected_disagreement": lambda codings: (
        disagreement(codings, interval).expected
    ),
    "cohen_kappa.observed": lambda codings: cohen(confusion(codings, 0, 1)).observed,
    "cohen_kappa.expected": lambda codings: cohen(confusion(codings, 0, 1)).expected,
    "scott_pi.expected": lambda codings: scott(confusion(codings, 0, 1)).expected,
    "fleiss_kappa.observed": lambda codings: fleiss(codings).observed,
    "fleiss_kappa.expected": lambda codings: fleiss(codings).expected,
    "gwet_AC1.expected": lambda codings: gwet(codings, np.eye(len(codings.categories))).expected,
}


def of_codings(case: Case) -> float | str:
    """Return what we make of a case of codings."""
    name = NAMES.get(str(case["measure"]), str(case["measure"]))
    codings = _codings(case)
    if name in PARTS:
        return PARTS[name](codings)
    if "per_category" in name:
        codings, name = (
            codings.about(case["input"]["category"]),
            name.split("_per_category", maxsplit=1)[0],
        )
    coefficient = measures()[name.lower()].codings
    assert coefficient
    try:
        return coefficient(codings)
    except NoValueError:
        return "undefined"


def _units(case: Case) -> Comparison:
    plain = case["input"]
    begin, raters = plain["continuum_begin"], plain["raters"]
    by_label = raters if isinstance(raters, dict) else {plain.get("category", "c"): raters}
    people = max((len(layers) for layers in by_label.values()), default=2)
    spans: dict[str, list[tuple[str, int, int]]] = {f"r{number}": [] for number in range(people)}
    for label, layers in by_label.items():
        for number, rater in enumerate(layers):
            spans[f"r{number}"] += [
                (label, start - begin, start - begin + size) for start, size in rater if size
            ]
    return of_spans(plain["continuum_length"], spans)


def of_units(case: Case) -> float | str:
    """Return what we make of a case of α_u."""
    found = _units(case)
    documents, sizes, people = np.zeros(1, dtype=np.int64), found.texts.sizes, len(found.annotators)
    parts = units(found, documents)
    if case["measure"].endswith("observed_disagreement"):
        return float(observed(parts, people, sizes, 1)[0]) / (
            people * (people - 1) * int(sizes[0]) ** 2
        )
    if case["measure"].endswith("expected_disagreement"):
        return Expected(
            parts, gaps(parts, documents, people, sizes), people, sizes, documents
        ).disagreement(np.ones(1))
    try:
        return alpha_u(found).total()
    except NoValueError:
        return "undefined"


def of_two_sections(case: Case) -> float:
    """Return how far one annotator's unit or gap is from the other's."""
    one, other = case["input"]["section1"], case["input"]["section2"]
    if not one["is_unit"] and not other["is_unit"]:
        return 0.0
    unit, hole = (one, other) if one["is_unit"] else (other, one)
    inside = (
        hole["start"] <= unit["start"]
        and unit["start"] + unit["length"] <= hole["start"] + hole["length"]
    )
    if not hole["is_unit"] and not inside:
        return 0.0
    both = [
        ("c", part["start"], part["start"] + part["length"])
        for part in (one, other)
        if part["is_unit"]
    ]
    layers = {"a": both[:1], "b": both[1:]}
    found = of_spans(1000, layers)
    return (
        float(observed(units(found, np.zeros(1, dtype=np.int64)), 2, found.texts.sizes, 1)[0]) / 2
    )


def _continuum(rows: list[tuple[str, float, float, str]]) -> Continuum:
    people, kinds = sorted({row[0] for row in rows}), sorted({row[3] for row in rows})
    columns = [[people.index(who), start, end, kinds.index(kind)] for who, start, end, kind in rows]
    who, start, end, kind = np.array(sorted(columns)).T
    return Continuum(
        start,
        end,
        kind.astype(np.int64),
        who.astype(np.int64),
        len(people),
        float(start.min()),
        float(end.max()),
    )


def of_gamma(case: Case) -> float:
    """Return what we make of a case of γ."""
    params = case["input"]["params"]
    continuum = _continuum([tuple(unit) for unit in case["input"]["units"]])
    scale = Scale(params["alpha"], params["beta"])
    real = align([continuum], scale)[0].cost * continuum.people / len(continuum)
    return real if "best_alignment" in case["measure"] else 1 - real / _by_chance(continuum, scale)


def _by_chance(continuum: Continuum, scale: Scale) -> float:
    samples = [sample(continuum, np.random.default_rng([5, number])) for number in range(SAMPLES)]
    found = align(samples, scale)
    return float(
        np.mean(
            [best.cost * each.people / len(each) for best, each in zip(found, samples, strict=True)]
        )
    )


def of_dissimilarity(case: Case) -> dict[str, float]:
    """Return how far two units are apart."""
    plain = case["input"]
    units_by = orjson.loads((plain["folder"] / plain["file"]).read_bytes())["continuum"]
    own = [
        [unit for unit in units_by if unit["annotator"] == who][number]
        for who, number in (plain["unit_a"], plain["unit_b"])
    ]
    continuum = _continuum(
        [
            (f"{place}", unit["start"], unit["end"], unit["category"])
            for place, unit in enumerate(own)
        ]
    )
    one, other = np.array([0]), np.array([1])
    place, both = float(continuum.apart(one, other)[0]), float(continuum.far(one, other, EQUAL)[0])
    return {"positional": place, "categorical": both - place, "combined": both}


def of_muc(case: Case) -> dict[str, float]:
    """Return our counts of a case of SemEval; theirs of tokens end inclusively."""
    plain = case["input"]
    sides = [
        [
            (label, start, end + 1)
            for label, start, end in plain[side]
            if label in plain["labels_scored"]
        ]
        for side in ("gold", "pred")
    ]
    found = of_spans(200, {"a": sides[0], "b": sides[1]})
    share = plain["min_overlap_percentage"] / 100
    tally = muc(found, least=share if share > 0.01 else 0.0)
    return counts_of(tally.figures.sum(axis=0))[SEMEVAL[case["measure"].split()[-1]]]


def of_brat(case: Case) -> dict[str, float]:
    """Return the F1 of two folders of brat."""
    read = find_format("brat").read
    folder = case["input"]["folder"] / case["input"]["project"]
    assert read
    records = []
    for name in case["input"]["annotators"]:
        for path in sorted((folder / name).glob("*.txt")):
            for record in read(path, ReadOptions(), Report()):
                assert record.annotation_set
                annotation_set = AnnotationSet(
                    name, record.annotation_set.status, record.annotation_set.spans
                )
                records.append(Labelled(record.document, annotation_set))
    return {"mean": span_f1_exact(compare(records)).total(), "sd": 0.0}


KINDS: tuple[tuple[str, Callable[[Case], Any]], ...] = (
    ("tag sequence", lambda _case: None),
    ("auto-detect", lambda _case: None),
    ("adjudication", lambda _case: None),
    ("masi", lambda _case: None),  # no measure here compares sets in part
    ("any coefficient", lambda case: of_codings({**case, "measure": "krippendorff_alpha_nominal"})),
    ("alpha_u(2004).distance", of_two_sections),
    ("alpha_u", of_units),
    ("gamma.unit", of_dissimilarity),
    ("gamma", of_gamma),
    ("MUC", of_muc),
    ("pairwise span F1", of_brat),
    ("", of_codings),
)


def test_known_answers_are_met(shared_data: Path) -> None:
    wrong, met = [], 0
    for case in _cases(shared_data):
        case["input"] = (
            {**case["input"], "folder": shared_data}
            if isinstance(case["input"], dict)
            else case["input"]
        )
        work = next(work for begin, work in KINDS if case["measure"].startswith(begin))
        got = work(case)
        if got is None:
            continue
        expected = case["expected"]
        if isinstance(expected, dict):
            good = all(
                got[key] == pytest.approx(value, abs=case["tolerance"] or 1e-9)
                for key, value in expected.items()
            )
        elif isinstance(expected, str):
            good = got == "undefined"
        else:
            good = got == pytest.approx(expected, abs=case["tolerance"] or 1e-9)
        met += good
        if not good:
            wrong.append((case["id"], case["measure"], got, expected))
    assert not wrong
    assert met > 100


def test_gamma_of_three_annotators_lies_in_the_published_range(shared_data: Path) -> None:
    with (shared_data / "gamma_fixtures/pygamma_csv/AlexPaulSuzan.csv").open(
        encoding="utf-8"
    ) as file:
        rows = [(who, float(start), float(end), kind) for who, kind, start, end in csv.reader(file)]
    continuum = _continuum(rows)
    scale = Scale(3, 1)
    real = align([continuum], scale)[0].cost * continuum.people / len(continuum)
    assert real == pytest.approx(0.9606, abs=1e-3)
    assert 0.42 <= 1 - real / _by_chance(continuum, scale) <= 0.49
