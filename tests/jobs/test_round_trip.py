"""Export and import into an empty project give the same state.

For random projects, and for the samples that ship.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.model import AnnotationSet, Document, Relation, Source, Span, surface
from annotator.resources import sample_files
from annotator.store import Store
from tests.formats import wild
from tests.projects import check_texts, made

ALPHABET = "اآبپ یک\u200cنَّ.،\n«»۱۲әқ өЁжз ab🙂é\u0301\u200f\u2067\u2028\t\xa0"
TEXT = st.text(ALPHABET, min_size=1, max_size=60) | wild.TEXTS.filter(bool)
NAME = st.text("آبкқab-1", min_size=1, max_size=8) | wild.NAMES.filter(bool)
LABELS = (("entities", "PER"), ("entities", "GPE"), ("claims", "CLAIM"), ("stance", "STANCE"))
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
VALUES = st.one_of(
    WORDS, st.integers(-(2**40), 2**40), st.booleans(), st.lists(WORDS, max_size=2).map(tuple)
)
ATTRIBUTES = st.dictionaries(NAME | wild.KEYS, VALUES, max_size=2)


@st.composite
def spans(draw: st.DrawFn, text: str, name: str) -> Span:
    edges = draw(
        st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True).map(sorted)
    )
    flat = edges[: len(edges) // 2 * 2]
    fragments = tuple(zip(flat[::2], flat[1::2], strict=True))
    layer, label = draw(st.sampled_from(LABELS))
    origin = draw(st.sampled_from(("human", "model:x")))
    return Span(
        name,
        layer,
        label,
        fragments,
        surface(text, fragments),
        draw(ATTRIBUTES),
        draw(WORDS),
        origin,
    )


@st.composite
def layers(draw: st.DrawFn, text: str, annotator: str) -> AnnotationSet:
    made_spans = tuple(
        draw(spans(text, f"s{number}"))
        for number in range(draw(st.integers(0, 4 if len(text) > 1 else 0)))
    )
    ids = [span.id for span in made_spans]
    relations: list[Relation] = []
    for number in range(draw(st.integers(0, 3)) if ids else 0):
        child = draw(st.sampled_from([*ids, None]))
        implicit = None if child else draw(st.sampled_from(("author", "unknown")))
        relations.append(
            Relation(
                f"r{number}",
                "holder",
                draw(st.sampled_from(ids)),
                child,
                implicit,
                draw(ATTRIBUTES),
            )
        )
    return AnnotationSet(
        annotator,
        draw(st.sampled_from(("new", "open", "done"))),
        made_spans,
        tuple(relations),
        draw(ATTRIBUTES),
    )


@st.composite
def projects(draw: st.DrawFn) -> list[tuple[Document, list[AnnotationSet]]]:
    found = []
    for name in draw(st.lists(NAME, min_size=1, max_size=4, unique=True)):
        text = draw(TEXT)
        direction = draw(st.sampled_from(("auto", "rtl", "ltr")))
        document = Document(
            name,
            draw(NAME),
            text,
            draw(st.sampled_from(("fa", "kk", "ru"))),
            direction,
            draw(ATTRIBUTES),
            Source("a.txt"),
        )
        people = draw(st.lists(st.sampled_from(wild.PEOPLE[1:]), max_size=3, unique=True))
        found.append((document, [draw(layers(text, person)) for person in people]))
    return found


def fill(store: Store, content: list[tuple[Document, list[AnnotationSet]]]) -> None:
    with store.change("Fill", "") as step:
        for document, made_sets in content:
            step.add_document(document)
            for annotation_set in made_sets:
                step.import_annotation_set(
                    document.id,
                    step.add_annotator(annotation_set.annotator),
                    annotation_set,
                    document.text,
                )


@given(content=projects(), together=st.booleans())
@settings(max_examples=60)
def test_export_and_import_give_the_same_state(
    content: list[tuple[Document, list[AnnotationSet]]], together: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out.jsonl")
        with (
            made(Path(folder, "one.annot"), texts={}) as one,
            made(Path(folder, "two.annot"), texts={}) as two,
        ):
            fill(one, content)
            export_records(one, target, ExportOptions())
            report = import_files(two, [target], ImportOptions(together=together), "aida")
            assert report.problems == []
            assert report.lost == {}
            assert two.state_hash() == one.state_hash()
            check_texts(two)
            again = import_files(two, [target], ImportOptions(together=together), "aida")
            assert (again.new, again.spans, again.relations) == (set(), 0, 0)
            export_records(two, Path(folder, "again.jsonl"), ExportOptions())
            # Annotators come in the order in which a project met them, which an empty layer decides
            # in one and not in the other.
            assert sorted(Path(folder, "again.jsonl").read_bytes().splitlines()) == sorted(
                target.read_bytes().splitlines()
            )
            assert two.state_hash() == one.state_hash()


@pytest.mark.parametrize("sample", sample_files(), ids=lambda path: path.stem)
def test_the_samples_go_out_and_in_unchanged(tmp_path: Path, sample: Path) -> None:
    with (
        made(tmp_path / "one.annot", texts={}) as one,
        made(tmp_path / "two.annot", texts={}) as two,
    ):
        first = import_files(one, [sample], ImportOptions(), "aida")
        assert (first.problems, first.failed, first.lost) == ([], 0, {})
        assert check_texts(one) == first.spans
        report = export_records(one, tmp_path / "out.jsonl", ExportOptions())
        assert (report.spans, report.relations, report.lost) == (first.spans, first.relations, {})
        import_files(two, [tmp_path / "out.jsonl"], ImportOptions(together=False), "aida")
        assert two.state_hash() == one.state_hash()
        assert two.faults() == []


def test_samples_can_be_withdrawn_whole(tmp_path: Path) -> None:
    with made(tmp_path / "one.annot", texts={}) as store:
        empty = store.state_hash()
        import_files(store, sample_files(), ImportOptions(together=False), "aida")
        full = store.state_hash()
        store.undo("aida")
        assert store.state_hash() == empty
        store.redo("aida")
        assert store.state_hash() == full
