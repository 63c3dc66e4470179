"""What a format is: a named bundle of functions, one module each; nothing here knows any format.

Words: a *record* (`Labelled`) is one document as one annotator labelled it; a *source* is one file
(or a folder that a format reads as a whole); a *report* collects what reading changed, could not
keep, and found wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.errors import InputError, Problem
from annotator.model import Labelled, Loss, Schema

PROBLEMS_SHOWN = 100
PER_FILE, JOINED = "file", "joined"
NESTED = (PER_FILE, JOINED)


class Misaligned(NamedTuple):
    """A span that does not begin and end with a token.

    `outcome` is what became of it, one of those of `annotator.text.tokenizers`.
    """

    document: str
    label: str
    start: int
    end: int
    text: str
    outcome: str


@dataclass(slots=True)
class Report:
    """Collects what one reading or writing changed, lost and found wrong, by kind with counts.

    `misaligned` are the spans that do not fit the tokens of a token format.
    """

    changed: dict[tuple[str, str], int] = field(default_factory=Counter)
    lost: dict[tuple[str, str], int] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    misaligned: list[Misaligned] = field(default_factory=list)

    def change(self, kind: str, why: str, count: int = 1) -> None:
        """Note something that was changed on the way in, such as CRLF made LF."""
        self.changed[kind, why] += count

    def lose(self, kind: str, why: str, count: int = 1) -> None:
        """Note something that could not be kept."""
        self.lost[kind, why] += count

    def wrong(self, path: Path | str, line: int, reason: str) -> None:
        """Note something wrong in an input: nothing of that file is stored.

        Reading may go on to find more.
        """
        self.problems.append(Problem(str(path), line, reason))
        if len(self.problems) >= PROBLEMS_SHOWN:
            raise InputError(path, line, reason)

    def changes(self) -> list[Loss]:
        """Return the changes as values, the most frequent first."""
        return _listed(self.changed)

    def losses(self) -> list[Loss]:
        """Return the losses as values, the most frequent first."""
        return _listed(self.lost)


def _listed(counts: Mapping[tuple[str, str], int]) -> list[Loss]:
    return [
        Loss(kind, count, why)
        for (kind, why), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _nothing() -> None:
    """Go on."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: what the user chose, or "" and () where the format decides.

    unit: one of the format's `units`. columns: role → column name or 1-based number, for tables;
    roles are "text", "id", "name", "language", "annotator", "status", "date", "source", and any
    other names a document attribute; "sheet" names the sheet of a spreadsheet. schema: the
    project's, to find a label's layer by. root: the folder that is imported as a whole, where a
    format names documents by their place in it. repairs: names from `annotator.text.repair`, which
    the import applies to what any format has read. pulse: called now and then while a reading takes
    long; it may raise CancelledError.
    """

    encoding: str = ""
    language: str = ""
    unit: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    layer: str = ""
    schema: Schema | None = None
    root: Path | None = None
    repairs: tuple[str, ...] = ()
    pulse: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How to write.

    layers: () means all. schema: names layers, labels and attributes. scheme: IOB2, IOB1, BIOES or
    BILOU. tokenizer: one of `annotator.text.tokenizers`, "" for the program's own. nested: what
    tags make of spans within spans: PER_FILE (one file a layer, the longest span wins within it) or
    JOINED (one file, the tags of a token joined by "+").
    """

    layers: tuple[str, ...] = ()
    schema: Schema | None = None
    scheme: str = "IOB2"
    separator: str = ""
    tokenizer: str = ""
    nested: str = PER_FILE


Read = Callable[[Path, ReadOptions, Report], Iterator[Labelled]]
Write = Callable[[Iterable[Labelled], Path, WriteOptions, Report], list[Path]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    sniff: from the first 64 KB and the path, how sure one is that this is it, 0 … 1. read: yields
    records in the file's order; problems go into the report (or an InputError ends it). write:
    writes below or to the path it is given and returns the files; `folder` formats get a folder,
    others a file. loses: kinds of thing that a file of this format cannot carry: "spans",
    "relations", "attributes", "nested", "discontinuous", "notes", "status", "layers", "document
    attributes", "implicit arguments", "metadata", "language", "whitespace", "origins", "ids",
    "overlapping", "annotators" …
    """

    id: str
    name: str
    extensions: tuple[str, ...]
    sniff: Callable[[bytes, Path], float]
    read: Read | None = None
    write: Write | None = None
    reread: Read | None = None
    """A quicker way to read what `write` has just written.

    For formats where `read` would cost as much as the export.
    """
    loses: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    folder: bool = False
    sources: Callable[[Path], list[Path]] | None = None
    """Which files of a folder are this format's, where the extensions alone do not say."""
    columns: Callable[[Path, ReadOptions], list[str]] | None = None
    """The cells of a table's first row, for a person to choose columns by."""
    sheets: Callable[[Path, ReadOptions], list[str]] | None = None
    """The names of a spreadsheet's sheets, to choose one as the column "sheet"."""
