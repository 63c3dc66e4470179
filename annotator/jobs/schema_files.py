"""Schemas from files and to files: TOML, or the labeling configuration of Label Studio."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats.label_studio import config_of, schema_of_config
from annotator.model import Schema
from annotator.model.plain import schema_plain
from annotator.model.schema_files import faults, load_schema
from annotator.store.file.opening import spare_project

TOML, LABEL_STUDIO = "toml", "label-studio"
WRITERS = (TOML, LABEL_STUDIO)


def schema_from(name: str) -> Schema:
    """Return a preset by its name, or the schema of a file: TOML, or XML as Label Studio has it."""
    path = Path(name)
    if path.suffix.lower() != ".xml":
        return load_schema(name)
    schema = schema_of_config(path)
    fault = next(faults(schema), "")
    if fault:
        raise InputError(path, 0, fault)
    return schema


def schema_text(schema: Schema, kind: str) -> str:
    """Return a schema as a file of a kind, one of WRITERS."""
    if kind == LABEL_STUDIO:
        return config_of(schema)
    return "".join(f"{line}\n" for line in _tables(schema_plain(schema), "")).lstrip("\n")


def write_schema(schema: Schema, path: Path, kind: str) -> None:
    """Write a schema to a file; what was there before stays until it is written."""
    spare_project(path)
    with replacing(path) as file:
        file.write(schema_text(schema, kind).encode())


def _tables(plain: Mapping[str, object], place: str) -> Iterator[str]:
    """Walk over the lines of a TOML table: what is empty is left out, lists of tables come last."""
    inner: list[tuple[str, list[Mapping[str, object]]]] = []
    for key, value in plain.items():
        if value in ("", False, [], {}):
            continue
        if isinstance(value, list) and isinstance(value[0], Mapping):
            inner.append((f"{place}{key}", value))
        else:
            yield f"{_key(key)} = {_inline(value)}"
    for name, tables in inner:
        for table in tables:
            yield f"\n[[{name}]]"
            yield from _tables(table, f"{name}.")


def _inline(value: object) -> str:
    """Return a value on one line; a text in TOML is written as in JSON."""
    if isinstance(value, Mapping):
        entries = [f"{_key(key)} = {_inline(entry)}" for key, entry in value.items()]
        return f"{{ {', '.join(entries)} }}" if entries else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return orjson.dumps(value).decode().replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return (
        key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _inline(key)
    )
