"""The lines of a CoNLL file → documents of sentences of tokens and tags.

Words: the *shape* of a file is what separates its columns, and how many there are; the first column
is the token, the last its tag, what lies between is not kept. An *odd* line is one that departs
from the shape but can still be read; each kind of odd line is reported with its count and its first
line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.errors import InputError
from annotator.formats._api import Report
from annotator.i18n import _

DOCSTART = "-DOCSTART-"
_TAG = re.compile(r"O|[BIESLUMW][-_]\S.*")
_COMMENT = re.compile(r"#\s+(\w[\w.: -]*?)\s*=\s*(.*)")
_COLUMN_GAP = re.compile(r"[ \t]+")
_SEPARATORS = re.compile(r"[ \t|]+")
_FILLERS = frozenset(("-X-", "_", "-", "O", ""))
_DOCUMENT_KEYS = frozenset(("newdoc id", "doc_id", "document_id", "name"))
_LEAST_TAGGED = 0.5
_MOST_UNTAGGED = 0.05
_SAMPLE = 10_000


class Shape(NamedTuple):
    """What separates the columns, how many there are, and the share of lines that end in a tag."""

    separator: str
    width: int
    tagged: float

    def cells(self, line: str) -> list[str]:
        """Split a line into its columns; the token may hold the separator where there are two."""
        if self.separator == " ":
            return _COLUMN_GAP.split(line.rstrip(" \t"))
        if self.separator == "\t":
            return line.rstrip(" ").split("\t")
        word, bar, tag = line.rstrip(" \t").rpartition("|")
        return [word, tag] if bar else [tag]


@dataclass(slots=True)
class Sentence:
    """Tokens and their tags; `line` is where it begins."""

    line: int
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Text:
    """A document: its name, if the file has one, and its sentences."""

    line: int
    name: str = ""
    sentences: list[Sentence] = field(default_factory=list)


def shape_of(lines: Sequence[str]) -> Shape:
    """Return the shape that most lines have, of some thousand from all over the file."""
    content = [line for line in lines if _has_token(line)]
    content = content[:: len(content) // _SAMPLE + 1]
    best = Shape("\t", 0, 0.0)
    for separator in ("\t", "|", " "):
        tried = Shape(separator, 0, 0.0)
        widths: list[int] = []
        for line in content:
            cells = tried.cells(line)
            if _is_tagged(cells):
                widths.append(len(cells))
        if len(widths) > best.tagged * len(content):
            width = Counter(widths).most_common(1)[0][0]
            best = Shape(separator, width, len(widths) / len(content))
    return best


def _has_token(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(DOCSTART) and not _COMMENT.match(line)


def _is_tagged(cells: list[str]) -> bool:
    return len(cells) > 1 and bool(_TAG.fullmatch(cells[-1]))


class LineReader:
    """Reads the lines of one file, and counts what is odd on the way."""

    def __init__(self, path: Path, lines: Sequence[str]) -> None:
        self._path = path
        self._lines = lines
        self._shape = shape_of(lines)
        self._odd: dict[str, list[int]] = {}
        self.texts: list[Text] = [Text(1)]

    def read(self, report: Report) -> list[Text]:
        """Return the documents that have a token; a file of another shape is an InputError."""
        self._refuse_other_shapes()
        sentence = Sentence(0)
        for number, line in enumerate(self._lines, 1):
            if not line.strip():
                sentence = Sentence(0)
            elif line.startswith(DOCSTART):
                sentence = Sentence(0)
                self.texts.append(Text(number, _name_of(line)))
            elif self._is_comment(number, line):
                sentence = sentence if self.texts[-1].sentences else Sentence(0)
            else:
                self._add(sentence, number, line)
        self._report_odd(report)
        return [text for text in self.texts if text.sentences]

    def _refuse_other_shapes(self) -> None:
        if self._shape.tagged >= _LEAST_TAGGED or not any(line.strip() for line in self._lines):
            return
        for number, line in enumerate(self._lines, 1):
            if not line.strip() or line.startswith(DOCSTART):
                continue
            if not _is_tagged(self._shape.cells(line)):
                reason = _(
                    "the line does not end in a tag such as O, B-PER or I-PER; this is not CoNLL"
                )
                raise InputError(self._path, number, reason)
        raise InputError(
            self._path, 0, _("no line ends in a tag such as O, B-PER or I-PER; this is not CoNLL")
        )

    def _is_comment(self, number: int, line: str) -> bool:
        found = _COMMENT.match(line)
        if not found:
            return False
        cells = self._shape.cells(line)
        if len(cells) == self._shape.width and _TAG.fullmatch(cells[-1]):
            return False
        if found[1] in _DOCUMENT_KEYS:
            if self.texts[-1].sentences:
                self.texts.append(Text(number))
            self.texts[-1].name = found[2].strip()
        else:
            self._odd.setdefault("comments", []).append(number)
        return True

    def _add(self, sentence: Sentence, number: int, line: str) -> None:
        cells = self._shape.cells(line)
        word, tag = cells[0], cells[-1] if len(cells) > 1 else ""
        if len(cells) != self._shape.width and tag:
            if self._shape.width == 2:
                word = " ".join(cells[:-1])
            self._odd.setdefault("columns", []).append(number)
        elif len(cells) > 2 and any(cell not in _FILLERS for cell in cells[1:-1]):
            self._odd.setdefault("middle", []).append(number)
        if not word.strip():
            self._odd.setdefault("empty", []).append(number)
            return
        if not tag:
            self._odd.setdefault("untagged", []).append(number)
        if not sentence.words:
            sentence.line = number
            self.texts[-1].sentences.append(sentence)
        sentence.words.append(word)
        sentence.tags.append(tag or "O")

    def _report_odd(self, report: Report) -> None:
        self._refuse_untagged()
        lost = {
            "middle": ("columns", _("only the first and the last column are read")),
            "comments": ("comments", _("comments are not kept; the first is {place}")),
            "empty": ("lines", _("a line has no token; the first is {place}")),
        }
        changed = {
            "untagged": _(
                "a token without a tag was taken as outside of entities; the first is {place}"
            ),
            "columns": _(
                "a line has another number of columns than the rest; the first is {place}"
            ),
        }
        for odd, numbers in self._odd.items():
            place = f"{self._path.name}:{numbers[0]}"
            if odd in lost:
                kind, why = lost[odd]
                report.lose(kind, why.format(place=place), len(numbers))
            else:
                report.change("lines", changed[odd].format(place=place), len(numbers))

    def _refuse_untagged(self) -> None:
        """Refuse a file in which more tokens than a few have no tag."""
        untagged = self._odd.get("untagged", [])
        total = sum(len(sentence.words) for text in self.texts for sentence in text.sentences)
        if len(untagged) > max(_MOST_UNTAGGED * total, 1):
            reason = _(
                "the line has a token and no tag, and so have {count} lines of this file"
            ).format(count=len(untagged))
            raise InputError(self._path, untagged[0], reason)


def _name_of(line: str) -> str:
    rest = line.removeprefix(DOCSTART).strip()
    inside = re.search(r"\((.*)\)", rest)
    if inside:
        return inside[1]
    return " ".join(cell for cell in _SEPARATORS.split(rest) if cell not in _FILLERS)
