"""factRuEval-2016: spans, objects with gaps, tokens that lie apart, the whole development set."""

from collections import Counter
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import ReadOptions, factrueval, guess
from annotator.model import Label, Layer, Names, Schema
from tests.formats.peers import links_of, spans_of, total
from tests.formats.round_trip import read_all

TEXT = "Жан-Мари Ле Пен в Москве"


def _write(folder: Path, **files: str) -> Path:
    for suffix, content in {"txt": TEXT, **files}.items():
        (folder / f"a.{suffix}").write_text(content, "utf-8")
    return folder / "a.spans"


def test_the_development_set_has_its_documented_counts(shared_data: Path) -> None:
    folder = shared_data / "factrueval2016/devset"
    found, report = read_all(factrueval.FORMAT, folder)
    assert report.problems == []
    layers = Counter(
        span.layer
        for record in found
        if record.annotation_set
        for span in record.annotation_set.spans
    )
    assert (len(found), layers["spans"], layers["objects"]) == (122, 4_084, 2_611)
    assert total(report, "coreference") > 0
    assert total(report, "facts") > 0
    for path in (folder / "book_191.spans", folder / "book_191.txt"):
        chosen = guess(path)
        assert chosen
        assert chosen.id == "factrueval"


def test_objects_lie_over_their_spans_with_gaps(tmp_path: Path) -> None:
    spans = (
        "1 name 0 8 11 3  # 11 12 13 Жан - Мари\n\n2 surname 9 6 14 2  # 14 15 Ле Пен\n3 place 18 6"
        " 17 1  # 17 Москве\n"
    )
    path = _write(
        tmp_path,
        spans=spans,
        objects="7 Person 1 2 # Жан-Мари Ле Пен\n8 Odd 2 3 # x\n",
        coref="5 7\nname x\n",
        facts="5-1 F\nWho obj7\n",
    )
    found, report = read_all(factrueval.FORMAT, path)
    assert report.problems == []
    assert spans_of(found[0])[3:] == [("Person", 0, 15), ("Odd", 9, 24)]
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[4].fragments == ((9, 15), (18, 24))
    assert links_of(found[0])[0] == ("span", "Жан-Мари Ле Пен", "Жан-Мари")
    assert {loss.kind: loss.count for loss in report.losses()} == {"coreference": 1, "facts": 1}
    schema = Schema(
        "s", 1, Names({}), (Layer("people", Names({}), labels=(Label("Person", Names({})),)),)
    )
    found, _report = read_all(factrueval.FORMAT, path, ReadOptions(schema=schema, layer="other"))
    assert found[0].annotation_set
    assert [span.layer for span in found[0].annotation_set.spans] == [
        "other",
        "other",
        "other",
        "people",
        "other",
    ]


def test_tokens_that_lie_apart_make_fragments(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        spans="1 name 0 15 11 3  # 11 14 15 Жан Ле Пен\n",
        tokens="11 0 3 Жан\n14 9 2 Ле\n15 12 3 Пен\n",
    )
    found, _report = read_all(factrueval.FORMAT, path)
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].fragments == ((0, 3), (9, 15))


@pytest.mark.parametrize(
    ("files", "name", "line"),
    [
        ({"spans": "nonsense\n"}, "a.spans", 1),
        ({"spans": "1 n 0 3 1 1  # 1 Жан\n", "objects": "7 P 1 2 # x\n"}, "a.objects", 1),
        ({"spans": "1 n 0 3 1 1  # 1 Жан\n", "objects": "odd\n"}, "a.objects", 1),
        ({"spans": "1 n 0 3 1 1  # 1 Иван\n", "tokens": "odd\n"}, "a.tokens", 1),
    ],
)
def test_a_broken_line_is_refused_with_its_file_and_number(
    tmp_path: Path, files: dict[str, str], name: str, line: int
) -> None:
    with pytest.raises(InputError) as caught:
        read_all(factrueval.FORMAT, _write(tmp_path, **files))
    assert (Path(caught.value.problem.file).name, caught.value.problem.line) == (name, line)


def test_a_span_that_is_not_its_text_is_a_problem_and_a_missing_text_is_refused(
    tmp_path: Path,
) -> None:
    path = _write(tmp_path, spans="1 n 0 3 1 1  # 1 Иван\n")
    found, report = read_all(factrueval.FORMAT, path)
    assert (found, len(report.problems)) == ([], 1)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError, match="no text file"):
        read_all(factrueval.FORMAT, path)
    assert factrueval.sniff(b"", Path("a.xml")) == 0
