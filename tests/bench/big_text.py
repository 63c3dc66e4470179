"""A text of any length for the benches.

Paragraphs of three languages, entities in them, claims nested and over paragraph breaks.
"""

from functools import cache
from random import Random
from typing import NamedTuple

from annotator.model import NONE, Span
from annotator.ui.text_view import Mark
from datasets.generate import LAYERS, compose

LANGUAGES = ("fa", "kk", "fa", "ru")
PARAGRAPH = 160
CLUSTER = 250
COLORS = {"entities": "#0072B2", "claims": "#D55E00", "stance": "#009E73"}
LOOKS = {"entities": "entity", "claims": "claim", "stance": "stance"}

Stretch = tuple[str, int, int]


class BigText(NamedTuple):
    """A text, and labelled stretches of it in the order of their starts."""

    text: str
    stretches: list[Stretch]

    def marks(self) -> list[Mark]:
        """Return the stretches as the view takes them."""
        made = []
        for number, (label, start, end) in enumerate(self.stretches):
            layer = LAYERS[label]
            made.append(Mark(f"s{number}", ((start, end),), LOOKS[layer], label, COLORS[layer]))
        return made

    def spans(self) -> tuple[Span, ...]:
        """Return the stretches as the store takes them."""
        return tuple(
            Span(f"s{number}", LAYERS[label], label, ((start, end),), self.text[start:end], NONE)
            for number, (label, start, end) in enumerate(self.stretches)
        )


@cache
def big_text(paragraphs: int, spans: int, seed: int = 1, separator: str = "\n") -> BigText:
    """Return a text of so many paragraphs of about 200 characters, with so many stretches."""
    chance = Random(seed)
    parts: list[str] = []
    found: list[Stretch] = []
    starts: list[int] = []
    length = 0
    for number in range(paragraphs):
        text, marks, _is_mixed = compose(LANGUAGES[number % len(LANGUAGES)], PARAGRAPH, 3, chance)
        text = text.replace("\n", " ")
        if number % 20 == 0:
            text = f"\U0001f4cc {text}"  # an astral character now and then
            marks = []
        starts.append(length)
        found += [
            (mark.label, mark.fragments[0][0] + length, mark.fragments[-1][1] + length)
            for mark in marks
        ]
        parts.append(text)
        length += len(text) + len(separator)
    for number in range(0, paragraphs - 1, 11):
        found.append(("CLAIM", starts[number], starts[number + 1] + 20))  # over the break
    whole = separator.join(parts)
    if len(found) > spans:
        found = chance.sample(found, spans)
    for number in range(0, len(found) - 5, CLUSTER):  # five deep
        _label, start, end = found[number]
        for depth in range(4):
            found[number + 1 + depth] = ("PER", start, max(end - depth, start + 1))
    found = sorted(set(found), key=lambda entry: (entry[1], -entry[2], entry[0]))
    return BigText(whole, found)
