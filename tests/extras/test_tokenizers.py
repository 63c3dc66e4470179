"""Other people's tokenizers, where they are installed: their tokens as stretches of our text."""

from itertools import pairwise
from pathlib import Path

import pytest

from annotator.text.tokenizers import tokenizer

TEXTS = {
    "fa": "«دولت» گفت: قیمت\u200cها پایین آمد 😊.",
    "ru": "Анна Кравцова, г. Астана.",
    "kk": "Үкімет «дамытамыз» деді.",
    "xx": "e\u0301  ok",
}


def _check(found: list[tuple[int, int]], text: str) -> None:
    assert all(end <= start for (_first, end), (start, _last) in pairwise(found))
    assert "".join(text[start:end] for start, end in found) == "".join(text.split())


@pytest.mark.parametrize("language", list(TEXTS))
def test_spacy_gives_every_sign_a_token(language: str) -> None:
    pytest.importorskip("spacy", reason="needs the extra “spacy”", exc_type=ImportError)
    _check(tokenizer("spacy")(TEXTS[language], language), TEXTS[language])


@pytest.mark.parametrize("language", list(TEXTS))
def test_a_byte_level_tokenizer_gives_every_sign_a_token(tmp_path: Path, language: str) -> None:
    library = pytest.importorskip("tokenizers", reason="needs the extra “hf”", exc_type=ImportError)
    made = library.ByteLevelBPETokenizer()
    made.train_from_iterator([TEXTS["fa"]], vocab_size=300)
    made.save(str(tmp_path / "tokenizer.json"))
    _check(
        tokenizer(f"hf:{tmp_path / 'tokenizer.json'}")(TEXTS[language], language), TEXTS[language]
    )
