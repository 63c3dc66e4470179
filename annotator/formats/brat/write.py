"""A record → the lines of a `.ann` file, and the `annotation.conf` that lets brat show them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from annotator.formats._api import Report
from annotator.formats.brat import read as names
from annotator.i18n import _
from annotator.model import (
    AnnotationSet,
    Attributes,
    Fragment,
    Relation,
    Schema,
    Span,
    Value,
    surface,
)

_SPACES = re.compile(r"\s+")
_EVENT_ENTRY = re.compile(r"(E\d+)(?: (\S+))?")
_OF_EVENT = re.compile(r"(E\d+):(.+)", re.DOTALL)
_NEWLINE = re.compile(r"\r\n?|\n")
_LINE = re.compile(r"[^\n]+")


class LineMaker:
    """Makes the lines of one document; what brat cannot hold goes into the report."""

    def __init__(self, text: str, annotation_set: AnnotationSet, report: Report) -> None:
        self._text = text
        self._annotation_set = annotation_set
        self._report = report
        self._numbers = {kind: count(1) for kind in "AN#"}
        self._lines: list[str] = []
        self._fragments = {span.id: self._without_newlines(span) for span in annotation_set.spans}
        self._spans = self._ids(
            [span.id for span in annotation_set.spans if self._fragments[span.id]], "T"
        )
        self._triggers = self._find_triggers()
        self._relations = [
            entry
            for entry in annotation_set.relations
            if entry.head in self._spans and (entry.implicit or entry.child in self._spans)
        ]
        lost = len(annotation_set.relations) - len(self._relations)
        if lost:
            report.lose(
                "relations of lost spans", _("one of their spans could not be written"), lost
            )

    def lines(self) -> list[str]:
        """Return all lines: spans, relations, events, equivalences, then what is said of them."""
        spans = [span for span in self._annotation_set.spans if span.id in self._spans]
        for span in spans:
            self._add_span(span)
        self._add_arrows([entry for entry in self._relations if self._kind(entry) == "R"])
        self._add_events(spans, [entry for entry in self._relations if self._kind(entry) == "E"])
        self._add_equivalences([entry for entry in self._relations if self._kind(entry) == "*"])
        for relation in self._relations:
            if relation.implicit:
                self._add_implicit(relation)
        for span in spans:
            own = (names.EVENT,) if _event_entries(span.attributes) else ()
            self._add_attributes(self._spans[span.id], span.attributes, own)
            for line in _NEWLINE.split(span.note) if span.note else ():
                self._add("#", f"{names.OWN_NOTE} {self._spans[span.id]}\t{line}")
        return self._lines

    def _add_span(self, span: Span) -> None:
        places = self._fragments[span.id]
        offsets = ";".join(f"{start} {end}" for start, end in places)
        self._lines.append(
            f"{self._spans[span.id]}\t{self._word(span.label)}"
            f" {offsets}\t{surface(self._text, places)}"
        )

    def _add_implicit(self, relation: Relation) -> None:
        name = f"{names.IMPLICIT_ARGUMENT}{self._word(relation.label)}"
        self._add("A", f"{name} {self._spans[relation.head]} {relation.implicit}")
        self._lose_attributes(relation, ())

    def _without_newlines(self, span: Span) -> tuple[Fragment, ...]:
        """Return the fragments, those over a newline split there."""
        found: list[Fragment] = []
        for start, end in span.fragments:
            found.extend(match.span() for match in _LINE.finditer(self._text, start, end))
        if not found:
            self._report.lose(
                "spans of newlines", _("a span over newlines alone has no text in brat")
            )
        elif tuple(found) != span.fragments:
            self._report.lose(
                "newlines", _("a span over a newline became one of several fragments")
            )
        return tuple(found)

    def _ids(self, given: Sequence[str], prefix: str) -> dict[str, str]:
        """Return brat's ids by ours; those that brat could have given stay."""
        kept = {name for name in given if re.fullmatch(rf"{prefix}\d+", name)}
        free = (f"{prefix}{number}" for number in count(1) if f"{prefix}{number}" not in kept)
        made = {name: name if name in kept else next(free) for name in given}
        if len(kept) < len(made):
            self._report.lose("ids", _("brat numbers spans and relations"), len(made) - len(kept))
        return made

    def _find_triggers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for span in self._annotation_set.spans:
            for event, _label in _event_entries(span.attributes) if span.id in self._spans else ():
                if event in found:
                    self._report.lose(
                        "attributes of arguments",
                        _("an event has one trigger, and another span names it too"),
                    )
                else:
                    found[event] = span.id
        return found

    def _kind(self, relation: Relation) -> str:
        if relation.implicit:
            return "I"
        if isinstance(relation.attributes.get(names.EQUIV), str):
            return "*"
        event = relation.attributes.get(names.EVENT)
        return "E" if isinstance(event, str) and self._triggers.get(event) == relation.head else "R"

    def _end(self, relation: Relation, key: str, span: str) -> str:
        """Return the id of an argument: the event that the attribute names, or the span itself."""
        event = relation.attributes.get(key)
        return (
            event
            if isinstance(event, str) and self._triggers.get(event) == span
            else self._spans[span]
        )

    def _add_arrows(self, relations: Sequence[Relation]) -> None:
        arrows = self._ids([relation.id for relation in relations], "R")
        for relation in relations:
            head = self._end(relation, names.HEAD_EVENT, relation.head)
            child = self._end(relation, names.CHILD_EVENT, relation.child or "")
            roles = relation.attributes.get(names.ROLES)
            first, second = (
                roles if isinstance(roles, tuple) and len(roles) == 2 else names.DEFAULT_ROLES
            )
            name = arrows[relation.id]
            self._lines.append(
                f"{name}\t{self._word(relation.label)} {first}:{head} {second}:{child}\t"
            )
            own = (
                names.ROLES,
                *((names.HEAD_EVENT,) if head[0] == "E" else ()),
                *((names.CHILD_EVENT,) if child[0] == "E" else ()),
            )
            self._add_attributes(name, relation.attributes, own)

    def _add_events(self, spans: Sequence[Span], relations: Sequence[Relation]) -> None:
        arguments: dict[str, list[str]] = {}
        for relation in relations:
            child = self._end(relation, names.CHILD_EVENT, relation.child or "")
            arguments.setdefault(f"{relation.attributes[names.EVENT]}", []).append(
                f"{self._word(relation.label)}:{child}"
            )
            self._lose_attributes(
                relation, (names.EVENT, *((names.CHILD_EVENT,) if child[0] == "E" else ()))
            )
        events = [
            (event, label, span)
            for span in spans
            for event, label in _event_entries(span.attributes)
        ]
        for event, label, span in sorted(events, key=lambda entry: int(entry[0][1:])):
            if self._triggers[event] == span.id:
                body = [
                    f"{label or self._word(span.label)}:{self._spans[span.id]}",
                    *arguments.get(event, ()),
                ]
                self._lines.append(f"{event}\t{' '.join(body)}")

    def _add_equivalences(self, relations: Sequence[Relation]) -> None:
        """Write the relations of one group that follow one another as one line."""
        chains: list[tuple[str, list[str]]] = []
        for relation in relations:
            group = f"{relation.attributes[names.EQUIV]} {relation.label}"
            head, child = self._spans[relation.head], self._spans[relation.child or ""]
            if chains and chains[-1][0] == group and chains[-1][1][-1] == head:
                chains[-1][1].append(child)
            else:
                chains.append((group, [self._word(relation.label), head, child]))
            self._lose_attributes(relation, (names.EQUIV,))
        self._lines.extend(f"*\t{' '.join(words)}" for _group, words in chains)

    def _add_attributes(self, target: str, attributes: Attributes, own: Sequence[str]) -> None:
        for name, value in attributes.items():
            of_event = _OF_EVENT.fullmatch(name)
            if name in own:
                continue
            if of_event and self._spans.get(self._triggers.get(of_event[1], "")) == target:
                self._add_attribute(of_event[1], of_event[2], value)
            else:
                self._add_attribute(target, name, value)

    def _add_attribute(self, target: str, name: str, value: Value) -> None:
        if isinstance(value, tuple) and name.startswith(names.REFERENCE):
            for entry in value:
                kind = self._word(name.removeprefix(names.REFERENCE))
                reference, _space, text = self._line(entry).partition(" ")
                self._add("N", f"{kind} {target} {reference}\t{text}")
        elif isinstance(value, tuple) and name.startswith(names.NOTE):
            for entry in value:
                kind = self._word(name.removeprefix(names.NOTE))
                self._add("#", f"{kind} {target}\t{self._line(entry)}")
        elif value is True:
            self._add("A", f"{self._word(name)} {target}")
        else:
            self._count_value(value)
            for entry in value if isinstance(value, tuple) else (f"{value}",):
                self._add("A", f"{self._word(name)} {target} {self._line(entry)}")

    def _count_value(self, value: Value) -> None:
        """Count a value that comes back as another: brat holds texts, and several of them."""
        is_text = isinstance(value, str) and bool(value.strip())
        is_several = isinstance(value, tuple) and len(value) > 1
        if not is_text and not is_several:
            self._report.lose(
                "value types",
                _(
                    "brat holds texts; numbers, no, empty values and lists of one come back as"
                    " texts"
                ),
            )

    def _lose_attributes(self, relation: Relation, own: Sequence[str]) -> None:
        lost = len(relation.attributes.keys() - set(own))
        if lost:
            self._report.lose(
                "attributes of arguments",
                _("an argument of an event, an equivalence or an implicit argument has none"),
                lost,
            )

    def _add(self, kind: str, body: str) -> None:
        self._lines.append(f"{kind}{next(self._numbers[kind])}\t{body}")

    def _word(self, name: str) -> str:
        plain = _SPACES.sub("_", name) or "_"
        if plain != name:
            self._report.lose("spaces in labels", _("spaces in names, and empty names, became _"))
        return plain

    def _line(self, value: str) -> str:
        if "\n" in value or "\r" in value:
            self._report.lose("newlines", _("a newline in a value became a space"))
        return " ".join(_NEWLINE.split(value))


