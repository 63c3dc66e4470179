"""One parsed JSON line → one record, checked.

The good path is short; what is wrong is found out only once something is.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.records import ContentIds
from annotator.i18n import _
from annotator.model import (
    DIRECTIONS,
    IMPLICIT,
    NONE,
    STATUSES,
    AnnotationSet,
    Attributes,
    Document,
    Fragment,
    Labelled,
    Relation,
    Source,
    Span,
    Value,
    check_fragments,
    surface,
)
from annotator.text.direction import guess_language
from annotator.text.offsets import Canonical, canonical, first_forbidden

KEYS = (
    "id",
    "name",
    "text",
    "language",
    "direction",
    "annotator",
    "status",
    "spans",
    "relations",
    "attributes",
    "meta",
    "schema",
    "offset_unit",
    "text_sha256",
)
SPAN_KEYS = (
    "id",
    "layer",
    "label",
    "start",
    "end",
    "text",
    "fragments",
    "attributes",
    "note",
    "origin",
)
RELATION_KEYS = ("id", "label", "head", "child", "implicit", "attributes")

# Written only where there is something to say.
_RARE = ("paragraph_directions",)
_KNOWN, _KNOWN_SPAN, _KNOWN_RELATION = (
    frozenset((*KEYS, *_RARE)),
    frozenset(SPAN_KEYS),
    frozenset(RELATION_KEYS),
)
_LARGEST = 2**63
_DEEPEST = 100
Plain = Mapping[str, object]


class RecordError(ValueError):
    """A record is wrong; the text is a clause that says how."""


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Makes records of parsed lines; what it changes or cannot keep goes into the report."""

    file: str
    options: ReadOptions
    report: Report
    find_layer: Callable[[str], str]

    def record(self, plain: Plain, line: int) -> Labelled:
        """Return the record, or raise a RecordError."""
        raw = _text(plain, "text", None)
        made = canonical(raw)
        digest = _checked_text(plain, raw)
        if made.is_changed:
            self.report.change(
                "newlines",
                _("BOM, CR LF and CR in texts were made canonical; offsets were translated"),
            )
            digest = hashlib.sha256(made.text.encode()).hexdigest()
        spans = self._spans(_list(plain, "spans"), raw, made)
        relations = self._relations(_list(plain, "relations"), {span.id for span in spans})
        annotation_set = AnnotationSet(
            annotator=_text(plain, "annotator"),
            status=_one_of(plain, "status", STATUSES, "new"),
            spans=tuple(spans),
            relations=tuple(relations),
            attributes=attributes_of(plain.get("attributes")),
        )
        document = self._document(plain, made, digest)
        bare = annotation_set.is_empty and not annotation_set.annotator
        return Labelled(document, None if bare else annotation_set, _text(plain, "schema"), line)

    def _document(self, plain: Plain, made: Canonical, digest: str) -> Document:
        if "language" in plain:
            language = _text(plain, "language")
        else:
            language = self.options.language or guess_language(made.text)
        return Document(
            id=_text(plain, "id"),
            name=_text(plain, "name"),
            text=made.text,
            language=language,
            direction=_one_of(plain, "direction", DIRECTIONS, "auto"),
            meta=self._meta(plain),
            source=Source(self.file, "utf-8", "\n", digest),
            paragraph_directions=_paragraph_directions(_list(plain, "paragraph_directions"), made),
        )

    def _meta(self, plain: Plain) -> dict[str, object]:
        meta = dict(_object(plain, "meta"))
        if meta:
            _refuse_unkept(meta)
        for key in plain.keys() - _KNOWN:
            if key in meta:
                self.report.lose(
                    "keys", _("the metadata has a key {key} of its own").format(key=key)
                )
            else:
                self.report.change(
                    "keys",
                    _("the unknown key {key} was kept in the metadata").format(key=key),
                )
        strangers = {key: value for key, value in plain.items() if key not in _KNOWN}
        _refuse_unkept(strangers)
        return {**strangers, **meta}

    def _spans(self, plains: list[object], raw: str, made: Canonical) -> list[Span]:
        spans: list[Span] = []
        unnamed: list[int] = []
        # Nothing may pass the good path where offsets must be translated.
        length = -1 if made.is_changed else len(raw)
        for plain in plains:
            if not isinstance(plain, dict):
                raise RecordError(_("a span should be an object"))
            span = _good_span(plain, raw, length)
            if span is None:
                span = self._checked_span(plain, raw, made)
                if not span.id:
                    unnamed.append(len(spans))
            spans.append(span)
        named = [span.id for span in spans if span.id]
        if len(set(named)) < len(named):
            raise RecordError(_("two spans have the id {id}").format(id=_repeated(named)))
        ids = ContentIds(named)
        for index in unnamed:
            span = spans[index]
            spans[index] = span._replace(id=ids.span(span.layer, span.label, span.fragments))
        return spans

    def _checked_span(self, plain: Plain, raw: str, made: Canonical) -> Span:
        span = _span(plain, raw, made)
        self._count_unknown(plain, _KNOWN_SPAN, "span")
        return span if span.layer else span._replace(layer=self.find_layer(span.label))

    def _relations(self, plains: list[object], spans: set[str]) -> list[Relation]:
        relations: list[Relation] = []
        for plain in plains:
            if not isinstance(plain, dict):
                raise RecordError(_("a relation should be an object"))
            relation = _good_relation(plain, spans)
            if relation is None:
                relation = _relation(plain, spans)
                self._count_unknown(plain, _KNOWN_RELATION, "relation")
            relations.append(relation)
        named = [relation.id for relation in relations if relation.id]
        if len(set(named)) < len(named):
            raise RecordError(_("two relations have the id {id}").format(id=_repeated(named)))
        if len(named) == len(relations):
            return relations
        ids = ContentIds(named)
        return [entry if entry.id else _named(entry, ids) for entry in relations]

    def _count_unknown(self, plain: Plain, known: frozenset[str], what: str) -> None:
        for key in plain.keys() - known:
            self.report.lose(
                "keys",
                _("the key {key} of a {what} is unknown").format(key=key, what=what),
            )


