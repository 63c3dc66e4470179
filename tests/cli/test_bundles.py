"""assign, start, return, collect from the command line: shapes, exit codes, sentences."""

from pathlib import Path

import pytest

from tests.cli.run import Caller
from tests.projects import KK, labelled, made, plain, span, write_lines

SARA, REZA = "Сара", "رضا"


@pytest.fixture
def lead(tmp_path: Path) -> Path:
    """Return a lead's project with three documents."""
    made(tmp_path / "lead.annot").close()
    return tmp_path / "lead.annot"


def test_work_goes_out_and_comes_back(cli: Caller, lead: Path, tmp_path: Path) -> None:
    bundle, copy, back = (
        tmp_path / "s.annot-bundle",
        tmp_path / "s.annot",
        tmp_path / "back.annot-bundle",
    )
    made_ = cli("assign", lead, "--to", SARA, "--documents", "language:kk", "-o", bundle, "--json")
    assert made_.code == 0
    assert made_.json["assignments"] == [
        {"annotator": SARA, "file": str(bundle), "documents": ["kk-1"], "characters": len(KK)}
    ]
    begun = cli("start", bundle, copy, "--json")
    assert begun.json == {
        "project": str(copy),
        "kind": "assignment",
        "annotator": SARA,
        "documents": 1,
    }
    assert cli("stats", copy, "--json").json["not_delivered"] == 0
    returned = cli("return", copy, "-o", back, "--json")
    assert returned.json["annotator"] == SARA
    look = cli("collect", lead, back, "--dry-run", "--json")
    assert (look.code, look.json["stored"], look.json["errors"]) == (0, False, [])
    done = cli("collect", lead, back, "--receipts", tmp_path / "receipts", "--json")
    entry = done.json["bundles"][0]  # type: ignore[index] # a list
    assert {
        "file",
        "annotator",
        "new",
        "changed",
        "known",
        "conflict",
        "unknown_labels",
        "different_text",
    } <= set(entry)
    assert done.json["stored"] is True
    receipt = done.json["receipts"][0]  # type: ignore[index] # a list
    assert "noted" in cli("start", receipt, copy).err
    assert "nothing new" in cli("start", receipt, copy).err
    assert cli("return", copy, "-o", back, "--new").code == 1
    stats = cli("stats", lead, "--json").json["handed_out"]
    assert stats[SARA]["documents"] == 1  # type: ignore[index] # a dictionary
    assert cli("check", lead).code == cli("check", copy).code == 0


def test_people_read_tables_and_sentences(cli: Caller, lead: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan = cli("assign", lead, "--to", SARA, "--to", REZA, "--overlap", "1", "--plan", "-o", out)
    assert (plan.code, out.exists()) == (0, False)
    assert "documents" in plan.out
    assert cli("assign", lead, "--to", SARA, "--to", REZA, "-o", out).code == 0
    assert len(list(out.iterdir())) == 2
    copies = [tmp_path / "a.annot", tmp_path / "b.annot"]
    backs = [tmp_path / "a.annot-bundle", tmp_path / "b.annot-bundle"]
    for bundle, copy, back in zip(sorted(out.iterdir()), copies, backs, strict=True):
        assert "3 new documents" in cli("start", bundle, copy).err
        assert "Send it" in cli("return", copy, "-o", back).err
    assert "only a look" in cli("collect", lead, *backs, "--dry-run").err
    done = cli("collect", lead, *backs[::-1], *backs, "--receipts", tmp_path / "receipts")
    assert done.code == 0
    assert SARA in done.out
    assert "backup" in done.err
    assert done.err.count("Receipt:") == 2
    assert "handed out 3, done 0" in cli("stats", lead).out
    assert "not confirmed" in cli("stats", copies[0]).out


def test_what_goes_wrong_is_said_in_a_sentence(cli: Caller, lead: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.annot-bundle"
    odd.write_bytes(b"PK")
    refused = cli("collect", lead, odd, "--json")
    assert (refused.code, refused.json["stored"]) == (1, False)
    assert refused.json["errors"][0]["file"] == str(odd)  # type: ignore[index] # a list
    assert "Nothing was stored" in cli("collect", lead, odd).err
    assert cli("assign", lead, "--to", SARA, "--documents", "nothing", "-o", odd).code == 1
    assert cli("assign", lead, "-o", odd).code == 2
    assert cli("return", lead, "-o", tmp_path / "x").code == 1
    assert cli("start", odd).code == 1
    assert cli("collect", lead, odd, "--labels", "perhaps").code == 2
    assert cli("collect", tmp_path / "nowhere.annot", odd).code == 1


def test_work_in_layers_of_others_is_spoken_of(cli: Caller, lead: Path, tmp_path: Path) -> None:
    bundle, copy, back = (
        tmp_path / "s.annot-bundle",
        tmp_path / "s.annot",
        tmp_path / "back.annot-bundle",
    )
    assert cli("assign", lead, "--to", SARA, "-o", bundle).code == 0
    assert cli("start", bundle, copy).code == 0
    lines = [plain(labelled("kk-1", KK, REZA, [span(KK, "Жоба", "PER")]))]
    assert cli("import", copy, write_lines(tmp_path / "other.jsonl", lines)).code == 0
    assert cli("return", copy, "-o", back).code == 0
    assert "annotation sets of others" in cli("collect", lead, back).err
    # A dictionary.
    assert REZA not in cli("stats", lead, "--json").json["annotators"]  # type: ignore[operator]
