"""Label schemas: the presets that ship, and TOML files of the user's own, read and checked."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError, UserError
from annotator.i18n import _, name_list
from annotator.model import IMPLICIT, AttributeType, Label, Schema
from annotator.model.plain import PlainError, schema_of
from annotator.resources import resource

LOOKS = ("entity", "claim", "stance")
ATTRIBUTE_KINDS = ("choice", "flag", "text")
# Line colours that stay apart for colour-blind eyes (Okabe and Ito 2008), and keys, for labels that
# come without them.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B09A00", "#5B5B58")
KEYS = "123456789"
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
# Characters that would let two ids look alike, or hide in one (see `name_fault`).
_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)
_LONGEST = 100
_ARABIC = re.compile("[\u0620-\u06ff]")


def presets() -> dict[str, Path]:
    """Return the schemas that ship with the program, by name, the richest first."""
    paths = {path.stem: path for path in resource("schemas").glob("*.toml")}
    first = [name for name in ("news", "entities", "blank") if name in paths]
    return {name: paths[name] for name in [*first, *sorted(paths.keys() - set(first))]}


def load_schema(name: str) -> Schema:
    """Return a preset by its name, or the schema of a TOML file by its path."""
    shipped = presets()
    if name in shipped:
        return read_schema(shipped[name])
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return read_schema(path)
    message = _(
        "There is no schema {name}. Choose one of {known}, or give the path of a TOML file."
    )
    raise UserError(message.format(name=name, known=", ".join(shipped)))


def read_schema(path: Path) -> Schema:
    """Read and check a schema file; a fault is an InputError, with a line where it is no TOML."""
    import tomllib  # a project that is only opened has its schema inside

    try:
        text = path.read_text("utf-8")
        plain = tomllib.loads(text)
    except OSError as error:
        raise UserError(
            _("The schema {path} cannot be read: {reason}.").format(
                path=str(path), reason=error.strerror
            )
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(path, 0, _("the file is not UTF-8; save it as UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise InputError(
            path,
            int(line[1]) if line else 0,
            _("this is not TOML: {reason}").format(reason=error),
        ) from error
    try:
        schema = schema_of(plain)
    except PlainError as error:
        raise InputError(path, 0, str(error)) from error
    fault = next(faults(schema), "")
    if fault:
        raise InputError(path, 0, fault)
    return schema


def name_fault(name: str) -> str:
    """Say what is wrong with a label id, an annotator's name or a layer id, or return ""."""
    if not name or name != name.strip():
        return _("a name must not be empty or begin or end with a space")
    if len(name) > _LONGEST:
        return _("a name must not be longer than {count} characters").format(count=_LONGEST)
    if unicodedata.normalize("NFC", name) != name:
        return _("{name} is not in Unicode's composed form (NFC)").format(name=name)
    hidden = _HIDDEN.search(name)
    if hidden:
        return _("a name must not hold the invisible character U+{code:04X}").format(
            code=ord(hidden[0])
        )
    for match in re.finditer("[\u200c\u200d]", name):
        around = name[match.start() - 1 : match.start()] + name[match.end() : match.end() + 1]
        if len(_ARABIC.findall(around)) != 2:
            return _(
                "a zero-width non-joiner may stand only between two Arabic letters in {name}"
            ).format(name=name)
    return ""


def faults(schema: Schema) -> Iterator[str]:
    """Walk over what is wrong with a schema, as finished clauses."""
    yield from _id_faults(schema)
    yield from _key_faults(schema)
    for layer in schema.layers:
        if layer.look not in LOOKS:
            yield _("the look of layer {layer} is one of {known}").format(
                layer=layer.id, known=", ".join(LOOKS)
            )
    for _layer, label in schema.labels():
        if not _COLOR.match(label.color):
            yield _("the colour of label {label} is written #RRGGBB").format(label=label.id)
        yield from _attribute_faults(label.attributes, label.id)
        yield from _merger_faults(schema, label)
    yield from _attribute_faults(schema.attributes, "")
    yield from _relation_faults(schema)


