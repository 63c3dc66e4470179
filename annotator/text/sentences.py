"""Where sentences end, in Persian, Kazakh, Russian and English.

A newline always ends a sentence. A full stop does not where it belongs to a known abbreviation, an
initial, a number of a list, or where the text goes on in lower case.
"""

from annotator.model import Fragment
from annotator.text.lazy_regex import pattern
from annotator.text.segmentation import paragraphs, trim

_CLOSING = "»”“\"’')\\]}"
_TERMINATOR = ".!?…؟۔‼⁇-⁉"
# The look-behind lets a run of terminators be tried once, not again from each of its characters.
_END = pattern(rf"(?<![{_TERMINATOR}])[{_TERMINATOR}]++[{_CLOSING}]*+(?=\s)")
_WORD_BEFORE = pattern("[^\\W\\d_][\\w.\u200c-]*\\Z")
_INITIALS = pattern(r"(?:\w\.)+\w")
_NEXT_LETTER = pattern(r"[\s«“„‘\"'(\[{–—-]*+(\w)")
_LIST_NUMBER = pattern(r"\s*[\d.]+\Z")

# These stand before a name or a number, so a capital after them begins no sentence.
_NEVER_END = frozenset(
    (
        "ж",
        "жж",
        "қ",
        "ғ",
        "м",
        "ш",
        "т.е",
        "т.ж",
        "мыс",
        "г",
        "гг",
        "в",
        "вв",
        "с",
        "б",
        "д",
        "т",
        "п",
        "пп",
        "ч",
        "гл",
        "рис",
        "табл",
        "см",
        "ср",
        "им",
        "ст",
        "ул",
        "просп",
        "пл",
        "обл",
        "р-н",
        "кв",
        "корп",
        "стр",
        "напр",
        "акад",
        "проф",
        "доц",
        "инж",
        "т.к",
        "т.н",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "vs",
        "no",
        "fig",
        "e.g",
        "i.e",
        "م",
        "ق",
        "ه",
        "ص",
        "ج",
        "ش",
        "ر",
        "ک",
    )
)
# These may end a sentence, and do where a capital follows.
_MAY_END = frozenset(
    (
        "т.б",
        "т.с.с",
        "т.д",
        "т.п",
        "др",
        "пр",
        "млн",
        "млрд",
        "трлн",
        "тыс",
        "руб",
        "коп",
        "тг",
        "долл",
        "тел",
        "н.э",
        "б.з.б",
        "etc",
        "inc",
        "ltd",
        "co",
        "jr",
        "sr",
    )
)


def sentences(text: str) -> list[Fragment]:
    """Return the sentences of the text in order, without the white space around them."""
    fragments: list[Fragment] = []
    for start, end, _ in paragraphs(text):
        fragments += _sentences_between(text, start, end)
    return fragments


def _sentences_between(text: str, start: int, end: int) -> list[Fragment]:
    pieces: list[Fragment] = []
    first = start
    for candidate in _END().finditer(text, start, end):
        if _ends(text, first, candidate.start(), candidate.end(), end):
            pieces.append((first, candidate.end()))
            first = candidate.end()
    pieces.append((first, end))
    return [fragment for piece in pieces if (fragment := trim(text, *piece))]


def _ends(text: str, first: int, stop: int, after: int, limit: int) -> bool:
    """Return whether the terminator at [stop, after) ends the sentence that began at `first`."""
    following = _NEXT_LETTER().match(text, after, limit)
    letter = following.group(1) if following else ""
    if letter.islower():
        return False
    if text[stop] != "." or text.startswith("..", stop):
        return True
    if stop - first < 8 and _LIST_NUMBER().match(text[first:stop]):
        return False
    return not _is_abbreviation(text[max(first, stop - 12) : stop], letter)


def _is_abbreviation(before: str, next_letter: str) -> bool:
    match = _WORD_BEFORE().search(before)
    word = match.group() if match else ""
    if len(word) == 1 and (word.isupper() or word.lower() in _NEVER_END):
        return True
    if _INITIALS().fullmatch(word) and word[-1].isupper():
        return True
    return word.lower() in _NEVER_END or (word.lower() in _MAY_END and not next_letter.isupper())
