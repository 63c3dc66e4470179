"""REFI-QDA (`.qdpx`): a project of programs for qualitative analysis.

QualCoder, MAXQDA, ATLAS.ti and NVivo exchange it.

A zip archive with `project.qde` and the plain texts in `sources/`:

    <Project …><Users><User guid="…" name="a1"/></Users><CodeBook><Codes><Code guid="…"
    name="entities" isCodable="false">
      <Code guid="…" name="ORG" isCodable="true"/></Code></Codes></CodeBook><Sources><TextSource
      guid="…" name="rasht"
      plainTextPath="internal://….txt"><PlainTextSelection guid="…" name="دولت" startPosition="0"
      endPosition="4">
      <Coding guid="…" creatingUser="…"><CodeRef
      targetGUID="…"/></Coding></PlainTextSelection></TextSource></Sources></Project>

A code is a label, a folder of codes a layer, a user an annotator, a link between two selections a
relation; an attribute's value is a second code of the same selection. Positions are code points
(`--unit utf-16` for programs that count so). What a document and its annotators say beside that
stands in the variable “annotator” of the source, as JSON.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.offset_units import CODEPOINT, UTF16
from annotator.formats._shared.xml import parsed_bytes
from annotator.formats._shared.zip import opened_archive
from annotator.formats.refi_qda.read import QdpxReader
from annotator.formats.refi_qda.write import QdpxWriter
from annotator.i18n import _
from annotator.model import Labelled

_PROJECT = "project.qde"
_LOSES = (
    *(
        "paragraph directions",
        "discontinuous",
        "implicit arguments",
        "value types",
        "attributes",
        "origins",
        "documents",
        "characters",
    ),
    *("relations", "codings", "selections", "metadata"),
)


def sniff(head: bytes, path: Path) -> float:
    """Recognise the archive by its name, or by the name of the project inside."""
    if not head.startswith(b"PK\x03\x04"):
        return 0.0
    return 1.0 if path.suffix.lower() == ".qdpx" or _PROJECT.encode() in head else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the texts; one that is wrong is a problem with its line in the project inside."""
    with opened_archive(path) as archive:
        root = parsed_bytes(archive.read(_PROJECT), path)
        if root.local != "Project":
            raise InputError(path, root.line, _("this is no REFI-QDA project"))
        reader = QdpxReader(root, archive, options, report)
        for node in reader.sources():
            try:
                yield from list(reader.records(node))
            except RecordError as error:
                report.wrong(path, node.line, str(error))


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write all texts and codings; neighbouring records of one document become one source."""
    with replacing(path) as file:
        QdpxWriter(options, report).write(records, file, _PROJECT)
    return [path]


FORMAT = Format(
    id="refi-qda",
    name="REFI-QDA project",
    extensions=(".qdpx",),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    units=(CODEPOINT, UTF16),
)
