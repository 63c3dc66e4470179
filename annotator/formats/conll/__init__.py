"""CoNLL columns: a token and its tag a line, an empty line after each sentence.

IOB1, IOB2, BIOES or BILOU.

    -DOCSTART- (rasht) O

    دولت B-ORG
    گفت O

Read: tabs, spaces or `|` between the columns, any columns between the first and the last, tags with
`-` or `_`. Tokens are joined by single spaces, sentences by newlines; `-DOCSTART-` begins a
document. Written: tokens of the tokenizer that was chosen; nested spans go to one file a layer, or
all tags of a token are joined as in `B-CLAIM+I-ORG`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, chain
from pathlib import Path

from annotator.errors import UserError
from annotator.files import replacing
from annotator.formats._api import JOINED, NESTED, Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import Decoded, looks_like_text, read_text
from annotator.formats._shared.output import slug
from annotator.formats._shared.records import (
    ContentIds,
    by_annotator,
    count_losses,
    count_lost_layers,
    in_layers,
    layer_finder,
)
from annotator.formats.conll.lines import DOCSTART, LineReader, Sentence, Text, shape_of
from annotator.formats.conll.verify import reread
from annotator.formats.conll.write import LineWriter
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Fragment, Labelled, Span
from annotator.text.direction import guess_language
from annotator.text.tag_schemes import (
    NEEDLESS_BEGIN,
    ODD_TAG,
    ORPHAN,
    OTHER_LABEL,
    UNENDED,
    is_joined,
    joined_entities,
    scheme_of,
    tags_to_entities,
)
from annotator.text.tokenizers import tokenizer

DOCUMENT, SENTENCE = "document", "sentence"
SCHEMES = ("IOB2", "IOB1", "BIOES", "BILOU")
_SEPARATORS = {"": "\t", "tab": "\t", "\t": "\t", "space": " ", " ": " ", "|": "|"}
_WHOLE = (
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
    "metadata",
    "schema",
)
_LOSES = (
    *_WHOLE,
    "nested",
    "overlapping",
    "discontinuous",
    "boundaries",
    "whitespace",
    "newlines",
    "layers",
    "spaces in labels",
    "spans without a token",
    "names",
    "empty documents",
)
_SURE = 0.9


def sniff(head: bytes, path: Path) -> float:
    """Recognise lines that end in tags.

    Nearly all must. Unless the file is named as CoNLL, one must have an entity, or there must be
    several lines.
    """
    text = looks_like_text(head)
    lines = text.split("\n")
    if len(lines) > 1 and not text.endswith("\n"):
        lines.pop()
    lines = [line.rstrip("\r") for line in lines]
    if shape_of(lines).tagged < _SURE:
        return 0.0
    is_named = path.suffix.lower() in FORMAT.extensions
    has_entity = any(
        line.rstrip()[-1:] != "O"
        for line in lines
        if line.strip() and not line.startswith(DOCSTART)
    )
    return 0.95 if is_named or has_entity or len(lines) > 5 else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a file, or its sentences as documents."""
    unit = options.unit or DOCUMENT
    if unit not in FORMAT.units:
        message = _("There is no unit {unit} for CoNLL files. Choose one of: {known}.")
        raise UserError(message.format(unit=unit, known=", ".join(FORMAT.units)))
    decoded = read_text(path, options, report)
    texts = LineReader(path, decoded.text.split("\n")).read(report)
    scheme = scheme_of(sentence.tags for text in texts for sentence in text.sentences)
    is_alone = len(texts) == 1
    for number, text in enumerate(texts, 1):
        name = text.name or (path.stem if is_alone else f"{path.stem}-{number}")
        for part in _parts(text, name, unit):
            yield _record(part, scheme, path, decoded, options, report)


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write the records; several layers or annotators become a file each, named after them."""
    _check(options)
    groups = by_annotator(in_layers(record, options.layers, report) for record in records)
    layers: list[str | None] = [None]
    if options.nested != JOINED:
        layers = [*(_layers_of(groups.values()) or [""])]
    find_layer = layer_finder(options.schema, "")
    separator, tokens = _SEPARATORS[options.separator], tokenizer(options.tokenizer)
    files: list[Path] = []
    for annotator, group in groups.items():
        for record in group:
            _count_record(record, find_layer, report)
        for layer in layers:
            annotator_mark = annotator if len(groups) > 1 else ""
            layer_mark = layer if len(layers) > 1 else ""
            target = _free(_marked(path, annotator_mark, layer_mark), files)
            writer = LineWriter(layer, options.scheme, separator, report, tokens)
            _write_file(group, target, writer)
            files.append(target)
    return files


def _count_record(record: Labelled, find_layer: Callable[[str], str], report: Report) -> None:
    """Count what CoNLL has no place for."""
    count_losses(record, _WHOLE, report, _("CoNLL holds tokens and their labels only"))
    spans = record.annotation_set.spans if record.annotation_set else ()
    count_lost_layers(spans, find_layer, report)


def _layers_of(groups: Iterable[Iterable[Labelled]]) -> list[str]:
    """Return the layers of all spans, in alphabetical order."""
    layers: set[str] = set()
    for record in chain.from_iterable(groups):
        if record.annotation_set:
            layers.update(span.layer for span in record.annotation_set.spans)
    return sorted(layers)


def _marked(path: Path, *marks: str | None) -> Path:
    """Return the path with what tells its file from the others before its ending."""
    names = [path.stem, *(slug(mark) for mark in marks if mark)]
    return path.with_name(".".join(names) + path.suffix)


def _check(options: WriteOptions) -> None:
    if options.scheme not in SCHEMES or options.separator not in _SEPARATORS:
        message = _(
            "CoNLL is written in one of the schemes {schemes}, with tab, space or | between the"
            " columns."
        )
        raise UserError(message.format(schemes=", ".join(SCHEMES)))
    if options.nested not in NESTED:
        raise UserError(_("Nested spans go to one of: {known}.").format(known=", ".join(NESTED)))
    if options.nested == JOINED and options.scheme == "IOB1":
        raise UserError(
            _(
                "Joined tags cannot tell where an entity begins in the scheme IOB1. Choose IOB2 or"
                " BIOES."
            )
        )


def _write_file(records: Iterable[Labelled], path: Path, writer: LineWriter) -> None:
    with replacing(path) as file:
        for record in records:
            lines = writer.lines(record)
            if lines:
                file.write(("\n".join(lines) + "\n").encode())


def _free(path: Path, taken: list[Path]) -> Path:
    """Return the path, numbered where another annotator's name has led to the same one."""
    number, free = 1, path
    while any(free.name.casefold() == other.name.casefold() for other in taken):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _parts(text: Text, name: str, unit: str) -> Iterator[Text]:
    if unit == DOCUMENT:
        yield Text(text.sentences[0].line, name, text.sentences)
        return
    for number, sentence in enumerate(text.sentences, 1):
        yield Text(sentence.line, f"{name}-{number}", [sentence])


