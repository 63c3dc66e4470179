"""What spoils texts on their way, found and repaired: never by itself, always with an offset map.

`offers(text)` says what could be repaired, with counts and an example, and changes nothing.
`repair(text, names)` repairs what was chosen; `Repaired.fragments` maps spans.
`annotator.jobs.imports.repairs` does both for whole documents at import.

- mojibake: UTF-8 that was once read as an 8-bit code page (ftfy finds out which), or Cyrillic that
  was read as Western
- visual-order: lines of Persian or Arabic whose letters stand in the order in which they are seen
- presentation-forms: shapes of letters in the place of letters, one ligature for several; where a
  shape told of a ZWNJ, it is marked
- lost-zwnj: words that seem to have lost a ZWNJ; they are marked, never changed
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import chain
from typing import NamedTuple, Protocol, cast

from annotator.model import Fragment
from annotator.text.offset_map import Change, OffsetMap, changed, composed
from annotator.text.ranges import united
from annotator.text.visual_order import looks_turned, shape_of, turned_lines

__all__ = ["REPAIRS", "Offer", "Repaired", "looks_turned", "lost_zwnj", "offers", "repair"]

MOJIBAKE, VISUAL_ORDER, PRESENTATION_FORMS, LOST_ZWNJ = (
    "mojibake",
    "visual-order",
    "presentation-forms",
    "lost-zwnj",
)
REPAIRS = (MOJIBAKE, VISUAL_ORDER, PRESENTATION_FORMS, LOST_ZWNJ)
"""All repairs, in the order in which they are made.

