"""UIMA CAS as JSON (version 0.4.0): one file a document, UTF-16 offsets, types inside.

INCEpTION and dkpro-cassis read it.

    {"%TYPES":{…},"%FEATURE_STRUCTURES":[{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaID":"_InitialView","sofaString":"دولت
    گفت"},
      {"%ID":2,"%TYPE":"webanno.custom.Span","@sofa":1,"begin":0,"end":4,"layer":"entities","value":"ORG"}],"%VIEWS":{…}}

Read: any types, see `_shared/cas.py`; references begin with `@`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.cas import (
    INFORMATION,
    INFORMATION_FEATURES,
    LOSES,
    METADATA,
    METADATA_FEATURES,
    OWN,
    RELATION,
    SPAN,
    WHOLE,
    Cas,
    Structure,
    Written,
    file_name,
    first_text,
    information_of,
    records_of,
    structures_of,
)
from annotator.formats._shared.json_files import (
    Plain,
    object_of,
    objects_at,
    offset_at,
    parsed_file,
    text_at,
)
from annotator.i18n import _
from annotator.model import Labelled, Value
from annotator.text.offsets import Utf16Map

_STRUCTURES, _TYPES, _VIEWS = "%FEATURE_STRUCTURES", "%TYPES", "%VIEWS"
_TEXT = "uima.cas.String"
_KEYS = ("begin", "end", "@sofa", "%ID", "%TYPE", "%FLAGS")  # what is no feature


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the keys of the outer object."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return 0.0
    keys = (f'"{key}"'.encode() for key in (_STRUCTURES, _TYPES, _VIEWS))
    return 1.0 if any(key in start[:200] for key in keys) else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the JSON files of this kind below a folder."""
    paths = [path for path in folder.rglob("*.json") if not path.name.startswith(".")]
    return sorted(path for path in paths if sniff(_head(path), path))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of each file."""

    def cas_of(source: Path) -> Cas:
        return _cas(object_of(parsed_file(source, options, report), "the file"), report)

    yield from records_of(sources(path) if path.is_dir() else [path], cas_of, options, report)


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a file for each record, its types inside."""
    files: list[Path] = []
    for number, record in enumerate(records, 1):
        written = structures_of(record, options, report, _("the file has no place for it"))
        files.append(path / file_name(number, record, ".json"))
        with replacing(files[-1], durable=False) as file:
            file.write(orjson.dumps(_plain(written)))
    return files


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _cas(plain: Plain, report: Report) -> Cas:
    entries = objects_at(plain, _STRUCTURES)
    sofas = [entry for entry in entries if entry.get("%TYPE") == "uima.cas.Sofa"]
    sofa = first_text(
        [entry for entry in sofas if isinstance(entry.get("sofaString"), str)], report
    )
    chosen = sofa.get("%ID")
    structures = [
        _structure(entry, report)
        for entry in entries
        if entry not in sofas and entry.get("@sofa", chosen) == chosen
    ]
    return Cas(text_at(sofa, "sofaString"), structures)


def _structure(plain: Plain, report: Report) -> Structure:
    structure = Structure(str(plain.get("%ID")), text_at(plain, "%TYPE", None))
    if "begin" in plain or "end" in plain:
        structure.begin, structure.end = offset_at(plain, "begin"), offset_at(plain, "end")
    is_array = structure.type.endswith(("FSArray", "[]"))
    for key, value in plain.items():
        if key in _KEYS or value is None:
            continue
        if key.startswith("@"):
            structure.refs[key[1:]] = _references(value)
        elif key == "%ELEMENTS" and is_array:
            structure.refs["elements"] = _references(value) if isinstance(value, list) else []
        else:
            feature = _feature(value)
            if feature is None:
                why = _("a feature that is neither a text nor a number is left out")
                report.lose("features", why)
            else:
                structure.features[key] = feature
    return structure


def _references(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def _feature(value: object) -> Value | None:
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    return None


def _plain(written: Written) -> dict[str, object]:
    document = written.record.document
    units = Utf16Map(document.text)
    sofa = len(written.spans) + len(written.relations) + 1
    entries = [_entry(entry, sofa, units) for entry in (*written.spans, *written.relations)]
    whole = {"@sofa": sofa, "begin": 0, "end": units.to_utf16(len(document.text))}
    told = {"language": document.language or "x-unspecified", "documentTitle": document.name}
    entries.append({"%ID": sofa + 1, "%TYPE": METADATA, **whole, **told})
    own = information_of(written.record)
    entries.append({"%ID": sofa + 2, "%TYPE": INFORMATION, **whole, **own})
    text = {
        "sofaNum": 1,
        "sofaID": "_InitialView",
        "mimeType": "text/plain",
        "sofaString": document.text,
    }
    members = [entry["%ID"] for entry in entries]
    return {
        _TYPES: _types(written),
        _STRUCTURES: [{"%ID": sofa, "%TYPE": "uima.cas.Sofa", **text}, *entries],
        _VIEWS: {"_InitialView": {"%SOFA": sofa, "%MEMBERS": members}},
    }


def _entry(entry: Structure, sofa: int, units: Utf16Map) -> dict[str, object]:
    place = {
        "@sofa": sofa,
        "begin": units.to_utf16(entry.begin or 0),
        "end": units.to_utf16(entry.end or 0),
    }
    refs = {f"@{key}": int(value[0]) for key, value in entry.refs.items()}
    return {"%ID": int(entry.id), "%TYPE": entry.type, **place, **refs, **entry.features}


def _types(written: Written) -> dict[str, object]:
    relations = {**_texts(["value"], written.relations), "Governor": SPAN, "Dependent": SPAN}
    information = dict.fromkeys(INFORMATION_FEATURES, _TEXT)
    told = dict.fromkeys(METADATA_FEATURES, _TEXT)
    return {
        SPAN: _type(SPAN, "uima.tcas.Annotation", _texts(OWN, written.spans)),
        RELATION: _type(RELATION, "uima.tcas.Annotation", relations),
        INFORMATION: _type(INFORMATION, "uima.tcas.Annotation", information),
        METADATA: _type(METADATA, "uima.tcas.DocumentAnnotation", told),
    }


def _texts(own: Iterable[str], structures: Iterable[Structure]) -> dict[str, str]:
    """Return the features of a type, all texts: its own, then what its structures have beside."""
    features = dict.fromkeys(own, _TEXT)
    for entry in structures:
        features.update(dict.fromkeys(entry.features, _TEXT))
    return features


def _type(name: str, parent: str, features: dict[str, str]) -> dict[str, object]:
    described: dict[str, Value | dict[str, str]] = {
        key: {"%NAME": key, "%RANGE": kind} for key, kind in features.items()
    }
    return {"%NAME": name, "%SUPER_TYPE": parent, **described}


FORMAT = Format(
    id="uima-json",
    name="UIMA CAS JSON",
    extensions=(".cas.json", ".json"),
    sniff=sniff,
    read=read,
    write=write,
    loses=(*WHOLE, *LOSES),
    folder=True,
    sources=sources,
)
