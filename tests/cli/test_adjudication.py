"""Adjudication on the command line: cases, rules, feedback; the shapes that scripts lean on."""

from pathlib import Path

import pytest

from tests.cli.run import Caller
from tests.projects import FA, RU, labelled, plain, span, write_lines


@pytest.fixture
def project(tmp_path: Path, cli: Caller) -> Path:
    """Return a project with two annotators who agree on one span and differ on two."""
    lines = [
        plain(
            labelled(
                "fa-1",
                FA,
                "a1",
                [span(FA, "رشت", "GPE", name="s1"), span(FA, "مریم سهرابی", "PER", name="s2")],
            )
        ),
        plain(
            labelled(
                "fa-1",
                FA,
                "a2",
                [span(FA, "رشت", "GPE", name="s1"), span(FA, "مریم", "PER", name="s2")],
            )
        ),
        plain(labelled("ru-1", RU, "a1", [span(RU, "Анна Кравцова", "PER", name="s1")])),
        plain(
            labelled(
                "ru-1",
                RU,
                "a2",
                [span(RU, "Анна Кравцова", "ORG", name="s1"), span(RU, "цены", "EVENT", name="s2")],
            )
        ),
    ]
    path = tmp_path / "p.annot"
    assert cli("new", path, "--annotator", "lead").code == 0
    assert cli("import", path, write_lines(tmp_path / "in.jsonl", lines)).code == 0
    return path


def test_cases_json_has_its_shape(project: Path, cli: Caller) -> None:
    rows = cli("cases", project, "--json").rows
    assert [(row["document"], row["kinds"], row["state"]) for row in rows] == [
        ("fa-1", ["boundary"], "open"),
        ("fa-1", ["agreed"], "open"),
        ("ru-1", ["label"], "open"),
        ("ru-1", ["missing"], "open"),
    ]
    assert set(rows[0]) == {
        "id",
        "document",
        "name",
        "kinds",
        "state",
        "start",
        "end",
        "annotators",
        "gold",
        "decision",
    }
    people = rows[3]["annotators"]
    assert isinstance(people, dict)
    assert people["a1"] is None
    assert people["a2"] == {
        "id": "s2",
        "label": "EVENT",
        "attributes": {},
        "layer": "entities",
        "start": 27,
        "end": 31,
        "fragments": [[27, 31]],
        "text": "цены",
    }


def test_cases_can_be_filtered_and_are_counted_for_people(project: Path, cli: Caller) -> None:
    assert [
        row["document"]
        for row in cli("cases", project, "--kind", "label", "--kind", "missing", "--json").rows
    ] == ["ru-1", "ru-1"]
    assert cli("cases", project, "--state", "decided", "--json").rows == []
    ran = cli("cases", project)
    assert "0 of 4 cases decided" in ran.out
    assert "Boundary" in ran.out


def test_a_rule_is_previewed_and_then_stored(project: Path, cli: Caller) -> None:
    state = cli("check", project, "--json").json["state"]
    dry = cli("adjudicate", project, "--auto", "unanimous", "--dry-run", "--json").json
    assert dry == {
        "rule": "unanimous",
        "threshold": None,
        "accepted": 1,
        "rejected": 0,
        "left": 3,
        "decided_before": 0,
        "left_by_kind": {"boundary": 1, "label": 1, "missing": 1},
        "documents": 2,
        "complete": 0,
        "stored": False,
    }
    assert cli("check", project, "--json").json["state"] == state
    assert cli("adjudicate", project, "--auto", "unanimous", "--json").json == {
        **dry,
        "stored": True,
    }
    assert cli("check", project, "--json").json["sound"] is True
    decided = cli("cases", project, "--state", "decided", "--json").rows
    assert [row["decision"]["by"] for row in decided if isinstance(row["decision"], dict)] == [
        "lead"
    ]


def test_gold_goes_out_as_any_layer_does(project: Path, cli: Caller, tmp_path: Path) -> None:
    cli("adjudicate", project, "--auto", "unanimous")
    assert (
        cli("export", project, tmp_path / "gold.jsonl", "--annotator", "gold", "--json").json[
            "spans"
        ]
        == 1
    )


@pytest.mark.parametrize(("share", "left"), [("0.5", 3), ("1", 3)])
def test_a_threshold_is_a_share(project: Path, cli: Caller, share: str, left: int) -> None:
    assert (
        cli(
            "adjudicate",
            project,
            "--auto",
            "threshold",
            "--threshold",
            share,
            "--dry-run",
            "--json",
        ).json["left"]
        == left
    )


@pytest.mark.parametrize("share", ["0", "1.5", "many", "1/0"])
def test_what_is_no_share_is_wrong_usage(project: Path, cli: Caller, share: str) -> None:
    assert cli("adjudicate", project, "--auto", "threshold", "--threshold", share).code == 2


def test_people_are_told_what_a_rule_did(project: Path, cli: Caller) -> None:
    assert "Would take 1" in cli("adjudicate", project, "--auto", "majority", "--dry-run").out
    assert "Took 1" in cli("adjudicate", project, "--auto", "majority").out


def test_with_one_annotator_there_is_nothing_to_compare(tmp_path: Path, cli: Caller) -> None:
    cli("new", tmp_path / "p.annot")
    ran = cli("cases", tmp_path / "p.annot")
    assert ran.code == 1
    assert "Collect or import the work of another one." in ran.err


def test_relations_are_listed_with_their_ends(tmp_path: Path, cli: Caller) -> None:
    claim, who = (
        span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims", "c"),
        span(FA, "مریم سهرابی", "PER", name="p"),
    )
    line = plain(labelled("fa-1", FA, "a1", [claim, who]))
    lines = [
        {
            **line,
            "relations": [
                {"id": "r", "label": "holder", "head": "c", "child": "p", "implicit": None}
            ],
        },
        {
            **line,
            "annotator": "a2",
            "relations": [
                {"id": "r", "label": "holder", "head": "c", "child": None, "implicit": "author"}
            ],
        },
    ]
    cli("new", tmp_path / "p.annot")
    cli("import", tmp_path / "p.annot", write_lines(tmp_path / "in.jsonl", lines))
    (row,) = cli("cases", tmp_path / "p.annot", "--kind", "relation", "--json").rows
    people = row["annotators"]
    assert isinstance(people, dict)
    assert (row["state"], people["a1"]["child"]["text"], people["a2"]["implicit"]) == (
        "waiting",
        "مریم سهرابی",
        "author",
    )
    assert "→" in cli("cases", tmp_path / "p.annot").out


def test_feedback_writes_a_page_for_each(project: Path, cli: Caller, tmp_path: Path) -> None:
    assert cli("feedback", project, "-o", tmp_path / "fb").code == 1
    cli("adjudicate", project, "--auto", "unanimous")
    plain_report = cli("feedback", project, "-o", tmp_path / "fb", "--json").json
    assert plain_report["annotators"] == {"a1": 0, "a2": 0}
    assert sorted(path.name for path in (tmp_path / "fb").iterdir()) == [
        "a1.html",
        "a2.html",
        "guideline-issues.html",
    ]
    assert "0 guideline issues" in cli("feedback", project, "-o", tmp_path / "fb").out


def test_only_finished_layers_are_compared_when_asked(project: Path, cli: Caller) -> None:
    assert cli("cases", project, "--done", "--json").rows == []
    assert (
        cli("adjudicate", project, "--auto", "majority", "--done", "--dry-run", "--json").json[
            "documents"
        ]
        == 0
    )
