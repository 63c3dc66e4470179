"""Self-consistency: an annotator labels some earlier documents again, blind.

A *round* is the annotator "NAME (repeat k)". Its documents wait with nothing in them; who labels
them does not see what NAME did, and agreement between the two names says how far that person agrees
with themselves.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model import original
from annotator.store import Store, annotator_id


@dataclass(frozen=True, slots=True)
class RepeatOptions:
    """Whose documents to repeat, how many, drawn by which seed.

    `days`: how long ago they must have been finished at least.
    """

    annotator: str
    documents: int = 10
    days: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """A round: the name to work under, the ids of its documents."""

    name: str
    documents: tuple[str, ...]


def rounds_of(name: str, names: Iterable[str]) -> list[str]:
    """Return the rounds of an annotator among some names, the first one first."""
    return sorted((other for other in names if original(other) == name), key=_number)


def plan_round(store: Store, options: RepeatOptions) -> Round:
    """Draw the documents of a new round, first those that no round has had yet."""
    name = options.annotator
    _check_annotator(store, name)
    finished = _finished(store, options)
    if not finished:
        message = _(
            "{name} has finished no document that long ago; finish some first, or ask for fewer"
            " days."
        )
        raise UserError(message.format(name=name))
    earlier = rounds_of(name, store.annotators())
    waiting = sorted(finished - _repeated(store, earlier)) or sorted(finished)
    dice = random.Random(options.seed)  # noqa: S311 - a drawing of lots that can be repeated
    drawn = dice.sample(waiting, min(options.documents, len(waiting)))
    order = {entry.id: place for place, entry in enumerate(store.entries(name))}
    number = _number(earlier[-1]) + 1 if earlier else 1
    return Round(f"{name} (repeat {number})", tuple(sorted(drawn, key=order.__getitem__)))


def _check_annotator(store: Store, name: str) -> None:
    """Refuse a round of repeats, and who has not worked here."""
    if original(name):
        message = _("{name} is a round of repeats itself; repeat the work of {who}.")
        raise UserError(message.format(name=name, who=original(name)))
    if name not in store.annotators():
        raise UserError(_("Nobody called {name} has worked here.").format(name=name))


def _finished(store: Store, options: RepeatOptions) -> set[str]:
    """Return the documents that the annotator finished long enough ago."""
    latest_ms = (datetime.now(UTC) - timedelta(days=options.days)).timestamp() * 1000
    return {
        entry.document
        for entry in store.finishes()
        if entry.annotator == options.annotator and entry.at_ms <= latest_ms
    }


def _repeated(store: Store, rounds: Iterable[str]) -> set[str]:
    """Return the documents that some rounds have had."""
    documents = set[str]()
    for name in rounds:
        documents.update(
            entry.id for entry in store.entries(name) if entry.status != "new" or entry.spans
        )
    return documents


def _number(name: str) -> int:
    """Return which round a name is of."""
    return int(name.rpartition(" ")[2][:-1])


def begin_round(store: Store, options: RepeatOptions) -> Round:
    """Make a new round: its documents are open for its name, and nothing is in them.

    No undo lists it: it does no harm.
    """
    planned = plan_round(store, options)
    with store.change("", planned.name) as step:
        step.add_annotator(planned.name)
        for document in planned.documents:
            step.put_status(document, annotator_id(planned.name), "open")
    return planned


def unfinished_round(store: Store, name: str) -> str:
    """Return the annotator's last round in which documents still wait, "" when there is none."""
    rounds = rounds_of(name, store.annotators())
    return next(
        (
            other
            for other in reversed(rounds)
            if any(entry.status == "open" for entry in store.entries(other))
        ),
        "",
    )
