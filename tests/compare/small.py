"""Small comparisons, in which spans often touch: two layers, two documents, three annotators."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from annotator.compare.building import compare
from annotator.compare.comparison import Comparison
from annotator.model import AnnotationSet, Document, Fragment, Labelled, Span, surface

TEXTS = ("аб вгд е", "жз и клмн оп")
KINDS = (("claims", "A"), ("entities", "A"), ("entities", "B"))
Marked = tuple[tuple[str, str], tuple[Fragment, ...]]
Work = Mapping[str, Sequence[Sequence[Marked]]]
"""What each annotator marked, a list a document."""


@st.composite
def fragments(draw: st.DrawFn, size: int) -> tuple[Fragment, ...]:
    """One fragment, or two."""
    edges = draw(st.lists(st.integers(0, size), min_size=2, max_size=4, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((start, end) for start, end in pairs)


def marks(document: int) -> st.SearchStrategy[list[Marked]]:
    """Some marks of one annotator in a document."""
    mark = st.tuples(st.sampled_from(KINDS), fragments(len(TEXTS[document])))
    return st.lists(mark, max_size=4)


def work(people: int = 3) -> st.SearchStrategy[dict[str, list[list[Marked]]]]:
    """What several annotators marked in both documents."""
    own = st.tuples(marks(0), marks(1)).map(list)
    return st.fixed_dictionaries(dict.fromkeys("abc"[:people], own))


def lined_up(work: Work) -> Comparison:
    """Return the comparison; the id of a span tells its document, its annotator and its number."""
    records = []
    for name, documents in work.items():
        for number, marked in enumerate(documents):
            text = TEXTS[number]
            spans: list[Span] = []
            for kind, places in marked:
                own = f"{number} {name} {len(spans)}"
                spans.append(Span(own, *kind, places, surface(text, places)))
            document = Document(f"d{number}", f"text {number}", text)
            records.append(Labelled(document, AnnotationSet(name, "done", tuple(spans))))
    return compare(records)


def places(fragments: Sequence[Fragment]) -> set[int]:
    """Return the characters that fragments cover."""
    return {place for start, end in fragments for place in range(start, end)}
