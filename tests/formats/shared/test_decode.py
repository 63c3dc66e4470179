"""Bytes become text strictly, in an encoding that is recognised, named.

Or refused with the line.
"""

import codecs
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.errors import InputError, UserError
from annotator.formats import ReadOptions, Report
from annotator.formats._shared.codepages import CANDIDATES
from annotator.formats._shared.decode import decode, encoded, looks_like_text, read_text

RUSSIAN = (
    "В понедельник городские власти сообщили, что ремонт моста через реку завершится раньше срока."
    " По словам представителя администрации, на работы выделено 18 миллионов рублей, из них"
    " половина уже потрачена. Жители района жалуются: «Автобусы ходят раз в час, а обещали каждые"
    " десять минут». Ёлку на площади установят 15 декабря, объявил мэр города А. Б. Сергеев;"
    " эксперты считают, что цены вырастут."
)
KAZAKH = (
    "Дүйсенбі күні қала әкімдігі өзен үстіндегі көпірді жөндеу мерзімінен бұрын аяқталатынын"
    " хабарлады. Мәжіліс депутаты жаңа заң жобасына қарсы шығып, түзетулерді ғана қолдайтынын"
    " айтты. Тұрғындар: «Автобус сағатына бір рет жүреді, ал он минут сайын болады деп уәде"
    " берген», дейді. Биылғы көктемде Алматы облысында он екі мың түп ағаш егіледі деп"
    " жоспарланған, нан бағасы өседі деп есептейді."
)
PERSIAN = (
    "شهردار منطقه در نشست خبري گفت که بازسازي پل تا پايان سال به پايان مي\u200cرسد. به گفته او نيمي"
    " از هزينه طرح را سازمان راهداري پرداخته است و بقيه از فروش زمين تامين مي\u200cشود. اهالي محله"
    " مي\u200cگويند: «اتوبوس ساعتي يک بار مي\u200cآيد، ولي قول ده دقيقه داده بودند». گروه ژيمناستيک"
    " چهار مدال گرفت و به پايتخت برگشت؛ نماينده مجلس با لايحه مخالفت کرد و گفت پشتيباني"
    " نمي\u200cکند و رفت."
)
ARABIC = (
    "قال رئيس البلدية في مؤتمر صحفي إن إصلاح الجسر سينتهي قبل نهاية العام. وأضاف أن نصف التكلفة"
    " دفعتها وزارة النقل، أما الباقي فمن ميزانية المدينة. ويقول السكان إن الحافلة تأتي مرة كل ساعة؛"
    " هل هذا ما وعدتم به؟ عارض النائب مشروع القانون وقال إنه لن يدعم سوى التعديلات. يتوقع الخبراء"
    " ارتفاع سعر الخبز حتى نهاية السنة. وقال إن المدينة تنتظر جوابا من الوزارة منذ شهرين."
)
PLAIN_QUOTES = RUSSIAN.replace("«", '"').replace("»", '"')  # these code pages have no others
CASES = [
    ("cp1251", RUSSIAN),
    ("koi8-r", PLAIN_QUOTES),
    ("cp866", PLAIN_QUOTES),
    ("mac-cyrillic", RUSSIAN),
    ("kz1048", KAZAKH),
    ("ptcp154", KAZAKH),
    ("cp1256", PERSIAN),
    ("cp1256", ARABIC),
    ("iso-8859-6", ARABIC),
]
WIDE = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
]


@pytest.mark.parametrize("length", [60, 400])
@pytest.mark.parametrize(
    ("encoding", "text"), CASES, ids=[f"{name}-{text[:2]}" for name, text in CASES]
)
def test_code_pages_are_told_apart(encoding: str, text: str, length: int) -> None:
    for start in (0, 37, 150):
        piece = f"{text} {text}"[start : start + length]
        decoded = decode(piece.encode(encoding))
        assert decoded.text == piece, decoded.encoding
        assert [change[0] for change in decoded.changes] == ["encoding"]


@pytest.mark.parametrize(("encoding", "text"), CASES[:4], ids=[name for name, _text in CASES[:4]])
def test_capitals_are_told_apart_too(encoding: str, text: str) -> None:
    assert decode(text.upper().encode(encoding)).text == text.upper()


def test_other_encodings_that_could_be_meant_are_named() -> None:
    decoded = decode("Обзор".encode("mac-cyrillic") + b" \xdf")
    assert set(decoded.alternatives) <= set(CANDIDATES)
    assert "cp1251" in decoded.alternatives


@pytest.mark.parametrize("text", [RUSSIAN, KAZAKH, PERSIAN, "a", "😊 text", "Қала\nтекст"])
@pytest.mark.parametrize("encoding", WIDE)
def test_unicode_encodings_are_recognised_with_and_without_bom(encoding: str, text: str) -> None:
    if encoding.startswith("utf-16-") and text == "a":
        text = "ab c"
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert "BOM" in [change[0] for change in decoded.changes] or encoding in (
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    )


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1)
)
def test_what_is_utf_8_is_read_as_utf_8(text: str) -> None:
    data = text.encode()
    if not any(byte < 9 or 13 < byte < 32 for byte in data):
        assert decode(data).text == text.lstrip("\ufeff") or data.startswith(
            (b"\xff\xfe", b"MZ", b"%PDF", b"PK", b"RIFF", b"BZh")
        )


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")).map(
        lambda text: text.lstrip("\ufeff")
    )
)
@example(text="RIFF is a container")
@example(text="%PDF-1.4")
@example(text="\x1ea")
def test_a_written_text_is_read_as_the_same_text(text: str) -> None:
    assert decode(encoded(text)).text == text
    assert encoded(text).removeprefix(codecs.BOM_UTF8) == text.encode()


