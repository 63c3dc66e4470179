"""Make a corpus of any size in native JSONL, the same for the same options.

`python -m datasets.generate --documents 1000 -o big.jsonl`.

Each document is written once for each annotator; annotators differ a little, as people do: spans
missed, edges moved, labels confused. Texts are put together from the invented sentences of
words.py, Persian with ZWNJ, with spaces, or joined.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TextIO

import orjson

from datasets.words import LANGUAGES, MIXED, Slots

ZWNJ = "\u200c"
MIXED_SHARE = 0.15
PARAGRAPH_SHARE = 0.25
ENTITIES = ("PER", "ORG", "GPE", "LOC", "DATE", "MONEY", "EVENT")
LAYERS = {**dict.fromkeys(ENTITIES, "entities"), "CLAIM": "claims", "STANCE": "stance"}
HOLDERS = ("PER", "ORG", "GPE")
TARGETS = ("CLAIM", "EVENT", "ORG", "PER", "GPE", "LOC")
TOPICS = ("politics", "economy", "society", "culture", "science", "sport", "environment", "health")
POLARITIES = ("support", "oppose", "neutral", "unclear")
_MARKUP = re.compile(r"\[([A-Z]+|-):|(\])|\{(\w+)\}|([^\[\]{}]+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span that could be made.

    Its label, fragments, how many others it lies in, the sentence it belongs to.
    """

    label: str
    fragments: tuple[tuple[int, int], ...]
    depth: int
    sentence: int


@dataclass(slots=True)
class Draft:
    """A document under way.

    Text so far, marks found, marks that are open (with the fragments they have).
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    open: list[tuple[str, list[int]]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Add text."""
        self.parts.append(text)
        self.length += len(text)

    def close(self) -> None:
        """End the innermost open mark, or the hole in it."""
        label, edges = self.open.pop()
        if label == "-":
            self.open[-1][1].append(self.length)
            return
        flat = [*edges, self.length]
        fragments = tuple((flat[place], flat[place + 1]) for place in range(0, len(flat), 2))
        depth = sum(1 for outer, _edges in self.open if outer != "-")
        self.marks.append(Mark(label, fragments, depth, len(self.sentences)))


def render(draft: Draft, sentence: str, slots: Slots, chance: Random) -> None:
    """Write a sentence with its slots filled, and note its marks."""
    for label, end, slot, text in _MARKUP.findall(sentence):
        if text:
            draft.write(text)
        elif end:
            draft.close()
        elif label:
            if label == "-":
                draft.open[-1][1].append(draft.length)
            draft.open.append((label, [draft.length]))
        else:
            if slot in LAYERS:
                draft.open.append((slot, [draft.length]))
            render(draft, chance.choice(slots[slot]), slots, chance)
            if slot in LAYERS:
                draft.close()


def compose(
    language: str, characters: int, nesting: int, chance: Random
) -> tuple[str, list[Mark], bool]:
    """Return a text of about so many characters, its marks, and whether it mixes directions."""
    slots, sentences = LANGUAGES[language]
    is_mixed = chance.random() < MIXED_SHARE
    choices = (*sentences, *MIXED[language] * 2) if is_mixed else sentences
    draft = Draft()
    while draft.length < characters:
        if draft.length:
            draft.write("\n" if chance.random() < PARAGRAPH_SHARE else " ")
        start = draft.length
        render(draft, chance.choice(choices), slots, chance)
        draft.sentences.append((start, draft.length))
    marks = [mark for mark in draft.marks if mark.depth < nesting]
    deepest = max((mark.depth for mark in marks), default=-1) + 1
    # Deeper nesting than sentences have by themselves: claims over the first two sentences, the
    # first three, and so on.
    wider = [(0, end) for _start, end in draft.sentences[1 : max(nesting - deepest, 0) + 1]]
    marks += [Mark("CLAIM", (place,), 0, -1 - number) for number, place in enumerate(wider)]
    return "".join(draft.parts), marks, is_mixed


def spelled(text: str, marks: Iterable[Mark], replacement: str) -> tuple[str, list[Mark]]:
    """Return a text with each ZWNJ replaced (by a space, or by nothing).

    And the marks moved with it.
    """
    if replacement:
        return text.replace(ZWNJ, replacement), list(marks)
    places = [0]
    for char in text:
        places.append(places[-1] + (char != ZWNJ))
    moved = [
        Mark(
            mark.label,
            tuple((places[start], places[end]) for start, end in mark.fragments),
            mark.depth,
            mark.sentence,
        )
        for mark in marks
    ]
    return text.replace(ZWNJ, ""), moved


def as_seen(text: str, marks: Sequence[Mark], most: int, chance: Random) -> list[Mark]:
    """Return the marks as one annotator makes them: some missed, edges moved, labels confused."""
    chosen = list(marks) if len(marks) <= most else chance.sample(marks, most)
    seen = []
    for mark in chosen:
        fate = chance.random()
        if fate < 0.05:
            continue
        label, fragments = mark.label, mark.fragments
        if fate < 0.10 and label in ENTITIES:
            label = chance.choice(ENTITIES)
        elif fate < 0.18 and len(fragments) == 1:
            start, end = fragments[0]
            gap = text.find(" ", start, end)
            fragments = ((gap + 1, end),) if gap > 0 and gap + 1 < end else fragments
        seen.append(Mark(label, fragments, mark.depth, mark.sentence))
    seen.sort(key=lambda mark: (mark.fragments[0][0], -mark.fragments[-1][1], mark.label))
    return seen


