"""Assignments: who gets which documents, and the bundles that carry them there and back."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, UserError
from annotator.i18n import _
from annotator.jobs.progress import Progress, silent
from annotator.model import GOLD, is_suggester
from annotator.model.schema_files import name_fault
from annotator.store import Entry, Store, annotator_id
from annotator.store.exchange.bundle import SUFFIX, Bundle, read_bundle, write_bundle
from annotator.store.exchange.working_copy import note_of_return

Plan = dict[str, list[Entry]]
_LONGEST = 200  # bytes of a file's name without its ending, of the 255 that systems store
_NOT_IN_NAMES = '/\\:*?"<>|'


# ── Which documents, and to whom ──────────────────────────────────────────────────────────────────


def chosen(store: Store, query: str) -> list[Entry]:
    """Return the documents that a query names, all for an empty one, in the project's order.

    A query is words, all of which must fit: `language:fa`, `handed:no`, `handed:NAME`, `done:NAME`,
    `open:NAME`; any other word is a part of a document's name or id, however its letters are cased.
    """
    words = query.split()
    out = store.distribution.handed_out()
    people = {word.partition(":")[2] for word in words if word.startswith(("done:", "open:"))}
    statuses = {name: {entry.id: entry.status for entry in store.entries(name)} for name in people}

    def fits(entry: Entry, word: str) -> bool:
        key, colon, value = word.partition(":")
        if key == "language" and colon:
            return entry.language == value
        if key == "handed" and colon:
            return not out.get(entry.id) if value == "no" else value in out.get(entry.id, ())
        if key in ("done", "open") and colon:
            return (statuses[value][entry.id] == "done") == (key == "done")
        return word.casefold() in f"{entry.name}\n{entry.id}".casefold()

    return [entry for entry in store.entries("") if all(fits(entry, word) for word in words)]


def planned(
    entries: Sequence[Entry], people: Sequence[str], overlap: int = 1, seed: int = 0
) -> Plan:
    """Share documents out, each to `overlap` people.

    All get about as much to read, in each language and together. The longest documents are given
    first, each to those who have the least of its language, then of all; chance (by the seed)
    decides the rest. Equal input and seed give the equal plan, in whatever order the people are
    named.
    """
    if not 1 <= overlap <= len(people):
        raise UserError(
            _("Each document can go to 1 up to {count} people; you asked for {overlap}.").format(
                count=len(people), overlap=overlap
            )
        )
    dice = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    load = _Load(people)
    rank = {entry.id: dice.random() for entry in sorted(entries)}
    plan: Plan = {name: [] for name in people}
    for entry in sorted(entries, key=lambda entry: (-entry.length, rank[entry.id])):
        for name in load.least(entry, dice)[:overlap]:
            plan[name].append(entry)
            load.add(name, entry)
    place = {entry.id: number for number, entry in enumerate(entries)}
    return {name: sorted(given, key=lambda entry: place[entry.id]) for name, given in plan.items()}


class _Load:
    """How much each person was given to read, in characters: in all, and in each language."""

    def __init__(self, people: Sequence[str]) -> None:
        self._people = sorted(people)
        self._whole = Counter[str]()
        self._in_language = Counter[tuple[str, str]]()

    def least(self, entry: Entry, dice: random.Random) -> list[str]:
        """Return the people, those first who have least; lots decide between equals."""
        lots = {name: dice.random() for name in self._people}
        return sorted(
            self._people,
            key=lambda name: (
                self._in_language[name, entry.language],
                self._whole[name],
                lots[name],
            ),
        )

    def add(self, name: str, entry: Entry) -> None:
        """Note that somebody gets a document."""
        self._whole[name] += entry.length
        self._in_language[name, entry.language] += entry.length


# ── The lead's side ───────────────────────────────────────────────────────────────────────────────


def assign(
    store: Store,
    plan: Mapping[str, Sequence[Entry]],
    targets: Mapping[str, Path],
    actor: str,
    progress: Progress = silent,
) -> list[Path]:
    """Write an assignment for each person of a plan, and note it in the project.

    All of them, or none.
    """
    _check_plan(plan)
    new_files = list[Path]()
    try:
        with store.change("", actor):
            for number, (name, entries) in enumerate(plan.items()):
                progress(number, len(plan), name)
                documents = [entry.id for entry in entries]
                manifest, members = store.distribution.hand_out(
                    actor, name, documents, store.path.stem
                )
                is_new = not targets[name].exists()
                write_bundle(targets[name], manifest, members)
                if is_new:
                    new_files.append(targets[name])
    except BaseException:
        for path in new_files:
            path.unlink(missing_ok=True)
        raise
    progress(len(plan), len(plan), "")
    return list(targets.values())


def _check_plan(plan: Mapping[str, Sequence[Entry]]) -> None:
    """Refuse people who can be given nothing, and those who would be given nothing."""
    for name, entries in plan.items():
        fault = name_fault(name)
        if not fault and (name == GOLD or is_suggester(name)):
            fault = _("such annotation sets are not labelled by people")
        if fault:
            message = _("Nothing can be handed out to {name}: {reason}.")
            raise UserError(message.format(name=name, reason=fault))
        if not entries:
            message = _("There is no document for {name}. Choose others, or fewer people.")
            raise UserError(message.format(name=name))
    if len({annotator_id(name) for name in plan}) < len(plan):
        raise UserError(
            _("Two of the names mean the same person: case makes no difference in names.")
        )


def places(folder: Path, project: str, people: Sequence[str]) -> dict[str, Path]:
    """Return a file for each person's bundle, of names that every system can store."""
    found = dict[str, Path]()
    taken = set[str]()
    for name in people:
        stem = "".join(
            "-" if letter in _NOT_IN_NAMES or letter < " " else letter
            for letter in f"{project}-{name}"
        ).strip(" .")
        stem = stem.encode(errors="replace")[:_LONGEST].decode(errors="ignore")
        wanted = stem
        number = 1
        while wanted.casefold() in taken:
            number += 1
            wanted = f"{stem}-{number}"
        taken.add(wanted.casefold())
        found[name] = folder / f"{wanted}{SUFFIX}"
    return found


