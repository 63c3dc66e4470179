"""Label Studio.

Several annotators a task, predictions, regions that share an id, old units, its own fixtures.
"""

from pathlib import Path

import orjson
import pytest
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import ReadOptions, Report, WriteOptions, guess, label_studio
from annotator.model import AnnotationSet, Document, Label, Labelled, Layer, Names, Schema
from tests.formats.peers import (
    SENTENCE,
    PeerRoundTrip,
    example,
    gapped,
    links_of,
    losses_of,
    plain_records,
    read_text_as,
    spans_of,
    total,
    written,
)
from tests.formats.round_trip import WORDS, read_all

TASK = {
    "data": {"text": SENTENCE},
    "annotations": [
        {
            "completed_by": 3,
            "result": [
                {
                    "id": "r1",
                    "from_name": "label",
                    "type": "labels",
                    "value": {"start": 3, "end": 7, "text": "دولت", "labels": ["ENTITY"]},
                },
                {
                    "id": "r2",
                    "from_name": "label",
                    "type": "labels",
                    "value": {"start": 12, "end": 29, "text": SENTENCE[11:28], "labels": ["CLAIM"]},
                },
                {
                    "id": "r2",
                    "from_name": "stance",
                    "type": "choices",
                    "value": {"start": 12, "end": 29, "choices": ["support"]},
                },
                {
                    "type": "relation",
                    "from_id": "r2",
                    "to_id": "r1",
                    "direction": "right",
                    "labels": ["holder"],
                },
                {
                    "id": "x",
                    "from_name": "mood",
                    "type": "choices",
                    "value": {"choices": ["a", "b"]},
                },
            ],
        }
    ],
}


def _without_attributes_of_relations(record: Labelled) -> Labelled:
    annotation_set = record.annotation_set
    assert annotation_set
    relations = tuple(relation._replace(attributes={}) for relation in annotation_set.relations)
    return Labelled(
        record.document,
        AnnotationSet(
            annotation_set.annotator,
            annotation_set.status,
            annotation_set.spans,
            relations,
            annotation_set.attributes,
        ),
        record.schema,
    )


class TestLabelStudio(PeerRoundTrip):
    format = label_studio.FORMAT
    whole = ("status",)
    records = plain_records(
        values=st.one_of(WORDS, st.integers(-5, 9), st.just(("a", "b"))),
        layers=("entities", "claims"),
    ).map(_without_attributes_of_relations)
    attributes_kept = True


def _read(
    tmp_path: Path, tasks: object, options: ReadOptions | None = None
) -> tuple[list[Labelled], Report]:
    return read_text_as(label_studio.FORMAT, tmp_path, orjson.dumps(tasks).decode(), options)


def test_the_example_keeps_its_stance_and_its_relation(tmp_path: Path) -> None:
    target, _files = written(label_studio.FORMAT, tmp_path, [example()], WriteOptions(), Report())
    found, _report = read_all(label_studio.FORMAT, target)
    assert spans_of(found[0]) == [("ENTITY", 2, 6), ("CLAIM", 11, 28)]
    assert links_of(found[0]) == [("holder", SENTENCE[11:28], "دولت")]
    assert found[0].annotation_set
    assert found[0].annotation_set.annotator == "a1"
    assert dict(found[0].annotation_set.spans[1].attributes) == {"stance": "support"}


def test_old_offsets_in_utf_16_are_recognised_from_the_texts(tmp_path: Path) -> None:
    found, report = _read(tmp_path, [TASK])
    assert spans_of(found[0]) == [("ENTITY", 2, 6), ("CLAIM", 11, 28)]
    assert [change.kind for change in report.changes()] == ["offsets"]
    assert found[0].annotation_set
    assert found[0].annotation_set.annotator == "3"
    assert [dict(span.attributes) for span in found[0].annotation_set.spans] == [
        {},
        {"stance": "support"},
    ]
    assert dict(found[0].annotation_set.attributes) == {"mood": ("a", "b")}


def test_annotations_are_annotators_predictions_are_models_and_skipped_ones_are_counted(
    tmp_path: Path,
) -> None:
    result = [
        {
            "id": "1",
            "from_name": "label",
            "type": "labels",
            "value": {"start": 0, "end": 1, "labels": ["X", "Y"]},
            "origin": "prediction",
        }
    ]
    task = {
        "data": {"text": "ab"},
        "annotations": [
            {"completed_by": {"id": 1, "email": "e@x"}, "result": result},
            {"completed_by": 2, "was_cancelled": True, "result": []},
            {"result": []},
        ],
        "predictions": [{"model_version": "v1", "result": result}],
        "drafts": [1],
    }
    found, report = _read(tmp_path, [task, {"data": {"text": "bare"}}])
    assert [record.annotation_set and record.annotation_set.annotator for record in found] == [
        "e@x",
        "",
        "model:v1",
        None,
    ]
    assert [
        [span.origin for span in record.annotation_set.spans]
        for record in found
        if record.annotation_set
    ] == [
        ["model"] * 2,
        [],
        ["model:v1"] * 2,
    ]
    assert total(report, "skipped annotations") == 1
    assert total(report, "drafts") == 1


