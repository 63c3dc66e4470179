"""REFI-QDA: our own projects, projects of other programs, and archives that are made to do harm."""

import zipfile
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, guess, refi_qda
from annotator.model import AnnotationSet, Document, Label, Labelled, Layer, Names, Schema
from tests.formats.peers import (
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    plain_records,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import bare, read_all

PROJECT = '<Project xmlns="urn:QDA-XML:project:1.0" name="p">{}</Project>'
USER, OTHER = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
CODE, CHILD = "bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
TEXT = "😊 Банк\r\nайтты"
HEAD = (
    f'<Users><User guid="{USER}" name="Айгүл"/><User guid="{OTHER}"/></Users><CodeBook><Codes><Code'
    f' guid="{{{CODE}}}" name="Entity"><Code guid="{CHILD.upper()}"'
    ' name="ORG"/></Code></Codes></CodeBook>'
)


class TestRefiQda(PeerRoundTrip):
    format = refi_qda.FORMAT
    records = plain_records(layers=("entities", "claims")).map(
        lambda record: Labelled(
            record.document,
            AnnotationSet(
                record.annotation_set.annotator if record.annotation_set else "",
                record.annotation_set.status if record.annotation_set else "new",
                record.annotation_set.spans if record.annotation_set else (),
                tuple(
                    entry._replace(attributes={})
                    for entry in (record.annotation_set.relations if record.annotation_set else ())
                ),
                record.annotation_set.attributes if record.annotation_set else {},
            ),
            record.schema,
        )
    )
    whole = ("origins",)
    attributes_kept = True


def _selection(number: int, place: tuple[int, int], coding: str, name: str = "") -> str:
    guid = f"cccccccc-0000-4000-8000-00000000000{number}"
    return (
        f'<PlainTextSelection guid="{guid}" name="{name}" startPosition="{place[0]}"'
        f' endPosition="{place[1]}">{coding}</PlainTextSelection>'
    )


def _coding(code: str, user: str = USER) -> str:
    return f'<Coding guid="x" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'


def _archive(tmp_path: Path, project: str, texts: dict[str, str] | None = None) -> Path:
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", PROJECT.format(project))
        for name, text in (texts or {}).items():
            archive.writestr(name, text)
    return path


def _source(inside: str, path: str = "internal://a.txt") -> str:
    return (
        '<Sources><TextSource guid="s" name="n"'
        f' plainTextPath="{path}">{inside}</TextSource></Sources>'
    )


def test_the_example_comes_back_with_its_colours_and_guidelines_told(tmp_path: Path) -> None:
    label = Label(
        "CLAIM", Names({}), color="#123456", guideline=Names({"en": "What <someone> says."})
    )
    schema = Schema("s", 1, Names({}), (Layer("entities", Names({}), labels=(label,)),))
    target, _files = written(
        refi_qda.FORMAT, tmp_path, [example()], WriteOptions(schema=schema), Report()
    )
    found, report = read_all(refi_qda.FORMAT, target)
    assert report.problems == []
    assert spans_of(found[0]) == spans_of(example())
    assert links_of(found[0]) == links_of(example())
    assert bare(found[0]).document == bare(example()).document
    with zipfile.ZipFile(target) as archive:
        project = archive.read("project.qde").decode()
    assert 'color="#123456"><Description>What &lt;someone&gt; says.' in project


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        target, _files = written(
            refi_qda.FORMAT, tmp_path / name, [example(), gapped()], WriteOptions(), Report()
        )
        contents.append(target.read_bytes())
    assert contents[0] == contents[1]


def test_another_programs_project_gives_a_record_a_user(tmp_path: Path) -> None:
    codings = _coding(CHILD) + _coding(CODE, OTHER) + _coding(CODE)
    note = '<NoteRef targetGUID="n1"/>'
    body = _source(
        _selection(1, (2, 6), codings + note)
        + _selection(2, (8, 13), _coding(CHILD))
        + _selection(3, (0, 1), "")
        + _coding(CODE)
        + '<VariableValue><VariableRef targetGUID="v"/><TextValue>x</TextValue></VariableValue>'
    )
    ends = "cccccccc-0000-4000-8000-00000000000"
    links = "".join(
        f'<Link name="says" originGUID="{ends}{head}" targetGUID="{ends}{child}"/>'
        for head, child in ((1, 2), (1, 9), (8, 9))
    )
    notes = '<Notes><Note guid="N1"><PlainTextContent>анықтау</PlainTextContent></Note></Notes>'
    path = _archive(tmp_path, f"{HEAD}{body}{notes}<Links>{links}</Links>", {"Sources/A.TXT": TEXT})
    found, report = read_all(refi_qda.FORMAT, path)
    assert report.problems == []
    assert [
        (record.annotation_set.annotator, spans_of(record))
        for record in found
        if record.annotation_set
    ] == [
        ("Айгүл", [("ORG", 2, 6), ("Entity", 2, 6), ("ORG", 7, 12)]),
        (OTHER, [("Entity", 2, 6)]),
    ]
    assert found[0].document.text == "😊 Банк\nайтты"
    assert links_of(found[0]) == [("says", "Банк", "айтты")]
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].note == "анықтау"
    assert {
        kind: total(report, kind) for kind in ("codings", "selections", "metadata", "relations")
    } == {
        "codings": 1,
        "selections": 1,
        "metadata": 1,
        "relations": 2,
    }