def test_a_named_encoding_is_strict() -> None:
    assert decode(b"\xcf\xf0", "cp1251").text == "Пр"
    with pytest.raises(InputError) as caught:
        decode("a\nb\nПр".encode("cp1251"), "utf-8", "f.txt")
    assert caught.value.problem.line == 3


@pytest.mark.parametrize("name", ["no-such", "rot13", "hex", "base64"])
def test_an_unknown_encoding_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="no text encoding"):
        decode(b"a", name)


def test_an_encoding_that_never_decodes_is_refused() -> None:
    with pytest.raises(InputError):
        decode(b"a", "undefined")


BINARY = [
    b"\x89PNG\r\n\x1a\n" + bytes(range(64)),
    b"%PDF-1.7\nabc",
    b"PK\x03\x04abc",
    b"\x7fELF\x02\x01\x01" + bytes(64),
    b"GIF89a\x01\x00",
    b"\xff\xd8\xff\xe0",
    b"SQLite format 3\x00",
    b"\x1f\x8b\x08\x00",
    b"text\x00more",
    "много".encode() + bytes(5) + b"\xff\xfe\x00",
]


@pytest.mark.parametrize("data", BINARY)
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="binary"):
        decode(data, path="a.txt")
    assert looks_like_text(data) == ""


@pytest.mark.parametrize("other", ["cp1251", "cp866", "koi8-r"])
def test_mixed_encodings_are_refused_at_the_first_bad_line(other: str) -> None:
    lines = [
        "Первая строка текста".encode(),
        "Вторая строка текста".encode(),
        "Третья строка текста".encode(other),
        "Да".encode(),
    ]
    with pytest.raises(InputError, match="mixes encodings") as caught:
        decode(b"\n".join(lines), path="a.txt")
    assert caught.value.problem.line == 3


def test_a_utf_8_line_in_a_file_of_another_encoding_is_seen() -> None:
    with pytest.raises(InputError, match="mixes encodings") as caught:
        decode(
            RUSSIAN.encode("cp1251")
            + b"\r\n"
            + "Вторая строка".encode()
            + b"\r\n"
            + RUSSIAN.encode("cp1251")
        )
    assert caught.value.problem.line == 1


def test_one_bad_byte_in_utf_8_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="0xFF") as caught:
        decode("Первая строка, وسط".encode() + b"\xff" + "строка".encode())
    assert caught.value.problem.line == 1


def test_bytes_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(InputError, match="cannot be recognised"):
        decode(bytes(range(0x80, 0x100)) * 3)


@pytest.mark.parametrize(("text", "line", "column"), [("a\nb\x00", 2, 2), ("b\x00", 1, 2)])
def test_nul_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(InputError, match=f"character {column}") as caught:
        decode(text.encode("utf-16"))
    assert caught.value.problem.line == line


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(InputError):
        decode(b"\xed\xa0\x80 abc")
    with pytest.raises(InputError):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00")


@pytest.mark.parametrize(
    ("raw", "text", "newline", "kinds"),
    [
        ("a\r\nb\r\n", "a\nb\n", "\r\n", {"newlines": 2}),
        ("a\rb", "a\nb", "\r", {"newlines": 1}),
        ("a\nb", "a\nb", "\n", {}),
        ("ab", "ab", "\n", {}),
        ("a\r\nb\nc\rd", "a\nb\nc\nd", "mixed", {"newlines": 2}),
        ("\ufeffa\u2028b\u00a0", "a\u2028b\u00a0", "\n", {"BOM": 1}),
    ],
)
def test_only_bom_and_newlines_are_changed(
    raw: str, text: str, newline: str, kinds: dict[str, int]
) -> None:
    decoded = decode(raw.encode())
    assert (decoded.text, decoded.newline) == (text, newline)
    assert {kind: count for kind, _why, count in decoded.changes} == kinds


def test_the_report_names_the_encoding_and_the_source_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(RUSSIAN.encode("cp1251"))
    report = Report()
    source = read_text(path, ReadOptions(), report).source(path)
    assert report.encodings == {str(path): "cp1251"}
    assert (source.file, source.encoding, len(source.sha256)) == ("a.txt", "cp1251", 64)


def test_a_head_may_end_within_a_character() -> None:
    assert looks_like_text("текст".encode()[:-1]) == "текс"
    assert looks_like_text("текст".encode("utf-16")[:-1]) == "текс"
    assert looks_like_text("Текст сообщения".encode("cp1251")) == "Текст сообщения"
    assert looks_like_text("Текст сообщения".encode("utf-16-le")[:-1])
