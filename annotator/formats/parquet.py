"""Parquet, a table for training: a row is a record. `_shared/typed_rows.py` names the columns.

Reading and writing need the library pyarrow (the extra “hf”). Read: our own tables, others with a
column `text` (and `spans`), and tables with `tokens` and tags. No formula or code can hide in a
Parquet file; a text that begins with `=` stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.optional import library
from annotator.formats._shared.records import in_layers
from annotator.formats._shared.typed_rows import NUMBER, TEXT, TYPES, Row, RowReader, row_of
from annotator.i18n import _
from annotator.model import Labelled

_ROWS, _ROWS_AT_ONCE = 1000, 100  # written as a group; read together
_LARGEST = 2 * 1024**3
_MAGIC = b"PAR1"


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the first bytes."""
    return 1.0 if head.startswith(_MAGIC) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the rows; one that is wrong is a problem with its number."""
    rows, names = _rows(path)
    reader = RowReader(path, options, report, names)
    for number, row in enumerate(rows, 1):
        try:
            record = reader.record(row, number)
        except RecordError as error:
            report.wrong(path, number, str(error))
            continue
        yield record


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write one row a record."""
    arrow, parquet = library("pyarrow", "hf"), library("pyarrow.parquet", "hf")
    schema = arrow.schema([(key, _arrow_type(arrow, kind)) for key, kind in TYPES.items()])
    rows = (row_of(in_layers(record, options.layers, report)) for record in records)
    with replacing(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as table:
        while chunk := list(islice(rows, _ROWS)):
            table.write_table(arrow.Table.from_pylist(chunk, schema=schema))
    return [path]


def _arrow_type(arrow: Any, kind: object) -> object:
    """Return the type of a column in pyarrow's terms."""
    if isinstance(kind, list):
        return arrow.list_(_arrow_type(arrow, kind[0]))
    if isinstance(kind, Mapping):
        return arrow.struct([(key, _arrow_type(arrow, inner)) for key, inner in kind.items()])
    return {TEXT: arrow.string(), NUMBER: arrow.int64()}[str(kind)]


def _rows(path: Path) -> tuple[Iterator[Row], dict[str, list[str]]]:
    """Return the rows of a table, and the names of its tags where `datasets` noted them."""
    table, metadata = _opened(path)
    names = _tag_names(metadata.get(b"huggingface", b"{}"))
    return _rows_of(table, path), names


def _opened(path: Path) -> tuple[Any, Mapping[bytes, bytes]]:
    """Return a table and its metadata; one that is damaged or too large is an InputError."""
    arrow, parquet = library("pyarrow", "hf"), library("pyarrow.parquet", "hf")
    try:
        table = parquet.ParquetFile(path)
        metadata: Mapping[bytes, bytes] = table.schema_arrow.metadata or {}
        groups = [table.metadata.row_group(number) for number in range(table.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
    except (arrow.ArrowException, OSError) as error:
        reason = _("this is no Parquet file, or it is damaged: {reason}")
        raise InputError(path, 0, reason.format(reason=str(error).strip())) from error
    if size > _LARGEST:
        table.close()
        reason = _("the table would be larger than {size} MB when unpacked")
        raise InputError(path, 0, reason.format(size=_LARGEST // 2**20))
    return table, metadata


def _rows_of(table: Any, path: Path) -> Iterator[Row]:
    arrow = library("pyarrow", "hf")
    try:
        with table:
            for batch in table.iter_batches(_ROWS_AT_ONCE):
                yield from batch.to_pylist()
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = _("the Parquet file is damaged: {reason}")
        raise InputError(path, 0, reason.format(reason=str(error).strip())) from error


def _tag_names(noted: bytes) -> dict[str, list[str]]:
    """Return the names of each column's tags, as the library `datasets` notes them in a table.

    {} where it did not.
    """
    names: dict[str, list[str]] = {}
    try:
        for key, feature in orjson.loads(noted)["info"]["features"].items():
            # A column of lists has the names one step further in.
            inner = feature.get("feature", feature) if isinstance(feature, dict) else None
            if isinstance(inner, dict) and "names" in inner:
                names[key] = [str(name) for name in inner["names"]]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return {}
    return names


FORMAT = Format(
    id="parquet",
    name="Parquet",
    extensions=(".parquet",),
    sniff=sniff,
    read=read,
    write=write,
    loses=("keys",),
)
