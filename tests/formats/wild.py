"""Records as wild as a project can hold.

What people, other programs and damaged files have put into texts, names and values.

All that is drawn is allowed: a text without CR, NUL and a byte order mark at its beginning, labels
that `name_fault` passes, names and values of any signs but NUL.
"""

from hypothesis import settings
from hypothesis import strategies as st

from annotator.model import (
    IMPLICIT,
    NONE,
    AnnotationSet,
    Document,
    Fragment,
    Labelled,
    Relation,
    Span,
    Value,
    surface,
)
from annotator.model.schema_files import name_fault
from tests.formats.round_trip import CALM

# For tests that each format runs anew: a quarter of what the profile asks for.
A_FEW = settings(
    CALM,
    max_examples=max(
        settings.get_profile(settings.get_current_profile_name()).max_examples // 4, 1
    ),
)
# Divided by spaces, as are the names below.
_WORDS = (
    "a ab Қала ё й کِتاب می\u200cروم مـرحـبا क्षि 漢字 𝐀𝐁 \U0001f1f0\U0001f1ff"
    " 👨\u200d👩\u200d👧 👍🏽 1\ufe0f\u20e3 e\u0301 12 ۱۲ ١٢ 1,5 №"
    " \U0001f1ee \u0301 \u064e \u0654 \u200c \u200d \u200e"
    " \u202b \u2067 \u2069 \ufeff \u00ad \u2060 \ufffc \ufffd \ufffe \uffff « » ، . … - — _ \\ \\t"
    " \\n / | # & &amp; <b> ]]> <!-- \" '' =1 + @ * ~ ^ ` { } [ ] ; : $ ( ) O B-X null RIFF %PDF-1"
    " -DOCSTART-"
)
_LABELS = (
    "ORG org نام می\u200cروم a\"b a'b a/b a|b #a a:b a;b a=b a-b B-ORG O a+b a_b _ * a\\b [a] a[1]"
    " <a> & a,b .. 1 é 𝐀 (a) e1 @ ? a\u00a0b a\u3000b Token"
)
_TAKEN = (
    "stance мода note layer label id type origin event Event name value begin sofa a:b implicit:x"
    " text xml:id status schema 1 _x _"
)
_SPACES = (
    "    \n\n\t\u00a0\u2009\u202f\u3000\u2028\u2029\x85"
    "\x0b\x0c\x1c\x1d\x1e\x1f\x01\x7f\x9f\u180e\u200b"
)
PIECES = (*_WORDS.split(" "), "# text = x", "#Text=a", "1-1", "\x1b[0m", *_SPACES)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(
    lambda pieces: "".join(pieces).lstrip("\ufeff")
)
_ODD = (
    "",
    "two words",
    " a",
    "a ",
    "a\nb",
    "a\r\nb",
    "\r",
    "a\tb",
    "'q'",
    "a;b|c",
    "=1",
    "0",
    "true",
    "None",
    "1.0",
    "-",
    "a\\",
    "[1]",
)
STRINGS = st.one_of(
    st.sampled_from(_ODD), st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
)
_NUMBERS = st.one_of(
    st.booleans(), st.integers(-5, 2**53), st.sampled_from((0.5, -1.25, 1e-7, 1.0))
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    STRINGS, _NUMBERS, st.lists(STRINGS, max_size=3).map(tuple)
)
LABELS = tuple(name for name in (*_LABELS.split(" "), "two words", "a  b") if not name_fault(name))
LAYERS = ("entities", "Entities", "claims", "лой 1", "a/b", "a|b", "a.b", "2", "لایه")
PEOPLE = (
    "",
    "a1",
    "A1",
    "gold",
    "Айгүл",
    "سارا",
    "a/b",
    "model:v1",
    "a b",
    "a1 (repeat 2)",
    "rule:x",
    "CON",
    "..",
    'a"b',
    "#1",
)
NAMES = st.one_of(
    st.sampled_from(
        ("", "d1", "D1", "../x", "..", "a:b", "C:\\x", "خبر (۱)", "CON", "x" * 300, "é", "e\u0301")
    ),
    STRINGS,
)
KEYS = st.one_of(st.sampled_from(_TAKEN.split(" ")), STRINGS)
ATTRIBUTES = st.dictionaries(KEYS, VALUES, max_size=2)


@st.composite
def _fragments(draw: st.DrawFn, length: int) -> tuple[Fragment, ...]:
    """Draw one fragment, or up to three, which may touch."""
    count = draw(st.sampled_from((1, 1, 1, 2, 3)))
    edges = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count)))
    pairs = tuple(
        (start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end
    )
    return pairs or ((0, length),)


@st.composite
def _spans(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    """Draw spans: nested, crossing, touching, and some at the place of the one before."""
    found: list[Span] = []
    for number in range(draw(st.integers(0, 4)) if text else 0):
        again = found and draw(st.integers(0, 3)) == 0
        places = found[-1].fragments if again else draw(_fragments(len(text)))
        name = draw(st.sampled_from(("s{}", "T{}", "{}", "a b{}", "#{}", "é/{}"))).format(number)
        layer, label = draw(st.sampled_from(LAYERS)), draw(st.sampled_from(LABELS))
        origin = draw(st.sampled_from(("human", "human", "model", "model:a b", "rule:«x»")))
        found.append(
            Span(
                name,
                layer,
                label,
                places,
                surface(text, places),
                draw(ATTRIBUTES),
                draw(st.just("") | STRINGS),
                origin,
            )
        )
    return tuple(found)


@st.composite
def _relations(draw: st.DrawFn, spans: tuple[Span, ...]) -> tuple[Relation, ...]:
    """Draw relations: between layers, to implicit arguments, from a span to itself."""
    found: list[Relation] = []
    for number in range(draw(st.integers(0, 3)) if spans else 0):
        implicit = draw(st.sampled_from((None, None, *IMPLICIT)))
        child = None if implicit else draw(st.sampled_from(spans)).id
        name = draw(st.sampled_from(("r{}", "R{}", "{}", "r {}"))).format(number)
        label, head = draw(st.sampled_from(LABELS)), draw(st.sampled_from(spans)).id
        found.append(Relation(name, label, head, child, implicit, draw(st.just(NONE) | ATTRIBUTES)))
    return tuple(found)


@st.composite
def records(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Labelled:
    """Draw a record."""
    text = draw(texts)
    spans = draw(_spans(text))
    status = draw(st.sampled_from(("new", "open", "done")))
    annotation_set = AnnotationSet(
        draw(st.sampled_from(PEOPLE)), status, spans, draw(_relations(spans)), draw(ATTRIBUTES)
    )
    document = Document(
        draw(NAMES),
        draw(NAMES),
        text,
        draw(st.sampled_from(("", "fa", "kk", "ru", "und"))),
        draw(st.sampled_from(("auto", "rtl", "ltr"))),
        draw(st.dictionaries(KEYS, STRINGS | _NUMBERS | st.lists(STRINGS, max_size=2), max_size=2)),
        paragraph_directions=draw(st.sampled_from(((), (), ((0, "rtl"),)))),
    )
    return Labelled(
        document,
        draw(st.sampled_from((annotation_set, annotation_set, annotation_set, None))),
        draw(st.sampled_from(("", "news@1", "my schema@2"))),
    )
