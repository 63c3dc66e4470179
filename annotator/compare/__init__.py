"""Lines up what annotators marked in the same texts, for agreement and adjudication.

Words: a *mark* is one span of one annotator as a row of numbers; its *shape* is the place it covers
(document, fragments); its *kind* is its layer and label. An annotator has *worked* on a document
when there is an annotation set of theirs: one without a span says that they found none. *Ground* is
what marks cover: the characters of the texts, or their tokens.

Every function sees marks as a multiset, so no result depends on the order in which spans are
stored. Nested and stacked spans count like all others.
"""
