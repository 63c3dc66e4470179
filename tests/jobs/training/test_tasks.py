"""Rows for a task: every quote is what its text says, and what does not fit is told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.formats import Report
from annotator.jobs.training.rows import _faults, labels_in
from annotator.jobs.training.tasks import TASKS, Page, TaskOptions, polarity_of
from annotator.model import Labelled, Relation, Span, surface
from annotator.model.schema_files import load_schema
from annotator.text.tag_schemes import tags_to_entities
from annotator.text.tokenizers import tokenizer
from tests.formats.round_trip import CALM, records
from tests.projects import FA, KK, RU, labelled, span

NEWS = load_schema("news")
ENTITIES = TaskOptions(NEWS, ("entities",), tokenizer())
ALL = TaskOptions(NEWS, (), tokenizer())

CLAIM = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims", "c")
STANCE = span(FA, "به‌شدت مخالفت کرد", "STANCE", "stance", "s")._replace(
    attributes={"polarity": "oppose"}
)
PERSON, CITY = span(FA, "مریم سهرابی", "PER", name="p"), span(FA, "شهرداری رشت", "ORG", name="o")
SPANS = (PERSON, CLAIM, CITY, STANCE)
LINKS = (
    Relation("r1", "holder", "c", "p"),
    Relation("r2", "target", "s", "c"),
    Relation("r3", "holder", "s", None, "author"),
)


def rows(
    task: str, record: Labelled, options: TaskOptions = ALL
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the rows of a record, and how many things of each kind are told as lost."""
    report = Report()
    found = list(TASKS[task](Page(record, options), options, report))
    assert [fault for row in found for fault in _faults(row)] == []
    return found, {loss.kind: loss.count for loss in report.losses()}


def news(
    spans: Sequence[Span] = SPANS, relations: Sequence[Relation] = LINKS, text: str = FA
) -> Labelled:
    return labelled("d1", text, "a1", spans, relations)


def test_tokens_carry_a_tag_each() -> None:
    (row,), lost = rows("tokens", news(), ENTITIES)
    assert row["tags"][:4] == ["B-PER", "I-PER", "O", "O"]
    assert [
        row["tokens"][entity.first : entity.last_exclusive]
        for entity in tags_to_entities(row["tags"])[0]
    ] == [
        ["مریم", "سهرابی"],
        ["شهرداری", "رشت"],
    ]
    assert lost == {}
    assert labels_in(row) == {"PER": 1, "ORG": 1}


def test_several_layers_have_tags_of_their_own() -> None:
    (row,), _lost = rows("tokens", news(), replace(ALL, layers=("entities", "claims")))
    assert len(row["tags_entities"]) == len(row["tags_claims"]) == len(row["tokens"])
    assert labels_in(row) == {"PER": 1, "ORG": 1, "CLAIM": 1}


def test_spans_off_the_tokens_and_nested_ones_are_told() -> None:
    half, inner = span(FA, "سهراب", "PER", name="h"), span(FA, "رشت", "GPE", name="g")
    report = Report()
    (row,) = TASKS["tokens"](Page(news([half, CITY, inner], []), ENTITIES), ENTITIES, report)
    assert {loss.kind: loss.count for loss in report.losses()} == {"boundaries": 1, "nested": 1}
    assert [(entry.text, entry.outcome) for entry in report.misaligned] == [("سهراب", "widened")]
    assert labels_in(row) == {"PER": 1, "ORG": 1}


def test_a_window_keeps_sentences_whole_and_tells_what_it_cuts() -> None:
    whole = span(FA, FA[: FA.index(" رشت")], "EVENT", name="e")
    found, lost = rows("tokens", news([whole], []), replace(ENTITIES, window=8))
    assert len(found) > 1
    assert all(len(row["tokens"]) <= 8 for row in found)
    assert sum(len(row["tokens"]) for row in found) == len(
        rows("tokens", news([], []), ENTITIES)[0][0]["tokens"]
    )
    assert lost == {"cut spans": 1}


def test_spans_stay_as_they_are_nested_or_not() -> None:
    (row,), lost = rows("spans", news())
    assert [entry["label"] for entry in row["spans"]] == ["PER", "CLAIM", "ORG", "STANCE"]
    assert lost == {}
    found, lost = rows("spans", news([span(FA, FA[:50], "EVENT")], []), replace(ALL, window=6))
    assert (lost, sum(len(row["spans"]) for row in found)) == ({"cut spans": 1}, 0)


