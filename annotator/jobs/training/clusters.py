"""Clusters of near-duplicate documents, found by MinHash (Broder 1997) over triples of words.

Texts are folded first, so that ي and ی, a ZWNJ and none, ё and е make no difference. Two documents
are near-duplicates when they share half of all their triples of words; a cluster is whatever such
pairs connect. The same texts give the same clusters everywhere.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from annotator.jobs.progress import Progress, silent
from annotator.text.folding import fold

Hashes = NDArray[np.uint64]

ALIKE = 0.5  # of the triples of two documents together
_ROWS, _BANDS = (
    3,
    32,
)  # two documents that share half of their triples meet in a band with a probability of 0.986
_WORD = re.compile(r"\w+")


def clusters(texts: Iterable[tuple[str, str]], progress: Progress = silent) -> dict[str, str]:
    """Return the cluster of each document, from (id, text): the id of the first document in it."""
    hasher = _Hasher()
    names: list[str] = []
    shingles: list[Hashes] = []
    for number, (name, text) in enumerate(texts):
        if number % 100 == 0:
            progress(number, 0, name)
        names.append(name)
        shingles.append(hasher.shingles(text))
    roots = list(range(len(names)))
    for a, b in _candidates([_signature(each) for each in shingles]):
        first = _root(roots, a)
        second = _root(roots, b)
        if first != second and _are_alike(shingles[a], shingles[b]):
            roots[max(first, second)] = min(first, second)
    return {name: names[_root(roots, number)] for number, name in enumerate(names)}


class _Hasher:
    """Turns texts into the hashes of their triples of words; each word is hashed once."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def shingles(self, text: str) -> Hashes:
        """Return the hashes of a text's triples of words, each once.

        Of all its words where they are fewer than three.
        """
        words = np.fromiter(
            (self._word(word) for word in _WORD.findall(fold(text).text)), np.uint64
        )
        if len(words) < 3:
            whole = " ".join(text.split()) if not len(words) else " ".join(map(str, words))
            return np.array([_digest(f"\x1f{whole}")], np.uint64)
        one, two = _MIXERS[-2:]
        return np.unique(words[:-2] * one + words[1:-1] * two + words[2:])

    def _word(self, word: str) -> int:
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = _digest(word)
        return known


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


_MIXERS = np.array(
    [_digest(f"mixer {number}") | 1 for number in range(_ROWS * _BANDS + 2)], np.uint64
)
_ADDENDS = np.array([_digest(f"addend {number}") for number in range(_ROWS * _BANDS)], np.uint64)


def _signature(shingles: Hashes) -> list[bytes]:
    """Return the bands of a document's MinHash signature."""
    mixed = np.multiply.outer(_MIXERS[:-2], shingles)
    mixed += _ADDENDS[:, None]
    mixed ^= mixed >> np.uint64(31)
    return [band.tobytes() for band in mixed.min(axis=1).reshape(_BANDS, _ROWS)]


def _candidates(signatures: Sequence[Sequence[bytes]]) -> Iterable[tuple[int, int]]:
    """Walk over pairs that share a band.

    Each document with the first and with the latest one there, so that the work stays linear.
    """
    for band in range(_BANDS):
        seen: dict[bytes, tuple[int, int]] = {}
        for number, signature in enumerate(signatures):
            first, latest = seen.setdefault(signature[band], (number, number))
            if first != number:
                yield first, number
                if latest != first:
                    yield latest, number
                seen[signature[band]] = (first, number)


def _are_alike(a: Hashes, b: Hashes) -> bool:
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared >= ALIKE * (len(a) + len(b) - shared)


def _root(roots: list[int], number: int) -> int:
    while roots[number] != number:
        roots[number] = roots[roots[number]]
        number = roots[number]
    return number
