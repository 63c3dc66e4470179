"""Label Studio's labeling configuration: made of every schema that ships, and read into one."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.label_studio import config_of, schema_of_config
from annotator.model import AttributeType, Label, Layer, Names, Schema
from annotator.model.schema_files import faults, load_schema, presets


def _read(tmp_path: Path, content: str) -> Schema:
    path = tmp_path / "Our config.xml"
    path.write_text(content, "utf-8")
    return schema_of_config(path)


@pytest.mark.parametrize("name", [name for name in presets() if name != "blank"])
def test_a_configuration_keeps_labels_keys_colours_attributes_and_relations(
    name: str, tmp_path: Path
) -> None:
    schema = load_schema(name)
    found = _read(tmp_path, config_of(schema))
    assert list(faults(found)) == []
    told = [
        (layer.id, [(label.id, label.key, label.color) for label in layer.labels])
        for layer in schema.layers
    ]
    assert [
        (layer.id, [(label.id, label.key, label.color) for label in layer.labels])
        for layer in found.layers
    ] == told
    for _layer, label in schema.labels():
        entry = found.find_label(label.id)
        assert entry
        assert {attribute.id for attribute in entry[1].attributes} == {
            attribute.id for attribute in label.attributes
        }
        assert entry[1].guideline.in_language("en") == label.guideline.in_language("en")
    assert [(entry.id, entry.color) for entry in found.relations] == [
        (entry.id, entry.color) for entry in schema.relations
    ]
    assert {entry.id for entry in found.attributes} == {entry.id for entry in schema.attributes}


def test_attributes_of_one_name_become_one_control_and_retired_labels_none(tmp_path: Path) -> None:
    first = AttributeType("sure", Names({}), "choice", ("yes",))
    labels = (
        Label("A", Names({}), attributes=(first, AttributeType("free", Names({}), "text"))),
        Label(
            "B",
            Names({}),
            attributes=(replace(first, values=("no",)), AttributeType("seen", Names({}), "flag")),
        ),
        Label("C", Names({}), retired=True),
    )
    about = AttributeType("sure", Names({}), "choice", ("x",), required=True)
    schema = Schema("s", 1, Names({}), (Layer("l", Names({}), labels=labels),), attributes=(about,))
    found = _read(tmp_path, config_of(schema))
    kinds = {
        label.id: [(entry.id, entry.kind, entry.values) for entry in label.attributes]
        for _layer, label in found.labels()
    }
    assert kinds == {
        "A": [("sure", "choice", ("yes", "no")), ("free", "text", ())],
        "B": [("sure", "choice", ("yes", "no")), ("seen", "flag", ())],
    }
    assert [(entry.id, entry.required) for entry in found.attributes] == [("document-sure", True)]


def test_other_peoples_configurations_are_read_as_far_as_they_are_of_texts(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        """<View><Text name="t" value="$text"/><Image name="i" value="$image"/>
        <RectangleLabels name="r" toName="i"><Label value="Car"/></RectangleLabels>
        <Labels name="ner" toName="t"><Label value="Ұйым" background="red" hotkey="o"/>
        <Label value="Person" alias="PER" background="#abc" hotkey="o"/><Label value="Ұйым"/>
        <Label value="Z" background="rgba(1,2,3)" hotkey="ctrl+z"/></Labels>
        <Choices name="tone" toName="t"><Choice value="good"/><Choice value="bad"/></Choices>
        <Choices name="far" toName="i"><Choice value="x"/></Choices></View>""",
    )
    assert (found.id, list(faults(found))) == ("our-config", [])
    assert [(label.id, label.key, label.color) for _layer, label in found.labels()] == [
        ("Ұйым", "O", "#FF0000"),
        ("PER", "", "#aabbcc"),
        ("Z", "", "#777777"),
    ]
    assert [(entry.id, entry.values) for entry in found.attributes] == [("tone", ("good", "bad"))]


def test_a_configuration_without_labels_for_a_text_is_refused(
    tmp_path: Path, shared_data: Path
) -> None:
    for content in (
        "<View/>",
        '<View><Image name="i"/><Labels name="l" toName="i"><Label value="A"/></Labels></View>',
        "<View>",
    ):
        with pytest.raises(InputError):
            _read(tmp_path, content)
    with pytest.raises(InputError, match="no labels for a text"):
        schema_of_config(shared_data / "labelstudio/test_export_json_min/label_config.xml")
