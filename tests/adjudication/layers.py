"""Layers of several annotators on one text, made in a line or drawn by hypothesis."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from annotator.adjudication import Docket, docket
from annotator.model import AnnotationSet, Attributes, Relation, Span, surface

TEXT = "خانم سهرابی گفت قیمت‌ها در رشت پایین آمد، Әлия Серікқызы қарсы 👩‍👧 و 12 % رشد."
PEOPLE = ("Айгерім", "Sara", "reza")


def mark(
    name: str, label: str, start: int, end: int, layer: str = "entities", **attributes: str
) -> Span:
    """Return a span over a part of TEXT."""
    return Span(name, layer, label, ((start, end),), TEXT[start:end], dict(attributes))


def found_in(
    layers: Mapping[str, Sequence[Span]], relations: Mapping[str, Sequence[Relation]] | None = None
) -> Docket:
    """Return the docket of layers that nobody has adjudicated."""
    made = {
        name: AnnotationSet(name, "done", tuple(spans), tuple((relations or {}).get(name, ())))
        for name, spans in layers.items()
    }
    return docket("d", made, AnnotationSet("gold"), ())


@st.composite
def spans(draw: st.DrawFn, owner: str) -> list[Span]:
    """Draw the spans of an annotator: nested, stacked, interrupted, twice the same."""
    made = []
    for number in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, 24))
        fragments = [(start, start + draw(st.integers(1, 6)))]
        if draw(st.integers(0, 5)) == 0:
            fragments.append((fragments[0][1] + 2, fragments[0][1] + 4))
        values: Attributes = draw(st.sampled_from(({}, {}, {"mode": "reported"})))
        label, layer = draw(
            st.sampled_from((("PER", "entities"), ("ORG", "entities"), ("CLAIM", "claims")))
        )
        parts = tuple(fragments)
        made.append(Span(f"{owner}-{number}", layer, label, parts, surface(TEXT, parts), values))
    return made


@st.composite
def layers(draw: st.DrawFn, people: tuple[str, ...] = PEOPLE) -> dict[str, AnnotationSet]:
    """Draw the layers of annotators with relations between their spans."""
    made = {}
    for name in people:
        own = draw(spans(name))
        links = []
        for number in range(draw(st.integers(0, 2)) if own else 0):
            head, child = draw(st.sampled_from(own)), draw(st.sampled_from([*own, None]))
            label = draw(st.sampled_from(("holder", "target")))
            links.append(
                Relation(
                    f"{name}-r{number}",
                    label,
                    head.id,
                    child.id if child else None,
                    None if child else "author",
                )
            )
        made[name] = AnnotationSet(name, "done", tuple(own), tuple(links))
    return made
