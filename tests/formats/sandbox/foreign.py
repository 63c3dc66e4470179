"""Files of other programs, made by hand for tests.

Archives of XML, and a PDF with text that only its map of letters can tell.
"""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TEXT = "دولت گفت قیمت\u200cها پایین آمد 😊."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def archive(path: Path, parts: Mapping[str, str | bytes], mimetype: str = "") -> Path:
    """Write an archive; what names its kind comes first and is not compressed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype:
            file.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def word(path: Path, body: str, **parts: str) -> Path:
    """Write a Word document.

    `parts` are further ones such as footnotes, by name, with their content inside their root.
    """
    root = (
        f'<w:{{root}} xmlns:w="{_WORD}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{inside}</w:{root}>'
    )
    relation = (
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'
        ),
        "word/document.xml": root.format(root="document", inside=f"<w:body>{body}</w:body>"),
    }
    roots = {"header1": "hdr", "footer1": "ftr"}
    for name, inside in parts.items():
        made[f"word/{name}.xml"] = root.format(root=roots.get(name, name), inside=inside)
    return archive(path, made)


def run(text: str, properties: str = "") -> str:
    """Return a run of a Word document."""
    return (
        f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t"
        f' xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def paragraph(*inside: str, properties: str = "") -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inside)}</w:p>"


def open_document(path: Path, kind: str, inside: str, styles: str = "", **parts: str) -> Path:
    """Write an OpenDocument file: kind is "text" or "spreadsheet"."""
    names = " ".join(
        f'xmlns:{name}="{_OFFICE}:{name}:1.0"'
        for name in ("office", "text", "table", "style", "drawing")
    )
    names += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    body = f"<office:body><office:{kind}>{inside}</office:{kind}></office:body>"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<office:document-content {names}>{styles}{body}</office:document-content>"
    made: dict[str, str | bytes] = {
        "content.xml": content,
        **{name.replace("__", "/"): text for name, text in parts.items()},
    }
    made.setdefault(
        "META-INF/manifest.xml",
        '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    )
    return archive(path, made, f"application/vnd.oasis.opendocument.{kind}")


def excel(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[str]]],
    hidden: Sequence[str] = (),
    **cells: str,
) -> Path:
    """Write an Excel table of texts.

    `cells` are further cells of the first sheet as XML, by their place.
    """
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    states = dict.fromkeys(hidden, ' state="hidden"')
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"{states.get(name, "")}/>'
        for number, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r0"'
            f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ),
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = "".join(
            "<row"
            f' r="{line}">{"".join(_cell(line, column, text) for column, text in enumerate(row))}'
            f"{''.join(cells.values()) if number == 1 and line == len(rows) else ''}</row>"
            for line, row in enumerate(rows, 1)
        )
        made[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'
        )
    return archive(path, made)


def _cell(line: int, column: int, text: str) -> str:
    return (
        f'<c r="{chr(65 + column)}{line}" t="inlineStr"><is><t'
        f' xml:space="preserve">{escape(text)}</t></is></c>'
        if text
        else ""
    )


def book(
    path: Path, chapters: Mapping[str, str], package: str = "", spine: str = "", **parts: str
) -> Path:
    """Write an electronic book.

    `package` is what its package file says of it, `spine` attributes of the spine.
    """
    items = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    made: dict[str, str | bytes] = {
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        ),
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{package}</metadata><manifest>{items}</manifest><spine'
            f" {spine}>{order}</spine></package>"
        ),
    }
    made |= {f"OEBPS/{name}": text for name, text in chapters.items() if text}
    made |= {name.replace("__", "/"): text for name, text in parts.items()}
    return archive(path, made, "application/epub+zip")


def pdf(path: Path, pages: Sequence[Sequence[str]], trailer: str = "") -> Path:
    """Write a PDF without fonts; each page is lines, whose letters stand in a map to Unicode.

    A page without lines has no text.
    """
    letters = sorted({letter for lines in pages for line in lines for letter in line})
    codes = {letter: number for number, letter in enumerate(letters, 1)}
    unicode = "".join(
        f"<{codes[letter]:04X}> <{letter.encode('utf-16-be').hex().upper()}>\n"
        for letter in letters
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2"
        f" def 1 begincodespacerange\n<0000> <FFFF> endcodespacerange {len(letters)}"
        f" beginbfchar\n{unicode}endbfchar endcmap end end"
    )
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [4 0 R]"
        " /ToUnicode 5 0 R >>"
    )
    descendant = (
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe)"
        " /Ordering (Identity) /Supplement 0 >> /DW 600 /FontDescriptor 6 0 R >>"
    )
    descriptor = (
        "<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 600 700] /ItalicAngle 0"
        " /Ascent 700 /Descent 0 /CapHeight 700 /StemV 80 >>"
    )
    first = 7
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        font,
        descendant,
    ]
    objects += [_stream(cmap), descriptor]
    for number, lines in enumerate(pages):
        shown = "".join(
            f"1 0 0 1 20 {780 - 20 * line} Tm <{_codes(text, codes)}> Tj\n"
            for line, text in enumerate(lines)
        )
        page = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents"
            f" {first + 2 * number + 1} 0 R"
        )
        objects += [
            f"{page} /Resources << /Font << /F1 3 0 R >> >> >>",
            _stream(f"BT /F1 10 Tf\n{shown}ET"),
        ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer}"
        f" >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    path.write_bytes(
        out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()
    )
    return path


def _codes(text: str, codes: Mapping[str, int]) -> str:
    return "".join(f"{codes[letter]:04X}" for letter in text)


def _stream(content: str) -> str:
    data = zlib.compress(content.encode()).hex()
    return (
        f"<< /Length {len(data) + 1} /Filter [/ASCIIHexDecode /FlateDecode]"
        f" >>\nstream\n{data}>\nendstream"
    )
