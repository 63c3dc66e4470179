"""Whole JSON files and JSON Lines of other tools, parsed, and checked values taken from them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.decode import read_text
from annotator.formats._shared.json_record import RecordError
from annotator.i18n import _
from annotator.model import Labelled

Plain = Mapping[str, object]
_BLANK = re.compile(r"[\s\[,]*")


def parsed_file(path: Path, options: ReadOptions, report: Report) -> object:
    """Return the value of a JSON file; what is no JSON is an InputError with its line."""
    text = read_text(path, options, report).text
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(
            path, error.lineno, _("this is not JSON: {reason}").format(reason=error.msg)
        ) from error
    if "\\u0000" in text:
        raise InputError(path, 0, _("the file holds NUL (U+0000); remove it"))
    return value


def line_of_item(path: Path, options: ReadOptions, number: int) -> int:
    """Return the line where the n-th item (from 0) of a file's list begins, 0 if unknown."""
    text = read_text(path, options, Report()).text
    decoder = json.JSONDecoder()
    place = 0
    try:
        for _time in range(number):
            _value, place = decoder.raw_decode(text, _after_blank(text, place))
    except (json.JSONDecodeError, RecursionError):
        return 0
    return text.count("\n", 0, _after_blank(text, place)) + 1


def _after_blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def parsed_lines(path: Path, options: ReadOptions, report: Report) -> Iterator[tuple[int, Plain]]:
    """Walk over the objects of a JSON Lines file by line number; a faulty line is a problem."""
    for number, line in enumerate(read_text(path, options, report).text.split("\n"), 1):
        if not line or line.isspace():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            reason = _("this is not JSON: {reason} (character {column})").format(
                reason=error.msg, column=error.colno
            )
            report.wrong(path, number, reason)
            continue
        if not isinstance(value, dict):
            report.wrong(path, number, _("a record should be an object"))
        elif "\\u0000" in line:
            report.wrong(path, number, _("the record holds NUL (U+0000); remove it"))
        else:
            yield number, value


def records_of_lines(
    path: Path, options: ReadOptions, report: Report, make: Callable[[Plain, int], Labelled | None]
) -> Iterator[Labelled]:
    """Walk over the records of a JSON Lines file.

    A RecordError is a problem with its line, None leaves a line out.
    """
    for number, plain in parsed_lines(path, options, report):
        try:
            record = make(plain, number)
        except RecordError as error:
            report.wrong(path, number, str(error))
            continue
        if record is not None:
            yield record


def first_object(head: bytes) -> Plain:
    """Return the first line's object, an empty one where the head does not hold it whole."""
    first = next(
        (line for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()), b""
    )
    try:
        value = orjson.loads(first)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def object_of(value: object, what: str) -> Plain:
    """Return an object, or raise a RecordError that names what should be one."""
    if not isinstance(value, dict):
        raise RecordError(_("{what} should be an object").format(what=what))
    return value


def objects_at(plain: Plain, key: str) -> list[Plain]:
    """Return a list of objects; a missing one is empty."""
    return [object_of(entry, key) for entry in list_at(plain, key)]


def list_at(plain: Plain, key: str) -> list[object]:
    """Return a list; a missing one is empty."""
    value = plain.get(key)
    if value is not None and not isinstance(value, list):
        raise RecordError(_("{key} should be a list").format(key=key))
    return value or []


def object_at(plain: Plain, key: str) -> Plain:
    """Return an object; a missing one is empty."""
    value = plain.get(key)
    return {} if value is None else object_of(value, key)


def text_at(plain: Plain, key: str, default: str | None = "") -> str:
    """Return a text; a missing one is the default, or a RecordError where that is None."""
    value = plain.get(key)
    value = default if value is None else value
    if value is None:
        raise RecordError(_("the key {key} is missing").format(key=key))
    if not isinstance(value, str):
        raise RecordError(
            _("{key} should be a text, not {value}").format(key=key, value=repr(value)[:60])
        )
    return value


def offset_at(plain: Plain, key: str) -> int:
    """Return an offset."""
    return offset_of(plain.get(key), key)


def offset_of(value: object, key: str) -> int:
    """Return an offset, or raise a RecordError that names the key."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise RecordError(
            _("the {key} of a span should be a whole number, not {value}").format(
                key=key, value=repr(value)[:60]
            )
        )
    return value


def apart_from(plain: Plain, known: Iterable[str]) -> dict[str, object]:
    """Return what an object holds beside the known keys."""
    left_out = set(known)
    return {key: value for key, value in plain.items() if key not in left_out}
