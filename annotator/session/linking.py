"""A relation that is being made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linking:
    """A relation being made.

    Its type, the span it starts from, the candidate it would end in ("" for none yet).
    """

    relation: str
    head: str
    candidate: str = ""
