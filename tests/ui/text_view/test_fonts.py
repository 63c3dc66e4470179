"""Other fonts, and no font at all: every character stays where a click looks for it."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QTextLayout

from annotator.ui.look.style import Look, metrics, text_font
from annotator.ui.text_view.layout import BlockLayout

ROOT = Path(__file__).resolve().parents[3]
FAMILIES = (
    "Vazirmatn",
    "Annotator Sans",
    "Noto Naskh Arabic",
    "Amiri",
    "DejaVu Sans",
    "Noto Sans Arabic",
)
MOST_WRONG = {"Vazirmatn": 0.0002}  # a share; elsewhere none


@pytest.mark.parametrize("family", FAMILIES)
def test_every_half_of_every_character_is_hit(qapp: object, shared_data: Path, family: str) -> None:
    text_font(17, arabic=True)  # loads what is shipped
    if family not in QFontDatabase.families():
        pytest.skip(f"There is no font {family} here (Debian: fonts-noto-core, fonts-hosny-amiri).")
    hard = sorted(
        {
            case["text"]
            for case in json.loads(
                (shared_data / "text" / "golden_bidi.json").read_text(encoding="utf-8")
            )
        }
    )
    news = [
        line
        for path in sorted((shared_data / "news").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    clicks = wrong = 0
    for number, text in enumerate([*hard, *(line for line in news if line)]):
        layout = BlockLayout(
            text,
            "rtl" if number % 2 else "ltr",
            (300, 400, 700)[number % 3],
            metrics(100, Look(family=family)),
        )
        for line in range(len(layout)):
            cells = layout.cells(line)
            for cell in cells.cells:
                quarter = (cell.right - cell.left) / 4
                for x, place in (
                    (cell.left + quarter, (cell.start, cell.end)[cell.rtl]),
                    (cell.right - quarter, (cell.end, cell.start)[cell.rtl]),
                ):
                    clicks += 1
                    wrong += cells.hit(x).position != place
    assert clicks > 20_000
    assert wrong <= clicks * MOST_WRONG.get(family, 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_character_has_a_cell_of_its_own(qapp: object, family: str) -> None:
    if family not in QFontDatabase.families():
        pytest.skip(f"There is no font {family} here (Debian: fonts-noto-core, fonts-hosny-amiri).")
    text = "شرکت Apple Inc. مشکلات الله 1400 می\u200cرود «Алматы» د\u0650ل\u064eم (۱۲٪) Қазақ"
    layout = BlockLayout(text, "rtl", 5000, metrics(100, Look(family=family)))
    covered = {
        position for cell in layout.cells(0).cells for position in range(cell.start, cell.end)
    }
    assert covered == set(range(len(text)))
    lefts = [(cell.left, cell.right) for cell in layout.cells(0).cells]
    assert all(one[1] <= two[0] + 0.5 for one, two in pairwise(lefts))


SELFTEST = """
from PySide6.QtWidgets import QApplication
from annotator.ui.text_view import TextView
app = QApplication([])
view = TextView()
text = (
    "\\u06cc\\u06a9\\u06af\\u0686\\u067e\\u0698\\u06f4\\u06f5\\u06f6"
    " می\\u200cرود ӘҒҚҢӨҰҮҺІ Ёё «x»"
)
view.show_document(text, "fa")
view.resize(600, 400)
view.show()
missing = view.missing_characters()
boxes = [
    glyph
    for placed in view._page.placed
    for _index, glyph, _x in placed.layout.glyphs()
    if glyph == 0
]
assert not missing and not boxes, (missing, boxes)
"""


def test_without_any_font_on_the_machine_the_shipped_ones_serve(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>',
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "FONTCONFIG_FILE": str(config),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", SELFTEST],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("text", ["е\u0301", "ы\u0301", "x\u0301", "Я\u0301", "б\u0301"])
def test_an_accent_stands_on_its_letter(text: str) -> None:
    size = 40
    layout = QTextLayout(text, text_font(size, arabic=False))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(500)
    layout.endLayout()
    places = [place for run in line.glyphRuns() for place in run.positions()]
    assert len(places) == 2, "the accent is a glyph of its own"
    letter, accent = places
    assert letter.y() - size / 4 < accent.y() <= letter.y()
