"""What other tools' files state of spans and links → checked values, in the stored text's unit.

Words: a span is *found* with offsets in the file's unit; its *stated* text is the surface that the
file gives for it ("" where none). A *reading* is one way in which the offsets may have been
counted; the stated texts decide, then the words' boundaries.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from annotator.formats._api import Report
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.records import ContentIds
from annotator.i18n import _
from annotator.model import NONE, Attributes, Fragment, Relation, Span, check_fragments, surface
from annotator.text.offsets import Canonical, Utf8Map, Utf16Map, canonical, first_forbidden
from annotator.text.segmentation import graphemes

CODEPOINT, UTF16, GRAPHEME, UTF8 = "codepoint", "utf-16", "grapheme", "utf-8"
_Translate = Callable[[int], int]
_Places = tuple[Fragment, ...]


class Found(NamedTuple):
    """A span as a file states it; `key` is its id there, which links name."""

    key: str
    label: str
    places: _Places
    stated: str = ""
    attributes: Attributes = NONE
    note: str = ""
    origin: str = "human"
    layer: str = ""


class Stated(Protocol):
    """What says where it stands and with which text: a found span, or a witness."""

    @property
    def places(self) -> tuple[Fragment, ...]:
        """The fragments, in the file's unit."""

    @property
    def stated(self) -> str:
        """The text there."""


class Link(NamedTuple):
    """A relation as a file states it, between the keys of two found spans."""

    label: str
    head: str
    child: str
    key: str = ""
    attributes: Attributes = NONE
    implicit: str | None = None


def checked_canonical(raw: str, report: Report) -> Canonical:
    """Return a text as it is stored; NUL and lone surrogates are a RecordError."""
    forbidden = first_forbidden(raw)
    if forbidden:
        raise RecordError(
            _("the text holds {what} at character {place}; remove it").format(
                what=forbidden[1], place=forbidden[0]
            )
        )
    made = canonical(raw)
    if made.is_changed:
        report.change(
            "newlines", _("BOM, CR LF and CR in texts were made canonical; offsets were translated")
        )
    return made


def placed_spans(
    found: Sequence[Found],
    raw: str,
    made: Canonical,
    units: Sequence[str],
    find_layer: Callable[[str], str],
    report: Report,
    keep_ids: bool = False,
    witnesses: Sequence[Stated] = (),
) -> list[Span]:
    """Return checked spans.

    `units` are the ways in which the offsets may be counted, the format's own first. Witnesses are
    no spans, such as tokens; but they state their texts, and so tell the unit.
    """
    places = _chosen([*found, *witnesses], raw, made, units, report)[: len(found)]
    ids = ContentIds(entry.key for entry in found if keep_ids)
    taken: set[str] = set()
    spans: list[Span] = []
    for entry, fragments in zip(found, places, strict=True):
        key, label, _places, _stated, attributes, note, origin, layer = entry
        if not label:
            raise RecordError(_("a span has an empty label"))
        layer = layer or find_layer(label)
        is_kept = keep_ids and key and key not in taken
        name = key if is_kept else ids.span(layer, label, fragments)
        taken.add(name)
        covered = surface(made.text, fragments)
        spans.append(
            Span(name, layer, label, fragments, covered, attributes, note, origin or "human")
        )
    return spans


def linked(
    links: Iterable[Link], found: Sequence[Found], spans: Sequence[Span], keep_ids: bool = False
) -> list[Relation]:
    """Return the relations between spans; a link to nowhere is a RecordError."""
    name_of = {entry.key: span.id for entry, span in zip(found, spans, strict=True)}
    chosen = list(links)
    ids = ContentIds(link.key for link in chosen if keep_ids)
    taken: set[str] = set()
    relations: list[Relation] = []
    for link in chosen:
        head = _span_named(link.head, name_of)
        child = None if link.implicit else _span_named(link.child, name_of)
        if not link.label:
            raise RecordError(_("a relation has an empty label"))
        if keep_ids and link.key and link.key not in taken:
            name = link.key
        else:
            name = ids.relation(link.label, head, child or f"{link.implicit}")
        taken.add(name)
        relations.append(Relation(name, link.label, head, child, link.implicit, link.attributes))
    return relations


def _span_named(key: str, name_of: Mapping[str, str]) -> str:
    """Return the id of the span that a link names by its key in the file."""
    name = name_of.get(key)
    if name is None:
        raise RecordError(
            _("a relation names the span {id}, which this record does not have").format(id=key)
        )
    return name


def continuous(spans: Iterable[Span], text: str, report: Report) -> Iterator[Span]:
    """Walk over the spans of one fragment each.

    What has several becomes several, the first with the span's own id.
    """
    for span in spans:
        if len(span.fragments) == 1:
            yield span
            continue
        report.lose("discontinuous", _("each fragment became a span of its own"))
        for number, (start, end) in enumerate(span.fragments):
            name = f"{span.id}~{number + 1}" if number else span.id
            yield span._replace(id=name, fragments=((start, end),), text=text[start:end])


def explicit(relations: Iterable[Relation], report: Report) -> Iterator[tuple[Relation, str]]:
    """Walk over the relations between two spans, each with its child.

    Arguments without a span are lost.
    """
    for relation in relations:
        if relation.child is None:
            report.lose(
                "implicit arguments",
                _("a relation to an argument without a span has no place in the file"),
            )
        else:
            yield relation, relation.child


