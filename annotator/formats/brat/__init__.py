"""brat standoff: a `.ann` file beside its `.txt`; a folder of them is read with all its folders.

    T1→ORG 0 4→دولت
    T2→CLAIM 9 26→قیمت‌ها پایین آمد
    A1→stance T2 support
    R1→holder Arg1:T2 Arg2:T1→

(`→` stands for TAB.) What brat has and the program has not stays with the annotation, and is
written back: a normalisation is the attribute `normalization:TYPE`, another note than the
annotator's `note:TYPE`; an event is the attribute `event` of its trigger and a relation to each
argument; an equivalence is relations with the attribute `equiv`; an implicit argument is written as
the attribute `implicit:RELATION`. Several annotators have a folder each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import (
    Decoded,
    encoded,
    looks_like_text,
    read_bytes,
    read_text,
)
from annotator.formats._shared.output import numbered, slug
from annotator.formats._shared.records import (
    by_annotator,
    count_losses,
    count_lost_layers,
    in_layers,
    layer_finder,
)
from annotator.formats.brat.lines import parse_ann
from annotator.formats.brat.read import SetMaker
from annotator.formats.brat.write import LineMaker, configuration
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled
from annotator.text.direction import guess_language

_WHOLE = (
    "document attributes",
    "origins",
    "status",
    "names",
    "language",
    "direction",
    "metadata",
    "schema",
)
_RARE = ("spans of newlines", "relations of lost spans", "attributes of arguments")
_LOSES = (
    *_WHOLE,
    "ids",
    "layers",
    "annotators",
    "newlines",
    "spaces in labels",
    "value types",
    *_RARE,
)
_STARTS = tuple("TREAMN#*")


def sniff(head: bytes, path: Path) -> float:
    """Recognise a `.ann` file by its lines, and a text by the `.ann` file beside it."""
    if path.suffix.lower() == ".txt":
        return 0.9 if path.with_suffix(".ann").is_file() else 0.0
    if path.suffix.lower() != ".ann":
        return 0.0
    if not head.strip():
        return 0.5 if path.with_suffix(".txt").is_file() else 0.0
    lines = looks_like_text(head).split("\n")
    first = next((line for line in lines if line.strip()), "")
    return 1.0 if first.startswith(_STARTS) and "\t" in first else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the `.ann` files below a folder, and the texts beside them that have none."""
    annotated = [path for path in folder.rglob("*.ann") if not path.name.startswith(".")]
    folders = {path.parent for path in annotated}
    bare = [
        path
        for place in folders
        for path in place.glob("*.txt")
        if not path.with_suffix(".ann").exists()
    ]
    return sorted([*annotated, *bare])


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read a document from its `.ann` or `.txt` file, or all documents of a folder."""
    root = path if path.is_dir() else options.root
    for source in sources(path) if path.is_dir() else [path]:
        record = _record(source, root, options, report)
        if record:
            yield record


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write a `.txt` and a `.ann` file a record; several annotators have a folder each."""
    kept = [in_layers(record, options.layers, report) for record in records]
    groups = by_annotator(kept)
    find_layer = layer_finder(options.schema, "")
    is_alone = sum(1 for name in groups if name) < 2
    stems = _Stems()
    files: list[Path] = []
    folders: set[str] = set()
    for annotator, group in groups.items():
        folder = path if is_alone or not annotator else path / _folder(annotator, folders)
        if annotator and folder.name != annotator:
            report.lose(
                "annotators",
                _("brat has no annotators but folders, and their names must suit every system"),
                len(group),
            )
        stems.begin_folder()
        for record in group:
            _count_record(record, find_layer, report)
            files += _write_pair(record, folder, stems.stem(record.document), report)
    conf = path / "annotation.conf"
    annotation_sets = [record.annotation_set for record in kept if record.annotation_set]
    _write_file(conf, configuration(annotation_sets, options.schema).encode())
    return [*files, conf]


class _Stems:
    """Names the files of documents: alike in each annotator's folder, unlike within one."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str, int], int] = {}
        self._times: Counter[tuple[str, str, str]] = Counter()

    def begin_folder(self) -> None:
        """Begin the folder of another annotator."""
        self._times.clear()

    def stem(self, document: Document) -> str:
        """Return the stem of a document's files; the k-th of equal ones has the k-th number."""
        key = (document.id, document.name, document.text)
        self._times[key] += 1
        number = self._numbers.setdefault((*key, self._times[key]), len(self._numbers) + 1)
        return numbered(number, document.name)


