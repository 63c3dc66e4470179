"""What decisions lead to: gold, complete or not; stale when what they saw has changed.

By rules, and what INCEpTION's curators keep.
"""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.adjudication import (
    Case,
    Docket,
    Ruling,
    add,
    after,
    annotated,
    confirm,
    docket,
    gold_set,
    merged,
    reopen,
    settle,
    settle_by_rule,
)
from annotator.adjudication.cases import version
from annotator.errors import UserError
from annotator.formats import ReadOptions, Report, find_format
from annotator.model import AnnotationSet, Relation, Span, surface
from tests.adjudication.layers import PEOPLE, TEXT, found_in, layers, mark

A, B, C = mark("1", "PER", 0, 5), mark("2", "PER", 0, 9), mark("3", "ORG", 0, 9)


def ruled(found: Docket, number: int, outcome: str, chosen: str = "") -> Docket:
    return after(found, [settle(found, found.cases[number], Ruling(outcome, chosen, by="lead"))])


def gold(found: Docket) -> list[tuple[str, str]]:
    return [(span.label, span.text) for span in found.gold.spans]


def content(annotation_set: AnnotationSet) -> list[tuple[object, ...]]:
    """Return what a layer holds apart from its ids: relations by what their ends are."""
    spans = {span.id: version(span) for span in annotation_set.spans}
    links = [
        (
            "",
            link.label,
            spans[link.head],
            spans.get(link.child or ""),
            link.implicit,
            dict(link.attributes),
        )
        for link in annotation_set.relations
    ]
    return sorted([*map(version, annotation_set.spans), *links], key=repr)


def test_accepting_ones_version_puts_it_into_gold_under_an_id_of_its_own() -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "b")
    assert gold(found) == [("PER", B.text)]
    assert found.gold.spans[0].id not in (A.id, B.id)
    assert (found.cases[0].state, found.is_complete, gold_set(found).status) == (
        "decided",
        True,
        "done",
    )
    assert found.decisions[0].chosen == ("b",)


def test_accepting_one_who_has_nothing_leaves_gold_empty() -> None:
    found = ruled(found_in({"a": [A], "b": []}), 0, "accept", "b")
    assert (gold(found), found.is_complete) == ([], True)


@pytest.mark.parametrize(("outcome", "count"), [("reject", 0), ("nobody", 0), ("several", 2)])
def test_other_outcomes(outcome: str, count: int) -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, outcome)
    assert len(found.gold.spans) == count
    assert found.is_complete


def test_boundaries_are_merged_as_a_whole_or_to_what_is_common() -> None:
    (case,) = found_in({"a": [mark("1", "PER", 0, 5)], "b": [mark("2", "PER", 3, 9)]}).cases
    assert merged(case)[0] == ((0, 9),)
    assert merged(case, only_common=True)[0] == ((3, 5),)


def test_merging_takes_the_label_of_most_and_refuses_a_tie() -> None:
    (case,) = found_in({"a": [mark("1", "PER", 0, 8)], "b": [B], "c": [C]}).cases
    assert merged(case)[1].label == "PER"
    (case,) = found_in({"a": [mark("1", "PER", 0, 8)], "b": [C]}).cases
    with pytest.raises(UserError, match="labels differ"):
        merged(case)


def test_a_merge_or_several_of_one_version_is_refused() -> None:
    (case,) = found_in({"a": [A], "b": []}).cases
    with pytest.raises(UserError, match="accept a version"):
        merged(case)
    with pytest.raises(UserError, match="only one version"):
        ruled(found_in({"a": [A], "b": []}), 0, "several")


def test_a_new_span_is_what_was_drawn() -> None:
    found = found_in({"a": [A], "b": [B]})
    drawn = Span("", "entities", "LOC", ((1, 4),), TEXT[1:4])
    later = after(found, [settle(found, found.cases[0], Ruling("new", drawn=drawn))])
    assert gold(later) == [("LOC", TEXT[1:4])]


