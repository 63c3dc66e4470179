"""spaCy's DocBin, read without spaCy's own objects, which trust what a file says.

A DocBin is zlib over MessagePack: for all documents together the tokens (rows of hashes, a column
an attribute) and whether a space follows each, the strings that the hashes stand for, and for each
document its span groups and its user data, MessagePack again.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from annotator.formats._shared.optional import library
from annotator.i18n import _
from annotator.model import Fragment

_LARGEST = 512 * 1024 * 1024
_SPAN = struct.Struct(">QQQllll")
_BEGIN, _INSIDE = 3, 1
Marked = tuple[str, Fragment]


class DocBinError(ValueError):
    """The bytes are no DocBin; the text is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Doc:
    """A document; entities and the spans of groups stand where characters do, not tokens."""

    text: str
    entities: list[Marked] = field(default_factory=list)
    groups: dict[str, list[Marked]] = field(default_factory=dict)
    user_data: Mapping[object, object] = field(default_factory=dict)


def docs_of(data: bytes) -> Iterator[Doc]:
    """Walk over the documents of a DocBin, or raise a DocBinError."""
    try:
        yield from _DocBin(data).docs()
    except DocBinError:
        raise
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        struct.error,
        OverflowError,
    ) as error:
        raise DocBinError(_("its parts do not fit together")) from error


class _DocBin:
    """The parts of a message; what does not fit together is any of Python's own errors."""

    def __init__(self, data: bytes) -> None:
        # With a hook of its own nothing else is made of what a file says, and spaCy's registry is
        # not asked each time.
        unpackb = library("srsly.msgpack", "spacy").unpackb
        self._unpack = partial(unpackb, object_pairs_hook=dict, raw=False)
        ids = library("spacy.attrs", "spacy").IDS
        hash_of = library("spacy.strings", "spacy").get_string_id
        message = self._unpack(_inflated(data), use_list=True)
        attributes = message["attrs"]
        self._flags = message["flags"]
        self._strings: dict[int, str] = {hash_of(text): text for text in message["strings"]}
        self._tokens = np.frombuffer(message["tokens"], dtype="<u8").reshape(-1, len(attributes))
        self._spaces = np.frombuffer(message["spaces"], dtype=bool).reshape(-1)
        names = ("ORTH", "ENT_IOB", "ENT_TYPE")
        self._columns = [attributes.index(ids[name]) for name in names]
        self._groups = message.get("span_groups", [])
        self._user_data = message.get("user_data", [])
        self._lengths: list[int] = np.frombuffer(message["lengths"], dtype="<i4").tolist()

    def docs(self) -> Iterator[Doc]:
        """Walk over the documents."""
        _check_lengths(self._lengths, len(self._tokens))
        first = 0
        for number, length in enumerate(self._lengths):
            yield self._doc(number, first, first + length)
            first += length

    def _doc(self, number: int, first: int, last: int) -> Doc:
        """Return the document of the tokens [first, last)."""
        follows = [True] * (last - first)
        if not self._flags[number].get("has_unknown_spaces"):
            follows = self._spaces[first:last].tolist()
        orth, tag, kind = (self._tokens[first:last, column].tolist() for column in self._columns)
        text, places = _laid_out([self._strings[word] for word in orth], follows)
        entities = _entities(tag, [self._strings[name] for name in kind], places)
        groups = _groups(self._groups[number] if self._groups else b"", self._strings, self._unpack)
        user_data = self._user_data[number] if self._user_data else None
        if not user_data:
            return Doc(text, entities, groups)
        return Doc(
            text,
            entities,
            groups,
            self._unpack(user_data, use_list=False, strict_map_key=False),
        )


def _check_lengths(lengths: list[int], tokens: int) -> None:
    """Refuse lengths of documents that are not together those of all tokens."""
    if min(lengths, default=0) < 0 or sum(lengths) != tokens:
        raise DocBinError(_("its documents have other tokens than it holds"))


def _inflated(data: bytes) -> bytes:
    """Return the message inside, up to a limit."""
    machine = zlib.decompressobj()
    try:
        message = machine.decompress(data, _LARGEST)
    except zlib.error as error:
        raise DocBinError(_("it is not compressed as a DocBin is")) from error
    if machine.unconsumed_tail:
        raise DocBinError(
            _("it would be larger than {size} MB when unpacked").format(size=_LARGEST // 2**20)
        )
    return message


def _laid_out(words: list[str], follows: list[bool]) -> tuple[str, list[Fragment]]:
    """Return the text that tokens make, and where each of them stands."""
    places: list[Fragment] = []
    place = 0
    for word, follow in zip(words, follows, strict=True):
        places.append((place, place + len(word)))
        place += len(word) + follow
    return "".join(word + " " * follow for word, follow in zip(words, follows, strict=True)), places


def _entities(tags: list[int], kinds: list[str], places: list[Fragment]) -> list[Marked]:
    """Return the entities that tags mark; a continuation without a beginning begins one."""
    entities: list[Marked] = []
    last = -1
    for number, (tag, kind) in enumerate(zip(tags, kinds, strict=True)):
        if tag not in (_BEGIN, _INSIDE) or not kind:
            continue
        if tag == _INSIDE and last == number - 1 and entities and entities[-1][0] == kind:
            entities[-1] = (kind, (entities[-1][1][0], places[number][1]))
        else:
            entities.append((kind, places[number]))
        last = number
    return entities


def _groups(data: bytes, strings: Mapping[int, str], unpack: Any) -> dict[str, list[Marked]]:
    """Return the spans of each group.

    Groups are stored by their bytes with their names, or, by old versions, in a list.
    """
    message = unpack(data, use_list=True, strict_map_key=False) if data else []
    names_of = message if isinstance(message, dict) else {value: [] for value in message}
    groups: dict[str, list[Marked]] = {}
    for value, names in names_of.items():
        group = unpack(value, use_list=True)
        spans = [_SPAN.unpack(span) for span in group["spans"]]
        for name in names or [group["name"]]:
            groups[str(name)] = [(strings[span[2]], (span[5], span[6])) for span in spans]
    return groups
