"""Label Studio's labeling configuration ↔ a label schema.

A control of labels is a layer, choices for a region are an attribute.

    <View><Text name="text" value="$text"/><Labels name="entities" toName="text"><Label value="ORG"
    background="#D55E00" hotkey="2"/>
      </Labels><Choices name="stance" toName="text" perRegion="true" whenLabelValue="CLAIM"><Choice
      value="support"/></Choices>
      <Relations><Relation value="holder"/></Relations></View>

The names are those that our files in Label Studio's JSON use. A configuration has no guidelines in
several languages, no rules of completeness and no limits on what a relation joins; its labels for
pictures and sounds have no place in a schema of ours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._shared.xml import Node, parsed_xml, quoted
from annotator.i18n import _
from annotator.model import AttributeType, Label, Layer, Names, RelationType, Schema

_TEXT = "text"
_CONTROLS = ("Labels", "HyperTextLabels")
_FREE = ("TextArea", "Number", "Rating", "DateTime")
_ASKING = ("Choices", "Taxonomy", *_FREE)
_TEXTS = ("Text", "HyperText", "Paragraphs")
_GREY = "#777777"
_COLORS = {
    "red": "#FF0000",
    "green": "#008000",
    "blue": "#0000FF",
    "orange": "#FFA500",
    "darkorange": "#FF8C00",
    "purple": "#800080",
    "yellow": "#FFFF00",
    "cyan": "#00FFFF",
    "magenta": "#FF00FF",
    "pink": "#FFC0CB",
    "brown": "#A52A2A",
    "teal": "#008080",
    "navy": "#000080",
    "maroon": "#800000",
    "olive": "#808000",
    "lime": "#00FF00",
    "violet": "#EE82EE",
    "gold": "#FFD700",
    "black": "#000000",
    "white": "#FFFFFF",
    "gray": "#808080",
    "grey": "#808080",
    "darkblue": "#00008B",
    "darkgreen": "#006400",
}


# ── A schema as a configuration ───────────────────────────────────────────────────────────────────


def config_of(schema: Schema) -> str:
    """Return the configuration that labels as a schema does; retired labels are left out."""
    lines = [f'<View>\n  <Text name="{_TEXT}" value="$text"/>']
    for layer in schema.layers:
        labels = [label for label in layer.labels if not label.retired]
        if labels:
            lines.append(f'  <Labels name={quoted(layer.id)} toName="{_TEXT}">')
            lines += [_label(label) for label in labels]
            lines.append("  </Labels>")
    regions = _region_attributes(schema)
    for entry, owners in regions.values():
        tags, names = quoted(_tags(schema, owners)), quoted(",".join(owners))
        lines += _control(entry, f' perRegion="true" whenTagName={tags} whenLabelValue={names}')
    for entry in schema.attributes:
        is_taken = entry.id in regions
        lines += _control(replace(entry, id=f"document-{entry.id}") if is_taken else entry, "")
    if schema.relations:
        relations = [
            f"    <Relation value={quoted(entry.id)} background={quoted(entry.color)}/>"
            for entry in schema.relations
        ]
        lines += ["  <Relations>", *relations, "  </Relations>"]
    return "\n".join([*lines, "</View>", ""])


def _region_attributes(schema: Schema) -> dict[str, tuple[AttributeType, list[str]]]:
    """Return the attributes of labels by their ids, each with the labels that have it."""
    regions: dict[str, tuple[AttributeType, list[str]]] = {}
    for _layer, label in schema.labels():
        if label.retired:
            continue
        for entry in label.attributes:
            earlier, owners = regions.setdefault(entry.id, (entry, []))
            regions[entry.id] = (_joined(earlier, entry), [*owners, label.id])
    return regions


def _label(label: Label) -> str:
    hint = label.guideline.in_language("en")
    key = f" hotkey={quoted(label.key.lower())}" if label.key else ""
    about = f" hint={quoted(hint)}" if hint else ""
    return f"    <Label value={quoted(label.id)} background={quoted(label.color)}{key}{about}/>"


def _joined(one: AttributeType, other: AttributeType) -> AttributeType:
    """Return an attribute with the values of two of one name: a control's name stands once."""
    return replace(one, values=tuple(dict.fromkeys((*one.values, *other.values))))


def _tags(schema: Schema, labels: Iterable[str]) -> str:
    wanted = set(labels)
    return ",".join(
        layer.id for layer in schema.layers if wanted & {label.id for label in layer.labels}
    )


def _control(entry: AttributeType, about: str) -> list[str]:
    required = ' required="true"' if entry.required else ""
    if entry.kind == "text":
        return [f'  <TextArea name={quoted(entry.id)} toName="{_TEXT}"{about}{required}/>']
    values = entry.values if entry.kind == "choice" else ("true",)
    choices = [f"    <Choice value={quoted(value)}/>" for value in values]
    return [
        f'  <Choices name={quoted(entry.id)} toName="{_TEXT}" choice="single"{about}{required}>',
        *choices,
        "  </Choices>",
    ]