def test_the_names_of_selections_tell_the_unit_or_else_one_says_it(tmp_path: Path) -> None:
    quoted = _archive(
        tmp_path,
        HEAD + _source(_selection(1, (3, 7), _coding(CHILD), "Банк")),
        {"sources/a.txt": TEXT},
    )
    found, report = read_all(refi_qda.FORMAT, quoted)
    assert spans_of(found[0]) == [("ORG", 2, 6)]
    assert [entry.kind for entry in report.changes()].count("offsets") == 1
    named = _archive(
        tmp_path,
        HEAD + _source(_selection(1, (3, 7), _coding(CHILD), "quote 1")),
        {"sources/a.txt": TEXT},
    )
    for unit, start in (("utf-16", 2), ("codepoint", 3)):
        found, report = read_all(refi_qda.FORMAT, named, ReadOptions(unit=unit))
        assert spans_of(found[0])[0][1] == start


def test_inline_texts_and_pages_are_read_and_pictures_counted(tmp_path: Path) -> None:
    page = (
        '<PDFSource guid="p"><Representation guid="r"'
        ' name="pdf"><PlainTextContent>ab</PlainTextContent></Representation></PDFSource>'
    )
    found, report = read_all(
        refi_qda.FORMAT, _archive(tmp_path, f"<Sources>{page}<AudioSource/></Sources>")
    )
    assert [
        (record.document.name, record.document.text, record.annotation_set) for record in found
    ] == [("pdf", "ab", None)]
    assert total(report, "documents") == 1


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (_source("", "relative:///../../etc/passwd"), {}),
        (_source("", "absolute:///etc/passwd"), {}),
        (_source(_selection(1, (0, 99), _coding(CHILD))), {"sources/a.txt": "ab"}),
        (_source(_selection(1, (1, 1), _coding(CHILD))), {"sources/a.txt": "ab"}),
        (_source(_selection(1, (0, 1), _coding("nowhere"))), {"sources/a.txt": "ab"}),
        (
            _source(_selection(1, (0, 1), _coding(CHILD)).replace('"0"', '"-1"')),
            {"sources/a.txt": "ab"},
        ),
        ('<Sources><TextSource guid="s" name="n"/></Sources>', {}),
    ],
)
def test_a_wrong_source_is_a_problem_with_its_line(
    tmp_path: Path, source: str, texts: dict[str, str]
) -> None:
    found, report = read_all(refi_qda.FORMAT, _archive(tmp_path, HEAD + source, texts))
    assert (found, [problem.line for problem in report.problems]) == ([], [1])


def _refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_all(refi_qda.FORMAT, path)
    return caught.value.problem.reason


def test_archives_that_are_made_to_do_harm_are_refused(tmp_path: Path) -> None:
    assert "holds no sources/../../x" in _refused(
        _archive(tmp_path, _source("", "internal://../../x"))
    )
    bomb = _archive(tmp_path, _source(""))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sources/a.txt", b" " * 5_000_000)
    assert "too large" in _refused(bomb)
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("project.qde", PROJECT)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("project.qde", PROJECT)
    assert "several times" in _refused(bomb)
    locked = _archive(tmp_path, "")
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    assert "encrypted" in _refused(locked)
    laughs = tmp_path / "laughs.qdpx"
    with zipfile.ZipFile(laughs, "w") as archive:
        archive.writestr(
            "project.qde",
            '<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///x">]><Project>&a;</Project>',
        )
    assert "DOCTYPE" in _refused(laughs)
    with zipfile.ZipFile(laughs, "w") as archive:
        archive.writestr("project.qde", "<CodeBook/>")
    assert "no REFI-QDA project" in _refused(laughs)
    with zipfile.ZipFile(laughs, "w") as archive:
        archive.writestr("other", "")
    assert "holds no project.qde" in _refused(laughs)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(refi_qda.FORMAT, tmp_path, gapped()) == {
        "paragraph directions": 1,
        "discontinuous": 1,
        "implicit arguments": 1,
        "value types": 4,
    }
    record = example()
    assert record.annotation_set
    noted = record.annotation_set.spans[0]._replace(note="a\x0bb", origin="model")
    assert losses_of(
        refi_qda.FORMAT, tmp_path, Labelled(record.document, AnnotationSet(spans=(noted,)))
    ) == {"characters": 1, "origins": 1}
    related = record.annotation_set.relations[0]._replace(attributes={"sure": "yes"})
    annotation_set = AnnotationSet(spans=record.annotation_set.spans, relations=(related,))
    assert losses_of(refi_qda.FORMAT, tmp_path, Labelled(record.document, annotation_set)) == {
        "attributes": 1
    }
    chosen = guess(tmp_path / "out.qdpx")
    assert chosen
    assert chosen.id == "refi-qda"


def test_a_text_may_hold_what_xml_cannot(tmp_path: Path) -> None:
    target, _files = written(
        refi_qda.FORMAT,
        tmp_path,
        [Labelled(Document("", "n", "%PDF-a\x0bb"))],
        WriteOptions(),
        Report(),
    )
    found, _report = read_all(refi_qda.FORMAT, target)
    assert found[0].document.text == "%PDF-a\x0bb"
