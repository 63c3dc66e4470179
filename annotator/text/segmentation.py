"""Where words, graphemes, sentences and paragraphs begin and end, and what a selection snaps to.

Words: a *token* is what a double-click takes: a word with its ZWNJ, harakat, hyphens and
apostrophes, a number, a date, a percentage, a URL, an e-mail address; quotes and brackets stay
outside. A *grapheme* is what a caret steps over. A *clitic* is a short Persian word that is written
apart but belongs to its neighbour: «می رود», «شهرداری ها».
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from annotator.model import Fragment
from annotator.text.lazy_regex import pattern

_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
)
# Between two letters these belong to the word: ZWNJ and ZWJ, and what old files have in their place
# (soft hyphen, LRM, RLM).
_JOINER = "\u200c\u200d\u00ad\u200e\u200f"
_URL_CHARACTER = r"[^\s«»\"“”<>()\[\]\u200b\u202a-\u202e\u2060-\u206f\ufeff]"
_URL_END = rf"(?<![.,:;!?،؛؟…'’{_JOINER}])"
_TOKEN = pattern(
    # Local parts are bounded, or a long line of dots would be scanned again from each of its dots.
    rf"(?:https?://|www\.){_URL_CHARACTER}+{_URL_END}"
    r"|[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+"
    rf"|\d++(?:[.,:/٫٬–-]\d++)*+[{_MARK}]*+[%٪]?+(?![^\W\d_]|[-‑'’ʼ][^\W\d_])"
    rf"|[^\W_](?:[\w{_MARK}]++|[{_JOINER}]++(?=[\w{_MARK}])|['’ʼ‑-](?=\w))*+"
)

# Letters, digits and punctuation that never join with a neighbour into one grapheme (GCB=Other, and
# tab and LF, which always stand alone).
_ALONE = (
    "\n\t\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f\u0606-\u060f\u061b\u061d-\u064a\u0660-\u066f"
    "\u0671-\u06d5\u06ee-\u070d\u1e00-\u1f15\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2116"
)
_JOINING_RUN = pattern(f"[{_ALONE}]?[^{_ALONE}]+(?:[{_ALONE}][^{_ALONE}]+)*[{_ALONE}]?")

_PARAGRAPH_END = pattern("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2029]")

_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x20\x85\u00a0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
_FORMATS = (
    "\u00ad\u061c\u180e"
    + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]))
    + "\ufeff"
)

_CLITICS_BEFORE = frozenset(("می", "نمی"))
_CLITICS_AFTER = frozenset(("ها", "های", "هایی", "تر", "ترین", "ای", "ام", "ات", "اش"))
_ONE_SPACE = frozenset((" ", "\u00a0", "\u202f"))


class Paragraph(NamedTuple):
    """A paragraph; its separator ends at `separator_end`, which is `end` where the text ends."""

    start: int
    end: int
    separator_end: int


def tokens(text: str) -> list[Fragment]:
    """Return the tokens of the text in order."""
    return [match.span() for match in _TOKEN().finditer(text)]


def token_at(fragments: Sequence[Fragment], position: int) -> Fragment | None:
    """Return the token that begins at, holds or ends at a caret position."""
    number = bisect_right(fragments, position, key=lambda fragment: fragment[0]) - 1
    return fragments[number] if number >= 0 and position <= fragments[number][1] else None


def snap_tokens(fragments: Sequence[Fragment], a: int, b: int) -> Fragment | None:
    """Return the union of the tokens that the stretch between two caret positions touches."""
    low, high = min(a, b), max(a, b)
    first = bisect_right(fragments, low, key=lambda fragment: fragment[1])
    last = bisect_left(fragments, high, key=lambda fragment: fragment[0])
    return (fragments[first][0], fragments[last - 1][1]) if first < last else None


def graphemes(text: str) -> list[int]:
    """Return where graphemes begin, and the length of the text."""
    starts: list[int] = []
    done = 0
    for run in _JOINING_RUN().finditer(text):
        starts.extend(range(done, run.start()))
        starts.extend(run.start() + start for start in _joined()(run.group()))
        done = run.end()
    starts.extend(range(done, len(text) + 1))
    return starts


@cache
def _joined() -> Callable[[str], Iterator[int]]:
    """Return what walks over the starts of the graphemes of a string."""
    import regex  # the start does not wait for it

    pattern = regex.compile(r"\X")
    return lambda text: (match.start() for match in pattern.finditer(text))


def snap_grapheme(boundaries: Sequence[int], position: int, forward: bool) -> int:
    """Return the position if it is a boundary, else the next one (forward) or the one before."""
    number = bisect_left(boundaries, position)
    if number == len(boundaries):
        return boundaries[-1]
    return (
        boundaries[number]
        if forward or boundaries[number] == position
        else boundaries[max(number - 1, 0)]
    )


def paragraphs(text: str) -> list[Paragraph]:
    """Split the text into paragraphs, one more than it has separators; U+2028 does not split."""
    separators = [match.span() for match in _PARAGRAPH_END().finditer(text)]
    starts = [0, *(end for _, end in separators)]
    ends = [*separators, (len(text), len(text))]
    return [Paragraph(start, end, after) for start, (end, after) in zip(starts, ends, strict=True)]


def trim(text: str, start: int, end: int) -> Fragment | None:
    """Drop white space and format characters at both ends; None where nothing is left.

    Format characters are ZWNJ, bidi controls, BOM and the like.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(
            f"the stretch {start}–{end} lies outside of the text, which has {len(text)} characters,"
            " or is reversed"
        )
    piece = text[start:end]
    last = start + len(piece.rstrip(_SPACES + _FORMATS))
    first = end - len(piece.lstrip(_SPACES + _FORMATS))
    return (first, last) if first < last else None


def clitic_after(text: str, fragments: Sequence[Fragment], end: int) -> Fragment | None:
    """Return the clitic that stands one space after a stretch that ends here."""
    number = bisect_left(fragments, end + 1, key=lambda fragment: fragment[0])
    if number == len(fragments) or fragments[number][0] != end + 1 or text[end] not in _ONE_SPACE:
        return None
    return fragments[number] if _spelled(text, fragments[number]) in _CLITICS_AFTER else None


def clitic_before(text: str, fragments: Sequence[Fragment], start: int) -> Fragment | None:
    """Return the clitic that stands one space before a stretch that starts here."""
    number = bisect_left(fragments, start - 1, key=lambda fragment: fragment[1])
    if (
        number == len(fragments)
        or fragments[number][1] != start - 1
        or text[start - 1] not in _ONE_SPACE
    ):
        return None
    return fragments[number] if _spelled(text, fragments[number]) in _CLITICS_BEFORE else None


def _spelled(text: str, fragment: Fragment) -> str:
    return text[fragment[0] : fragment[1]].replace("ي", "ی")
