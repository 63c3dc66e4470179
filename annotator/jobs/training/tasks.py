"""Records as rows for a task.

Tokens with tags, texts with spans, sentences with labels, stances, pairs with a relation.

Words: a *passage* is the stretch of a document that a row shows: whole sentences, as many as a
window of tokens holds. All offsets of a row count in its passage, and `start` says where that
begins in the document. What does not fit is told in the report, never dropped silently.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from annotator.errors import UserError
from annotator.formats import Misaligned, Report
from annotator.i18n import _
from annotator.model import AnnotationSet, Fragment, Labelled, Relation, RelationType, Schema, Span
from annotator.text.sentences import sentences
from annotator.text.tag_schemes import Entity, entities_to_tags
from annotator.text.tokenizers import ALIGNED, DROPPED, Tokenizer, align

Row = dict[str, object]
NO_RELATION = "none"
TARGET = "target"
POLARITIES = ("polarity", "stance")
NEAR = 30  # a pair without a relation has fewer spans than this between its two


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """How rows are made. window: tokens that a row may have, 0 for any number.

    Negatives: pairs without a relation for each with one.
    """

    schema: Schema
    layers: tuple[str, ...]
    tokenizer: Tokenizer
    scheme: str = "IOB2"
    window: int = 0
    negatives: int = 0
    seed: int = 0


class Page:
    """A record as the tasks look at it: its spans in order, its tokens, its sentences."""

    def __init__(self, record: Labelled, options: TaskOptions) -> None:
        self.document = record.document
        self.annotation_set = record.annotation_set or AnnotationSet()
        self.text = record.document.text
        self._options = options
        self.spans = [
            span
            for span in self.annotation_set.spans
            if not options.layers or span.layer in options.layers
        ]

    @cached_property
    def tokens(self) -> list[Fragment]:
        """The tokens, by the tokenizer that was chosen."""
        return self._options.tokenizer(self.text, self.document.language)

    @cached_property
    def sentences(self) -> list[Fragment]:
        """The sentences."""
        return sentences(self.text)

    def row(self, passage: Fragment, **more: object) -> Row:
        """Return a row over a passage."""
        head = {
            "document": self.document.id,
            "annotator": self.annotation_set.annotator,
            "language": self.document.language,
        }
        return {**head, "start": passage[0], "text": self.text[slice(*passage)], **more}

    def passages(self) -> list[Fragment]:
        """Return the passages: the whole text, or whole sentences that fill a window.

        A sentence that is longer is cut at a token.
        """
        window = self._options.window
        if not window:
            return [(0, len(self.text))] if self.text.strip() else []
        found: list[Fragment] = []
        room = 0
        for sentence in self.sentences:
            for start, end, size in self._pieces(sentence, window):
                if found and size <= room:
                    found[-1] = (found[-1][0], end)
                    room -= size
                else:
                    found.append((start, end))
                    room = window - size
        return found

    def _pieces(self, sentence: Fragment, window: int) -> Iterator[tuple[int, int, int]]:
        inside = self.inside(sentence)
        for first in range(0, len(inside), window):
            piece = inside[first : first + window]
            start = sentence[0] if first == 0 else piece[0][0]
            yield (
                start,
                (sentence[1] if first + window >= len(inside) else piece[-1][1]),
                len(piece),
            )

    def inside(self, passage: Fragment) -> Sequence[Fragment]:
        """Return the tokens that begin within a passage."""
        first = bisect_left(self.tokens, passage[0], key=lambda token: token[0])
        return self.tokens[first : bisect_left(self.tokens, passage[1], key=lambda token: token[0])]

    def around(self, start: int, end: int) -> Fragment:
        """Return the sentences that a stretch lies in, as one passage."""
        first = bisect_right(self.sentences, start, key=lambda sentence: sentence[0]) - 1
        last = bisect_left(self.sentences, end, key=lambda sentence: sentence[1])
        begin = min(self.sentences[max(first, 0)][0], start) if self.sentences else start
        return begin, max(self.sentences[last][1] if last < len(self.sentences) else end, end)


def placed(span: Span, passage: Fragment) -> Row:
    """Return a span with its offsets in a passage."""
    fragments = [[start - passage[0], end - passage[0]] for start, end in span.fragments]
    return {
        "start": fragments[0][0],
        "end": fragments[-1][1],
        "label": span.label,
        "text": span.text,
        "fragments": fragments,
    }


# ── Tokens, spans, sentences ──────────────────────────────────────────────────────────────────────


def token_rows(page: Page, options: TaskOptions, report: Report) -> Iterator[Row]:
    """Walk over passages as tokens with a tag each; several layers have a list of tags each."""
    layers = options.layers or tuple(layer.id for layer in options.schema.layers)
    entities = {layer: _entities(page, layer, report) for layer in layers}
    for passage in page.passages():
        inside = page.inside(passage)
        first = bisect_left(page.tokens, passage[0], key=lambda token: token[0])
        if not inside:
            continue
        tags = {
            f"tags_{layer}" if len(layers) > 1 else "tags": entities_to_tags(
                _within(entities[layer], first, first + len(inside), report),
                len(inside),
                options.scheme,
            )
            for layer in layers
        }
        places = [[start - passage[0], end - passage[0]] for start, end in inside]
        yield page.row(
            passage, tokens=[page.text[start:end] for start, end in inside], offsets=places, **tags
        )


def _entities(page: Page, layer: str, report: Report) -> list[Entity]:
    """Return the entities of a layer over the document's tokens.

    The longest first, none over another.
    """
    taken = bytearray(len(page.tokens))
    chosen: list[Entity] = []
    for span in sorted(
        page.spans, key=lambda span: (span.start - span.end, span.start, span.label)
    ):
        if span.layer != layer:
            continue
        if len(span.fragments) > 1:
            report.lose("discontinuous", _("each fragment became an entity of its own"))
        for fragment in span.fragments:
            first, last, outcome = align(page.tokens, fragment)
            if outcome != ALIGNED:
                report.misaligned.append(
                    Misaligned(
                        page.document.id,
                        span.label,
                        *fragment,
                        page.text[slice(*fragment)],
                        outcome,
                    )
                )
                _tell_misaligned(outcome, report)
            if any(taken[first:last]):
                report.lose("nested", _("a span that touches a longer one has no tag"))
            elif outcome != DROPPED:
                taken[first:last] = b"\x01" * (last - first)
                chosen.append(Entity(span.label, first, last))
    return sorted(chosen, key=lambda entity: entity.first)


def _tell_misaligned(outcome: str, report: Report) -> None:
    if outcome == DROPPED:
        report.lose(
            "spans without a token", _("a span over spaces or invisible signs alone has no token")
        )
    else:
        report.lose(
            "boundaries", _("a span that ends inside a token was written over the whole token")
        )


def _within(entities: Sequence[Entity], first: int, last: int, report: Report) -> list[Entity]:
    """Return the entities of a window of tokens, counted from its first.

    One that goes on beyond it is cut, and told.
    """
    found = []
    for label, begin, end in entities:
        if begin < last and end > first:
            if end > last:
                report.lose("cut spans", _("a span over the end of a window was cut there"))
            found.append(Entity(label, max(begin, first) - first, min(end, last) - first))
    return found


def span_rows(page: Page, _options: TaskOptions, report: Report) -> Iterator[Row]:
    """Walk over passages with the spans that lie in them whole.

    Nested and overlapping ones stay.
    """
    for passage in page.passages():
        here = [span for span in page.spans if span.start < passage[1] and span.end > passage[0]]
        whole = [span for span in here if passage[0] <= span.start and span.end <= passage[1]]
        cut = sum(1 for span in here if span not in whole and span.start >= passage[0])
        if cut:
            report.lose("cut spans", _("a span over the end of a window is in no row"), cut)
        spans = [{**placed(span, passage), "layer": span.layer} for span in whole]
        yield page.row(passage, spans=spans)


def sentence_rows(page: Page, _options: TaskOptions, _report: Report) -> Iterator[Row]:
    """Walk over sentences with the labels of all spans that reach into them.

    [] where there is none.
    """
    for passage in page.sentences:
        labels = {
            span.label
            for span in page.spans
            if any(start < passage[1] and end > passage[0] for start, end in span.fragments)
        }
        yield page.row(passage, labels=sorted(labels))


# ── Stance ────────────────────────────────────────────────────────────────────────────────────────


def polarity_of(schema: Schema) -> tuple[str, frozenset[str]]:
    """Return the attribute that holds the polarity, and the labels that carry it."""
    for layer in sorted(schema.layers, key=lambda layer: layer.look != "stance"):
        for label in layer.labels:
            for attribute in label.attributes:
                if attribute.id in POLARITIES or (
                    layer.look == "stance" and attribute.kind == "choice"
                ):
                    having = {
                        entry.id
                        for _place, entry in schema.labels()
                        if attribute.id in {each.id for each in entry.attributes}
                    }
                    return attribute.id, frozenset(having)
    raise UserError(
        _(
            "The schema has no label with a polarity, so there are no stances to learn. Choose"
            " another task."
        )
    )


def stance_rows(page: Page, options: TaskOptions, report: Report) -> Iterator[Row]:
    """Walk over stances.

    The words that show one (or claim something), its target, the text of both, and the polarity.
    """
    attribute, labels = polarity_of(options.schema)
    by_id = {span.id: span for span in page.annotation_set.spans}
    for span in page.spans:
        if span.label not in labels:
            continue
        polarity = span.attributes.get(attribute)
        if not polarity:
            report.lose("stances", _("a stance without a polarity teaches nothing"))
            continue
        links = [
            entry
            for entry in page.annotation_set.relations
            if entry.label == TARGET and entry.head == span.id
        ]
        for link in links or (None,):
            target = by_id.get(link.child or "") if link else None
            passage = page.around(
                min(span.start, target.start if target else span.start),
                max(span.end, target.end if target else span.end),
            )
            yield page.row(
                passage,
                claim=placed(span, passage),
                target=placed(target, passage) if target else None,
                implicit=(link.implicit or "") if link else "",
                polarity=polarity,
            )


# ── Relations ─────────────────────────────────────────────────────────────────────────────────────


def relation_rows(page: Page, options: TaskOptions, report: Report) -> Iterator[Row]:
    """Walk over pairs of spans with their relation, and over some pairs that have none.

    Where they are asked for.
    """
    by_id = {span.id: span for span in page.spans}
    related = set[tuple[str, str]]()
    count = 0
    for entry in page.annotation_set.relations:
        ends = _ends(entry, by_id)
        if ends is None:
            report.lose(
                "relations",
                _(
                    "a relation to an argument without a span, or outside of the chosen layers, is"
                    " no pair"
                ),
            )
            continue
        related.add((entry.head, entry.child or ""))
        for row in _pair(page, ends, entry.label, options, report):
            count += 1
            yield row
    for ends in _unrelated(page, options, related, count * options.negatives):
        yield from _pair(page, ends, NO_RELATION, options, report)


def _ends(entry: Relation, by_id: Mapping[str, Span]) -> tuple[Span, Span] | None:
    head = by_id.get(entry.head)
    child = by_id.get(entry.child or "")
    return (head, child) if head and child else None


def _pair(
    page: Page, ends: tuple[Span, Span], label: str, options: TaskOptions, report: Report
) -> Iterator[Row]:
    head, child = ends
    passage = page.around(min(head.start, child.start), max(head.end, child.end))
    if options.window and len(page.inside(passage)) > options.window:
        report.lose("cut pairs", _("the sentences of a pair have more tokens than the window"))
        return
    yield page.row(passage, head=placed(head, passage), child=placed(child, passage), label=label)


def _unrelated(
    page: Page, options: TaskOptions, related: set[tuple[str, str]], wanted: int
) -> list[tuple[Span, Span]]:
    """Return pairs that the schema would let be related and that are not.

    They are drawn by a hash of the seed and their ids.
    """
    if not wanted:
        return []
    types = options.schema.relations
    spans = page.spans
    pairs = []
    for number, head in enumerate(spans):
        for child in spans[max(number - NEAR, 0) : number + NEAR]:
            is_related = child is head or (head.id, child.id) in related
            if not is_related and _may_relate(head, child, types):
                pairs.append((head, child))
    key = f"{options.seed}\x1f{page.document.id}\x1f"
    pairs.sort(
        key=lambda pair: blake2b(
            f"{key}{pair[0].id}\x1f{pair[1].id}".encode(), digest_size=8
        ).digest()
    )
    return sorted(
        pairs[:wanted], key=lambda pair: (pair[0].start, pair[1].start, pair[0].id, pair[1].id)
    )


def _may_relate(head: Span, child: Span, types: Sequence[RelationType]) -> bool:
    return not types or any(
        (not kind.heads or head.label in kind.heads)
        and (not kind.children or child.label in kind.children)
        for kind in types
    )


TASKS: Mapping[str, Callable[[Page, TaskOptions, Report], Iterator[Row]]] = {
    "tokens": token_rows,
    "spans": span_rows,
    "sentences": sentence_rows,
    "stance": stance_rows,
    "relations": relation_rows,
}
