"""Tokens for training: the program's own and other people's, and how spans lie on them.

Words: a *tokenizer* is a function from a text and its language to stretches of it, in order and
apart from one another; it never changes the text. A span is *aligned* where it begins and ends with
a token; else it is *widened* to whole tokens, or *dropped* where it has none.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Protocol, cast

import regex

from annotator.errors import UserError, clean
from annotator.i18n import _
from annotator.model import Fragment
from annotator.text.segmentation import tokens

OURS, WHITESPACE, RAZDEL, SPACY, HF = "ours", "whitespace", "razdel", "spacy", "hf:"
TOKENIZERS = (OURS, WHITESPACE, RAZDEL, SPACY, f"{HF}FILE")
"""What can be chosen; `hf:FILE` names a tokenizer.json of Hugging Face."""

ALIGNED, WIDENED, DROPPED, KEPT = "aligned", "widened", "dropped", "kept"
"""What becomes of a span; KEPT: the format holds its characters beside the tokens."""

Tokenizer = Callable[[str, str], list[Fragment]]

# Most gaps are a space and a sign or two that never join with a neighbour into one grapheme.
_PLAIN_GAP = re.compile("[ \n!-~«»،؛؟…–—“”]*")
_PLAIN_SIGNS = re.compile(r"([^ \n])\1*")
_GRAPHEME = regex.compile(r"\X")
_INVISIBLE = regex.compile(r"[\p{Cf}\s]+")
_PIECE = re.compile(r"\S+")
# What stands at the ends of a piece between blanks and is no part of its word: punctuation, symbols
# and what cannot be seen.
_EDGE = regex.compile(r"[\p{P}\p{S}\p{Cf}]")


class Alignment(NamedTuple):
    """The tokens under a stretch, and whether it is ALIGNED, WIDENED or DROPPED."""

    first: int
    last_exclusive: int
    outcome: str


def tokenizer(name: str = "") -> Tokenizer:
    """Return a tokenizer by its name, one of TOKENIZERS, "" for ours.

    One that is unknown or not installed is a UserError.
    """
    if name.startswith(HF):
        return _hugging_face(name.removeprefix(HF))
    made = {"": _ours, OURS: _ours, WHITESPACE: _whitespace, RAZDEL: _razdel, SPACY: _spacy}.get(
        name
    )
    if made is None:
        known = ", ".join(TOKENIZERS)
        raise UserError(
            _("There is no tokenizer {name}. Choose one of: {known}.").format(
                name=name, known=known
            )
        )
    return made()


def align(found: Sequence[Fragment], stretch: Fragment) -> Alignment:
    """Return how a stretch of a text lies on its tokens."""
    start, end = stretch
    first = bisect_right(found, start, key=lambda token: token[1])
    last = bisect_left(found, end, first, key=lambda token: token[0])
    if first >= last:
        return Alignment(first, first, DROPPED)
    return Alignment(
        first,
        last,
        ALIGNED if (found[first][0], found[last - 1][1]) == stretch else WIDENED,
    )


def all_tokens(text: str) -> list[Fragment]:
    """Return words and, between them, every other visible sign or run of one sign as a token."""
    found: list[Fragment] = []
    last = 0
    for start, end in [*tokens(text), (len(text), len(text))]:
        if start > last and text[last:start] != " ":
            found.extend(_signs(text, last, start))
        if end > start:
            found.append((start, end))
        last = end
    return found


def pieces(text: str) -> list[Fragment]:
    """Return what blanks separate; signs at the ends of a piece are tokens of their own."""
    found: list[Fragment] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        first, last = start, end
        while first < last and _EDGE.match(text, first):
            first += 1
        while last > first and _EDGE.match(text, last - 1):
            last -= 1
        found += [
            *_signs(text, start, first),
            *([(first, last)] if first < last else ()),
            *_signs(text, last, end),
        ]
    return found


def _signs(text: str, start: int, end: int) -> list[Fragment]:
    if _PLAIN_GAP.fullmatch(text, start, end):
        return [sign.span() for sign in _PLAIN_SIGNS.finditer(text, start, end)]
    found: list[Fragment] = []
    for grapheme in _GRAPHEME.finditer(text, start, end):
        sign = grapheme.group().lstrip()
        first, last = grapheme.end() - len(sign), grapheme.end()
        if not sign or _INVISIBLE.fullmatch(sign):
            continue
        if found and found[-1][1] == first and text[found[-1][0] : first].startswith(sign):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


# ── Other people's ────────────────────────────────────────────────────────────────────────────────


class _RazdelToken(Protocol):
    start: int
    stop: int


class _Razdel(Protocol):
    def tokenize(self, text: str) -> Iterable[_RazdelToken]: ...


class _SpacyToken(Protocol):
    idx: int
    text: str
    is_space: bool


class _Spacy(Protocol):
    def blank(self, language: str) -> Callable[[str], Iterable[_SpacyToken]]: ...


class _Encoding(Protocol):
    offsets: list[Fragment]


class _Encoder(Protocol):
    def encode(self, text: str, *, add_special_tokens: bool) -> _Encoding: ...


class _EncoderType(Protocol):
    def from_str(self, json: str) -> _Encoder: ...


class _HuggingFace(Protocol):
    Tokenizer: _EncoderType


def _ours() -> Tokenizer:
    return lambda text, _language: all_tokens(text)


def _whitespace() -> Tokenizer:
    return lambda text, _language: pieces(text)


def _razdel() -> Tokenizer:
    module = cast("_Razdel", import_module("razdel"))
    return lambda text, _language: [(token.start, token.stop) for token in module.tokenize(text)]


def _spacy() -> Tokenizer:
    module = cast("_Spacy", _optional("spacy", "spacy"))

    @cache
    def pipeline(language: str) -> Callable[[str], Iterable[_SpacyToken]]:
        try:
            return module.blank(language or "xx")
        except ImportError:  # a language without rules of its own in spaCy
            return module.blank("xx")

    def tokens_of(text: str, language: str) -> list[Fragment]:
        return [
            (token.idx, token.idx + len(token.text))
            for token in pipeline(language)(text)
            if not token.is_space
        ]

    return tokens_of


def _hugging_face(path: str) -> Tokenizer:
    module = cast("_HuggingFace", _optional("tokenizers", "hf"))
    definition = _checked_json(Path(path))
    encoder = module.Tokenizer.from_str(definition)
    return lambda text, _language: _apart(
        text, encoder.encode(text, add_special_tokens=False).offsets
    )


def _optional(module: str, extra: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        message = _(
            "The tokenizer needs a library that is not installed. Install it with: pip install"
            ' "annotator[{extra}]"'
        )
        raise UserError(message.format(extra=extra)) from error


def _checked_json(path: Path) -> str:
    """Return the text of a tokenizer.json.

    The library itself raises nothing that could be told from a fault of ours.
    """
    try:
        text = path.read_text("utf-8")
        plain = json.loads(text)
    except (OSError, ValueError) as error:
        message = _(
            "The tokenizer {path} cannot be read: {reason}. Name the file tokenizer.json of a"
            " Hugging Face model."
        )
        raise UserError(message.format(path=str(path), reason=clean(str(error)))) from error
    model = plain.get("model") if isinstance(plain, dict) else None
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict | list):
        message = _(
            "{path} is not a tokenizer of Hugging Face: it has no model with a vocabulary. Name the"
            " file tokenizer.json."
        )
        raise UserError(message.format(path=str(path)))
    return text


def _apart(text: str, offsets: Iterable[Fragment]) -> list[Fragment]:
    """Return tokens without the blanks that some tokenizers count in; no character is in two."""
    found: list[Fragment] = []
    for start, end in offsets:
        piece = text[start:end]
        first, last = end - len(piece.lstrip()), start + len(piece.rstrip())
        if first >= last:
            continue
        if found and first < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
