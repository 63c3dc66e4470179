"""Values are what Python's own frozen dataclasses are: equal, shown, hashed, copied and refused in the same way."""

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import values

WORDS = st.text(max_size=5)


@values.dataclass(frozen=True, slots=True)
class Ours:
    """A value."""

    name: str
    count: int = 3
    more: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def length(self) -> int:
        return len(self.name)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The same, as Python makes it."""

    name: str
    count: int = 3
    more: Mapping[str, str] = dataclasses.field(default_factory=dict)


@given(WORDS, st.integers(), st.dictionaries(WORDS, WORDS), WORDS)
def test_a_value_is_what_a_frozen_dataclass_is(name: str, count: int, more: dict[str, str], other: str) -> None:
    ours, theirs = Ours(name, count, more), Theirs(name, count, more)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert (ours == Ours(name, count, dict(more))) is True
    assert (ours == Ours(other, count, more)) is (theirs == Theirs(other, count, more))
    assert ours.__eq__(theirs) is NotImplemented
    assert dataclasses.replace(ours, name=other) == Ours(other, count, more)
    assert copy.deepcopy(ours) == ours


def test_what_is_left_out_has_its_default_and_a_factory_makes_a_new_one_each_time() -> None:
    first, second = Ours("x"), Ours(name="x")
    assert (first.count, first.more, first.length) == (3, {}, 1)
    assert first.more is not second.more


@pytest.mark.parametrize("wrong", [{}, {"name": "x", "sort": 1}])
def test_values_want_their_fields(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Ours(**wrong)


def test_a_value_does_not_change() -> None:
    value = Ours("x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, "name", "y")  # noqa: B010 - a type checker sees the plain way
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(value, "name")
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, "other", 1)  # noqa: B010 - see above
    assert not hasattr(value, "__dict__")


def test_equal_values_are_one_key_and_what_cannot_be_a_key_is_refused() -> None:
    @values.dataclass(frozen=True)
    class Plain:
        """A value without slots, with words of its own."""

        name: str

        def __repr__(self) -> str:
            return self.name

    assert len({Plain("x"), Plain("x"), Plain("y")}) == 2
    assert repr(Plain("x")) == "x"
    with pytest.raises(TypeError):
        hash(Ours("x", 1, {}))


def test_a_value_that_is_not_frozen_changes_and_is_no_key() -> None:
    @values.dataclass(slots=True)
    class Open:
        """A value that may change."""

        names: list[str] = dataclasses.field(default_factory=list)
        count: int = 0

    value = Open()
    value.count, value.names = 2, ["x"]
    assert value == Open(["x"], 2) != Open()
    with pytest.raises(TypeError):
        hash(value)
