"""A schema's answers: which label stands for one that was merged, what the least has."""

import orjson
import pytest

from annotator.model.plain import PlainError, schema_of

LABELS = [
    {"id": "A", "merged_into": "B"},
    {"id": "B", "merged_into": "C"},
    {"id": "C"},
    {"id": "X", "merged_into": "Y"},
    {"id": "Y", "merged_into": "X"},
    {"id": "Z", "merged_into": "gone"},
]


@pytest.mark.parametrize(
    ("label", "successor"),
    [("A", "C"), ("B", "C"), ("C", "C"), ("X", "X"), ("Z", "gone"), ("unknown", "unknown")],
)
def test_a_merged_label_has_a_successor_and_a_circle_ends(label: str, successor: str) -> None:
    layers = [{"id": "entities", "labels": LABELS}]
    schema = schema_of({"id": "s", "version": 1, "layers": layers})
    assert schema.successor(label) == successor


LEAST = {
    "id": "s",
    "version": 1,
    "layers": [{"id": "l", "labels": [{"id": "A", "attributes": [{"id": "a"}]}]}],
    "relations": [{"id": "r"}],
    "rules": [{"label": "A", "needs": "r"}],
}


def test_what_a_schema_does_not_say_is_what_is_usual() -> None:
    schema = schema_of(LEAST)
    (layer,), (relation,) = schema.layers, schema.relations
    (label,) = layer.labels
    (attribute,) = label.attributes
    assert (schema.open, schema.attributes, layer.look) == (False, (), "entity")
    assert (label.key, label.color, label.examples) == ("", "#777777", ())
    assert (label.retired, label.merged_into) == (False, "")
    assert (attribute.kind, attribute.values, attribute.required) == ("choice", (), False)
    assert (relation.key, relation.color, relation.heads) == ("", "#555555", ())


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "schema"),
        (("layers",), "layers"),
        (("layers", "labels"), "labels"),
        (("layers", "labels", "attributes"), "attributes"),
        (("relations",), "relations"),
        (("rules",), "rules"),
    ],
)
def test_a_word_that_no_schema_has_is_refused_wherever_it_stands(
    path: tuple[str, ...], place: str
) -> None:
    plain = orjson.loads(orjson.dumps(LEAST))
    inner = plain
    for name in path:
        (inner,) = inner[name]
    inner["colour"] = "red"
    with pytest.raises(PlainError, match=rf"{place}.*colour"):
        schema_of(plain)
