"""WebAnno TSV 3.3, as INCEpTION writes it: a file is a document, a line a token.

Offsets are UTF-16 units. Version 2, which has none, is read as well.

    #FORMAT=WebAnno TSV 3.3
    #T_SP=webanno.custom.Span|layer|value|note|origin
    (two empty lines)
    #Text=دولت گفت
    1-1→0-4→دولت→entities→ORG→*→*→

(`→` stands for TAB.) What we write has one layer of spans, whose feature `layer` names ours, and
one of relations.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.cas import LOSES, WHOLE, file_name, record_of, structures_of
from annotator.formats._shared.decode import looks_like_text, read_text
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.records import count_losses
from annotator.formats.webanno_tsv.read import TsvReader
from annotator.formats.webanno_tsv.read2 import Tsv2Reader
from annotator.formats.webanno_tsv.write import TsvLines
from annotator.i18n import _
from annotator.model import Labelled

_WHOLE = ("ids", "names", "language", "direction", "annotators", "status", "schema")
_MARK = "#FORMAT=WebAnno TSV 3"


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the first line of version 3, or the first lines of version 2."""
    text = looks_like_text(head).lstrip("\ufeff")
    if text.startswith(_MARK):
        return 1.0
    return 0.8 if text.lstrip(" \n").startswith("# ") and "\n#text=" in text else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the files of version 3 below a folder; other tables are named alike."""
    return sorted(
        path
        for path in folder.rglob("*.tsv")
        if not path.name.startswith(".") and _begins_as_third(path)
    )


def _begins_as_third(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK.encode()


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of each file."""
    for source in sources(path) if path.is_dir() else [path]:
        lines = read_text(source, options, report).text.split("\n")
        if not any(line.startswith(("#Text=", "#text=")) for line in lines):
            raise InputError(source, 1, _("the file holds no sentence (#Text=)"))
        is_third = lines[0].startswith(_MARK)
        try:
            cas = TsvReader(source, lines).cas() if is_third else Tsv2Reader(source).cas(lines)
            record = record_of(cas, source, options, report)
        except RecordError as error:
            report.wrong(source, 0, str(error))
            continue
        yield record


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a file for each record."""
    files: list[Path] = []
    for number, record in enumerate(records, 1):
        why = _("WebAnno TSV holds sentences and their annotations only")
        written = structures_of(record, options, report, why, WHOLE[:2])
        count_losses(written.record, _WHOLE, report, why)
        lines = TsvLines(written, report).lines()
        if lines:
            files.append(path / file_name(number, record, ".tsv"))
            with replacing(files[-1], durable=False) as file:
                file.write("\n".join([*lines, ""]).encode())
    return files


FORMAT = Format(
    id="webanno-tsv",
    name="WebAnno TSV",
    extensions=(".webanno.tsv", ".webanno", ".tsv"),
    sniff=sniff,
    read=read,
    write=write,
    loses=(*_WHOLE, *WHOLE[:2], *LOSES, "spans", "boundaries", "whitespace", "empty documents"),
    folder=True,
    sources=sources,
)
