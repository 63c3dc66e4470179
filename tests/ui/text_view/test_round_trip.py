"""Ten thousand random spans over hard texts.

Text → view → selected by mouse or keys → store → the same offsets.
"""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.model import Document, Span, surface
from annotator.model.schema_files import load_schema
from annotator.session import Session
from annotator.store import Store
from annotator.text.offsets import Canonical, canonical
from annotator.text.segmentation import graphemes, trim
from annotator.ui.text_view import Mark, TextView
from tests.ui.text_view.exact import select_by_keys, select_by_mouse

PIECES = (
    *(
        "سلام",
        "می\u200cرود",
        "کتاب\u200cها",
        "مشکلات",
        "د\u0650ل\u064eم",
        "۱۴۰۰/۰۹/۰۳",
        "1,234.56",
        "۲۵٪",
        "«گفت»",
        "لا",
        "الله",
    ),
    *(
        "күш-жігерімді",
        "Әділет",
        "О’Коннор",
        "e\u0301te\u0301",
        "Apple Inc.",
        "(test)",
        "\U0001f4cc",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    ),
    *(
        "\U0001d538",
        "\t",
        "\u00a0",
        "\u00ad",
        "\u2028",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\u2029",
        "\x0b",
        "\x85",
        "\u200f",
        "\u202ex\u202c",
        "\u2067x\u2069",
    ),
)
TEXTS, SPANS, BY_KEYS = 100, 100, 25


def hard_text(chance: random.Random) -> str:
    """Return a text as a file may hold it: with CR LF, and with a BOM now and then."""
    words = [
        chance.choice(PIECES) + chance.choice((" ", " ", "", "، ", ". "))
        for _ in range(chance.randint(5, 70))
    ]
    return ("\ufeff" if chance.random() < 0.3 else "") + "".join(words)


class Labeller:
    """A person who labels random spans of hard texts, by mouse and by keys."""

    def __init__(self, session: Session, view: TextView) -> None:
        self.session, self.view = session, view
        self.chance = random.Random(20)
        self.counted = self.by_mouse = self.by_keys = 0

    def open_document(self, number: int) -> Canonical:
        """Store a text and show it."""
        made = canonical(hard_text(self.chance))
        language = self.chance.choice(("fa", "ru", ""))
        with self.session.store.change("", "aida") as step:
            name, _is_new = step.add_document(Document(f"d{number}", "", made.text, language))
        self.session.open_document(name)
        self.view.resize(self.chance.choice((220, 400, 900)), 900)
        self.view.show_document(made.text, language)
        return made

    def choose(self, text: str, start: int, end: int, *, with_keys: bool) -> tuple[int, int]:
        """Select a span as hands can, check that it is exact, and return what the view says."""
        if trim(text, start, end) == (
            start,
            end,
        ):  # else a hand would leave the white space outside
            if select_by_mouse(self.view, start, end):
                self.by_mouse += 1
                assert self.view.selection() == (start, end), text[start:end]
            if with_keys:
                self.by_keys += 1
                select_by_keys(self.view, start, end)
                return self.view.selection()
        self.view.select(start, end)
        return self.view.selection()

    def label(self, made: Canonical) -> dict[str, tuple[int, int]]:
        """Label random spans in one step; return them by id."""
        stops, expected = graphemes(made.text), dict[str, tuple[int, int]]()
        assert self.session.document is not None
        with self.session.change("Label") as step:
            for place in range(SPANS):
                is_long = self.chance.random() < 0.5
                start, end = (
                    sorted(self.chance.sample(stops, 2))
                    if is_long
                    else self.chance.choice(list(pairwise(stops)))
                )
                assert (made.from_raw(made.to_raw(start)), made.from_raw(made.to_raw(end))) == (
                    start,
                    end,
                )
                chosen = self.choose(made.text, start, end, with_keys=place < BY_KEYS)
                span = Span(
                    f"s{place}", "entities", "PER", (chosen,), surface(made.text, (chosen,))
                )
                self.view.put_mark(Mark(span.id, span.fragments, "entity", "PER", "#0072B2"))
                step.put_span(self.session.document.id, self.session.annotator_id, span)
                expected[span.id] = (start, end)
                self.counted += 1
        return expected


@pytest.mark.slow
def test_ten_thousand_spans_keep_their_offsets(qtbot: QtBot, tmp_path: Path) -> None:
    store = Store.create(tmp_path / "p.annot", load_schema("news"))
    view = TextView()
    qtbot.addWidget(view)
    view.show()
    person = Labeller(Session(store, "aida"), view)
    for number in range(TEXTS):
        made = person.open_document(number)
        expected = person.label(made)
        spans = store.annotation_set(f"d{number}", "aida").spans
        assert {span.id: (span.start, span.end) for span in spans} == expected
        assert all(span.text == made.text[span.start : span.end] for span in spans)
        assert store.document(f"d{number}").text == made.text
    person.session.close()
    assert person.counted == TEXTS * SPANS == 10_000
    assert person.by_mouse > person.counted / 10
    assert person.by_keys > BY_KEYS * TEXTS / 4
