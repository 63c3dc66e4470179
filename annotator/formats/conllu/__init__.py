r"""CoNLL-U: a token a line, entities in the last column (MISC), as CorefUD brackets or IOB tags.

    # newdoc id = rasht
    # sent_id = 1
    # text = دولت گفت
    1→دولت→_→_→_→_→_→_→_→Entity=(e1-ORG)
    2→گفت→_→_→_→_→_→_→_→SpacesAfter=\n

(`→` stands for TAB.) Brackets hold nested and crossing entities; spaces stand in `SpaceAfter`,
`SpacesBefore` and `SpacesAfter`, so that the text comes back as it was. Read: `Entity=`, and `NE=`,
`NER=` and the like with IOB tags; lemmas and trees are counted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.alignment import placed
from annotator.formats._shared.decode import looks_like_text, read_text
from annotator.formats._shared.offset_units import continuous
from annotator.formats._shared.records import (
    ContentIds,
    count_losses,
    count_lost_layers,
    in_layers,
    layer_finder,
)
from annotator.formats.conllu.read import TreeReader, TreeText
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Span, surface
from annotator.text.direction import guess_language
from annotator.text.sentences import sentences
from annotator.text.tokenizers import Tokenizer, tokenizer

_WHOLE = (
    *(
        "relations",
        "attributes",
        "document attributes",
        "notes",
        "origins",
        "status",
        "annotators",
        "ids",
        "language",
        "direction",
    ),
    *("metadata", "schema"),
)
_LOSES = (
    *_WHOLE,
    "discontinuous",
    "boundaries",
    "spans without a token",
    "layers",
    "names",
    "empty documents",
    "columns",
    "comments",
)
_ROW = re.compile(r"\d+(?:[-.]\d+)?\t[^\t\n]+(?:\t[^\t\n]*){8}")
_EMPTY = "\t_\t_\t_\t_\t_\t_\t_\t"
_HEAD = "# global.Entity = eid-etype"
_SPACES = {" ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r", "|": "\\p", "\\": "\\\\"}


def sniff(head: bytes, _path: Path) -> float:
    """Recognise lines of ten columns that begin with a number."""
    lines = looks_like_text(head).split("\n")[:-1]
    rows = [line for line in lines if line and not line.startswith("#")][:200]
    return 0.97 if rows and all(_ROW.fullmatch(line.rstrip("\r")) for line in rows) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a file; without `# newdoc` it is one."""
    decoded = read_text(path, options, report)
    texts = TreeReader(path, report).texts(decoded.text.split("\n"))
    if not texts and decoded.text.strip():
        raise InputError(path, 1, _("no line has the ten columns of CoNLL-U"))
    find_layer = layer_finder(options.schema, options.layer)
    source = decoded.source(path)
    for number, text in enumerate(texts, 1):
        content = text.content()
        spans = tuple(_spans(text, content, find_layer))
        name = text.name or (path.stem if len(texts) == 1 else f"{path.stem}-{number}")
        language = options.language or guess_language(content)
        document = Document("", name, content, language, source=source)
        yield Labelled(document, AnnotationSet(spans=spans), line=text.line)


def _spans(text: TreeText, content: str, find_layer: Callable[[str], str]) -> Iterator[Span]:
    ids = ContentIds()
    for quoted_label, fragments in text.entities():
        label = unquote(quoted_label)
        layer = find_layer(label)
        name = ids.span(layer, label, fragments)
        yield Span(name, layer, label, fragments, surface(content, fragments))


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write the documents one after another."""
    find_layer = layer_finder(options.schema, "")
    tokens = tokenizer(options.tokenizer)
    with replacing(path) as file:
        for record in records:
            kept = in_layers(record, options.layers, report)
            count_losses(kept, _WHOLE, report, _("CoNLL-U holds tokens and entities only"))
            count_lost_layers(
                kept.annotation_set.spans if kept.annotation_set else (), find_layer, report
            )
            file.write("".join(f"{line}\n" for line in _lines(kept, tokens, report)).encode())
    return [path]


def _lines(record: Labelled, tokenize: Tokenizer, report: Report) -> Iterator[str]:
    """Walk over the lines of a document, an empty one after each sentence."""
    text, name = record.document.text, record.document.name
    tokens = tokenize(text, record.document.language)
    if not tokens:
        report.lose("empty documents", _("a document without a token has no line"))
        return
    plain = " ".join(name.split())
    if plain != name:
        report.lose("names", _("spaces at the ends of names and newlines in them are not kept"))
    yield f"# newdoc id = {plain}" if plain else "# newdoc"
    yield _HEAD
    marks = _marks(record, tokens, report)
    for number, (first, last) in enumerate(_sentences(text, tokens), 1):
        yield f"# sent_id = {number}"
        yield f"# text = {' '.join(text[tokens[first][0] : tokens[last - 1][1]].split())}"
        for token in range(first, last):
            start, end = tokens[token]
            following = tokens[token + 1][0] if token + 1 < len(tokens) else len(text)
            misc = [f"Entity={marks[token]}"] if token in marks else []
            misc += [f"SpacesBefore={_escaped(text[:start])}"] if not token and start else []
            misc += _space_after(text[end:following], token + 1 == last)
            yield f"{token - first + 1}\t{text[start:end]}{_EMPTY}{'|'.join(misc) or '_'}"
        yield ""


def _space_after(gap: str, ends_sentence: bool) -> list[str]:
    if gap == " " and not ends_sentence:
        return []
    if not gap:
        return ["SpaceAfter=No"]
    return [f"SpacesAfter={_escaped(gap)}"]


def _escaped(gap: str) -> str:
    return "".join(_SPACES.get(character, character) for character in gap)


def _sentences(text: str, tokens: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first = 0
    ends = [*(end for _start, end in sentences(text)), len(text)]
    for end in ends:
        last = first
        while last < len(tokens) and tokens[last][0] < end:
            last += 1
        if last > first:
            yield first, last
        first = last


def _marks(record: Labelled, tokens: list[tuple[int, int]], report: Report) -> dict[int, str]:
    """Return the brackets of each token.

    Closing ones first, then those of it alone, then opening ones, the outer before the inner.
    """
    closing: dict[int, list[str]] = {}
    opening: dict[int, list[str]] = {}
    document = record.document
    spans = _outer_first(record, report)
    for number, span in enumerate(spans, 1):
        covered = placed(document.name, span, (span.start, span.end), tokens, report)
        if covered is None:
            continue
        first, last = covered[0], covered[1] - 1
        bracket = f"(e{number}-{_quoted_label(span.label)}"
        if first == last:
            opening.setdefault(first, []).append(f"{bracket})")
        else:
            opening.setdefault(first, []).append(bracket)
            closing.setdefault(last, []).insert(0, f"e{number})")
    return {
        token: "".join(closing.get(token, ())) + "".join(opening.get(token, ()))
        for token in closing.keys() | opening.keys()
    }


def _outer_first(record: Labelled, report: Report) -> list[Span]:
    annotation_set = record.annotation_set or AnnotationSet()
    spans = continuous(annotation_set.spans, record.document.text, report)
    return sorted(spans, key=lambda span: (span.start, -span.end))


def _quoted_label(label: str) -> str:
    """Return a label without what ends it in a bracket."""
    if label.isalnum():
        return label
    return quote(label, safe="").replace("-", "%2D").replace("_", "%5F")


FORMAT = Format(
    id="conllu",
    name="CoNLL-U, entities in MISC",
    extensions=(".conllu", ".conllup"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
)