def span_plain(name: str, mark: Mark, text: str, chance: Random) -> dict[str, object]:
    """Return a span as native JSONL holds it."""
    attributes: dict[str, str] = {}
    if mark.label == "STANCE":
        attributes["polarity"] = chance.choice(POLARITIES)
    elif mark.label == "CLAIM" and chance.random() < 0.6:
        attributes["certainty"] = chance.choice(("certain", "likely", "uncertain"))
    return {
        "id": name,
        "layer": LAYERS[mark.label],
        "label": mark.label,
        "start": mark.fragments[0][0],
        "end": mark.fragments[-1][1],
        "text": " ".join(text[start:end] for start, end in mark.fragments),
        "fragments": mark.fragments,
        "attributes": attributes,
        "note": "",
        "origin": "human",
    }


def relations_plain(marks: Sequence[Mark]) -> Iterator[dict[str, object]]:
    """Walk over the relations of one layer.

    Holders and targets within a sentence, else the author or somebody unknown.
    """
    by_sentence: dict[int, list[tuple[int, Mark]]] = {}
    for number, mark in enumerate(marks, 1):
        by_sentence.setdefault(mark.sentence, []).append((number, mark))
    count = 0
    for group in by_sentence.values():
        for number, mark in group:
            for label, ends, other in (
                ("holder", HOLDERS, "author"),
                ("target", TARGETS, "unknown"),
            ):
                if mark.label == "STANCE" or (mark.label == "CLAIM" and label == "holder"):
                    count += 1
                    child = next(
                        (there for there, end in group if end.label in ends and there != number),
                        None,
                    )
                    yield {
                        "id": f"r{count}",
                        "label": label,
                        "head": f"s{number}",
                        "child": f"s{child}" if child else None,
                        "implicit": None if child else other,
                        "attributes": {},
                    }


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make; `spans` and `characters` are about what each document has."""

    documents: int = 1000
    annotators: int = 3
    spans: int = 20
    nesting: int = 3
    characters: int = 1500
    languages: tuple[str, ...] = ("fa", "kk", "ru")
    seed: int = 1
    gold: bool = False


def lines(plan: Plan) -> Iterator[bytes]:
    """Walk over the lines of the corpus."""
    names = [f"a{number}" for number in range(1, plan.annotators + 1)] + ["gold"] * plan.gold
    for number in range(1, plan.documents + 1):
        chance = Random(f"{plan.seed}/{number}")
        language = plan.languages[number % len(plan.languages)]
        text, marks, is_mixed = compose(language, plan.characters, plan.nesting, chance)
        style = chance.random()
        if language == "fa" and style < 0.4:
            text, marks = spelled(text, marks, " " if style < 0.2 else "")
        head = {
            "id": f"doc-{number:06}",
            "name": f"{language} {number}" + (" (mixed)" if is_mixed else ""),
            "text": text,
            "language": language,
            "direction": "rtl" if language == "fa" else "ltr",
        }
        digest = sha256(text.encode()).hexdigest()
        for name in names or [""]:
            yield _line(
                head, digest, name, marks, Random(f"{plan.seed}/{number}/{name}"), plan.spans
            )


def _line(
    head: dict[str, str], digest: str, name: str, marks: Sequence[Mark], chance: Random, most: int
) -> bytes:
    seen = as_seen(head["text"], marks, most, chance) if name else []
    record = {
        **head,
        "annotator": name,
        "status": ("done" if chance.random() < 0.9 else "open") if name else "new",
        "spans": [
            span_plain(f"s{place}", mark, head["text"], chance)
            for place, mark in enumerate(seen, 1)
        ],
        "relations": list(relations_plain(seen)),
        "attributes": {"topic": chance.choice(TOPICS), "topic_stance": chance.choice(POLARITIES)}
        if name
        else {},
        "meta": {"source": "datasets.generate"},
        "schema": "news@1",
        "offset_unit": "codepoint",
        "text_sha256": digest,
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _parsed(arguments: Sequence[str] | None) -> tuple[Plan, Path | None]:
    parser = argparse.ArgumentParser(
        prog="python -m datasets.generate", description="Make a corpus of any size in native JSONL."
    )
    plan = Plan()
    for name in ("documents", "annotators", "spans", "nesting", "characters", "seed"):
        parser.add_argument(
            f"--{name}",
            type=int,
            default=getattr(plan, name),
            metavar="N",
            help="default: %(default)s",
        )
    parser.add_argument(
        "--languages", default=",".join(plan.languages), metavar="A,B", help="default: %(default)s"
    )
    parser.add_argument("--gold", action="store_true", help="write a gold layer too")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="default: standard output"
    )
    given = vars(parser.parse_args(arguments))
    target = given.pop("output")
    languages = tuple(given.pop("languages").split(","))
    unknown = sorted(set(languages) - set(LANGUAGES))
    if unknown:
        parser.error(f"no words for {', '.join(unknown)}; known are {', '.join(LANGUAGES)}")
    return Plan(languages=languages, **given), target


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the corpus; return the exit code."""
    plan, target = _parsed(arguments)
    if target is None:
        out.writelines(line.decode() for line in lines(plan))
        return 0
    with target.open("wb") as file:
        file.writelines(lines(plan))
    return 0


if __name__ == "__main__":
    sys.exit(main())
