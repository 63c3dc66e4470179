"""What people who train models do with the export.

Load it with Hugging Face datasets, train spaCy on it.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from annotator.store import Store


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gold layers of all samples, exported as native JSONL."""
    folder = tmp_path_factory.mktemp("training")
    with Store.create(folder / "p.annot", load_schema("news")) as store:
        import_files(store, list(sample_files()), ImportOptions(), "a1")
        export_records(store, folder / "gold.jsonl", ExportOptions(annotators=("gold",)))
    return folder / "gold.jsonl"


# In a process of its own: beside the checkout, our folder `datasets` stands before the library of
# that name.
LOAD = """
import json, sys
import datasets
rows = datasets.load_dataset("json", data_files=sys.argv[1], split="train", cache_dir=sys.argv[2])
print(json.dumps([
    {"text": row["text"], "spans": [[s["start"], s["end"], s["label"]] for s in row["spans"]]}
    for row in rows
]))
"""


@pytest.mark.slow
def test_the_export_loads_with_hugging_face_datasets(exported: Path, tmp_path: Path) -> None:
    code = "import datasets, sys; sys.exit(not hasattr(datasets, 'load_dataset'))"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path),
    }
    if subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=clean, check=False, capture_output=True
    ).returncode:
        pytest.skip("needs the extra “hf”")
    command = [sys.executable, "-c", LOAD, str(exported), str(tmp_path / "cache")]
    done = subprocess.run(
        command, cwd=tmp_path, env=clean, check=True, capture_output=True, text=True
    )
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    wanted = [
        {
            "text": line["text"],
            "spans": [[span["start"], span["end"], span["label"]] for span in line["spans"]],
        }
        for line in lines
    ]
    assert json.loads(done.stdout) == wanted


@pytest.mark.slow
def test_a_blank_spacy_pipeline_trains_on_the_export(exported: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="needs the extra “spacy”", exc_type=ImportError)
    example, filter_spans = (
        pytest.importorskip("spacy.training").Example,
        pytest.importorskip("spacy.util").filter_spans,
    )

    nlp = spacy.blank("xx")
    recognizer = nlp.add_pipe("ner")
    examples: list[Any] = []
    wanted = kept = 0
    for line in exported.read_text("utf-8").splitlines():
        record = json.loads(line)
        doc = nlp.make_doc(record["text"])
        entities = [span for span in record["spans"] if span["layer"] == "entities"]
        found = [
            doc.char_span(span["start"], span["end"], span["label"], alignment_mode="expand")
            for span in entities
        ]
        wanted, kept = wanted + len(entities), kept + sum(span is not None for span in found)
        doc.ents = filter_spans([span for span in found if span is not None])
        for span in doc.ents:
            recognizer.add_label(span.label_)
        examples.append(example(nlp.make_doc(record["text"]), doc))
    assert kept == wanted > 500
    optimizer = nlp.initialize(lambda: examples)
    random.Random(1).shuffle(examples)
    losses: dict[str, float] = {}
    for start in range(0, len(examples), 8):
        nlp.update(examples[start : start + 8], sgd=optimizer, losses=losses)
    assert losses["ner"] > 0
    assert set(recognizer.labels) == {"PER", "ORG", "LOC", "GPE", "DATE", "MONEY", "EVENT"}