def _event_entries(attributes: Attributes) -> list[tuple[str, str]]:
    """Return the events that a span triggers, as ids and labels ("" for the span's own).

    There are none where the attribute of that name is not brat's.
    """
    entries = attributes.get(names.EVENT)
    found = (
        [_EVENT_ENTRY.fullmatch(entry) for entry in entries] if isinstance(entries, tuple) else []
    )
    return [(match[1], match[2] or "") for match in found if match] if all(found) else []


def configuration(annotation_sets: Iterable[AnnotationSet], schema: Schema | None) -> str:
    """Return an `annotation.conf` for the schema and for what is written."""
    names_used = _Names(schema)
    for annotation_set in annotation_sets:
        names_used.add(annotation_set)
    return "\n".join(names_used.sections())


class _Names:
    """The labels, relations, events and attributes that brat must know, in order."""

    def __init__(self, schema: Schema | None) -> None:
        labels = schema.labels() if schema else ()
        relations = schema.relations if schema else ()
        self._entities = dict.fromkeys(label.id for _layer, label in labels)
        self._relations = dict.fromkeys(entry.id for entry in relations)
        self._attributes: dict[str, dict[str, None]] = {}
        self._events: dict[str, dict[str, None]] = {}

    def add(self, annotation_set: AnnotationSet) -> None:
        """Add what an annotation set uses."""
        labels = {span.id: span.label for span in annotation_set.spans}
        for span in annotation_set.spans:
            self._add_span(span)
        for relation in annotation_set.relations:
            if isinstance(relation.attributes.get(names.EVENT), str):
                roles = self._events.setdefault(labels.get(relation.head, ""), {})
                roles[relation.label] = None
            elif names.EQUIV not in relation.attributes and not relation.implicit:
                self._relations[relation.label] = None

    def _add_span(self, span: Span) -> None:
        self._entities[span.label] = None
        if _event_entries(span.attributes):
            self._events.setdefault(span.label, {})
        for name, value in span.attributes.items():
            plain = name.split(":")[-1] if _OF_EVENT.fullmatch(name) else name
            self._attributes.setdefault(plain, {}).update(dict.fromkeys(_plain_values(value)))

    def sections(self) -> Iterator[str]:
        """Walk over the lines."""
        yield "[entities]"
        yield from (_SPACES.sub("_", name) for name in self._entities if name not in self._events)
        yield "\n[relations]"
        for name in self._relations:
            yield f"{_SPACES.sub('_', name)}\tArg1:<ANY>, Arg2:<ANY>"
        yield "\n[events]"
        for name, roles in self._events.items():
            if name:
                arguments = ", ".join(f"{_SPACES.sub('_', role)}*:<ANY>" for role in roles)
                yield f"{_SPACES.sub('_', name)}\t{arguments}".rstrip()
        yield "\n[attributes]"
        for name, values in self._attributes.items():
            if ":" not in name and name != names.EVENT:
                yield _attribute_line(name, values)
        yield ""


def _attribute_line(name: str, values: Iterable[str]) -> str:
    plain = [value for value in values if value and not re.search(r"[\s|,]", value)]
    choice = f", Value:{'|'.join(plain)}" if plain else ""
    return f"{_SPACES.sub('_', name)}\tArg:<ANY>{choice}"


def _plain_values(value: Value) -> tuple[str, ...]:
    if value is True:
        return ()
    return value if isinstance(value, tuple) else (f"{value}",)
