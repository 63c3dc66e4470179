"""Tables: delimiter, header and columns are found; rows that are wrong are errors.

Formulas are guarded and come back.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, csv, formats
from annotator.model import AnnotationSet, AttributeType, Document, Labelled, Names, Schema, Value
from tests.formats.round_trip import TEXTS, WORDS, RoundTrip, bare, read_all, records, total

WHOLE = ("spans", "relations", "attributes", "notes", "origins", "direction", "metadata", "schema")
SCHEMA = Schema(
    "s",
    1,
    Names({}),
    attributes=(AttributeType("topic", Names({})), AttributeType("urgent", Names({}), kind="flag")),
)


class TestCsv(RoundTrip):
    format = csv.FORMAT
    whole = WHOLE
    records = records(texts=TEXTS.filter(lambda text: text.strip() != ""), values=WORDS)

    def keep(self, record: Labelled) -> object:
        lost = self.whole if record.document.language else (*self.whole, "language")
        plain = bare(record, lost)
        # An empty language is guessed on the way in.
        return plain.document.id, plain.document.name, plain.document.text, plain.annotation_set

    @given(
        text=st.text(st.sampled_from("a'=+-@\t \n,;|\"ب"), max_size=8).filter(
            lambda text: text.strip() != ""
        ),
        suffix=st.sampled_from([".csv", ".tsv"]),
    )
    def test_guards_against_formulas_come_off_again(
        self, tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
    ) -> None:
        path = tmp_path_factory.mktemp("csv") / f"a{suffix}"
        csv.write([Labelled(Document(text, text, text))], path, WriteOptions(), Report())
        found, report = read_all(csv.FORMAT, path)
        assert [
            (record.document.id, record.document.name, record.document.text) for record in found
        ] == [(text, text, text)]
        assert report.problems == []


def _read(
    tmp_path: Path, content: str, options: ReadOptions | None = None, suffix: str = ".csv"
) -> tuple[list[Labelled], Report]:
    path = tmp_path / f"t{suffix}"
    path.write_text(content, "utf-8", newline="")
    return read_all(csv.FORMAT, path, options)


def _texts(found: list[Labelled]) -> list[str]:
    return [record.document.text for record in found]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "header", [("id", "text"), ("شناسه", "متن"), ("ИД", "Текст"), ("ид", "мәтін"), ("ID", "TEXT")]
)
def test_delimiter_and_header_are_found(
    tmp_path: Path, delimiter: str, header: tuple[str, str]
) -> None:
    rows = [header, ("d1", f'"first{delimiter}\nsecond, third; fourth"'), ("d2", "дом")]
    found, report = _read(tmp_path, "".join(f"{delimiter.join(row)}\r\n" for row in rows))
    assert [(record.document.id, record.document.text, record.line) for record in found] == [
        ("d1", f"first{delimiter}\nsecond, third; fourth", 2),
        ("d2", "дом", 4),
    ]
    assert report.problems == []


def test_an_excel_file_with_semicolons_and_commas_in_the_text_is_read(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, "\ufeffid;text\n1;a, b, c\n2;d, e, f\n")
    assert _texts(found) == ["a, b, c", "d, e, f"]


def test_a_column_alone_is_the_text(tmp_path: Path) -> None:
    found, report = _read(tmp_path, 'first\n"second, third"\n')
    assert _texts(found) == ["first", "second, third"]
    assert [record.document.name for record in found] == ["t-1", "t-2"]
    assert [loss.kind for loss in report.changes()] == ["header"]


def test_columns_can_be_chosen_by_name_and_by_number(tmp_path: Path) -> None:
    content = "a,b,c\nx,y,z\n"
    found, _report = _read(
        tmp_path, content, ReadOptions(columns={"text": "b", "id": "3", "topic": "a"})
    )
    assert [(record.document.id, record.document.text) for record in found] == [("z", "y")]
    assert found[0].annotation_set == AnnotationSet(attributes={"topic": "x"})


def test_a_numbered_column_of_a_file_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, "a,b\nc,d\n", ReadOptions(columns={"text": "2"}))
    assert _texts(found) == ["b", "d"]
    assert found[0].document.meta == {"column 1": "a"}


@pytest.mark.parametrize("columns", [{"text": "none"}, {"text": "9"}, {"text": "0"}, {}])
def test_an_unknown_column_is_refused_and_the_known_ones_listed(
    tmp_path: Path, columns: dict[str, str]
) -> None:
    with pytest.raises(InputError, match=r"a.*b"):
        _read(tmp_path, "a,b\nc,d\n", ReadOptions(columns=columns))


def test_other_columns_are_metadata_and_schema_columns_attributes(tmp_path: Path) -> None:
    content = (
        "text,topic,url,urgent,annotator,status,language\nмир,city,x,true,a1,done,ru\nмир,,y,,,,\n"
    )
    found, _report = _read(tmp_path, content, ReadOptions(schema=SCHEMA))
    assert found[0].annotation_set == AnnotationSet(
        "a1", "done", attributes={"topic": "city", "urgent": True}
    )
    assert found[0].document.meta == {"url": "x"}
    assert found[1].annotation_set is None
    assert found[1].document.language == "ru"


def test_a_status_of_another_kind_is_metadata(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, "text,status\na,published\n")
    assert found[0].document.meta == {"status": "published"}


def test_attributes_of_the_schema_keep_their_types(tmp_path: Path) -> None:
    annotation_set = AnnotationSet("a1", attributes={"topic": "city", "urgent": True})
    path = tmp_path / "a.csv"
    report = Report()
    csv.write(
        [Labelled(Document("", "n", "t"), annotation_set)],
        path,
        WriteOptions(schema=SCHEMA),
        report,
    )
    assert (
        path.read_text("utf-8").splitlines()[0]
        == "id,name,language,annotator,status,topic,urgent,text"
    )
    found, _told = read_all(csv.FORMAT, path, ReadOptions(schema=SCHEMA))
    assert found[0].annotation_set == annotation_set
    assert report.losses() == []


def test_values_that_a_table_cannot_hold_are_counted(tmp_path: Path) -> None:
    attributes: dict[str, Value] = {"a": 1, "b": ("x", "y"), "c": False, "d": ""}
    report = Report()
    csv.write(
        [Labelled(Document("", "n", "t"), AnnotationSet("a1", attributes=attributes))],
        tmp_path / "a.csv",
        WriteOptions(),
        report,
    )
    assert total(report, "value types") == 4
    found, _told = read_all(csv.FORMAT, tmp_path / "a.csv")
    assert found[0].annotation_set == AnnotationSet(
        "a1", attributes={"a": "1", "b": "x; y", "c": "false"}
    )


def test_a_document_without_text_is_not_written_and_counted(tmp_path: Path) -> None:
    report = Report()
    csv.write([Labelled(Document("d", "n", ""))], tmp_path / "a.csv", WriteOptions(), report)
    assert total(report, "empty documents") == 1
    assert read_all(csv.FORMAT, tmp_path / "a.csv")[0] == []


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("id,text\n1,a\n2,\n3,b\n4, \n", [3, 5]),
        ("id,text\n1,a\n2\n3,b,c\n", [3, 4]),
        ('id,text\n1,"a\nb"\n2\n', [4]),
    ],
)
def test_wrong_rows_are_errors_with_their_lines(
    tmp_path: Path, content: str, lines: list[int]
) -> None:
    _found, report = _read(tmp_path, content)
    assert [problem.line for problem in report.problems] == lines


def test_a_quote_that_is_never_closed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, 'id,text\n1,a\n2,"b\nc\n')
    assert caught.value.problem.line == 3


def test_quotes_in_a_tab_separated_file_may_be_just_quotes(tmp_path: Path) -> None:
    found, report = _read(tmp_path, 'id\ttext\n1\t"Да" сказал он\n2\t"a\n', suffix=".tsv")
    assert _texts(found) == ['"Да" сказал он', '"a']
    assert "quotes" in [loss.kind for loss in report.changes()]


@pytest.mark.parametrize("inside", list("\u2028\u2029\x85\x0b\x0c\x1c"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_cell_holds_what_does_not_end_a_line(tmp_path: Path, inside: str, end: str) -> None:
    found, report = _read(tmp_path, end.join(("id,text", f"1,a{inside}b", "", "2,c", "3")))
    assert [(record.document.text, record.line) for record in found] == [
        (f"a{inside}b", 2),
        ("c", 4),
    ]
    assert [problem.line for problem in report.problems] == [5]


def test_big_cells_are_read(tmp_path: Path) -> None:
    found, _report = _read(tmp_path, f"id,text\n1,{'слово ' * 100_000}\n")
    assert len(found[0].document.text) == 600_000


def test_an_apostrophe_that_guards_is_reported(tmp_path: Path) -> None:
    found, report = _read(tmp_path, "id,text\n1,'=1+1\n2,'tis\n")
    assert _texts(found) == ["=1+1", "'tis"]
    assert [(loss.kind, loss.count) for loss in report.changes()] == [("apostrophes", 1)]


def test_an_empty_table_has_no_documents(tmp_path: Path) -> None:
    assert _read(tmp_path, "")[0] == []
    assert _read(tmp_path, "text\n")[0] == []


def test_only_tables_by_name_are_recognised(tmp_path: Path) -> None:
    assert csv.sniff(b"a,b", tmp_path / "a.txt") == 0
    assert csv.sniff(b"\x89PNG", tmp_path / "a.csv") == 0
    assert csv.sniff(b"a,b", tmp_path / "a.TSV") > formats()["text"].sniff(
        b"a,b", tmp_path / "a.TSV"
    )
