"""Export: whole or not at all, every span checked, nothing dropped silently."""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from annotator.errors import CancelledError, UserError
from annotator.formats import Format, Report, WriteOptions, find_format, formats
from annotator.jobs import ExportOptions, ExportReport, ImportOptions, export_records, import_files
from annotator.jobs.exports import exporting
from annotator.model import Labelled, Relation
from annotator.store import Store
from tests.projects import FA, KK, RU, labelled, plain, span, write_lines


@pytest.fixture
def store(store: Store, tmp_path: Path) -> Store:
    """Return a project with two annotators' work, a bare document.

    And names that no file may have.
    """
    lines = [
        plain(
            labelled(
                "d1",
                FA,
                "a1",
                [span(FA, "رشت", "GPE", name="s1"), span(FA, "قیمت‌ها", "CLAIM", "claims", "s2")],
            ),
            status="done",
        ),
        plain(labelled("d1", FA, "A1/..\\x", [span(FA, "شهرداری رشت", "ORG", name="s1")])),
        plain(labelled("d2", RU, "a1", [span(RU, "Анна Кравцова", "PER", name="s1")])),
        {"id": "d3", "text": KK},
    ]
    report = import_files(
        store, [write_lines(tmp_path / "in.jsonl", lines)], ImportOptions(), "aida"
    )
    assert report.spans == 4
    return store


def write(store: Store, target: Path, format_: str = "", **options: object) -> ExportReport:
    return export_records(store, target, ExportOptions(format_, **options))  # type: ignore[arg-type] # each test gives what fits


