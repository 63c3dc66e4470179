"""The document list is read as far as it is looked at, and says the same as the whole."""

from pathlib import Path

import pytest

from annotator.model import Document
from annotator.model.schema_files import load_schema
from annotator.session import Session
from annotator.store import Entry, Listing, Store, annotator_id
from annotator.store.tables.document_list import GONE, LOOKED_AT, PAGE

ME = "سارا"
MANY = (LOOKED_AT + 2) * PAGE + 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with (
        Store.create(tmp_path / "p.annot", load_schema("news")) as store,
        store.change("", ME) as step,
    ):
        step.add_annotator(ME)
        for number in range(MANY):
            step.add_document(Document(f"d{number}", f"سند {number}", f"متن {number} 🙂", "fa"))
            if number % 3 == 0:
                step.put_status(f"d{number}", annotator_id(ME), "done")
    return tmp_path / "p.annot"


def test_a_listing_says_what_the_whole_list_says(path: Path) -> None:
    with Store.open(path) as store:
        whole, listing = store.entries(ME), store.listing(ME)
        places = (0, PAGE - 1, PAGE, MANY - 1, -1)
        assert [listing[place] for place in places] == [whole[place] for place in places]
        assert (len(listing), listing.done) == (
            MANY,
            sum(entry.status == "done" for entry in whole),
        )
        assert list(listing) == whole
        assert [listing.place(entry.id) for entry in whole] == list(range(MANY))
        assert listing.place("no such") == -1
        with pytest.raises(IndexError):
            listing[MANY]


def test_only_what_is_looked_at_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        asked: list[tuple[int, int]] = []
        some = store.some_entries

        def ask(name: str, first: int, most: int) -> list[Entry]:
            asked.append((first, most))
            return some(name, first, most)

        entries = store.entries

        def whole(name: str) -> list[Entry]:
            asked.append((0, -1))
            return entries(name)

        monkeypatch.setattr(store, "some_entries", ask)
        monkeypatch.setattr(store, "entries", whole)
        listing = store.listing(ME)
        assert not asked
        assert [listing[place].id for place in (PAGE, PAGE + 1, 2 * PAGE)] == [
            f"d{PAGE}",
            f"d{PAGE + 1}",
            f"d{2 * PAGE}",
        ]
        assert next(iter(listing)).id == "d0"
        assert asked == [(PAGE, PAGE), (2 * PAGE, PAGE), (0, PAGE)]
        assert [entry.id for entry in listing] == [f"d{number}" for number in range(MANY)]
        assert asked[LOOKED_AT:] == [(0, -1)]


@pytest.mark.parametrize("looks_first", [True, False])
def test_what_changes_is_taken_over_wherever_it_is(path: Path, looks_first: bool) -> None:
    with Store.open(path) as store:
        session = Session(store, ME)
        place = PAGE + 1  # not done yet
        if looks_first:
            assert session.entries[place].status == "new"
        before = session.entries.done
        with store.change("Done", ME) as step:
            step.put_status(f"d{place}", session.annotator_id, "done")
        assert (session.touched_entry, session.entries[place].status, session.entries.done) == (
            place,
            "done",
            before + 1,
        )
        session.undo()
        assert (session.entries[place].status, session.entries.done) == ("new", before)
        store.listeners.remove(session._hear)


def test_a_complete_list_asks_for_nothing_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        listing = store.listing(ME)
        listing.complete()
        for name in ("entries", "some_entries", "count_done", "place"):
            monkeypatch.setattr(store, name, None)
        listing.take(listing.place("d1"), "done", 1, 0)
        assert (len(list(listing)), listing[1].spans, listing.place("d5")) == (MANY, 1, 5)
        assert listing.done == sum(entry.status == "done" for entry in listing)


def test_a_document_that_went_leaves_an_empty_line_until_the_list_is_taken_anew(
    tmp_path: Path,
) -> None:
    with Store.create(tmp_path / "p.annot", load_schema("news")) as store:
        with store.change("Bring", ME) as step:
            step.add_annotator(ME)
            step.add_document(Document("d", "سند", "متن", "fa"))
        listing = store.listing(ME)
        store.undo(ME)
        assert (listing[0], len(listing)) == (GONE, 1)
        listing.take(0, "done", 1, 1)
        assert len(store.listing(ME)) == 0


def test_a_round_lists_its_own_documents_alone(path: Path) -> None:
    again = f"{ME} (repeat 2)"
    with Store.open(path) as store:
        with store.change("", again) as step:
            step.add_annotator(again)
            for name, status in (("d5", "open"), ("d7", "done")):
                step.put_status(name, annotator_id(again), status)
        listing: Listing = store.listing(again)
        assert [entry.id for entry in listing] == ["d5", "d7"]
        assert (listing.done, listing.place("d7"), listing.place("d6")) == (1, 1, -1)
        listing.take(0, "done", 0, 0)
        assert listing.done == 2
