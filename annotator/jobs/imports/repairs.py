"""Repairs at import: offered by looking at the first documents, made where they were chosen.

What lies on the text moves with it.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from annotator.errors import UserError
from annotator.formats import Report
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Span, surface
from annotator.text.repair import REPAIRS, Offer, Repaired, offers, repair

_LOOKED_AT = 50
_CHARACTERS = 50_000
_PLACES_KEPT = 1000
KEY = "repairs"
"""Where a document's metadata say what was repaired.

The name of each repair, and how often it was made.
"""


@dataclass(slots=True)
class Offers:
    """What could be repaired in an import, as far as its first documents tell."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Offer] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def look_at(self, text: str) -> None:
        """Look for what could be repaired in a document.

        Only the beginnings of the first ones are looked at, each text once.
        """
        if len(self.seen) >= _LOOKED_AT or hash(text) in self.seen:
            return
        self.seen.add(hash(text))
        for offer in offers(text[:_CHARACTERS]):
            self.counts[offer.repair] += offer.count
            self.examples.setdefault(offer.repair, offer)

    def listed(self, chosen: tuple[str, ...] = ()) -> tuple[Offer, ...]:
        """Return what could be repaired and was not chosen, with the counts of all documents."""
        return tuple(
            replace(self.examples[name], count=self.counts[name])
            for name in REPAIRS
            if self.counts[name] and name not in chosen
        )


def check_names(names: tuple[str, ...]) -> None:
    """Raise a UserError where there is no such repair."""
    for name in names:
        if name not in REPAIRS:
            message = _("There is no repair {name}. Choose one of: {known}.")
            raise UserError(message.format(name=name, known=", ".join(REPAIRS)))


def repaired(record: Labelled, names: tuple[str, ...], report: Report) -> Labelled:
    """Return a record with its text repaired, its spans where the text is now.

    And a note of it in its metadata.

    The note holds a count for each repair made; under "lost-zwnj", of which nothing is changed, the
    places themselves.
    """
    document = record.document
    made = repair(document.text, names)
    if not made.counts:
        return record
    reasons = _reasons()
    for name, count in made.counts.items():
        report.change(name, reasons[name], count)
    note: dict[str, object] = {**made.counts}
    if made.marked:
        note["lost-zwnj"] = [list(place) for place in made.marked[:_PLACES_KEPT]]
    meta = {**document.meta, KEY: note}
    annotation_set = (
        _moved(record.annotation_set, made, report)
        if record.annotation_set and made.maps
        else record.annotation_set
    )
    return replace(
        record,
        document=replace(
            document, text=made.text, meta=meta, paragraph_directions=_turned(document, made)
        ),
        annotation_set=annotation_set,
    )


def _reasons() -> dict[str, str]:
    return {
        "mojibake": _("lines that had been read in a wrong encoding were decoded again"),
        "visual-order": _("lines in visual order were turned into reading order"),
        "presentation-forms": _("shapes of letters became letters"),
        "lost-zwnj": _("words that seem to have lost a ZWNJ were marked; the text is unchanged"),
    }


def _moved(annotation_set: AnnotationSet, made: Repaired, report: Report) -> AnnotationSet:
    spans: list[Span] = []
    for span in annotation_set.spans:
        fragments = made.fragments(span.fragments)
        if fragments:
            spans.append(span._replace(fragments=fragments, text=surface(made.text, fragments)))
        else:
            report.lose("spans", _("a repair left nothing of the text that they cover"))
    here = {span.id for span in spans}
    relations = tuple(
        entry
        for entry in annotation_set.relations
        if entry.head in here and (entry.child is None or entry.child in here)
    )
    if len(relations) < len(annotation_set.relations):
        report.lose(
            "relations",
            _("a repair left nothing of a span that they join"),
            len(annotation_set.relations) - len(relations),
        )
    return replace(annotation_set, spans=tuple(spans), relations=relations)


def _turned(document: Document, made: Repaired) -> tuple[tuple[int, str], ...]:
    """Return the paragraphs whose direction was set by hand, where they begin now."""
    found = (
        (made.fragments([(start, start + 1)]), direction)
        for start, direction in document.paragraph_directions
    )
    return tuple((fragments[0][0], direction) for fragments, direction in found if fragments)
