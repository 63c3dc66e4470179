"""Tags and entities, in all schemes, clean and not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.tag_schemes import (
    NEEDLESS_BEGIN,
    ODD_TAG,
    ORPHAN,
    OTHER_LABEL,
    UNENDED,
    Entity,
    entities_to_tags,
    is_joined,
    joined_entities,
    joined_tags,
    scheme_of,
    tags_to_entities,
)

SCHEMES = ["IOB1", "IOB2", "BIOES", "BILOU"]


@st.composite
def sentences_of_entities(draw: st.DrawFn) -> tuple[list[Entity], int]:
    entities, place = [], 0
    for label in draw(st.lists(st.sampled_from(["ORG", "I", "loc", "B-X_y"]), max_size=6)):
        first = place + draw(st.integers(0, 2))
        place = first + draw(st.integers(1, 4))
        entities.append(Entity(label, first, place))
    return entities, place + draw(st.integers(0, 2))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("separator", ["-", "_"])
@given(sentence=sentences_of_entities())
def test_entities_come_back_from_their_tags(
    scheme: str, separator: str, sentence: tuple[list[Entity], int]
) -> None:
    entities, length = sentence
    tags = entities_to_tags(entities, length, scheme, separator)
    assert len(tags) == length
    assert tags_to_entities(tags, scheme) == (entities, [])
    assert tags_to_entities(tags)[0] == entities


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("IOB1", ["I-A", "I-A", "B-A", "O", "I-B", "I-A"]),
        ("IOB2", ["B-A", "I-A", "B-A", "O", "B-B", "B-A"]),
        ("BIOES", ["B-A", "E-A", "S-A", "O", "S-B", "S-A"]),
        ("BILOU", ["B-A", "L-A", "U-A", "O", "U-B", "U-A"]),
    ],
)
def test_each_scheme_writes_its_own_prefixes(scheme: str, expected: list[str]) -> None:
    entities = [Entity("A", 0, 2), Entity("A", 2, 3), Entity("B", 4, 5), Entity("A", 5, 6)]
    assert entities_to_tags(reversed(entities), 6, scheme) == expected
    assert scheme_of([expected]) == scheme


@given(
    st.lists(
        st.sampled_from(
            ["O", "B-A", "I-A", "E-A", "S-A", "L-A", "U-A", "I-B", "B_B", "A", "B", "I", ""]
        ),
        max_size=12,
    ),
    st.sampled_from(["", *SCHEMES]),
)
def test_any_tags_give_each_tagged_token_to_one_entity(tags: list[str], scheme: str) -> None:
    entities, odd = tags_to_entities(tags, scheme)
    covered = [index for _, first, end in entities for index in range(first, end)]
    assert covered == [index for index, tag in enumerate(tags) if tag not in {"O", ""}]
    assert all(0 <= index < len(tags) for index, _ in odd)


@pytest.mark.parametrize(
    ("tags", "scheme", "entities", "odd"),
    [
        (["O", "I-A", "I-A"], "IOB2", [("A", 1, 3)], [(1, ORPHAN)]),
        (["B-A", "I-B", "I-B"], "IOB2", [("A", 0, 1), ("B", 1, 3)], [(1, OTHER_LABEL)]),
        (["O", "I-A", "B-A"], "IOB1", [("A", 1, 2), ("A", 2, 3)], []),
        (["B-A", "O"], "IOB1", [("A", 0, 1)], [(0, NEEDLESS_BEGIN)]),
        (["B-A", "I-A", "O", "S-A"], "BIOES", [("A", 0, 2), ("A", 3, 4)], [(1, UNENDED)]),
        (["E-A", "I-A"], "", [("A", 0, 1), ("A", 1, 2)], [(0, ORPHAN), (1, ORPHAN)]),
        (["S-A"], "IOB2", [("A", 0, 1)], [(0, ODD_TAG)]),
        (["PER", "PER", "O"], "IOB2", [("PER", 0, 2)], [(0, ODD_TAG), (1, ODD_TAG)]),
        (["B-A-b_c", "I-A-b_c", "B_ORG", "I_ORG"], "", [("A-b_c", 0, 2), ("ORG", 2, 4)], []),
        (["B", "I", "b-x", "i-x", "o"], "", [("_", 0, 2), ("x", 2, 4)], []),
        ([], "", [], []),
    ],
)
def test_what_is_odd_is_read_and_reported(
    tags: list[str], scheme: str, entities: list[tuple[str, int, int]], odd: list[tuple[int, str]]
) -> None:
    assert tags_to_entities(tags, scheme) == (entities, odd)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([], "IOB2"),
        ([["O", "O"]], "IOB2"),
        ([["B-A", "I-A"], ["I-A"], ["B-A"], ["B-A"]], "IOB2"),
        ([["I-A", "B-A", "I-A"], ["I-B"]], "IOB1"),
        ([["B-A", "M-A", "E-A", "W-A"]], "BIOES"),
    ],
)
def test_the_scheme_is_told_by_what_most_entities_begin_with(
    sentences: list[list[str]], expected: str
) -> None:
    assert scheme_of(sentences) == expected


@pytest.mark.parametrize(
    "entities", [[("A", 0, 2), ("B", 1, 3)], [("A", 2, 2)], [("A", 3, 5)], [("A", -1, 1)]]
)
def test_impossible_entities_are_refused(entities: list[tuple[str, int, int]]) -> None:
    with pytest.raises(ValueError, match="the entity"):
        entities_to_tags([Entity(*entity) for entity in entities], 4)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="IOE1"):
        entities_to_tags([], 3, "IOE1")


def test_known_answers_of_strict_readers_are_the_entities_without_oddities(
    shared_data: Path,
) -> None:
    answers = json.loads((shared_data / "known_answers.json").read_text(encoding="utf-8"))
    schemes = {"IOB1": "IOB1", "IOB2": "IOB2", "IOBES": "BIOES", "BILOU": "BILOU"}
    checked = 0
    for answer in answers:
        scheme = schemes.get(
            answer["measure"].removeprefix("tag sequence -> entities (").removesuffix(", strict)")
        )
        if scheme:
            entities, odd = tags_to_entities(answer["input"], scheme)
            flawless = [
                list(entity)
                for entity in entities
                if not any(entity.first <= index < entity.last_exclusive for index, _ in odd)
            ]
            assert flawless == answer["expected"], answer["id"]
            checked += 1
    assert checked == 66


def test_known_answers_of_scheme_detection(shared_data: Path) -> None:
    answers = json.loads((shared_data / "known_answers.json").read_text(encoding="utf-8"))
    detected = [answer for answer in answers if answer["measure"] == "auto-detect tagging scheme"]
    assert len(detected) == 10
    for answer in detected:
        assert scheme_of(answer["input"]) == answer["expected"].replace("IOBES", "BIOES"), answer[
            "id"
        ]


def tags_by_sentence(path: Path, separator: str) -> Iterator[list[str]]:
    sentence: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            sentence.append(line.rstrip("\r").rsplit(separator, 1)[1])
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


@pytest.mark.parametrize(
    ("file", "separator", "sentences", "tokens", "entities", "orphans"),
    [
        ("kaznerd/IOB2_valid.txt", " ", 11_167, 129_223, 13_483, 0),
        ("parstwiner/persian-ner-twitter-data/train.txt", "\t", 6_417, 207_990, 14_588, 14),
        ("parstwiner/persian-ner-twitter-data/dev.txt", "\t", 446, 14_927, 1_017, 1),
        ("arman/dev.txt", " ", 5_121, 165_258, 8_617, None),
        ("peyma/dev.txt", "|", 925, 26_806, 1_959, None),
    ],
)
def test_corpora_have_the_entities_that_their_makers_counted(
    shared_data: Path,
    file: str,
    separator: str,
    sentences: int,
    tokens: int,
    entities: int,
    orphans: int | None,
) -> None:
    corpus = list(tags_by_sentence(shared_data / file, separator))
    assert (len(corpus), sum(map(len, corpus))) == (sentences, tokens)
    scheme = scheme_of(corpus)
    assert scheme == "IOB2"
    read = [tags_to_entities(tags, scheme) for tags in corpus]
    assert sum(len(found) for found, _ in read) == entities
    if orphans is not None:
        assert sum(len(odd) for _, odd in read) == orphans
    for tags, (found, odd) in zip(corpus, read, strict=True):
        if not odd:
            written = entities_to_tags(found, len(tags), scheme, "_" if separator == "|" else "-")
            assert written == tags


@given(data=st.data(), scheme=st.sampled_from(["IOB2", "BIOES", "BILOU"]))
def test_joined_tags_hold_entities_within_and_over_one_another(
    data: st.DataObject, scheme: str
) -> None:
    length = data.draw(st.integers(1, 6))
    places = st.tuples(
        st.sampled_from("AB"), st.integers(0, length - 1), st.integers(1, length)
    ).filter(lambda entry: entry[1] < entry[2])
    drawn = data.draw(
        st.lists(
            places.map(lambda entry: Entity(*entry)),
            max_size=5,
            unique_by=lambda entity: (entity.label, entity.first),
        )
    )
    # Of one label, what begins first must end last, or the tags cannot tell them apart.
    made = sorted(drawn, key=lambda entity: (entity.first, -entity.last_exclusive))
    kept = [
        entity
        for number, entity in enumerate(made)
        if all(
            other.label != entity.label or other.last_exclusive <= entity.first
            for other in made[:number]
        )
    ]
    tags = joined_tags(kept, length, scheme)
    assert joined_entities(tags) == kept
    assert is_joined(tags) == any("+" in tag for tag in tags)


def test_joined_tags_are_told_from_labels_with_a_plus() -> None:
    assert not is_joined(["B-C++", "O", "C+D"])
    assert joined_entities(["B-A+B-A", "I-A", "E-A"]) == [Entity("A", 0, 3), Entity("A", 0, 1)]
