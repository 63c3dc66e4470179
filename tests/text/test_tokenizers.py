"""Tokens for training: each tokenizer gives stretches in order.

Spans lie on them exactly, widened, or not at all.
"""

import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.text.tokenizers import ALIGNED, DROPPED, WIDENED, align, pieces, tokenizer
from tests.formats.round_trip import TEXTS

FA = "«دولت»، گفت: قیمت\u200cها پایین آمد… 😊."


@pytest.mark.parametrize("name", ["", "ours", "whitespace", "razdel"])
@given(text=TEXTS)
def test_tokens_are_in_order_apart_and_hold_no_blank(name: str, text: str) -> None:
    found = tokenizer(name)(text, "fa")
    assert all(start < end for start, end in found)
    assert all(end <= start for (_first, end), (start, _last) in pairwise(found))
    assert not any(sign in " \n\t" for start, end in found for sign in text[start:end])


def test_punctuation_is_never_glued_to_what_blanks_separate() -> None:
    text = "(Қаланы) «дамытты», 5% e.g. ‌دولت‌!"
    assert [text[slice(*place)] for place in pieces(text)] == [
        *("(", "Қаланы", ")", "«", "дамытты", "»", ",", "5", "%", "e.g", ".", "دولت", "!"),
    ]


def test_a_joiner_within_a_word_stays_in_it() -> None:
    for name in ("ours", "whitespace"):
        assert "قیمت\u200cها" in [FA[slice(*place)] for place in tokenizer(name)(FA, "fa")]


def test_razdel_keeps_a_hyphenated_word_whole() -> None:
    text = "Кто-то сказал."
    assert [text[slice(*place)] for place in tokenizer("razdel")(text, "ru")] == [
        "Кто-то",
        "сказал",
        ".",
    ]


@given(text=TEXTS, data=st.data())
def test_a_span_is_aligned_widened_or_dropped(text: str, data: st.DataObject) -> None:
    found = tokenizer()(text, "")
    start, end = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    if start == end:
        return
    first, last, outcome = align(found, (start, end))
    touched = [place for place in found if place[0] < end and place[1] > start]
    assert found[first:last] == touched
    if outcome == DROPPED:
        assert not touched
    else:
        assert (outcome == ALIGNED) == ((touched[0][0], touched[-1][1]) == (start, end))
        assert outcome in (ALIGNED, WIDENED)


@pytest.mark.parametrize("name", ["nltk", "hf", "OURS"])
def test_an_unknown_tokenizer_is_refused_and_the_known_ones_listed(name: str) -> None:
    with pytest.raises(UserError, match="razdel"):
        tokenizer(name)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"model": {}}', b"\xff"])
def test_what_is_no_tokenizer_of_hugging_face_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes | None
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", pytest)
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UserError, match=r"tokenizer\.json"):
        tokenizer(f"hf:{path}")


@pytest.mark.parametrize(("name", "module"), [("spacy", "spacy"), ("hf:t.json", "tokenizers")])
def test_a_missing_library_is_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UserError, match=r"pip install .annotator\["):
        tokenizer(name)


class _Encoder:
    """Gives what byte-level tokenizers give.

    Blanks counted in, one emoji in three pieces, an empty piece.
    """

    offsets = ((0, 2), (2, 6), (6, 7), (6, 7), (6, 7), (7, 7), (7, 9))

    def encode(self, _text: str, *, add_special_tokens: bool) -> "_Encoder":
        assert not add_special_tokens
        return self


def test_pieces_of_one_character_are_one_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Library:
        class Tokenizer:
            @staticmethod
            def from_str(_text: str) -> _Encoder:
                return _Encoder()

    monkeypatch.setitem(sys.modules, "tokenizers", Library)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"model": {"vocab": {}}}), "utf-8")
    assert tokenizer(f"hf:{path}")("ab سلا😊 x", "fa") == [(0, 2), (3, 6), (6, 7), (8, 9)]


def test_spacy_is_asked_once_a_language_and_its_blanks_are_no_tokens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Token(NamedTuple):
        idx: int
        text: str
        is_space: bool = False

    asked: list[str] = []

    class Library:
        @staticmethod
        def blank(language: str) -> Callable[[str], list[Token]]:
            asked.append(language)
            if language == "kk":
                raise ImportError
            return lambda _text: [Token(0, "a"), Token(1, "  ", is_space=True), Token(3, "bc")]

    monkeypatch.setitem(sys.modules, "spacy", Library)
    tokens_of = tokenizer("spacy")
    assert [tokens_of("a  bc", language) for language in ("ru", "ru", "kk", "")] == [
        [(0, 1), (3, 5)]
    ] * 4
    assert asked == ["ru", "kk", "xx", "xx"]
