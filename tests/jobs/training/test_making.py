"""Making a set.

Whole or not at all, the same bytes for the same call, its split kept in the project, and said what
to know.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from annotator.errors import CancelledError, UserError
from annotator.formats import WriteOptions
from annotator.jobs import ExportOptions, ImportOptions, import_files
from annotator.jobs.training import (
    TASKS,
    Plan,
    Preflight,
    TrainingOptions,
    default_annotators,
    look_over,
    make_training_set,
)
from annotator.jobs.training.rows import write_rows
from annotator.model import Document
from annotator.store import Store
from tests.projects import FA, KK, RU, labelled, made, plain, span, write_lines

GOLD = ExportOptions(annotators=("gold",))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def fill(store: Store, count: int, first: int = 0) -> None:
    """Add documents with a label each, the last of them with one that no other has."""
    lines = []
    for number in range(first, first + count):
        text = f"{RU} Выпуск {number}, {' '.join(f'слово{number}x{word}' for word in range(40))}."
        lines.append(
            plain(
                labelled(
                    f"d{number:03}", text, "a1", [span(text, "Анна Кравцова", "PER", name="s")]
                ),
                status="done",
            )
        )
    import_files(
        store, [write_lines(store.path.with_name(f"in{first}.jsonl"), lines)], ImportOptions(), "a1"
    )


@pytest.mark.parametrize("task", TASKS)
def test_a_set_of_each_task_is_whole_and_the_same_again(
    samples: Store, tmp_path: Path, task: str
) -> None:
    options = TrainingOptions(GOLD, Plan(by="cluster"), task, window=60, negatives=1)
    report = make_training_set(samples, tmp_path / "one", options)
    again = make_training_set(samples, tmp_path / "two", options)
    first = contents(tmp_path / "one")
    assert first == contents(tmp_path / "two")
    assert set(first) == {"train.jsonl", "dev.jsonl", "test.jsonl", "README.md", "manifest.json"}
    told = orjson.loads(first["manifest.json"])
    for name, facts in told["files"].items():
        assert (hashlib.sha256(first[name]).hexdigest(), len(first[name])) == (
            facts["sha256"],
            facts["bytes"],
        )
    for part, counts in report.parts.items():
        assert counts.rows == len(rows(tmp_path / "one" / f"{part}.jsonl"))
        assert {row["document"] for row in rows(tmp_path / "one" / f"{part}.jsonl")} <= set(
            told["documents"][part]
        )
    assert again.to_plain() | {"files": []} == report.to_plain() | {"files": []}
    assert sum(counts.documents for counts in report.parts.values()) == 42


def test_the_preflight_says_what_the_set_will_hold_and_writes_nothing(
    samples: Store, tmp_path: Path
) -> None:
    options = TrainingOptions(GOLD, Plan(seed=11), "tokens")
    seen = look_over(samples, options)
    assert samples.split(options.plan.name) == {}
    report = make_training_set(samples, tmp_path / "set", options)
    assert seen.to_plain() | {"files": []} == report.to_plain() | {"files": []}


@pytest.mark.parametrize(
    ("format_", "names"),
    [("jsonl", "{}.jsonl"), ("conll", "{}.entities.conll"), ("brat", "{}/annotation.conf")],
)
def test_records_are_written_in_parts_in_any_format(
    samples: Store, tmp_path: Path, format_: str, names: str
) -> None:
    report = make_training_set(
        samples, tmp_path / "set", TrainingOptions(replace(GOLD, format=format_))
    )
    for part in ("train", "dev", "test"):
        assert (tmp_path / "set" / names.format(part)).is_file()
    assert (len(report.export.documents), report.export.spans) == (42, 1146)
    files = contents(tmp_path / "set")
    assert set(orjson.loads(files["manifest.json"])["files"]) == set(files) - {"manifest.json"}


def test_tokens_in_a_token_format_are_those_of_the_entities(samples: Store, tmp_path: Path) -> None:
    make_training_set(
        samples, tmp_path / "set", TrainingOptions(replace(GOLD, format="conll"), task="tokens")
    )
    assert set(contents(tmp_path / "set")) == {
        "train.conll",
        "dev.conll",
        "test.conll",
        "README.md",
        "manifest.json",
    }


def test_no_near_duplicate_is_in_another_part(store: Store, tmp_path: Path) -> None:
    fill(store, 20)
    with store.change("", "") as step:
        for number in range(20):
            step.add_document(
                Document(
                    f"copy{number:03}", "", f"{store.document(f'd{number:03}').text} Да.", "ru"
                )
            )
    plan = Plan((1, 1, 1), "cluster")
    make_training_set(store, tmp_path / "set", TrainingOptions(plan=plan))
    parts = store.split(plan.name)
    assert all(parts[f"d{number:03}"] == parts[f"copy{number:03}"] for number in range(20))
    told = make_training_set(
        store, tmp_path / "other", TrainingOptions(plan=replace(plan, by="document"))
    )
    assert any(
        "near-duplicate in another part" in note and "Split by cluster" in note
        for note in told.notes
    )


def test_documents_of_one_source_stay_together(store: Store, tmp_path: Path) -> None:
    lines = [
        {"id": f"d{number}", "text": f"Текст {number}.", "meta": {"outlet": f"o{number % 4}"}}
        for number in range(24)
    ]
    import_files(store, [write_lines(tmp_path / "in.jsonl", lines)], ImportOptions(), "a1")
    plan = Plan((2, 1, 1), "source")
    make_training_set(store, tmp_path / "set", TrainingOptions(plan=plan, source_field="outlet"))
    parts = store.split(plan.name)
    assert all(
        len({parts[f"d{number}"] for number in range(source, 24, 4)}) == 1 for source in range(4)
    )
    report = make_training_set(store, tmp_path / "set", TrainingOptions(plan=replace(plan, seed=1)))
    assert any("No document says its source" in note for note in report.notes)


def test_a_document_keeps_its_part_when_others_come(store: Store, tmp_path: Path) -> None:
    fill(store, 30)
    options = TrainingOptions(task="tokens")
    make_training_set(store, tmp_path / "set", options)
    before = store.split(options.plan.name)
    fill(store, 30, first=30)
    make_training_set(store, tmp_path / "set", options)
    after = store.split(options.plan.name)
    assert {name: after[name] for name in before} == before
    assert len(after) == 60
    assert [list(after.values()).count(part) for part in ("train", "dev", "test")] == [48, 6, 6]
    steps = len(store.steps(""))
    make_training_set(store, tmp_path / "set", options)
    assert len(store.steps("")) == steps


def test_what_a_person_should_know_is_said(store: Store, tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        plain(labelled("d1", FA, "a1", [span(FA, "رشت", "GPE", name="s")]), status="done"),
        plain(labelled("d1", FA, "a2", [span(FA, "رشت", "LOC", name="s")]), status="open"),
        plain(labelled("d2", KK, "a1"), status="done"),
        plain(labelled("d3", f"{KK} ", "a1"), status="done"),
        {"id": "d4", "text": RU},
        {"id": "d5", "text": ""},
    ]
    import_files(store, [write_lines(tmp_path / "in.jsonl", lines)], ImportOptions(), "a1")
    notes = " ".join(look_over(store, TrainingOptions(task="tokens")).notes)
    for words in (
        "2 documents that nobody has labelled",
        "several people",
        "1 document is not finished",
        "2 documents have no label",
    ):
        assert words in notes
    plain_notes = " ".join(look_over(store, TrainingOptions()).notes)
    assert "1 document has no text" in plain_notes
    nothing = " ".join(
        look_over(
            store,
            TrainingOptions(ExportOptions(write=WriteOptions(layers=("claims",))), task="spans"),
        ).notes
    )
    assert "nothing to learn" in nothing


def test_labels_that_training_never_sees_are_named(store: Store, tmp_path: Path) -> None:
    fill(store, 10)
    options = TrainingOptions(task="spans")
    make_training_set(store, tmp_path / "set", options)
    tested = next(name for name, part in store.split(options.plan.name).items() if part == "test")
    with store.change("", "a1") as step:
        step.put_span(
            tested,
            step.add_annotator("a1"),
            span(store.document(tested).text, "Мэрия", "ORG", name="new"),
        )
    assert "Never seen in training, but elsewhere: ORG." in look_over(store, options).notes


def test_the_card_says_what_the_set_is(samples: Store, tmp_path: Path) -> None:
    make_training_set(samples, tmp_path / "set", TrainingOptions(GOLD, task="sentences"))
    card = (tmp_path / "set" / "README.md").read_text("utf-8")
    for words in (
        '- "fa"',
        "text-classification",
        'path: "dev.jsonl"',
        "split: validation",
        "| CLAIM |",
        "news@1",
        "seed 0",
    ):
        assert words in card
    make_training_set(samples, tmp_path / "brat", TrainingOptions(replace(GOLD, format="brat")))
    card = (tmp_path / "brat" / "README.md").read_text("utf-8")
    assert "configs:" not in card
    assert "What the files do not carry" in card


def test_what_cannot_be_done_is_refused_and_leaves_nothing(samples: Store, tmp_path: Path) -> None:
    refused = {
        "There is no task": TrainingOptions(task="dreams"),
        "written as jsonl": TrainingOptions(replace(GOLD, format="conll"), task="stance"),
        "Nobody called": TrainingOptions(ExportOptions(annotators=("nobody",))),
        "no tokenizer": TrainingOptions(
            ExportOptions(write=WriteOptions(tokenizer="x")), task="tokens"
        ),
    }
    for words, options in refused.items():
        with pytest.raises(UserError, match=words):
            make_training_set(samples, tmp_path / "set", replace(options, plan=Plan(seed=99)))
    assert contents(tmp_path / "set") == {}
    assert samples.split(Plan(seed=99).name) == {}
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="needs a folder"):
        make_training_set(samples, tmp_path / "file", TrainingOptions())


def test_cancelling_keeps_the_old_set(samples: Store, tmp_path: Path) -> None:
    make_training_set(samples, tmp_path / "set", TrainingOptions(GOLD, task="tokens"))
    before = contents(tmp_path / "set")
    calls = []

    def stop(_done: int, _total: int, _what: str) -> None:
        calls.append(1)
        if len(calls) > 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        make_training_set(samples, tmp_path / "set", TrainingOptions(GOLD, task="spans"), stop)
    assert contents(tmp_path / "set") == before


def test_a_split_cannot_be_kept_in_a_project_that_is_open_for_reading(tmp_path: Path) -> None:
    made(tmp_path / "p.annot").close()
    with Store.open(tmp_path / "p.annot", readonly=True) as store:
        assert isinstance(look_over(store, TrainingOptions()), Preflight)
        with pytest.raises(UserError, match="open for reading only"):
            make_training_set(store, tmp_path / "set", TrainingOptions())


def test_a_row_that_does_not_say_what_its_text_says_is_refused(tmp_path: Path) -> None:
    row: dict[str, object] = {"text": FA, "spans": [{"text": "تشر", "fragments": [[0, 3]]}]}
    with pytest.raises(UserError, match="annotator check"):
        write_rows([row], tmp_path / "train.jsonl")


def test_gold_is_learned_from_where_there_is_any(samples: Store, store: Store) -> None:
    assert default_annotators(samples) == ("gold",)
    assert default_annotators(store) is None


@pytest.mark.parametrize("name", ["README.md", "manifest.json"])
def test_somebody_else_s_card_is_not_written_over_but_an_own_set_is_renewed(
    samples: Store, tmp_path: Path, name: str
) -> None:
    options = TrainingOptions(GOLD, Plan(), "spans")
    make_training_set(samples, tmp_path / "own", options)
    make_training_set(samples, tmp_path / "own", options)
    foreign = tmp_path / "theirs" / name
    foreign.parent.mkdir()
    foreign.write_text("{}", "utf-8")
    with pytest.raises(UserError, match=name):
        make_training_set(samples, foreign.parent, options)
    assert contents(foreign.parent) == {name: b"{}"}
