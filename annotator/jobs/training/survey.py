"""What the documents of a set are like, found in one walk over the project.

Labels, languages, sources, doubles, who labelled them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from annotator.jobs.exports.exporting import ExportOptions
from annotator.jobs.progress import Progress, silent
from annotator.jobs.training.clusters import clusters
from annotator.jobs.training.splits import CLUSTER, DOCUMENT, Item, Plan, Trait, split
from annotator.model import AnnotationSet, Labelled
from annotator.store import Store

SOURCE_FIELD = "source"


@dataclass(slots=True)
class Surveyed:
    """One document.

    Its source ("" where it says none), its language, how often labels and choices stand in it, who
    labelled it.
    """

    language: str
    source: str
    digest: str
    is_blank: bool
    labels: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    annotators: set[str] = field(default_factory=set)
    unfinished: bool = False

    def traits(self) -> dict[Trait, int]:
        """Return what a split should spread alike."""
        kinds = (
            ("label", self.labels),
            ("value", self.values),
            ("language", Counter([self.language])),
        )
        return {(kind, name): count for kind, counts in kinds for name, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Survey:
    """All documents by id, in the project's order.

    And the cluster of near-duplicates that each is in.
    """

    documents: dict[str, Surveyed]
    clusters: dict[str, str]


def survey(
    store: Store,
    options: ExportOptions,
    source_field: str = SOURCE_FIELD,
    progress: Progress = silent,
) -> Survey:
    """Look through the documents that an export with these options writes."""
    found: dict[str, Surveyed] = {}
    choices = {
        entry.id
        for _layer, label in store.schema().labels()
        for entry in label.attributes
        if entry.kind == "choice"
    }

    def texts() -> Iterator[tuple[str, str]]:
        for record in store.records(options.annotators, options.statuses):
            is_new = record.document.id not in found
            _note(record, found, source_field)
            _count(
                record.annotation_set, found[record.document.id], set(options.write.layers), choices
            )
            if is_new:
                yield record.document.id, record.document.text

    joined = clusters(texts(), progress)
    return Survey(found, joined)


def _note(record: Labelled, found: dict[str, Surveyed], source_field: str) -> None:
    document = record.document
    annotation_set = record.annotation_set
    seen = found.get(document.id)
    if seen is None:
        named = document.meta.get(source_field)
        digest = sha256(document.text.encode()).hexdigest()
        source = named if isinstance(named, str) else ""
        seen = found[document.id] = Surveyed(
            document.language, source, digest, not document.text.strip()
        )
    if annotation_set is not None and not annotation_set.is_empty:
        seen.annotators.add(annotation_set.annotator)
        seen.unfinished = seen.unfinished or annotation_set.status != "done"


def _count(
    annotation_set: AnnotationSet | None, seen: Surveyed, layers: set[str], choices: set[str]
) -> None:
    for span in annotation_set.spans if annotation_set else ():
        if not layers or span.layer in layers:
            seen.labels[span.label] += 1
            seen.values.update(
                f"{name}={value}" for name, value in span.attributes.items() if name in choices
            )


def assigned(found: Survey, plan: Plan, known: dict[str, str]) -> dict[str, str]:
    """Return the part of each surveyed document; those that are known to have one keep it."""
    return split(
        [
            Item(name, _group(name, found, plan.by), entry.traits())
            for name, entry in found.documents.items()
        ],
        plan,
        known,
    )


def _group(name: str, found: Survey, by: str) -> str:
    if by == CLUSTER:
        return found.clusters[name]
    source = "" if by == DOCUMENT else found.documents[name].source
    return f"source {source}" if source else f"document {name}"


def torn(found: Survey, parts: Mapping[str, str]) -> int:
    """Return how many documents have a near-duplicate in another part."""
    here: dict[str, set[str]] = {}
    for name, cluster in found.clusters.items():
        here.setdefault(cluster, set()).add(parts[name])
    return sum(len(here[cluster]) > 1 for cluster in found.clusters.values())
