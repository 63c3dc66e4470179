"""What every format has to stand.

A round trip that keeps all it does not declare as lost, and files that are broken.

A format's tests inherit `RoundTrip`, name the format, and say what of a record (`kept`) its files
carry.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.formats import Format, ReadOptions, Report, WriteOptions, formats
from annotator.model import (
    IMPLICIT,
    NONE,
    AnnotationSet,
    Document,
    Labelled,
    Relation,
    Source,
    Span,
    Value,
    surface,
)

# Each format runs the inherited tests with examples of its own, which is what the check warns of.
CALM = settings(suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow])

PIECES = (
    *(
        "دولت",
        "قیمت\u200cها",
        "کِتاب",
        "ي",
        "қала",
        "Үкімет",
        "Город",
        "ё",
        "iPhone",
        "café",
        "e\u0301",
        "۱۲",
        "5 %",
        "U+2028\u2028",
        "\u2029",
        "\x85",
        "\u00a0",
        "\u064e",
        "مـن",
        "١٢",
        "𝐀",
    ),
    *(
        "😊",
        "👨\u200d👩\u200d👧",
        "\U0001f1f0\U0001f1ff",
        "\ufeff",
        "\u200f",
        "\u202b",
        "\u200c",
        "«",
        "»",
        "،",
        ".",
        ",",
        ";",
        '"',
        "'",
        "=1",
        "#",
        "|",
        "\\",
        "-DOCSTART-",
        "<b>",
    ),
)
GAPS = (" ", " ", " ", "", "  ", "\n", "\n\n", "\t")
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=12).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs).lstrip("\ufeff")
)
WORDS = st.sampled_from(
    ["a", "جهت", "қолдау", "против", "two words", "=SUM(1)", "'quoted", "a;b|c", "«»"]
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    WORDS,
    st.just(""),
    st.booleans(),
    st.integers(-5, 2**40),
    st.sampled_from([0.5, -1.25]),
    st.lists(WORDS, max_size=3).map(tuple),
)
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), WORDS),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
NOTES = st.sampled_from(["", "", "نیاز به بازبینی", "first\nsecond"])


@st.composite
def fragments(draw: st.DrawFn, length: int) -> tuple[tuple[int, int], ...]:
    """Draw the fragments of a span in a text of this length: mostly one, sometimes up to three."""
    count = min(draw(st.sampled_from([1, 1, 1, 2, 3])), length)
    places = sorted(
        draw(
            st.sets(st.integers(0, length), min_size=min(2 * count, length + 1), max_size=2 * count)
        )
    )
    pairs = list(zip(places[::2], places[1::2], strict=False))
    return tuple(pairs)


@st.composite
def _layers(
    draw: st.DrawFn,
    text: str,
    attributes: st.SearchStrategy[dict[str, Value]],
    labels: Sequence[str],
    layers: Sequence[str],
) -> tuple[tuple[Span, ...], tuple[Relation, ...]]:
    """Draw spans and relations between them."""
    spans = []
    for number in range(draw(st.integers(0, 5)) if text else 0):
        places = draw(fragments(len(text)))
        layer, label, note = (
            draw(st.sampled_from(layers)),
            draw(st.sampled_from(labels)),
            draw(NOTES),
        )
        origin = draw(st.sampled_from(["human", "human", "model"]))
        spans.append(
            Span(
                f"s{number}",
                layer,
                label,
                places,
                surface(text, places),
                draw(attributes),
                note,
                origin,
            )
        )
    relations = []
    for number in range(draw(st.integers(0, 3)) if spans else 0):
        label, head, child = (
            draw(st.sampled_from(["holder", "target"])),
            draw(st.sampled_from(spans)),
            draw(st.sampled_from(spans)),
        )
        implicit = draw(st.sampled_from([None, None, *IMPLICIT]))
        end = (None, implicit, NONE) if implicit else (child.id, None, draw(attributes))
        relations.append(Relation(f"r{number}", label, head.id, *end))
    return tuple(spans), tuple(relations)


@st.composite
def records(
    draw: st.DrawFn,
    texts: st.SearchStrategy[str] = TEXTS,
    values: st.SearchStrategy[Value] = VALUES,
    labels: Sequence[str] = ("ORG", "CLAIM", "две части"),
    layers: Sequence[str] = ("entities", "claims"),
) -> Labelled:
    """Draw a document as one annotator labelled it.

    Nested, overlapping, discontinuous spans, relations, attributes, notes.
    """
    text = draw(texts)
    attributes = st.dictionaries(st.sampled_from(["stance", "мода", "a b"]), values, max_size=2)
    annotation_set = AnnotationSet(
        draw(st.sampled_from(["", "a1", "gold", "Айгүл"])),
        draw(st.sampled_from(["new", "open", "done"])),
        *draw(_layers(text, attributes, labels, layers)),
        draw(st.dictionaries(st.sampled_from(["topic", "=x"]), values, max_size=2)),
    )
    document = Document(
        draw(st.sampled_from(["", "d1", "سند-۲"])),
        draw(st.sampled_from(["", "rasht-01", "CON", "خبر/روز: «۱»", "=1+1"])),
        text,
        draw(st.sampled_from(["", "fa", "kk"])),
        draw(st.sampled_from(["auto", "rtl", "ltr"])),
        draw(st.dictionaries(st.sampled_from(["source", "تاریخ"]), PLAIN, max_size=2)),
    )
    return Labelled(document, annotation_set, draw(st.sampled_from(["", "news@1"])))


def counts(record: Labelled) -> dict[str, int]:
    """Count what a record holds, by the kinds that formats declare as lost."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    return {
        "ids": int(document.id != ""),
        "names": int(document.name != ""),
        "language": int(document.language != ""),
        "direction": int(document.direction != "auto"),
        "metadata": len(document.meta),
        "annotators": int(annotation_set.annotator != ""),
        "status": int(annotation_set.status != "new"),
        "schema": int(record.schema != ""),
        "document attributes": len(annotation_set.attributes),
        "spans": len(annotation_set.spans),
        "relations": len(annotation_set.relations),
        "notes": sum(span.note != "" for span in annotation_set.spans),
        "origins": sum(span.origin != "human" for span in annotation_set.spans),
        "attributes": sum(len(span.attributes) for span in annotation_set.spans)
        + sum(len(relation.attributes) for relation in annotation_set.relations),
    }


