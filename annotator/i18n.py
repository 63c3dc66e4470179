"""Interface language: gettext, and the direction of the language in use.

`_` translates at once, `N_` only marks a text that is translated where it is shown, `ngettext`
chooses by count.
"""

import gettext
import os
from collections.abc import Callable

from annotator.resources import resource

LANGUAGES = ("en", "fa", "kk", "ru")
RIGHT_TO_LEFT = frozenset({"fa"})

_state = {"language": "en"}
_catalogue: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def use_language(code: str | None = None) -> str:
    """Take the interface language by its code, or from the environment; return the one in use."""
    wanted = (
        code
        or os.environ.get("LANGUAGE")
        or os.environ.get("LC_ALL")
        or os.environ.get("LANG")
        or "en"
    )
    short = wanted.split(":")[0].split("_")[0].split(".")[0].lower()
    language = short if short in LANGUAGES else "en"
    _state["language"] = language
    is_source = language == "en"  # which needs no catalogue; the search for one takes some time
    _catalogue[0] = (
        gettext.NullTranslations()
        if is_source
        else gettext.translation(
            "annotator", localedir=resource("locale"), languages=[language], fallback=True
        )
    )
    return language


def language() -> str:
    """Return the code of the interface language."""
    return _state["language"]


def is_right_to_left(code: str | None = None) -> bool:
    """Return whether the interface language (or the given one) is written from right to left."""
    return (code or _state["language"]) in RIGHT_TO_LEFT


def _(message: str) -> str:
    """Translate a whole sentence or label."""
    return _catalogue[0].gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that holds a count."""
    return _catalogue[0].ngettext(singular, plural, count)


def _marked(message: str) -> str:
    return message


N_: Callable[[str], str] = _marked
