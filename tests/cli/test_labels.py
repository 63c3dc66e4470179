"""`annotator labels`: the list with counts, and changes by command."""

from pathlib import Path

from tests.cli.run import Caller
from tests.jobs.test_relabeling import worked


def test_the_labels_are_listed_with_their_counts(tmp_path: Path, cli: Caller) -> None:
    worked(tmp_path / "p.annot").close()
    rows = {str(row["id"]): row for row in cli("labels", tmp_path / "p.annot", "--json").rows}
    assert (rows["LOC"]["spans"], rows["GPE"]["spans"], rows["PER"]["spans"]) == (2, 1, 0)
    assert "LOC" in cli("labels", tmp_path / "p.annot").out


def test_a_merger_by_command_is_stored_and_listed(tmp_path: Path, cli: Caller) -> None:
    path = tmp_path / "p.annot"
    worked(path).close()
    dry = cli(
        "labels", path, "--merge", "LOC=GPE", "--annotator", "lead", "--dry-run", "--json"
    ).json
    assert (dry["stored"], dry["moved"], dry["twins"]) == (
        False,
        [{"from": "LOC", "to": "GPE", "spans": 2}],
        1,
    )
    done = cli("labels", path, "--merge", "LOC=GPE", "--annotator", "lead")
    assert done.code == 0
    assert "GPE" in done.err
    rows = {str(row["id"]): row for row in cli("labels", path, "--json").rows}
    assert (rows["LOC"]["spans"], rows["LOC"]["merged_into"], rows["GPE"]["spans"]) == (0, "GPE", 2)
    assert "merged into GPE" in cli("labels", path).out


def test_what_cannot_be_is_said_and_nothing_is_stored(tmp_path: Path, cli: Caller) -> None:
    path = tmp_path / "p.annot"
    worked(path).close()
    assert cli("labels", path, "--merge", "LOC", "--annotator", "lead").code == 2
    unknown = cli("labels", path, "--retire", "CITY", "--annotator", "lead")
    assert (unknown.code, "CITY" in unknown.err) == (1, True)
    nobody = cli("labels", path, "--retire", "LOC")
    assert (nobody.code, "--annotator" in nobody.err) == (1, True)
