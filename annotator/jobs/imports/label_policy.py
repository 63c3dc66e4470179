"""Labels that a file brings and the schema lacks: taken in, mapped to others, or refused."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from annotator.errors import InputError, UserError
from annotator.formats import Report
from annotator.i18n import _, name_list
from annotator.model import AnnotationSet, Label, Layer, Names, Relation, RelationType, Schema, Span
from annotator.model.schema_files import COLORS, KEYS, name_fault
from annotator.text.file_lines import file_lines

STRANGERS_SHOWN = 50


def read_mapping(path: Path) -> dict[str, str]:
    """Read a mapping file: a JSON object, or lines `theirs<TAB>ours` (or `theirs = ours`).

    An empty ours drops the label.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            _("The mapping file {path} cannot be read as UTF-8 text.").format(path=str(path))
        ) from error
    if text.lstrip().startswith("{"):
        return _json_mapping(path, text)
    mapping = {}
    for number, line in enumerate(file_lines(text), 1):
        if not line.strip() or line.startswith("#"):
            continue
        theirs, sign, ours = line.partition("\t") if "\t" in line else line.partition("=")
        if not sign or not theirs.strip():
            raise InputError(
                path, number, _("a line should read: their label, a tab or “=”, our label")
            )
        mapping[theirs.strip().strip('"')] = ours.strip().strip('"')
    return mapping


def _json_mapping(path: Path, text: str) -> dict[str, str]:
    try:
        plain = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(
            path, error.lineno, _("this is not JSON: {reason}").format(reason=error.msg)
        ) from error
    if not isinstance(plain, dict) or not all(isinstance(value, str) for value in plain.values()):
        raise InputError(path, 0, _("the mapping should be one JSON object of texts"))
    return plain


