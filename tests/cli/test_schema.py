"""`annotator schema`, and `annotator new` with the schema of another program."""

from pathlib import Path

from annotator.model.schema_files import load_schema, read_schema
from tests.cli.run import Caller


def test_a_schema_goes_to_label_studio_and_comes_back(cli: Caller, tmp_path: Path) -> None:
    cli("new", tmp_path / "a.annot", "--schema", "news", "--annotator", "sara")
    config = tmp_path / "config.xml"
    cli("schema", tmp_path / "a.annot", "-o", config)
    assert '<Label value="PER" background="#0072B2" hotkey="1"' in config.read_text("utf-8")
    cli("new", tmp_path / "b.annot", "--schema", config, "--annotator", "sara")
    told = cli("schema", tmp_path / "b.annot", "--to", "label-studio").out
    assert "<Relations>" in told
    assert told.count("<Label ") == config.read_text("utf-8").count("<Label ")


def test_a_schema_as_toml_makes_the_same_project(cli: Caller, tmp_path: Path) -> None:
    cli("new", tmp_path / "a.annot", "--schema", "news", "--annotator", "sara")
    cli("schema", tmp_path / "a.annot", "-o", tmp_path / "copy.toml")
    assert read_schema(tmp_path / "copy.toml") == load_schema("news")


def test_a_configuration_without_labels_says_so(cli: Caller, tmp_path: Path) -> None:
    (tmp_path / "config.xml").write_text("<View/>", "utf-8")
    done = cli("new", tmp_path / "a.annot", "--schema", tmp_path / "config.xml")
    assert (done.code, "no labels for a text" in done.err) == (1, True)
