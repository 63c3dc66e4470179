"""The label schema, as far as it changes while one works.

An open schema takes in labels of one's own.
"""

from dataclasses import replace

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import Label, Layer, Names, Schema
from annotator.model.schema_files import COLORS, KEYS, faults
from annotator.session import Session

LAYERS = {"entity": "entities", "claim": "claims", "stance": "stance"}


def free_keys(session: Session) -> list[str]:
    """Return the keys that no label, relation or value has yet: digits first, then letters."""
    schema = session.schema
    taken = {label.key.upper() for _layer, label in schema.labels()} | {
        entry.key.upper() for entry in schema.relations
    }
    for _layer, label in schema.labels():
        taken |= {key.upper() for attribute in label.attributes for key in attribute.keys.values()}
    return [key for key in f"{KEYS}ABCDEFGHIJKLMNOPQRSTUVWXYZ" if key not in taken]


def add_label(session: Session, name: str, key: str, look: str) -> None:
    """Add a label to an open schema, as its next version.

    Look: "entity", "claim" or "stance"; its layer is made if need be.
    """
    schema = session.schema
    if not schema.open:
        raise UserError(
            _("The labels of this project are fixed; ask whoever leads the work for a new one.")
        )
    if schema.find_label(name) is not None:
        raise UserError(_("There is a label {name} already.").format(name=name))
    count = len(list(schema.labels()))
    label = Label(name, Names({"en": name}), key, COLORS[count % len(COLORS)])
    layers = _with_label(schema, label, look)
    changed = replace(schema, version=schema.version + 1, layers=layers)
    fault = next(faults(changed), "")
    if fault:
        raise UserError(_("This label cannot be added: {fault}.").format(fault=fault))
    with session.change(_("Add the label {name}").format(name=name)) as step:
        step.put_schema(changed)


def _with_label(schema: Schema, label: Label, look: str) -> tuple[Layer, ...]:
    """Return the schema's layers with a label in the first one of its look, made if need be."""
    layers = list(schema.layers)
    for number, layer in enumerate(layers):
        if layer.look == look:
            layers[number] = replace(layer, labels=(*layer.labels, label))
            return tuple(layers)
    return (*layers, Layer(LAYERS[look], Names({"en": LAYERS[look]}), look, (label,)))