def test_deciding_again_replaces_what_gold_had_and_keeps_its_id() -> None:
    first = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "a")
    second = ruled(first, 0, "accept", "b")
    assert gold(second) == [("PER", B.text)]
    assert second.gold.spans[0].id == first.gold.spans[0].id
    assert len(second.decisions) == 1
    assert gold(ruled(second, 0, "reject")) == []


def test_reopening_takes_the_decision_and_its_gold_away() -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "a")
    later = after(found, [reopen(found, found.cases[0])])
    assert (gold(later), later.decisions, later.cases[0].state) == ([], (), "open")


def with_set(found: Docket, name: str, *spans: Span) -> Docket:
    return docket(
        found.document,
        {**found.annotation_sets, name: AnnotationSet(name, "done", spans)},
        found.gold,
        found.decisions,
    )


def test_a_decision_is_stale_when_an_input_moves_and_stands_again_when_confirmed() -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "b")
    moved = with_set(found, "a", A._replace(fragments=((1, 5),), text=TEXT[1:5]))
    assert [case.state for case in moved.cases] == ["stale"]
    assert gold(moved) == [("PER", B.text)]
    kept = after(moved, [confirm(moved.cases[0])])
    assert (kept.cases[0].state, gold(kept), kept.decisions[0].outcome) == (
        "decided",
        [("PER", B.text)],
        "accept",
    )


def test_what_was_never_decided_cannot_be_confirmed() -> None:
    with pytest.raises(UserError, match="no decision yet"):
        confirm(found_in({"a": [A], "b": [B]}).cases[0])


def test_a_third_annotators_span_makes_the_decision_stale_and_his_silence_does_not() -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "b")
    assert [case.state for case in with_set(found, "c").cases] == ["decided"]
    assert [case.state for case in with_set(found, "c", C).cases] == ["stale"]


def test_what_all_have_deleted_is_shown_as_gone_until_it_is_confirmed_or_rejected() -> None:
    found = ruled(found_in({"a": [A], "b": [B]}), 0, "accept", "b")
    empty = with_set(with_set(found, "a"), "b")
    (case,) = empty.cases
    assert (case.kinds, case.state, case.extent, case.labels) == (
        ("gone",),
        "stale",
        (B.start, B.end),
        ("PER",),
    )
    kept = after(empty, [confirm(case)])
    assert [(case.kinds, case.state) for case in kept.cases] == [(("added",), "decided")]
    dropped = ruled(empty, 0, "reject")
    assert (dropped.cases, gold(dropped), dropped.decisions) == ((), [], ())


def test_two_decided_cases_that_become_one_are_settled_as_one() -> None:
    near, far = mark("4", "PER", 3, 9), mark("5", "PER", 10, 14)
    found = found_in({"a": [A], "b": [far]})
    found = ruled(ruled(found, 0, "accept", "a"), 1, "accept", "b")
    assert len(found.gold.spans) == 2
    moved = with_set(found, "b", replace_span(far, near))
    (case,) = moved.cases
    assert (case.state, len(case.decisions)) == ("stale", 2)
    assert gold(ruled(moved, 0, "accept", "b")) == [("PER", near.text)]


def replace_span(span: Span, like: Span) -> Span:
    return like._replace(id=span.id)


def test_a_span_that_nobody_marked_can_be_added_and_taken_away() -> None:
    found = found_in({"a": [A], "b": [A]})
    later = after(found, [add(mark("", "LOC", 10, 14), "lead", "slip")])
    assert [(case.kinds, case.state) for case in later.cases] == [
        (("agreed",), "open"),
        (("added",), "decided"),
    ]
    assert gold(ruled(later, 1, "reject")) == []


