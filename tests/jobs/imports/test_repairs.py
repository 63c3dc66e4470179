"""Repairs at import: offered and not made.

Where they were chosen, spans go along and the document says what was done.
"""

from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.formats import ReadOptions, Report
from annotator.jobs import ImportOptions, import_files, look_into
from annotator.jobs.imports import repairs
from annotator.jobs.imports.repairs import Offers
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span
from annotator.store import Store
from annotator.text.offset_map import Change, changed
from annotator.text.repair import Repaired
from tests.projects import labelled as record
from tests.projects import plain, span, write_lines

SHAPES = "\ufe8e\ufefb گفت رشت \ufedf\ufe8e"


def _source(tmp_path: Path) -> Path:
    spans = [span(SHAPES, "\ufefb", "PER", name="s1"), span(SHAPES, "رشت", "GPE", name="s2")]
    return write_lines(tmp_path / "in.jsonl", [plain(record("d1", SHAPES, "a1", spans))])


def _options(*repairs: str, together: bool = True) -> ImportOptions:
    return ImportOptions(read=ReadOptions(repairs=repairs), together=together)


def test_a_repair_is_offered_and_nothing_is_changed(
    store: Store, tmp_path: Path, together: bool
) -> None:
    report = import_files(store, [_source(tmp_path)], _options(together=together), "aida")
    assert store.document("d1").text == SHAPES
    (offer,) = report.offers.listed()
    assert (offer.repair, offer.count, offer.before, offer.after) == (
        "presentation-forms",
        2,
        "\ufe8e\ufefb",
        "الا",
    )
    assert report.offers.listed(("presentation-forms",)) == ()
    assert list(report.to_plain()) == [
        "documents",
        "spans",
        "relations",
        "changed",
        "lost",
        "errors",
    ]


def test_a_chosen_repair_takes_the_spans_along_and_is_noted(
    store: Store, tmp_path: Path, together: bool
) -> None:
    report = import_files(
        store, [_source(tmp_path)], _options("presentation-forms", together=together), "aida"
    )
    document = store.document("d1")
    assert document.text == "الا گفت رشت لا"
    assert document.meta["repairs"] == {"presentation-forms": 2}
    annotation_set = store.annotation_set("d1", "a1")
    assert annotation_set is not None
    assert {entry.id: (entry.fragments, entry.text) for entry in annotation_set.spans} == {
        "s1": (((1, 3),), "لا"),
        "s2": (((8, 11),), "رشت"),
    }
    assert (
        sum(count for (kind, _why), count in report.changed.items() if kind == "presentation-forms")
        == 2
    )


def test_importing_with_the_same_repairs_again_brings_nothing_new(
    store: Store, tmp_path: Path
) -> None:
    import_files(store, [_source(tmp_path)], _options("presentation-forms"), "aida")
    report = import_files(store, [_source(tmp_path)], _options("presentation-forms"), "aida")
    assert (len(report.new), len(report.known), report.spans) == (0, 1, 0)


def test_lost_joiners_are_marked_in_the_metadata_only(store: Store, tmp_path: Path) -> None:
    text = "دستگاهها می شوند پ"
    source = write_lines(tmp_path / "in.jsonl", [{"id": "d1", "text": text}])
    import_files(store, [source], _options("lost-zwnj"), "aida")
    document = store.document("d1")
    assert (document.text, document.meta["repairs"]) == (text, {"lost-zwnj": [[0, 8], [9, 16]]})


def test_an_unknown_repair_is_refused_before_anything_is_read(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="mojibake"):
        import_files(store, [tmp_path / "none"], _options("spelling"), "aida")


def test_a_preview_shows_the_repaired_text_and_what_else_could_be_done(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [{"text": SHAPES}, {"text": "میشوند پ"}])
    preview = look_into(source, _options("presentation-forms"))
    assert preview.records[0].document.text == "الا گفت رشت لا"
    assert [(offer.repair, offer.count) for offer in preview.offers] == [
        ("presentation-forms", 2),
        ("lost-zwnj", 1),
    ]
    assert [change.kind for change in preview.changed] == ["presentation-forms"]


def test_what_nothing_is_left_of_goes_with_its_relations_and_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = Repaired("ا", changed("ابب", [Change(1, 3, "", [(0, 0), (0, 0)])])[1:], {"mojibake": 1})
    monkeypatch.setattr(repairs, "repair", lambda _text, _names: gone)
    spans = (Span("1", "e", "A", ((1, 3),), "بب"), Span("2", "e", "A", ((0, 2),), "اب"))
    relations = (Relation("r", "x", "2", "1"), Relation("s", "x", "2", None, "author"))
    document = Document("", "", "ابب", paragraph_directions=((0, "rtl"), (1, "ltr")))
    report = Report()
    made = repairs.repaired(
        Labelled(document, AnnotationSet(spans=spans, relations=relations)), ("mojibake",), report
    )
    assert made.annotation_set is not None
    assert [(entry.id, entry.fragments, entry.text) for entry in made.annotation_set.spans] == [
        ("2", ((0, 1),), "ا")
    ]
    assert [entry.id for entry in made.annotation_set.relations] == ["s"]
    assert made.document.paragraph_directions == ((0, "rtl"),)
    assert {loss.kind: loss.count for loss in report.losses()} == {"spans": 1, "relations": 1}


def test_only_the_first_documents_are_looked_at_and_each_text_once() -> None:
    found = Offers()
    for number in range(200):
        found.look_at("\ufe8e" * (1 + number % 100))
    assert found.counts["presentation-forms"] == 50
    again = Offers()
    again.look_at("\ufe8e")
    again.look_at("\ufe8e")
    assert again.counts["presentation-forms"] == 1
