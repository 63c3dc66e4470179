"""The base direction of paragraphs and documents, and a guess at the language from letters alone.

The document's language decides first: a Persian paragraph that begins with a Latin name is still
read from the right. Letters are counted only where no language is known.
"""

import re
from collections.abc import Sequence

from annotator.text.lazy_regex import pattern

RTL, LTR = "rtl", "ltr"

_RTL_LANGUAGES = frozenset(
    (
        "ar",
        "ara",
        "arc",
        "azb",
        "bal",
        "bqi",
        "ckb",
        "dv",
        "fa",
        "fas",
        "per",
        "glk",
        "he",
        "heb",
        "iw",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "prs",
        "ps",
        "sd",
        "sdh",
        "syr",
        "ug",
        "ur",
        "urd",
        "yi",
    )
)
_UNKNOWN_LANGUAGES = frozenset(("", "und", "mul", "mis", "zxx"))
_RTL_SCRIPTS = frozenset(("arab", "hebr", "syrc", "thaa", "nkoo", "adlm"))
_SCRIPT_LENGTH = 4

# Letters of bidi class R and AL, and of class L; digits, marks and punctuation are neither.
_RTL_SET = (
    "\u05d0-\u05ea\u05ef-\u05f2\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0710\u0712-\u072f\u074d-\u07a5\u07b1\u07ca-\u07ea\u0840-\u0858\u0860-\u086a\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
    "\ufb1d\ufb1f-\ufb28\ufb2a-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfc\ufe70-\ufefc\U0001e900-\U0001e943"
)
_RTL_RUN = pattern(f"[{_RTL_SET}]+")
_LTR_RUN = pattern(f"[^\\W\\d_{_RTL_SET}]+")

_GUESS_SAMPLE = 100_000
_PERSIAN_ONLY = pattern("[پچژگکی]")
_ARABIC_ONLY = pattern("[ةيكىأإ]")
_ARABIC_SCRIPT = pattern("[\u0620-\u064a\u066e-\u06d3\u06d5\ufb50-\ufdfb\ufe70-\ufefc]+")
_CYRILLIC = pattern("[\u0400-\u0481\u048a-\u052f]+")
_KAZAKH_ONLY = pattern("[әғқңөұүһі]", re.IGNORECASE)
_UKRAINIAN_I = frozenset("іІ")
_LATIN = pattern("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
# About every fourth letter of Kazakh is one that Russian lacks; a Kazakh name in a Russian text has
# few of them.
_KAZAKH_SHARE = 0.04


def language_direction(language: str) -> str:
    """Return the direction that a language (or a tag as "az-Arab") is written in, "" if unknown."""
    primary, *subtags = language.strip().lower().replace("_", "-").split("-")
    scripts = [subtag for subtag in subtags if len(subtag) == _SCRIPT_LENGTH and subtag.isalpha()]
    if scripts:
        return RTL if scripts[0] in _RTL_SCRIPTS else LTR
    if primary in _UNKNOWN_LANGUAGES:
        return ""
    return RTL if primary in _RTL_LANGUAGES else LTR


def document_direction(text: str, language: str) -> str:
    """Return the direction of a document: its language's, else that of most letters.

    Of as many of each the first decides; without letters it is "ltr".
    """
    return language_direction(language) or _majority(text) or LTR


def base_directions(
    paragraph_texts: Sequence[str],
    document_language: str,
    document_direction: str = "auto",
) -> list[str]:
    """Return "rtl" or "ltr" for each paragraph.

    A direction that was set holds for all. Else a known language decides, but for paragraphs wholly
    in letters of the other direction. Else each paragraph's letters decide, and one without letters
    follows its neighbours.
    """
    if document_direction in (RTL, LTR):
        return [document_direction] * len(paragraph_texts)
    base = language_direction(document_language)
    if base:
        return [_within_document(text, base) for text in paragraph_texts]
    return _neighbourly([_majority(text) for text in paragraph_texts])


def has_rtl(text: str) -> bool:
    """Return whether a text has letters that are written from right to left."""
    return _RTL_RUN().search(text) is not None


def guess_language(text: str) -> str:
    """Return "fa", "kk", "ru" or "en" by the letters of the text, "" without a good guess."""
    sample = text[:_GUESS_SAMPLE]
    arabic, cyrillic, latin = (
        _count(letters(), sample) for letters in (_ARABIC_SCRIPT, _CYRILLIC, _LATIN)
    )
    if not arabic + cyrillic + latin:
        return ""
    if arabic >= max(cyrillic, latin):
        return "fa" if _PERSIAN_ONLY().search(sample) or not _ARABIC_ONLY().search(sample) else ""
    if cyrillic < latin:
        return "en"
    kazakh = _KAZAKH_ONLY().findall(sample)
    # Ukrainian has «і» too, but none of the others.
    return (
        "kk"
        if len(kazakh) >= cyrillic * _KAZAKH_SHARE and not set(kazakh) <= _UKRAINIAN_I
        else "ru"
    )


def _count(run: re.Pattern[str], text: str) -> int:
    return sum(map(len, run.findall(text)))


def _majority(text: str) -> str:
    rtl, ltr = _count(_RTL_RUN(), text), _count(_LTR_RUN(), text)
    if rtl != ltr:
        return RTL if rtl > ltr else LTR
    first_rtl, first_ltr = _RTL_RUN().search(text), _LTR_RUN().search(text)
    if first_rtl is None or first_ltr is None:
        return ""
    return RTL if first_rtl.start() < first_ltr.start() else LTR


def _within_document(text: str, base: str) -> str:
    own, other = (_RTL_RUN, _LTR_RUN) if base == RTL else (_LTR_RUN, _RTL_RUN)
    if own().search(text) or not other().search(text):
        return base
    return LTR if base == RTL else RTL


def _neighbourly(directions: list[str]) -> list[str]:
    # The first that is known serves those before it, each later one those after it.
    last = next((direction for direction in directions if direction), LTR)
    filled = []
    for direction in directions:
        last = direction or last
        filled.append(last)
    return filled