def lines_of(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_the_native_format_brings_back_every_layer_and_bare_documents(
    store: Store, tmp_path: Path
) -> None:
    report = write(store, tmp_path / "out.jsonl")
    assert (len(report.documents), report.spans, report.files, report.lost) == (
        3,
        4,
        [tmp_path / "out.jsonl"],
        {},
    )
    assert [(line["id"], line["annotator"]) for line in lines_of(tmp_path / "out.jsonl")] == [
        ("d1", "a1"),
        ("d1", "A1/..\\x"),
        ("d2", "a1"),
        ("d3", ""),
    ]


def test_every_exported_span_says_what_its_text_says(store: Store, tmp_path: Path) -> None:
    write(store, tmp_path / "out.jsonl")
    count = 0
    for line in lines_of(tmp_path / "out.jsonl"):
        text, spans = line["text"], line["spans"]
        assert isinstance(text, str)
        assert isinstance(spans, list)
        for entry in spans:
            assert text[entry["start"] : entry["end"]] == entry["text"]
            count += 1
    assert count == 4


def test_a_span_that_differs_from_its_text_stops_the_export(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twisted(*_wanted: object) -> Iterable[Labelled]:
        yield labelled("d1", FA, "a1", [span(FA, "رشت", "GPE")._replace(text="تشر")])

    monkeypatch.setattr(store, "records", twisted)
    (tmp_path / "out.jsonl").write_text("old")
    with pytest.raises(UserError, match="annotator check"):
        write(store, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text() == "old"


def test_one_annotators_layers_alone(store: Store, tmp_path: Path) -> None:
    report = write(store, tmp_path / "out.jsonl", annotators=("a1",))
    assert (len(report.documents), report.spans) == (2, 3)


def test_only_layers_of_a_status(store: Store, tmp_path: Path) -> None:
    report = write(store, tmp_path / "out.jsonl", statuses=("done",))
    assert (len(report.documents), report.spans) == (1, 2)


def test_only_one_layer_of_the_schema(store: Store, tmp_path: Path) -> None:
    report = write(store, tmp_path / "out.jsonl", write=WriteOptions(layers=("claims",)))
    assert report.spans == 1
    assert [line["id"] for line in lines_of(tmp_path / "out.jsonl") if line["spans"]] == ["d1"]


def test_relations_that_lead_out_of_the_chosen_layers_are_listed(
    store: Store, tmp_path: Path
) -> None:
    spans = [
        span(RU, "Анна Кравцова", "PER", name="s1"),
        span(RU, "цены снизились", "CLAIM", "claims", "s2"),
    ]
    record = labelled(
        "d4",
        f"{RU} 4",
        "a1",
        spans,
        [Relation("r1", "holder", "s2", "s1"), Relation("r2", "holder", "s2", None, "author")],
    )
    import_files(
        store, [write_lines(tmp_path / "more.jsonl", [plain(record)])], ImportOptions(), "aida"
    )
    report = write(store, tmp_path / "out.jsonl", write=WriteOptions(layers=("claims",)))
    assert (report.spans, report.relations) == (2, 1)
    assert {kind: count for (kind, _why), count in report.lost.items()} == {"relations": 1}


def test_who_has_no_work_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Nobody called"):
        write(store, tmp_path / "out.jsonl", annotators=("nobody",))


def test_a_format_of_one_annotator_gets_a_file_for_each_with_a_safe_name(
    store: Store, tmp_path: Path
) -> None:
    report = write(store, tmp_path / "out" / "all.conll", "conll")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted(path.name for path in report.files)
    assert len(names) >= 3
    assert all("/" not in name and "\\" not in name for name in names)


def test_the_format_comes_from_the_name(tmp_path: Path) -> None:
    assert exporting.format_for(tmp_path / "x.conll").id == "conll"
    assert exporting.format_for(tmp_path / "x.unknown").id == "jsonl"
    assert exporting.format_for(tmp_path / "x.conll", "jsonl").id == "jsonl"


def test_a_format_that_is_only_read_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        exporting, "find_format", lambda name: replace(find_format(name), write=None)
    )
    with pytest.raises(UserError, match="can only be read"):
        write(store, tmp_path / "out.jsonl", "jsonl")


def test_a_new_export_takes_the_place_of_the_old(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out.jsonl"
    write(store, target)
    first = target.read_bytes()
    target.write_text("old")
    write(store, target)
    assert target.read_bytes() == first
    assert [path.name for path in target.parent.iterdir()] == ["out.jsonl"]


def test_cancelling_keeps_the_old_file(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old")

    def progress(_done: int, _total: int, _what: str) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        export_records(store, target, ExportOptions(), progress)
    assert target.read_text() == "old"
    assert not list(tmp_path.glob(".*export*"))


def test_files_that_cannot_be_flushed_to_the_disk_take_no_place(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(UserError, match=r"Input/output error\. What was there before is untouched"):
        export_records(store, tmp_path / "tables", ExportOptions("webanno-tsv"))
    assert not list(tmp_path.rglob("*.tsv"))


def test_when_the_disk_fails_half_way_the_old_files_stay(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_format("conll")

    def failing(
        records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
    ) -> list[Path]:
        assert real.write is not None
        real.write(records, path, options, report)
        raise OSError(28, "No space left on device")

    write(store, tmp_path / "x.conll", "conll")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*x.*")}
    monkeypatch.setattr(exporting, "find_format", lambda _name: replace(real, write=failing))
    with pytest.raises(
        UserError, match=r"No space left on device\. What was there before is untouched"
    ):
        write(store, tmp_path / "x.conll", "conll")
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*x.*")} == before
    assert before
    assert not list(tmp_path.glob(".export*"))


def test_a_folder_that_cannot_be_written_is_one_sentence(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_arguments: object, **_options: object) -> object:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "out.jsonl").write_text("old")
    monkeypatch.setattr(tempfile, "TemporaryDirectory", refusing)
    with pytest.raises(UserError, match="Permission denied"):
        write(store, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_device_is_one_sentence_and_stays_a_device(store: Store) -> None:
    with pytest.raises(UserError, match="No space left"):
        write(store, Path("/dev/full"), "jsonl")
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_stays_a_link(store: Store, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real" / "file.jsonl")
    report = write(store, tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert report.files == [(tmp_path / "real" / "file.jsonl").resolve()]
    assert len(lines_of(tmp_path / "real" / "file.jsonl")) == 4


def test_a_folder_is_no_file_and_a_file_no_folder(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        write(store, tmp_path)
    (tmp_path / "texts").write_text("")
    with pytest.raises(UserError, match="needs a folder"):
        write(store, tmp_path / "texts", "text")


def test_a_folder_format_writes_below_its_folder(store: Store, tmp_path: Path) -> None:
    report = write(store, tmp_path / "texts", "text")
    assert {path.parent for path in report.files} == {tmp_path / "texts"}
    assert sorted(path.read_text("utf-8") for path in report.files) == sorted([FA, KK, RU])
    assert {kind for kind, _why in report.lost} >= {"spans", "annotators"}


def test_progress_counts_the_documents(store: Store, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    export_records(
        store,
        tmp_path / "out.jsonl",
        ExportOptions(),
        lambda done, total, _what: seen.append((done, total)),
    )
    assert seen[0] == (0, 3)


def test_every_format_that_writes_can_be_exported(store: Store, tmp_path: Path) -> None:
    writing: list[Format] = [entry for entry in formats().values() if entry.write]
    for entry in writing:
        try:
            report = write(store, tmp_path / entry.id / f"x{entry.extensions[0]}", entry.id)
        except UserError as error:  # of an extra that is not installed
            # The other formats are to be tried too.
            assert "needs the library" in str(error)  # noqa: PT017
            continue
        assert report.files, entry.id
        assert all(path.is_file() for path in report.files)
