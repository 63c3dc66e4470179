"""The label schema of a project: layers, labels, attributes, relations, completeness rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Names:
    """A name in the four languages of the interface; English is always there."""

    by_language: Mapping[str, str]

    def in_language(self, code: str) -> str:
        """Return the name in a language, or in English."""
        return (
            self.by_language.get(code)
            or self.by_language.get("en")
            or next(iter(self.by_language.values()), "")
        )


@dataclass(frozen=True, slots=True)
class AttributeType:
    """A named value that a span, a relation or a document may carry.

    kind: "choice" (one of `values`), "flag" (true or absent), "text". `keys` are the physical keys
    of the values, if any. `signs` are shown in chips: "＋" for support, say.
    """

    id: str
    names: Names
    kind: str = "choice"
    values: tuple[str, ...] = ()
    value_names: Mapping[str, Names] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A label: a stable id; all else may change.

    A `retired` label is not given any more; its spans stay. `merged_into` is the id of the label
    that stands for it since: spans that come in later with the old label get that one.
    """

    id: str
    names: Names
    key: str = ""
    color: str = "#777777"
    guideline: Names = Names({})
    examples: tuple[str, ...] = ()
    attributes: tuple[AttributeType, ...] = ()
    retired: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A group of labels that are looked at together.

    Look: "entity", "claim" or "stance" (see the three kinds of mark).
    """

    id: str
    names: Names
    look: str = "entity"
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationType:
    """A directed link and the labels it may join; an empty set allows all.

    Implicit: arguments without a span.
    """

    id: str
    names: Names
    key: str = ""
    heads: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    implicit: tuple[str, ...] = ()
    color: str = "#555555"


@dataclass(frozen=True, slots=True)
class Rule:
    """A completeness rule: a span of `label` should have a relation (or an attribute) `needs`.

    The lack is listed, never forbidden.
    """

    label: str
    needs: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The label schema of a project. An `open` schema takes in labels that a file brings."""

    id: str
    version: int
    names: Names
    layers: tuple[Layer, ...] = ()
    relations: tuple[RelationType, ...] = ()
    attributes: tuple[AttributeType, ...] = ()
    rules: tuple[Rule, ...] = ()
    open: bool = False

    @property
    def tag(self) -> str:
        """Name and version as files carry them: "news@1"."""
        return f"{self.id}@{self.version}"

    def labels(self) -> Iterator[tuple[Layer, Label]]:
        """Walk over all labels in the order of the schema."""
        for layer in self.layers:
            for label in layer.labels:
                yield layer, label

    def find_label(self, label: str, layer: str = "") -> tuple[Layer, Label] | None:
        """Return a label by its id, in the named layer or in the first that has it."""
        return next(
            (
                (place, entry)
                for place, entry in self.labels()
                if entry.id == label and layer in ("", place.id)
            ),
            None,
        )

    def successor(self, label: str) -> str:
        """Return the id of the label that stands for this one by now.

        Itself, unless it was merged into another.
        """
        met = set[str]()
        while (found := self.find_label(label)) and found[1].merged_into and label not in met:
            met.add(label)
            label = found[1].merged_into
        return label

    def find_relation(self, label: str) -> RelationType | None:
        """Return a relation type by its id."""
        return next((entry for entry in self.relations if entry.id == label), None)
