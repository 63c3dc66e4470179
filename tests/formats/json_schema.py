"""As much of JSON Schema (draft 2020-12) as the schema of the export uses.

A keyword that is not known here is an error, so that the schema cannot say what nobody checks.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Plain = Any  # whatever JSON holds
Complaints = Iterator[str]
ABOUT = {"$schema", "$defs", "title", "description", "required"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


class Checker:
    """Checks values against one schema."""

    def __init__(self, schema: Plain) -> None:
        self._root = schema
        self._keywords: dict[str, Callable[[Plain, Plain, Plain], Complaints]] = {
            "$ref": self._ref,
            "type": _type,
            "enum": _enum,
            "const": _const,
            "pattern": _pattern,
            "minimum": _minimum,
            "minLength": _shortest,
            "minItems": _shortest,
            "maxItems": _longest,
            "properties": self._properties,
            "additionalProperties": self._other_properties,
            "items": self._items,
            "prefixItems": self._first_items,
            "anyOf": self._any_of,
        }

    def complaints(self, value: Plain) -> list[str]:
        """Return what is wrong with a value."""
        return list(self._check(value, self._root))

    def _check(self, value: Plain, schema: Plain) -> Complaints:
        unknown = schema.keys() - self._keywords.keys() - ABOUT
        assert not unknown, f"keywords that nobody checks: {sorted(unknown)}"
        for keyword, check in self._keywords.items():
            if keyword in schema:
                yield from check(value, schema[keyword], schema)

    def _ref(self, value: Plain, path: Plain, _schema: Plain) -> Complaints:
        target = self._root
        for part in path.removeprefix("#/").split("/"):
            target = target[part]
        yield from self._check(value, target)

    def _properties(self, value: Plain, properties: Plain, schema: Plain) -> Complaints:
        if not isinstance(value, dict):
            return
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{name} is missing"
        for name, entry in value.items():
            if name in properties:
                for complaint in self._check(entry, properties[name]):
                    yield f"{name}: {complaint}"

    def _other_properties(self, value: Plain, allowed: Plain, schema: Plain) -> Complaints:
        if not isinstance(value, dict):
            return
        for name in value.keys() - schema.get("properties", {}).keys():
            if allowed is False:
                yield f"{name} is not known"
            else:
                yield from self._check(value[name], allowed)

    def _items(self, value: Plain, schema_of_items: Plain, _schema: Plain) -> Complaints:
        for entry in value if isinstance(value, list) else ():
            yield from self._check(entry, schema_of_items)

    def _first_items(self, value: Plain, schemas: Plain, _schema: Plain) -> Complaints:
        if isinstance(value, list):
            # How many there are is for minItems and maxItems to say.
            for entry, schema in zip(value, schemas, strict=False):
                yield from self._check(entry, schema)

    def _any_of(self, value: Plain, schemas: Plain, _schema: Plain) -> Complaints:
        found = [list(self._check(value, schema)) for schema in schemas]
        if all(found):
            yield f"{value!r} fits none: {found}"


def _type(value: Plain, names: Plain, _schema: Plain) -> Complaints:
    wanted = [names] if isinstance(names, str) else names
    if not any(_is_of(value, name) for name in wanted):
        yield f"{value!r} is not of type {names}"


def _is_of(value: Plain, name: str) -> bool:
    # JSON's true is no number, though Python's is.
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _enum(value: Plain, values: Plain, _schema: Plain) -> Complaints:
    if value not in values:
        yield f"{value!r} is none of {values}"


def _const(value: Plain, wanted: Plain, _schema: Plain) -> Complaints:
    if value != wanted:
        yield f"{value!r} is not {wanted!r}"


def _pattern(value: Plain, pattern: Plain, _schema: Plain) -> Complaints:
    if isinstance(value, str) and not re.search(pattern, value):
        yield f"{value!r} does not match {pattern}"


def _minimum(value: Plain, least: Plain, _schema: Plain) -> Complaints:
    if isinstance(value, int | float) and value < least:
        yield f"{value} is less than {least}"


def _shortest(value: Plain, least: Plain, _schema: Plain) -> Complaints:
    if isinstance(value, str | list) and len(value) < least:
        yield f"{value!r} is shorter than {least}"


def _longest(value: Plain, most: Plain, _schema: Plain) -> Complaints:
    if isinstance(value, list) and len(value) > most:
        yield f"{value!r} is longer than {most}"
