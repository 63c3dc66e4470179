"""Reports: every figure leads to its spans, files are whole and harmless.

And names keep their direction.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import find_measure
from annotator.compare.building import compare
from annotator.errors import CancelledError, UserError
from annotator.jobs.reports import (
    Behind,
    Report,
    ReportOptions,
    building,
    make_report,
    sheets,
    tables,
    write_report,
)
from annotator.jobs.reports.columns import line_up
from annotator.jobs.team.repeats import RepeatOptions, begin_round
from annotator.model import AnnotationSet, Document, Labelled, Span
from annotator.store import Store, annotator_id
from tests.projects import FA, KK, RU, made, span

SARA, ALIYA = "سارا رضایی", "=Әлия"  # a name that a spreadsheet would take for a formula


def _work(store: Store, name: str, spans: dict[str, list[Span]], *, status: str = "done") -> None:
    with store.change("Work", name) as step:
        person = step.add_annotator(name)
        for document, those in spans.items():
            for each in those:
                step.put_span(document, person, each)
            step.put_status(document, person, status)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A project in which two people agree on a name, differ in a label.

    And one saw a claim alone.
    """
    with made(tmp_path / "p.annot") as opened:
        person, place = span(FA, "مریم سهرابی", "PER"), span(FA, "رشت", "GPE")
        claim = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims")
        ours, theirs = span(RU, "Анна Кравцова", "PER"), span(RU, "Анна", "PER")
        _work(opened, SARA, {"fa-1": [person, place, claim], "ru-1": [ours]})
        _work(
            opened,
            ALIYA,
            {
                "fa-1": [person._replace(id="x"), place._replace(id="y", label="ORG")],
                "ru-1": [theirs],
            },
        )
        with opened.change("", SARA) as step:
            step.add_activity("fa-1", annotator_id(SARA), 90_000)
        yield opened


@pytest.fixture
def report(store: Store) -> Report:
    return make_report(store, ReportOptions())


def test_a_report_says_who_did_what_and_how_long_it_took(report: Report) -> None:
    assert report.annotators == (SARA, ALIYA)
    sara, aliya = report.work
    assert (sara.done, sara.new, sara.spans, sara.active_ms, sara.timed) == (2, 1, 4, 90_000, 1)
    assert (aliya.done, aliya.spans, aliya.active_ms) == (2, 3, 0)
    assert [line.id for line in report.documents] == ["fa-1", "ru-1"]
    assert report.documents[0].active_ms == {SARA: 90_000}


def test_agreement_is_that_of_the_measures(report: Report) -> None:
    values = {value.measure: value.value for value in report.whole}
    assert values["span_f1_exact"] == pytest.approx(2 / 7)
    assert values["position_f1"] == pytest.approx(4 / 7)
    assert [value.annotators for value in report.pairs] == [(SARA, ALIYA)] * 4
    assert {value.label: value.value for value in report.labels}["PER"] == pytest.approx(0.5)
    assert {line.id: line.value for line in report.documents} == {
        "fa-1": pytest.approx(0.4),
        "ru-1": 0.0,
    }
    assert [len(moment.numbers) for moment in report.moments] == [2]
    assert report.moments[0].value == pytest.approx(2 / 7)


def test_every_figure_leads_to_the_spans_behind_it(report: Report) -> None:
    assert report.lined_up is not None
    kinds = report.lined_up.found.kinds
    gpe, org = kinds.index(("entities", "GPE")), kinds.index(("entities", "ORG"))
    count, (place,) = report.places(Behind(first=gpe, second=org), 10)
    assert count == 1
    assert (place.document, place.annotators, place.labels, place.text) == (
        "fa-1",
        (SARA, ALIYA),
        ("GPE", "ORG"),
        "رشت",
    )
    assert FA[slice(*place.extent)] == "رشت"
    assert report.places(Behind(), 10)[0] == 4
    assert report.places(Behind(differing=True), 2) == (
        3,
        report.places(Behind(differing=True), 10)[1][:2],
    )
    assert {each.text for each in report.places(Behind(document=1, differing=True), 10)[1]} == {
        "Анна Кравцова"
    }
    claim = kinds.index(("claims", "CLAIM"))
    assert [each.spans[1] for each in report.places(Behind(either=claim), 10)[1]] == [""]
    for sheet in sheets(report):
        for row in sheet.rows:
            for cell in row:
                if (
                    cell.behind is not None
                    and isinstance(cell.value, int)
                    and sheet.id == "confusion"
                ):
                    assert report.places(cell.behind, 0)[0] == cell.value


