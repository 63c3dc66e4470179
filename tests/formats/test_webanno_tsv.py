"""WebAnno TSV: INCEpTION's own cases equal their paired XMI.

Stacked, nested, sub-token and crossing spans survive.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import Report, WriteOptions, guess, uima_xmi, webanno_tsv
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    plain_records,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import TEXTS, WORDS, read_all

WHOLE = (
    "ids",
    "names",
    "language",
    "direction",
    "annotators",
    "status",
    "schema",
    "document attributes",
    "metadata",
)
HEAD = (
    "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n"
    "#T_RL=webanno.custom.Relation|value|BT_webanno.custom.Span\n\n\n"
)
SENTENCE = (
    "#Text=😊 دولت"
    " گفت\n1-1\t0-2\t😊\t_\t_\t_\t\n1-2\t3-7\tدولت\t{}\t_\t_\t\n1-3\t8-11\tگفت\t{}\t{}\t{}\t\n"
)


def _even(record: Labelled) -> bool:
    """Return whether tokens can carry a record.

    Its ends are visible, and no span begins or ends with a space.
    """
    text = record.document.text
    report = Report()
    try:
        _write_to_nothing(record, report)
    except OSError:
        return False
    return bool(text) and not any(
        total(report, kind)
        for kind in ("whitespace", "boundaries", "spans", "empty documents", "attribute names")
    )


def _write_to_nothing(record: Labelled, report: Report) -> None:
    # Only this check looks inside.
    from annotator.formats._shared.cas import structures_of

    # Only this check looks inside.
    from annotator.formats.webanno_tsv.write import TsvLines

    TsvLines(structures_of(record, WriteOptions(), report, ""), report).lines()


class TestWebannoTsv(PeerRoundTrip):
    format = webanno_tsv.FORMAT
    whole = WHOLE
    records = plain_records(
        values=WORDS, layers=("entities", "claims"), texts=TEXTS.map(str.strip)
    ).filter(_even)
    attributes_kept = True

    def keep(self, record: Labelled) -> object:
        annotation_set = record.annotation_set
        assert annotation_set
        covered = {span.id: _plain(span) for span in annotation_set.spans}
        ends = [
            (
                entry.label,
                covered[entry.head],
                covered[entry.child or ""],
                sorted(entry.attributes.items()),
            )
            for entry in annotation_set.relations
        ]
        return record.document.text, sorted(covered.values()), sorted(ends)


def _plain(span: Span) -> tuple[object, ...]:
    return (
        span.layer,
        span.label,
        span.fragments,
        tuple(sorted(span.attributes.items())),
        span.note,
        span.origin,
    )


def _view(record: Labelled) -> tuple[object, ...]:
    annotation_set = record.annotation_set
    assert annotation_set
    spans = {
        span.id: (span.layer, span.label, span.fragments, tuple(sorted(span.attributes.items())))
        for span in annotation_set.spans
    }
    links = [
        (
            entry.label,
            spans[entry.head],
            spans[entry.child or ""],
            tuple(sorted(entry.attributes.items())),
        )
        for entry in annotation_set.relations
    ]
    return record.document.text, sorted(map(str, spans.values())), sorted(map(str, links))


def _cases(shared_data: Path) -> list[Path]:
    return sorted(
        path.parent for path in (shared_data / "webanno_tsv/tsv3-suite").glob("*/reference.xmi")
    )


# The pairs were made with other names of the same things.
_RENAMED = (("NamedEntity", "Span"), ("intValue", "integerValue"))


def _renamed(view: tuple[object, ...]) -> str:
    told = str(view)
    for old, new in _RENAMED:
        told = told.replace(old, new)
    return told


def test_inceptions_own_cases_equal_their_paired_xmi(shared_data: Path) -> None:
    cases = _cases(shared_data)
    assert len(cases) > 20
    differing = []
    for case in cases:
        tsv, told = read_all(webanno_tsv.FORMAT, case / "reference.tsv")
        xmi, other = read_all(uima_xmi.FORMAT, case / "reference.xmi")
        assert told.problems == other.problems == []
        if _renamed(_view(tsv[0])) != _renamed(_view(xmi[0])):
            differing.append(case.name)
    assert differing == []


def test_every_reference_file_is_recognised_and_read(shared_data: Path) -> None:
    files = [
        *(shared_data / "webanno_tsv").rglob("*.tsv"),
        *(shared_data / "inception_curation").rglob("*.tsv"),
    ]
    assert len(files) > 30
    for path in files:
        chosen = guess(path)
        assert chosen
        assert chosen.id == "webanno-tsv"
        _found, report = read_all(webanno_tsv.FORMAT, path)
        assert report.problems == []


def test_slots_and_chains_become_relations(shared_data: Path) -> None:
    folder = shared_data / "webanno_tsv/tsv3-suite"
    found, _report = read_all(webanno_tsv.FORMAT, folder / "sampleSlotAnnotation1/reference.tsv")
    assert sorted(links_of(found[0])) == [("pr1", "This", "is"), ("pr2", "This", "a")]
    found, _report = read_all(webanno_tsv.FORMAT, folder / "testMultiTokenChain/reference.tsv")
    assert links_of(found[0]) == [("next", "This is", "a test")]


def test_version_2_is_read_with_its_tags_and_dependencies(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "webanno_tsv2/tsv2/example2.tsv"
    chosen = guess(path)
    assert chosen
    assert chosen.id == "webanno-tsv"
    found, report = read_all(webanno_tsv.FORMAT, path)
    assert report.problems == []
    spans = spans_of(found[0])
    assert spans[0] == ("PER", 0, 8)
    assert ("ORGpart", 25, 42) in spans
    assert len(links_of(found[0])) > 20
    lone = (
        " # n | value # d | l | AttachTo=n\n#text=😊 ab"
        " cd\n1-1\t😊\tO\t_\t_\t\n1-2\tab\tO\tof\t1-3\t\n1-3\tcd\tX\t_\t_\t\n"
    )
    found, _report = read_text_as(webanno_tsv.FORMAT, tmp_path, lone)
    assert links_of(found[0]) == [("of", "cd", "ab")]
    with pytest.raises(InputError, match="header"):
        read_all(webanno_tsv.FORMAT, shared_data / "webanno_tsv2/tsv2/example.tsv")


def test_the_example_is_written_in_utf_16(tmp_path: Path) -> None:
    _target, files = written(webanno_tsv.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    lines = files[0].read_text("utf-8").split("\n")
    assert lines[3:6] == ["", "", "#Text=" + example().document.text]
    assert (
        "1-4\t12-19\tقیمت\u200cها\tentities[2]\tCLAIM[2]\t*[2]\t*[2]\tsupport[2]\t_\t_\t" in lines
    )
    assert "1-2\t3-7\tدولت\tentities\tENTITY\t*\t*\t*\tholder\t1-4[2_0]\t" in lines


def test_offsets_in_code_points_are_recognised_by_the_tokens(tmp_path: Path) -> None:
    content = HEAD + SENTENCE.format("ORG", "SAY", "of", "1-2")
    found, report = read_text_as(webanno_tsv.FORMAT, tmp_path, content)
    assert (spans_of(found[0]), links_of(found[0])) == (
        [("ORG", 2, 6), ("SAY", 7, 10)],
        [("of", "دولت", "گفت")],
    )
    for old, new in (("0-2", "0-1"), ("3-7", "2-6"), ("8-11", "7-10")):
        content = content.replace(f"\t{old}\t", f"\t{new}\t")
    found, report = read_text_as(webanno_tsv.FORMAT, tmp_path, content)
    assert spans_of(found[0]) == [("ORG", 2, 6), ("SAY", 7, 10)]
    assert [change.kind for change in report.changes()] == ["offsets"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEAD, 1),
        (HEAD + "1-1\t0-1\ta\t_\t_\t_\t\n#Text=a\n", 6),
        (HEAD + "#Text=a\n1-1\t0-1\ta\t_\t\n", 7),
        (HEAD + "#Text=a\nnothing\n", 7),
        (HEAD + "#Text=a\n1-1\t0-1\ta\tX\tr\t9-9\t\n", 7),
        (HEAD + "#Text=a\n1-1\t0-1\ta\tX\tr\tnowhere\t\n", 7),
        (HEAD + "#Text=a\n1-1\t99999999-9\ta\tX\t_\t_\t\n", 7),
        ("#FORMAT=WebAnno TSV 3.3\n#T_XX=a|b\n#Text=a\n", 2),
        ("#FORMAT=WebAnno TSV 3.3\n#T_CH=a|b|c\n\n\n#Text=a\n1-1\t0-1\ta\tx\ty\t\n", 6),
        (" # t | value\n#id=1\n#text=a b\n1-1\ta\tB-X\t\n1-2\tz\tO\t\n", 5),
        (" # t | value\n#id=1\n#text=a b\n1-1\ta\t\n", 4),
        (" # t | value # d | l | AttachTo=t\n#text=a b\n1-1\ta\tB-X\tr\t9-9\t\n", 3),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_text_as(webanno_tsv.FORMAT, tmp_path, content)
    assert caught.value.problem.line == line


def test_tokens_that_are_not_in_the_text_are_a_problem(tmp_path: Path) -> None:
    found, report = read_text_as(
        webanno_tsv.FORMAT, tmp_path, HEAD + "#Text=abc\n1-1\t0-2\tbc\tX\t_\t_\t\n"
    )
    assert (found, len(report.problems)) == ([], 1)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    lost = losses_of(webanno_tsv.FORMAT, tmp_path, gapped())
    once = {
        "direction": 1,
        "names": 1,
        "language": 1,
        "annotators": 1,
        "status": 1,
        "discontinuous": 1,
        "implicit arguments": 1,
    }
    assert lost == {**once, "value types": 4}
    spaced = example()
    assert spaced.annotation_set
    annotation_set = spaced.annotation_set
    spans = (
        *annotation_set.spans,
        Span("s3", "entities", "X", ((6, 7),), " "),
        Span("s4", "entities", "X", ((6, 10),), " گفت"),
    )
    assert (
        losses_of(
            webanno_tsv.FORMAT,
            tmp_path,
            Labelled(spaced.document, type(annotation_set)(spans=spans)),
        )["boundaries"]
        == 1
    )


def test_tokens_beside_and_inside_of_spans_are_escaped_and_counted_alike(tmp_path: Path) -> None:
    spans = (
        Span("s1", "entities", "WORK", ((6, 13),), "қала сө"),
        Span("s2", "entities", "X", ((11, 14),), "сөз", {"kind": ""}),
    )
    record = Labelled(Document("d", "d", "😀 \\ t қала сөз"), AnnotationSet(spans=spans))
    report = Report()
    _target, files = written(webanno_tsv.FORMAT, tmp_path, [record], WriteOptions(), report)
    rows = [line for line in files[0].read_text("utf-8").split("\n") if line.startswith("1-")]
    assert rows == [
        "1-1\t0-2\t😀\t_\t_\t_\t_\t_\t",
        "1-2\t3-4\t\\\\\t_\t_\t_\t_\t_\t",
        "1-3\t5-6\tt\t_\t_\t_\t_\t_\t",
        "1-4\t7-11\tқала\tentities[1]\tWORK[1]\t*[1]\t*[1]\t*[1]\t",
        "1-5\t12-15\tсөз\tentities\tX\t*\t*\t*\t",
        "1-5.1\t12-14\tсө\tentities[1]\tWORK[1]\t*[1]\t*[1]\t*[1]\t",
    ]
    assert total(report, "attributes") == 1
    assert spans_of(read_all(webanno_tsv.FORMAT, files[0])[0][0]) == [
        ("WORK", 6, 13),
        ("X", 11, 14),
    ]