def test_relations_may_be_unlabelled_turned_or_mutual(tmp_path: Path) -> None:
    spans = [
        {"id": name, "type": "labels", "value": {"start": at, "end": at + 1, "labels": ["X"]}}
        for at, name in enumerate("ab")
    ]
    links: list[dict[str, object]] = [
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left"},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi", "labels": ["l"]},
        {"type": "relation", "from_id": "a", "to_id": "gone"},
    ]
    found, report = _read(
        tmp_path, [{"data": {"text": "ab"}, "annotations": [{"result": [*spans, *links]}]}]
    )
    assert links_of(found[0]) == [("related", "b", "a"), ("l", "a", "b")]
    assert total(report, "relations") == 1


def test_the_schema_says_the_layer_where_the_control_does_not(tmp_path: Path) -> None:
    schema = Schema(
        "s", 1, Names({}), (Layer("claims", Names({}), labels=(Label("CLAIM", Names({})),)),)
    )
    found, _report = _read(tmp_path, [TASK], ReadOptions(schema=schema))
    assert found[0].annotation_set
    assert [span.layer for span in found[0].annotation_set.spans] == ["entities", "claims"]


@pytest.mark.parametrize(
    "task",
    [
        7,
        {"data": {"image": "http://x"}},
        {"data": {"text": "ab"}, "annotations": 7},
        {
            "data": {"text": "ab"},
            "annotations": [
                {"result": [{"type": "labels", "value": {"start": 0, "end": 9, "labels": ["X"]}}]}
            ],
        },
        {
            "data": {"text": "ab"},
            "annotations": [
                {"result": [{"type": "labels", "value": {"start": 0, "end": 1, "labels": [7]}}]}
            ],
        },
        {
            "data": {"text": "ab"},
            "annotations": [
                {
                    "result": [
                        {
                            "type": "labels",
                            "value": {"start": 0, "end": 1, "text": "b", "labels": ["X"]},
                        }
                    ]
                }
            ],
        },
    ],
)
def test_a_wrong_task_is_a_problem_with_its_line(tmp_path: Path, task: object) -> None:
    content = '[{"data":{"text":"ok"}},\n\n' + orjson.dumps(task).decode() + "]"
    found, report = read_text_as(label_studio.FORMAT, tmp_path, content)
    assert [problem.line for problem in report.problems] == [3]
    assert "task 2" in report.problems[0].reason
    assert len(found) == 1


def test_what_is_no_list_or_no_json_is_refused(tmp_path: Path) -> None:
    for content in ("{}", "[", '["\\u0000"]', "[" * 200_000):
        with pytest.raises(InputError):
            read_text_as(label_studio.FORMAT, tmp_path, content)


def test_what_has_no_place_is_counted(tmp_path: Path) -> None:
    assert losses_of(label_studio.FORMAT, tmp_path, gapped()) == {
        "status": 1,
        "discontinuous": 1,
        "implicit arguments": 1,
        "value types": 2,
        "paragraph directions": 1,
    }
    clash = Labelled(Document("d", "", "a", "", meta={"name": 1}), AnnotationSet(spans=()))
    assert losses_of(label_studio.FORMAT, tmp_path, clash) == {"metadata": 1}


def test_its_own_fixtures(shared_data: Path) -> None:
    folder = shared_data / "labelstudio"
    found, report = read_all(label_studio.FORMAT, folder / "text_with_2_predictions.json")
    assert [
        (record.annotation_set.annotator, dict(record.annotation_set.attributes))
        for record in found
        if record.annotation_set
    ] == [
        ("model:model_version_A", {"text_class": "class_A"}),
        ("model:model_version_B", {"text_class": "class_B"}),
    ]
    found, report = read_all(label_studio.FORMAT, folder / "test_export_csv/csv_test.json")
    assert report.problems == []
    assert found[0].document.text.startswith("Calif. wildfires")
    assert total(report, "regions") > 0
    found, report = read_all(label_studio.FORMAT, folder / "test_export_json_min/data.json")
    assert found == []
    assert report.problems[0].line == 2
    chosen = guess(folder / "text_with_2_predictions.json")
    assert chosen
    assert chosen.id == "label-studio"
