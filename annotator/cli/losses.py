"""Telling what a file format changed or could not carry, and what could be repaired."""

from collections.abc import Sequence

from annotator.cli.console import say
from annotator.formats import Misaligned
from annotator.i18n import _
from annotator.text.repair import Offer
from annotator.text.tokenizers import DROPPED, KEPT, WIDENED

_MISALIGNED_SHOWN = 100


def tell_offer(offer: Offer) -> None:
    """Say what could be repaired in the texts of an import, and how to ask for it."""
    if offer.before == offer.after:
        note = _(
            "Seen: {count} × {repair}, such as {before}; import with --repair {repair} to have the"
            " places noted, the text unchanged."
        )
    else:
        note = _(
            "Could be repaired: {count} × {repair}, such as {before} → {after}{how}; import with"
            " --repair {repair}."
        )
    how = ""
    if offer.how:
        how = f" ({offer.how})"
    say(
        note.format(
            count=offer.count,
            repair=offer.repair,
            before=offer.before,
            after=offer.after,
            how=how,
        )
    )


def tell_misaligned(spans: Sequence[Misaligned]) -> None:
    """List spans that do not begin and end with a token, and what became of each."""
    outcomes = {
        WIDENED: _("widened to whole tokens"),
        DROPPED: _("left out: no token"),
        KEPT: _("kept by its characters, without tokens"),
    }
    for span in spans[:_MISALIGNED_SHOWN]:
        line = _("  {document} {start}–{end} {label} {text}: {outcome}")
        names = {
            "document": span.document,
            "label": span.label,
            "text": span.text,
        }
        say(line.format(start=span.start, end=span.end, outcome=outcomes[span.outcome], **names))
    if len(spans) > _MISALIGNED_SHOWN:
        say(_("  … and {count} more").format(count=len(spans) - _MISALIGNED_SHOWN))
