"""Records → CoNLL lines: tokens with a tag each, of one layer or of all layers joined."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from annotator.formats._api import Report
from annotator.formats._shared.alignment import placed
from annotator.formats.conll.lines import DOCSTART
from annotator.i18n import _
from annotator.model import Fragment, Labelled
from annotator.text.tag_schemes import JOIN, Entity, entities_to_tags, joined_tags
from annotator.text.tokenizers import Tokenizer

_SPACES = regex.compile(r"\s+")


class _Candidate(NamedTuple):
    first: int
    last_exclusive: int
    length: int
    label: str


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Writes records as lines.

    `layer` is the one whose spans become tags, None for all, whose tags are joined.
    """

    layer: str | None
    scheme: str
    separator: str
    report: Report
    tokens: Tokenizer

    def lines(self, record: Labelled) -> list[str]:
        """Return the lines of a document, an empty one after each sentence.

        A document without a token has no lines.
        """
        text = record.document.text
        fragments = self.tokens(text, record.document.language)
        if not fragments:
            self.report.lose("empty documents", _("a document without a token has no line"))
            return []
        candidates = self._candidates(record, fragments)
        entities = self._entities(candidates, len(fragments))
        lines = [self._document_line(record.document.name), ""]
        words_by_sentence: list[str] = []
        ranges = list(_sentences(text, fragments))
        for (first, last), own in zip(ranges, self._by_sentence(entities, ranges), strict=True):
            words = [text[start:end] for start, end in fragments[first:last]]
            tags = self._tags(own, last - first)
            lines += [f"{word}{self.separator}{tag}" for word, tag in zip(words, tags, strict=True)]
            lines.append("")
            words_by_sentence.append(" ".join(words))
        if "\n".join(words_by_sentence) != text:
            self.report.lose(
                "whitespace",
                _(
                    "spaces between tokens, empty lines and invisible signs are not kept in these"
                    " documents"
                ),
            )
        return lines

    def _document_line(self, name: str) -> str:
        """Return the line that begins a document, with its name on one line."""
        plain = _SPACES.sub(" ", name).strip()
        if plain != name:
            self.report.lose(
                "names", _("spaces at the ends of names and newlines in them are not kept")
            )
        begin = f"{DOCSTART} ({plain})" if plain else DOCSTART
        return f"{begin}{self.separator}O"

    def _tags(self, entities: list[Entity], count: int) -> list[str]:
        if not entities:
            return ["O"] * count
        return (
            joined_tags(entities, count, self.scheme)
            if self.layer is None
            else entities_to_tags(entities, count, self.scheme)
        )

    def _by_sentence(
        self, entities: list[Entity], ranges: Sequence[tuple[int, int]]
    ) -> Iterator[list[Entity]]:
        """Walk over the sentences' entities, counted within each and cut at its ends."""
        waiting = entities[::-1]
        under_way: list[Entity] = []
        for first, last in ranges:
            while waiting and waiting[-1].first < last:
                under_way.append(waiting.pop())
            yield [
                Entity(label, max(begin, first) - first, min(end, last) - first)
                for label, begin, end in under_way
            ]
            under_way = [entity for entity in under_way if entity.last_exclusive > last]
            if under_way:
                self.report.lose(
                    "newlines",
                    _("a span over a newline became one in each sentence"),
                    len(under_way),
                )

    def _entities(self, candidates: list[_Candidate], count: int) -> list[Entity]:
        """Return the entities that tags can hold, in order.

        The longest first, none over another unless tags are joined.
        """
        taken = bytearray(count)
        chosen: list[Entity] = []
        for first, last, _length, label in sorted(
            candidates, key=lambda entry: (-entry.length, entry.first, entry.label)
        ):
            covered = 0 if self.layer is None else sum(taken[first:last])
            if covered:
                self.report.lose(*_why_left_out(covered == last - first))
                continue
            taken[first:last] = b"\x01" * (last - first)
            chosen.append(Entity(self._tag_label(label), first, last))
        return sorted(chosen, key=lambda entity: entity.first)

    def _candidates(self, record: Labelled, fragments: Sequence[Fragment]) -> list[_Candidate]:
        """Return the fragments of the layer's spans, by the tokens that they cover."""
        name = record.document.name
        candidates: list[_Candidate] = []
        for span in record.annotation_set.spans if record.annotation_set else ():
            if self.layer not in (None, span.layer):
                continue
            if len(span.fragments) > 1:
                self.report.lose("discontinuous", _("each fragment became an entity of its own"))
            for fragment in span.fragments:
                tokens = placed(name, span, fragment, fragments, self.report)
                if tokens:
                    length = fragment[1] - fragment[0]
                    candidates.append(_Candidate(*tokens, length, span.label))
        return candidates

    def _tag_label(self, label: str) -> str:
        plain = _SPACES.sub("_", label)
        if self.layer is None and JOIN in plain:
            plain = plain.replace(JOIN, "_")
        if plain != label:
            self.report.lose("spaces in labels", _("what separates tags became _ in labels"))
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
