"""Which files an import reads."""

import os
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.jobs.imports.discovery import sources
from tests.projects import FA, write_lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.txt",
        "inside/c.txt",
        ".hidden.txt",
        "~lock.txt",
        ".git/d.txt",
        "picture.png",
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FA, encoding="utf-8")
    return tmp_path / "in"


def test_a_folder_is_walked_in_order_without_what_is_hidden(folder: Path) -> None:
    found = sources([folder])
    assert [source.path.relative_to(folder).as_posix() for source in found] == [
        "a.txt",
        "b.txt",
        "inside/c.txt",
    ]
    assert {source.root for source in found} == {folder}
    assert all(source.format is not None and source.format.id == "text" for source in found)


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    assert len(sources([folder / "a.txt", folder, folder / "a.txt"])) == 3


def test_a_named_format_is_not_guessed(folder: Path) -> None:
    (source,) = sources([folder / "picture.png"], "text")
    assert source.format is not None
    assert source.format.id == "text"


def test_formats_are_recognised_by_content(tmp_path: Path) -> None:
    (source,) = sources([write_lines(tmp_path / "data.txt", [{"text": FA, "spans": []}])])
    assert source.format is not None
    assert source.format.id == "jsonl"


def test_what_no_format_knows_is_listed_without_one(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x00\x01\x02")
    (source,) = sources([tmp_path / "x.bin"])
    assert source.format is None


def test_a_broken_file_is_left_to_the_format_its_name_speaks_of(tmp_path: Path) -> None:
    (source,) = sources([write_lines(tmp_path / "data.jsonl", [b"{"])])
    assert source.format is not None
    assert source.format.id == "jsonl"


def test_a_missing_path_is_refused(folder: Path) -> None:
    with pytest.raises(UserError, match="There is no file or folder"):
        sources([folder, folder / "none"])


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no file"):
        sources([tmp_path])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no named pipes in folders")
def test_a_pipe_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="neither a file nor a folder"):
        sources([tmp_path / "pipe"])


def test_a_folder_inside_that_cannot_be_read_is_not_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def forbidding(path: str) -> object:
        if str(path).endswith("inside"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", forbidding)
    with pytest.raises(UserError, match=r"inside.*Permission denied"):
        sources([folder])
