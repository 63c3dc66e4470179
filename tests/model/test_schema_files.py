"""Label schemas: the presets, TOML files, and what is refused in them."""

from pathlib import Path

import pytest

from annotator.errors import InputError, UserError
from annotator.model.plain import schema_of, schema_plain
from annotator.model.schema_files import faults, load_schema, name_fault, presets, read_schema

HEAD = 'id = "mine"\nversion = 1\nname = "Mine"\n'
LABEL = '[[layers]]\nid = "entities"\n[[layers.labels]]\nid = "PER"\nkey = "1"\n'
VALUE = '[[layers.labels.attributes]]\nid = "mode"\nvalues = ["a", "b"]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(presets()))
def test_a_preset_is_sound_and_survives_its_plain_form(name: str) -> None:
    schema = load_schema(name)
    assert schema.id == name
    assert list(faults(schema)) == []
    assert schema_of(schema_plain(schema)) == schema
    for _layer, label in schema.labels():
        assert set(label.names.by_language) == {"en", "fa", "kk", "ru"}


def test_presets_come_richest_first() -> None:
    assert list(presets())[:3] == ["news", "entities", "blank"]


def test_the_news_schema_has_what_the_program_exists_for() -> None:
    news = load_schema("news")
    assert {layer.look for layer in news.layers} == {"entity", "claim", "stance"}
    holder, target = news.find_relation("holder"), news.find_relation("target")
    assert holder is not None
    assert holder.implicit == ("author", "unknown")
    assert target is not None
    assert "CLAIM" in target.children
    assert {rule.needs for rule in news.rules} == {"holder", "target", "polarity"}


def test_only_the_blank_schema_is_open() -> None:
    assert [name for name in presets() if load_schema(name).open] == ["blank"]


def test_a_schema_is_read_from_a_file(tmp_path: Path) -> None:
    schema = load_schema(str(written(tmp_path, HEAD + LABEL + VALUE)))
    found = schema.find_label("PER")
    assert found is not None
    assert found[1].attributes[0].values == ("a", "b")
    assert schema.tag == "mine@1"


def test_an_unknown_schema_lists_the_known_ones() -> None:
    with pytest.raises(UserError, match="news, entities, blank"):
        load_schema("nws")


def test_a_missing_file_is_the_users_fault(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_schema(tmp_path / "none.toml")


def test_a_schema_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes('id = "тест"'.encode("cp1251"))
    with pytest.raises(InputError, match="UTF-8"):
        read_schema(path)


def test_broken_toml_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_schema(written(tmp_path, HEAD + "oops\n"))
    assert caught.value.problem.line == 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version = 1\n", "schema.id should be a text"),
        ('id = "x"\nversion = "1"\n', "version should be a whole number"),
        ('id = "x"\ncolour = "red"\n', "unknown key “colour”"),
        ('id = "x"\nlayers = 1\n', "should be a list of tables"),
        ('id = "x"\nlayers = [1]\n', "should be a table"),
        (HEAD + LABEL + "examples = [1]\n", "should be a list of texts"),
        (HEAD + LABEL + "name = 1\n", "should be a table"),
        (HEAD + LABEL + "name = {en = 1}\n", "should hold texts only"),
        (HEAD + LABEL + 'color = "red"\n', "#RRGGBB"),
        (HEAD + LABEL + '[[layers.labels]]\nid = "PER"\n', "stands 2 times"),
        (
            HEAD + LABEL + '[[layers.labels]]\nid = "ORG"\nkey = "1"\n',
            "the key 1 is given to PER, ORG",
        ),
        (
            HEAD + LABEL + '[[relations]]\nid = "of"\nkey = "1"\n',
            "is given to PER, of",
        ),
        (HEAD + LABEL + VALUE + 'keys = {a = "1"}\n', "is the key of a label or relation too"),
        (HEAD + LABEL + VALUE + 'keys = {a = "x", b = "X"}\n', "the key X is given to"),
        (
            HEAD + LABEL + VALUE + 'required = true\nkeys = {a = "1"}\n',
            "the key 1 is given to PER, PER.mode",
        ),
        (HEAD + LABEL + VALUE + 'keys = {c = "X"}\n', "speaks of c"),
        (HEAD + LABEL + VALUE + 'kind = "colour"\n', "the kind of attribute"),
        (HEAD + LABEL + '[[layers.labels.attributes]]\nid = "mode"\n', "a choice without values"),
        (HEAD + '[[layers]]\nid = "e"\nlook = "box"\n', "the look of layer"),
        (HEAD + LABEL + '[[relations]]\nid = "of"\nheads = ["ORG"]\n', "no label of this schema"),
        (HEAD + LABEL + '[[relations]]\nid = "of"\nimplicit = ["reader"]\n', "implicit argument"),
        (HEAD + LABEL + '[[rules]]\nlabel = "ORG"\nneeds = "x"\n', "a rule speaks of ORG"),
        (
            HEAD + LABEL + '[[rules]]\nlabel = "PER"\nneeds = "x"\n',
            "neither a relation nor an attribute",
        ),
    ],
)
def test_a_faulty_schema_is_refused_with_the_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read_schema(written(tmp_path, text))
    assert reason in caught.value.problem.reason


def test_two_required_values_of_different_labels_may_not_share_a_key(tmp_path: Path) -> None:
    required = VALUE + 'required = true\nkeys = {a = "x"}\n'
    text = HEAD + LABEL + required + '[[layers.labels]]\nid = "ORG"\n' + required
    with pytest.raises(InputError, match=r"PER\.mode"):
        read_schema(written(tmp_path, text))


def test_values_of_different_labels_may_share_a_key_when_they_are_not_required(
    tmp_path: Path,
) -> None:
    keyed = VALUE + 'keys = {a = "x"}\n'
    schema = read_schema(
        written(tmp_path, HEAD + LABEL + keyed + '[[layers.labels]]\nid = "ORG"\n' + keyed)
    )
    assert len(list(schema.labels())) == 2


def test_a_retired_label_frees_its_keys(tmp_path: Path) -> None:
    text = (
        HEAD
        + LABEL
        + "retired = true\n"
        + VALUE
        + 'keys = {a = "2"}\n[[layers.labels]]\nid = "ORG"\nkey = "1"\n'
    )
    assert read_schema(written(tmp_path, text)).find_label("ORG") is not None


@pytest.mark.parametrize("name", ["PER", "شخص", "می‌خواهد", "Адам", "a1", "А. Б."])
def test_an_honest_name_is_taken(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        (" PER", "space"),
        ("PER ", "space"),
        ("и\u0306", "NFC"),
        ("PER\u202e", "U+202E"),
        ("PE\u200bR", "U+200B"),
        ("PE\x1bR", "U+001B"),
        ("PE\u00adR", "U+00AD"),
        ("P\ufeffER", "U+FEFF"),
        ("P\U000e0041ER", "U+E0041"),
        ("PE\u2028R", "U+2028"),
        ("PER\ufffe", "U+FFFE"),
        ("PE\u200cR", "between two Arabic letters"),
        ("می\u200c", "between two Arabic letters"),
    ],
)
def test_a_name_that_could_deceive_is_refused(name: str, reason: str) -> None:
    assert reason in name_fault(name)
