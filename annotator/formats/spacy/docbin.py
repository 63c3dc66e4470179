"""spaCy's DocBin, read without spaCy's own objects.

They trust what a file says, and ours comes from strangers.

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
    """A document.

    Its text, its entities and its span groups by name, all by characters, and its user data.
    """

    text: str
    entities: list[Marked] = field(default_factory=list)
    groups: dict[str, list[Marked]] = field(default_factory=dict)
    user_data: Mapping[object, object] = field(default_factory=dict)


def docs_of(data: bytes) -> Iterator[Doc]:
    """Walk over the documents of a DocBin, or raise a DocBinError."""
    # With a hook of its own nothing else is made of what a file says, and spaCy's registry is not
    # asked each time.
    unpack = partial(library("srsly.msgpack", "spacy").unpackb, object_pairs_hook=dict, raw=False)
    ids = library("spacy.attrs", "spacy").IDS
    hash_of = library("spacy.strings", "spacy").get_string_id
    try:
        message = unpack(_inflated(data), use_list=True)
        attributes, flags = message["attrs"], message["flags"]
        strings = {hash_of(text): text for text in message["strings"]}
        table = np.frombuffer(message["tokens"], dtype="<u8").reshape(-1, len(attributes))
        spaces = np.frombuffer(message["spaces"], dtype=bool).reshape(-1)
        columns = [attributes.index(ids[name]) for name in ("ORTH", "ENT_IOB", "ENT_TYPE")]
        groups, user_data = message.get("span_groups", []), message.get("user_data", [])
        lengths = np.frombuffer(message["lengths"], dtype="<i4").tolist()
        _check_lengths(lengths, len(table))
        place = 0
        for number, length in enumerate(lengths):
            rows = table[place : place + length]
            follows = (
                [True] * length
                if flags[number].get("has_unknown_spaces")
                else spaces[place : place + length].tolist()
            )
            words = [strings[word] for word in rows[:, columns[0]].tolist()]
            text, places = _laid_out(words, follows)
            entities = _entities(
                rows[:, columns[1]].tolist(),
                [strings[kind] for kind in rows[:, columns[2]].tolist()],
                places,
            )
            found = _groups(groups[number] if groups else b"", strings, unpack)
            told = user_data[number] if user_data else None
            yield Doc(
                text,
                entities,
                found,
                unpack(told, use_list=False, strict_map_key=False) if told else {},
            )
            place += length
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
    found: list[Marked] = []
    last = -1
    for number, (tag, kind) in enumerate(zip(tags, kinds, strict=True)):
        if tag not in (_BEGIN, _INSIDE) or not kind:
            continue
        if tag == _INSIDE and last == number - 1 and found and found[-1][0] == kind:
            found[-1] = (kind, (found[-1][1][0], places[number][1]))
        else:
            found.append((kind, places[number]))
        last = number
    return found


def _groups(data: bytes, strings: Mapping[int, str], unpack: Any) -> dict[str, list[Marked]]:
    """Return the spans of each group.

    Groups are stored by their bytes with their names, or, by old versions, in a list.
    """
    message = unpack(data, use_list=True, strict_map_key=False) if data else []
    listed = (
        [(names, value) for value, names in message.items()]
        if isinstance(message, dict)
        else [([], value) for value in message]
    )
    found: dict[str, list[Marked]] = {}
    for names, value in listed:
        group = unpack(value, use_list=True)
        spans = [_SPAN.unpack(span) for span in group["spans"]]
        for name in names or [group["name"]]:
            found[str(name)] = [(strings[span[2]], (span[5], span[6])) for span in spans]
    return found
