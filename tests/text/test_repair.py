"""Repairs: offered with counts, made only when named, each with a map.

ZWNJ that seem lost are marked and never set.
"""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.repair import REPAIRS, lost_zwnj, offers, repair
from annotator.text.visual_order import turned
from tests.formats.round_trip import TEXTS

FA = "دولت گفت قیمت\u200cها پایین آمد."
RU = "Город растёт, «новости» города."
KK = "Үкімет қаланы дамытамыз деді."


@pytest.mark.parametrize("page", ["cp1252", "latin-1", "cp1251", "cp1256"])
@pytest.mark.parametrize("text", [FA, RU, KK])
def test_what_was_read_in_a_wrong_encoding_comes_back_with_its_offsets(
    page: str, text: str
) -> None:
    words = [word for word in text.split(" ") if _is_readable(word, page)]
    sound = " ".join(words)
    spoiled = sound.encode().decode(page)
    made = repair(f"{text}\n{spoiled}", ["mojibake"])
    assert made.text == f"{text}\n{sound}"
    assert made.counts == {"mojibake": 1}
    start = len(text) + 1 + spoiled.index(words[1].encode().decode(page))
    ((first, last),) = made.fragments([(start, start + len(words[1].encode()))])
    assert made.text[first:last] == words[1]
    assert made.fragments([(0, 4)]) == ((0, 4),)


def _is_readable(word: str, page: str) -> bool:
    """Return whether the bytes of a word are letters in a code page; some have no place there."""
    try:
        word.encode().decode(page)
    except UnicodeDecodeError:
        return False
    return True


def test_cyrillic_that_was_read_as_western_comes_back() -> None:
    spoiled = RU.encode("cp1251").decode("cp1252")
    made = repair(spoiled, ["mojibake"])
    assert made.text == RU
    assert made.fragments([(0, 5)]) == ((0, 5),)
    (offer,) = offers(spoiled)
    assert offer.how == "cp1252 → cp1251"


def test_what_only_looks_spoiled_stays() -> None:
    for text in (
        "ÉÀÈÙ à éàèù été",
        "Þþðæ ÆÐ",
        "«ÀÉÈÙÛ»",
        "Ça déjà vu – naïveté",
        "ÃO",
        "РЎ СССР",
        "ط ظ ع",
        "Ӯ Ұ",
    ):
        assert repair(text, ["mojibake"]).text == text


def test_what_was_spoiled_twice_is_repaired_in_one_go_and_what_is_lost_stays_lost() -> None:
    twice = "Привет, мир".encode().decode("latin-1").encode().decode("latin-1")
    made = repair(twice, ["mojibake"])
    assert made.text == "Привет, мир"
    assert made.fragments([(0, len(twice))]) == ((0, len(made.text)),)
    torn = repair(f"{'Привет'.encode().decode('cp1252', 'ignore')} и мир", ["mojibake"])
    assert torn.fragments([(0, 3)]) != ()
    assert "\ufffd" not in torn.text


@given(text=TEXTS)
def test_sound_texts_need_no_repair_but_marks(text: str) -> None:
    assert {offer.repair for offer in offers(text)} <= {"lost-zwnj"}
    made = repair(text, REPAIRS)
    assert (made.text, made.maps) == (text, ())


@given(text=st.text(st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF), max_size=12) | TEXTS)
def test_shapes_become_letters_and_nothing_else_changes(text: str) -> None:
    made = repair(text, ["presentation-forms"])
    for number, sign in enumerate(text):
        ((start, end),) = made.fragments([(number, number + 1)]) or ((0, 0),)
        plain = unicodedata.normalize("NFKC", sign)
        assert made.text[start:end] in (sign, plain, plain.lstrip(" ـ"))
    assert not any(
        "\ufe70" <= sign <= "\ufe72" or "\ufe80" <= sign <= "\ufefc" for sign in made.text
    )


def test_signs_for_phrases_stay_signs_and_marks_lose_what_they_stand_on() -> None:
    text = "ﷺ ﷼ ﴾ \ufeff\ufe8e\ufe71 \ufefb"
    made = repair(text, ["presentation-forms"])
    assert made.text == "ﷺ ﷼ ﴾ \ufeffا\u064b لا"
    assert made.fragments([(len(text) - 1, len(text))]) == ((len(made.text) - 2, len(made.text)),)


def test_lines_in_visual_order_are_turned_before_their_shapes_become_letters() -> None:
    logical = "\ufee3\ufef4\ufeae\ufead \ufe91\ufefb \ufea9\ufea7\ufe98\ufeae "
    made = repair(turned(logical * 2).text, REPAIRS)
    assert made.text == "میرر بلا دختر ".replace("ی", "ي") * 2
    assert set(made.counts) == {"visual-order", "presentation-forms"}


def test_offers_come_with_count_and_example() -> None:
    (offer,) = offers("a \ufe8e b \ufe8e\ufe8e")
    assert (offer.repair, offer.count, offer.before, offer.after) == (
        "presentation-forms",
        2,
        "\ufe8e",
        "ا",
    )


@pytest.mark.parametrize(
    ("page", "how"), [("cp1251", "sloppy-windows-1251 → utf-8"), ("cp1256", "cp1256 → utf-8")]
)
def test_an_offer_to_decode_again_says_what_the_text_went_through(page: str, how: str) -> None:
    (offer,) = offers("қаланы".encode().decode(page))
    assert (offer.repair, offer.how) == ("mojibake", how)


def test_words_that_lost_a_joiner_are_marked_and_words_that_only_look_so_are_not() -> None:
    text = (
        "دستگاهها می شوند و نمیخواهم؛ کارها تنها میان آنها، می\u200cرود، قیمت\u200cها، پ"
        " \ufee3\ufbfdرود"
    )
    found = lost_zwnj(text)
    assert [text[slice(*place)] for place in found] == [
        "دستگاهها",
        "می شوند",
        "نمیخواهم",
        "\ufee3\ufbfdرود",
    ]
    made = repair(text, ["lost-zwnj"])
    assert (made.text, made.marked, made.counts) == (text, tuple(found), {"lost-zwnj": 4})
    assert lost_zwnj("كتابها في الأرض") == []
    shapes = repair("پ \ufee3\ufbfdرود", ["presentation-forms"])
    assert (shapes.text, shapes.marked) == ("پ میرود", ((2, 7),))


def test_an_unknown_repair_is_an_error() -> None:
    with pytest.raises(KeyError):
        repair("a", ["spelling"])


@pytest.mark.parametrize("file", ["fa-qom", "fa-rasht", "fa-tehran21", "kk-almaty", "ru-astana"])
def test_real_articles_need_nothing_but_marks(shared_data: Path, file: str) -> None:
    text = (shared_data / "news" / f"{file}.txt").read_text("utf-8")
    assert {offer.repair for offer in offers(text)} <= {"lost-zwnj"}
    assert bool(lost_zwnj(text)) == file.startswith("fa")
