"""What a project holds, in numbers; and the collector that is paused while bulk work runs."""

import gc
from pathlib import Path

import pytest

from annotator.gc_pause import collector_paused
from annotator.jobs import ImportOptions, import_files, statistics
from annotator.model import Relation
from annotator.store import Store
from tests.projects import FA, KK, RU, labelled, plain, span, write_lines


@pytest.fixture
def store(store: Store, tmp_path: Path) -> Store:
    """Return a project in which one claim has a holder, another has none.

    And a stance lacks all.
    """
    spans = [
        span(RU, "Анна Кравцова", "PER", name="s1"),
        span(RU, "цены снизились", "CLAIM", "claims", "s2"),
        span(RU, "снизились", "CLAIM", "claims", "s3"),
        span(RU, "раскритиковала", "STANCE", "stance", "s4"),
    ]
    lines = [
        plain(
            labelled("d1", RU, "a1", spans, [Relation("r1", "holder", "s2", "s1")]), status="done"
        ),
        plain(labelled("d1", RU, "a2")),
        {"id": "d2", "text": FA},
        {"id": "d3", "text": KK},
        {"id": "d4", "text": "123"},
    ]
    import_files(store, [write_lines(tmp_path / "in.jsonl", lines)], ImportOptions(), "aida")
    return store


def test_documents_and_languages_are_counted(store: Store) -> None:
    found = statistics(store)
    assert (found.documents, found.characters) == (4, len(RU + FA + KK) + 3)
    assert found.languages == {"ru": 1, "fa": 1, "kk": 1, "?": 1}


def test_each_annotators_work_is_counted(store: Store) -> None:
    found = statistics(store)
    assert found.labels["a1"] == {"PER": 1, "CLAIM": 2, "STANCE": 1}
    assert found.relations["a1"] == {"holder": 1}
    assert found.statuses == {"a1": {"done": 1}, "a2": {"open": 1}}


def test_spans_that_lack_what_a_rule_wants_are_counted_once_each(store: Store) -> None:
    assert statistics(store).incomplete == {"a1": 2}


def test_the_plain_form_has_a_row_for_each_annotator(store: Store) -> None:
    plain_form = statistics(store).to_plain()
    assert plain_form["documents"] == 4
    assert plain_form["annotators"] == {
        "a1": {
            "status": {"done": 1},
            "spans": 4,
            "labels": {"CLAIM": 2, "PER": 1, "STANCE": 1},
            "relations": {"holder": 1},
            "incomplete": 2,
        },
        "a2": {"status": {"open": 1}, "spans": 0, "labels": {}, "relations": {}, "incomplete": 0},
    }


def test_the_collector_is_paused_and_comes_back() -> None:
    gc.enable()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_comes_back_after_a_fault() -> None:
    gc.enable()
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()
