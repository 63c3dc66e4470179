"""Messages know their template and names: plain in a pipe, isolated in a window."""

import copy
import gettext
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from annotator import i18n
from annotator.i18n import (
    Message,
    _,
    is_right_to_left,
    isolate_names,
    language,
    name_list,
    ngettext,
    plain,
    use_language,
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave English and plain names behind."""
    isolate_names(on=False)
    yield
    isolate_names(on=False)
    use_language("en")


def test_a_pipe_gets_names_as_they_are_without_controls() -> None:
    message = _("There is no {path}.").format(path="سارا\u202e\x1b.annot")
    assert message == "There is no سارا��.annot."


def test_a_window_isolates_each_name_and_no_number() -> None:
    isolate_names(on=True)
    message = _("{name}: {count}").format(name="سارا", count=3)
    assert message == "\u2068سارا\u2069: 3"
    assert plain(message) == "سارا: 3"


def test_a_message_in_a_message_is_shown_once() -> None:
    isolate_names(on=True)
    inner = _("line {number} of {file}").format(number=2, file="a.txt")
    outer = _("Refused: {reason}.").format(reason=inner)
    assert outer == "Refused: line 2 of \u2068a.txt\u2069."
    assert plain(outer) == "Refused: line 2 of a.txt."


def test_names_in_a_list_are_isolated_one_by_one() -> None:
    isolate_names(on=True)
    assert name_list(["a", "ب"], " …") == "\u2068a\u2069, \u2068ب\u2069 …"
    assert name_list([]) == "–"
    assert plain(name_list(["a{b}", "c"])) == "a{b}, c"


def test_fields_can_be_filled_one_after_the_other() -> None:
    message = _("{one} {two}")
    assert message.format(one="1", two="2") == "1 2"
    with pytest.raises(TypeError):
        message.format("1", "2")


def test_a_message_is_translated_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    one = _("Undo: {title}").format(title="x")
    several = ngettext("{count} span", "{count} spans", 2).format(count=2)

    class Russian(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Undo: {title}": "Отменить: {title}"}.get(message, message)

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return "{count} фрагмента" if n == 2 else msgid1

    monkeypatch.setattr(i18n, "_catalogue", [Russian()])
    assert isinstance(one, Message)
    assert (plain(one), plain(several)) == ("Отменить: x", "2 фрагмента")


@pytest.mark.parametrize("code", ["fa", "fa_IR.UTF-8", "kk", "de", ""])
def test_a_language_without_a_catalogue_is_english_as_a_whole(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(i18n, "resource", tmp_path.joinpath)
    assert use_language(code) == language() == "en"
    assert not is_right_to_left()
    assert _("Undo") == "Undo"


@dataclass
class Holds:
    """A value with a sentence in it."""

    text: str


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        lambda message: asdict(Holds(message))["text"],
    ],
    ids=["copy", "deepcopy", "asdict"],
)
@pytest.mark.parametrize(
    "message",
    [
        _("There is no {path}.").format(path="سارا {x}.annot"),
        ngettext("{count} span", "{count} spans", 2).format(count=2),
        name_list(["a{b}", "c"]),
        _("Undo"),
    ],
)
def test_a_copy_of_a_message_is_the_message(
    message: Message, again: Callable[[Message], str]
) -> None:
    made = again(message)
    assert isinstance(made, Message)
    assert (str(made), made.source, made.fields) == (str(message), message.source, message.fields)
    assert json.loads(json.dumps(made)) == str(message)