def test_reason_and_note_belong_to_a_decision() -> None:
    found = found_in({"a": [A], "b": [B]})
    with pytest.raises(UserError, match="Decide the case first"):
        annotated(found.cases[0], "slip", "")
    later = ruled(found, 0, "reject")
    noted = after(later, [annotated(later.cases[0], "boundary", "без титула")])
    assert (noted.decisions[0].reason, noted.decisions[0].note, noted.cases[0].state) == (
        "boundary",
        "без титула",
        "decided",
    )


def test_an_equal_span_that_gold_had_already_is_not_doubled() -> None:
    found = found_in({"a": [A], "b": [A]})
    imported = docket(
        "d", found.annotation_sets, AnnotationSet("gold", "done", (A._replace(id="g"),)), ()
    )
    assert [span.id for span in ruled(imported, 0, "accept", "a").gold.spans] == ["g"]


# ── Relations ─────────────────────────────────────────────────────────────────────────────────────


def linked() -> Docket:
    spans = {
        who: [mark(f"{who}1", "CLAIM", 0, 9, "claims"), mark(f"{who}2", "PER", 10, 14)]
        for who in "ab"
    }
    return found_in(spans, {"a": [Relation("r", "holder", "a1", "a2")]})


def test_a_relation_waits_for_its_ends_and_joins_golds_spans() -> None:
    found = linked()
    with pytest.raises(UserError, match="two ends"):
        ruled(found, 2, "accept", "a")
    found = ruled(ruled(found, 0, "accept", "a"), 1, "accept", "a")
    assert found.cases[2].state == "open"
    later = ruled(found, 2, "accept", "a")
    (relation,) = later.gold.relations
    assert (relation.head, relation.child) == tuple(span.id for span in later.gold.spans)
    assert later.is_complete


@pytest.mark.parametrize("who", ["a", "b"])
def test_a_relation_joins_the_one_of_several_spans_that_is_like_its_end(who: str) -> None:
    spans = {
        "a": [mark("a1", "CLAIM", 0, 9, "claims"), mark("a2", "PER", 10, 14)],
        "b": [mark("b1", "CLAIM", 0, 9, "claims"), mark("b2", "ORG", 10, 14)],
    }
    found = found_in(spans, {who: [Relation("r", "holder", f"{who}1", f"{who}2")]})
    found = ruled(ruled(found, 0, "accept", "a"), 1, "several")
    later = ruled(found, 2, "accept", who)
    (relation,) = later.gold.relations
    label = {span.id: span.label for span in later.gold.spans}
    assert label[relation.child or ""] == {"a": "PER", "b": "ORG"}[who]


def test_a_relation_whose_end_is_rejected_is_no_case_any_more() -> None:
    found = ruled(ruled(linked(), 0, "accept", "a"), 1, "reject")
    assert [case.is_relation for case in found.cases] == [False, False]
    assert found.is_complete


def test_rejecting_an_end_later_withdraws_the_relation_and_its_decision() -> None:
    found = ruled(ruled(ruled(linked(), 0, "accept", "a"), 1, "accept", "a"), 2, "accept", "a")
    later = ruled(found, 1, "reject")
    assert (later.gold.relations, len(later.decisions)) == ((), 2)
    assert len(ruled(later, 1, "accept", "a").cases) == 3


def test_a_relation_has_no_boundaries_to_merge() -> None:
    found = ruled(ruled(linked(), 0, "accept", "a"), 1, "accept", "a")
    with pytest.raises(UserError, match="no boundaries"):
        ruled(found, 2, "merge")


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "share", "expected"),
    [
        ("unanimous", Fraction(1), []),
        ("majority", Fraction(1), [("PER", B.text)]),
        ("threshold", Fraction("0.67"), []),
        ("threshold", Fraction("0.66"), [("PER", B.text)]),
    ],
)
def test_what_a_rule_takes(rule: str, share: Fraction, expected: list[tuple[str, str]]) -> None:
    found = found_in({"a": [B], "b": [B._replace(id="x")], "c": [A]})
    assert gold(settle_by_rule(found, rule, share)[1]) == expected


