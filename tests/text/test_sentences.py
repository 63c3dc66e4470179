"""Sentences of four languages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.segmentation import trim
from annotator.text.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["چرا رفت؟", "چون باید.", "پایان…", "دکتر م. ر. شفیعی آمد۔", "بله!"],
        ["نرخ ۳.۵ درصد است.", "او گفت: «بیا.»", "سپس رفت"],
        [
            "А. Б. Иванов приехал в г. Алматы в 2020 г. Цена 3.5 млн. тенге.",
            "Он сказал: «Да!»",
            "И ушёл.",
        ],
        [
            "Ученики им. Абая и др. пришли.",
            "Он… задумался, т.е. молчал.",
            "Куплено хлеба, соли и др.",
            "Потом ушли?!",
        ],
        ["2023 ж. 5 қ. басталды, т.б. мәселелер.", "Ол айтты.", "Сұрақ?", "Жоқ!", "Соңы"],
        [
            "Mr. Smith came.",
            "J.R. Hobbs and J. R. R. Tolkien wrote it, i.e. all of it.",
            "He left at 5 p.m. yesterday.",
            "Yes... no.",
        ],
        ["1. Первое.", "2. Второе."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    text = "  " + " ".join(expected) + " "
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_a_newline_ends_a_sentence_even_without_a_full_stop() -> None:
    text = "им. Абая\n\nНовая строка\nболее"
    assert [text[start:end] for start, end in sentences(text)] == [
        "им. Абая",
        "Новая строка",
        "более",
    ]


@given(
    st.lists(
        st.sampled_from(
            ["а", "Б", "س", ".", "!", "؟", "…", " ", "\n", "»", "г", "3", "\u200c", "\u2028", "😀"]
        ),
        max_size=40,
    ).map("".join)
)
def test_sentences_are_in_order_trimmed_and_leave_out_only_blanks(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert trim(text, last, start) is None
        assert trim(text, start, end) == (start, end)
        last = end
    assert trim(text, last, len(text)) is None


@pytest.mark.parametrize(
    "hostile", ["." * 200_000, ". " * 100_000, "?»" * 100_000, "? " + "«" * 200_000]
)
def test_no_text_makes_the_sentences_slow(hostile: str) -> None:
    started = time.process_time()
    sentences(hostile)
    assert time.process_time() - started < 2
