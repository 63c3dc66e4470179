"""Who gets what.

Shares that are fair, that can be made again, and bundles that are written all or not at all.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError, UserError
from annotator.jobs.team.assign import (
    accept,
    assign,
    chosen,
    is_bundle,
    places,
    planned,
    start,
    submit,
)
from annotator.store import Entry, Store
from annotator.store.exchange.bundle import read_bundle
from tests.projects import TEXTS, made

ENTRIES = st.lists(
    st.builds(
        lambda length, language: (length, language),
        st.integers(1, 5000),
        st.sampled_from(("fa", "kk", "ru")),
    ),
    min_size=1,
    max_size=60,
).map(
    lambda drawn: [
        Entry(f"d{number}", f"d{number}", language, length, "new", 0, 0)
        for number, (length, language) in enumerate(drawn)
    ]
)
PEOPLE = st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=6, unique=True)


@given(entries=ENTRIES, people=PEOPLE, data=st.data(), seed=st.integers(0, 99))
def test_each_document_goes_to_as_many_as_were_asked_for_and_all_get_about_as_much(
    entries: list[Entry], people: list[str], data: st.DataObject, seed: int
) -> None:
    overlap = data.draw(st.integers(1, len(people)))
    plan = planned(entries, people, overlap, seed)
    given_out = [entry.id for share in plan.values() for entry in share]
    assert sorted(given_out) == sorted([entry.id for entry in entries] * overlap)
    assert all(len({entry.id for entry in share}) == len(share) for share in plan.values())
    for language in ("fa", "kk", "ru"):
        loads = [
            sum(entry.length for entry in share if entry.language == language)
            for share in plan.values()
        ]
        longest = max((entry.length for entry in entries if entry.language == language), default=0)
        assert max(loads) - min(loads) <= longest
    again = planned(list(entries), people[::-1], overlap, seed)
    assert again == plan
    assert all(
        [entry.id for entry in share] == [entry.id for entry in entries if entry in share]
        for share in plan.values()
    )


def test_another_seed_gives_another_plan() -> None:
    entries = [Entry(f"d{number}", "", "fa", 100, "new", 0, 0) for number in range(20)]
    assert planned(entries, ["A", "B"], 1, 1) != planned(entries, ["A", "B"], 1, 2)
    with pytest.raises(UserError, match="up to 2 people"):
        planned(entries, ["A", "B"], 3)


def test_documents_are_chosen_by_words(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        with store.change("done", "Sara") as step:
            step.put_status("ru-1", step.add_annotator("Sara"), "done")
        assign(
            store, {"Reza": store.entries("")[:1]}, {"Reza": tmp_path / "r.annot-bundle"}, "Lead"
        )

        def ids(query: str) -> list[str]:
            return [entry.id for entry in chosen(store, query)]

        assert ids("") == list(TEXTS)
        assert ids("language:kk") == ["kk-1"]
        assert ids("RU") == ids("done:Sara") == ["ru-1"]
        assert ids("open:Sara 1") == ["fa-1", "kk-1"]
        assert ids("handed:no") == ["kk-1", "ru-1"]
        assert ids("handed:Reza") == ["fa-1"]
        assert ids("handed:no language:fa") == []


def test_bundles_are_written_for_all_or_for_none(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        entries = store.entries("")
        (tmp_path / "file").write_text("x")
        targets = {"A": tmp_path / "a.annot-bundle", "B": tmp_path / "file" / "b.annot-bundle"}
        with pytest.raises(UserError, match="cannot be written"):
            assign(store, {"A": entries, "B": entries}, targets, "Lead")
        assert not targets["A"].exists()
        assert store.distribution.handed_out() == {}
        for name, reason in (
            ("gold", "not labelled by people"),
            ("model:v1", "not labelled by people"),
            (" x", "begin or end"),
        ):
            with pytest.raises(UserError, match=reason):
                assign(store, {name: entries}, {name: tmp_path / "x"}, "Lead")
        with pytest.raises(UserError, match="no document for"):
            assign(store, {"A": []}, {"A": tmp_path / "x"}, "Lead")
        with pytest.raises(UserError, match="same person"):
            assign(
                store,
                {"a": entries, "A": entries},
                {"a": tmp_path / "x", "A": tmp_path / "y"},
                "Lead",
            )


def test_names_of_people_become_names_of_files_that_every_system_takes() -> None:
    found = places(Path("out"), "p", ["a/b", "a:b", "رضا", "A-B."])
    names = [path.name for path in found.values()]
    assert len({name.casefold() for name in names}) == 4
    assert all(is_bundle(path) and path.parent == Path("out") for path in found.values())
    assert not any(letter in name for name in names for letter in '/\\:*?"<>|')


def test_a_copy_begins_beside_its_bundle_goes_on_and_comes_back(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        assign(store, {"رضا": store.entries("")}, {"رضا": tmp_path / "r.annot-bundle"}, "Lead")
        with pytest.raises(InputError, match="not one that was handed out"):
            accept(store, read_bundle(tmp_path / "r.annot-bundle"))
    done = start(tmp_path / "r.annot-bundle")
    assert (done.path, done.documents, done.is_new) == (tmp_path / "p-رضا.annot", 3, True)
    assert start(tmp_path / "r.annot-bundle", done.path).documents == 0
    with Store.open(done.path) as copy:
        assert copy.setting("annotator") == "رضا"
        assert copy.working_copy.unconfirmed_ms() == 0
        bundle = submit(copy, tmp_path / "back")
        assert bundle.path == tmp_path / "back.annot-bundle"
        assert copy.working_copy.unconfirmed_ms() == bundle.manifest.made_ms
    with pytest.raises(InputError, match="no assignment"):
        start(tmp_path / "back.annot-bundle", tmp_path / "new.annot")
    assert not (tmp_path / "new.annot").exists()
