"""A table as a value knows the columns that the file has."""

from pathlib import Path

import pytest

from annotator.store.events.log import EVENTS
from annotator.store.tables import table
from annotator.store.tables.table import Table
from tests.store.projects import new_project, query


def columns_in_file(folder: Path, name: str) -> list[object]:
    with new_project(folder, documents=1) as store:
        path = store.path
    return [row[1] for row in query(path, f"PRAGMA table_info({name})")]


TABLES = [value for value in vars(table).values() if isinstance(value, Table)]


@pytest.mark.parametrize("known", [EVENTS, *TABLES], ids=lambda known: known.name)
def test_a_table_s_columns_are_those_of_the_file_in_their_order(
    tmp_path: Path, known: Table
) -> None:
    names = columns_in_file(tmp_path, known.name)
    # The number of a document's row is given by SQLite.
    assert list(known.columns) == [name for name in names if name != "n"]


def test_a_counter_is_a_column_of_the_annotation_set(tmp_path: Path) -> None:
    counters = {known.counter for known in TABLES if known.counter}
    assert counters == {"spans", "relations"}
    assert counters <= set(columns_in_file(tmp_path, "layer"))