def test_a_layer_of_the_schema_can_be_reported_alone(store: Store) -> None:
    report = make_report(store, ReportOptions(layer="claims"))
    assert [value.label for value in report.labels] == ["CLAIM"]
    with pytest.raises(UserError, match="no layer"):
        make_report(store, ReportOptions(layer="verbs"))


@pytest.mark.parametrize(
    "options", [ReportOptions(annotators=("nobody",)), ReportOptions(measure="gamma")]
)
def test_what_is_not_there_is_refused(store: Store, options: ReportOptions) -> None:
    with pytest.raises(UserError):
        make_report(store, options)


def test_one_annotator_alone_has_progress_and_a_sentence(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        _work(store, SARA, {"fa-1": [span(FA, "رشت", "GPE")]})
        report = make_report(store, ReportOptions())
        assert report.alone
        assert [sheet.id for sheet in sheets(report)] == ["work", "documents"]
        (page,) = write_report(report, tmp_path / "r.html")
        assert "two annotators" in page.read_text(encoding="utf-8")


def test_a_report_that_is_cancelled_ends_at_its_next_step(store: Store) -> None:
    seen: list[str] = []

    def cancel(done: int, total: int, what: str) -> None:
        seen.append(what)
        assert done <= total
        if len(seen) == 9:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        make_report(store, ReportOptions(), cancel)
    assert len(seen) == 9


def test_repeats_are_reported_apart_from_the_annotators(store: Store) -> None:
    before = make_report(store, ReportOptions()).whole
    found = begin_round(store, RepeatOptions(SARA, 1, seed=1))
    assert not make_report(store, ReportOptions()).repeats  # what waits is no work
    (document,) = found.documents
    _work(
        store,
        found.name,
        {
            document: [
                each._replace(id=f"again-{each.id}")
                for each in store.annotation_set(document, SARA).spans[:1]
            ]
        },
    )
    report = make_report(store, ReportOptions())
    (value,) = report.repeats
    assert value.annotators == (SARA, found.name)
    assert value.value == pytest.approx({"fa-1": 0.5, "ru-1": 1.0}[document])
    assert report.places(Behind(again=0), 10)[0] == {"fa-1": 3, "ru-1": 1}[document]
    assert report.whole == before


def test_the_page_needs_nothing_else_and_keeps_directions(report: Report, tmp_path: Path) -> None:
    (path,) = write_report(report, tmp_path / "r.html")
    text = path.read_text(encoding="utf-8")
    assert "http" not in text.replace("http-equiv", "")
    assert "<script" not in text
    assert f"<bdi>{SARA}</bdi>" in text
    assert 'dir="ltr"' in text
    assert "<svg" in text
    assert "@media print" in text


def test_names_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        for name in ("<b>mallory</b>", "aida"):
            _work(store, name, {"fa-1": [span(FA, "رشت", "GPE")]})
        (path,) = write_report(make_report(store, ReportOptions()), tmp_path / "r.html")
        text = path.read_text(encoding="utf-8")
        assert "<b>mallory" not in text
        assert "&lt;b&gt;mallory" in text


def test_tables_are_csv_that_no_spreadsheet_takes_for_formulas(
    report: Report, tmp_path: Path
) -> None:
    paths = write_report(report, tmp_path / "tables")
    assert {path.name for path in paths} == {f"{sheet.id}.csv" for sheet in sheets(report)}
    with (tmp_path / "tables" / "work.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == [SARA, f"'{ALIYA}"]
    assert rows[1][1:5] == ["2", "0", "1", "4"]


def test_one_table_is_written_by_its_name(report: Report, tmp_path: Path) -> None:
    assert write_report(report, tmp_path / "l.csv", "labels") == [tmp_path / "l.csv"]
    with pytest.raises(UserError, match="labels"):
        write_report(report, tmp_path / "l.csv")


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(
    report: Report, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_report(report, tmp_path / "no" / "r.html")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be written"):
        write_report(report, tmp_path / "file")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".r.html", ".file"))]


