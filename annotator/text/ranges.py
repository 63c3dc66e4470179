"""Fragments as sets of characters: united, and one taken out of the other."""

from collections.abc import Sequence

from annotator.model import Fragment

Fragments = tuple[Fragment, ...]


def united(fragments: Sequence[Fragment], added: Fragment) -> Fragments:
    """Return the fragments with a stretch added; those that overlap or touch become one."""
    result: list[Fragment] = []
    for start, end in sorted((*fragments, added)):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def without(fragments: Sequence[Fragment], gone: Fragment) -> Fragments:
    """Return the fragments with a stretch taken out; () when nothing is left."""
    result: list[Fragment] = []
    for start, end in fragments:
        result += [
            part
            for part in ((start, min(end, gone[0])), (max(start, gone[1]), end))
            if part[0] < part[1]
        ]
    return tuple(result)


def holds(fragments: Sequence[Fragment], stretch: Fragment) -> bool:
    """Return whether one of the fragments holds the whole stretch."""
    return any(start <= stretch[0] and stretch[1] <= end for start, end in fragments)


def toggled(fragments: Sequence[Fragment], stretch: Fragment) -> Fragments:
    """Return the fragments without a stretch that lies in one of them, else with it."""
    return without(fragments, stretch) if holds(fragments, stretch) else united(fragments, stretch)
