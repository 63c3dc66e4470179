"""A survey says beforehand what an import does, file by file, and stores nothing."""

from pathlib import Path

import pytest

from annotator.errors import CancelledError, UserError
from annotator.formats import ReadOptions
from annotator.jobs import ImportOptions, import_files
from annotator.jobs.imports.importing import FileOptions
from annotator.jobs.imports.survey import foreign_labels, survey
from annotator.model import Relation
from annotator.store import Store
from tests.projects import RU, labelled, made, plain, span, write_lines


def corpus(folder: Path) -> list[Path]:
    """Return three files.

    One with foreign labels, one of plain text in an old encoding, one that is broken.
    """
    spans = [
        span(RU, "Анна Кравцова", "PERSON", name="a"),
        span(RU, "Зареченска", "CITY", name="b"),
        span(RU, "Мэрия", "ORG", name="c"),
    ]
    relations = [Relation("r", "lives", "a", "b")]
    good = write_lines(
        folder / "good.jsonl",
        [plain(labelled("x1", RU, "vera", spans, relations)), plain(labelled("x2", RU, "vera"))],
    )
    bad = write_lines(folder / "bad.jsonl", [plain(labelled("x3", RU, "vera")), b"{not json"])
    old = folder / "old.txt"
    old.write_bytes("Мэрия молчит, и это всем понятно.".encode("cp1251"))
    return [good, old, bad]


def test_a_survey_counts_what_an_import_brings(tmp_path: Path) -> None:
    files = corpus(tmp_path)
    with made(tmp_path / "p.annot", "blank", {}) as store:
        state = store.state_hash()
        found = survey(files, ImportOptions(), store.schema())
        assert store.state_hash() == state
        report = import_files(store, files, ImportOptions(), "aida")
    sound = [entry for entry in found if not entry.problems]
    assert sum(entry.documents for entry in sound) == len(report.new) == 3
    assert sum(entry.spans for entry in sound) == report.spans == 3
    assert sum(entry.relations for entry in sound) == report.relations == 1
    assert [problem for entry in found for problem in entry.problems] == report.problems
    assert [problem.line for problem in report.problems] == [2]
    assert {code for entry in found for code in entry.encodings.values()} == set(
        report.encodings.values()
    )


def test_foreign_labels_are_counted_over_all_files(store: Store, tmp_path: Path) -> None:
    found = survey(corpus(tmp_path), ImportOptions(), store.schema())
    assert dict(foreign_labels(found, store.schema())) == {"PERSON": 1, "CITY": 1, "lives": 1}


def test_files_are_read_each_in_its_own_way(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    for path in (one, two):
        path.write_text("Первый.\n\nВторой.", encoding="utf-8")
    options = ImportOptions(
        own={one: FileOptions("text", ReadOptions(unit="blank-line", language="kk"))}
    )
    with made(tmp_path / "p.annot", texts={}) as store:
        assert [entry.documents for entry in survey([one, two], options, store.schema())] == [2, 1]
        report = import_files(store, [one, two], options, "aida")
        documents = [store.document(name) for name in report.new]
    assert sorted(document.language for document in documents) == ["kk", "kk", "ru"]


@pytest.mark.parametrize("together", [True, False])
def test_labels_are_mapped_added_and_left_out_one_by_one(
    store: Store, tmp_path: Path, together: bool
) -> None:
    good = corpus(tmp_path)[0]
    options = ImportOptions(
        mapping={"PERSON": "PER", "lives": ""}, welcome=frozenset({"CITY"}), together=together
    )
    report = import_files(store, [good], options, "aida")
    assert report.problems == []
    assert sorted(entry.label for entry in store.annotation_set("x1", "vera").spans) == [
        "CITY",
        "ORG",
        "PER",
    ]
    assert store.schema().find_label("CITY") is not None
    assert store.schema().find_label("PERSON") is None
    assert report.lost.total() == 1


def test_a_label_without_a_decision_refuses_the_file(store: Store, tmp_path: Path) -> None:
    report = import_files(
        store,
        corpus(tmp_path)[:1],
        ImportOptions(mapping={"PERSON": "PER"}, welcome=frozenset({"lives"})),
        "aida",
    )
    assert report.failed == 2
    assert "CITY" in report.problems[0].reason
    assert store.schema().find_relation("lives") is None


def test_a_survey_can_be_cancelled(store: Store, tmp_path: Path) -> None:
    def stop(_done: int, _total: int, _what: str) -> None:
        raise CancelledError("no more")

    with pytest.raises(CancelledError):
        survey(corpus(tmp_path), ImportOptions(), store.schema(), stop)


def test_an_unknown_file_and_a_missing_one_are_told_apart(store: Store, tmp_path: Path) -> None:
    odd = tmp_path / "odd.bin"
    odd.write_bytes(b"\x00\x01\x02")
    [found] = survey([odd], ImportOptions(), store.schema())
    assert "not a file of a known format" in found.problems[0].reason
    with pytest.raises(UserError, match="no file or folder"):
        survey([tmp_path / "gone.txt"], ImportOptions(), store.schema())