# ── The annotator's side ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Started:
    """What accepting a bundle did.

    kind: "assignment" or "receipt"; is_new: whether the project was made for it.
    """

    path: Path
    kind: str
    annotator: str
    documents: int
    is_new: bool = False


def start(source: Path, project: Path | None = None) -> Started:
    """Begin a project from an assignment, or accept a bundle into the project that is there."""
    bundle = read_bundle(source)
    target = _target(bundle, project)
    if not target.exists():
        if bundle.manifest.kind != "assignment":
            raise bundle.refuse(
                _(
                    "it is no assignment, and the project that it belongs to is not there; name"
                    " that too"
                )
            )
        counts = list[int]()
        Store.begin(target, lambda store: counts.append(store.working_copy.take_in(bundle))).close()
        return Started(target, "assignment", bundle.manifest.annotator, counts[0], is_new=True)
    with Store.open(target) as store:
        return accept(store, bundle)


def accept(store: Store, bundle: Bundle) -> Started:
    """Accept an assignment or a receipt into an open project."""
    kind = bundle.manifest.kind
    if kind == "receipt":
        count = int(store.working_copy.take_receipt(bundle))
    else:
        count = store.working_copy.take_in(bundle)
    return Started(store.path, kind, bundle.manifest.annotator, count)


def _target(bundle: Bundle, project: Path | None) -> Path:
    if project is not None:
        return project if project.suffix else project.with_name(f"{project.name}.annot")
    name = places(Path(), bundle.manifest.name or "project", [bundle.manifest.annotator])[
        bundle.manifest.annotator
    ].name
    return bundle.path.with_name(f"{name.removesuffix(SUFFIX)}.annot")


def submit(store: Store, target: Path, *, only_new: bool = False) -> Bundle:
    """Write the work of a copy into a bundle for the lead.

    The copy remembers that it was written, unless it is open for reading only.
    """
    manifest, members = store.working_copy.returned(store.path.stem, only_new=only_new)
    bundle = write_bundle(
        target if target.suffix else target.with_name(f"{target.name}{SUFFIX}"), manifest, members
    )
    store.remember(*note_of_return(manifest))
    return bundle


def is_bundle(path: Path) -> bool:
    """Return whether a file is named as a bundle is."""
    return path.name.endswith(SUFFIX)


def read_all(paths: Sequence[Path]) -> Iterator[Bundle | InputError]:
    """Walk over bundles, each as it was read or with what is wrong with it.

    The same file is read once.
    """
    for path in dict.fromkeys(paths):
        try:
            yield read_bundle(path)
        except InputError as error:
            yield error