SPANS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6), st.sampled_from("AB")), max_size=6)


def _made(number: int, mark: tuple[int, int, str]) -> Span:
    start, size, label = mark
    return Span(str(number), "l", label, ((start, start + size),), "x" * size)


@given(layers=st.lists(SPANS, min_size=2, max_size=3))
def test_each_span_stands_once_beside_each_other_annotator(
    layers: list[list[tuple[int, int, str]]],
) -> None:
    text = Document("d", "d", "x" * 16)
    records = [
        Labelled(
            text, AnnotationSet(f"a{who}", "done", tuple(map(_made, range(len(those)), those)))
        )
        for who, those in enumerate(layers)
    ]
    found = compare(records)
    lined_up = line_up(found, ("d",))
    for number, (one, other) in enumerate(found.pairs):
        rows = lined_up.rows(Behind(pair=number))
        for side, who in ((lined_up.first[rows], one), (lined_up.second[rows], other)):
            marked = sorted(row for row in side.tolist() if row >= 0)
            assert marked == [
                row for row in range(len(found.marks)) if found.marks.annotator[row] == who
            ]
    exact = find_measure("span_f1_exact").spans
    assert exact is not None
    assert lined_up.alike.sum() == exact(found, 0).figures[:, 0].sum()
    assert sum(lined_up.confusion().values()) == len(lined_up.pair)


DAY = 86_400


@pytest.mark.parametrize(
    ("most", "starts"),
    [(60, ["2026-03-03", "2026-03-05", "2026-03-12"]), (2, ["2026-03-02", "2026-03-09"])],
)
def test_agreement_runs_over_days_and_over_weeks_where_days_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, starts: list[str]
) -> None:
    monkeypatch.setattr(building, "MOST_DAYS", most)
    noon = datetime(2026, 3, 3, 12).astimezone().timestamp()
    with made(tmp_path / "p.annot") as store:
        for after, document, text in ((0, "fa-1", FA), (2, "kk-1", KK), (9, "ru-1", RU)):
            monkeypatch.setattr(
                "annotator.store.events.log.time.time", lambda after=after: noon + after * DAY
            )
            for name in (SARA, ALIYA):
                _work(
                    store,
                    name,
                    {document: [span(text, text.split()[0], "PER", name=f"{name}-{document}")]},
                )
        monkeypatch.undo()
        monkeypatch.setattr(building, "MOST_DAYS", most)
        report = make_report(store, ReportOptions())
    assert [moment.start.isoformat() for moment in report.moments] == starts
    assert [moment.value for moment in report.moments] == [1.0] * len(starts)
    assert report.places(Behind(among=report.moments[0].numbers), 9)[0] == len(
        report.moments[0].numbers
    )
    (path,) = write_report(report, tmp_path / "r.html")
    assert f"<title>{starts[0]}: 1.000</title>" in path.read_text(encoding="utf-8")


def test_of_many_labels_the_most_frequent_are_set_against_one_another(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_KINDS", 1)
    sheet = next(
        sheet for sheet in sheets(make_report(store, ReportOptions())) if sheet.id == "confusion"
    )
    assert sheet.headings == ("", "PER", "nothing")
    assert "1 label," in sheet.about
