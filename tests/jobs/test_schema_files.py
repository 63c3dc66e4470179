"""A schema as a file.

What is written as TOML is read as the same schema, and Label Studio's configurations make projects.
"""

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.jobs.schema_files import LABEL_STUDIO, TOML, schema_from, schema_text, write_schema
from annotator.model import AttributeType, Label, Layer, Names, Schema
from annotator.model.schema_files import load_schema, presets


@pytest.mark.parametrize("name", list(presets()))
def test_a_schema_written_as_toml_is_read_as_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    write_schema(load_schema(name), path, TOML)
    assert schema_from(str(path)) == load_schema(name)


def test_odd_names_survive_toml(tmp_path: Path) -> None:
    odd = 'a "b" \\ \n\t\x7f 😊 = [x]'
    attribute = AttributeType(
        "s", Names({"fa": odd}), "choice", ("a.b", "ب"), {"a.b": Names({"en": "x"})}, {"a.b": "K"}
    )
    layer = Layer(
        "l",
        Names({"en": odd}),
        labels=(Label("L", Names({}), guideline=Names({"ru": odd}), attributes=(attribute,)),),
    )
    schema = Schema("s", 3, Names({}), (layer,), open=True)
    path = tmp_path / "odd.toml"
    write_schema(schema, path, TOML)
    assert schema_from(str(path)) == schema


def test_a_labeling_configuration_is_a_schema_if_its_names_are_sound(tmp_path: Path) -> None:
    path = tmp_path / "config.XML"
    write_schema(load_schema("entities"), path, LABEL_STUDIO)
    assert [label.id for _layer, label in schema_from(str(path)).labels()] == [
        label.id for _layer, label in load_schema("entities").labels()
    ]
    path.write_text(
        schema_text(load_schema("entities"), LABEL_STUDIO).replace(
            'value="PER"', 'value="PER\u202e"'
        ),
        "utf-8",
    )
    with pytest.raises(InputError, match="invisible"):
        schema_from(str(path))
