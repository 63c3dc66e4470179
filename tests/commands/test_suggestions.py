"""Suggestions.

Shown beside one's own work, accepted or dismissed with one key, and never again after an answer.
"""

from pathlib import Path

import orjson
import pytest

from annotator.commands import keys, spans, suggestions
from annotator.jobs import ImportOptions, import_files
from annotator.model import AnnotationSet, Relation, Span
from annotator.session import Session
from annotator.store import Store
from tests.commands.hands import can, label, run, shown
from tests.projects import FA, made, span

MODEL = "model:v1"
PERSON, PLACE = "مریم سهرابی", "شهرداری رشت"


def suggest(
    store: Store, spans_: list[Span], relations: tuple[Relation, ...] = (), name: str = MODEL
) -> None:
    """Put suggestions of a model for the Persian document into a project."""
    with store.change("", "") as step:
        step.import_annotation_set(
            "fa-1",
            step.add_annotator(name),
            AnnotationSet(name, spans=tuple(spans_), relations=relations),
            FA,
        )


@pytest.fixture
def asked(session: Session) -> Session:
    """Return the session with three suggestions for the open document."""
    suggest(
        session.store,
        [
            span(FA, PERSON, "PER", name="s1"),
            span(FA, PLACE, "ORG", name="s2"),
            span(FA, "رشت", "GPE", name="s3"),
        ],
    )
    session.open_document("fa-1")
    return session


def waiting(session: Session) -> list[tuple[str, str]]:
    """Return the open suggestions in reading order."""
    return [(entry.label, entry.text) for entry in session.suggestions.order]


def test_suggestions_are_not_ones_own_work(asked: Session) -> None:
    assert waiting(asked) == [("PER", PERSON), ("ORG", PLACE), ("GPE", "رشت")]
    assert shown(asked) == []
    assert asked.store.annotation_set("fa-1", "aida").is_empty


def test_one_key_accepts_and_goes_on(asked: Session) -> None:
    run(asked, "suggestions.following")
    for key in "YYY":
        assert keys.press(asked, key)
    assert shown(asked) == [("PER", PERSON), ("ORG", PLACE), ("GPE", "رشت")]
    assert waiting(asked) == []
    assert {entry.origin for entry in asked.spans.values()} == {MODEL}
    assert asked.status == "open"


def test_one_key_dismisses_for_good(asked: Session, tmp_path: Path) -> None:
    run(asked, "suggestions.following")
    assert keys.press(asked, "N")
    assert waiting(asked) == [("ORG", PLACE), ("GPE", "رشت")]
    asked.open_document("kk-1")
    asked.open_document("fa-1")
    assert waiting(asked) == [("ORG", PLACE), ("GPE", "رشت")]
    assert asked.store.answers("fa-1", "aida") == {
        asked.suggestions.twins(_key(asked, "s1"))[0].id: "dismissed"
    }
    assert asked.store.answers("fa-1", "sara") == {}


def _key(session: Session, name: str) -> str:
    return next(entry for entry in session.suggestions._all if entry.endswith(f"/{name}"))


def test_an_answer_is_taken_back_and_given_again_by_undo_and_redo(asked: Session) -> None:
    run(asked, "suggestions.following")
    run(asked, "suggestions.accept")
    run(asked, "suggestions.dismiss")
    assert waiting(asked) == [("GPE", "رشت")]
    run(asked, "history.undo")
    assert asked.suggested is not None
    assert asked.suggested.text == PLACE
    run(asked, "history.undo")
    assert shown(asked) == []
    assert len(waiting(asked)) == 3
    run(asked, "history.redo")
    run(asked, "history.redo")
    assert (shown(asked), waiting(asked)) == ([("PER", PERSON)], [("GPE", "رشت")])
    assert asked.store.faults() == []


def test_the_key_of_a_label_accepts_under_that_label(asked: Session) -> None:
    run(asked, "suggestions.following")
    assert keys.press(asked, "2")
    assert shown(asked) == [("ORG", PERSON)]
    assert len(waiting(asked)) == 2


def test_what_one_labels_oneself_is_no_longer_suggested_until_it_is_taken_away(
    asked: Session,
) -> None:
    label(asked, "رشت", "4")
    assert waiting(asked) == [("PER", PERSON), ("ORG", PLACE)]
    run(asked, "spans.delete")
    assert waiting(asked) == [("PER", PERSON), ("ORG", PLACE), ("GPE", "رشت")]


