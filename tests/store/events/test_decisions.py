"""Decisions are kept like all else.

Put and removed in steps, undone and redone, made anew from the log, gone with their document.
"""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model import GOLD, OUTCOMES, Decision, Seen
from annotator.model.plain import decision_of, decision_plain
from annotator.store import Store
from tests.store.projects import ANNOTATORS, content, new_project

LEAD = "Lead"
TEXTS = st.sampled_from(("", "slip", "без ё", "متن‌ها 👩‍👧"))
SEEN = st.tuples(
    st.builds(
        Seen,
        st.sampled_from(ANNOTATORS),
        st.sampled_from(("span/1", "relation/1", "span/a/b")),
        TEXTS,
    )
)
DECISIONS = st.builds(
    Decision,
    st.sampled_from(("c1", "c2", "a/b")),
    st.sampled_from(OUTCOMES),
    st.sampled_from(((), ANNOTATORS)),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    st.one_of(st.just(()), SEEN),
    st.sampled_from(((), ("span/1", "relation/1"))),
)


@given(DECISIONS)
def test_a_decision_survives_its_plain_form(decision: Decision) -> None:
    assert decision_of(decision_plain(decision)) == decision


def put(store: Store, document: str, decision: Decision) -> None:
    with store.change("decide", LEAD) as step:
        step.add_annotator(GOLD)
        step.put_decision(document, decision)


def all_decisions(store: Store) -> dict[tuple[str, str], Decision]:
    return {
        (document, each.case): each
        for document, found in store.decisions().items()
        for each in found
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(("d0", "d1")), DECISIONS, st.booleans()), min_size=1, max_size=6
    )
)
@settings(max_examples=25)
def test_decisions_put_and_removed_are_what_is_kept_undone_and_rebuilt(
    steps: list[tuple[str, Decision, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_project(Path(folder), documents=2) as store:
        expected: dict[tuple[str, str], Decision] = {}
        states: list[tuple[tuple[str, bytes], dict[tuple[str, str], Decision]]] = [
            (content(store), {})
        ]
        for document, decision, goes in steps:
            key = (document, decision.case)
            if goes and key in expected:
                with store.change("open again", LEAD) as step:
                    step.remove_decision(*key)
                del expected[key]
            else:
                put(store, document, decision)
                expected[key] = decision
            assert all_decisions(store) == expected
            states.append((content(store), dict(expected)))
        assert store.faults() == []
        for state, decisions in reversed(states[:-1]):
            assert store.undo(LEAD) is not None
            assert (content(store), all_decisions(store)) == (state, decisions)
        for state, decisions in states[1:]:
            assert store.redo(LEAD) is not None
            assert (content(store), all_decisions(store)) == (state, decisions)
        store.rebuild()
        assert (content(store), all_decisions(store)) == states[-1]


def test_the_decisions_of_some_documents_are_found(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=2) as store:
        for name in ("d0", "d1"):
            put(store, name, Decision("c", "reject"))
        assert list(store.decisions(["d1"])) == ["d1"]
        assert store.decisions(["nothing"]) == {}


def test_a_changed_decision_is_another_state(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        put(store, "d0", Decision("c", "reject"))
        before = store.state_hash()
        put(store, "d0", Decision("c", "reject", note="why"))
        assert store.state_hash() != before
        changes = store.undo(LEAD)
        assert changes is not None
        assert (set(changes.kinds), set(changes.entities or ())) == ({"decisions"}, {"c"})