def test_most_have_nothing_so_a_majority_rejects() -> None:
    settlements, later = settle_by_rule(found_in({"a": [A], "b": [], "c": []}), "majority")
    assert [entry.decision.outcome for entry in settlements if entry.decision] == ["reject"]
    assert (gold(later), later.is_complete) == ([], True)


@pytest.mark.parametrize(
    ("others", "rule", "share", "is_taken"),
    [
        ([A, B, C], "majority", Fraction(1), False),  # two of four
        ([A, A, C], "majority", Fraction(1), True),  # three of four
        ([A, A, C], "unanimous", Fraction(1), False),
        ([A, A, A], "unanimous", Fraction(1), True),
        ([A, A, C], "threshold", Fraction(3, 4), True),
        ([A, A, C], "threshold", Fraction(76, 100), False),
        ([A, B, C], "threshold", Fraction(1, 2), True),
    ],
)
def test_a_majority_is_more_than_half_and_a_share_is_enough_when_it_is_met(
    others: list[Span], rule: str, share: Fraction, is_taken: bool
) -> None:
    found = found_in({name: [span] for name, span in zip("abcd", [A, *others], strict=True)})
    settlements, later = settle_by_rule(found, rule, share)
    assert gold(later) == [("PER", A.text)] * is_taken
    assert len(settlements) == is_taken


def test_a_tie_is_left_open() -> None:
    assert settle_by_rule(found_in({"a": [A], "b": []}), "threshold", Fraction(1, 2))[0] == []


def test_a_rule_leaves_what_a_person_decided() -> None:
    found = ruled(found_in({"a": [A], "b": [A._replace(id="x")]}), 0, "reject")
    assert settle_by_rule(found, "unanimous") == ([], found)


def test_what_a_rule_decided_it_decides_again_when_it_is_stale_and_what_a_person_decided_it_does_not() -> (  # noqa: E501 - the name alone is as long as a line
    None
):
    found = found_in(
        {"a": [A, mark("4", "LOC", 20, 24)], "b": [A._replace(id="x"), mark("5", "LOC", 20, 24)]}
    )
    found = ruled(found, 1, "accept", "a")
    found = settle_by_rule(found, "unanimous")[1]
    later = with_set(found, "c", A._replace(id="y"), mark("6", "LOC", 20, 24))
    assert [case.state for case in later.cases] == ["stale", "stale"]
    again = settle_by_rule(later, "unanimous")[1]
    assert [case.state for case in again.cases] == ["decided", "stale"]
    assert [span.id for span in again.gold.spans] == [span.id for span in found.gold.spans]


@given(layers(), layers(), st.sampled_from(["unanimous", "majority"]))
def test_a_rule_after_all_layers_have_changed_keeps_gold_and_decisions_together(
    drawn: dict[str, AnnotationSet], later: dict[str, AnnotationSet], rule: str
) -> None:
    first = settle_by_rule(docket("d", drawn, AnnotationSet("gold"), ()), rule)[1]
    second = settle_by_rule(docket("d", later, first.gold, first.decisions), rule)[1]
    owned = [name for decision in second.decisions for name in decision.made]
    there = {f"span/{span.id}" for span in second.gold.spans} | {
        f"relation/{link.id}" for link in second.gold.relations
    }
    assert set(owned) == there
    assert len(owned) == len(there)


# ── What always holds ─────────────────────────────────────────────────────────────────────────────