def bare(record: Labelled, lost: Sequence[str] = ()) -> Labelled:
    """Return a record without the kinds of thing that are lost, and without where it came from."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    document = replace(
        document,
        id="" if "ids" in lost else document.id,
        name="" if "names" in lost else document.name,
        language="" if "language" in lost else document.language,
        direction="auto" if "direction" in lost else document.direction,
        meta={} if "metadata" in lost else document.meta,
        source=Source(),
    )
    annotation_set = AnnotationSet(
        "" if "annotators" in lost else annotation_set.annotator,
        "new" if "status" in lost else annotation_set.status,
        () if "spans" in lost else annotation_set.spans,
        () if "relations" in lost else annotation_set.relations,
        {} if "document attributes" in lost else annotation_set.attributes,
    )
    return Labelled(document, annotation_set, "" if "schema" in lost else record.schema)


def written(
    entry: Format, folder: Path, made: Sequence[Labelled], options: WriteOptions, report: Report
) -> tuple[Path, list[Path]]:
    """Write records; return the target (a folder or a file) and the files."""
    target = folder / "out" if entry.folder else folder / f"out{entry.extensions[0]}"
    assert entry.write
    return target, entry.write(made, target, options, report)


def read_all(
    entry: Format, path: Path, options: ReadOptions | None = None
) -> tuple[list[Labelled], Report]:
    """Read all records of a file or folder, with the report."""
    report = Report()
    assert entry.read
    paths = sorted(path.glob("*.txt")) if path.is_dir() and entry.sources is None else [path]
    return [
        record for each in paths for record in entry.read(each, options or ReadOptions(), report)
    ], report


def total(report: Report, kind: str) -> int:
    """Return how many things of a kind a report says are lost."""
    return sum(loss.count for loss in report.losses() if loss.kind == kind)


class RoundTrip:
    """The tests of one format.

    `records` are what it is tried with, `whole` the kinds that it loses wherever they stand.
    """

    format: Format
    records: st.SearchStrategy[Labelled] = records()
    whole: tuple[str, ...] = ()
    read_options = ReadOptions()
    write_options = WriteOptions()

    def keep(self, record: Labelled) -> object:
        """Return what of a record a file must bring back."""
        return bare(record, self.whole)

    @CALM
    @given(data=st.data())
    def test_what_is_written_is_read_again_but_for_what_is_declared_as_lost(
        self, data: st.DataObject
    ) -> None:
        made = data.draw(st.lists(self.records, min_size=1, max_size=3))
        with TemporaryDirectory() as folder:
            report = Report()
            target, _files = written(self.format, Path(folder), made, self.write_options, report)
            found, told = read_all(self.format, target, self.read_options)
        assert told.problems == []
        assert [self.keep(record) for record in found] == [self.keep(record) for record in made]
        held = Counter[str]()
        for record in made:
            held.update(counts(record))
        for kind in self.whole:
            assert total(report, kind) == held[kind], kind
        assert {loss.kind for loss in report.losses()} <= set(self.format.loses)

    @CALM
    @given(data=st.data())
    def test_what_is_written_is_recognised_as_this_format_and_no_other(
        self, data: st.DataObject
    ) -> None:
        made = [
            data.draw(
                self.records.filter(
                    lambda record: any(sign.isalnum() for sign in record.document.text)
                )
            )
        ]
        with TemporaryDirectory() as folder:
            _target, files = written(self.format, Path(folder), made, self.write_options, Report())
            for path in files:
                if path.suffix != ".conf":
                    sure = {
                        entry.id: entry.sniff(path.read_bytes()[:65536], path)
                        for entry in formats().values()
                    }
                    assert max(sure, key=lambda name: sure[name]) == self.format.id
                    assert sure[self.format.id] > max(
                        value for name, value in sure.items() if name != self.format.id
                    )

    @CALM
    @given(data=st.data())
    def test_a_broken_file_is_refused_or_read_but_never_crashes(self, data: st.DataObject) -> None:
        made = [data.draw(self.records)]
        damage = random.Random(data.draw(st.integers(0, 10_000)))
        with TemporaryDirectory() as folder:
            target, files = written(self.format, Path(folder), made, self.write_options, Report())
            broken = damage.choice(files) if files else target
            content = bytearray(broken.read_bytes() if files else b"")
            for _time in range(damage.randint(0, 3) if content else 0):
                content[damage.randrange(len(content))] = damage.randrange(256)
            broken.parent.mkdir(exist_ok=True)
            broken.write_bytes(
                content[: damage.randint(0, len(content))] if damage.random() < 0.7 else content
            )
            self._check_calm(broken)

    @CALM
    @given(content=st.binary(max_size=200))
    def test_garbage_is_refused_or_read_but_never_crashes(self, content: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"garbage{self.format.extensions[0]}"
            path.write_bytes(content)
            self._check_calm(path)

    def _check_calm(self, path: Path) -> None:
        try:
            found, report = read_all(self.format, path, self.read_options)
        except UserError as error:
            refusal = str(error)
        else:
            refusal = ""
            for record in found if not report.problems else ():
                text = record.document.text
                assert all(
                    span.text == surface(text, span.fragments)
                    for span in (record.annotation_set.spans if record.annotation_set else ())
                )
        assert refusal == refusal.strip()
