"""Tag sequences ↔ entities, in the schemes IOB1, IOB2, BIOES and BILOU.

IOE1, IOE2, BMES and bare labels are read as well.

Words: a *tag* is a prefix and a label, `B-ORG` or `B_ORG`; an *orphan* continues an entity that was
never begun. Reading is lenient, since corpora are not clean, but says what it met; the same
entities come out whatever the scheme, only what counts as odd differs.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

ORPHAN = "orphan"  # a continuation without a beginning; it begins an entity
# A continuation of another label than the entity before it; it begins an entity.
OTHER_LABEL = "other label"
UNENDED = "unended"  # BIOES, BILOU: the entity stops before its last tag
NEEDLESS_BEGIN = "needless begin"  # IOB1: B- where no entity of this label stands before it
ODD_TAG = "odd tag"  # no known prefix (taken as a bare label), or one that the scheme does not have

UNNAMED = "_"
JOIN = "+"
_JOINED = re.compile(r"[BIESLU]-[^+]+(?:\+[BIESLU]-[^+]+)+")

_BEGIN, _INSIDE, _END, _SINGLE, _OUTSIDE = "B", "I", "E", "S", "O"
_MEANING = {
    "B": _BEGIN,
    "b": _BEGIN,
    "I": _INSIDE,
    "i": _INSIDE,
    "M": _INSIDE,
    "E": _END,
    "L": _END,
    "S": _SINGLE,
    "U": _SINGLE,
    "W": _SINGLE,
}
_OUTSIDE_TAGS = frozenset(("O", "o", ""))
_PREFIXES = {
    "IOB1": "BI",
    "IOB2": "BI",
    "BIOES": "BIES",
    "BILOU": "BILU",
    "IOE1": "IE",
    "IOE2": "IE",
}
_WITHOUT_BEGIN = frozenset(("IOB1", "IOE1", "IOE2"))
_ENDED = frozenset(("BIOES", "BILOU"))


class Entity(NamedTuple):
    """A labelled run of tokens."""

    label: str
    first: int
    last_exclusive: int


class _Tag(NamedTuple):
    prefix: str
    meaning: str
    label: str


_NOTHING = _Tag("O", _OUTSIDE, "")


@lru_cache(maxsize=1024)
def _split(tag: str) -> _Tag:
    if tag in _OUTSIDE_TAGS:
        return _NOTHING
    prefix, rest = tag[0], tag[1:]
    if prefix in _MEANING and (not rest or (rest[0] in "-_" and len(rest) > 1)):
        return _Tag(prefix.upper(), _MEANING[prefix], rest[1:] or UNNAMED)
    return _Tag("", _INSIDE, tag)


def _continues(before: _Tag, tag: _Tag) -> bool:
    return (
        before.meaning in (_BEGIN, _INSIDE)
        and before.label == tag.label
        and tag.meaning in (_INSIDE, _END)
    )


def _oddity(before: _Tag, tag: _Tag, scheme: str) -> str:
    if tag.meaning == _OUTSIDE:
        return ""
    if not tag.prefix or (scheme in _PREFIXES and tag.prefix not in _PREFIXES[scheme]):
        return ODD_TAG
    if scheme in _WITHOUT_BEGIN:
        return NEEDLESS_BEGIN if tag.meaning == _BEGIN and before.label != tag.label else ""
    if tag.meaning in (_BEGIN, _SINGLE) or _continues(before, tag):
        return ""
    return OTHER_LABEL if before.meaning in (_BEGIN, _INSIDE) else ORPHAN


def tags_to_entities(
    tags: Sequence[str], scheme: str = ""
) -> tuple[list[Entity], list[tuple[int, str]]]:
    """Read one sentence's tags: its entities, and what was odd as (index, ORPHAN, OTHER_LABEL, …).

    `scheme` comes from `scheme_of`; without one, any prefix is welcome and only orphans and changed
    labels are odd.
    """
    if _OUTSIDE_TAGS.issuperset(tags):  # most sentences have no entity
        return [], []
    entities: list[Entity] = []
    odd: list[tuple[int, str]] = []
    before, first = _NOTHING, 0
    for index, tag in enumerate([*map(_split, tags), _NOTHING]):
        if what := _oddity(before, tag, scheme):
            odd.append((index, what))
        if not _continues(before, tag):
            if before.label:
                entities.append(Entity(before.label, first, index))
            if scheme in _ENDED and before.meaning in (_BEGIN, _INSIDE):
                odd.append((index - 1, UNENDED))
            first = index
        before = tag
    return entities, sorted(odd)


def scheme_of(tags_by_sentence: Iterable[Sequence[str]]) -> str:
    """Return the scheme of a corpus.

    Its prefixes decide, and between IOB1 and IOB2 what most entities begin with.
    """
    prefixes: set[str] = set()
    begins: Counter[str] = Counter()
    for tags in tags_by_sentence:
        if _OUTSIDE_TAGS.issuperset(tags):
            continue
        before = _NOTHING
        for tag in map(_split, tags):
            prefixes.add(tag.prefix)
            if tag.meaning == _INSIDE and not _continues(before, tag):
                begins["I"] += 1
            elif tag.meaning == _BEGIN and before.label != tag.label:
                begins["B"] += 1
            before = tag
    if prefixes & {"L", "U"}:
        return "BILOU"
    if prefixes & {"E", "S", "W", "M"}:
        return "BIOES" if prefixes & {"B", "S", "W"} else "IOE2"
    return "IOB1" if begins["I"] > begins["B"] else "IOB2"


def entities_to_tags(
    entities: Iterable[Entity],
    length: int,
    scheme: str = "IOB2",
    separator: str = "-",
) -> list[str]:
    """Write the tags of a sentence of `length` tokens.

    Overlapping, empty or outside entities are a ValueError.
    """
    if scheme not in ("IOB1", "IOB2", "BIOES", "BILOU"):
        raise ValueError(f"cannot write the scheme {scheme!r}")
    tags = ["O"] * length
    last, last_label = 0, ""
    for label, first, end in sorted(entities, key=lambda entity: entity.first):
        if not last <= first < end <= length:
            raise ValueError(
                f"the entity {label} {first}–{end} is empty, overlaps the one before it or lies"
                f" outside of {length} tokens"
            )
        touches = last == first and last_label == label
        tags[first:end] = [
            f"{prefix}{separator}{label}" for prefix in _prefixes(end - first, scheme, touches)
        ]
        last, last_label = end, label
    return tags


def joined_tags(entities: Iterable[Entity], length: int, scheme: str = "IOB2") -> list[str]:
    """Write the tags of a sentence whose entities may hold and cross one another.

    The tags of a token stand in the order of their entities, joined by JOIN.
    """
    several: list[list[str]] = [[] for _token in range(length)]
    for entity in entities:
        for tags, tag in zip(several, entities_to_tags([entity], length, scheme), strict=True):
            if tag != "O":
                tags.append(tag)
    return [JOIN.join(tags) or "O" for tags in several]


def is_joined(tags: Iterable[str]) -> bool:
    """Return whether one of the tags is several joined ones."""
    return any(JOIN in tag and _JOINED.fullmatch(tag) for tag in tags)


def joined_entities(tags: Sequence[str]) -> list[Entity]:
    """Read one sentence's joined tags.

    A tag that continues goes on with the first entity of its label that the token has not yet.
    """
    entities: list[Entity] = []
    under_way: list[Entity] = []
    for index, tag in enumerate(tags):
        waiting, under_way = under_way, []
        for part in map(_split, tag.split(JOIN) if _JOINED.fullmatch(tag) else [tag]):
            if part.meaning == _OUTSIDE:
                continue
            begun = Entity(part.label, index, index)
            if part.meaning in (_INSIDE, _END):
                before = next((entity for entity in waiting if entity.label == part.label), None)
                if before is not None:
                    waiting.remove(before)
                    begun = before
            entity = begun._replace(last_exclusive=index + 1)
            (entities if part.meaning in (_END, _SINGLE) else under_way).append(entity)
        entities += waiting
    return sorted(
        [*entities, *under_way], key=lambda entity: (entity.first, -entity.last_exclusive)
    )


def _prefixes(length: int, scheme: str, touches: bool) -> str:
    if scheme == "IOB1":
        return ("B" if touches else "I") + "I" * (length - 1)
    if scheme == "IOB2":
        return "B" + "I" * (length - 1)
    end, single = ("E", "S") if scheme == "BIOES" else ("L", "U")
    return single if length == 1 else "B" + "I" * (length - 2) + end
