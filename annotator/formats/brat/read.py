"""One brat document → an annotation set.

See `__init__.py` for what becomes of events, notes and equivalences.
"""

from itertools import pairwise
from pathlib import Path

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.decode import Decoded
from annotator.formats._shared.records import layer_finder
from annotator.formats.brat.lines import AnnFile, Arrow, Remark
from annotator.formats.brat.offsets import placed
from annotator.i18n import _
from annotator.model import IMPLICIT, AnnotationSet, Relation, Span, Value, surface

EVENT, HEAD_EVENT, CHILD_EVENT, EQUIV, ROLES = (
    "event",
    "head_event",
    "child_event",
    "equiv",
    "roles",
)
REFERENCE, NOTE, IMPLICIT_ARGUMENT = "normalization:", "note:", "implicit:"
OWN_NOTE = "AnnotatorNotes"
DEFAULT_ROLES = ("Arg1", "Arg2")


class SetMaker:
    """Makes an annotation set of the parsed lines of one file.

    What does not fit together is a problem with its line.
    """

    def __init__(self, found: AnnFile, path: Path, report: Report) -> None:
        self._found = found
        self._path = path
        self._report = report
        owners = [*(entry.id for entry in found.texts), *(entry.id for entry in found.relations)]
        self._attributes: dict[str, dict[str, Value]] = {owner: {} for owner in owners}
        self._triggers: dict[str, str] = {}
        self._notes: dict[str, list[str]] = {}
        self._relations: list[Relation] = []
        self._implicit: list[Relation] = []

    def make(self, decoded: Decoded, options: ReadOptions) -> AnnotationSet:
        """Return the annotation set; where problems were reported, its content does not matter."""
        fragments = placed(self._found.texts, decoded, self._path, self._report)
        if fragments is None:
            return AnnotationSet()
        self._read_lines()
        find_layer = layer_finder(options.schema, options.layer)
        spans = tuple(
            Span(
                id=entry.id,
                layer=find_layer(entry.label),
                label=entry.label,
                fragments=places,
                text=surface(decoded.text, places),
                attributes=self._attributes[entry.id],
                note="\n".join(self._notes.get(entry.id, ())),
            )
            for entry, places in zip(self._found.texts, fragments, strict=True)
        )
        return AnnotationSet(spans=spans, relations=(*self._relations, *self._implicit))

    def _read_lines(self) -> None:
        """Read all but the spans themselves: triggers first, since others name their events."""
        self._read_triggers()
        for arrow in self._found.relations:
            self._read_relation(arrow)
        for arrow in self._found.events:
            self._read_arguments(arrow)
        self._read_equivalences()
        self._read_marks()
        for remark in self._found.references:
            self._read_remark(remark, REFERENCE)
        for remark in self._found.notes:
            self._read_remark(remark, NOTE)

    def _wrong(self, line: int, target: str) -> None:
        self._report.wrong(
            self._path,
            line,
            _("the line names {id}, which is not in the file").format(id=target),
        )

    def _span_of(self, target: str) -> str | None:
        """Return the span that an id stands for: a text-bound annotation, or an event's trigger."""
        trigger = self._triggers.get(target, target)
        return trigger if trigger in self._attributes and trigger.startswith("T") else None

    def _read_triggers(self) -> None:
        labels = {entry.id: entry.label for entry in self._found.texts}
        for arrow in self._found.events:
            trigger = arrow.ends[0][1]
            if trigger not in labels:
                self._wrong(arrow.line, trigger)
                continue
            self._triggers[arrow.id] = trigger
            name = arrow.id if labels[trigger] == arrow.label else f"{arrow.id} {arrow.label}"
            self._append(trigger, EVENT, name)

    def _append(self, owner: str, name: str, value: str) -> None:
        before = self._attributes[owner].get(name, ())
        self._attributes[owner][name] = (
            (*before, value) if isinstance(before, tuple) else (f"{before}", value)
        )

    def _read_relation(self, arrow: Arrow) -> None:
        (first, head), (second, child) = arrow.ends
        spans = self._ends(arrow, head, child)
        if spans is None:
            return
        attributes = self._attributes[arrow.id]
        if (first, second) != DEFAULT_ROLES:
            attributes[ROLES] = (first, second)
        if head in self._triggers:
            attributes[HEAD_EVENT] = head
        if child in self._triggers:
            attributes[CHILD_EVENT] = child
        self._relations.append(Relation(arrow.id, arrow.label, *spans, attributes=attributes))

    def _ends(self, arrow: Arrow, head: str, child: str) -> tuple[str, str] | None:
        head_span, child_span = self._span_of(head), self._span_of(child)
        if head_span is None or child_span is None:
            self._wrong(arrow.line, child if head_span else head)
            return None
        return head_span, child_span

    def _read_arguments(self, arrow: Arrow) -> None:
        for number, (role, target) in enumerate(arrow.ends[1:], 1):
            spans = self._ends(arrow, arrow.id, target)
            if spans is None:
                return
            attributes: dict[str, Value] = {EVENT: arrow.id}
            if target in self._triggers:
                attributes[CHILD_EVENT] = target
            self._relations.append(
                Relation(f"{arrow.id}.{number}", role, *spans, attributes=attributes)
            )

    def _read_equivalences(self) -> None:
        for group, (line, label, members) in enumerate(self._found.equivalences, 1):
            spans = [self._span_of(member) for member in members]
            stranger = next(
                (member for member, span in zip(members, spans, strict=True) if span != member),
                None,
            )
            if stranger is not None:
                self._wrong(line, stranger)
                continue
            for number, (head, child) in enumerate(pairwise(members), 1):
                self._relations.append(
                    Relation(
                        f"*{group}.{number}", label, head, child, attributes={EQUIV: str(group)}
                    )
                )

    def _read_marks(self) -> None:
        for line, name, target, value in self._found.marks:
            owner, prefix = self._owner(target)
            if owner is None:
                self._wrong(line, target)
            elif (
                name.startswith(IMPLICIT_ARGUMENT)
                and value in IMPLICIT
                and owner == target
                and owner.startswith("T")
            ):
                label = name.removeprefix(IMPLICIT_ARGUMENT)
                self._implicit.append(
                    Relation(f"I{len(self._implicit) + 1}", label, owner, None, value)
                )
            elif value is None:
                self._attributes[owner][prefix + name] = True
            elif prefix + name in self._attributes[owner]:
                self._append(owner, prefix + name, value)
            else:
                self._attributes[owner][prefix + name] = value

    def _owner(self, target: str) -> tuple[str | None, str]:
        """Return what a target's attributes go to, and what their names begin with there."""
        if target in self._triggers:
            return self._triggers[target], f"{target}:"
        return (target, "") if target in self._attributes else (None, "")

    def _read_remark(self, remark: Remark, kind: str) -> None:
        owner, prefix = self._owner(remark.target)
        if owner is None:
            self._wrong(remark.line, remark.target)
        elif (
            kind == NOTE
            and remark.kind == OWN_NOTE
            and owner == remark.target
            and owner.startswith("T")
        ):
            self._notes.setdefault(owner, []).append(remark.text)
        else:
            self._append(owner, f"{prefix}{kind}{remark.kind}", remark.text)
