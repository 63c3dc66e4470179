"""Finds out in which unit a brat file counts.

It may be code points or UTF-16, and the CRs (and the BOM) of the text file may count or not. The
texts that the file states decide: one reading must fit all of them. Code points are tried first;
where they do not fit and two other readings do, the file is refused rather than guessed at.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from annotator.formats._api import Report
from annotator.formats._shared.decode import Decoded
from annotator.formats.brat.lines import TextBound
from annotator.i18n import _
from annotator.model import Fragment, check_fragments, surface
from annotator.text.offsets import Utf16Map

Fragments = tuple[Fragment, ...]
_Translate = Callable[[int], int]


def placed(
    texts: Sequence[TextBound], decoded: Decoded, path: Path, report: Report
) -> list[Fragments] | None:
    """Return each annotation's fragments in the canonical text; None for reported problems."""
    text = decoded.text
    as_given = _fitting(texts, text, int)
    if as_given is not None:
        return as_given
    readings = {
        name: fitting
        for name, translate in _readings(decoded)
        if (fitting := _fitting(texts, text, translate)) is not None
    }
    different = {tuple(fitting) for fitting in readings.values()}
    if len(different) == 1:
        name, fitting = next(iter(readings.items()))
        report.change(
            "offsets",
            _("offsets counted in {unit} were translated into code points").format(unit=name),
            len(texts),
        )
        return fitting
    if different:
        units = ", ".join(readings)
        report.wrong(
            path,
            0,
            _(
                "the offsets do not fit as code points, and fit in several other ways: {units}"
            ).format(units=units),
        )
        return None
    for entry in texts:
        fault = _fault(entry, text)
        if fault:
            report.wrong(path, entry.line, fault)
    return None


def _readings(decoded: Decoded) -> Iterator[tuple[str, _Translate]]:
    """Walk over the ways other than code points in which the offsets may have been counted."""
    made = decoded.canonical
    has_bom = int(made.bom)
    in_text = Utf16Map(made.text)
    if not in_text.is_identity:
        yield "UTF-16", in_text.to_codepoint
    if not made.is_changed:
        return
    in_raw = Utf16Map(decoded.raw)
    yield "code points with CR", lambda place: made.from_raw(place + has_bom)
    if has_bom:
        yield "code points with BOM and CR", made.from_raw
    if not in_raw.is_identity:
        yield "UTF-16 with CR", lambda place: made.from_raw(in_raw.to_codepoint(place + has_bom))
        if has_bom:
            yield "UTF-16 with BOM and CR", lambda place: made.from_raw(in_raw.to_codepoint(place))


def _fitting(
    texts: Sequence[TextBound], text: str, translate: _Translate
) -> list[Fragments] | None:
    fitting: list[Fragments] = []
    for entry in texts:
        try:
            fragments = tuple((translate(start), translate(end)) for start, end in entry.fragments)
        except ValueError:
            return None
        if check_fragments(len(text), tuple(sorted(fragments))) or not _states(
            entry, text, fragments
        ):
            return None
        fitting.append(tuple(sorted(fragments)))
    return fitting


def _states(entry: TextBound, text: str, fragments: Fragments) -> bool:
    """Return whether the stated text is what the fragments cover, a newline written as a space."""
    covered = surface(text, fragments)
    return entry.text == covered or entry.text == covered.replace("\n", " ")


def _fault(entry: TextBound, text: str) -> str:
    fault = check_fragments(len(text), tuple(sorted(entry.fragments)))
    if fault or _states(entry, text, entry.fragments):
        return fault
    covered = surface(text, entry.fragments)
    message = _(
        "{id} covers {covered}, but states {given}: its offsets are not code points, or it belongs"
        " to another text"
    )
    return message.format(id=entry.id, covered=covered[:60], given=entry.text[:60])
