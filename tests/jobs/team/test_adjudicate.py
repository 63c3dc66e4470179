"""Adjudication of a stored project.

Cases, decisions as steps that can be undone, rules, and feedback.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from annotator.adjudication import Docket, Ruling, Settlement, add, settle
from annotator.errors import CancelledError, UserError
from annotator.jobs.team.adjudicate import (
    adjudicate,
    check_people,
    docket_of,
    dockets,
    people,
    preview,
    standing,
    store_settlements,
)
from annotator.jobs.team.feedback import file_names, write_feedback
from annotator.model import AnnotationSet, Document, Relation, Span, new_id
from annotator.store import Store, annotator_id
from tests.projects import FA, KK, RU, TEXTS, made, span

LEAD = "Lead"
ALL = Fraction(1)


def put(
    store: Store, document: str, name: str, *spans: Span, relations: tuple[Relation, ...] = ()
) -> None:
    with store.change("work", name) as step:
        step.import_annotation_set(
            document,
            step.add_annotator(name),
            AnnotationSet("", "done", spans, relations),
            TEXTS[document],
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a project with two annotators.

    They agree on one span, differ on others, and a claim has a holder.
    """
    with made(tmp_path / "p.annot") as opened:
        claim, who = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims"), span(FA, "مریم سهرابی", "PER")
        put(
            opened,
            "fa-1",
            "سارا",
            claim,
            who,
            relations=(Relation("r", "holder", claim.id, who.id),),
        )
        claim, who = span(FA, "قیمت‌ها پایین آمد", "CLAIM", "claims"), span(FA, "مریم سهرابی", "PER")
        put(
            opened,
            "fa-1",
            "Reza",
            claim,
            who,
            span(FA, "رشت", "GPE"),
            relations=(Relation("r", "holder", claim.id, who.id),),
        )
        put(opened, "ru-1", "سارا", span(RU, "Анна Кравцова", "PER"))
        put(opened, "ru-1", "Reza", span(RU, "Анна", "PER"))
        put(opened, "kk-1", "سارا", span(KK, "Әлия", "PER"))
        yield opened


def all_of(store: Store) -> dict[str, Docket]:
    return {found.document: found for found in dockets(store, people(store))}


def decide(store: Store, document: str, number: int, outcome: str, chosen: str = "") -> Settlement:
    found = all_of(store)[document]
    settlement = settle(found, found.cases[number], Ruling(outcome, chosen, by=LEAD))
    keep(store, document, settlement)
    return settlement


def keep(store: Store, document: str, settlement: Settlement) -> None:
    with store.change("decide", LEAD) as step:
        store_settlements(store, step, all_of(store)[document], [settlement])


def test_only_documents_of_two_annotators_have_cases(store: Store) -> None:
    found = all_of(store)
    assert {name: [case.kinds[0] for case in each.cases] for name, each in found.items()} == {
        "fa-1": ["agreed", "agreed", "missing", "agreed"],
        "ru-1": ["boundary"],
    }
    assert all(len(each.annotation_sets) == 2 for each in found.values())


def test_unfinished_work_can_be_left_out(store: Store) -> None:
    with store.change("reopen", "Reza") as step:
        step.put_status("ru-1", annotator_id("Reza"), "open")
    assert [each.document for each in dockets(store, people(store), only_done=True)] == ["fa-1"]
    assert docket_of(store, "ru-1", people(store), only_done=True) is None
    assert adjudicate(store, people(store), "unanimous", ALL, LEAD, only_done=True).documents == 1


def test_suggesters_repeats_and_gold_are_not_compared(store: Store) -> None:
    put(store, "ru-1", "model:v1", span(RU, "Анна", "PER"))
    put(store, "ru-1", "Reza (repeat 1)", span(RU, "Анна", "PER"))
    decide(store, "ru-1", 0, "accept", "Reza")
    assert people(store) == ("سارا", "Reza")
    assert people(store, ("model:v1", "Reza")) == ("model:v1", "Reza")


def test_whoever_has_not_worked_cannot_be_compared(store: Store) -> None:
    with pytest.raises(UserError, match="Nobody called"):
        people(store, ("nobody",))
    with pytest.raises(UserError, match="Collect or import"):
        check_people(("Reza",))


