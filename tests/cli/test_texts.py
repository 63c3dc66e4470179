"""Other programs' texts on the command line.

Repairs are offered on standard error, tokenizers chosen, misaligned spans listed.
"""

from pathlib import Path

import pytest

from tests.cli.run import Caller
from tests.formats.sandbox.foreign import TEXT, excel, paragraph, run, word
from tests.projects import labelled as record
from tests.projects import plain, span, write_lines


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    path = tmp_path / "p.annot"
    assert cli("new", path, "--annotator", "aida", "--schema", "blank").code == 0
    return path


def test_documents_and_tables_come_in_by_what_they_hold(
    tmp_path: Path, cli: Caller, project: Path
) -> None:
    word(tmp_path / "one.docx", paragraph(run(TEXT)))
    excel(tmp_path / "two.xlsx", {"s": [["body", "opinion"], ["Город растёт.", "for"]]})
    ran = cli(
        "import",
        project,
        tmp_path / "one.docx",
        tmp_path / "two.xlsx",
        "--column",
        "text=body",
        "--column",
        "stance=opinion",
        "--json",
    )
    assert (ran.code, ran.json["documents"]) == (0, {"new": 2, "known": 0, "failed": 0})
    (tmp_path / "three.docx").write_bytes(b"PK")
    ran = cli("import", project, tmp_path / "three.docx")
    assert ran.code == 1
    assert "three.docx" in ran.err


def test_repairs_are_offered_and_made_when_asked_for(
    tmp_path: Path, cli: Caller, project: Path
) -> None:
    source = write_lines(
        tmp_path / "in.jsonl",
        [{"id": "d", "text": "\ufe8e\ufefb"}, {"id": "e", "text": "میشوند پ"}],
    )
    ran = cli("import", project, source, "--json")
    assert ran.code == 0
    assert "--repair presentation-forms" in ran.err
    assert "--repair lost-zwnj" in ran.err
    cli("new", tmp_path / "q.annot")
    ran = cli(
        "import",
        tmp_path / "q.annot",
        source,
        "--repair",
        "presentation-forms",
        "--repair",
        "lost-zwnj",
    )
    assert (ran.code, ran.err) == (0, "")
    assert "presentation-forms" in ran.out
    cli("export", tmp_path / "q.annot", tmp_path / "out.jsonl")
    assert "الا" in (tmp_path / "out.jsonl").read_text("utf-8")
    assert cli("import", project, source, "--repair", "spelling").code == 1


def test_a_tokenizer_is_chosen_and_misaligned_spans_are_listed(
    tmp_path: Path, cli: Caller, project: Path
) -> None:
    text = "кто-то сказал"
    spans = [span(text, "кто", "A", name=f"s{number}") for number in range(101)]
    source = write_lines(
        tmp_path / "in.jsonl",
        [plain(record("d", text, "a1", [*spans, span(text, "кто-то сказал", "B", name="t")]))],
    )
    cli("import", project, source)
    ran = cli(
        "export",
        project,
        tmp_path / "out.conll",
        "--tokenizer",
        "razdel",
        "--nested",
        "joined",
        "--annotator",
        "a1",
    )
    assert ran.code == 0
    assert ran.err.count("0–3") == 100
    assert "1 " in ran.err.splitlines()[-1]
    first = next(
        line
        for line in (tmp_path / "out.conll").read_text("utf-8").splitlines()
        if line.startswith("кто")
    )
    assert first.startswith("кто-то\tB-B+B-A")
    assert cli("export", project, tmp_path / "o.conll", "--tokenizer", "none").code == 1
    assert cli("export", project, tmp_path / "o.conll", "--nested", "none").code == 2
