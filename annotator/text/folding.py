"""Search folding: what a reader takes for the same text becomes the same string.

A map leads back to the source.

Equal after folding: Arabic and Persian yeh, kaf and heh; alef with and without madda or hamza;
presentation forms and letters; with and without harakat, tatweel, soft hyphen, ZWNJ and bidi
controls; digits of three systems; ё and е; capitals and small letters; stressed and unstressed
Cyrillic; composed and decomposed letters; any two blanks. Latin diacritics stay. The stored text is
never folded.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from annotator.model import Fragment

_HARAKAT = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
_COMBINING = "\u0300-\u036f"
_INVISIBLE = "\u00ad\u0640\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_BLANKS = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ARABIC_LETTER = "\u0620-\u064a\u066e-\u06d3\u06d5"
_STRESS = re.compile("(?<=[\u0430-\u045f\u0461-\u052f])[\u0300\u0301]")

_DROPPED = re.compile(f"[{_HARAKAT}{_INVISIBLE}]")
_MARKS = re.compile(f"[{_HARAKAT}]")
_BLANK = re.compile(f"[{_BLANKS}]")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_EQUALS = str.maketrans(
    {
        **dict.fromkeys("يىئ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہۂۃھ", "ه"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ؤ", "و"),
        **dict.fromkeys("’‘ʼ`", "'"),
        **dict.fromkeys("‐‑", "-"),
        "ё": "е",
        "٪": "%",
        "٫": ".",
        **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    }
)
_SEPARATOR = re.compile(f"([ {_BLANKS}\u200c]+)")

# A joined Persian query also finds its clitics written apart, but not any space inside any word:
# «درد» is not in «در دست».
_PREFIX_JUNCTION = re.compile(rf"(?<!\w)(ن?می)(?=[{_ARABIC_LETTER}]{{2}})")
_SUFFIX_JUNCTION = re.compile(
    rf"(?<=[{_ARABIC_LETTER}]{{2}})((?:های?|هایی|های(?:م|ت|ش|مان|تان|شان)|تر|ترین|ام|ات|اش|ای)(?!\w))"
)


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A folded text; its character k came from [starts[k], ends[k]) of the source."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def source(self, start: int, end: int) -> Fragment:
        """Return where a stretch of the folded text, not an empty one, is in the source."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold the text for searching."""
    single: dict[int, str] = {}
    special = ""
    for character in set(text):
        folded = _fold_character(character)
        if len(folded) == 1:
            single[ord(character)] = folded
        else:
            special += re.escape(character)
    plain = text.translate(single)
    parts: list[str] = []
    if re.search(f"[{_COMBINING}]", text):
        parts.append(f"(?s:.)[{_COMBINING}]+")
    if special:
        parts.append(f"[{special}]")
    if not parts:
        return Folded(plain, range(len(text)), range(1, len(text) + 1))
    return _with_map(text, plain, re.compile("|".join(parts)))


def _with_map(text: str, plain: str, special: re.Pattern[str]) -> Folded:
    """Fold what one character for another cannot, and keep count of where the rest has moved to."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    done = 0
    for match in special.finditer(text):
        first, last = match.span()
        pieces.append(plain[done:first])
        starts.extend(range(done, first))
        ends.extend(range(done + 1, first + 1))
        folded = _fold_sequence(match.group())
        pieces.append(folded)
        starts.extend([first] * len(folded))
        ends.extend([last] * len(folded))
        if not folded and ends and _MARKS.match(text, first):
            # A mark belongs to its letter: a hit that ends there takes it in.
            ends[-1] = last
        done = last
    pieces.append(plain[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return Folded("".join(pieces), starts, ends)


@cache
def _fold_character(character: str) -> str:
    if _DROPPED.match(character):
        return ""
    if _BLANK.match(character):
        return " "
    if _PRESENTATION.match(character):
        letters = unicodedata.normalize("NFKC", character)
        return letters if letters == character else "".join(map(_fold_character, letters))
    return unicodedata.normalize("NFC", character.casefold()).translate(_EQUALS)


@lru_cache(maxsize=4096)
def _fold_sequence(sequence: str) -> str:
    """Fold a special character, or a character with the combining marks after it."""
    composed = unicodedata.normalize("NFC", sequence)
    return _STRESS.sub("", "".join(map(_fold_character, composed)))


def find(query: str, text: str, *, whole_word: bool = False) -> list[Fragment]:
    """Return where the query stands in the text, folding apart: left to right, without overlaps."""
    return find_folded(query, fold(text), whole_word=whole_word)


def find_folded(query: str, folded: Folded, *, whole_word: bool = False) -> list[Fragment]:
    """Return where the query stands in a text that was folded before, in offsets of the source."""
    pattern = query_pattern(query, whole_word=whole_word)
    if pattern is None:
        return []
    places: list[Fragment] = []
    for match in pattern.finditer(folded.text):
        start, end = match.span()
        if _is_whole(folded, start) and _is_whole(folded, end):
            places.append(folded.source(start, end))
    return places


def query_pattern(query: str, *, whole_word: bool = False) -> re.Pattern[str] | None:
    """Return what finds the query in folded texts, None where folding leaves nothing of it."""
    words = _folded_words(query)
    if not words:
        return None
    body = "".join(
        _with_gap(before, gap, word) for (_, before), (gap, word) in pairwise([("", ""), *words])
    )
    before = r"(?<!\w)" if whole_word and words[0][1][0].isalnum() else ""
    after = r"(?!\w)" if whole_word and words[-1][1][-1].isalnum() else ""
    # A letter without the diacritic that follows it is another letter.
    return re.compile(f"{before}{body}{after}(?![{_COMBINING}])")


def _folded_words(query: str) -> list[tuple[str, str]]:
    """Return each folded word with the separator before it.

    A piece of which folding leaves nothing goes with its separator.
    """
    pieces = _SEPARATOR.split(query)
    words: list[tuple[str, str]] = []
    for gap, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        word = fold(piece).text
        if word:
            words.append((gap, word))
    return words


def _with_gap(before: str, gap: str, word: str) -> str:
    """Return the pattern of a word and of what may stand between it and the word before."""
    if not before:
        return _word_pattern(word)
    if _is_arabic(before[-1]) and _is_arabic(word[0]):
        return " *" + _word_pattern(word)
    return (" +" if gap.strip("\u200c") else "") + _word_pattern(word)


def _word_pattern(word: str) -> str:
    """Return the pattern of one word, with a space allowed where it joins a clitic."""
    places = {found.end(): " ?" for found in _PREFIX_JUNCTION.finditer(word)}
    for found in _SUFFIX_JUNCTION.finditer(word):
        places[found.start()] = rf"(?: (?={found.group()}(?!\w)))?"
    cuts = [0, *sorted(places), len(word)]
    return "".join(
        places.get(start, "") + re.escape(word[start:end]) for start, end in pairwise(cuts)
    )


def _is_arabic(character: str) -> bool:
    return re.match(f"[{_ARABIC_LETTER}]", character) is not None


def _is_whole(folded: Folded, position: int) -> bool:
    """Return whether a place in the folded text lies between two characters, not in a ligature."""
    return (
        not 0 < position < len(folded.text)
        or folded.starts[position - 1] != folded.starts[position]
    )