def _count_record(record: Labelled, find_layer: Callable[[str], str], report: Report) -> None:
    """Count what brat has no place for."""
    count_losses(record, _WHOLE, report, _("brat has no place for it"))
    if record.document.id:
        report.lose("ids", _("brat knows documents by their files"))
    spans = record.annotation_set.spans if record.annotation_set else ()
    count_lost_layers(spans, find_layer, report)


def _write_pair(record: Labelled, folder: Path, stem: str, report: Report) -> list[Path]:
    text, annotation_set = record.document.text, record.annotation_set or AnnotationSet()
    lines = LineMaker(text, annotation_set, report).lines()
    pair = [folder / f"{stem}.txt", folder / f"{stem}.ann"]
    _write_file(pair[0], encoded(text))
    _write_file(pair[1], "".join(f"{line}\n" for line in lines).encode())
    return pair


def _write_file(path: Path, content: bytes) -> None:
    with replacing(path, durable=False) as file:
        file.write(content)


def _folder(annotator: str, taken: set[str]) -> str:
    """Return a folder's name for an annotator, unlike the others on any system."""
    plain = slug(annotator) or "annotator"
    number, free = 1, plain
    while free.casefold() in taken:
        number += 1
        free = f"{plain}-{number}"
    taken.add(free.casefold())
    return free


def _record(
    source: Path, root: Path | None, options: ReadOptions, report: Report
) -> Labelled | None:
    """Return a record; None where problems were reported."""
    text_path, ann_path = source.with_suffix(".txt"), source.with_suffix(".ann")
    before = len(report.problems)
    if not text_path.is_file():
        raise InputError(
            source, 0, _("there is no text file {name} beside it").format(name=text_path.name)
        )
    decoded = read_text(text_path, options, report)
    annotation_set = None
    if ann_path.is_file():
        annotation_set = _annotation_set(ann_path, decoded, options, report)
    if len(report.problems) > before:
        return None
    annotator, name = _owner_and_name(text_path, root)
    if annotator:
        report.change(
            "annotators", _("the folders hold the same texts and were taken as annotators")
        )
        if annotation_set:
            annotation_set = replace(annotation_set, annotator=annotator)
    language = options.language or guess_language(decoded.text)
    return Labelled(
        Document("", name, decoded.text, language, source=decoded.source(text_path)), annotation_set
    )


def _annotation_set(
    path: Path, decoded: Decoded, options: ReadOptions, report: Report
) -> AnnotationSet:
    before = len(report.problems)
    found = parse_ann(read_text(path, options, report).text, path, report)
    if len(report.problems) > before:
        return AnnotationSet()
    return SetMaker(found, path, report).make(decoded, options)


def _owner_and_name(path: Path, root: Path | None) -> tuple[str, str]:
    """Return the annotator, "" where the root's folders are not annotators, and the name."""
    if root is None or not path.is_relative_to(root):
        return "", path.stem
    parts = path.relative_to(root).with_suffix("").parts
    if len(parts) > 1:
        folders = sorted(entry for entry in root.iterdir() if entry.is_dir())
        if _are_annotators(tuple(folders), tuple(entry.stat().st_mtime_ns for entry in folders)):
            return parts[0], "/".join(parts[1:])
    return "", "/".join(parts)


@lru_cache(maxsize=8)
def _are_annotators(folders: tuple[Path, ...], _changed: tuple[int, ...]) -> bool:
    """Return whether folders share texts under the same names, and none that differ."""
    first: dict[Path, Path] = {}
    shared = 0
    for folder in folders:
        for path in sorted(folder.rglob("*.txt")):
            other = first.setdefault(path.relative_to(folder), path)
            if other is path or not path.with_suffix(".ann").is_file():
                continue
            if read_bytes(other) != read_bytes(path):
                return False
            shared += 1
    return shared > 0


FORMAT = Format(
    id="brat",
    name="brat standoff",
    extensions=(".ann",),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    folder=True,
    sources=sources,
)
