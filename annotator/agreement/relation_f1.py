"""F1 of relations between spans that both annotators have.

A relation counts where its head and its child (if it has one) are spans that the other annotator marked too, with equal
fragments, layer and label; so relations are not blamed for what spans differ in. Two agree that have the label, the head and
the child (or the implicit argument) in common; equal ones are matched one to one. F1 as in Hripcsak and Rothschild (2005),
Agreement, the F-measure, and reliability in information retrieval, JAMIA 12(3): of 1 and 1, one alike,

>>> from annotator.compare import compare
>>> from annotator.model import Document, Labelled, Layer, Relation, Span
>>> spans = Span("1", "", "PER", ((0, 3),), ""), Span("2", "", "ORG", ((4, 7),), "")
>>> layers = [Layer(name, "done", spans, (Relation("r", "works for", "1", "2"),)) for name in "ab"]
>>> relation_f1(compare(Labelled(Document("", "", "Ann IBM"), layer) for layer in layers)).total()
1.0
"""

from collections import Counter
from itertools import pairwise

import numpy as np

from annotator.agreement._base import Measure, Tally
from annotator.agreement._spans import ratio
from annotator.compare import Comparison, exact_keys
from annotator.i18n import N_

Key = tuple[str, int, int, str]
NOBODY = -1


def relation_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1; of a comparison of some kinds, the relations whose head is of them."""
    keys = relation_keys(found)
    everything = found.whole or found
    marks = everything.marks
    exact = exact_keys(everything)
    spans = [set(exact[marks.annotator == who].tolist()) for who in range(len(found.annotators))]
    figures, sizes = np.zeros((len(found.worked), 2)), np.zeros(len(found.worked))
    for (document, _who), those in keys.items():
        sizes[document] += len(those)
    shared = {pair: np.flatnonzero(found.shared(*pair)).tolist() for pair in found.pairs}
    for (first, second), documents in shared.items():
        for document in documents:
            ours = _known(keys.get((document, first), ()), spans[second])
            theirs = _known(keys.get((document, second), ()), spans[first])
            figures[document, 0] += (ours & theirs).total()
            figures[document, 1] += ours.total() + theirs.total()
    return Tally(figures, sizes, ratio)


def relation_keys(found: Comparison) -> dict[tuple[int, int], list[Key]]:
    """Return the relations by document and annotator, as what is compared of them."""
    if not found.relations:
        return {}
    everything = found.whole or found
    chosen = set(map(id, found.spans)) if found.whole else None
    marks, keys, found_keys = everything.marks, exact_keys(everything).tolist(), dict[tuple[int, int], list[Key]]()
    turns = np.flatnonzero(np.diff(marks.document) | np.diff(marks.annotator)) + 1  # the spans of a layer come together
    for low, high in pairwise([0, *turns.tolist(), len(marks)]):
        place = (int(marks.document[low]), int(marks.annotator[low])) if low < high else (NOBODY, NOBODY)
        relations = found.relations.get(place)
        if relations:
            own = {span.id: row for row, span in enumerate(everything.spans[low:high], low)}
            found_keys[place] = [
                (relation.label, keys[own[relation.head]], keys[own[relation.child]] if relation.child else NOBODY, relation.implicit or "")
                for relation in relations
                if relation.head in own
                and (chosen is None or id(everything.spans[own[relation.head]]) in chosen)
                and (not relation.child or relation.child in own)
            ]
    return found_keys


def _known(keys: list[Key] | tuple[()], spans: set[int]) -> Counter[Key]:
    return Counter(key for key in keys if key[1] in spans and (key[2] == NOBODY or key[2] in spans))


MEASURE = Measure("relation_f1", N_("Relation F1"), N_("relations between spans that both have"), spans=relation_f1)
