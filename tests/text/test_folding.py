"""Search folding: what is found, where it is, and how fast."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.folding import find, find_folded, fold

PIECES = [
    "ک",
    "ك",
    "ی",
    "ي",
    "ى",
    "ه",
    "ة",
    "آ",
    "ا",
    "أ",
    "ؤ",
    "ب",
    "ت",
    "م",
    "ن",
    "ر",
    "ها",
    "می",
    "\u064e",
    "\u0651",
    "\u0654",
    "ـ",
    "\u200c",
    "\u200f",
]
PIECES += [
    "\u00ad",
    " ",
    "\u00a0",
    "\n",
    "ё",
    "Е",
    "е\u0308",
    "й",
    "и\u0306",
    "а\u0301",
    "é",
    "E\u0301",
    "Q",
    "۱",
    "١",
    "1",
    "٪",
    "ﻻ",
    "ﺑ",
    "😀",
    "ß",
    "İ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ANY_TEXTS = st.one_of(TEXTS, st.text(max_size=30))


def hits(query: str, text: str, *, whole_word: bool = False) -> list[str]:
    return [text[start:end] for start, end in find(query, text, whole_word=whole_word)]


@pytest.mark.parametrize(
    "query", ["کتاب\u200cها", "کتاب ها", "کتابها", "كتاب\u200cها", "کتاب \u200c ها"]
)
def test_zwnj_space_and_nothing_are_equal_before_a_clitic(query: str) -> None:
    for text in (
        "آن کتاب\u200cها را",
        "آن کتاب ها را",
        "آن کتابها را",
        "آن كِتاب\u200cهٰا را",
        "آن کتـــاب\u00adها را",
    ):
        assert len(found := find(query, text)) == 1
        assert found[0] == (3, len(text) - 3)


@pytest.mark.parametrize("query", ["می\u200cرود", "می رود", "میرود"])
def test_zwnj_space_and_nothing_are_equal_after_a_verbal_prefix(query: str) -> None:
    assert hits(query, "می رود میرود، مي\u200cرود") == ["می رود", "میرود", "مي\u200cرود"]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("علی", "علي على علی", ["علي", "على", "علی"]),
        ("خانه", "خانهٔ خانۀ خانة", ["خانهٔ", "خانۀ", "خانة"]),
        ("آب", "اب أب ٱب", ["اب", "أب", "ٱب"]),
        ("مسئول موثر", "مسیول مؤثر", ["مسیول مؤثر"]),
        ("شرکت", "ﺷﺮﮐﺖ", ["ﺷﺮﮐﺖ"]),
        ("دلم", "دِلَمْ", ["دِلَمْ"]),
        (
            "سلام",
            "سـلام سل\u200dام سل\u00adام \u202bسلام\u202c",
            ["سـلام", "سل\u200dام", "سل\u00adام", "سلام"],
        ),
        ("1400", "۱۴۰۰ ١٤٠٠ 1400 ۱4٠0", ["۱۴۰۰", "١٤٠٠", "1400", "۱4٠0"]),
        ("2.5%", "۲٫۵٪", ["۲٫۵٪"]),
        ("елка", "Ёлка ЕЛКА е\u0308лка", ["Ёлка", "ЕЛКА", "е\u0308лка"]),
        ("думаю", "ду\u0301маю, Дума\u0301ю", ["ду\u0301маю", "Дума\u0301ю"]),
        ("йод", "и\u0306од", ["и\u0306од"]),
        ("и", "й и\u0306 и", ["и"]),
        ("қазақ", "ҚАЗАҚ казак", ["ҚАЗАҚ"]),
        ("café", "CAFE\u0301 cafe", ["CAFE\u0301"]),
        ("cafe", "café cafe\u0301 cafe", ["cafe"]),
        ("о'коннор", "О’Коннор", ["О’Коннор"]),
        ("а б", "а\u00a0б а  б аб", ["а\u00a0б", "а  б"]),
        ("аб", "а б а\u00adб", ["а\u00adб"]),
        ("برای من", "برای\u200cمن برایمن", ["برای\u200cمن", "برایمن"]),
        ("درد", "در دست", []),
        ("دفتر", "دف ترسید", []),
        ("ب\nا", "ب\nا", ["ب\nا"]),
        ("ل", "ﻻ", []),
        ("aa", "aaaaa", ["aa", "aa"]),
        ("(س)", "زهرا (س) رفت", ["(س)"]),
        ("😀", "a😀b", ["😀"]),
        ("", "x", []),
        (" \u200c\u064e", "x \u064e", []),
    ],
)
def test_what_a_reader_takes_for_the_same_is_found(
    query: str, text: str, expected: list[str]
) -> None:
    assert hits(query, text) == expected


def test_whole_words_only_when_asked() -> None:
    text = "کتاب کتابخانه کتاب\u200cها کتاب، Алматы-2050 Алматыда"
    assert len(find("کتاب", text)) == 4
    assert find("کتاب", text, whole_word=True) == [(0, 4), (text.index("کتاب،"), text.index("،"))]
    assert hits("алматы", text, whole_word=True) == ["Алматы"]
    assert hits("(س", "(سلام (س)", whole_word=True) == ["(س"]


@given(ANY_TEXTS)
def test_the_map_is_monotone_and_within_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    last_start = last_end = 0
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert last_start <= start < end <= len(text)
        # Characters of one ligature share their source; others do not overlap.
        assert start >= last_end or (start == last_start and end >= last_end)
        last_start, last_end = start, end


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS, st.data())
def test_every_hit_folds_to_what_the_query_folds_to(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    query = data.draw(st.one_of(st.just(text[start : start + data.draw(st.integers(0, 6))]), TEXTS))

    def without_spaces(part: str) -> str:
        return fold(part).text.replace(" ", "")

    last = 0
    for first, end in find(query, text):
        assert last <= first < end
        assert without_spaces(text[first:end]) == without_spaces(query)
        last = end


@given(TEXTS, st.data())
def test_a_stretch_of_whole_letters_is_found_in_its_text(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(text)))
    query = text[data.draw(st.integers(0, end)) : end].strip(" \u00a0\u200c\n")
    splits_a_letter = re.search("^[\u0300-\u036f]|^$", query) or re.match(
        "[\u0300-\u036f]", text[end:]
    )
    if not splits_a_letter and fold(query).text.strip():
        assert find(query, f"{text} {query}")


def test_a_folded_text_serves_many_queries() -> None:
    folded = fold("کِتاب، Книга")
    assert find_folded("كتاب", folded) == [(0, 5)]
    assert find_folded("книга", folded, whole_word=True) == [(7, 12)]


@pytest.mark.parametrize(
    "sample",
    ["شهردار رشت می\u200cرود، كتاب ", "Президент Қазақстан ёлка ", "دِلَم گرفت از این شهر و از آن "],
)
def test_a_million_characters_fold_in_well_under_a_second(sample: str) -> None:
    text = (sample * (1_000_000 // len(sample) + 1))[:1_000_000]
    started = time.process_time()
    fold(text)
    assert time.process_time() - started < 0.8
