"""Reading back the CoNLL lines that this program has just written.

It is a sixth of the work of reading anybody's: words and spans come back; where a span lies is not
worked out, since CoNLL keeps no blanks to count.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.formats._api import ReadOptions, Report
from annotator.formats.conll.lines import DOCSTART
from annotator.model import AnnotationSet, Document, Labelled, Span
from annotator.text.tag_schemes import is_joined, joined_entities, tags_to_entities


def reread(path: Path, _options: ReadOptions, _report: Report) -> Iterator[Labelled]:
    """Walk over the records of a file; the texts are the words with a space between them."""
    with path.open(encoding="utf-8", newline="\n") as file:
        separator, words, spans = "", list[str](), list[Span]()
        sentence: list[str] = []
        for line in file:
            if line != "\n":
                sentence.append(line)
                continue
            if sentence[0].startswith(DOCSTART) and len(sentence) == 1:
                if separator:
                    yield _record(words, spans)
                separator, words, spans = sentence[0][-3], [], []
            else:
                _take(sentence, separator, words, spans)
            sentence = []
        if separator:
            yield _record(words, spans)


def _take(lines: list[str], separator: str, words: list[str], spans: list[Span]) -> None:
    """Add the words and entities of a sentence."""
    pairs = [line[:-1].rpartition(separator) for line in lines]
    first = len(words)
    words += [word for word, _separator, _tag in pairs]
    tags = [tag for _word, _separator, tag in pairs]
    if tags.count("O") == len(tags):
        return
    for label, begin, end in (
        joined_entities(tags) if is_joined(tags) else tags_to_entities(tags)[0]
    ):
        spans.append(Span("", "", label, (), " ".join(words[first + begin : first + end])))


def _record(words: list[str], spans: list[Span]) -> Labelled:
    return Labelled(Document("", "", " ".join(words)), AnnotationSet(spans=tuple(spans)))
