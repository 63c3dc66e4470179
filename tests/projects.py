"""Projects and records for tests.

Made in a line or two, on texts that are hard in the ways ours are.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from annotator.model import AnnotationSet, Document, Labelled, Relation, Span, new_id, surface
from annotator.model.schema_files import load_schema
from annotator.store import Store

FA = "مریم سهرابی گفت: قیمت‌ها پایین آمد. شهرداری رشت به‌شدت مخالفت کرد."
KK = "Әлия Серікқызы: «Жоба келесі жылы аяқталады». Ақтоғанды әкімдігі қолдау білдірді."
RU = "Анна Кравцова сказала, что цены снизились на 4 %. Мэрия Зареченска раскритиковала прогноз."
TEXTS = {"fa-1": FA, "kk-1": KK, "ru-1": RU}


def made(path: Path, schema: str = "news", texts: dict[str, str] | None = None) -> Store:
    """Return a new project, open, with these documents."""
    store = Store.create(path, load_schema(schema))
    with store.change("", "") as step:
        for name, text in (TEXTS if texts is None else texts).items():
            step.add_document(Document(name, name, text, name[:2]))
    return store


def span(text: str, words: str, label: str, layer: str = "entities", name: str = "") -> Span:
    """Return a span over the first place where these words stand in the text."""
    start = text.index(words)
    return Span(name or new_id(), layer, label, ((start, start + len(words)),), words)


def labelled(
    name: str,
    text: str,
    annotator: str,
    spans: Sequence[Span] = (),
    relations: Sequence[Relation] = (),
) -> Labelled:
    """Return a record of a document with one annotator's layer."""
    return Labelled(
        Document(name, name, text, "ru"),
        AnnotationSet(annotator, "open", tuple(spans), tuple(relations)),
        "news@1",
    )


def plain(record: Labelled, **other: object) -> dict[str, object]:
    """Return a record as a short line of native JSONL; `other` sets or overrides keys."""
    annotation_set = record.annotation_set or AnnotationSet()
    line: dict[str, object] = {
        "id": record.document.id,
        "text": record.document.text,
        "annotator": annotation_set.annotator,
        "status": annotation_set.status,
    }
    line["spans"] = [
        {
            "id": entry.id,
            "layer": entry.layer,
            "label": entry.label,
            "start": entry.start,
            "end": entry.end,
            "text": entry.text,
        }
        | ({"fragments": entry.fragments} if len(entry.fragments) > 1 else {})
        | {"attributes": dict(entry.attributes)}
        for entry in annotation_set.spans
    ]
    line["relations"] = [
        {
            "id": entry.id,
            "label": entry.label,
            "head": entry.head,
            "child": entry.child,
            "implicit": entry.implicit,
        }
        for entry in annotation_set.relations
    ]
    return {key: value for key, value in {**line, **other}.items() if value is not None}


def write_lines(path: Path, lines: Iterable[object]) -> Path:
    """Write values as JSON lines; bytes are written as they are."""
    path.write_bytes(
        b"".join(
            (line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines
        )
    )
    return path


def check_texts(store: Store) -> int:
    """Assert that every span of a project says what its text says; return how many there are."""
    count = 0
    for record in store.records():
        for entry in record.annotation_set.spans if record.annotation_set else ():
            assert surface(record.document.text, entry.fragments) == entry.text
            count += 1
    return count
