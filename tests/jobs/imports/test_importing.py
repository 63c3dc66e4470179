"""Import: a file whole or not at all, twice brings nothing new, a second annotator adds a layer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from annotator.errors import CancelledError, UserError
from annotator.formats import ReadOptions
from annotator.jobs import ImportOptions, ImportReport, import_files, look_into
from annotator.jobs.imports import importing
from annotator.jobs.imports.label_policy import read_mapping
from annotator.model import AnnotationSet, Document, Labelled, Relation
from annotator.store import Store
from tests.projects import FA, KK, RU, check_texts, labelled, made, plain, span, write_lines


def bring(
    store: Store,
    paths: Sequence[Path],
    *,
    together: bool = True,
    labels: str = "",
    annotator: str = "",
) -> ImportReport:
    return import_files(
        store, paths, ImportOptions(labels=labels, annotator=annotator, together=together), "aida"
    )


def lines(annotator: str, *names: str) -> list[dict[str, object]]:
    return [
        plain(
            labelled(name, f"{RU} {name}", annotator, [span(RU, "Анна Кравцова", "PER", name="s1")])
        )
        for name in names
    ]


def test_importing_twice_brings_nothing_new(store: Store, tmp_path: Path, together: bool) -> None:
    source = write_lines(tmp_path / "in.jsonl", lines("a1", "d1", "d2"))
    first = bring(store, [source], together=together)
    state = store.state_hash()
    second = bring(store, [source], together=together)
    assert (len(first.new), len(first.known), first.spans) == (2, 0, 2)
    assert (len(second.new), len(second.known), second.spans) == (0, 2, 0)
    assert store.state_hash() == state


def test_both_ways_of_storing_give_the_same(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "in.jsonl",
        lines("a1", *(f"d{number}" for number in range(2 * importing.CHUNK + 1))),
    )
    states = []
    for together in (True, False):
        with made(tmp_path / f"{together}.annot", texts={}) as store:
            report = bring(store, [source], together=together)
            assert report.spans == 2 * importing.CHUNK + 1
            states.append(store.state_hash())
    assert states[0] == states[1]


def test_a_second_annotators_file_adds_a_layer_and_no_document(
    store: Store, tmp_path: Path, together: bool
) -> None:
    bring(store, [write_lines(tmp_path / "one.jsonl", lines("a1", "d1"))], together=together)
    report = bring(
        store, [write_lines(tmp_path / "two.jsonl", lines("a2", "d1"))], together=together
    )
    assert (len(report.new), len(report.known), report.spans) == (0, 1, 1)
    assert store.annotators_with_work() == ["a1", "a2"]


def test_without_ids_texts_are_recognised(store: Store, tmp_path: Path) -> None:
    bring(store, [write_lines(tmp_path / "one.jsonl", [{"text": FA, "annotator": "a1"}])])
    report = bring(
        store,
        [
            write_lines(
                tmp_path / "two.jsonl",
                [plain(labelled("", FA, "a2", [span(FA, "رشت", "GPE")]), id=None)],
            )
        ],
    )
    assert (len(report.new), len(report.known), report.spans) == (0, 1, 1)


def test_the_kth_of_equal_texts_is_the_kth_document(
    store: Store, tmp_path: Path, together: bool
) -> None:
    three = write_lines(
        tmp_path / "three.jsonl", [{"text": FA}, {"text": KK}, {"text": FA}, {"text": FA}]
    )
    assert len(bring(store, [three], together=together).new) == 4
    again = bring(store, [three], together=together)
    assert (len(again.new), len(again.known)) == (0, 4)
    names = [entry.id for entry in store.entries("")]
    record = plain(labelled("", FA, "a1", [span(FA, "رشت", "GPE")]), id=None)
    bring(
        store,
        [
            write_lines(
                tmp_path / "third.jsonl",
                [{"text": FA, "annotator": "a1"}, {"text": FA, "annotator": "a1"}, record],
            )
        ],
    )
    assert [len(store.annotation_set(name, "a1").spans) for name in names] == [0, 0, 0, 1]


def test_equal_texts_are_counted_for_each_annotator(store: Store, tmp_path: Path) -> None:
    records = [
        plain(labelled("", FA, who, [span(FA, "رشت", "GPE")]), id=None)
        for who in ("a1", "a2", "a1", "a2")
    ]
    assert len(bring(store, [write_lines(tmp_path / "in.jsonl", records)]).new) == 2


def test_an_id_with_another_text_is_refused(store: Store, tmp_path: Path, together: bool) -> None:
    bring(
        store, [write_lines(tmp_path / "one.jsonl", [{"id": "d1", "text": FA}])], together=together
    )
    state = store.state_hash()
    report = bring(
        store,
        [write_lines(tmp_path / "two.jsonl", [{"id": "d2", "text": KK}, {"id": "d1", "text": RU}])],
        together=together,
    )
    assert [(problem.line, "another text" in problem.reason) for problem in report.problems] == [
        (2, True)
    ]
    assert (report.failed, len(report.new)) == (2, 0)
    assert store.state_hash() == state


def test_one_file_with_two_texts_for_an_id_is_refused(
    store: Store, tmp_path: Path, together: bool
) -> None:
    state = store.state_hash()
    many = [{"id": f"d{number}", "text": f"{RU} {number}"} for number in range(importing.CHUNK + 5)]
    report = bring(
        store,
        [write_lines(tmp_path / "in.jsonl", [*many, {"id": "d1", "text": KK}])],
        together=together,
    )
    assert [problem.line for problem in report.problems] == [importing.CHUNK + 6]
    assert store.state_hash() == state


def test_of_several_files_the_bad_one_is_listed_and_leaves_nothing(
    store: Store, tmp_path: Path, together: bool
) -> None:
    good = [write_lines(tmp_path / f"{name}.jsonl", lines("a1", name)) for name in ("a", "c")]
    bad = write_lines(
        tmp_path / "b.jsonl",
        [
            *lines("a1", "b"),
            b'{"id": "b2", "text": "x", "spans": [{"start": 0, "end": 9, "label": "PER"}]}',
        ],
    )
    with made(tmp_path / "q.annot", texts={}) as other:
        bring(other, good, together=together)
        expected = other.state_hash()
    report = bring(store, [good[0], bad, good[1]], together=together)
    assert [(problem.file, problem.line) for problem in report.problems] == [(str(bad), 2)]
    assert "outside the text" in report.problems[0].reason
    assert (len(report.new), report.failed) == (2, 1)
    assert store.state_hash() == expected


def test_all_faults_of_a_file_are_listed(store: Store, tmp_path: Path) -> None:
    report = bring(
        store, [write_lines(tmp_path / "in.jsonl", [b"{", {"text": 1}, {"text": FA}, b"[]"])]
    )
    assert [problem.line for problem in report.problems] == [1, 2, 4]
    assert store.entries("") == []


def test_a_label_that_the_schema_lacks_refuses_the_file_and_lists_it(
    store: Store, tmp_path: Path, together: bool
) -> None:
    state = store.state_hash()
    source = write_lines(
        tmp_path / "in.jsonl",
        [plain(labelled("d1", FA, "a1", [span(FA, "رشت", "CITY"), span(FA, "گفت", "VERB")]))],
    )
    report = bring(store, [source], together=together)
    assert len(report.problems) == 1
    assert "CITY" in report.problems[0].reason
    assert "VERB" in report.problems[0].reason
    assert "--labels add" in report.problems[0].reason
    assert store.state_hash() == state
    assert store.schema().version == 1


def test_labels_are_added_when_that_is_wished(store: Store, tmp_path: Path, together: bool) -> None:
    record = plain(
        labelled(
            "d1",
            FA,
            "a1",
            [span(FA, "رشت", "CITY", name="s1"), span(FA, "گفت", "VERB", "words", name="s2")],
        )
    )
    relation = {"id": "r1", "label": "says", "head": "s2", "child": "s1", "implicit": None}
    report = bring(
        store,
        [write_lines(tmp_path / "in.jsonl", [record | {"relations": [relation]}])],
        together=together,
        labels="add",
    )
    schema = store.schema()
    city, verb = schema.find_label("CITY"), schema.find_label("VERB")
    assert city is not None
    assert verb is not None
    assert (city[0].id, verb[0].id, schema.version) == ("entities", "words", 2)
    assert schema.find_relation("says") is not None
    assert [key[0] for key in report.changed] == ["schema"]
    keys = [label.key for _layer, label in schema.labels() if label.key]
    assert len(keys) == len(set(keys))
    store.undo("aida")
    assert store.schema().version == 1


def test_an_open_schema_takes_labels_in(tmp_path: Path, together: bool) -> None:
    with made(tmp_path / "q.annot", "blank", {}) as store:
        bring(
            store,
            [
                write_lines(
                    tmp_path / "in.jsonl",
                    [plain(labelled("d1", FA, "a1", [span(FA, "رشت", "CITY")]))],
                )
            ],
            together=together,
        )
        assert [label.id for _layer, label in store.schema().labels()] == ["CITY"]
        report = bring(
            store,
            [
                write_lines(
                    tmp_path / "b.jsonl", [plain(labelled("d1", FA, "a2", [span(FA, "رشت", "X")]))]
                )
            ],
            labels="refuse",
        )
        assert len(report.problems) == 1


def test_a_refused_file_adds_no_label(tmp_path: Path, together: bool) -> None:
    record = plain(labelled("d1", FA, "a1", [span(FA, "رشت", "CITY")]))
    bad = write_lines(tmp_path / "a.jsonl", [record, b"{"])
    good = write_lines(
        tmp_path / "b.jsonl", [plain(labelled("d2", KK, "a1", [span(KK, "Жоба", "PLAN")]))]
    )
    with made(tmp_path / "q.annot", "blank", {}) as store:
        bring(store, [bad, good], together=together)
        assert [label.id for _layer, label in store.schema().labels()] == ["PLAN"]


def test_a_label_that_could_deceive_is_never_taken_in(tmp_path: Path) -> None:
    record = plain(labelled("d1", FA, "a1", [span(FA, "رشت", "PE\u202eR")]))
    with made(tmp_path / "q.annot", "blank", {}) as store:
        report = bring(store, [write_lines(tmp_path / "in.jsonl", [record])], labels="add")
        assert "U+202E" in report.problems[0].reason
        assert store.entries("") == []


def test_a_label_has_one_layer_and_the_move_is_told(tmp_path: Path) -> None:
    record = plain(
        labelled("d1", FA, "a1", [span(FA, "رشت", "CITY", "one"), span(FA, "گفت", "CITY", "two")])
    )
    with made(tmp_path / "q.annot", "blank", {}) as store:
        report = bring(store, [write_lines(tmp_path / "in.jsonl", [record])])
        assert [entry.layer for entry in store.annotation_set("d1", "a1").spans] == ["one", "one"]
        assert {kind: count for (kind, _why), count in report.changed.items()} == {
            "layer": 1,
            "schema": 1,
        }


@pytest.mark.parametrize(
    "text",
    [
        "CITY\tGPE\nVERB\t\n",
        '{"CITY": "GPE", "VERB": ""}',
        '# a comment\n\n"CITY" = "GPE"\nVERB =\n',
    ],
)
def test_a_mapping_renames_and_drops(store: Store, tmp_path: Path, text: str) -> None:
    mapping = tmp_path / "labels.map"
    mapping.write_text(text, encoding="utf-8")
    spans = [
        span(FA, "رشت", "CITY", name="s1"),
        span(FA, "گفت", "VERB", name="s2"),
        span(FA, "قیمت‌ها", "CLAIM", "claims", name="s3"),
    ]
    relations = [Relation("r1", "holder", "s3", "s2"), Relation("r2", "holder", "s3", "s1")]
    source = write_lines(tmp_path / "in.jsonl", [plain(labelled("d1", FA, "a1", spans, relations))])
    report = bring(store, [source], labels=str(mapping))
    annotation_set = store.annotation_set("d1", "a1")
    assert sorted(entry.label for entry in annotation_set.spans) == ["CLAIM", "GPE"]
    assert [entry.id for entry in annotation_set.relations] == ["r2"]
    assert sum(count for (kind, _why), count in report.lost.items() if kind == "label") == 2


@pytest.mark.parametrize("inside", list("\u2028\u2029\x85\x0b\x0c\x1c"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_label_in_a_mapping_holds_what_does_not_end_a_line(
    tmp_path: Path, inside: str, end: str
) -> None:
    mapping = tmp_path / "labels.map"
    mapping.write_text(f"a{inside}b\tGPE{end}VERB={end}", encoding="utf-8", newline="")
    assert read_mapping(mapping) == {f"a{inside}b": "GPE", "VERB": ""}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"CITY GPE\n", "a line should read"),
        (b'{"a": 1}', "one JSON object of texts"),
        (b"{", "not JSON"),
        (b"\xff", "UTF-8 text"),
    ],
)
def test_a_faulty_mapping_is_refused(
    store: Store, tmp_path: Path, content: bytes, reason: str
) -> None:
    mapping = tmp_path / "labels.map"
    mapping.write_bytes(content)
    with pytest.raises(UserError, match=reason):
        bring(store, [write_lines(tmp_path / "in.jsonl", lines("a1", "d1"))], labels=str(mapping))
    assert store.entries("") == []


def test_a_missing_mapping_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="mapping file"):
        bring(
            store,
            [write_lines(tmp_path / "in.jsonl", lines("a1", "d1"))],
            labels=str(tmp_path / "none"),
        )


@pytest.mark.parametrize("at", [0, 1, 2])
def test_cancelling_leaves_nothing(store: Store, tmp_path: Path, together: bool, at: int) -> None:
    paths = [
        write_lines(
            tmp_path / f"{part}.jsonl",
            lines("a1", *(f"{part}-{number}" for number in range(importing.CHUNK * 2))),
        )
        for part in "ab"
    ]
    state = store.state_hash()
    calls = 0

    def progress(_done: int, _total: int, _what: str) -> None:
        nonlocal calls
        calls += 1
        if calls > 1 + 2 * at:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        import_files(store, paths, ImportOptions(together=together), "aida", progress)
    assert store.state_hash() == state
    assert store.undoable("aida") is None


def test_cancelling_takes_back_labels_too(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "a.jsonl", [plain(labelled("d1", FA, "a1", [span(FA, "رشت", "CITY")]))]
    )

    def progress(done: int, _total: int, _what: str) -> None:
        if done:
            raise CancelledError("enough")

    with made(tmp_path / "q.annot", "blank", {}) as store:
        with pytest.raises(CancelledError):
            import_files(store, [source], ImportOptions(together=False), "aida", progress)
        assert list(store.schema().labels()) == []
        assert store.entries("") == []


def test_an_import_is_one_step_to_undo(store: Store, tmp_path: Path, together: bool) -> None:
    paths = [
        write_lines(tmp_path / f"{name}.jsonl", lines("a1", *(f"{name}{n}" for n in range(120))))
        for name in "ab"
    ]
    empty = store.state_hash()
    bring(store, paths, together=together)
    full = store.state_hash()
    store.undo("aida")
    assert store.state_hash() == empty
    store.redo("aida")
    assert store.state_hash() == full
    assert store.undoable("aida") is not None


def test_a_file_that_fails_between_two_readings_takes_all_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_lines(tmp_path / "a.jsonl", lines("a1", "a"))
    second = write_lines(
        tmp_path / "b.jsonl", lines("a1", *(f"b{number}" for number in range(importing.CHUNK + 1)))
    )
    state = store.state_hash()
    real = importing._Import._store_record

    def failing(self: importing._Import, step: object, record: Labelled, file: object) -> None:
        if record.document.id == f"b{importing.CHUNK}":
            raise OSError(5, "Input/output error")
        real(self, step, record, file)  # type: ignore[arg-type] # it only passes them on

    monkeypatch.setattr(importing._Import, "_store_record", failing)
    with pytest.raises(UserError, match="Nothing was imported"):
        bring(store, [first, second], together=False)
    assert store.state_hash() == state


def test_other_content_under_a_known_id_keeps_what_is_here_and_says_so(
    store: Store, tmp_path: Path
) -> None:
    bring(store, [write_lines(tmp_path / "one.jsonl", lines("a1", "d1"))])
    other = plain(
        labelled("d1", f"{RU} d1", "a1", [span(RU, "Мэрия Зареченска", "ORG", name="s1")])
    )
    report = bring(store, [write_lines(tmp_path / "two.jsonl", [other])])
    assert [entry.label for entry in store.annotation_set("d1", "a1").spans] == ["PER"]
    assert {kind: count for (kind, _why), count in report.lost.items()} == {"changed elsewhere": 1}


def test_an_annotators_name_that_could_deceive_is_refused(
    store: Store, tmp_path: Path, together: bool
) -> None:
    report = bring(
        store, [write_lines(tmp_path / "in.jsonl", lines("a\u202e1", "d1"))], together=together
    )
    assert "U+202E" in report.problems[0].reason
    assert store.entries("") == []


def test_languages_come_from_the_file_then_the_user_then_the_letters(
    store: Store, tmp_path: Path
) -> None:
    source = write_lines(
        tmp_path / "in.jsonl",
        [
            {"id": "a", "text": FA},
            {"id": "b", "text": KK},
            {"id": "c", "text": RU, "language": "bg"},
        ],
    )
    bring(store, [source])
    assert [entry.language for entry in store.entries("")] == ["fa", "kk", "bg"]
    import_files(
        store,
        [write_lines(tmp_path / "b.jsonl", [{"id": "d", "text": "123"}])],
        ImportOptions(read=ReadOptions(language="fa")),
        "a",
    )
    assert store.entries("")[-1].language == "fa"


def test_a_preview_reads_without_storing(store: Store, tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "in.jsonl", lines("a1", *(f"d{number}" for number in range(30)))
    )
    preview = look_into(source, ImportOptions(), 5)
    assert preview.format is not None
    assert (preview.format.id, len(preview.records), preview.problems) == ("jsonl", 5, ())
    assert store.entries("") == []


def test_a_preview_shows_what_is_wrong(tmp_path: Path) -> None:
    assert (
        look_into(
            write_lines(tmp_path / "in.jsonl", [{"text": FA}, b"{"]), ImportOptions(format="jsonl")
        )
        .problems[0]
        .line
        == 2
    )
    (tmp_path / "x.bin").write_bytes(b"\x7fELF\x00\x00")
    assert look_into(tmp_path / "x.bin", ImportOptions()).format is None


def test_every_stored_span_says_what_its_text_says(store: Store, tmp_path: Path) -> None:
    crlf = {
        "id": "d1",
        "text": "а\r\nбв",
        "annotator": "a1",
        "spans": [{"start": 3, "end": 5, "label": "PER", "layer": "entities"}],
    }
    bring(store, [write_lines(tmp_path / "in.jsonl", [crlf, *lines("a1", "d2")])])
    assert check_texts(store) == 2
    assert store.annotation_set("d1", "a1").spans[0].fragments == ((2, 4),)


def test_a_bare_text_after_a_labelled_one_is_the_same_document(
    store: Store, tmp_path: Path
) -> None:
    records = [plain(labelled("d1", FA, "a1", [span(FA, "رشت", "GPE")])), {"text": FA}]
    report = bring(store, [write_lines(tmp_path / "in.jsonl", records)])
    assert len(report.new) == 1


def test_listeners_hear_of_an_import(store: Store, tmp_path: Path, together: bool) -> None:
    heard: list[frozenset[str]] = []
    store.listeners.append(lambda changes: heard.append(changes.kinds))
    bring(store, [write_lines(tmp_path / "in.jsonl", lines("a1", "d1"))], together=together)
    assert any("documents" in kinds for kinds in heard)


def test_an_empty_layer_makes_no_annotator_work(store: Store, tmp_path: Path) -> None:
    record = Labelled(Document("d1", "d1", FA), AnnotationSet("a1", "new"))
    bring(store, [write_lines(tmp_path / "in.jsonl", [plain(record)])])
    assert store.annotators_with_work() == []