@given(layers(), st.data())
def test_deciding_every_case_leaves_none_open(
    drawn: dict[str, AnnotationSet], data: st.DataObject
) -> None:
    found = docket("d", drawn, AnnotationSet("gold"), ())
    for _round in range(200):
        case = next((case for case in found.cases if case.state == "open"), None)
        if case is None:
            break
        outcomes = [
            "accept",
            "reject",
            "nobody",
            *(["several"] if len({version(each) for each in case.have.values()}) > 1 else []),
        ]
        ruling = Ruling(
            data.draw(st.sampled_from(outcomes)), data.draw(st.sampled_from(case.people))
        )
        found = after(found, [settle(found, case, ruling)])
    assert {case.state for case in found.cases} <= {"decided"}
    ids = {span.id for span in found.gold.spans}
    assert all(
        link.head in ids and (link.child is None or link.child in ids)
        for link in found.gold.relations
    )
    assert all(surface(TEXT, span.fragments) == span.text for span in found.gold.spans)
    owned = {name for decision in found.decisions for name in decision.made}
    assert owned == {f"span/{name}" for name in ids} | {
        f"relation/{link.id}" for link in found.gold.relations
    }


@given(layers(people=("a",)), st.sampled_from(["unanimous", "majority", "threshold"]))
def test_gold_of_identical_layers_is_that_layer(drawn: dict[str, AnnotationSet], rule: str) -> None:
    annotation_set = drawn["a"]
    found = docket(
        "d",
        {name: replace(annotation_set, annotator=name) for name in PEOPLE},
        AnnotationSet("gold"),
        (),
    )
    _settlements, later = settle_by_rule(found, rule)
    assert later.is_complete
    assert content(later.gold) == content(annotation_set)


@given(layers(), st.sampled_from(["unanimous", "majority"]), st.permutations(PEOPLE))
def test_a_rule_does_not_care_about_the_order_of_annotators(
    drawn: dict[str, AnnotationSet], rule: str, order: list[str]
) -> None:
    one, other = (
        settle_by_rule(
            docket("d", {name: drawn[name] for name in names}, AnnotationSet("gold"), ()), rule
        )[1]
        for names in (PEOPLE, order)
    )
    assert content(one.gold) == content(other.gold)


@given(layers(), st.data())
def test_reopening_a_case_undoes_its_decision(
    drawn: dict[str, AnnotationSet], data: st.DataObject
) -> None:
    found = docket("d", drawn, AnnotationSet("gold"), ())
    _settlements, later = settle_by_rule(found, "majority")
    if later.decisions:
        case: Case = data.draw(st.sampled_from([case for case in later.cases if case.decisions]))
        after_it = after(later, [reopen(later, case)])
        assert all(decision.case != case.id for decision in after_it.decisions)
        assert not any(case.id == other.id and other.made for other in after_it.cases)


# ── INCEpTION's curation cases ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "simpleRelNoDiffTest",
        "simpleRelTypeDiffTest",
        "simpleSpanDiffWithLabelTest",
        "simpleSpanNoDiffNoLabelTest",
        "simpleSpanNoDiffWithLabelTest",
    ],
)
def test_inceptions_merge_is_our_unanimous_rule(shared_data: Path, name: str) -> None:
    """Compare with what INCEpTION's merge keeps of two annotators in its own test suite.

    Its rule there: what both have alike goes into the curated document, relations too; where they
    differ it leaves nothing and a curator decides. That is our rule "unanimous". Two things are
    said otherwise, neither changes gold: INCEpTION compares a relation only where both of its ends
    were merged, ours lets it wait for them; and where a difference leaves nothing, our document
    stays incomplete, its curated file cannot tell that from a place that nobody marked.
    """
    folder = shared_data / "inception_curation" / "testsuite" / name
    read = find_format("webanno-tsv").read
    assert read is not None
    (first,), (second,), (curated,) = (
        [*read(folder / f"{who}.tsv", ReadOptions(), Report())]
        for who in ("user1", "user2", "curator")
    )
    found = docket(
        "d",
        {
            "user1": first.annotation_set or AnnotationSet(),
            "user2": second.annotation_set or AnnotationSet(),
        },
        AnnotationSet("gold"),
        (),
    )
    _settlements, later = settle_by_rule(found, "unanimous")
    assert content(later.gold) == content(curated.annotation_set or AnnotationSet())
    assert later.is_complete == ("NoDiff" in name)
