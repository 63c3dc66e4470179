"""Values, made fast: `dataclass` as Python's own, for classes that the start of the program needs.

Python's own writes six functions for each class and compiles them one by one, whether they are ever called or not; for the values
of this program that took a tenth of the time until its window was seen. Here one is written, when the first value is made.
"""

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["dataclass"]

Class = TypeVar("Class", bound=type[Any])

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen=False, slots=False):
        """Make a class of values, as dataclasses.dataclass does."""

        def made(given):
            return _made(dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(given), frozen=frozen)

        return made


def _made(plain: Class, *, frozen: bool) -> Class:
    names = tuple(plain.__dataclass_fields__)
    key = attrgetter(*names)

    def init(self: object, *values: object, **named: object) -> None:
        plain.__init__ = _written(plain)
        plain.__init__(self, *values, **named)

    def equals(self: object, other: object) -> object:
        return key(self) == key(other) if type(other) is type(self) else NotImplemented

    def shown(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def reduced(self: object) -> tuple[object, ...]:
        return type(self), tuple(getattr(self, name) for name in names)

    methods: dict[str, Any] = {"__init__": init, "__eq__": equals, "__hash__": None, "__reduce__": reduced}
    if frozen:
        methods |= {"__hash__": lambda self: hash(key(self)), "__setattr__": _refuse, "__delattr__": _refuse}
    if "__repr__" not in vars(plain):
        methods["__repr__"] = shown
    for name, method in methods.items():
        setattr(plain, name, method)
    return plain


def _refuse(_value: object, name: str, _given: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _written(plain: type[Any]) -> Any:
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    heads, lines = [], []
    for field in dataclasses.fields(plain):
        name, value = field.name, field.name
        heads.append(name)
        if field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            heads[-1] = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            heads[-1], value = f"{name}=_missing", f"_make_{name}() if {name} is _missing else {name}"
        lines.append(f" _set(self, {name!r}, {value})\n")
    exec(f"def __init__(self, {', '.join(heads)}):\n{''.join(lines)}", known)  # noqa: S102 - the names are those of the class's fields
    return known["__init__"]
