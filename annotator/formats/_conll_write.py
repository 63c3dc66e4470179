"""Records → CoNLL lines: tokens by the program's own rules, punctuation apart, one layer a file, one entity a token."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from annotator.formats._base import Report
from annotator.formats._conll_lines import DOCSTART
from annotator.i18n import _
from annotator.model import Fragment, Labelled, Span
from annotator.text.boundaries import tokens
from annotator.text.iob import Entity, entities_to_tags

# Most gaps are a space and a sign or two that never join with a neighbour into one grapheme.
_PLAIN_GAP = re.compile("[ \n!-~«»،؛؟…–—“”]*")
_PLAIN_SIGNS = re.compile(r"([^ \n])\1*")
_GRAPHEME = regex.compile(r"\X")
_INVISIBLE = regex.compile(r"[\p{Cf}\s]+")
_SPACES = regex.compile(r"\s+")


class _Candidate(NamedTuple):
    first: int
    last_exclusive: int
    length: int
    label: str


def all_tokens(text: str) -> list[Fragment]:
    """Return words and, between them, every other visible sign as a token of its own; a sign repeated is one token."""
    found: list[Fragment] = []
    last = 0
    for start, end in [*tokens(text), (len(text), len(text))]:
        if start > last and text[last:start] != " ":
            found.extend(_signs(text, last, start))
        if end > start:
            found.append((start, end))
        last = end
    return found


def _signs(text: str, start: int, end: int) -> list[Fragment]:
    if _PLAIN_GAP.fullmatch(text, start, end):
        return [sign.span() for sign in _PLAIN_SIGNS.finditer(text, start, end)]
    found: list[Fragment] = []
    for grapheme in _GRAPHEME.finditer(text, start, end):
        sign = grapheme.group().lstrip()
        first, last = grapheme.end() - len(sign), grapheme.end()
        if not sign or _INVISIBLE.fullmatch(sign):
            continue
        if found and found[-1][1] == first and text[found[-1][0] : first].startswith(sign):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Writes records as lines; `layer` is the one whose spans become tags."""

    layer: str
    scheme: str
    separator: str
    report: Report

    def lines(self, record: Labelled) -> list[str]:
        """Return the lines of a document, an empty one after each sentence; none where it has no token."""
        text = record.document.text
        fragments = all_tokens(text)
        if not fragments:
            self.report.lose("empty documents", _("a document without a token has no line"))
            return []
        spans = [span for span in record.layer.spans if span.layer == self.layer] if record.layer else []
        entities = self._entities(spans, fragments)
        name = _SPACES.sub(" ", record.document.name).strip()
        if name != record.document.name:
            self.report.lose("names", _("spaces at the ends of names and newlines in them are not kept"))
        lines = [f"{DOCSTART} ({name}){self.separator}O" if name else f"{DOCSTART}{self.separator}O", ""]
        words_by_sentence: list[str] = []
        ranges = list(_sentences(text, fragments))
        for (first, last), own in zip(ranges, self._by_sentence(entities, ranges), strict=True):
            words = [text[start:end] for start, end in fragments[first:last]]
            tags = entities_to_tags(own, last - first, self.scheme) if own else ["O"] * (last - first)
            lines += [f"{word}{self.separator}{tag}" for word, tag in zip(words, tags, strict=True)]
            lines.append("")
            words_by_sentence.append(" ".join(words))
        if "\n".join(words_by_sentence) != text:
            self.report.lose("whitespace", _("spaces between tokens, empty lines and invisible signs are not kept in these documents"))
        return lines

    def _by_sentence(self, entities: list[Entity], ranges: Sequence[tuple[int, int]]) -> Iterator[list[Entity]]:
        """Walk over the sentences' entities, counted within each; what goes on over a newline is cut there."""
        waiting = entities[::-1]
        for first, last in ranges:
            own: list[Entity] = []
            while waiting and waiting[-1].first < last:
                label, begin, end = waiting.pop()
                if end > last:
                    self.report.lose("newlines", _("a span over a newline became one in each sentence"))
                    waiting.append(Entity(label, last, end))
                own.append(Entity(label, begin - first, min(end, last) - first))
            yield own

    def _entities(self, spans: Sequence[Span], fragments: Sequence[Fragment]) -> list[Entity]:
        """Return the entities that tags can hold, in order: the longest first, none over another, none over two sentences."""
        candidates: list[_Candidate] = []
        for span in spans:
            if len(span.fragments) > 1:
                self.report.lose("discontinuous", _("each fragment became an entity of its own"))
            for fragment in span.fragments:
                candidates.extend(self._candidate(span.label, fragment, fragments))
        taken = bytearray(len(fragments))
        chosen: list[Entity] = []
        for first, last, _length, label in sorted(candidates, key=lambda entry: (-entry.length, entry.first, entry.label)):
            covered = sum(taken[first:last])
            if covered:
                self.report.lose(*_why_left_out(covered == last - first))
                continue
            taken[first:last] = b"\x01" * (last - first)
            chosen.append(Entity(self._tag_label(label), first, last))
        return sorted(chosen, key=lambda entity: entity.first)

    def _candidate(self, label: str, fragment: Fragment, fragments: Sequence[Fragment]) -> Iterator[_Candidate]:
        start, end = fragment
        first, last = bisect_left(fragments, (start,)), bisect_left(fragments, (end,))
        if first and fragments[first - 1][1] > start:
            first -= 1
        if first >= last:
            self.report.lose("spans without a token", _("a span over spaces or invisible signs alone has no token"))
            return
        if (fragments[first][0], fragments[last - 1][1]) != fragment:
            self.report.lose("boundaries", _("a span that ends inside a token was written over the whole token"))
        yield _Candidate(first, last, end - start, label)

    def _tag_label(self, label: str) -> str:
        plain = _SPACES.sub("_", label)
        if plain != label:
            self.report.lose("spaces in labels", _("spaces in labels became _"))
        return plain


def _why_left_out(is_inside: bool) -> tuple[str, str]:
    if is_inside:
        return "nested", _("a span inside a longer one has no tag")
    return "overlapping", _("a span that overlaps a longer one has no tag")


def _sentences(text: str, fragments: Sequence[Fragment]) -> Iterator[tuple[int, int]]:
    """Walk over the lines that have a token, as ranges of tokens."""
    first = 0
    while first < len(fragments):
        newline = text.find("\n", fragments[first][1])
        last = len(fragments) if newline < 0 else bisect_left(fragments, (newline,), first)
        yield first, last
        first = last
