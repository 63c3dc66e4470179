"""Real corpora through the command line.

The counts that an importer must reach, texts unchanged, spans that say what they cover.
"""

from pathlib import Path

import pytest

from annotator.store import Store
from tests.cli.run import Caller, Ran
from tests.projects import check_texts

CORPORA = {
    "nerel": (["nerel/dev"], [], (94, 5590, 4012)),
    "kaznerd": (["kaznerd/IOB2_valid.txt"], ["--unit", "sentence"], (11167, 13483, 0)),
    "arman": (["arman/dev.txt"], ["--unit", "sentence"], (5121, 8617, 0)),
    "peyma": (["peyma/dev.txt"], ["--unit", "sentence"], (925, 1959, 0)),
}


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    path = tmp_path / "p.annot"
    assert cli("new", path, "--schema", "blank", "--annotator", "aida").code == 0
    return path


def counts(ran: Ran) -> tuple[int, int, int]:
    documents, spans, relations = ran.json["documents"], ran.json["spans"], ran.json["relations"]
    assert isinstance(documents, dict)
    assert isinstance(spans, int)
    assert isinstance(relations, int)
    return documents["new"] + documents["known"], spans, relations


@pytest.mark.parametrize("corpus", CORPORA)
def test_a_corpus_comes_in_with_all_it_has(
    corpus: str, shared_data: Path, project: Path, cli: Caller
) -> None:
    paths, options, expected = CORPORA[corpus]
    ran = cli("import", project, *(shared_data / path for path in paths), *options, "--json")
    assert ran.code == 0, ran.err
    assert counts(ran) == expected
    with Store.open(project, readonly=True) as store:
        assert check_texts(store) == expected[1]


@pytest.mark.parametrize(
    ("part", "expected"), [("dev", (446, 1017, 0)), ("train", (6417, 14588, 0))]
)
def test_persian_tweets_come_in_with_orphan_tags_told(
    part: str, expected: tuple[int, int, int], shared_data: Path, project: Path, cli: Caller
) -> None:
    folder = shared_data / "parstwiner" / "persian-ner-twitter-data"
    (path,) = (path for path in folder.rglob(f"*{part}*") if path.is_file())
    ran = cli("import", project, path, "--unit", "sentence", "--json")
    assert ran.code == 0, ran.err
    assert counts(ran) == expected
    assert ran.json["changed"]


def test_as_one_document_a_file_has_the_same_entities(
    shared_data: Path, project: Path, cli: Caller
) -> None:
    ran = cli("import", project, shared_data / "arman" / "dev.txt", "--json")
    assert counts(ran) == (1, 8617, 0)
    with Store.open(project, readonly=True) as store:
        (record,) = store.records()
        assert len(record.document.text.split("\n")) == 5121


def test_a_corpus_goes_out_and_in_unchanged(
    shared_data: Path, project: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("import", project, shared_data / "nerel" / "dev")
    assert cli("export", project, tmp_path / "out.jsonl", "--json").json["lost"] == []
    assert cli("new", tmp_path / "q.annot", "--schema", "blank").code == 0
    assert cli("import", tmp_path / "q.annot", tmp_path / "out.jsonl").code == 0
    states = [
        cli("check", path, "--json").json["state"] for path in (project, tmp_path / "q.annot")
    ]
    assert states[0] == states[1]
    again = cli("import", project, shared_data / "nerel" / "dev", "--json")
    assert counts(again) == (94, 0, 0)


def test_a_closed_schema_refuses_a_corpus_and_lists_its_labels(
    shared_data: Path, tmp_path: Path, cli: Caller
) -> None:
    cli("new", tmp_path / "q.annot", "--schema", "news")
    ran = cli("import", tmp_path / "q.annot", shared_data / "arman" / "dev.txt")
    assert ran.code == 1
    assert "--labels add" in ran.err
    with Store.open(tmp_path / "q.annot", readonly=True) as store:
        assert store.entries("") == []


def test_news_texts_are_stored_as_their_files_say(
    shared_data: Path, project: Path, cli: Caller
) -> None:
    paths = sorted((shared_data / "news").glob("*.txt"))
    ran = cli("import", project, *paths, "--json")
    assert ran.code == 0, ran.err
    assert counts(ran) == (len(paths), 0, 0)
    expected = [
        path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        for path in paths
    ]
    with Store.open(project, readonly=True) as store:
        texts = [store.document(entry.id).text for entry in store.entries("")]
        languages = {entry.language for entry in store.entries("")}
    assert texts == expected
    assert languages == {"fa", "kk", "ru"}
    again = cli("import", project, *paths, "--json")
    assert again.json["documents"] == {"new": 0, "known": len(paths), "failed": 0}