def test_an_accepted_span_that_is_deleted_is_not_suggested_again(asked: Session) -> None:
    run(asked, "suggestions.accept_all")
    assert len(shown(asked)) == 3
    asked.select_span(asked.in_order()[0].id)
    run(asked, "spans.delete")
    assert waiting(asked) == []


def test_accepting_all_is_one_step_that_says_how_many(asked: Session) -> None:
    assert suggestions.summary(asked) == [("PER", 1), ("ORG", 1), ("GPE", 1)]
    run(asked, "suggestions.accept_all")
    step = asked.store.undoable("aida")
    assert step is not None
    assert "3" in step.title
    run(asked, "history.undo")
    assert (shown(asked), len(waiting(asked))) == ([], 3)


def test_tab_walks_through_spans_and_suggestions_in_reading_order(asked: Session) -> None:
    label(asked, "قیمت‌ها پایین آمد", "C")
    asked.select_text(0, 0)
    seen = []
    for _step in range(4):
        run(asked, "spans.following")
        here = asked.selected or asked.suggested
        assert here is not None
        seen.append(here.text)
    assert seen == [PERSON, "قیمت‌ها پایین آمد", PLACE, "رشت"]
    spans.preceding(asked)
    assert asked.suggested is not None
    assert asked.suggested.text == PLACE


def test_two_models_that_propose_the_same_ask_once(asked: Session) -> None:
    suggest(asked.store, [span(FA, PERSON, "PER", name="s1")], name="rule:names")
    asked.open_document("fa-1")
    assert len(waiting(asked)) == 3
    run(asked, "suggestions.following")
    run(asked, "suggestions.dismiss")
    asked.open_document("fa-1")
    assert waiting(asked) == [("ORG", PLACE), ("GPE", "رشت")]


def test_a_proposed_relation_comes_when_both_of_its_ends_are_accepted(session: Session) -> None:
    ends = [
        span(FA, PERSON, "PER", name="p"),
        span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims", name="c"),
    ]
    suggest(session.store, ends, (Relation("r", "holder", "c", "p"),))
    session.open_document("fa-1")
    own = label(session, PERSON, "1")
    assert waiting(session) == [("CLAIM", "قیمت‌ها پایین آمد")]
    run(session, "suggestions.following")
    run(session, "suggestions.accept")
    assert [(entry.label, entry.child) for entry in session.relations.values()] == [
        ("holder", own.id)
    ]


def test_labels_that_the_schema_lacks_are_not_suggested(session: Session) -> None:
    suggest(session.store, [span(FA, PERSON, "ALIEN", name="s1")])
    session.open_document("fa-1")
    assert waiting(session) == []
    assert not can(session, "suggestions.following")


def test_one_may_work_without_seeing_suggestions(asked: Session) -> None:
    asked.show_suggestions(on=False)
    assert waiting(asked) == []
    asked.show_suggestions(on=True)
    assert len(waiting(asked)) == 3


def test_letting_go_leaves_the_suggestion(asked: Session) -> None:
    run(asked, "suggestions.preceding")
    assert asked.suggested is not None
    run(asked, "selecting.let_go")
    assert asked.suggested is None


def test_answers_are_made_anew_from_the_log(tmp_path: Path) -> None:
    store = made(tmp_path / "p.annot")
    suggest(store, [span(FA, PERSON, "PER", name="s1")])
    session = Session(store, "aida")
    session.open_document("fa-1")
    run(session, "suggestions.following")
    run(session, "suggestions.dismiss")
    before = store.answers("fa-1", "aida")
    store.rebuild()
    assert store.answers("fa-1", "aida") == before != {}
    session.close()


def test_predictions_of_a_label_studio_file_come_as_suggestions(
    session: Session, tmp_path: Path
) -> None:
    place = {
        "start": FA.index(PERSON),
        "end": FA.index(PERSON) + len(PERSON),
        "text": PERSON,
        "labels": ["PER"],
    }
    result = [
        {"id": "r1", "from_name": "entities", "to_name": "text", "type": "labels", "value": place}
    ]
    task = {
        "data": {"text": FA, "document_id": "fa-1"},
        "annotations": [],
        "predictions": [{"model_version": "v2", "result": result}],
    }
    file = tmp_path / "tasks.json"
    file.write_bytes(orjson.dumps([task]))
    report = import_files(session.store, [file], ImportOptions(), "aida")
    assert (report.problems, len(report.known)) == ([], 1)
    assert [(span.text, span.origin) for span in session.suggestions.order] == [
        (PERSON, "model:v2")
    ]