def _record(
    text: Text, scheme: str, path: Path, decoded: Decoded, options: ReadOptions, report: Report
) -> Labelled:
    joined = [" ".join(sentence.words) for sentence in text.sentences]
    content = "\n".join(joined)
    find_layer = layer_finder(options.schema, options.layer)
    ids = ContentIds()
    spans: list[Span] = []
    starts = accumulate((len(line) + 1 for line in joined), initial=0)
    for start, sentence in zip(starts, text.sentences, strict=False):
        for label, fragment in _entity_places(sentence, start, scheme, report):
            layer = find_layer(label)
            name = ids.span(layer, label, (fragment,))
            spans.append(Span(name, layer, label, (fragment,), content[slice(*fragment)]))
    language = options.language or guess_language(content)
    document = Document("", text.name, content, language, source=decoded.source(path))
    return Labelled(document, AnnotationSet(spans=tuple(spans)), line=text.line)


def _entity_places(
    sentence: Sentence, start: int, scheme: str, report: Report
) -> Iterator[tuple[str, Fragment]]:
    """Walk over a sentence's entities as labels and places, where the sentence begins at start."""
    places = list(accumulate((len(word) + 1 for word in sentence.words), initial=start))
    for label, first, last_exclusive in _entities(sentence, scheme, report):
        yield label, (places[first], places[last_exclusive] - 1)


def _entities(sentence: Sentence, scheme: str, report: Report) -> Iterator[tuple[str, int, int]]:
    if all(tag == "O" for tag in sentence.tags):
        return
    if is_joined(sentence.tags):
        yield from joined_entities(sentence.tags)
        return
    entities, odd = tags_to_entities(sentence.tags, scheme)
    reasons = {
        ORPHAN: _(
            "a tag that goes on with an entity where none was begun was taken as its beginning"
        ),
        OTHER_LABEL: _(
            "a tag that goes on with another label was taken as the beginning of another entity"
        ),
        UNENDED: _("an entity without its last tag was taken as it stands"),
        NEEDLESS_BEGIN: _("a beginning tag where IOB1 needs none was taken as a beginning"),
        ODD_TAG: _("a tag without a known prefix was taken as a bare label"),
    }
    for _index, what in odd:
        report.change("tags", reasons[what])
    yield from entities


FORMAT = Format(
    id="conll",
    name="CoNLL (IOB, BIOES)",
    extensions=(".conll", ".iob", ".iob2", ".bio", ".conll2003"),
    sniff=sniff,
    read=read,
    write=write,
    reread=reread,
    loses=_LOSES,
    units=(DOCUMENT, SENTENCE),
)
