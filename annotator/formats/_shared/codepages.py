"""Tells 8-bit encodings of Cyrillic and Arabic script apart.

It judges how the decoded letters look in Russian, Kazakh, Persian and Arabic.

A *score* is the mean over the characters beyond ASCII: about 0.5 for a right guess, well below for
a wrong one. Frequent letters count for, rare ones against; so do a capital inside a word, two
scripts in one word, and signs that prose does not have.
"""

from itertools import pairwise

CANDIDATES = (
    "cp1251",
    "kz1048",
    "ptcp154",
    "koi8-r",
    "cp866",
    "mac-cyrillic",
    "cp1256",
    "iso-8859-6",
    "cp1252",
)
LEAST = 0.1
_SAMPLE = 20_000

_BY_FREQUENCY = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "аеыіндртлсмқоукбғпұжңөзшгйүәихяюьвэһцфчёщъ",
    "اينرمدهوتبلسکشگقفزخعحجصپطئغچآأضذثظةىءإژؤ",
)
_PUNCTUATION = frozenset("«»“”‘’…–—№،؛؟٪ \u200c\u00ad°§•")
_MARKS = frozenset(map(chr, range(0x64B, 0x653)))


def _weights() -> dict[str, float]:
    found: dict[str, float] = {}
    for letters in _BY_FREQUENCY:
        for rank, letter in enumerate(letters):
            weight = 1.0 - 1.9 * rank / len(letters)
            found[letter] = max(weight, found.get(letter, -1.0))
            found[letter.upper()] = found[letter] - 0.05
    return {**found, "ك": found["ک"], "ی": found["ي"]}


_WEIGHTS = _weights()


def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    if character < "\u0250":
        return "latin"
    return "cyrillic" if character < "\u0530" else "arabic"


def _weight(before: str, character: str) -> float:
    if character in _PUNCTUATION or character in _MARKS:
        return 0.2
    if character == "„":  # rare in prose, but mac-cyrillic's Д elsewhere
        return -1.0
    if not character.isalpha():
        return -1.5
    if before.isalpha() and (
        _script(before) != _script(character) or (character.isupper() and before.islower())
    ):
        return -1.5
    if _script(character) == "latin":
        return 0.25 if before.isalpha() else -0.1
    return _WEIGHTS.get(character, -1.5) + (
        0.3 if character.isupper() and not before.isalpha() else 0.0
    )


def score(text: str) -> float:
    """Say how much a decoded text looks like prose in one of the languages."""
    pairs = [pair for pair in pairwise(" " + text[:_SAMPLE]) if pair[1] > "\x7f"]
    # A letter of another script after this one is as odd as one before it, and ASCII letters are
    # not among the pairs.
    mixed = sum(
        1
        for before, after in pairwise(text[:_SAMPLE])
        if before > "\x7f" and after.isascii() and _mixed(before, after)
    )
    return (sum(_weight(*pair) for pair in pairs) - 1.5 * mixed) / max(len(pairs), 1)


def _mixed(before: str, after: str) -> bool:
    return before.isalpha() and after.isalpha() and _script(before) != _script(after)


def ranking(data: bytes) -> list[tuple[float, str]]:
    """Return the candidates that can decode the bytes, the likeliest first, with their scores."""
    found = []
    for order, encoding in enumerate(CANDIDATES):
        try:
            found.append((-score(data.decode(encoding)), order, encoding))
        except UnicodeDecodeError:
            continue
    return [(-negative, encoding) for negative, _order, encoding in sorted(found)]
