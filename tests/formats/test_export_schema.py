"""docs/export.schema.json says what the export writes, no less and no more."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from annotator.formats._shared.json_record import KEYS, RELATION_KEYS, SPAN_KEYS
from annotator.formats._shared.json_write import plain_record
from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.model import DIRECTIONS, IMPLICIT, STATUSES, Labelled
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from annotator.store import Store
from tests.formats.json_schema import Checker
from tests.formats.round_trip import records
from tests.house.rules import ROOT

SCHEMA = orjson.loads((ROOT / "docs/export.schema.json").read_bytes())
CHECKER = Checker(SCHEMA)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Return the lines of an export of the samples: three languages, two annotators and gold."""
    folder: Path = tmp_path_factory.mktemp("export")
    with Store.create(folder / "samples.annot", load_schema("news")) as store:
        import_files(store, sample_files(), ImportOptions(), "")
        export_records(store, folder / "out.jsonl", ExportOptions())
    return [orjson.loads(line) for line in (folder / "out.jsonl").read_bytes().splitlines()]


def test_every_line_of_an_export_fits_the_schema(lines: list[Any]) -> None:
    assert len(lines) > 20
    assert [complaint for line in lines for complaint in CHECKER.complaints(line)] == []
    assert any(relation["implicit"] for line in lines for relation in line["relations"])


@given(record=records())
def test_whatever_a_project_can_hold_fits_the_schema(record: Labelled) -> None:
    line = orjson.loads(orjson.dumps(plain_record(record)))
    assert CHECKER.complaints(line) == []


def test_the_schema_names_the_keys_and_values_that_the_program_knows() -> None:
    properties, parts = SCHEMA["properties"], SCHEMA["$defs"]
    assert tuple(key for key in properties if key != "paragraph_directions") == KEYS
    assert tuple(SCHEMA["required"]) == KEYS
    for part, keys in (("span", SPAN_KEYS), ("relation", RELATION_KEYS)):
        assert tuple(parts[part]["properties"]) == tuple(parts[part]["required"]) == keys
    assert tuple(properties["status"]["enum"]) == STATUSES
    assert tuple(properties["direction"]["enum"]) == DIRECTIONS
    assert tuple(parts["relation"]["properties"]["implicit"]["enum"]) == (*IMPLICIT, None)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("status",), "finished"),
        (("offset_unit",), "utf-16"),
        (("text_sha256",), "0"),
        (("schema",), "news"),
        (("colour",), "red"),
        (("paragraph_directions",), [[0, "auto"]]),
        (("attributes",), {"topic": None}),
        (("spans", 0, "start"), -1),
        (("spans", 0, "start"), True),
        (("spans", 0, "fragments"), []),
        (("spans", 0, "fragments"), [[0]]),
        (("spans", 0, "label"), ""),
        (("relations", 0, "implicit"), "nobody"),
        (("relations", 0, "child"), None),
    ],
)
def test_a_line_that_the_program_would_not_write_is_refused(
    lines: list[Any], place: tuple[str | int, ...], value: object
) -> None:
    explicit = (line for line in lines if line["relations"] and line["relations"][0]["child"])
    line = orjson.loads(orjson.dumps(next(explicit)))
    *outer, key = place
    inner = line
    for part in outer:
        inner = inner[part]
    inner[key] = value
    assert CHECKER.complaints(line)


def test_a_key_that_is_missing_is_found(lines: list[Any]) -> None:
    for key in KEYS:
        line = {name: value for name, value in lines[0].items() if name != key}
        assert CHECKER.complaints(line) == [f"{key} is missing"]
