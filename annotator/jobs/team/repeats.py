"""Self-consistency.

An annotator labels some of his earlier documents again, blind, under a name of his own for that
round.

A *round* is the annotator "NAME (repeat k)". Its documents wait with nothing in them; who labels
them does not see what NAME did, and agreement between the two names says how far he agrees with
himself.
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

    Only those finished at least so many days ago.
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
    return sorted(
        (other for other in names if original(other) == name),
        key=lambda other: int(other.rpartition(" ")[2][:-1]),
    )


def plan_round(store: Store, options: RepeatOptions) -> Round:
    """Draw the documents of a new round.

    Of those the annotator finished, first ones that no round has had yet.
    """
    name = options.annotator
    if original(name):
        raise UserError(
            _("{name} is a round of repeats itself; repeat the work of {who}.").format(
                name=name, who=original(name)
            )
        )
    if name not in store.annotators():
        raise UserError(_("Nobody called {name} has worked here.").format(name=name))
    latest = (datetime.now(UTC) - timedelta(days=options.days)).timestamp() * 1000
    finished = [
        entry.document
        for entry in store.finishes()
        if entry.annotator == name and entry.at_ms <= latest
    ]
    if not finished:
        raise UserError(
            _(
                "{name} has finished no document that long ago; finish some first, or ask for fewer"
                " days."
            ).format(name=name)
        )
    earlier = rounds_of(name, store.annotators())
    had = {
        entry.id
        for other in earlier
        for entry in store.entries(other)
        if entry.status != "new" or entry.spans
    }
    waiting = sorted(set(finished) - had) or sorted(finished)
    chosen = random.Random(options.seed).sample(waiting, min(options.documents, len(waiting)))  # noqa: S311 - a drawing of lots that can be repeated
    order = {entry.id: place for place, entry in enumerate(store.entries(name))}
    number = int(earlier[-1].rpartition(" ")[2][:-1]) + 1 if earlier else 1
    return Round(f"{name} (repeat {number})", tuple(sorted(chosen, key=order.__getitem__)))


def begin_round(store: Store, options: RepeatOptions) -> Round:
    """Make a new round: its documents are open for its name, and nothing is in them.

    No undo lists it: it does no harm.
    """
    found = plan_round(store, options)
    with store.change("", found.name) as step:
        step.add_annotator(found.name)
        for document in found.documents:
            step.put_status(document, annotator_id(found.name), "open")
    return found


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