@dataclass(slots=True)
class LabelPolicy:
    """What becomes of labels and relation types, by their ids.

    takes_in: labels that the schema lacks are added to it; welcome: these are, whatever becomes of
    others. mapping: theirs → ours, "" drops. After a file was read, `strangers` counts what neither
    fits nor may be taken in, `moved` labels that the schema has in another layer, `merged` spans
    whose label was merged into another.
    """

    schema: Schema
    takes_in: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    welcome: frozenset[str] = frozenset()
    strangers: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    merged: Counter[tuple[str, str]] = field(default_factory=Counter)
    new_labels: dict[tuple[str, str], None] = field(default_factory=dict)
    new_relations: dict[str, None] = field(default_factory=dict)
    _places: dict[tuple[str, ...], tuple[str, str] | None] = field(default_factory=dict)
    _relations: dict[str, str | None] = field(default_factory=dict)

    def fresh(self, schema: Schema | None = None) -> "LabelPolicy":
        """Return the same policy with nothing noted, for another schema if one is given."""
        return LabelPolicy(schema or self.schema, self.takes_in, self.mapping, self.welcome)

    def _refuses(self, label: str) -> bool:
        return not (self.takes_in or label in self.welcome) or bool(name_fault(label))

    def begin(self) -> None:
        """Count from nought again, before a file is read once more."""
        for counts in (self.strangers, self.dropped, self.moved, self.merged):
            counts.clear()

    def fit(self, annotation_set: AnnotationSet) -> AnnotationSet:
        """Return an annotation set whose labels are the schema's; what cannot fit is counted."""
        places = self._places
        links = self._relations
        pairs: set[tuple[str, ...]] = {span[1:3] for span in annotation_set.spans}
        types = {relation.label for relation in annotation_set.relations}
        if not (pairs <= places.keys() and types <= links.keys()):
            self._learn(annotation_set)
        if all(places[pair] == pair for pair in pairs) and all(
            links[name] == name for name in types
        ):
            return annotation_set
        return self._fitted(annotation_set)

    def _learn(self, annotation_set: AnnotationSet) -> None:
        """Decide what becomes of labels not met before, in the order in which they come."""
        for span in annotation_set.spans:
            if span[1:3] not in self._places:
                self._places[span[1:3]] = self._place(span.layer, span.label)
        for relation in annotation_set.relations:
            if relation.label not in self._relations:
                self._relations[relation.label] = self._relation(relation.label)

    def _fitted(self, annotation_set: AnnotationSet) -> AnnotationSet:
        spans: list[Span] = []
        for span in annotation_set.spans:
            place = self._places[span.layer, span.label]
            if place is None:
                self._count(span.label)
            else:
                self._count_changes(span, place)
                spans.append(span._replace(layer=place[0], label=place[1]))
        kept = {span.id for span in spans}
        relations: list[Relation] = []
        for relation in annotation_set.relations:
            label = self._relations[relation.label]
            if label is None:
                self._count(relation.label)
            elif relation.head in kept and (relation.child is None or relation.child in kept):
                relations.append(relation._replace(label=label))
            else:
                self.dropped[relation.label] += 1
        return replace(annotation_set, spans=tuple(spans), relations=tuple(relations))

    def _count_changes(self, span: Span, place: tuple[str, str]) -> None:
        """Count a span that comes into another layer, or whose label became another one."""
        layer, label = place
        if layer != span.layer:
            self.moved[span.layer, layer] += 1
        old = self.mapping.get(span.label, span.label)
        if label != old:
            self.merged[old, label] += 1

    def _count(self, label: str) -> None:
        if self.mapping.get(label) == "":
            self.dropped[label] += 1
        else:
            self.strangers[label] += 1

    def _place(self, layer: str, label: str) -> tuple[str, str] | None:
        wanted = self.schema.successor(self.mapping.get(label, label))
        if not wanted:
            return None
        found = self.schema.find_label(wanted, layer) or self.schema.find_label(wanted)
        if found:
            return found[0].id, found[1].id
        if self._refuses(wanted) or name_fault(layer):
            return None
        # A label's id is unlike all others of the schema, so it has one layer: that in which it
        # came first.
        place = next((entry for entry in self.new_labels if entry[1] == wanted), (layer, wanted))
        self.new_labels[place] = None
        return place

    def _relation(self, label: str) -> str | None:
        wanted = self.mapping.get(label, label)
        if not wanted or self.schema.find_relation(wanted):
            return wanted or None
        if self._refuses(wanted):
            return None
        self.new_relations[wanted] = None
        return wanted

    def refusals(self) -> list[str]:
        """Return the reasons to refuse what was read, as finished clauses."""
        bad = {
            name: fault
            for name in self.strangers
            if (fault := name_fault(self.mapping.get(name, name)))
        }
        rest = [(name, count) for name, count in self.strangers.most_common() if name not in bad]
        reasons: list[str] = [
            _("the label {name} cannot be taken in: {fault}").format(name=name, fault=fault)
            for name, fault in bad.items()
        ]
        if rest:
            counted = [
                _("{name} ({count})").format(name=name, count=count)
                for name, count in rest[:STRANGERS_SHOWN]
            ]
            names = name_list(counted, ", …" if len(rest) > STRANGERS_SHOWN else "")
            reason = _(
                "labels that the schema does not have: {names}. Add them with --labels add, or map"
                " them with --labels FILE"
            )
            reasons.append(reason.format(names=names))
        return reasons

    def tell(self, report: Report) -> None:
        """Report what became of the labels of a file that was read."""
        for label, count in self.dropped.items():
            report.lose("label", _("{label}: dropped by the mapping").format(label=label), count)
        for (theirs, ours), count in self.moved.items():
            why = _("spans of layer {theirs} are in layer {ours}, where the schema has their label")
            report.change("layer", why.format(theirs=theirs, ours=ours), count)
        for (old, new), count in self.merged.items():
            why = _("spans with the label {old} got {new}, into which it was merged").format(
                old=old, new=new
            )
            report.change("label", why, count)
        names = [label for _layer, label in self.new_labels] + list(self.new_relations)
        if names:
            why = _("labels added to the schema: {names}").format(names=name_list(names))
            report.change("schema", why, len(names))

    def extended(self) -> Schema | None:
        """Return the schema with what the files brought, as its next version.

        None when they brought nothing.
        """
        if not (self.new_labels or self.new_relations):
            return None
        layers = {layer.id: layer for layer in self.schema.layers}
        used = {key.upper() for key in _keys(self.schema)}
        free = [key for key in KEYS if key not in used]
        count = len(list(self.schema.labels()))
        for layer, label in self.new_labels:
            made = Label(
                label,
                Names({"en": label}),
                free.pop(0) if free else "",
                COLORS[count % len(COLORS)],
            )
            count += 1
            place = layers.get(layer) or Layer(layer, Names({"en": layer}))
            layers[layer] = replace(place, labels=(*place.labels, made))
        relations = [RelationType(name, Names({"en": name})) for name in self.new_relations]
        version = self.schema.version + 1
        return replace(
            self.schema,
            version=version,
            layers=tuple(layers.values()),
            relations=(*self.schema.relations, *relations),
        )


def _keys(schema: Schema) -> Iterator[str]:
    """Walk over the physical keys that a schema uses."""
    for _layer, label in schema.labels():
        yield label.key
        for entry in label.attributes:
            yield from entry.keys.values()
    yield from (entry.key for entry in schema.relations)
