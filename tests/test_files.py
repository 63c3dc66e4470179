"""Files are written beside their place: complete, or what was there before."""

import os
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.files import OWNER_ONLY, replacing
from annotator.workroom import put_files, replaced


def test_a_file_that_is_not_finished_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list.txt"
    path.write_text("old")
    nothing: dict[str, bytes] = {}
    with pytest.raises(KeyError), replacing(path) as file:
        file.write(nothing["the rest"])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="Elsewhere a file has no such mode.")
def test_a_file_for_its_owner_can_be_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    with replacing(path, mode=OWNER_ONLY) as file:
        file.write(b"mine")
    assert path.stat().st_mode & 0o777 == OWNER_ONLY


def test_a_folder_that_was_made_for_files_goes_where_they_fail(tmp_path: Path) -> None:
    def fail(workroom: Path) -> list[tuple[Path, Path]]:
        (workroom / "a").write_bytes(b"1")
        raise OSError(28, "No space left on device")

    target = tmp_path / "new" / "deeper"
    with pytest.raises(UserError, match=r"cannot be written: No space left.*untouched"):
        replaced(target, target, fail)
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_folder_come_together(tmp_path: Path) -> None:
    target = tmp_path / "new"
    assert put_files(target, {"a": b"1", "b": b"2"}) == [target / "a", target / "b"]
    assert sorted(path.name for path in target.iterdir()) == ["a", "b"]