def attributes_of(value: object) -> Attributes:
    """Return attributes of a parsed object, lists of texts made tuples."""
    if not value:
        if value is None or value == {}:
            return NONE
        raise RecordError(_("attributes should be an object"))
    if not isinstance(value, dict):
        raise RecordError(_("attributes should be an object"))
    return {name: _value(name, entry) for name, entry in value.items()}


def _value(name: str, value: object) -> Value:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        _refuse_unkept(value)
        return value
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    raise RecordError(
        _(
            "the attribute {name} should be a text, a number, true or false, or a list of texts"
        ).format(name=name)
    )


def _good_span(plain: Plain, text: str, length: int) -> Span | None:
    """Return the span where every key is there, in order and right, of one fragment; else None."""
    if tuple(plain) != SPAN_KEYS:
        return None
    name, layer, label, start, end, covered, fragments, attributes, note, origin = plain.values()
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        return None
    if (
        text[start:end] != covered
        or fragments != [[start, end]]
        or type(note) is not str
        or type(origin) is not str
    ):
        return None
    if (
        type(name) is not str
        or type(layer) is not str
        or type(label) is not str
        or not (name and layer and label and origin)
    ):
        return None
    return Span(
        name,
        layer,
        label,
        ((start, end),),
        covered,
        attributes_of(attributes) if attributes else NONE,
        note,
        origin,
    )


def _span(plain: Plain, raw: str, made: Canonical) -> Span:
    """Return the span after every check, or raise a RecordError that says what is wrong."""
    fragments = _fragments(plain)
    fault = check_fragments(len(raw), fragments)
    if fault:
        raise RecordError(fault)
    label = _text(plain, "label", None)
    if not label:
        raise RecordError(_("a span has an empty label"))
    covered = surface(raw, fragments)
    given = _text(plain, "text", covered)
    if given != covered:
        place = f"{fragments[0][0]}–{fragments[-1][1]}"
        message = _(
            "the span {place} covers {covered}, not {given}: its offsets are not code points, or it"
            " belongs to another text"
        )
        raise RecordError(message.format(place=place, covered=covered[:60], given=given[:60]))
    if made.is_changed:
        fragments = tuple((made.from_raw(start), made.from_raw(end)) for start, end in fragments)
        fault = check_fragments(len(made.text), fragments)
        if fault:
            raise RecordError(_("the span covers a BOM or CR only, which is not kept"))
        covered = surface(made.text, fragments)
    return Span(
        _text(plain, "id"),
        _text(plain, "layer"),
        label,
        fragments,
        covered,
        attributes_of(plain.get("attributes")),
        _text(plain, "note"),
        _text(plain, "origin", "human") or "human",
    )


def _fragments(plain: Plain) -> tuple[Fragment, ...]:
    given = plain.get("fragments")
    if given is None:
        return ((_offset(plain.get("start"), "start"), _offset(plain.get("end"), "end")),)
    if not isinstance(given, list) or not all(
        isinstance(pair, list) and len(pair) == 2 for pair in given
    ):
        raise RecordError(_("fragments should be a list of pairs [start, end]"))
    fragments = tuple((_offset(start, "start"), _offset(end, "end")) for start, end in given)
    if not fragments:
        raise RecordError(_("a span has no fragment"))
    outer = {"start": fragments[0][0], "end": fragments[-1][1]}
    for key, place in outer.items():
        if plain.get(key) is not None and _offset(plain[key], key) != place:
            raise RecordError(
                _("the {key} of a span, {value}, is not that of its fragments, {place}").format(
                    key=key, value=plain[key], place=place
                )
            )
    return fragments


