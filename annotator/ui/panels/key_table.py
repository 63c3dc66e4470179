"""Who takes a key: one table, which the sheet of all keys shows and the clash test reads.

Words: a *holder* is who takes keys at a moment. Some take them only while something is the case (a
suggestion is selected, a relation is being made, cases are shown) and come before the others then;
`PRECEDENCE` is their order. Keys are physical: named by what a US keyboard has in their place.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from annotator.adjudication import REASONS
from annotator.commands.adjudication import ACTS
from annotator.i18n import N_, _, language
from annotator.model import Label
from annotator.session import Session
from annotator.ui.panels.suggestion_bar import ANSWER_KEYS
from annotator.ui.runtime.shortcut import Shortcut
from annotator.ui.text_view.keys import MOVING_KEYS

Cap = Callable[[str], str]
"""What is printed on a physical key in the active layout."""

MOST_VERSIONS = 9


class Holder(Enum):
    """Who takes a key; the value says when."""

    WINDOW = N_("at any time")
    CARET = N_("in the text")
    LABELLING = N_("in the text, while a label can be given")
    SUGGESTION = N_("while a suggestion is selected")
    LINKING = N_("while a relation is being made")
    ADJUDICATION = N_("while cases are shown")


PRECEDENCE = (Holder.ADJUDICATION, Holder.LINKING, Holder.SUGGESTION)
"""Holders that take a key before the others, as long as what they wait for is the case."""


class Row(NamedTuple):
    """Some keys, who takes them, how the sheet shows them and what they do."""

    holder: Holder
    keys: tuple[str, ...]
    shown: str
    meaning: str


def rows(shortcuts: Iterable[Shortcut], session: Session | None, cap: Cap) -> list[Row]:
    """Return the whole table; without a session, what takes keys without one."""
    table = []
    for shortcut in shortcuts:
        holder = Holder.LINKING if shortcut.is_linking else Holder.WINDOW
        table.append(Row(holder, shortcut.keys, shortcut.shown, shortcut.help))
    for shown, meaning, keys in MOVING_KEYS:
        table.append(Row(Holder.CARET, keys, shown, _(meaning)))
    for key, name, meaning in ANSWER_KEYS:
        row = Row(Holder.SUGGESTION, (key, name), f"{cap(key)}  {name}", _(meaning))
        table.append(row)
    table += _of_adjudication(cap)
    if session is not None:
        for _layer, label in session.schema.labels():
            table += _of_label(label, cap)
        table += _of_relations(session, cap)
    return table


def _of_label(label: Label, cap: Cap) -> Iterator[Row]:
    if label.retired:
        return
    if label.key:
        meaning = f"{label.id} – {label.names.in_language(language())}"
        yield Row(Holder.LABELLING, (label.key,), cap(label.key), meaning)
    for attribute in label.attributes:
        name = attribute.names.in_language(language())
        for value, key in attribute.keys.items():
            # The same key may set a value of another label: it depends on the span selected.
            scoped = f"{key} on {label.id}"
            yield Row(Holder.LABELLING, (scoped,), cap(key), f"{label.id}: {name} = {value}")


def _of_relations(session: Session, cap: Cap) -> Iterator[Row]:
    implicit = set[str]()
    for relation in session.schema.relations:
        implicit.update(relation.implicit)
        if relation.key:
            meaning = relation.names.in_language(language())
            yield Row(Holder.LABELLING, (relation.key,), cap(relation.key), meaning)
    if "author" in implicit:
        yield Row(Holder.LINKING, ("A",), cap("A"), _("The author is the other end"))
    if "unknown" in implicit:
        yield Row(Holder.LINKING, ("U",), cap("U"), _("The other end is unknown"))


def _of_adjudication(cap: Cap) -> Iterator[Row]:
    numbers = tuple(str(number) for number in range(1, MOST_VERSIONS + 1))
    holder = Holder.ADJUDICATION
    shown = f"{cap(numbers[0])} … {cap(numbers[-1])}"
    yield Row(holder, numbers, shown, _("Take the version of this number."))
    for act in ACTS:
        key = f"Shift+{act.key}" if act.shift else act.key
        cap_of_key = ("⇧" if act.shift else "") + cap(act.key)
        yield Row(holder, (key,), cap_of_key, _(act.help))
    yield Row(holder, ("Return",), "Enter", _("Go to the next case to decide."))
    yield Row(holder, ("Backspace",), "Backspace", _("Go to the case before this one."))
    reasons = tuple(f"Alt+{number}" for number in range(1, len(REASONS) + 1))
    shown = f"{reasons[0]} … {reasons[-1]}"
    yield Row(holder, reasons, shown, _("Choose the reason of this number."))


def clashes(table: Iterable[Row]) -> list[tuple[str, Row, Row]]:
    """Return the keys that two rows take at the same moment, without one coming first."""
    taken: dict[str, list[Row]] = {}
    for row in table:
        for key in row.keys:
            taken.setdefault(key.upper(), []).append(row)
    found = []
    for key, takers in taken.items():
        for number, first in enumerate(takers):
            for second in takers[number + 1 :]:
                is_settled = first.holder != second.holder and (
                    first.holder in PRECEDENCE or second.holder in PRECEDENCE
                )
                if not is_settled:
                    found.append((key, first, second))
    return found
