"""Comparisons for tests: spans in a line, and what changes nothing about them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from annotator.compare.building import compare
from annotator.compare.comparison import Comparison
from annotator.model import AnnotationSet, Document, Fragment, Labelled, Relation, Span, surface

TEXT = (
    "مریم سهرابی گفت: قیمت‌ها پایین آمد. Анна Кравцова сказала, что цены снизились. Әлия білдірді."
)
Marked = tuple[str, tuple[Fragment, ...], str]  # label, fragments, value of the attribute "sign"
Sets = Mapping[str, Sequence[Marked]]


def span(number: int, marked: Marked, text: str = TEXT) -> Span:
    """Return a span as a value."""
    label, fragments, sign = marked
    return Span(
        f"s{number}",
        "entities",
        label,
        fragments,
        surface(text, fragments),
        {"sign": sign} if sign else {},
    )


def layer(name: str, marks: Sequence[Marked], text: str = TEXT) -> AnnotationSet:
    """Return the layer of an annotator; each span points at the next one."""
    spans = [span(number, marked, text) for number, marked in enumerate(marks)]
    relations = tuple(
        Relation(f"r{number}", "next", one.id, other.id)
        for number, (one, other) in enumerate(pairwise(spans))
    )
    return AnnotationSet(name, "done", tuple(spans), relations)


def compared(*documents: Sets, text: str = TEXT) -> Comparison:
    """Return the comparison of documents of one text.

    Each a mapping of annotators to what they marked.
    """
    return compare(
        Labelled(Document(f"d{number}", f"d{number}", text), layer(name, marks, text))
        for number, layers in enumerate(documents)
        for name, marks in layers.items()
    )


def shuffled(found: Sets, random: Random) -> Sets:
    """Return the same layers with spans stored, and annotators named first, in another order."""
    names = random.sample(sorted(found), len(found))
    return {name: random.sample(list(found[name]), len(found[name])) for name in names}


def renamed(found: Sets) -> Sets:
    """Return the same layers with other names of labels."""
    return {
        name: [(f"x-{label[::-1]}", fragments, sign) for label, fragments, sign in marks]
        for name, marks in found.items()
    }


@st.composite
def fragments(draw: st.DrawFn, size: int = len(TEXT)) -> tuple[Fragment, ...]:
    """One fragment, or two."""
    start = draw(st.integers(0, size - 1))
    end = draw(st.integers(start + 1, min(size, start + 20)))
    if end + 3 < size and draw(st.integers(0, 5)) == 0:
        return ((start, end), (end + 2, end + 3))
    return ((start, end),)


def marks(most: int = 5) -> st.SearchStrategy[list[Marked]]:
    """What an annotator marked: stacked, nested and interrupted spans are likely."""
    return st.lists(
        st.tuples(
            st.sampled_from(["PER", "ORG", "GPE"]), fragments(), st.sampled_from(["", "+", "−"])
        ),
        max_size=most,
    )


def layers(people: int = 3, most: int = 5) -> st.SearchStrategy[dict[str, list[Marked]]]:
    """What several annotators marked in one text."""
    return st.fixed_dictionaries({name: marks(most) for name in "abcde"[:people]})