def test_sentences_have_the_labels_that_reach_into_them() -> None:
    found, _lost = rows("sentences", news(), replace(ALL, layers=("claims",)))
    assert [row["labels"] for row in found] == [["CLAIM"], []]
    assert found[1]["text"].startswith("شهرداری")


def test_a_stance_has_its_target_and_the_text_of_both() -> None:
    (row,), _lost = rows("stance", news())
    assert (row["claim"]["text"], row["target"]["text"], row["polarity"]) == (
        STANCE.text,
        CLAIM.text,
        "oppose",
    )
    assert row["text"] == FA
    assert labels_in(row) == {"oppose": 1}


def test_a_stance_without_a_target_or_a_polarity() -> None:
    (row,), _lost = rows("stance", news([STANCE], []))
    assert (row["target"], row["text"]) == (None, FA[FA.index("شهرداری") :])
    assert rows("stance", news([STANCE._replace(attributes={})], [])) == ([], {"stances": 1})
    (row,), _lost = rows("stance", news([STANCE], [Relation("r", "target", "s", None, "unknown")]))
    assert (row["target"], row["implicit"]) == (None, "unknown")


def test_a_schema_without_polarity_has_no_stances() -> None:
    with pytest.raises(UserError, match="no stances to learn"):
        polarity_of(load_schema("entities"))


def test_pairs_have_their_relation_and_negatives_when_asked_for() -> None:
    found, lost = rows("relations", news())
    assert [(row["head"]["label"], row["label"], row["child"]["label"]) for row in found] == [
        ("CLAIM", "holder", "PER"),
        ("STANCE", "target", "CLAIM"),
    ]
    assert lost == {"relations": 1}
    more, _lost = rows("relations", news(), replace(ALL, negatives=1))
    negatives = [row for row in more if row["label"] == "none"]
    assert len(negatives) == 2
    related = {(row["head"]["start"], row["child"]["start"]) for row in found}
    allowed = {
        ("CLAIM", "PER"),
        ("CLAIM", "ORG"),
        ("STANCE", "PER"),
        ("STANCE", "ORG"),
        ("STANCE", "CLAIM"),
    }
    for row in negatives:
        assert (row["head"]["label"], row["child"]["label"]) in allowed
        assert (row["head"]["start"], row["child"]["start"]) not in related
    assert more == rows("relations", news(), replace(ALL, negatives=1))[0]
    assert rows("relations", news(), replace(ALL, window=3)) == (
        [],
        {"relations": 1, "cut pairs": 2},
    )


def test_a_discontinuous_span_keeps_its_fragments() -> None:
    places = ((0, 4), (12, 15))
    torn = Span("t", "entities", "PER", places, surface(FA, places))
    (row,), _lost = rows("spans", news([torn], []))
    assert row["spans"][0]["fragments"] == [[0, 4], [12, 15]]
    assert rows("tokens", news([torn], []), ENTITIES)[1]["discontinuous"] == 1


@CALM
@given(record=records(), window=st.sampled_from([0, 1, 3]), task=st.sampled_from(sorted(TASKS)))
def test_whatever_a_record_holds_rows_say_what_its_text_says(
    record: Labelled, window: int, task: str
) -> None:
    found, _lost = rows(task, record, replace(ALL, window=window, negatives=1))
    text = record.document.text
    for row in found:
        assert text[row["start"] :].startswith(row["text"])
        if window and task == "tokens":
            assert len(row["tokens"]) <= window


@CALM
@given(record=records())
def test_no_token_is_lost_between_windows(record: Labelled) -> None:
    whole = [token for row in rows("tokens", record, ENTITIES)[0] for token in row["tokens"]]
    assert [
        token
        for row in rows("tokens", record, replace(ENTITIES, window=2))[0]
        for token in row["tokens"]
    ] == whole


def test_the_texts_of_three_languages_are_cut_into_sentences() -> None:
    for text in (FA, KK, RU):
        found, _lost = rows("sentences", labelled("d", text, "a1"))
        assert " ".join(row["text"] for row in found) == text
