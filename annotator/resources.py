"""Where the files that ship with the program lie: schemas, fonts, icons, translations, samples."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
# An installed program carries them inside the package; a checkout has them beside it.
_ROOTS = (_HERE / "_resources", _HERE.parent / "resources")
_SAMPLES = (_HERE / "_samples", _HERE.parent / "datasets" / "samples")


def _first(folders: tuple[Path, ...]) -> Path:
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as `resource("schemas", "news.toml")`."""
    return _first(_ROOTS).joinpath(*parts)


def sample_files() -> tuple[Path, ...]:
    """Return the shipped sample corpora (native JSONL), sorted by name."""
    return tuple(sorted(_first(_SAMPLES).glob("*.jsonl")))
