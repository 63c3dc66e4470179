"""What is remembered on this machine: typed, atomic, never in the way."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import settings
from annotator.settings import RECENT_KEPT, SETTINGS, Setting, Settings, settings_path

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_what_is_chosen_is_there_the_next_time() -> None:
    Settings().choose(zoom=140, appearance="dark", invisibles=True)
    again = Settings()
    assert (again.number("zoom"), again.text("appearance"), again.flag("invisibles")) == (
        140,
        "dark",
        True,
    )


def test_what_nobody_chose_is_not_written() -> None:
    Settings().choose(zoom=100)
    assert not settings_path().exists()


def test_an_unknown_name_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        Settings().choose(colour="red")


@given(content=st.binary(max_size=200) | ANYTHING.map(orjson.dumps))
def test_a_broken_file_counts_as_empty(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_bytes(content)
    found = Settings(path)
    assert type(found.number("zoom")) is int
    assert all(isinstance(name, str) for name in found.texts("recent"))


@given(values=st.fixed_dictionaries({}, optional={entry.name: ANYTHING for entry in SETTINGS}))
def test_a_value_of_the_wrong_kind_is_passed_over(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_bytes(orjson.dumps(values))
    found = Settings(path)
    for entry in SETTINGS:
        value = found._value(entry.name)
        assert type(value) is type(entry.default)


def test_a_list_of_other_things_is_no_list_of_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"recent": ["a.annot", 7, null]}')
    assert Settings(path).texts("recent") == []


def test_a_renamed_setting_keeps_what_was_chosen_under_its_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"text_size": 130}')
    monkeypatch.setattr(settings, "SETTINGS", (Setting("zoom", 100, "Size.", old=("text_size",)),))
    assert Settings(path).number("zoom") == 130


def test_recent_projects_are_the_newest_first_each_once_and_not_too_many(tmp_path: Path) -> None:
    kept = Settings()
    for number in range(RECENT_KEPT + 5):
        kept.opened(tmp_path / f"{number}.annot")
    kept.opened(tmp_path / "10.annot")
    recent = Settings().texts("recent")
    assert recent[0] == str(tmp_path / "10.annot")
    assert len(recent) == len(set(recent)) == RECENT_KEPT
    kept.forget(recent[0])
    assert recent[0] not in Settings().texts("recent")


def test_a_folder_that_takes_nothing_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = Settings(tmp_path / "file" / "settings.json")
    kept.choose(zoom=150)
    assert kept.number("zoom") == 150


def test_writing_leaves_no_other_file_behind(tmp_path: Path) -> None:
    Settings(tmp_path / "settings.json").choose(zoom=150)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_every_setting_says_what_it_is_for() -> None:
    assert all(entry.help.endswith(".") for entry in SETTINGS)
    names = [name for entry in SETTINGS for name in (entry.name, *entry.old)]
    assert len(names) == len(set(names))