# ── A configuration as a schema ───────────────────────────────────────────────────────────────────


def schema_of_config(path: Path) -> Schema:
    """Return the schema of a configuration file; one without labels for texts is an InputError."""
    root = parsed_xml(path)
    nodes = list(_walk(root))
    texts = {node.attributes.get("name", "") for node in nodes if node.local in _TEXTS}
    of_texts = [node for node in nodes if node.attributes.get("toName", "") in texts]
    controls = [node for node in of_texts if node.local in _CONTROLS]
    if not controls:
        raise InputError(path, root.line, _("this labeling configuration has no labels for a text"))
    layers = _layers(controls)
    attributes: list[AttributeType] = []
    for node in of_texts:
        if node.local not in _ASKING:
            continue
        entry = _attribute(node)
        if node.attributes.get("perRegion", "").lower() == "true":
            layers = [_with_attribute(layer, node, entry) for layer in layers]
        else:
            attributes.append(entry)
    relations = tuple(_relations(nodes))
    name = re.sub(r"[^\w-]+", "-", path.stem).strip("-").lower() or "label-studio"
    return Schema(name, 1, _named(path.stem), tuple(layers), relations, tuple(attributes))


def _relations(nodes: Iterable[Node]) -> Iterator[RelationType]:
    for node in nodes:
        name = node.attributes.get("value")
        if node.local == "Relation" and name:
            yield RelationType(name, _named(name), color=_color(node))


def _layers(controls: Iterable[Node]) -> list[Layer]:
    """Return a layer for each control, as no key and no label stands twice in a schema."""
    keys: set[str] = set()
    labels: set[str] = set()
    return [_layer(node, keys, labels) for node in controls]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _named(name: str) -> Names:
    return Names({"en": name})


def _layer(node: Node, keys: set[str], taken: set[str]) -> Layer:
    """Return the layer of a control; a key or a label that an earlier one has is left to it."""
    labels: list[Label] = []
    for child in _walk(node):
        value = child.attributes.get("alias") or child.attributes.get("value", "")
        if child.local != "Label" or not value or value in taken:
            continue
        taken.add(value)
        key = child.attributes.get("hotkey", "").upper()
        key = key if len(key) == 1 and key not in keys else ""
        keys.add(key)
        hint = child.attributes.get("hint", "")
        shown = child.attributes.get("value", value)
        guideline = _named(hint) if hint else Names({})
        labels.append(Label(value, _named(shown), key, _color(child), guideline))
    name = node.attributes.get("name") or "labels"
    return Layer(name, _named(name), labels=tuple(labels))


def _attribute(node: Node) -> AttributeType:
    name = node.attributes.get("name") or node.local.lower()
    is_required = node.attributes.get("required", "").lower() == "true"
    values = _choices(node)
    if node.local in _FREE or not values:
        return AttributeType(name, _named(name), "text", required=is_required)
    if values == ("true",):  # how a flag of ours is written
        return AttributeType(name, _named(name), "flag", required=is_required)
    return AttributeType(name, _named(name), "choice", values, required=is_required)


def _choices(node: Node) -> tuple[str, ...]:
    values: dict[str, None] = {}
    for child in _walk(node):
        if child.local == "Choice" and child.attributes.get("value"):
            values[child.attributes.get("alias") or child.attributes["value"]] = None
    return tuple(values)


def _with_attribute(layer: Layer, node: Node, entry: AttributeType) -> Layer:
    """Return a layer whose labels have an attribute, where the control speaks of them."""
    tags, values = _listed(node, "whenTagName"), _listed(node, "whenLabelValue")
    if tags and layer.id not in tags:
        return layer
    labels: list[Label] = []
    for label in layer.labels:
        if not values or label.id in values:
            labels.append(replace(label, attributes=(*label.attributes, entry)))
        else:
            labels.append(label)
    return replace(layer, labels=tuple(labels))


def _listed(node: Node, key: str) -> list[str]:
    """Return the names of an attribute that lists them with commas."""
    names = [name.strip() for name in node.attributes.get(key, "").split(",")]
    return [name for name in names if name]


def _color(node: Node) -> str:
    """Return a colour as #RRGGBB; one that is written otherwise is grey."""
    stated = node.attributes.get("background") or node.attributes.get("backgroundColor") or ""
    written = stated.strip()
    if re.fullmatch("#[0-9A-Fa-f]{3}", written):
        return "#" + "".join(2 * digit for digit in written[1:])
    if re.fullmatch("#[0-9A-Fa-f]{6}", written):
        return written
    return _COLORS.get(written.lower(), _GREY)
