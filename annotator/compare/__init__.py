"""Lines up what several annotators marked in the same texts.

Agreement and adjudication both stand on it.

Words: a *mark* is one span of one annotator as a row of numbers; its *shape* is the place it covers
(document, fragments); its *kind* is its layer and label. An annotator has *worked* on a document
when there is a layer of his: a layer without a span says that he found none. *Ground* is what marks
cover: the characters of the texts, or their tokens.

Every function sees marks as a multiset, so no result depends on the order in which spans are
stored. Nested and stacked spans count like all others.
"""
