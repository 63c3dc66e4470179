"""What a project holds, in numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model import AnnotationSet
from annotator.store import Store
from annotator.store.exchange.distribution import Share


@dataclass(slots=True)
class Statistics:
    """Counts of a project; all by name: language, annotator, status, label."""

    documents: int = 0
    characters: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    relations: dict[str, Counter[str]] = field(default_factory=dict)
    incomplete: Counter[str] = field(default_factory=Counter)
    shares: list[Share] = field(default_factory=list)
    pending: int | None = None
    """Of a copy: how many entries the lead has not confirmed."""

    def to_plain(self) -> dict[str, object]:
        """Return the counts as `stats --json` prints them."""
        annotators = {
            name: {
                "status": dict(self.statuses[name]),
                "spans": sum(self.labels[name].values()),
                "labels": dict(self.labels[name].most_common()),
                "relations": dict(self.relations[name].most_common()),
                "incomplete": self.incomplete[name],
            }
            for name in self.statuses
        }
        plain: dict[str, object] = {
            "documents": self.documents,
            "characters": self.characters,
            "languages": dict(self.languages),
            "annotators": annotators,
        }
        if self.shares:
            plain["handed_out"] = {
                share.annotator: dict(list(share._asdict().items())[1:]) for share in self.shares
            }
        return plain if self.pending is None else {**plain, "not_delivered": self.pending}


def statistics(store: Store) -> Statistics:
    """Count what the project holds.

    A span is incomplete when a rule of the schema wants more of it.
    """
    counts = Statistics(shares=store.distribution.shares())
    if store.working_copy.is_copy():
        counts.pending = store.working_copy.delivery().pending
    needs: dict[str, set[str]] = {}
    for rule in store.schema().rules:
        needs.setdefault(rule.label, set()).add(rule.needs)
    for entry in store.entries(""):
        counts.documents += 1
        counts.characters += entry.length
        counts.languages[entry.language or "?"] += 1
    for record in store.records():
        if record.annotation_set is not None:
            _count(counts, record.annotation_set, needs)
    return counts


def _count(
    counts: Statistics, annotation_set: AnnotationSet, needs: Mapping[str, set[str]]
) -> None:
    """Count an annotation set."""
    name = annotation_set.annotator
    relations = annotation_set.relations
    counts.statuses.setdefault(name, Counter())[annotation_set.status] += 1
    labels = counts.labels.setdefault(name, Counter())
    labels.update(span.label for span in annotation_set.spans)
    counts.relations.setdefault(name, Counter()).update(relation.label for relation in relations)
    have = {(relation.head, relation.label) for relation in relations}
    for span in annotation_set.spans:
        for need in needs.get(span.label, ()):
            if (span.id, need) not in have and need not in span.attributes:
                counts.incomplete[name] += 1
                break
