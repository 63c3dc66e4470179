"""The label set changes while people work: labels are renamed, merged, retired.

One undoable step changes the schema and moves the spans.

Words: a label *merged* into another stays in the schema, retired, and says what it became, so that
files and bundles that come in later are brought up to date by the same record. A *twin* is a span
that is there already with the new label on the same fragments: the moved span's relations go to it,
and only one of the two stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.errors import UserError
from annotator.i18n import _, name_list
from annotator.jobs.progress import Progress, silent
from annotator.model import Fragment, Label, Labelled, Names, Relation, Schema, Span
from annotator.model.schema_files import faults, name_fault
from annotator.store import Step, Store


@dataclass(frozen=True, slots=True)
class Revision:
    """What to change about the labels, by their ids.

    merged: old → new; renamed: id → English name; retired: ids.
    """

    merged: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    retired: tuple[str, ...] = ()


@dataclass(slots=True)
class RelabelReport:
    """What a revision did, or would do.

    moved: (old, new) label → spans; twins: how many became one span with another.
    """

    version: int = 0
    moved: dict[tuple[str, str], int] = field(default_factory=dict)
    twins: int = 0


def revised(schema: Schema, revision: Revision) -> Schema:
    """Return the schema's next version with a revision applied.

    A label that is not there, or a circle of mergers, is a UserError.
    """
    known = {label.id for _layer, label in schema.labels()}
    for title in revision.renamed.values():
        fault = name_fault(title)
        if fault:
            raise UserError(
                _("A label cannot be called {name}: {reason}.").format(name=title, reason=fault)
            )
    for name in {
        *revision.merged,
        *revision.merged.values(),
        *revision.renamed,
        *revision.retired,
    } - known:
        message = _("This project has no label {name}; it has {known}.")
        raise UserError(message.format(name=name, known=name_list(sorted(known))))
    layers = tuple(
        replace(layer, labels=tuple(_revised(label, revision) for label in layer.labels))
        for layer in schema.layers
    )
    changed = replace(schema, version=schema.version + 1, layers=layers)
    fault = next(faults(changed), "")
    if fault:
        raise UserError(_("The labels cannot be changed so: {fault}.").format(fault=fault))
    return changed


def _revised(label: Label, revision: Revision) -> Label:
    if label.id in revision.renamed:
        label = replace(
            label, names=Names({**label.names.by_language, "en": revision.renamed[label.id]})
        )
    target = revision.merged.get(label.id, label.merged_into)
    return replace(
        label,
        merged_into=target,
        retired=bool(target) or label.retired or label.id in revision.retired,
    )


def relabel(
    store: Store,
    actor: str,
    revision: Revision,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> RelabelReport:
    """Revise the labels of a project and move the spans of all annotators, in one step.

    `dry_run` only counts.
    """
    schema = revised(store.schema(), revision)
    report = RelabelReport(schema.version)
    records = [
        record
        for record in store.records()
        if record.annotation_set
        and any(_is_merged(schema, span) for span in record.annotation_set.spans)
    ]
    if dry_run:
        for record in records:
            _Move(record, schema, report)
        return report
    with store.change(_("Change the labels"), actor) as step:
        step.put_schema(schema)
        for number, record in enumerate(records):
            progress(number, len(records), record.document.name)
            _Move(record, schema, report).store(step)
    return report


def follow_merges(store: Store, actor: str, documents: Iterable[str]) -> int:
    """Give spans whose label was merged into another that one; return how many there were.

    Work that came in late needs it.
    """
    schema = store.schema()
    report = RelabelReport(schema.version)
    if any(label.merged_into for _layer, label in schema.labels()):
        with store.change(_("Bring labels up to date"), actor) as step:
            for record in store.records(documents_wanted=tuple(documents)):
                _Move(record, schema, report).store(step)
    return sum(report.moved.values())


def _is_merged(schema: Schema, span: Span) -> bool:
    return schema.successor(span.label) != span.label


class _Move:
    """The spans of one annotation set on their way to other labels."""

    def __init__(self, record: Labelled, schema: Schema, report: RelabelReport) -> None:
        self.record = record
        self.report = report
        self.spans: list[Span] = []
        self.gone: dict[str, str] = {}
        """Ids of spans that have a twin → the twin's id."""
        spans = record.annotation_set.spans if record.annotation_set else ()
        there = {
            (span.label, span.fragments): span.id for span in spans if not _is_merged(schema, span)
        }
        for span in spans:
            if _is_merged(schema, span):
                self._move(span, schema, there)

    def _move(
        self, span: Span, schema: Schema, there: dict[tuple[str, tuple[Fragment, ...]], str]
    ) -> None:
        new = schema.successor(span.label)
        self.report.moved[span.label, new] = self.report.moved.get((span.label, new), 0) + 1
        twin = there.setdefault((new, span.fragments), span.id)
        found = schema.find_label(new)
        if twin != span.id:
            self.gone[span.id] = twin
            self.report.twins += 1
        elif found:
            self.spans.append(span._replace(layer=found[0].id, label=new))

    def store(self, step: Step) -> None:
        """Write the moved spans; relations of those that have a twin go to it first."""
        annotation_set = self.record.annotation_set
        if annotation_set is None:
            return
        document = self.record.document.id
        annotator = step.add_annotator(annotation_set.annotator)
        for span in self.spans:
            step.put_span(document, annotator, span)
        for relation in annotation_set.relations:
            turned = self._turned(relation)
            if turned.head == turned.child:
                step.remove_relation(document, annotator, relation.id)
            elif turned != relation:
                step.put_relation(document, annotator, turned)
        for name in self.gone:
            step.remove_span(document, annotator, name)

    def _turned(self, relation: Relation) -> Relation:
        child = relation.child and self.gone.get(relation.child, relation.child)
        return relation._replace(head=self.gone.get(relation.head, relation.head), child=child)
