"""Records ↔ rows of a table with one type a column, as Parquet and Hugging Face want them.

A row has the keys of the format of record; what may hold any values (attributes, metadata,
directions of paragraphs) is JSON in a text.
"""

from collections.abc import Mapping
from pathlib import Path

import orjson

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.json_record import RecordError, RecordReader
from annotator.formats._shared.json_write import plain_record
from annotator.formats._shared.records import layer_finder
from annotator.i18n import _
from annotator.model import Labelled
from annotator.text.tag_schemes import tags_to_entities

Row = Mapping[str, object]
MARK = "text_sha256"
_LOOSE = ("attributes", "meta", "paragraph_directions")
_SUFFIX = "_json"
TEXT, NUMBER = "string", "int64"
SPAN_TYPES = {
    **dict.fromkeys(("id", "layer", "label"), TEXT),
    **dict.fromkeys(("start", "end"), NUMBER),
    "text": TEXT,
    "fragments": [[NUMBER]],
    **dict.fromkeys(("attributes_json", "note", "origin"), TEXT),
}
RELATION_TYPES = dict.fromkeys(
    ("id", "label", "head", "child", "implicit", "attributes_json"), TEXT
)
TYPES = {
    **dict.fromkeys(
        (MARK, "id", "name", "text", "language", "direction", "annotator", "status"), TEXT
    ),
    "spans": [SPAN_TYPES],
    "relations": [RELATION_TYPES],
    **dict.fromkeys(
        ("attributes_json", "meta_json", "paragraph_directions_json", "schema", "offset_unit"), TEXT
    ),
}
"""The type of each column.

A list holds the type of its elements, a dictionary those of its fields.
"""


def row_of(record: Labelled) -> dict[str, object]:
    """Return the row of a record, its keys as in TYPES."""
    plain = plain_record(record)
    found = _packed(plain, TYPES)
    found["spans"] = [_packed(span, SPAN_TYPES) for span in _dicts(plain["spans"])]
    found["relations"] = [_packed(entry, RELATION_TYPES) for entry in _dicts(plain["relations"])]
    return found


def _packed(plain: Row, types: Mapping[str, object]) -> dict[str, object]:
    packed: dict[str, object] = {}
    for key in types:
        if key.endswith(_SUFFIX):
            packed[key] = orjson.dumps(plain.get(key.removesuffix(_SUFFIX))).decode()
        else:
            packed[key] = plain[key]
    return packed


def _dicts(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


class RowReader:
    """Makes records of rows: ours, others with `text` and `spans`, others with tokens and tags."""

    def __init__(
        self,
        path: Path,
        options: ReadOptions,
        report: Report,
        names: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._reader = RecordReader(
            path.name, options, report, layer_finder(options.schema, options.layer)
        )
        self._options, self._names = options, names or {}

    def record(self, row: Row, number: int) -> Labelled:
        """Return the record of the n-th row, or raise a RecordError."""
        plain = _unpacked(row)
        if "text" not in plain:
            text = self._options.columns.get("text", "")
            if text in plain:
                plain["text"] = plain.pop(text)
            elif isinstance(plain.get("tokens"), list):
                plain = self._of_tokens(plain)
        plain["spans"] = [_unpacked(span) for span in _dicts(plain.get("spans"))]
        plain["relations"] = [_unpacked(entry) for entry in _dicts(plain.get("relations"))]
        return self._reader.record(plain, number)

    def _of_tokens(self, plain: dict[str, object]) -> dict[str, object]:
        """Return a row of tokens and tags as one of spans, on the tokens joined by one space."""
        listed = plain.pop("tokens")
        tokens = [str(token) for token in listed] if isinstance(listed, list) else []
        key = next((key for key in plain if key.endswith("tags")), "")
        tags = plain.pop(key, [])
        names = self._names.get(key, [])
        spans: list[dict[str, object]] = []
        if isinstance(tags, list) and tags:
            spans = _tagged_spans(tokens, [_named(tag, names) for tag in tags])
        return {**plain, "text": " ".join(tokens), "spans": spans}


def _tagged_spans(tokens: list[str], tags: list[str]) -> list[dict[str, object]]:
    """Return what tags say of tokens as plain spans."""
    if len(tags) != len(tokens):
        reason = _("there are {tokens} tokens and {tags} tags")
        raise RecordError(reason.format(tokens=len(tokens), tags=len(tags)))
    starts = _starts(tokens)
    spans: list[dict[str, object]] = []
    for label, first, last_exclusive in tags_to_entities(tags)[0]:
        last = last_exclusive - 1
        end = starts[last] + len(tokens[last])
        spans.append({"label": label, "start": starts[first], "end": end})
    return spans


def _starts(tokens: list[str]) -> list[int]:
    starts, place = [], 0
    for token in tokens:
        starts.append(place)
        place += len(token) + 1
    return starts


def _named(tag: object, names: list[str]) -> str:
    """Return a tag's name; a number needs the list of names of the dataset's card or the file."""
    if isinstance(tag, str):
        return tag
    if isinstance(tag, int) and 0 <= tag < len(names):
        return names[tag]
    raise RecordError(
        _("the tag {tag} has no name; the dataset should list the names of its tags").format(
            tag=tag
        )
    )


def _unpacked(row: Row) -> dict[str, object]:
    """Return a row with its JSON texts parsed; of which kind they are is checked later."""
    plain: dict[str, object] = {}
    for key, value in row.items():
        name = key.removesuffix(_SUFFIX)
        if name == key or name not in _LOOSE or not isinstance(value, str):
            plain[key] = value
            continue
        try:
            plain[name] = orjson.loads(value) if value else None
        except orjson.JSONDecodeError as error:
            raise RecordError(
                _("the column {column} is not JSON: {reason}").format(column=key, reason=error.msg)
            ) from error
    return plain