def test_a_decision_is_stored_with_gold_and_one_undo_takes_both_back(store: Store) -> None:
    before = store.state_hash()
    decide(store, "ru-1", 0, "accept", "Reza")
    after = store.state_hash()
    gold = store.annotation_set("ru-1", "gold")
    assert ([each.text for each in gold.spans], gold.status) == (["Анна"], "done")
    assert store.decisions()["ru-1"][0].by == LEAD
    store.undo(LEAD)
    assert (store.state_hash(), store.decisions()) == (before, {})
    store.redo(LEAD)
    assert store.state_hash() == after
    assert all_of(store)["ru-1"].is_complete


@pytest.mark.parametrize("outcome", ["reject", "nobody", "several"])
def test_the_log_alone_gives_the_decisions_again(store: Store, outcome: str) -> None:
    decide(store, "ru-1", 0, outcome)
    state, decisions = store.state_hash(), store.decisions()
    store.rebuild()
    assert (store.faults(), store.state_hash(), store.decisions()) == ([], state, decisions)


def test_deciding_again_and_undoing_brings_the_first_decision_back(store: Store) -> None:
    decide(store, "ru-1", 0, "accept", "Reza")
    first = store.state_hash()
    decide(store, "ru-1", 0, "accept", "سارا")
    assert [each.text for each in store.annotation_set("ru-1", "gold").spans] == ["Анна Кравцова"]
    store.undo(LEAD)
    assert store.state_hash() == first


def test_a_changed_input_makes_the_decision_stale_and_leaves_gold_as_it_is(store: Store) -> None:
    decide(store, "ru-1", 0, "accept", "Reza")
    (own,) = store.annotation_set("ru-1", "Reza").spans
    with store.change("move", "Reza") as step:
        step.put_span(
            "ru-1", annotator_id("Reza"), own._replace(fragments=((5, 13),), text=RU[5:13])
        )
    assert [case.state for case in all_of(store)["ru-1"].cases] == ["stale"]
    assert [each.text for each in store.annotation_set("ru-1", "gold").spans] == ["Анна"]


def test_rejecting_an_end_takes_the_relation_out_of_gold(store: Store) -> None:
    adjudicate(store, people(store), "unanimous", ALL, LEAD)
    assert len(store.annotation_set("fa-1", "gold").relations) == 1
    decide(store, "fa-1", 0, "reject")
    assert store.annotation_set("fa-1", "gold").relations == ()
    assert store.faults() == []
    store.undo(LEAD)
    assert len(store.annotation_set("fa-1", "gold").relations) == 1


def test_a_rule_decides_in_one_step(store: Store) -> None:
    before = store.state_hash()
    would = preview(list(all_of(store).values()), "unanimous", ALL)
    did = adjudicate(store, people(store), "unanimous", ALL, LEAD)
    assert {**would.to_plain(), "stored": True} == did.to_plain()
    assert (did.counts["accepted"], did.counts["left"], did.complete) == (3, 2, 0)
    far = standing(all_of(store))
    assert (far.decided, far.cases, far.complete, far.documents) == (3, 5, 0, 2)
    assert store.faults() == []
    store.undo(LEAD)
    assert store.state_hash() == before


def test_a_rule_twice_decides_nothing_new(store: Store) -> None:
    adjudicate(store, people(store), "majority", ALL, LEAD)
    state = store.state_hash()
    assert adjudicate(store, people(store), "majority", ALL, LEAD).counts["accepted"] == 0
    assert store.state_hash() == state


def test_a_rule_that_is_cancelled_leaves_nothing(store: Store) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise CancelledError("enough")

    before = store.state_hash()
    with pytest.raises(CancelledError):
        adjudicate(store, people(store), "unanimous", ALL, LEAD, stop)
    assert store.state_hash() == before


def test_a_rule_broken_off_between_two_portions_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.jobs.team.adjudicate.CHUNK", 1)
    before, reports = store.state_hash(), list[int]()

    def stop(done: int, total: int, what: str) -> None:
        reports.append(done)
        if len(reports) == 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        adjudicate(store, people(store), "unanimous", ALL, LEAD, stop)
    assert (len(reports), store.state_hash()) == (2, before)
    assert store.undoable(LEAD) is None