def textual(attributes: Attributes, report: Report) -> Iterator[tuple[str, str]]:
    """Walk over attributes with their values as texts, for formats that know no other."""
    for name, value in attributes.items():
        if isinstance(value, str):
            yield name, value
            continue
        report.lose("value types", _("numbers, lists, true and false became texts"))
        if isinstance(value, tuple):
            yield name, "; ".join(value)
        else:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _chosen(
    found: Sequence[Stated], raw: str, made: Canonical, units: Sequence[str], report: Report
) -> list[_Places]:
    """Return the places of spans in the stored text, by the one reading that fits."""
    if not found:
        return []
    are_stated = all(entry.stated for entry in found)
    own = ""
    readings: dict[str, list[_Places]] = {}
    for name, translate in _readings(raw, made, units, any(entry.stated for entry in found)):
        own = own or name
        fitting = _fitting(found, made.text, translate)
        if fitting is not None:
            if name == own and (are_stated or len(units) == 1):
                return fitting
            readings[name] = fitting
    if not are_stated:
        readings = _likely(readings, made.text)
    if not readings:
        raise RecordError(_fault(found, raw, made, units))
    _refuse_several(readings)
    name, fitting = next(iter(readings.items()))
    if name != own:
        report.change(
            "offsets",
            _("offsets counted in {unit} were translated into code points").format(unit=name),
            len(found),
        )
    return fitting


def _refuse_several(readings: dict[str, list[_Places]]) -> None:
    if _distinct(readings) > 1:
        message = _(
            "the offsets fit in several ways: {units}. Choose the unit in which they are counted"
        )
        raise RecordError(message.format(units=", ".join(readings)))


def _distinct(readings: dict[str, list[_Places]]) -> int:
    return len({tuple(fitting) for fitting in readings.values()})


def _readings(
    raw: str, made: Canonical, units: Sequence[str], with_stated: bool
) -> Iterator[tuple[str, _Translate]]:
    is_tried = False
    for unit in units:
        in_raw = _to_codepoints(raw, unit)
        if in_raw is _same and is_tried:
            continue  # code points and UTF-16 count alike in this text
        is_tried = is_tried or in_raw is _same
        yield unit, _both(in_raw, made.from_raw) if made.is_changed else in_raw
        if made.is_changed and with_stated:
            yield f"{unit}, CR and BOM not counted", _to_codepoints(made.text, unit)


def _same(place: int) -> int:
    return place


def _both(first: _Translate, second: _Translate) -> _Translate:
    return lambda place: second(first(place))


def _to_codepoints(text: str, unit: str) -> _Translate:
    if unit == CODEPOINT:
        return _same  # what lies outside of the text is found when the spans are checked
    if unit == UTF16:
        units = Utf16Map(text)
        return _same if units.is_identity else units.to_codepoint
    if unit == UTF8:
        return Utf8Map(text).to_codepoint
    starts = graphemes(text)

    def translate(place: int) -> int:
        if not 0 <= place < len(starts):
            raise ValueError(
                f"the offset {place} lies outside of the text, which ends at {len(starts) - 1}"
            )
        return starts[place]

    return translate


def _fitting(found: Sequence[Stated], text: str, translate: _Translate) -> list[_Places] | None:
    fitting: list[_Places] = []
    length = len(text)
    for entry in found:
        fragments = entry.places
        if translate is not _same:
            try:
                fragments = tuple([(translate(start), translate(end)) for start, end in fragments])
            except ValueError:
                return None
        if len(fragments) == 1:  # nearly always, and then quickly checked
            start, end = fragments[0]
            if 0 <= start < end <= length and (
                not (stated := entry.stated) or stated == text[start:end]
            ):
                fitting.append(fragments)
                continue
        if check_fragments(length, fragments) or not _states(entry, text, fragments):
            return None
        fitting.append(fragments)
    return fitting


def _states(entry: Stated, text: str, fragments: _Places) -> bool:
    return (
        not entry.stated
        or entry.stated == (covered := surface(text, fragments))
        or canonical(entry.stated).text == covered
    )


def _likely(readings: dict[str, list[_Places]], text: str) -> dict[str, list[_Places]]:
    """Return the readings by which the spans respect words.

    Where several do, those whose spans begin and end with one.
    """
    if _distinct(readings) > 1:
        readings = {name: fitting for name, fitting in readings.items() if _is_even(fitting, text)}
    if _distinct(readings) > 1:
        exact = {name: fitting for name, fitting in readings.items() if _is_exact(fitting, text)}
        return exact or readings
    return readings


def _is_exact(places: Iterable[_Places], text: str) -> bool:
    return all(
        text[start].isalnum() and text[end - 1].isalnum()
        for fragments in places
        for start, end in fragments
    )


def _is_even(places: Iterable[_Places], text: str) -> bool:
    """Return whether every span begins and ends where a word may."""
    for fragments in places:
        for start, end in fragments:
            if (
                text[start].isspace()
                or text[end - 1].isspace()
                or _is_inside(text, start)
                or _is_inside(text, end)
            ):
                return False
    return True


def _is_inside(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _fault(found: Sequence[Stated], raw: str, made: Canonical, units: Sequence[str]) -> str:
    """Say what is wrong with the first span that does not fit in the format's own unit."""
    _name, translate = next(_readings(raw, made, units, False))
    for entry in found:
        try:
            fragments = tuple((translate(start), translate(end)) for start, end in entry.places)
        except ValueError:
            place = ";".join(f"{start}–{end}" for start, end in entry.places)
            return _("the span {place} lies outside the text or inside a character").format(
                place=place
            )
        fault = check_fragments(len(made.text), fragments)
        if fault:
            return fault
        if not _states(entry, made.text, fragments):
            place, covered = f"{fragments[0][0]}–{fragments[-1][1]}", surface(made.text, fragments)
            message = _(
                "the span {place} covers {covered}, not {given}: its offsets are counted otherwise,"
                " or it belongs to another text"
            )
            return message.format(place=place, covered=covered[:60], given=entry.stated[:60])
    return _("the offsets fit in no unit; choose the one in which they are counted")
