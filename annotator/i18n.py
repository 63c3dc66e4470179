"""Interface language: gettext, messages with names in them, and the direction of the language.

`_` translates a sentence, `ngettext` chooses it by count, `N_` only marks a text that is declared
and translated where it is shown. What `_` gives is a `Message`: a text that knows its template and
its fields, so that each face shows the names in it in its own way, also after a change of language.
A window isolates them (each keeps its own direction); what goes into a pipe or a file is plain.
"""

import gettext
import os
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self

from annotator.errors import clean, isolate
from annotator.resources import resource

SOURCE_LANGUAGE = "en"
LANGUAGES = (SOURCE_LANGUAGE, "fa", "kk", "ru")
RIGHT_TO_LEFT = frozenset({"fa"})

_state = {"language": SOURCE_LANGUAGE}
_catalogue: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def use_language(code: str | None = None) -> str:
    """Take the interface language by its code, or from the environment; return the one in use.

    A language without a catalogue gives English as a whole: no mirrored window with English words.
    """
    wanted = (
        code
        or os.environ.get("LANGUAGE")
        or os.environ.get("LC_ALL")
        or os.environ.get("LANG")
        or SOURCE_LANGUAGE
    )
    short = wanted.split(":")[0].split("_")[0].split(".")[0].lower()
    catalogue = resource(f"locale/{short}/LC_MESSAGES/annotator.mo")
    if short in LANGUAGES and short != SOURCE_LANGUAGE and catalogue.is_file():
        _state["language"] = short
        with catalogue.open("rb") as file:
            _catalogue[0] = gettext.GNUTranslations(file)
    else:
        _state["language"] = SOURCE_LANGUAGE
        _catalogue[0] = gettext.NullTranslations()
    return _state["language"]


def language() -> str:
    """Return the code of the interface language."""
    return _state["language"]


def is_right_to_left(code: str | None = None) -> bool:
    """Return whether the interface language (or the given one) is written from right to left."""
    return (code or _state["language"]) in RIGHT_TO_LEFT


class Source(NamedTuple):
    """What a message is translated from; `plural` and `number` where it was chosen by a count."""

    text: str
    plural: str = ""
    number: int = 0

    def translated(self) -> str:
        """Return the template in the language in use."""
        if self.plural:
            return _catalogue[0].ngettext(self.text, self.plural, self.number)
        return _catalogue[0].gettext(self.text)


class Message(str):
    """A sentence for a person: a text, and the template and fields that it was made of."""

    __slots__ = ("fields", "source")
    source: Source
    fields: Mapping[str, object]

    def __new__(cls, source: Source, fields: Mapping[str, object] | None = None) -> Self:
        """Make the text as this program's face shows it."""
        made = super().__new__(cls, _filled(source.translated(), fields or {}, _show[0]))
        made.source, made.fields = source, fields or {}
        return made

    # A str is copied by its letters alone, which is what its stubs promise.
    def __getnewargs__(self) -> tuple[Source, Mapping[str, object]]:  # type: ignore[override]
        """Return what a copy is made of; a plain text would be made of its letters."""
        return self.source, self.fields

    def format(self, *args: object, **fields: object) -> "Message":
        """Return the message with names in the place of its fields."""
        if args:
            raise TypeError("The fields of a message have names.")
        return Message(self.source, {**self.fields, **fields})

    def shown(self, show: Callable[[str], str]) -> str:
        """Return the text in the language in use, with each name in it as `show` gives it."""
        return _filled(self.source.translated(), self.fields, show)


def _filled(template: str, fields: Mapping[str, object], show: Callable[[str], str]) -> str:
    if not fields:  # then braces in it are not fields either
        return template
    shown: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, Message):
            shown[name] = value.shown(show)
        elif isinstance(value, str):
            shown[name] = show(value)
        else:
            shown[name] = value
    return template.format(**shown)


_show: list[Callable[[str], str]] = [clean]


def isolate_names(*, on: bool) -> None:
    """Let the names in messages keep their own direction (for a window), or stay plain."""
    _show[0] = isolate if on else clean


def plain(text: str) -> str:
    """Return a text for a file or a pipe: the names in it as they are, without isolates."""
    return text.shown(clean) if isinstance(text, Message) else text


def _(message: str) -> Message:
    """Translate a whole sentence or label."""
    return Message(Source(message))


def ngettext(singular: str, plural: str, count: int) -> Message:
    """Translate a sentence that holds a count."""
    return Message(Source(singular, plural, count))


def name_list(names: Iterable[str], more: str = "") -> Message:
    """Return names one after the other, and `more` behind them; "–" where there are none."""
    fields = {f"name{number}": name for number, name in enumerate(names)}
    template = ", ".join(f"{{{field}}}" for field in fields)
    if fields:
        template += more
    return Message(Source(template or "–"), fields)


def _marked(message: str) -> str:
    return message


N_: Callable[[str], str] = _marked
