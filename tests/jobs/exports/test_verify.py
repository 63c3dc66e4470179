"""What was written is read back.

No false alarm for any format, and an alarm for whatever is dropped, moved or broken.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import CancelledError, UserError
from annotator.formats import Report, WriteOptions, find_format, formats
from annotator.jobs import ExportOptions, Progress, export_records, silent
from annotator.jobs.exports import exporting
from annotator.jobs.exports.verify import Facts, verify
from annotator.model import AnnotationSet, Labelled, Relation
from annotator.model.schema_files import load_schema
from annotator.store import Store
from tests.formats import wild
from tests.projects import FA, labelled, span

NEWS = load_schema("news")
WRITING = sorted(entry.id for entry in formats().values() if entry.write)
Change = Callable[[Labelled], Labelled]

SPANS = (span(FA, "رشت", "GPE", name="s1"), span(FA, "قیمت‌ها", "CLAIM", "claims", "s2"))
RECORD = labelled("d1", FA, "a1", SPANS, [Relation("r1", "holder", "s2", "s1")])


def with_set(record: Labelled, **changed: object) -> Labelled:
    assert record.annotation_set
    # Each test gives what fits.
    return replace(record, annotation_set=replace(record.annotation_set, **changed))  # type: ignore[arg-type]


def write_and_verify(
    name: str,
    made: list[Labelled],
    change: Change = lambda record: record,
    progress: Progress = silent,
) -> None:
    """Write records as `change` leaves them, and verify them as they were."""
    entry = find_format(name)
    assert entry.write
    facts, told = Facts(frozenset(entry.loses)), Report()
    for record in made:
        facts.take(record)
    with TemporaryDirectory() as folder:
        target = Path(folder, "out" if entry.folder else f"out{entry.extensions[0]}")
        files = entry.write(map(change, made), target, WriteOptions(schema=NEWS), told)
        verify(entry, target, files, facts, told, NEWS, progress)


# Texts that XML cannot hold or that begin as another file does, and names and values that are none
# for most.
ODD = [
    labelled(
        "d1",
        "a\x0b",
        "a1",
        [span("a\x0b", "a", "ORG", name="s1"), span("a\x0b", "a\x0b", "ORG", name="s2")],
        [Relation("r1", "x", "s1", "s2")],
    ),
    labelled("d1", "\x1ea", "a1"),
    labelled("d1", "RIFF %PDF-1", "a1"),
    labelled("d1", "%PDF-1", "a1"),
    labelled("d1", "a\ufeff b\ufeff", "a1"),
    labelled(
        "d1",
        "a",
        "a1",
        [span("a", "a", "ORG", name="s1")._replace(attributes={"": "", "\x0b": "\r"}, note="b\rc")],
    ),
]


@pytest.mark.parametrize("name", WRITING)
def test_no_format_raises_a_false_alarm(name: str) -> None:
    @wild.A_FEW
    @given(
        made=st.lists(
            wild.records(), min_size=1, max_size=3, unique_by=lambda record: record.document.text
        )
    )
    def check(made: list[Labelled]) -> None:
        numbered = [
            replace(record, document=replace(record.document, id=f"d{number}"))
            for number, record in enumerate(made)
        ]
        write_and_verify(name, numbered)

    try:
        for record in ODD:
            write_and_verify(name, [record])
        check()
    except UserError as error:
        if "needs the library" not in str(error):
            raise
        pytest.skip(str(error))


CHANGES: dict[str, Change] = {
    "a span is missing": lambda record: with_set(record, spans=SPANS[:1], relations=()),
    "a span is too short": lambda record: with_set(
        record,
        spans=(
            SPANS[0]._replace(
                fragments=((SPANS[0].start, SPANS[0].end - 1),), text=SPANS[0].text[:-1]
            ),
            SPANS[1],
        ),
    ),
    "a span has another label": lambda record: with_set(
        record, spans=(SPANS[0]._replace(label="LOC"), SPANS[1])
    ),
    "a relation is missing": lambda record: with_set(record, relations=()),
    "a relation has another label": lambda record: with_set(
        record, relations=(Relation("r1", "target", "s2", "s1"),)
    ),
    "the text is another": lambda record: Labelled(
        replace(record.document, text=f"{FA}!"), record.annotation_set
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["jsonl", "tei", "uima-xmi", "w3c", "brat"])
def test_whatever_comes_back_otherwise_is_an_alarm(name: str, change: str) -> None:
    with pytest.raises(UserError, match="did not bring back"):
        write_and_verify(name, [RECORD], CHANGES[change])


THIRD = span(FA, "مریم سهرابی", "PER", name="s3")
APART = labelled("d1", FA, "a1", (*SPANS, THIRD), [Relation("r1", "holder", "s2", "s1")])
# What was told as lost → what is dropped that this does not name, and what is said of it.
UNEXCUSED: dict[str, tuple[Change, str]] = {
    "layers": (CHANGES["a span is missing"], "spans: 2 missing"),
    "relations of lost spans": (CHANGES["a span has another label"], "spans: 2 missing"),
    "annotators": (CHANGES["the text is another"], "texts: 1 missing"),
    "newlines": (CHANGES["the text is another"], "texts: 1 missing"),
    "nested": (lambda record: with_set(record, spans=SPANS, relations=()), "relations: 1 missing"),
}


@pytest.mark.parametrize("kind", UNEXCUSED)
def test_a_loss_excuses_only_what_it_names(kind: str, tmp_path: Path) -> None:
    entry, told = find_format("brat"), Report()
    assert entry.write
    change, said = UNEXCUSED[kind]
    facts = Facts(frozenset(entry.loses))
    facts.take(APART)
    files = entry.write([change(APART)], tmp_path / "out", WriteOptions(schema=NEWS), told)
    told.lose(kind, "it has no place in the file", 9)
    with pytest.raises(UserError, match=said):
        verify(entry, tmp_path / "out", files, facts, told, NEWS, silent)


def test_a_relation_goes_with_the_span_that_it_ends_in(tmp_path: Path) -> None:
    entry, told = find_format("brat"), Report()
    assert entry.write
    facts = Facts(frozenset(entry.loses))
    facts.take(APART)
    less = with_set(APART, spans=SPANS[1:], relations=())
    files = entry.write([less], tmp_path / "out", WriteOptions(schema=NEWS), told)
    told.lose("spans", "it has no place in the file", 2)
    verify(entry, tmp_path / "out", files, facts, told, NEWS, silent)


def test_words_are_compared_where_blanks_are_lost(tmp_path: Path) -> None:
    entity = labelled("d1", FA, "a1", SPANS[:1])
    write_and_verify("conll", [entity])
    entry, target = find_format("conll"), tmp_path / "out.conll"
    facts = Facts(frozenset(entry.loses))
    facts.take(entity)
    assert entry.write
    files = entry.write(
        [replace(entity, annotation_set=AnnotationSet("a1"))],
        target,
        WriteOptions(schema=NEWS),
        Report(),
    )
    with pytest.raises(UserError, match="spans: 1 missing"):
        verify(entry, target, files, facts, Report(), NEWS, silent)


def test_an_export_that_does_not_come_back_leaves_the_old_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_format("jsonl")

    def forgetful(
        made: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
    ) -> list[Path]:
        assert real.write
        return real.write(list(made)[1:], path, options, report)

    with store.change("Fill", "") as step:
        step.add_document(RECORD.document)
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    monkeypatch.setattr(exporting, "find_format", lambda _name: replace(real, write=forgetful))
    with pytest.raises(UserError, match=r"fault of the program.*report"):
        export_records(store, target, ExportOptions("jsonl"))
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.jsonl"]


def test_a_damaged_file_is_an_alarm_not_a_crash(tmp_path: Path) -> None:
    for name in ("jsonl", "w3c"):
        entry = find_format(name)
        assert entry.write
        facts = Facts(frozenset(entry.loses))
        facts.take(RECORD)
        files = entry.write([RECORD], tmp_path / name, WriteOptions(schema=NEWS), Report())
        files[0].write_bytes(files[0].read_bytes().replace("رشت".encode(), "رشد".encode(), 1))
        with pytest.raises(UserError, match="did not bring back"):
            verify(entry, tmp_path / name, files, facts, Report(), NEWS, silent)


def test_reading_back_can_be_cancelled() -> None:
    def stop(_done: int, _total: int, _what: str) -> None:
        raise CancelledError("enough")

    many = [
        replace(RECORD, document=replace(RECORD.document, id=f"d{number}")) for number in range(100)
    ]
    with pytest.raises(CancelledError):
        write_and_verify("jsonl", many, progress=stop)


def test_every_format_that_writes_can_be_verified() -> None:
    assert all(entry.read for entry in formats().values() if entry.write)
