"""CoNLL-U lines → texts with their entities."""

import re
from collections.abc import Mapping
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
_TAGS = ("B-", "I-", "S-", "E-", "U-", "L-")
_COLUMNS = 10
_EMPTY = ["_"] * 7
_NUMBER = re.compile(r"\d+(?:[-.]\d+)?")
# Of an entity that has begun: its first token and label; of a whole one: its key, label and places.
_Begun = tuple[int, str]
_Entity = tuple[str, str, tuple[Fragment, ...]]


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
        is_tagged = any(token.mark.startswith(_TAGS) for token in self.tokens)
        return self._tagged() if is_tagged else self._bracketed()

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
        waiting: dict[str, list[_Begun]] = {}
        done: list[_Entity] = []
        for number, token in enumerate(self.tokens):
            for bracket in _BRACKET.finditer(token.mark):
                if bracket["close"]:
                    done.append(self._ended(bracket["close"], number, waiting))
                    continue
                name, label = self._named(bracket["open"])
                if bracket["alone"]:
                    done.append((name, label, (self.places[number],)))
                else:
                    waiting.setdefault(name, []).append((number, label))
        for name, begun in waiting.items():
            if begun:
                line = self.tokens[begun[-1][0]].line
                reason = _("the entity {name} has no end").format(name=name[:40])
                raise InputError(self.path, line, reason)
        return self._joined(done)

    def _ended(self, told: str, number: int, waiting: dict[str, list[_Begun]]) -> _Entity:
        """Return the entity that ends at a token, and take it off those that wait for an end."""
        name = told.partition("-")[0]
        if not waiting.get(name):
            reason = _("the entity {name} ends before it begins").format(name=name[:40])
            raise InputError(self.path, self.tokens[number].line, reason)
        first, label = waiting[name].pop()
        return name, label, ((self.places[first][0], self.places[number][1]),)

    def _named(self, told: str) -> tuple[str, str]:
        """Return the key by which an entity is closed, and its label: the key where it has none."""
        parts = told.split("-")
        column = self.pattern.index("etype") if "etype" in self.pattern else 1
        label = parts[column] if column < len(parts) else ""
        return parts[0], label or parts[0]

    def _joined(self, done: list[_Entity]) -> list[tuple[str, tuple[Fragment, ...]]]:
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
        if not _is_row(cells):
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
        misc = _features(cells[9])
        mark = _mark(misc) if misc else ""
        if "-" in cells[0]:
            self._covered = int(cells[0].partition("-")[2])
        elif self._covered and int(cells[0]) <= self._covered:
            if mark:
                # A word inside a token that was written as one: its entity is that of the token.
                text.tokens[-1].mark += mark
            return
        if cells[2:9] != _EMPTY:
            self.report.lose("columns", _("lemmas, parts of speech and trees are not kept"))
        text.tokens.append(_token(cells[1], misc, mark, number, is_first=not text.tokens))


def _is_row(cells: list[str]) -> bool:
    if len(cells) != _COLUMNS or not cells[1]:
        return False
    return cells[0].isdecimal() or bool(_NUMBER.fullmatch(cells[0]))


def _features(cell: str) -> dict[str, str]:
    if cell == "_":
        return {}
    return dict(part.partition("=")[::2] for part in cell.split("|") if "=" in part)


def _mark(misc: Mapping[str, str]) -> str:
    """Return the brackets or the tag of a token, "" for none."""
    return next((misc[key] for key in _TAG_KEYS if key in misc), "")


def _token(form: str, misc: Mapping[str, str], mark: str, line: int, is_first: bool) -> _Token:
    """Return a token with the spaces that are told before it, where it is the first, and after."""
    before, after = "", " "
    if is_first and "SpacesBefore" in misc:
        before = canonical(_spaces(misc["SpacesBefore"])).text
    if misc.get("SpaceAfter") == "No":
        after = ""
    elif "SpacesAfter" in misc:
        after = _spaces(misc["SpacesAfter"])
    mark = "" if mark in ("O", "_") else mark
    is_told = "SpacesAfter" in misc or "SpaceAfter" in misc
    return _Token(form, before, after, mark, line, is_told)


def _spaces(told: str) -> str:
    return _CARRIAGE_RETURN.sub(
        "\n", _SPACE.sub(lambda found: _SPACES.get(found[1], found[0]), told)
    )
