"""Splits that do not leak.

Groups of documents go whole into one part, chosen so that labels and languages are spread alike.

Words: a *group* is what must not be torn apart: a document, the documents of one source, a cluster
of near-duplicates. A *part* is "train", "dev" or "test"; its *share* is what of all it wishes for.
A *trait* is what is spread: a label, a language, being a document.

Groups with rare traits are placed first, each into the part that still lacks most of that trait
(iterative stratification: Sechidis, Tsoumakas, Vlahavas, ECML PKDD 2011), and no part takes more
documents than its share while another has room. Equal groups come in the order of a hash of the
seed and their name. A document that has a part keeps it, whatever is added later.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from annotator.errors import UserError
from annotator.i18n import _

TRAIN, DEV, TEST = "train", "dev", "test"
PARTS = (TRAIN, DEV, TEST)
DOCUMENT, SOURCE, CLUSTER = "document", "source", "cluster"
UNITS = (DOCUMENT, SOURCE, CLUSTER)
_RATIOS = re.compile(r"\d{1,6}(?:/\d{1,6}){1,2}", re.ASCII)
_BEING = ("", "")
_NOTHING = 1e-6  # what rounding leaves of no document

Trait = tuple[str, str]
"""("label", its id), ("value", "attribute=choice"), ("language", its code).

Or ("", "") for being a document.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to split: parts of the whole for training, tuning and testing; what stays together.

    The seed of all chance.
    """

    ratios: tuple[int, int, int] = (80, 10, 10)
    by: str = DOCUMENT
    seed: int = 0

    @property
    def name(self) -> str:
        """The name under which the project keeps the split."""
        return f"{'/'.join(map(str, self.ratios))} by {self.by}, seed {self.seed}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that get something."""
        return tuple(part for part, ratio in zip(PARTS, self.ratios, strict=True) if ratio)


@dataclass(frozen=True, slots=True)
class Item:
    """A document to be placed.

    Its id, the group it belongs to, and how much it has of each trait.
    """

    id: str
    group: str
    traits: Mapping[Trait, int] = field(default_factory=dict)


def plan_of(ratios: str, by: str = DOCUMENT, seed: int = 0) -> Plan:
    """Return the plan of ratios as a person writes them.

    "80/10/10", or "80/20" without a part for tuning.
    """
    if _RATIOS.fullmatch(ratios):
        numbers = list(map(int, ratios.split("/")))
        if len(numbers) == 2:
            numbers.insert(1, 0)
        if numbers[0]:
            return Plan((numbers[0], numbers[1], numbers[2]), by, seed)
    message = _(
        "{ratios} is no split. Write the parts for training, tuning and testing, such as 80/10/10."
    )
    raise UserError(message.format(ratios=ratios))


def split(items: Iterable[Item], plan: Plan, known: Mapping[str, str]) -> dict[str, str]:
    """Return the part of each document.

    Those that are `known` to have one keep it, and their groups follow them.
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    placing = _Placing(plan, groups)
    waiting = []
    for name, members in groups.items():
        kept = [known[item.id] for item in members if known.get(item.id) in plan.parts]
        if kept:
            placing.put(name, min(kept, key=PARTS.index), known)
        else:
            waiting.append(name)
    placing.place(waiting)
    return placing.parts


class _Placing:
    """What has been placed so far, and what each part still lacks."""

    def __init__(self, plan: Plan, groups: Mapping[str, Sequence[Item]]) -> None:
        self.parts: dict[str, str] = {}
        self._plan = plan
        self._groups = groups
        self._traits = {name: _sum(members) for name, members in groups.items()}
        totals = Counter[Trait]()
        for traits in self._traits.values():
            totals.update(traits)
        self._learned = set[Trait]()
        self._wishes = _wishes(plan, totals[_BEING], len(groups))
        whole = max(totals[_BEING], 1)
        self._lacks = {
            part: {trait: wish * total / whole for trait, total in totals.items()}
            for part, wish in self._wishes.items()
        }

    def put(self, name: str, part: str, known: Mapping[str, str]) -> None:
        """Put a group into a part; a member that is known to be in another part stays there."""
        for item in self._groups[name]:
            own = known.get(item.id, part)
            self.parts[item.id] = own if own in self._wishes else part
            lacks = self._lacks[self.parts[item.id]]
            traits = _sum([item])
            for trait, count in traits.items():
                lacks[trait] -= count
            if self.parts[item.id] == TRAIN:
                self._learned.update(traits)

    def place(self, waiting: Sequence[str]) -> None:
        """Place groups, those with the rarest traits first."""
        order = sorted(
            waiting,
            key=lambda name: blake2b(
                f"{self._plan.seed}\x1f{name}".encode(), digest_size=8
            ).digest(),
        )
        having: dict[Trait, list[str]] = {}
        for name in order:
            for trait in self._traits[name]:
                having.setdefault(trait, []).append(name)
        placed = set[str]()
        for trait in sorted(having, key=lambda trait: (len(having[trait]), trait)):
            for name in having[trait]:
                if name not in placed:
                    placed.add(name)
                    self.put(name, self._best(name, trait), {})

    def _best(self, name: str, trait: Trait) -> str:
        """Return the part with room that lacks most of a trait, then of documents.

        What has traits new to training goes there first.
        """
        if not self._traits[name].keys() <= self._learned and self._lacks[TRAIN][_BEING] > _NOTHING:
            return TRAIN
        has_room = [part for part in self._wishes if self._lacks[part][_BEING] > _NOTHING]
        return max(
            has_room or self._wishes,
            key=lambda part: (
                round(self._lacks[part][trait], 6),
                round(self._lacks[part][_BEING], 6),
            ),
        )


def _sum(members: Sequence[Item]) -> Counter[Trait]:
    found = Counter[Trait]({_BEING: len(members)})
    for item in members:
        found.update(item.traits)
    return found


def _wishes(plan: Plan, documents: int, groups: int) -> dict[str, float]:
    """Return how many documents each part should have.

    Its share, and at least one where there are groups enough.
    """
    ratios = {part: ratio for part, ratio in zip(PARTS, plan.ratios, strict=True) if ratio}
    whole = sum(ratios.values())
    wishes = {part: documents * ratio / whole for part, ratio in ratios.items()}
    if groups >= len(ratios):
        short = {part: 1 - wish for part, wish in wishes.items() if wish < 1}
        wishes = {part: max(wish, 1) for part, wish in wishes.items()}
        wishes[max(wishes, key=lambda part: wishes[part])] -= sum(short.values())
    return wishes
