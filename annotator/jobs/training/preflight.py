"""What to know before training.

What each part holds, what does not fit, what would leak, what is missing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from annotator.i18n import _, name_list, ngettext
from annotator.jobs.exports.exporting import ExportReport
from annotator.jobs.training.splits import CLUSTER, SOURCE, TRAIN, Plan
from annotator.jobs.training.survey import Survey, Surveyed, torn

MISALIGNED_TOLD = 100


@dataclass(slots=True)
class PartCounts:
    """What a part holds; `labels` are what its rows teach, or the spans of its records."""

    documents: int = 0
    rows: int = 0
    spans: int = 0
    relations: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Surveyed, *, counts_labels: bool) -> None:
        """Count a document."""
        self.documents += 1
        self.languages[entry.language] += 1
        if counts_labels:
            self.labels.update(entry.labels)

    def to_plain(self) -> dict[str, object]:
        """Return the counts as a manifest holds them, names in order."""
        counts = {
            "documents": self.documents,
            "rows": self.rows,
            "spans": self.spans,
            "relations": self.relations,
        }
        return {
            **counts,
            "labels": dict(sorted(self.labels.items())),
            "languages": dict(sorted(self.languages.items())),
        }


@dataclass(slots=True)
class Preflight:
    """A set, made or only looked over.

    Its parts, its files and what they cannot carry (in `export`), and what a person should know.
    """

    plan: Plan
    parts: dict[str, PartCounts]
    export: ExportReport
    notes: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, object]:
        """Return it as `train-set --json` prints it."""
        plain = self.export.to_plain()
        misaligned = [entry._asdict() for entry in self.export.misaligned]
        return {
            "split": self.plan.name,
            "parts": {part: counts.to_plain() for part, counts in self.parts.items()},
            "lost": plain["lost"],
            "misaligned": {"count": len(misaligned), "first": misaligned[:MISALIGNED_TOLD]},
            "notes": self.notes,
            "files": plain["files"],
        }


def notes_on(
    survey: Survey, parts: Mapping[str, str], preflight: Preflight, unlabelled: int
) -> Iterator[str]:
    """Walk over what a person should know before training on this."""
    yield from _on_labels(preflight)
    yield from _on_documents(survey, unlabelled)
    yield from _on_doubles(survey, parts, preflight.plan)


def _on_labels(preflight: Preflight) -> Iterator[str]:
    for part, counts in preflight.parts.items():
        if not counts.documents:
            yield _(
                "The part {part} is empty: there are too few documents, or too few that may be"
                " apart."
            ).format(part=part)
    learned = preflight.parts[TRAIN].labels
    others = set().union(*(counts.labels for counts in preflight.parts.values())) - set(learned)
    if others:
        message = _("Never seen in training, but elsewhere: {labels}.")
        yield message.format(labels=name_list(sorted(others)))
    if not learned:
        yield _("There is nothing to learn: no label stands in the part for training.")


def _on_documents(survey: Survey, unlabelled: int) -> Iterator[str]:
    if unlabelled:
        message = ngettext(
            "{count} document that nobody has labelled is left out.",
            "{count} documents that nobody has labelled are left out.",
            unlabelled,
        )
        yield message.format(count=unlabelled)
    entries = survey.documents.values()
    blank = sum(entry.is_blank for entry in entries)
    if blank:
        yield ngettext(
            "{count} document has no text.", "{count} documents have no text.", blank
        ).format(count=blank)
    bare = sum(not entry.labels for entry in entries) - blank
    if bare > 0:
        yield ngettext(
            "{count} document has no label at all.", "{count} documents have no label at all.", bare
        ).format(count=bare)
    unfinished = sum(entry.unfinished for entry in entries)
    if unfinished:
        message = ngettext(
            "{count} document is not finished.", "{count} documents are not finished.", unfinished
        )
        yield message.format(count=unfinished)
    several = sum(len(entry.annotators) > 1 for entry in entries)
    if several:
        message = ngettext(
            "{count} document comes with the labels of several people, each as an example of its"
            " own; choose one of them, or gold.",
            "{count} documents come with the labels of several people, each as an example of its"
            " own; choose one of them, or gold.",
            several,
        )
        yield message.format(count=several)


def _on_doubles(survey: Survey, parts: Mapping[str, str], plan: Plan) -> Iterator[str]:
    texts = Counter(entry.digest for entry in survey.documents.values())
    doubles = sum(count - 1 for count in texts.values())
    if doubles:
        message = ngettext(
            "{count} document repeats the text of another.",
            "{count} documents repeat the text of another.",
            doubles,
        )
        yield message.format(count=doubles)
    apart = torn(survey, parts)
    if apart:
        message = ngettext(
            "{count} document has a near-duplicate in another part, so the test is easier than it"
            " looks.",
            "{count} documents have a near-duplicate in another part, so the test is easier than it"
            " looks.",
            apart,
        )
        yield message.format(count=apart) + (
            "" if plan.by == CLUSTER else " " + _("Split by cluster to keep them together.")
        )
    if plan.by == SOURCE and not any(entry.source for entry in survey.documents.values()):
        yield _("No document says its source, so each one was taken for itself.")
