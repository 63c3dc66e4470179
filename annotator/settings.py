"""What the program remembers for a person on this machine: typed settings in one file.

A setting that is renamed keeps its old names in `old`, for ever, so that no update loses what a
person chose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import orjson
import platformdirs

from annotator.errors import UserError
from annotator.files import OWNER_ONLY, replacing

Plain = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing remembered: its name, its value until something else is chosen, what it is for."""

    name: str
    default: Plain
    help: str
    old: tuple[str, ...] = ()


SETTINGS = (
    Setting("recent", [], "Paths of the projects opened last, the newest first."),
    Setting("appearance", "system", "Light, dark, or as the system is."),
    Setting("zoom", 100, "Size of the document text, in per cent."),
    Setting("invisibles", False, "Show characters that have no ink."),
    Setting("leading", 160, "Line spacing of the document text, in per cent of its size."),
    Setting("measure", 72, "How many characters a full line of the document text holds, about."),
    Setting(
        "font",
        "",
        "Font of the document text; empty for the fonts that come with the program.",
    ),
    Setting("reading_pane", False, "Show the paragraph at the caret as plain text."),
    Setting("window", "", "Size and place of the window."),
    Setting("panels", "", "Widths of the panels."),
    Setting("documents_panel", True, "Show the list of documents."),
    Setting("details_panel", True, "Show the details of what is selected."),
    Setting("annotator", "", "The name to work under in a project that does not say."),
)
RECENT_KEPT = 12


def settings_path() -> Path:
    """Return where the settings lie on this machine."""
    return Path(platformdirs.user_config_dir("annotator", appauthor=False)) / "settings.json"


class Settings:
    """The settings of this machine; every change is written at once, atomically.

    A broken file counts as empty.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_path()
        self._known = {entry.name: entry for entry in SETTINGS}
        self._values = self._load()

    def _load(self) -> dict[str, Plain]:
        try:
            plain = orjson.loads(self._path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return {}
        values: dict[str, Plain] = {}
        for entry in SETTINGS if isinstance(plain, dict) else ():
            name = next((name for name in (entry.name, *entry.old) if name in plain), None)
            if name is not None and _fits(plain[name], entry.default):
                values[entry.name] = plain[name]
        return values

    def _value(self, name: str) -> Plain:
        return self._values.get(name, self._known[name].default)

    def text(self, name: str) -> str:
        """Return a setting that is a text."""
        return cast("str", self._value(name))

    def number(self, name: str) -> int:
        """Return a setting that is a number."""
        return cast("int", self._value(name))

    def flag(self, name: str) -> bool:
        """Return a setting that is yes or no."""
        return cast("bool", self._value(name))

    def texts(self, name: str) -> list[str]:
        """Return a setting that is a list of texts."""
        return list(cast("list[str]", self._value(name)))

    def choose(self, **values: Plain) -> None:
        """Set settings by name and write them down."""
        changed = {
            name: value
            for name, value in values.items()
            if self._value(self._known[name].name) != value
        }
        if changed:
            self._values |= changed
            self._write(self._values)

    def opened(self, project: Path) -> None:
        """Put a project at the head of the recent ones."""
        name = str(project.resolve())
        self.choose(
            recent=[name, *(other for other in self.texts("recent") if other != name)][:RECENT_KEPT]
        )

    def forget(self, project: str) -> None:
        """Take a project off the recent ones; its file stays."""
        self.choose(recent=[other for other in self.texts("recent") if other != project])

    def _write(self, values: Mapping[str, Plain]) -> None:
        try:
            with replacing(self._path, durable=False, mode=OWNER_ONLY) as file:
                file.write(orjson.dumps(dict(values), option=orjson.OPT_INDENT_2))
        except UserError:
            return  # a machine that lets nothing be remembered is still good to work on


def _fits(value: object, default: Plain) -> bool:
    """Return whether what a file says is of the kind that a setting has."""
    return type(value) is type(default) and (
        not isinstance(value, list) or all(isinstance(entry, str) for entry in value)
    )
