"""Where the caret goes.

By cell and token as seen, by grapheme, token and sentence as written, by line and page.

Nothing here changes the page or keeps anything; `Ground` is what a move needs to know of a page.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import category

from annotator.text import segmentation
from annotator.ui.text_view.blocks import Stretch
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.page import Page

_WORD_SIGNS = ("%", "٪", "‰", "§")


class Aim(NamedTuple):
    """What a row of equal moves keeps.

    x: what up and down aim at; step: to which side a walk goes; order: in which order of lines.

    Where a right-to-left paragraph follows a left-to-right one, the same key would lead down in the
    one and up in the other: a walk that has begun goes on in its order (1 down, -1 up), so that it
    passes every line once.
    """

    x: float | None = None
    step: int = 0
    order: int = 0


NO_AIM = Aim()


class Moved(NamedTuple):
    """The new caret, and what the next move of the same kind is to keep."""

    caret: Caret
    aim: Aim = NO_AIM


Move = Callable[[Page, Caret, Aim], Moved]


def move(page: Page, caret: Caret, what: str, aim: Aim = NO_AIM) -> Moved:
    """Return where a move named in MOVES leads."""
    return MOVES[what](page, caret, aim)


def _order(page: Page, caret: Caret, step: int, aim: Aim) -> int:
    """Return in which order of lines a walk to the side goes on."""
    if aim.step == step and aim.order:
        return aim.order
    return 1 if (step < 0) == page.layout(page.blocks.at(caret.position)).rtl else -1


def _beside(page: Page, caret: Caret, step: int, order: int) -> tuple[Caret, bool]:
    """Return the caret one cell to the left (-1) or right (+1), and whether a cell was crossed.

    None is crossed on the way from line to line.
    """
    block, line, x = page.caret_place(caret)
    cells = page.layout(block).cells(line)
    found = cells.left_of(x) if step < 0 else cells.right_of(x)
    if found is not None:
        return Caret(found.position + page.blocks.starts[block], found.before), True
    there = _line_beside(page, block, line, order)
    if there is None:
        return caret, False
    edge = page.layout(there[0]).cells(there[1]).outermost(right=step < 0)
    return Caret(edge.position + page.blocks.starts[there[0]], edge.before), False


def _line_beside(page: Page, block: int, line: int, step: int) -> tuple[int, int] | None:
    if 0 <= line + step < len(page.layout(block)):
        return block, line + step
    if not 0 <= block + step < len(page.blocks):
        return None
    return block + step, 0 if step > 0 else len(page.layout(block + step)) - 1


def _line_edge(page: Page, block: int, line: int, at_end: bool) -> Caret:
    layout = page.layout(block)
    start = page.blocks.starts[block]
    if not at_end:
        return Caret(start + layout.starts[line])
    end = layout.ends[line]
    if line + 1 < len(layout):  # the white space at a wrap hangs out of the line
        end = layout.cells(line).last_end
    return Caret(start + end, before=True)


def _visually(step: int) -> Move:
    def go(page: Page, caret: Caret, aim: Aim) -> Moved:
        order = _order(page, caret, step, aim)
        return Moved(_beside(page, caret, step, order)[0], Aim(None, step, order))

    return go


def _word_visually(step: int) -> Move:
    """Go to the far edge of the next token as seen.

    Like a line's end, a paragraph's end is a stop on the way.
    """

    def go(page: Page, caret: Caret, aim: Aim) -> Moved:
        order = _order(page, caret, step, aim)
        kept = Aim(None, step, order)
        here = caret
        token = None
        while True:
            there, crossed = _beside(page, here, step, order)
            over = _token_crossed(page, there) if crossed else None
            if there == here or (token is not None and over != token):
                return Moved(here, kept)
            if not crossed and page.blocks.at(there.position) != page.blocks.at(here.position):
                return Moved(there, kept)  # the next paragraph may run the other way
            here = there
            token = over

    return go


def _token_crossed(page: Page, caret: Caret) -> Stretch | None:
    """Return the token of the cell that a step to this caret went over.

    The caret is at the cell's far edge.
    """
    position = caret.position - caret.before
    block = page.blocks.at(position)
    start = page.blocks.starts[block]
    found = _token_over(page.blocks.tokens(block), position - start)
    return (found[0] + start, found[1] + start) if found else None


def _token_over(tokens: list[Stretch], position: int) -> Stretch | None:
    number = bisect_right(tokens, position, key=lambda token: token[0]) - 1
    return tokens[number] if number >= 0 and position < tokens[number][1] else None


def _vertically(step: int) -> Move:
    def go(page: Page, caret: Caret, aim: Aim) -> Moved:
        block, line, x = page.caret_place(caret)
        aim = Aim(x if aim.x is None else aim.x)
        there = _line_beside(page, block, line, step)
        if there is None:
            return Moved(Caret(0) if step < 0 else Caret(len(page.blocks.text), before=True), aim)
        return Moved(page.caret_at(*there, aim.x or 0.0), aim)

    return go


def _paging(step: int) -> Move:
    def go(page: Page, caret: Caret, aim: Aim) -> Moved:
        block, line, x = page.caret_place(caret)
        aim = Aim(x if aim.x is None else aim.x)
        left = page.view_height - 2 * page.metrics.pitch
        while left > 0 and (there := _line_beside(page, block, line, step)) is not None:
            layout = page.layout(block)
            left -= layout.bottom(line) - layout.tops[line]
            block, line = there
        return Moved(page.caret_at(block, line, aim.x or 0.0), aim)

    return go


def _line_end(at_end: bool) -> Move:
    def go(page: Page, caret: Caret, _aim: Aim) -> Moved:
        return Moved(_line_edge(page, *page.locate(caret), at_end=at_end))

    return go


def _grapheme(step: int) -> Move:
    def go(page: Page, caret: Caret, _aim: Aim) -> Moved:
        block = page.blocks.at(caret.position)
        start = page.blocks.starts[block]
        position = caret.position
        stops = page.layout(block).boundaries()
        local = min(position, page.blocks.ends[block]) - start
        if step > 0 and local >= stops[-1]:
            return Moved(Caret(page.blocks.limit(block)))
        if step < 0 and local <= 0:
            return Moved(caret if block == 0 else Caret(page.blocks.ends[block - 1], before=True))
        number = bisect_right(stops, local) if step > 0 else bisect_left(stops, local) - 1
        return Moved(Caret(start + stops[number], before=step > 0))

    return go


Stops = Callable[[Page, int], list[Stretch]]


def _tokens(page: Page, block: int) -> list[Stretch]:
    return page.blocks.tokens(block)


def _sentences(page: Page, block: int) -> list[Stretch]:
    return page.blocks.sentences(block)


def _paragraph(page: Page, block: int) -> list[Stretch]:
    return (
        [(0, page.blocks.ends[block] - page.blocks.starts[block])]
        if page.blocks.numbers[block]
        else []
    )


def _stretch(stops: Stops, step: int, to_start: bool) -> Move:
    """Go to the next or previous begin (or end) of a stretch as written, through blocks."""

    def go(page: Page, caret: Caret, _aim: Aim) -> Moved:
        block = page.blocks.at(caret.position)
        while 0 <= block < len(page.blocks):
            start = page.blocks.starts[block]
            places = [
                start + (stretch[0] if to_start else stretch[1]) for stretch in stops(page, block)
            ]
            number = (
                bisect_right(places, caret.position)
                if step > 0
                else bisect_left(places, caret.position) - 1
            )
            if 0 <= number < len(places):
                return Moved(Caret(places[number], before=not to_start))
            block += step
        return Moved(Caret(len(page.blocks.text), before=True) if step > 0 else Caret(0))

    return go


def _edge(at_end: bool) -> Move:
    def go(page: Page, _caret: Caret, _aim: Aim) -> Moved:
        return Moved(Caret(len(page.blocks.text), before=True) if at_end else Caret(0))

    return go


MOVES: dict[str, Move] = {
    "left": _visually(-1),
    "right": _visually(1),
    "word_left": _word_visually(-1),
    "word_right": _word_visually(1),
    "up": _vertically(-1),
    "down": _vertically(1),
    "page_up": _paging(-1),
    "page_down": _paging(1),
    "line_start": _line_end(at_end=False),
    "line_end": _line_end(at_end=True),
    "next_grapheme": _grapheme(1),
    "previous_grapheme": _grapheme(-1),
    "next_token": _stretch(_tokens, 1, to_start=False),
    "previous_token": _stretch(_tokens, -1, to_start=True),
    "sentence_next": _stretch(_sentences, 1, to_start=True),
    "sentence_previous": _stretch(_sentences, -1, to_start=True),
    "paragraph_next": _stretch(_paragraph, 1, to_start=True),
    "paragraph_previous": _stretch(_paragraph, -1, to_start=True),
    "document_start": _edge(at_end=False),
    "document_end": _edge(at_end=True),
}


def snapped(page: Page, start: int, end: int) -> Stretch | None:
    """Return the union of the tokens that [start, end) touches, or None; through blocks."""
    low = page.blocks.at(start)
    high = page.blocks.at(max(end - 1, start))
    found = [
        _snapped_in(page, block, start, end) for block in ([low] if low == high else [low, high])
    ]
    begin = found[0][0] if found[0] else start
    finish = found[-1][1] if found[-1] else end
    if low == high:
        return found[0]
    return begin, finish


def dragged(page: Page, first: Stretch, last: Stretch) -> Stretch:
    """Return what a drag from one cell to another takes.

    It takes the tokens it touches, and a lone sign (15 %, № 5) at which it ends. A dash or a full
    stop stays outside, unless nothing else is dragged over.
    """
    start = min(first[0], last[0])
    end = max(first[1], last[1])
    signs = [cell for cell in (first, last) if _is_sign(page.blocks.text[slice(*cell)])]
    taken = [snapped(page, start, end) or (start, end), *signs]
    return min(stretch[0] for stretch in taken), max(stretch[1] for stretch in taken)


def _is_sign(cell: str) -> bool:
    """Return whether a cell is a sign that stands for a word (per cent, a currency, an emoji)."""
    return cell[:1] in _WORD_SIGNS or category(cell[:1] or " ") in ("Sc", "Sm", "So")


def _snapped_in(page: Page, block: int, start: int, end: int) -> Stretch | None:
    offset = page.blocks.starts[block]
    length = page.blocks.ends[block] - page.blocks.starts[block]
    first = min(max(start - offset, 0), length)
    last = min(max(end - offset, 0), length)
    found = segmentation.snap_tokens(page.blocks.tokens(block), first, last)
    return (found[0] + offset, found[1] + offset) if found else None


def word_at(page: Page, start: int, end: int) -> Stretch | None:
    """Return the token over the characters [start, end), if they are part of one."""
    return _snapped_in(page, page.blocks.at(start), start, end) if start < end else None


def word_with_clitics(page: Page, start: int, end: int) -> Stretch | None:
    """Return the token there with the space-separated clitics before and after it."""
    word = word_at(page, start, end)
    if word is None:
        return None
    block = page.blocks.at(start)
    offset = page.blocks.starts[block]
    tokens = page.blocks.tokens(block)
    content = page.blocks.content(block)
    first = word[0] - offset
    last = word[1] - offset
    before = segmentation.clitic_before(content, tokens, first)
    after = segmentation.clitic_after(content, tokens, last)
    return (before[0] if before else first) + offset, (after[1] if after else last) + offset


def sentence_at(page: Page, position: int) -> Stretch:
    """Return the sentence that holds a position, or its whole block."""
    block = page.blocks.at(position)
    offset = page.blocks.starts[block]
    for start, end in page.blocks.sentences(block):
        if position - offset <= end:
            return start + offset, end + offset
    return offset, page.blocks.ends[block]
