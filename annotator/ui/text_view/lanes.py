"""Lanes: at which height under the text each mark's underline runs. Plain intervals, no Qt."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

MOST_LANES = 6


class Strip(NamedTuple):
    """What a mark needs in its lane: characters [start, end), or lines; `order` breaks ties."""

    id: str
    start: int
    end: int
    order: int = 0


def allocate(
    strips: Iterable[Strip], kept: Mapping[str, int], most: int = MOST_LANES
) -> dict[str, int]:
    """Give each strip a lane in which nothing overlaps it.

    What does not fit in `most` lanes shares the last one.

    A strip that had a lane (`kept`) stays there, so that labelling one word never moves the mark of
    another. Of the others the shorter come first: the inner of two nested marks lies nearer to the
    text.
    """
    lanes: list[list[Strip]] = []
    result: dict[str, int] = {}
    waiting: list[Strip] = []
    for strip in strips:
        lane = kept.get(strip.id, most)
        if lane < most - 1 and _is_free(lanes, lane, strip):
            _put(lanes, lane, strip, result)
        else:
            waiting.append(strip)
    for strip in sorted(
        waiting, key=lambda entry: (entry.end - entry.start, entry.order, entry.start, entry.id)
    ):
        lane = next(
            (number for number in range(most - 1) if _is_free(lanes, number, strip)), most - 1
        )
        _put(lanes, lane, strip, result)
    return result


def _is_free(lanes: list[list[Strip]], lane: int, strip: Strip) -> bool:
    return lane >= len(lanes) or all(
        other.end <= strip.start or strip.end <= other.start for other in lanes[lane]
    )


def _put(lanes: list[list[Strip]], lane: int, strip: Strip, result: dict[str, int]) -> None:
    while lane >= len(lanes):
        lanes.append([])
    lanes[lane].append(strip)
    result[strip.id] = lane