def _offset(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RecordError(
            _("the {key} of a span should be a whole number, not {value}").format(
                key=key, value=repr(value)[:60]
            )
        )
    return value


def _good_relation(plain: Plain, spans: set[str]) -> Relation | None:
    """Return the relation where every key is there, in order and right; else None."""
    if tuple(plain) != RELATION_KEYS:
        return None
    name, label, head, child, implicit, attributes = plain.values()
    if type(head) is not str or head not in spans:
        return None
    if child is None:
        if implicit not in IMPLICIT:
            return None
    elif implicit is not None or type(child) is not str or child not in spans:
        return None
    if type(name) is not str or type(label) is not str or not (name and label):
        return None
    return Relation(
        name, label, head, child, implicit, attributes_of(attributes) if attributes else NONE
    )


def _relation(plain: Plain, spans: set[str]) -> Relation:
    label, head = _text(plain, "label", None), _text(plain, "head", None)
    child, implicit = plain.get("child"), plain.get("implicit")
    if not label:
        raise RecordError(_("a relation has an empty label"))
    if implicit is None:
        if not isinstance(child, str):
            raise RecordError(
                _(
                    "a relation should have the id of a span as its child, or name an implicit"
                    " argument"
                )
            )
        ends = [head, child]
    elif child is not None:
        raise RecordError(
            _("a relation has both a child and an implicit argument; it can have one of them")
        )
    elif implicit not in IMPLICIT:
        raise RecordError(
            _("an implicit argument is one of {known}, not {value}").format(
                known=", ".join(IMPLICIT), value=repr(implicit)[:60]
            )
        )
    else:
        ends = [head]
    stranger = next((end for end in ends if end not in spans), None)
    if stranger is not None:
        raise RecordError(
            _("a relation names the span {id}, which this record does not have").format(id=stranger)
        )
    attributes = attributes_of(plain.get("attributes"))
    return Relation(_text(plain, "id"), label, head, child, implicit, attributes)


def _named(relation: Relation, ids: ContentIds) -> Relation:
    child = relation.child or f"{relation.implicit}"
    return relation._replace(id=ids.relation(relation.label, relation.head, child))


def _checked_text(plain: Plain, raw: str) -> str:
    """Return the text's SHA-256 after checking unit, hash and characters."""
    unit = _text(plain, "offset_unit", "codepoint")
    if unit != "codepoint":
        raise RecordError(
            _("the offset unit is {unit}; only codepoint is read here").format(unit=unit)
        )
    found = first_forbidden(raw)
    if found:
        raise RecordError(
            _("the text holds {what} at character {place}; remove it").format(
                what=found[1], place=found[0]
            )
        )
    digest = hashlib.sha256(raw.encode()).hexdigest()
    if _text(plain, "text_sha256", digest).lower() != digest:
        raise RecordError(
            _("text_sha256 is not that of the text, so the text was changed after it was labelled")
        )
    return digest


def _text(plain: Plain, key: str, default: str | None = "") -> str:
    value = plain.get(key)
    if value is None:
        value = default
    if not isinstance(value, str):
        if value is None:
            raise RecordError(_("the key {key} is missing").format(key=key))
        raise RecordError(
            _("{key} should be a text, not {value}").format(key=key, value=repr(value)[:60])
        )
    return value


def _paragraph_directions(plains: list[object], made: Canonical) -> tuple[tuple[int, str], ...]:
    """Read the directions of paragraphs: pairs of a start and "rtl" or "ltr"."""
    found: dict[int, str] = {}
    for pair in plains:
        match pair:
            case [int(start), "rtl" | "ltr" as direction] if 0 <= start <= made.raw_length:
                found[made.from_raw(start)] = direction
            case _:
                raise RecordError(
                    _("a paragraph's direction is a pair of where it begins and “rtl” or “ltr”")
                )
    return tuple(sorted(found.items()))


def _one_of(plain: Plain, key: str, known: tuple[str, ...], default: str) -> str:
    value = _text(plain, key, default)
    if value not in known:
        raise RecordError(
            _("{key} is one of {known}, not {value}").format(
                key=key, known=", ".join(known), value=value
            )
        )
    return value


def _list(plain: Plain, key: str) -> list[object]:
    value = plain.get(key)
    if value is not None and not isinstance(value, list):
        raise RecordError(_("{key} should be a list").format(key=key))
    return value or []


def _object(plain: Plain, key: str) -> Plain:
    value = plain.get(key)
    if value is not None and not isinstance(value, dict):
        raise RecordError(_("{key} should be an object").format(key=key))
    return value or {}


def _refuse_unkept(value: object, depth: int = 0) -> None:
    """Raise for what cannot be written again.

    Whole numbers beyond 64 bits (the parser made them inexact) and deep nesting.
    """
    if isinstance(value, float) and abs(value) >= _LARGEST and value.is_integer():
        raise RecordError(
            _("the number {value} has more than 64 bits; write it as a text").format(value=value)
        )
    if depth > _DEEPEST:
        raise RecordError(
            _("the record is nested more than {depth} levels deep").format(depth=_DEEPEST)
        )
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            if entry.__class__ is not str:
                _refuse_unkept(entry, depth + 1)


def _repeated(names: list[str]) -> str:
    return Counter(names).most_common(1)[0][0]