A line is turned before its shapes become letters.
"""

_EXAMPLE = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """A repair that a text may need, in how many places.

    `before` and `after` are one of the places, equal where it is only marked. `how` are, for
    mojibake, the encodings that the text went through, the wrong one first.
    """

    repair: str
    count: int
    before: str
    after: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after its repairs.

    `counts` says how often each was made, `marked` where a ZWNJ seems lost in it.
    """

    text: str
    maps: tuple[OffsetMap, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    marked: tuple[Fragment, ...] = ()

    def fragments(self, places: Iterable[Fragment]) -> tuple[Fragment, ...]:
        """Return where stretches of the source are now; () where nothing of them is left."""
        for known in self.maps:
            places = tuple(moved for place in places for moved in known.fragments(*place))
        found: tuple[Fragment, ...] = ()
        for place in places:
            found = united(found, place)
        return found


def offers(text: str) -> list[Offer]:
    """Return what could be repaired in a text, in the order of REPAIRS."""
    found: list[Offer] = []
    for name, changes_of in _CHANGES.items():
        changes = list(changes_of(text))
        if changes:
            first = changes[0]
            before = text[first.start : first.end]
            how = _explained(before) if name == MOJIBAKE else ""
            found.append(Offer(name, len(changes), before[:_EXAMPLE], first.text[:_EXAMPLE], how))
    lost = lost_zwnj(text)
    if lost:
        word = text[slice(*lost[0])]
        found.append(Offer(LOST_ZWNJ, len(lost), word, word))
    return found


def repair(text: str, names: Iterable[str]) -> Repaired:
    """Return a text after the repairs that were named; unknown names are a KeyError."""
    chosen = set(names)
    if chosen - set(REPAIRS):
        raise KeyError(*sorted(chosen - set(REPAIRS)))
    maps: list[OffsetMap] = []
    counts: dict[str, int] = {}
    marked: set[Fragment] = set()
    for name in REPAIRS:
        changes = list(_CHANGES[name](text)) if name in chosen and name in _CHANGES else []
        if changes:
            cut = [word.span() for word in _cut_shapes(text)] if name == PRESENTATION_FORMS else []
            text, known = changed(text, changes)
            maps.append(known)
            counts[name] = len(changes)
            marked.update(chain.from_iterable(known.fragments(*place) for place in cut))
    if LOST_ZWNJ in chosen:
        marked.update(lost_zwnj(text))
    if marked:
        counts[LOST_ZWNJ] = len(marked)
    return Repaired(text, tuple(maps), counts, tuple(sorted(marked)))


# ── Presentation forms ────────────────────────────────────────────────────────────────────────────

# Signs for whole phrases and for a currency (U+FDFA–U+FDFD), ornaments and dots are no shapes of
# letters.
_FORMS = re.compile(
    "[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdf9\ufe70-\ufe74\ufe76-\ufefc]+"
)


def _letters(text: str) -> Iterator[Change]:
    for found in _FORMS.finditer(text):
        pieces = [_letter(form) for form in found.group()]
        places: list[Fragment] = []
        length = 0
        for piece in pieces:
            places.append((length, length + len(piece)))
            length += len(piece)
        yield Change(*found.span(), "".join(pieces), places)


@cache
def _letter(form: str) -> str:
    """Return the letters of a form (NFKC); a mark loses the blank or tatweel it was put on."""
    plain = unicodedata.normalize("NFKC", form)
    return plain.lstrip(" ـ") if unicodedata.combining(plain[-1]) else plain


# ── Mojibake ──────────────────────────────────────────────────────────────────────────────────────


# No language of Latin letters has words of accented letters alone; Russian that was read as Western
# has nothing else.
_LATIN_WORD = re.compile("[A-Za-z\u00a8\u00b8\u00c0-\u00ff]+")
_ACCENTED = re.compile("[\u00a8\u00b8\u00c0-\u00ff]+")
_SURE_SHARE, _SURE_LETTERS = 0.8, 12


class _Step(NamedTuple):
    action: str
    parameter: str


class _Explained(Protocol):
    text: str
    explanation: Sequence[_Step] | None


class _Ftfy(Protocol):
    def TextFixerConfig(self, **options: object) -> object: ...  # noqa: N802 - ftfy's own name

    def fix_encoding_and_explain(self, text: str, config: object) -> _Explained: ...


def _as_read(page: str, first: int, last: int) -> str:
    """Return what the bytes of a range are in a code page, for a character class."""
    return re.escape(bytes(range(first, last + 1)).decode(page, errors="ignore"))


# A byte that begins a character of two and one that ends it, as three code pages show them; the
# last two pages need several in a row. And Cyrillic bytes as a Western page shows them.
_SUSPECT = re.compile(
    f"[\u00c2-\u00df\u00e0-\u00ef][\u0080-\u00bf{_as_read('cp1252', 0x80, 0x9F)}]"
    f"|(?:[{_as_read('cp1251', 0xD0, 0xDB)}][\u0080-\u009f{_as_read('cp1251', 0x80, 0xBF)}]){{2}}"
    f"|(?:[{_as_read('cp1256', 0xD0, 0xDB)}][\u0080-\u009f{_as_read('cp1256', 0x80, 0xBF)}]){{3}}"
    "|[\u00a8\u00b8\u00c0-\u00ff]{4}"
)


def _decoded_again(text: str) -> Iterator[Change]:
    if not _SUSPECT.search(text):
        return
    start = 0
    for line in text.split("\n"):
        if _SUSPECT.search(line):
            change = _line_decoded_again(line, start)
            if change:
                yield change
        start += len(line) + 1


class _Recoded(NamedTuple):
    text: str
    places: Sequence[Fragment]
    how: str


def _line_decoded_again(line: str, start: int) -> Change | None:
    # ftfy does not know of the Arabic code page, nor of a Cyrillic page that was taken for a
    # Western one.
    known = _persian(line)
    explained = None if known else _fixed(line)
    if explained is not None and explained.text != line:
        return _by_steps(line, explained, start) or _trimmed(line, explained.text, start)
    known = known or _cyrillic(line)
    return Change(start, start + len(line), known.text, known.places) if known else None


def _explained(line: str) -> str:
    """Return the encodings that a line went through."""
    known = _persian(line)
    steps = () if known else _fixed(line).explanation or ()
    known = known or (None if steps else _cyrillic(line))
    return known.how if known else " → ".join(step.parameter for step in steps)


def _persian(line: str) -> _Recoded | None:
    recoded = _recoded(line, "cp1256", "utf-8")
    return _Recoded(*recoded, "cp1256 → utf-8") if recoded else None


def _cyrillic(line: str) -> _Recoded | None:
    words = _LATIN_WORD.findall(line)
    accented = [word for word in words if _ACCENTED.fullmatch(word)]
    if len(accented) < _SURE_SHARE * len(words) or sum(map(len, accented)) < _SURE_LETTERS:
        return None
    try:
        text = line.encode("cp1252").decode("cp1251")
    except UnicodeError:
        return None
    return _Recoded(text, [(number, number + 1) for number in range(len(line))], "cp1252 → cp1251")


def _fixed(line: str) -> _Explained:
    ftfy = cast("_Ftfy", import_module("ftfy"))
    return ftfy.fix_encoding_and_explain(
        line, ftfy.TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False)
    )


def _by_steps(line: str, explained: _Explained, start: int) -> Change | None:
    """Return the change with the place of each character.

    None where it was made of more than whole encodings.
    """
    steps = explained.explanation or ()
    text, places = line, [(number, number + 1) for number in range(len(line))]
    for (action, encoding), (other, decoding) in zip(steps[::2], steps[1::2], strict=False):
        if (action, other) != ("encode", "decode"):
            return None
        recoded = _recoded(text, encoding, decoding)
        if recoded is None:
            return None
        text, places = recoded[0], composed(places, recoded[1])
    return Change(start, start + len(line), text, places) if text == explained.text else None


