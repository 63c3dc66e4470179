"""CoNLL-U lines → texts with their entities."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import Report
from annotator.i18n import _
from annotator.model import Fragment
from annotator.text.offsets import canonical
from annotator.text.tag_schemes import scheme_of, tags_to_entities

_BRACKET = re.compile(r"\((?P<open>[^()]+)(?P<alone>\))?|(?P<close>[^()]+)\)")
_PART = re.compile(r"(.*)\[(\d+)/(\d+)\]")
_SPACE = re.compile(r"\\(.)")
_CARRIAGE_RETURN = re.compile("\r\n?")
_SPACES = {"s": " ", "t": "\t", "n": "\n", "r": "\r", "p": "|", "\\": "\\"}
_TAG_KEYS = ("NE", "NER", "ne", "ner", "NamedEntity", "Entity", "entity")
_COLUMNS = 10
_EMPTY = ["_"] * 7
_NUMBER = re.compile(r"\d+(?:[-.]\d+)?")


@dataclass(slots=True)
class _Token:
    form: str
    before: str
    after: str
    mark: str
    line: int
    is_told: bool = False
    ends_sentence: bool = False


@dataclass(slots=True)
class TreeText:
    """One document: its tokens, and the places of their forms once `content` has joined them."""

    path: Path
    line: int
    name: str = ""
    pattern: list[str] = field(default_factory=lambda: ["eid", "etype"])
    tokens: list[_Token] = field(default_factory=list)
    places: list[Fragment] = field(default_factory=list)

    def content(self) -> str:
        """Return the text as the spaces of the tokens make it."""
        pieces: list[str] = []
        place = 0
        self.places.clear()
        for token in self.tokens:
            start = place + len(token.before)
            self.places.append((start, start + len(token.form)))
            pieces += [token.before, token.form, token.after]
            place = start + len(token.form) + len(token.after)
        if self.tokens and not self.tokens[-1].is_told:
            pieces[-1] = ""
        return "".join(pieces)

    def entities(self) -> list[tuple[str, tuple[Fragment, ...]]]:
        """Return labels and fragments, in the order in which the entities begin."""
        if any(
            token.mark and token.mark[:2] in ("B-", "I-", "S-", "E-", "U-", "L-")
            for token in self.tokens
        ):
            return self._tagged()
        return self._bracketed()

    def _tagged(self) -> list[tuple[str, tuple[Fragment, ...]]]:
        found: list[tuple[str, tuple[Fragment, ...]]] = []
        first = 0
        tags = [token.mark or "O" for token in self.tokens]
        scheme = scheme_of([tags])
        for number, token in enumerate(self.tokens):
            if token.ends_sentence or number + 1 == len(self.tokens):
                entities, _odd = tags_to_entities(tags[first : number + 1], scheme)
                found += [
                    (label, ((self.places[first + begin][0], self.places[first + end - 1][1]),))
                    for label, begin, end in entities
                ]
                first = number + 1
        return found

    def _bracketed(self) -> list[tuple[str, tuple[Fragment, ...]]]:
        waiting: dict[str, list[tuple[int, str]]] = {}
        done: list[tuple[str, str, tuple[Fragment, ...]]] = []
        for number, token in enumerate(self.tokens):
            for found in _BRACKET.finditer(token.mark):
                if found["close"]:
                    name = found["close"].split("-")[0]
                    if not waiting.get(name):
                        raise InputError(
                            self.path,
                            token.line,
                            _("the entity {name} ends before it begins").format(name=name[:40]),
                        )
                    first, label = waiting[name].pop()
                    done.append((name, label, ((self.places[first][0], self.places[number][1]),)))
                    continue
                name, label = self._named(found["open"])
                if found["alone"]:
                    done.append((name, label, (self.places[number],)))
                else:
                    waiting.setdefault(name, []).append((number, label))
        left = next((name for name, begun in waiting.items() if begun), "")
        if left:
            line = self.tokens[waiting[left][-1][0]].line
            raise InputError(
                self.path, line, _("the entity {name} has no end").format(name=left[:40])
            )
        return self._joined(done)

    def _named(self, told: str) -> tuple[str, str]:
        """Return the key by which an entity is closed, and its label."""
        parts = told.split("-")
        if len(parts) == 1:
            return parts[0], parts[0]
        if "eid" not in self.pattern and "etype" in self.pattern:
            return parts[0], parts[self.pattern.index("etype")] if self.pattern.index(
                "etype"
            ) < len(parts) else parts[0]
        at = self.pattern.index("etype") if "etype" in self.pattern else 1
        return parts[0], parts[at] if at < len(parts) and parts[at] else parts[0]

    def _joined(
        self, done: list[tuple[str, str, tuple[Fragment, ...]]]
    ) -> list[tuple[str, tuple[Fragment, ...]]]:
        """Return the entities, the parts of a discontinuous one (`e1[1/2]`) together."""
        whole: list[tuple[str, tuple[Fragment, ...]]] = []
        parts: dict[str, int] = {}
        for name, label, fragments in sorted(
            done, key=lambda entry: (entry[2][0][0], -entry[2][0][1], _number(entry[0]))
        ):
            part = _PART.fullmatch(name)
            if part and part[2] != "1" and part[1] in parts:
                at = parts[part[1]]
                whole[at] = (whole[at][0], (*whole[at][1], *fragments))
                continue
            if part:
                parts[part[1]] = len(whole)
            whole.append((label, fragments))
        return whole


def _number(name: str) -> int:
    digits = re.sub(r"\D", "", name)
    return int(digits[:9]) if digits else 0


@dataclass(slots=True)
class TreeReader:
    """Reads the lines of one file; what is wrong is an InputError with its line."""

    path: Path
    report: Report
    _texts: list[TreeText] = field(default_factory=list)
    _pattern: list[str] = field(default_factory=lambda: ["eid", "etype"])
    _begins: bool = True
    _name: str = ""
    _covered: int = 0

    def texts(self, lines: list[str]) -> list[TreeText]:
        """Return the documents that have a token."""
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                self._read_comment(line)
            elif not line.strip():
                self._covered = 0
                if self._texts and self._texts[-1].tokens and not self._begins:
                    self._end_sentence(self._texts[-1])
            else:
                self._read_row(line.split("\t"), number)
        return self._texts

    def _read_comment(self, line: str) -> None:
        key, _sign, value = line[1:].partition("=")
        key, value = key.strip(), value.strip()
        if key in ("newdoc", "newdoc id"):
            self._begins, self._name = True, value
        elif key == "global.Entity":
            self._pattern = value.split("-")
        elif key not in ("sent_id", "text", "newpar", "newpar id", "global.columns"):
            self.report.lose("comments", _("comments are not kept"))

    def _end_sentence(self, text: TreeText) -> None:
        last = text.tokens[-1]
        last.ends_sentence = True
        if not last.is_told:
            last.after = "\n"

    def _read_row(self, cells: list[str], number: int) -> None:
        if (
            len(cells) != _COLUMNS
            or not cells[1]
            or not (cells[0].isdecimal() or _NUMBER.fullmatch(cells[0]))
        ):
            raise InputError(
                self.path, number, _("the line does not have the ten columns of CoNLL-U")
            )
        if "." in cells[0]:
            self.report.lose("columns", _("empty nodes are not kept"))
            return
        if self._begins:
            self._texts.append(TreeText(self.path, number, self._name, self._pattern))
            self._begins = False
        text = self._texts[-1]
        misc = (
            dict(part.partition("=")[::2] for part in cells[9].split("|") if "=" in part)
            if cells[9] != "_"
            else {}
        )
        mark = next((misc[key] for key in _TAG_KEYS if key in misc), "") if misc else ""
        if "-" in cells[0]:
            self._covered = int(cells[0].partition("-")[2])
        elif self._covered and int(cells[0]) <= self._covered:
            if mark:
                # A word inside a token that was written as one: its entity is that of the token.
                text.tokens[-1].mark += mark
            return
        if cells[2:9] != _EMPTY:
            self.report.lose("columns", _("lemmas, parts of speech and trees are not kept"))
        before = canonical(_spaces(misc.get("SpacesBefore", ""))).text if not text.tokens else ""
        after = (
            ""
            if misc.get("SpaceAfter") == "No"
            else _spaces(misc["SpacesAfter"])
            if "SpacesAfter" in misc
            else " "
        )
        text.tokens.append(
            _Token(
                cells[1],
                before,
                after,
                "" if mark in ("O", "_") else mark,
                number,
                "SpacesAfter" in misc or "SpaceAfter" in misc,
            )
        )


def _spaces(told: str) -> str:
    return _CARRIAGE_RETURN.sub(
        "\n", _SPACE.sub(lambda found: _SPACES.get(found[1], found[0]), told)
    )
