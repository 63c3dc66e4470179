"""`train-set` and `export --split`: shapes, parts, what is refused."""

from pathlib import Path

import orjson
import pytest

from annotator.resources import sample_files
from annotator.store import Store
from tests.cli.run import Caller


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    """Return a project with the Persian samples."""
    path = tmp_path / "p.annot"
    assert cli("new", path, "--annotator", "a1").code == 0
    assert cli("import", path, next(file for file in sample_files() if file.stem == "fa")).code == 0
    return path


def test_export_with_a_split_has_the_shape_of_any_export(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    whole = cli("export", project, tmp_path / "out.jsonl", "--json").json
    ran = cli(
        "export",
        project,
        tmp_path / "set",
        "--split",
        "60/20/20",
        "--seed",
        "7",
        "--by",
        "cluster",
        "--json",
    )
    assert ran.code == 0
    assert set(ran.json) == {"documents", "spans", "relations", "files", "lost"}
    assert {key: ran.json[key] for key in ("documents", "spans", "relations")} == {
        key: whole[key] for key in ("documents", "spans", "relations")
    }
    names = sorted(path.name for path in (tmp_path / "set").iterdir())
    assert names == ["README.md", "dev.jsonl", "manifest.json", "test.jsonl", "train.jsonl"]
    assert "train: " in ran.err
    lines = b"".join(
        sorted(
            b"".join(
                (tmp_path / "set" / f"{part}.jsonl").read_bytes()
                for part in ("train", "dev", "test")
            ).splitlines()
        )
    )
    assert lines == b"".join(sorted((tmp_path / "out.jsonl").read_bytes().splitlines()))


def test_the_same_export_gives_the_same_bytes_and_keeps_its_split(
    project: Path, tmp_path: Path, cli: Caller
) -> None:
    for name in ("one", "two"):
        assert (
            cli("export", project, tmp_path / name, "--split", "80/10/10", "--format", "conll").code
            == 0
        )
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()
    }
    with Store.open(project, readonly=True) as store:
        assert set(store.split("80/10/10 by document, seed 0").values()) == {"train", "dev", "test"}


@pytest.mark.parametrize("task", ["tokens", "spans", "sentences", "stance", "relations"])
def test_a_training_set_of_each_task(project: Path, tmp_path: Path, cli: Caller, task: str) -> None:
    ran = cli("train-set", project, tmp_path / "set", "--task", task, "--negatives", "1", "--json")
    assert (ran.code, set(ran.json)) == (
        0,
        {"split", "parts", "lost", "misaligned", "notes", "files"},
    )
    manifest = orjson.loads((tmp_path / "set" / "manifest.json").read_bytes())
    assert manifest["options"]["annotators"] == ["gold"]
    assert manifest["parts"] == ran.json["parts"]


def test_people_are_told_what_the_set_holds(project: Path, tmp_path: Path, cli: Caller) -> None:
    ran = cli(
        "train-set",
        project,
        tmp_path / "set",
        "--task",
        "tokens",
        "--tokenizer",
        "whitespace",
        "--window",
        "64",
    )
    assert ran.code == 0
    for words in ("train: ", "PER ", "Written to", "manifest.json"):
        assert words in ran.out


def test_a_dry_run_writes_nothing(project: Path, tmp_path: Path, cli: Caller) -> None:
    ran = cli(
        "train-set",
        project,
        tmp_path / "set",
        "--task",
        "tokens",
        "--annotator",
        "all",
        "--dry-run",
    )
    assert ran.code == 0
    assert "several people" in ran.out
    assert not (tmp_path / "set").exists()
    with Store.open(project, readonly=True) as store:
        assert store.split("80/10/10 by cluster, seed 0") == {}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--task", "dreams"], 2, "dreams"),
        (["--task", "tokens", "--split", "all"], 1, "such as 80/10/10"),
        (["--task", "tokens", "--layer", "nothing"], 1, "There is no layer"),
        (["--task", "stance", "--format", "conll"], 1, "written as jsonl"),
        (["--task", "tokens", "--tokenizer", "nothing"], 1, "There is no tokenizer"),
        ([], 2, "--task"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    project: Path, tmp_path: Path, cli: Caller, arguments: list[str], code: int, words: str
) -> None:
    ran = cli("train-set", project, tmp_path / "set", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert not list(tmp_path.glob("set/*"))
