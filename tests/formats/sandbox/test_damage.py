"""Damaged files of other programs: read or refused with a sentence, never anything else."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, formats
from annotator.formats._sandbox import docx, epub, html, odt
from annotator.formats._sandbox.extracted import Piece
from annotator.model import Labelled
from tests.formats.round_trip import read_all
from tests.formats.sandbox import foreign
from tests.formats.sandbox.foreign import TEXT, book, excel, open_document, paragraph, run, word

MAKERS: dict[str, Callable[[Path], Path]] = {
    "docx": lambda folder: word(
        folder / "a.docx",
        paragraph(run(TEXT)) * 3,
        footnotes=f"<w:footnote>{paragraph(run('a'))}</w:footnote>",
    ),
    "odt": lambda folder: open_document(
        folder / "a.odt", "text", f"<text:h>a</text:h><text:p>{TEXT}<text:s/></text:p>"
    ),
    "epub": lambda folder: book(
        folder / "a.epub", {"1.xhtml": f"<p>{TEXT}</p>"}, "<dc:language>fa</dc:language>"
    ),
    "pdf": lambda folder: foreign.pdf(folder / "a.pdf", [[TEXT, "Город"], ["қала"]]),
    "xlsx": lambda folder: excel(folder / "a.xlsx", {"s": [["id", "text"], ["1", TEXT]]}),
}
PIECES = {"docx": docx.pieces, "odt": odt.pieces, "epub": epub.pieces}


def _damaged(data: bytes, chance: random.Random) -> bytes:
    content = bytearray(data)
    for _time in range(chance.randint(1, 4)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.randint(1, len(content))] if chance.random() < 0.4 else content)


def _check(pieces: Callable[[Path, ReadOptions, Report], list[Piece]], path: Path) -> None:
    refusal, found = "", list[Piece]()
    try:
        found = pieces(path, ReadOptions(), Report())
    except InputError as error:
        refusal = str(error)
    assert refusal or all(isinstance(piece.text, str) for piece in found)


@pytest.mark.parametrize("kind", list(PIECES))
def test_damaged_archives_are_read_or_refused(tmp_path: Path, kind: str) -> None:
    path = MAKERS[kind](tmp_path)
    data = path.read_bytes()
    for seed in range(150):
        path.write_bytes(_damaged(data, random.Random(seed)))
        _check(PIECES[kind], path)


WORD = (
    *(
        "p",
        "r",
        "t",
        "tbl",
        "tr",
        "tc",
        "pPr",
        "rPr",
        "bidi",
        "vanish",
        "del",
        "ins",
        "sdt",
        "sdtContent",
        "hyperlink",
        "drawing",
        "pict",
    ),
    *(
        "txbxContent",
        "ruby",
        "rubyBase",
        "br",
        "sym",
        "delText",
        "footnoteReference",
        "moveFrom",
        "pStyle",
        "fldSimple",
    ),
)
OPEN = (
    *(
        "text:p",
        "text:h",
        "text:span",
        "text:s",
        "text:tab",
        "text:note",
        "text:note-body",
        "text:list",
        "text:list-item",
        "text:section",
    ),
    *(
        "table:table",
        "table:table-row",
        "table:table-cell",
        "drawing:frame",
        "drawing:text-box",
        "text:tracked-changes",
        "text:a",
    ),
    *(
        "office:annotation",
        "text:hidden-text",
        "text:deletion",
        "text:changed-region",
        "text:soft-page-break",
    ),
)


def _trees(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return trees of elements, each anywhere in any other, as XML."""
    name = st.sampled_from(names)
    leaf = st.one_of(
        st.sampled_from(["", " ", "دولت", "a\n b", "\t"]), name.map(lambda tag: f"<{tag}/>")
    )

    def within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(name, st.lists(inner, max_size=4)).map(
            lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"
        )

    return st.recursive(leaf, within, max_leaves=25)


@given(tree=_trees((*(f"w:{name}" for name in WORD), "mc:AlternateContent", "mc:Choice")))
def test_elements_of_word_anywhere_are_read(
    tmp_path_factory: pytest.TempPathFactory, tree: str
) -> None:
    _check(docx.pieces, word(tmp_path_factory.mktemp("w") / "a.docx", tree))


@given(tree=_trees(OPEN))
def test_elements_of_open_document_anywhere_are_read(
    tmp_path_factory: pytest.TempPathFactory, tree: str
) -> None:
    _check(odt.pieces, open_document(tmp_path_factory.mktemp("o") / "a.odt", "text", tree))


def _tags_shuffled(text: str, chance: random.Random) -> str:
    parts = re.split(r"(<[^>]*>)", text)
    for _time in range(chance.randint(1, 5)):
        one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts)


def test_markup_in_any_order_is_read_or_refused(tmp_path: Path) -> None:
    table = "<table><tr><td>c</td></tr></table>"
    page = (
        "<html dir=rtl><head><title>t</title></head><body><h1>a</h1>"
        f"<p>{TEXT}<br>b{table}<pre>x\ny</pre></body></html>"
    )
    path = tmp_path / "a.html"
    for seed in range(200):
        path.write_text(_tags_shuffled(page, random.Random(seed)), "utf-8")
        _check(html.pieces, path)


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_damage_that_a_library_meets_stays_outside(tmp_path: Path, kind: str) -> None:
    path = MAKERS[kind](tmp_path)
    data = path.read_bytes()
    for seed in range(8):
        path.write_bytes(_damaged(data, random.Random(seed)))
        refused, found = "", list[Labelled]()
        try:
            found = read_all(formats()[kind], path)[0]
        except InputError as error:
            refused = error.problem.file
        assert refused == str(path) or all(record.document.text for record in found)
