"""Collecting returned work: any number of bundles, in any order, any number of times.

It is looked at first, then stored in one step.

One bundle that cannot be taken stops all: nothing is stored then, and each reason is told.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError, Problem, UserError, clean
from annotator.gc_pause import collector_paused
from annotator.i18n import _, name_list
from annotator.jobs.imports.label_policy import LabelPolicy
from annotator.jobs.progress import Progress, silent
from annotator.jobs.relabeling import follow_merges
from annotator.jobs.team.assign import places, read_all
from annotator.model import AnnotationSet, Relation, Schema, Span
from annotator.store import Store
from annotator.store.exchange.bundle import SUFFIX, Bundle, write_bundle
from annotator.store.exchange.merge import Arrival
from annotator.store.file.backup import default_place

POLICIES = ("refuse", "add", "keep")


@dataclass(slots=True)
class CollectReport:
    """What a collection brought, or would bring.

    `unknown` are the labels that the schema lacks, by bundle.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    unknown: list[Counter[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    moved: int = 0
    stored: bool = False
    backup: Path | None = None
    receipts: list[Path] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """How many documents something new came for."""
        return len({name for arrival in self.arrivals for name in arrival.documents})

    @property
    def spans(self) -> int:
        """How many spans are new."""
        return sum(arrival.spans for arrival in self.arrivals)

    @property
    def relations(self) -> int:
        """How many relations are new."""
        return sum(arrival.relations for arrival in self.arrivals)

    def to_plain(self) -> dict[str, object]:
        """Return the report as `collect --json` prints it."""
        return {
            "bundles": [
                _plain(arrival, unknown)
                for arrival, unknown in zip(self.arrivals, self.unknown, strict=True)
            ],
            "documents": self.documents,
            "spans": self.spans,
            "relations": self.relations,
            "moved": self.moved,
            "stored": self.stored,
            "backup": str(self.backup) if self.backup else "",
            "receipts": [clean(str(path)) for path in self.receipts],
            "errors": [
                {"file": clean(problem.file), "line": problem.line, "reason": problem.reason}
                for problem in self.problems
            ],
        }


def _plain(arrival: Arrival, unknown: Counter[str]) -> dict[str, object]:
    keys = (
        "new",
        "changed",
        "known",
        "conflict",
        "ignored",
        "spans",
        "relations",
        "events_new",
        "events_known",
    )
    return {
        "file": clean(str(arrival.bundle.path)),
        "annotator": arrival.bundle.manifest.annotator,
        **{key: getattr(arrival, key) for key in keys},
        "documents": len(arrival.documents),
        "unknown_labels": dict(unknown),
        "different_text": sorted(arrival.different_text),
    }


class _LookedError(Exception):
    """Ends a collection that is not to be stored."""


def collect(
    store: Store,
    paths: Sequence[Path],
    actor: str,
    progress: Progress = silent,
    *,
    labels: str = "",
    dry_run: bool = False,
) -> CollectReport:
    """Take returned work in.

    labels: what becomes of labels that the schema lacks: one of POLICIES; "": as the schema is open
    or not.
    """
    report = CollectReport()
    bundles = list[Bundle]()
    for number, read in enumerate(read_all(paths)):
        progress(number, len(paths), paths[number].name if number < len(paths) else "")
        if isinstance(read, InputError):
            report.problems.append(read.problem)
        else:
            bundles.append(read)
    if report.problems:
        return report
    if not dry_run and not all(store.distribution.has_all(bundle) for bundle in bundles):
        report.backup = store.back_up(default_place(store.path, "collect"))
    try:
        with collector_paused(), store.change(_("Fit the labels of returned work in"), actor):
            _merge(store, bundles, labels, actor, report)
            _keep_only(report, dry_run=dry_run)
    except InputError as error:
        report.problems.append(error.problem)
    except _LookedError:
        pass
    report.stored = not (report.problems or dry_run)
    return report


def _keep_only(report: CollectReport, *, dry_run: bool) -> None:
    """Break off what is not to be stored."""
    if report.problems or dry_run:
        raise _LookedError


def _merge(
    store: Store, bundles: Sequence[Bundle], labels: str, actor: str, report: CollectReport
) -> None:
    report.arrivals = store.distribution.merge(bundles)
    schema = store.schema()
    policy = labels or ("add" if schema.open else "refuse")
    report.unknown = [_unknown(arrival, schema) for arrival in report.arrivals]
    for arrival, unknown in zip(report.arrivals, report.unknown, strict=True):
        path = str(arrival.bundle.path)
        if arrival.different_text:
            reason = _("its documents {names} have another text in this project")
            report.problems.append(
                Problem(
                    path,
                    0,
                    reason.format(names=name_list(sorted(arrival.different_text))),
                )
            )
        if unknown and policy == "refuse":
            reason = _(
                "the schema lacks its labels {names}: add them to the schema, or keep them as they"
                " are (--labels add, --labels keep)"
            )
            report.problems.append(Problem(path, 0, reason.format(names=name_list(unknown))))
    if report.problems:
        return
    if policy == "add" and any(report.unknown):
        _add_labels(store, report.arrivals, schema, actor)
    report.moved = follow_merges(
        store, actor, {name for arrival in report.arrivals for name in arrival.documents}
    )


def _unknown(arrival: Arrival, schema: Schema) -> Counter[str]:
    """Return the labels of an arrival that the schema lacks, also under another name."""
    unknown = Counter[str]()
    for (_layer, label), count in arrival.labels.items():
        if schema.find_label(schema.successor(label)) is None:
            unknown[label] += count
    for label, count in arrival.relation_labels.items():
        if schema.find_relation(label) is None:
            unknown[label] += count
    return unknown


def _add_labels(store: Store, arrivals: Sequence[Arrival], schema: Schema, actor: str) -> None:
    """Add the labels that came to the schema, as its next version."""
    policy = LabelPolicy(schema, takes_in=True)
    for arrival in arrivals:
        spans = tuple(Span("", layer, label, ((0, 1),), "") for layer, label in arrival.labels)
        policy.fit(
            AnnotationSet(
                "",
                "open",
                spans,
                tuple(Relation("", label, "", "") for label in arrival.relation_labels),
            )
        )
    extended = policy.extended()
    if extended:
        with store.change("", actor) as step:
            step.put_schema(extended)


def write_receipts(store: Store, folder: Path) -> list[Path]:
    """Write for each annotator whose work is here a receipt, which says how far it has arrived."""
    manifests = {
        manifest.annotator: manifest for manifest in store.distribution.receipts(store.path.stem)
    }
    if not manifests:
        raise UserError(_("No returned work is here yet, so there is nothing to confirm."))
    targets = places(folder, store.path.stem, list(manifests))
    return [
        write_bundle(
            path.with_name(f"{path.name.removesuffix(SUFFIX)}-receipt{SUFFIX}"), manifests[name], {}
        ).path
        for name, path in targets.items()
    ]