def _id_faults(schema: Schema) -> Iterator[str]:
    groups = (
        [layer.id for layer in schema.layers],
        [label.id for _layer, label in schema.labels()],
        [entry.id for entry in schema.relations],
        [entry.id for entry in schema.attributes],
    )
    for group in groups:
        for name, times in Counter(group).items():
            if times > 1:
                yield _("the id {name} stands {times} times").format(name=name, times=times)
            fault = name_fault(name)
            if fault:
                yield fault


def _merger_faults(schema: Schema, label: Label) -> Iterator[str]:
    if not label.merged_into:
        return
    last = schema.find_label(schema.successor(label.id))
    if last is None:
        yield _("label {label} was merged into one that this schema does not have").format(
            label=label.id
        )
    elif last[1].merged_into:
        yield _("label {label} was merged into itself by way of others").format(label=label.id)
    elif not label.retired:
        yield _("label {label} was merged into another, so it is retired").format(label=label.id)


def _key_faults(schema: Schema) -> Iterator[str]:
    """Walk over keys that would mean two things.

    Labels, relations and required values share one table, as do a label's values.
    """
    owners = [
        (label.key, label.id)
        for _layer, label in schema.labels()
        if label.key and not label.retired
    ]
    owners += [(entry.key, entry.id) for entry in schema.relations if entry.key]
    shared = {key.upper() for key, _owner in owners}
    for _layer, label in schema.labels():
        if label.retired:
            continue
        values = [(entry, key) for entry in label.attributes for key in entry.keys.values()]
        owners += [(key, f"{label.id}.{entry.id}") for entry, key in values if entry.required]
        yield from _clashes([(key, f"{label.id}.{entry.id}") for entry, key in values])
        for entry, key in values:
            if key.upper() in shared and not entry.required:
                yield _(
                    "the key {key} of attribute {name} is the key of a label or relation too"
                ).format(key=key, name=f"{label.id}.{entry.id}")
    yield from _clashes(owners)


def _clashes(owners: list[tuple[str, str]]) -> Iterator[str]:
    by_key: dict[str, list[str]] = {}
    for key, owner in owners:
        by_key.setdefault(key.upper(), []).append(owner)
    for key, names in by_key.items():
        if len(names) > 1:
            yield _("the key {key} is given to {names}; a key means one thing").format(
                key=key, names=name_list(names)
            )


def _attribute_faults(attributes: tuple[AttributeType, ...], owner: str) -> Iterator[str]:
    for entry in attributes:
        name = f"{owner}.{entry.id}" if owner else entry.id
        if entry.kind not in ATTRIBUTE_KINDS:
            yield _("the kind of attribute {name} is one of {known}").format(
                name=name, known=", ".join(ATTRIBUTE_KINDS)
            )
        if entry.kind == "choice" and not entry.values:
            yield _("attribute {name} is a choice without values").format(name=name)
        strangers = {*entry.keys, *entry.signs, *entry.value_names} - set(entry.values)
        if entry.kind == "choice" and strangers:
            yield _("attribute {name} speaks of {value}, which is not among its values").format(
                name=name, value=min(strangers)
            )


def _relation_faults(schema: Schema) -> Iterator[str]:
    labels = {label.id for _layer, label in schema.labels()}
    for entry in schema.relations:
        for end in {*entry.heads, *entry.children} - labels:
            yield _("relation {name} joins {label}, which is no label of this schema").format(
                name=entry.id, label=end
            )
        for argument in set(entry.implicit) - set(IMPLICIT):
            yield _(
                "relation {name} allows the implicit argument {argument}; known are {known}"
            ).format(name=entry.id, argument=argument, known=", ".join(IMPLICIT))
    needs = {entry.id for entry in schema.relations}
    for rule in schema.rules:
        match = schema.find_label(rule.label)
        if match is None:
            yield _("a rule speaks of {label}, which is no label of this schema").format(
                label=rule.label
            )
        elif rule.needs not in needs | {entry.id for entry in match[1].attributes}:
            yield _(
                "a rule for {label} needs {name}, which is neither a relation nor an attribute"
                " of it"
            ).format(label=rule.label, name=rule.needs)
