"""TEI: our own files keep everything.

Of others the text with its lines, names, and spans that stand off.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, guess, tei
from annotator.model import AnnotationSet, Document, Label, Labelled, Layer, Names, Schema
from tests.formats.peers import (
    example,
    gapped,
    links_of,
    losses_of,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import RoundTrip, bare, read_all

HEAD = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Бір '
    " атау</title></titleStmt></fileDesc></teiHeader>"
)


class TestTei(RoundTrip):
    format = tei.FORMAT


def _read(
    tmp_path: Path, body: str, options: ReadOptions | None = None
) -> tuple[list[Labelled], Report]:
    return read_text_as(tei.FORMAT, tmp_path, f"{HEAD}{body}</TEI>", options)


def test_the_example_is_lossless(tmp_path: Path) -> None:
    for record in (example(), gapped()):
        target, _files = written(tei.FORMAT, tmp_path, [record], WriteOptions(), Report())
        found, report = read_all(tei.FORMAT, target)
        assert report.problems == []
        assert found[0].annotation_set == record.annotation_set
        assert bare(found[0]).document.text == record.document.text


def test_structure_becomes_lines_and_white_space_one_space(tmp_path: Path) -> None:
    body = """<text
      xml:lang="ru-RU"><front><titlePart>Тест</titlePart></front><body><div><head>Сахна</head>
      <sp who="#a"><speaker>Айгүл</speaker>
        <l>Бірінші   жол,</l><l>екінші<pb n="2"/> жол<note>қосымша</note>.</l></sp></div>
      <p>Бір <hi>екі</hi><lb/>үш <choice><orig>төртъ</orig><reg>төрт</reg></choice>!</p></body
    ></text>"""
    found, report = _read(tmp_path, body)
    assert report.problems == []
    assert (
        found[0].document.text
        == "Тест\n\nСахна\nАйгүл\nБірінші жол,\nекінші жол.\n\nБір екі\nүш төртъ!"
    )
    assert (found[0].document.name, found[0].document.language) == ("Бір атау", "ru")
    assert (found[0].annotation_set, total(report, "other readings")) == (None, 2)


def test_names_in_the_text_become_spans(tmp_path: Path) -> None:
    body = """<text><body><p>😊 <persName ref="#x"><forename>Мария</forename> Ким</persName> едет в
      <placeName> Алматы </placeName>, <rs type="ORG">банк</rs><name/>.</p></body></text>"""
    found, _report = _read(tmp_path, body)
    assert found[0].document.text == "😊 Мария Ким едет в Алматы , банк."
    assert spans_of(found[0]) == [("persName", 2, 11), ("placeName", 19, 25), ("ORG", 28, 32)]
    assert found[0].annotation_set
    assert [dict(span.attributes) for span in found[0].annotation_set.spans] == [
        {"ref": "#x"},
        {},
        {},
    ]


def test_spans_that_stand_off_may_name_elements_or_ranges(tmp_path: Path) -> None:
    body = """<text><body><p
      xml:id="p1"><w xml:id="w1">Өкімет</w> <w xml:id="w2">айтты</w></p></body></text>
      <standOff><span from="#w1" to="#w2" ana="#CLAIM" xml:id="a"/><span
      target="#w1" type="ORG" xml:id="b"/>
      <span target="#string-range(p1, 0, 2, 7, 5)" type="X" xml:id="c"/><span target="#nowhere"/>
      <relation name="holder" active="#a" passive="#b"/><relation
      name="kin" mutual="#x #y"/></standOff>"""
    found, report = _read(tmp_path, body)
    assert report.problems == []
    assert spans_of(found[0]) == [("CLAIM", 0, 12), ("ORG", 0, 6), ("X", 0, 12)]
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[2].fragments == ((0, 2), (7, 12))
    assert links_of(found[0]) == [("holder", "Өкімет айтты", "Өкімет")]
    assert (total(report, "spans"), total(report, "relations")) == (1, 1)


def test_the_schema_says_the_layer(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("claims", Names({}), labels=(Label("X", Names({})),)),)
    )
    body = (
        '<text><body><p xml:id="p">ab</p></body></text><standOff><span type="X" subtype="other"'
        ' target="#p"/></standOff>'
    )
    found, _report = _read(tmp_path, body, ReadOptions(schema=schema))
    assert found[0].annotation_set
    assert found[0].annotation_set.spans[0].layer == "claims"


SPAN = '<text><body><p xml:id="p">ab</p></body></text><standOff>{}</standOff>'


@pytest.mark.parametrize(
    "body",
    [
        SPAN.format('<span type="X" target="#string-range(p,1,2)"/>'),
        SPAN.format('<span type="X" target="#string-range(q,0,1)"/>'),
        SPAN.format('<span type="X" target="#string-range(p,0,0)"/>'),
        SPAN.format(
            '<span type="X" target="#string-range(p,0,1)"'
            ' resp="urn:annotator:origin:human">b</span>'
        ),
        SPAN.format('<fs xml:id="f"><f name="n"><numeric value="x"/></f></fs>'),
        SPAN.format(
            '<span type="X" target="#p" xml:id="s"/><relation active="#s"'
            ' passive="urn:annotator:implicit:me"/>'
        ),
        '<teiHeader><xenoData type="annotator">{</xenoData></teiHeader><text/>',
    ],
)
def test_a_wrong_document_is_a_problem_with_its_line(tmp_path: Path, body: str) -> None:
    content = f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{body}</TEI>'
    found, report = read_text_as(tei.FORMAT, tmp_path, content)
    assert (found, [problem.line for problem in report.problems]) == ([], [1])


def test_what_is_no_tei_is_refused(tmp_path: Path) -> None:
    for content in (
        "<a/>",
        "<TEI>",
        '<!DOCTYPE TEI [<!ENTITY a SYSTEM "file:///x">]><TEI>&a;</TEI>',
    ):
        with pytest.raises(InputError):
            read_text_as(tei.FORMAT, tmp_path, content)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(tei.FORMAT, tmp_path, gapped()) == {"paragraph directions": 1}
    assert losses_of(tei.FORMAT, tmp_path, Labelled(Document("", "n", "a\x0bb"))) == {
        "documents": 1
    }
    record = example()
    assert record.annotation_set
    noted = record.annotation_set.spans[0]._replace(note="a\x0bb")
    assert losses_of(
        tei.FORMAT, tmp_path, Labelled(record.document, AnnotationSet(spans=(noted,)))
    ) == {"characters": 1}


def test_plays_of_the_russian_drama_corpus(shared_data: Path) -> None:
    folder = shared_data / "rusdracor_tei"
    for name, speakers in (("babel-marija", 500), ("fonvizin-korion", 150)):
        chosen = guess(folder / f"{name}.xml")
        assert chosen
        assert chosen.id == "tei"
        found, report = read_all(tei.FORMAT, folder / f"{name}.xml")
        assert report.problems == []
        lines = found[0].document.text.split("\n")
        assert len(lines) > speakers
        assert not any(line != line.strip() or "  " in line for line in lines)
        assert found[0].document.language == "ru"
    assert read_all(tei.FORMAT, folder / "corpus.xml")[0] == []