def test_documents_in_portions_are_one_step(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.jobs.team.adjudicate.CHUNK", 1)
    put(store, "kk-1", "Reza", span(KK, "Әлия", "PER"))
    before = store.state_hash()
    assert adjudicate(store, people(store), "unanimous", ALL, LEAD).complete == 1
    store.undo(LEAD)
    assert store.state_hash() == before


def test_one_document_is_found_as_in_the_whole(store: Store) -> None:
    decide(store, "fa-1", 2, "reject")
    one = docket_of(store, "fa-1", people(store))
    assert one is not None
    assert [(case.id, case.state) for case in one.cases] == [
        (case.id, case.state) for case in all_of(store)["fa-1"].cases
    ]
    assert docket_of(store, "kk-1", people(store)) is None
    assert docket_of(store, "nothing", people(store)) is None


def test_a_removed_document_takes_its_decisions_along(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot", texts={}) as store:
        with store.change("texts", LEAD) as step:
            step.add_document(Document("ru-1", "ru-1", RU, "ru"))
        put(store, "ru-1", "a", span(RU, "Анна", "PER"))
        put(store, "ru-1", "b", span(RU, "Анна", "PER"))
        adjudicate(store, ("a", "b"), "unanimous", ALL, "b")
        for who in ("b", "b", "a"):
            store.undo(who)
        store.undo(LEAD)
        assert store.decisions() == {}
        assert store.faults() == []


# ── Feedback ──────────────────────────────────────────────────────────────────────────────────────


def test_feedback_tells_each_what_was_decided_otherwise_and_nothing_of_the_others(
    store: Store, tmp_path: Path
) -> None:
    found = all_of(store)["ru-1"]
    settlement = settle(
        found, found.cases[0], Ruling("accept", "سارا", reason="guideline", note="имя <и> фамилия")
    )
    keep(store, "ru-1", settlement)
    report = write_feedback(store, people(store), tmp_path / "fb")
    assert report.to_plain()["annotators"] == {"سارا": 0, "Reza": 1}
    assert report.issues == 1
    page = (tmp_path / "fb" / "Reza.html").read_text(encoding="utf-8")
    for words in (
        "Анна Кравцова",
        "имя &lt;и&gt; фамилия",
        "The guideline is unclear or silent",
        'dir="ltr"',
    ):
        assert words in page
    assert "سارا" not in page
    assert "<article>" not in (tmp_path / "fb" / "سارا.html").read_text(encoding="utf-8")
    assert "<mark>Анна Кравцова</mark>" in (tmp_path / "fb" / "guideline-issues.html").read_text(
        encoding="utf-8"
    )


def test_feedback_quotes_a_persian_text_from_right_to_left(store: Store, tmp_path: Path) -> None:
    decide(store, "fa-1", 2, "reject")
    write_feedback(store, people(store), tmp_path / "fb")
    assert '<blockquote dir="rtl">' in (tmp_path / "fb" / "Reza.html").read_text(encoding="utf-8")


def test_feedback_speaks_of_relations_and_of_added_spans(store: Store, tmp_path: Path) -> None:
    adjudicate(store, people(store), "unanimous", ALL, LEAD)
    decide(store, "fa-1", 3, "reject")
    keep(store, "ru-1", add(span(RU, "Мэрия Зареченска", "ORG", name=new_id()), LEAD, "slip"))
    report = write_feedback(store, people(store), tmp_path / "fb")
    assert report.remarks == {"سارا": 2, "Reza": 2}
    page = (tmp_path / "fb" / "Reza.html").read_text(encoding="utf-8")
    assert "holder" in page
    assert "Мэрия Зареченска" in page


def test_without_decisions_there_is_no_feedback(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Adjudicate first"):
        write_feedback(store, people(store), tmp_path / "fb")
    assert not (tmp_path / "fb").exists()


def test_a_folder_that_cannot_be_made_is_named(store: Store, tmp_path: Path) -> None:
    decide(store, "ru-1", 0, "reject")
    (tmp_path / "fb").write_text("a file")
    with pytest.raises(UserError, match="fb"):
        write_feedback(store, people(store), tmp_path / "fb")


def test_names_become_file_names_that_differ() -> None:
    assert file_names(["a/b", "a b", "سارا", "..", "Guideline-issues"]) == [
        "a-b.html",
        "a-b-2.html",
        "سارا.html",
        "annotator.html",
        "Guideline-issues-2.html",
    ]
