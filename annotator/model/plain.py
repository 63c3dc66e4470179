"""Values ↔ plain dictionaries and lists, as TOML and JSON hold them.

An error names the place where the fault is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from annotator.model import (
    NONE,
    Attributes,
    AttributeType,
    Decision,
    Label,
    Layer,
    Names,
    Relation,
    RelationType,
    Rule,
    Schema,
    Seen,
    Span,
    Value,
)

Plain = Mapping[str, object]
Item = TypeVar("Item")


class PlainError(ValueError):
    """A plain value has the wrong shape; the text says where and what was expected."""


# ── Spans and relations: short lists, for the log ─────────────────────────────────────────────────


def span_row(span: Span) -> list[object]:
    """Return a span as the list that the log holds; what is empty at the end is left out."""
    row: list[object] = [
        span.id,
        span.layer,
        span.label,
        [position for fragment in span.fragments for position in fragment],
        span.text,
    ]
    if span.attributes or span.note or span.origin != "human":
        row.append(dict(span.attributes))
    if span.note or span.origin != "human":
        row += [span.note, span.origin]
    return row


def span_rows(spans: Iterable[Span]) -> list[list[object]]:
    """Return many spans as lists for the log."""
    return [
        [span[0], span[1], span[2], [*span[3][0]], span[4]]
        if len(span[3]) == 1 and span[7] == "human" and not span[6] and not span[5]
        else span_row(span)
        for span in spans
    ]


def span_of(row: Sequence[object]) -> Span:
    """Return the span of a list from the log."""
    flat = cast("list[int]", row[3])
    fragments = tuple(zip(flat[::2], flat[1::2], strict=True))
    base = (
        cast("str", row[0]),
        cast("str", row[1]),
        cast("str", row[2]),
        fragments,
        cast("str", row[4]),
    )
    if len(row) == 5:
        return Span(*base)
    attributes = attributes_of(cast("Plain", row[5]))
    return Span(*base, attributes, *(cast("list[str]", row[6:8])))


def relation_row(relation: Relation) -> list[object]:
    """Return a relation as the list that the log holds."""
    return [
        relation.id,
        relation.label,
        relation.head,
        relation.child,
        relation.implicit,
        dict(relation.attributes),
    ]


def relation_of(row: Sequence[object]) -> Relation:
    """Return the relation of a list from the log."""
    head = cast("tuple[str, str, str, str | None, str | None]", tuple(row[:5]))
    return Relation(*head, attributes_of(cast("Plain", row[5])))


def decision_plain(decision: Decision) -> dict[str, object]:
    """Return a decision as the log holds it."""
    return {
        **decision._asdict(),
        "chosen": list(decision.chosen),
        "saw": list(map(list, decision.saw)),
        "made": list(decision.made),
    }


def decision_of(plain: Plain) -> Decision:
    """Return the decision of its plain form."""
    texts = {
        key: cast("str", plain[key]) for key in ("case", "outcome", "reason", "note", "by", "rule")
    }
    lists = {key: tuple(cast("list[str]", plain[key])) for key in ("chosen", "made")}
    saw = tuple(Seen(*entry) for entry in cast("list[list[str]]", plain["saw"]))
    return Decision(**texts, saw=saw, chosen=lists["chosen"], made=lists["made"])


def attributes_of(plain: Plain) -> Attributes:
    """Return attributes with lists made immutable."""
    if not plain:
        return NONE
    return {
        key: tuple(value) if isinstance(value, list) else cast("Value", value)
        for key, value in plain.items()
    }


# ── Schemas ───────────────────────────────────────────────────────────────────────────────────────


def schema_of(plain: Plain) -> Schema:
    """Return a schema from its plain form (a TOML file, a row of the log)."""
    place = "schema"
    _only(
        plain,
        ("id", "version", "name", "open", "layers", "relations", "attributes", "rules"),
        place,
    )
    return Schema(
        id=_text(plain, "id", place),
        version=_number(plain, "version", place),
        names=_names(plain.get("name", {}), f"{place}.name"),
        layers=_each(plain, "layers", place, _layer_of),
        relations=_each(plain, "relations", place, _relation_of),
        attributes=_each(plain, "attributes", place, _attribute_of),
        rules=_each(plain, "rules", place, _rule_of),
        open=bool(plain.get("open", False)),
    )


def _layer_of(plain: Plain, place: str) -> Layer:
    _only(plain, ("id", "name", "look", "labels"), place)
    labels = _each(plain, "labels", place, _label_of)
    return Layer(
        _text(plain, "id", place),
        _names(plain.get("name", {}), place),
        _text(plain, "look", place, "entity"),
        labels,
    )


def _label_of(plain: Plain, place: str) -> Label:
    _only(
        plain,
        (
            "id",
            "name",
            "key",
            "color",
            "guideline",
            "examples",
            "attributes",
            "retired",
            "merged_into",
        ),
        place,
    )
    return Label(
        id=_text(plain, "id", place),
        names=_names(plain.get("name", {}), place),
        key=_text(plain, "key", place, ""),
        color=_text(plain, "color", place, "#777777"),
        guideline=_names(plain.get("guideline", {}), f"{place}.guideline"),
        examples=_texts(plain, "examples", place),
        attributes=_each(plain, "attributes", place, _attribute_of),
        retired=bool(plain.get("retired", False)),
        merged_into=_text(plain, "merged_into", place, ""),
    )


def _attribute_of(plain: Plain, place: str) -> AttributeType:
    _only(
        plain,
        ("id", "name", "kind", "values", "value_names", "keys", "signs", "required"),
        place,
    )
    names = _mapping(plain.get("value_names", {}), f"{place}.value_names")
    return AttributeType(
        id=_text(plain, "id", place),
        names=_names(plain.get("name", {}), place),
        kind=_text(plain, "kind", place, "choice"),
        values=_texts(plain, "values", place),
        value_names={
            key: _names(value, f"{place}.value_names.{key}") for key, value in names.items()
        },
        keys=_text_map(plain.get("keys", {}), f"{place}.keys"),
        signs=_text_map(plain.get("signs", {}), f"{place}.signs"),
        required=bool(plain.get("required", False)),
    )


def _relation_of(plain: Plain, place: str) -> RelationType:
    _only(plain, ("id", "name", "key", "color", "heads", "children", "implicit"), place)
    return RelationType(
        id=_text(plain, "id", place),
        names=_names(plain.get("name", {}), place),
        key=_text(plain, "key", place, ""),
        heads=_texts(plain, "heads", place),
        children=_texts(plain, "children", place),
        implicit=_texts(plain, "implicit", place),
        color=_text(plain, "color", place, "#555555"),
    )


def _rule_of(plain: Plain, place: str) -> Rule:
    _only(plain, ("label", "needs"), place)
    return Rule(_text(plain, "label", place), _text(plain, "needs", place))


def schema_plain(schema: Schema) -> dict[str, object]:
    """Return a schema in its plain form; `schema_of` brings back an equal one."""
    return {
        "id": schema.id,
        "version": schema.version,
        "name": dict(schema.names.by_language),
        "open": schema.open,
        "layers": [
            {
                "id": layer.id,
                "name": dict(layer.names.by_language),
                "look": layer.look,
                "labels": [_label_plain(label) for label in layer.labels],
            }
            for layer in schema.layers
        ],
        "relations": [
            {
                "id": entry.id,
                "name": dict(entry.names.by_language),
                "key": entry.key,
                "color": entry.color,
                "heads": list(entry.heads),
                "children": list(entry.children),
                "implicit": list(entry.implicit),
            }
            for entry in schema.relations
        ],
        "attributes": [_attribute_plain(entry) for entry in schema.attributes],
        "rules": [{"label": rule.label, "needs": rule.needs} for rule in schema.rules],
    }


def _label_plain(label: Label) -> dict[str, object]:
    return {
        "id": label.id,
        "name": dict(label.names.by_language),
        "key": label.key,
        "color": label.color,
        "guideline": dict(label.guideline.by_language),
        "examples": list(label.examples),
        "attributes": [_attribute_plain(entry) for entry in label.attributes],
        "retired": label.retired,
        "merged_into": label.merged_into,
    }


def _attribute_plain(entry: AttributeType) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": dict(entry.names.by_language),
        "kind": entry.kind,
        "values": list(entry.values),
        "value_names": {key: dict(names.by_language) for key, names in entry.value_names.items()},
        "keys": dict(entry.keys),
        "signs": dict(entry.signs),
        "required": entry.required,
    }


# ── Reading with a place to point at ──────────────────────────────────────────────────────────────


def _only(plain: Plain, known: Sequence[str], place: str) -> None:
    odd = [key for key in plain if key not in known]
    if odd:
        raise PlainError(f"{place} has an unknown key “{odd[0]}”; known are {', '.join(known)}")


def _text(plain: Plain, key: str, place: str, default: str | None = None) -> str:
    value = plain.get(key, default)
    if not isinstance(value, str):
        raise PlainError(
            f"{place}.{key} should be a text" + ("" if value is None else f", not {value!r}")
        )
    return value


def _number(plain: Plain, key: str, place: str) -> int:
    value = plain.get(key, 1)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise PlainError(f"{place}.{key} should be a whole number from 1 on, not {value!r}")
    return value


def _texts(plain: Plain, key: str, place: str) -> tuple[str, ...]:
    value = plain.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise PlainError(f"{place}.{key} should be a list of texts, not {value!r}")
    return tuple(value)


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise PlainError(f"{place} should be a table, not {value!r}")
    return value


def _text_map(value: object, place: str) -> dict[str, str]:
    entries = _mapping(value, place)
    if not all(isinstance(entry, str) for entry in entries.values()):
        raise PlainError(f"{place} should hold texts only")
    return {key: str(entry) for key, entry in entries.items()}


def _names(value: object, place: str) -> Names:
    return Names({"en": value} if isinstance(value, str) else _text_map(value, place))


def _each(
    plain: Plain,
    key: str,
    place: str,
    one: Callable[[Plain, str], Item],
) -> tuple[Item, ...]:
    value = plain.get(key, [])
    if not isinstance(value, list):
        raise PlainError(f"{place}.{key} should be a list of tables")
    made = []
    for number, entry in enumerate(value, 1):
        where = f"{place}.{key}[{entry.get('id', number) if isinstance(entry, dict) else number}]"
        made.append(one(_mapping(entry, where), where))
    return tuple(made)
