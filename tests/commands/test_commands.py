"""Every command is declared soundly: a title, a help line, keys of its own."""

from collections import Counter

from annotator.commands import commands
from annotator.model.schema_files import load_schema, presets

MENUS = {"annotate", "relation", "adjudicate", "document", "edit", ""}


def test_every_command_says_what_it_is() -> None:
    for name, entry in commands().items():
        assert entry.id == name
        assert entry.title, name
        assert entry.help.endswith("."), name
        assert entry.menu in MENUS, name


def test_no_two_commands_share_a_key() -> None:
    owners = Counter(key for entry in commands().values() for key in entry.keys)
    assert [key for key, times in owners.items() if times > 1] == []


def test_no_key_of_a_schema_is_a_commands() -> None:
    taken = {key.upper() for entry in commands().values() for key in entry.keys}
    for name in presets():
        schema = load_schema(name)
        for _layer, label in schema.labels():
            values = {key for entry in label.attributes for key in entry.keys.values()}
            assert taken.isdisjoint({key.upper() for key in {label.key, *values} if key}), name
        assert taken.isdisjoint({entry.key.upper() for entry in schema.relations if entry.key}), (
            name
        )


def test_the_commands_of_every_area_are_found() -> None:
    assert {name.partition(".")[0] for name in commands()} >= {
        "spans",
        "relations",
        "documents",
        "history",
    }
