"""Prodigy: tokens and spans, relations between last tokens, answers, its own fixture."""

from pathlib import Path

import orjson
import pytest

from annotator.formats import Report, WriteOptions, guess, prodigy
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.formats.peers import (
    SENTENCE,
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    plain_records,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import VALUES, read_all


class TestProdigy(PeerRoundTrip):
    format = prodigy.FORMAT
    records = plain_records(values=VALUES, layers=("entities", "claims"))
    attributes_kept = True


def test_tokens_are_counted_with_their_last_and_offsets_without(tmp_path: Path) -> None:
    target, _files = written(prodigy.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    plain = orjson.loads(target.read_bytes())
    assert [
        (span["start"], span["end"], span["token_start"], span["token_end"])
        for span in plain["spans"]
    ] == [
        (2, 6, 1, 1),
        (11, 28, 3, 5),
    ]
    assert [(entry["head"], entry["child"]) for entry in plain["relations"]] == [(5, 1)]


def _line(**keys: object) -> str:
    tokens = [
        {"text": "😊", "start": 0, "end": 1, "id": 0},
        {"text": "دولت", "start": 2, "end": 6, "id": 1},
    ]
    return orjson.dumps({"text": SENTENCE, "tokens": tokens, "answer": "accept", **keys}).decode()


def test_rejected_and_ignored_records_are_counted(tmp_path: Path) -> None:
    content = "\n".join(_line(answer=answer) for answer in ("accept", "reject", "ignore", "reject"))
    found, report = read_text_as(prodigy.FORMAT, tmp_path, content)
    assert len(found) == 1
    assert {(loss.kind, loss.count) for loss in report.losses()} == {
        ("rejected records", 2),
        ("rejected records", 1),
    }


def test_a_relation_names_its_spans_by_place_or_by_their_last_token(tmp_path: Path) -> None:
    spans = [{"start": 0, "end": 1, "label": "A"}, {"start": 2, "end": 6, "label": "B"}]
    by_token = {"head": 0, "child": 1, "label": "r"}
    by_place = {"head": 1, "child": 0, "head_span": spans[1], "child_span": spans[0], "label": "s"}
    found, report = read_text_as(
        prodigy.FORMAT, tmp_path, _line(spans=spans, relations=[by_token, by_place])
    )
    assert links_of(found[0]) == [("r", "😊", "دولت"), ("s", "دولت", "😊")]
    found, report = read_text_as(
        prodigy.FORMAT,
        tmp_path,
        _line(spans=[*spans, {"start": 0, "end": 6, "label": "B"}], relations=[by_token]),
    )
    assert links_of(found[0]) == []
    assert total(report, "relations") == 1


def test_the_tokens_tell_the_unit_of_spans_that_state_no_text(tmp_path: Path) -> None:
    tokens = [
        {"text": "😊", "start": 0, "end": 2, "id": 0},
        {"text": "دولت", "start": 3, "end": 7, "id": 1},
    ]
    found, report = read_text_as(
        prodigy.FORMAT, tmp_path, _line(tokens=tokens, spans=[{"start": 3, "end": 7, "label": "A"}])
    )
    assert spans_of(found[0]) == [("A", 2, 6)]
    assert [change.kind for change in report.changes()] == ["offsets"]


@pytest.mark.parametrize(
    "keys",
    [
        {"spans": [{"start": 0, "end": 99, "label": "A"}]},
        {"spans": [{"start": 0, "end": 1}]},
        {"spans": 7},
        {"text": None},
        {"relations": [{"head": 99, "child": 0, "label": "x"}]},
        {"attributes": 7},
    ],
)
def test_a_broken_line_is_a_problem_with_its_number(
    tmp_path: Path, keys: dict[str, object]
) -> None:
    found, report = read_text_as(prodigy.FORMAT, tmp_path, f"\n{_line(**keys)}")
    assert (found, [problem.line for problem in report.problems]) == ([], [2])


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(prodigy.FORMAT, tmp_path, gapped()) == {
        "paragraph directions": 1,
        "discontinuous": 1,
        "implicit arguments": 1,
    }


def test_its_own_fixture(shared_data: Path) -> None:
    path = shared_data / "prodigy/rel_component_2_records.jsonl"
    found, report = read_all(prodigy.FORMAT, path)
    assert report.problems == []
    assert spans_of(found[0])[:2] == [("GGP", 13, 17), ("GGP", 66, 69)]
    assert links_of(found[0])[0] == ("Pos-Reg", "Smad", "Id1")
    assert total(report, "relations") == 0
    chosen = guess(path)
    assert chosen
    assert chosen.id == "prodigy"


def test_spans_beside_the_tokens_are_kept_by_their_characters_and_listed(tmp_path: Path) -> None:
    text = "кто-то сказал"
    spans = (Span("1", "e", "A", ((0, 3),), "кто"), Span("2", "e", "A", ((7, 13),), "сказал"))
    report = Report()
    record = Labelled(Document("", "n", text), AnnotationSet(spans=spans))
    (path,) = prodigy.write(
        [record], tmp_path / "a.jsonl", WriteOptions(tokenizer="razdel"), report
    )
    assert [(entry.text, entry.outcome) for entry in report.misaligned] == [("кто", "kept")]
    plain = orjson.loads(path.read_bytes())
    assert [token["text"] for token in plain["tokens"]] == ["кто-то", "сказал"]
    assert ["token_start" in span for span in plain["spans"]] == [False, True]
