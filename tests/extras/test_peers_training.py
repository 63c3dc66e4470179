"""Training on our own export formats.

`spacy train` on a DocBin in three languages, `datasets.load_dataset` on a dataset folder.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.formats import ReadOptions, Report, WriteOptions, find_format, hf
from annotator.model import Labelled
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "COVERAGE_PROCESS_START")
}
LOAD = """
import json, sys
import datasets
found = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])
rows = {
    part: [[row["text"], [span["label"] for span in row["spans"]]] for row in found[part]]
    for part in found
}
print(json.dumps({"rows": rows, "features": sorted(found["train"].features)}))
"""


@pytest.fixture(scope="module")
def records() -> list[Labelled]:
    """The gold layers of all samples."""
    read = find_format("jsonl").read
    assert read
    found = [record for path in sample_files() for record in read(path, ReadOptions(), Report())]
    return [
        record
        for record in found
        if record.annotation_set and record.annotation_set.annotator == "gold"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fa", "ru", "xx"])
def test_spacy_trains_an_epoch_on_our_docbin(
    language: str, records: list[Labelled], tmp_path: Path
) -> None:
    if importlib.util.find_spec("spacy") is None:
        pytest.skip("needs the extra “spacy”")
    chosen = [record for record in records if language in (record.document.language, "xx")]
    write = find_format("spacy").write
    assert write
    report = Report()
    options = WriteOptions(layers=("entities",), schema=load_schema("news"))
    data = write(chosen, tmp_path / "train.spacy", options, report)[0]
    paths = ["--paths.train", str(data), "--paths.dev", str(data)]
    made = ["init", "config", "config.cfg", "--lang", language, "--pipeline", "ner"]
    for command in (
        made,
        ["train", "config.cfg", *paths, "--training.max_epochs", "1", "--output", "model"],
    ):
        full = [sys.executable, "-m", "spacy", *command]
        done = subprocess.run(
            full, cwd=tmp_path, env=CLEAN, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "model" / "model-last" / "meta.json").read_text("utf-8"))
    assert set(told["labels"]["ner"]) <= {"PER", "ORG", "LOC", "GPE", "DATE", "MONEY", "EVENT"}
    assert len(told["labels"]["ner"]) >= 4


@pytest.mark.slow
def test_datasets_loads_our_folder_with_its_parts_and_types(
    records: list[Labelled], tmp_path: Path
) -> None:
    code = "import datasets, sys; sys.exit(not hasattr(datasets, 'load_dataset'))"
    clean = {**CLEAN, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    if subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=clean, check=False, capture_output=True
    ).returncode:
        pytest.skip("needs the extra “hf”")
    parts = {"train": records[:-5], "test": records[-5:]}
    hf.write_parts(parts, tmp_path / "set", WriteOptions(), Report())
    command = [sys.executable, "-c", LOAD, str(tmp_path / "set"), str(tmp_path / "cache")]
    done = subprocess.run(
        command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "attributes_json" in found["features"]
    for name, chosen in parts.items():
        wanted = [
            [record.document.text, [span.label for span in record.annotation_set.spans]]
            for record in chosen
            if record.annotation_set
        ]
        assert found["rows"][name] == wanted
