"""The coverage floors are checked group by group."""

import pytest

from tests.house import floors


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("annotator/store/events/log.py", floors.BELOW),
        ("annotator/model/annotation.py", floors.BELOW),
        ("annotator/anything_new.py", floors.BELOW),
        ("annotator/ui/text_view/cells.py", floors.UI),
        ("annotator\\ui\\theme.py", floors.UI),
        ("annotator/cli/__init__.py", floors.FACES),
        ("annotator/commands/spans.py", floors.FACES),
    ],
)
def test_a_file_belongs_to_the_group_of_its_place(path: str, group: str) -> None:
    assert floors.group_of(path) == group


def test_floors_hold_when_every_group_reaches_its_own() -> None:
    text, held = floors.report(
        {"annotator/model/annotation.py": (95, 100), "annotator/ui/app.py": (75, 100)}
    )
    assert held, text


def test_a_group_below_its_floor_fails_and_names_its_worst_file() -> None:
    text, held = floors.report(
        {"annotator/model/annotation.py": (940, 1000), "annotator/ui/app.py": (100, 100)}
    )
    assert not held
    assert "annotator/model/annotation.py" in text


def test_one_well_covered_group_does_not_make_up_for_another() -> None:
    assert not floors.report(
        {"annotator/model/annotation.py": (1000, 1000), "annotator/ui/app.py": (7, 10)}
    )[1]


def test_no_measurement_is_a_failure() -> None:
    assert not floors.report({})[1]