def _recoded(text: str, encoding: str, decoding: str) -> tuple[str, list[Fragment]] | None:
    """Return the text that the bytes say which a text was read from, and each character's place.

    None where they say none.
    """
    if decoding != "utf-8":
        return None
    try:
        data = text.encode(encoding)
        recoded = data.decode("utf-8")
    except UnicodeError:
        return None
    if len(data) != len(text) or recoded == text:
        return None
    places: list[Fragment] = []
    for number, character in enumerate(recoded):
        places += [(number, number + 1)] * len(character.encode())
    return recoded, places


def _trimmed(before: str, after: str, start: int) -> Change:
    """Return the change between two lines as one stretch, without their common ends."""
    least = min(len(before), len(after))
    head = next((number for number in range(least) if before[number] != after[number]), least)
    tail = next(
        (number for number in range(least - head) if before[-1 - number] != after[-1 - number]),
        least - head,
    )
    text = after[head : len(after) - tail]
    length = len(before) - head - tail
    return Change(start + head, start + head + length, text, [(0, len(text))] * length)


# ── ZWNJ ──────────────────────────────────────────────────────────────────────────────────────────

_ARABIC = "\u0621-\u064a\u066e-\u06d3"
_PERSIAN = re.compile("[پچژگکی]")
# After these letters the next one is not joined, and the plural is written as one word: «کارها».
_JOINING = "بپتثجچحخسشصضطظعغفقکكگلمنهیي"
_PLURAL = re.compile(
    f"(?<![{_ARABIC}\u200c])[{_ARABIC}]{{2,}}[{_JOINING}]های?[یي]?(?![{_ARABIC}\u200c])"
)
_VERB = re.compile(
    f"(?<![{_ARABIC}\u200c])ن?م[یي](?=[{_ARABIC}]{{2}})[{_ARABIC}]+(?:[یي]م|[یي]د|ند|م|د|[یي])(?![{_ARABIC}\u200c])"
)
_APART = re.compile(
    f"(?<![{_ARABIC}\u200c])ن?م[یي]"
    f" (?=[{_ARABIC}]{{2}})[{_ARABIC}]+(?:[یي]م|[یي]د|ند|م|د)(?![{_ARABIC}\u200c])"
)
# Words that only look so.
_WHOLE = frozenset(
    (
        "تنها",
        "تنهای",
        "تنهایی",
        "انتها",
        "انتهای",
        "انتهایی",
        "منتها",
        "منتهای",
        "بهای",
        "نهایی",
        "آنها",
        "آنهای",
        "اینها",
        "میلاد",
        "میلادی",
        "میدانی",
        "میهنی",
        "میانی",
        "میزبانی",
        "میانجی",
        "میوه‌ای",
        "میراثی",
        "میخی",
        "میکروبی",
        "میلیارد",
        "میلیونی",
        "میهمانی",
        "میلیاردی",
        "میمون",
        "میزگرد",
        "میرداماد",
        "میانگیری",
        "میلی",
        "مینی",
        "میگرن",
        "میثم",
        "میرزایی",
        "میرزا",
    )
)


def lost_zwnj(text: str) -> list[Fragment]:
    """Return the words of a Persian text that seem to have lost a ZWNJ.

    «میشوند», «می شوند», «دستگاهها», and shapes that end in a word.
    """
    found = {place.span() for place in _cut_shapes(text)}
    if _PERSIAN.search(text):
        for pattern in (_PLURAL, _VERB, _APART):
            found |= {
                match.span()
                for match in pattern.finditer(text)
                if match.group().replace("ي", "ی") not in _WHOLE
            }
    return sorted(found)


def _cut_shapes(text: str) -> Iterator[re.Match[str]]:
    """Walk over words in which a joining letter stands in its last shape before another letter."""
    for word in _FORMS_WORD.finditer(text):
        signs = word.group()
        if any(
            shape_of(one) in ("final", "isolated")
            and unicodedata.normalize("NFKC", one)[-1] in _JOINING
            for one in signs[:-1]
        ) and not looks_turned(text):
            yield word


_FORMS_WORD = re.compile(
    f"(?=[{_ARABIC}]*[\ufb50-\ufefc])[{_ARABIC}\ufb50-\ufdf9\ufe70-\ufefc]{{2,}}"
)

_CHANGES: dict[str, Callable[[str], Iterator[Change]]] = {
    MOJIBAKE: _decoded_again,
    VISUAL_ORDER: turned_lines,
    PRESENTATION_FORMS: _letters,
}
