"""What a newcomer reads: the links lead somewhere, and what tools look for is where they look."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import __version__
from tests.house.rules import ROOT, sources
from tools import docs

PAGES = sorted(source.path for source in sources() if source.path.endswith(".md"))
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"`((?:annotator|datasets|docs|resources|tests|tools)/[\w./-]*)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the name that a heading has as the target of a link."""
    letters = re.sub(r"[^\w\- ]", "", heading.lower())
    return letters.strip().replace(" ", "-")


def broken_links(page: Path) -> Iterator[str]:
    """Yield the relative links of a page that lead nowhere."""
    text = page.read_text(encoding="utf-8")
    for link in _LINK.findall(_CODE.sub("", text)):
        path, _hash, name = link.partition("#")
        if "://" in path:
            continue
        target = page.parent / path if path else page
        if not target.exists():
            yield f"{page.name}: {link}"
        elif name:
            headings = _HEADING.findall(_CODE.sub("", target.read_text(encoding="utf-8")))
            if name not in map(anchor, headings):
                yield f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    assert list(broken_links(ROOT / page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    paths = _PATH.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[a](b.md)", 1),
        ("![a](b.png)", 1),
        ("[a](page.md#nowhere)", 1),
        ("# Add a thing\n\n[a](#add-a-thing) [b](page.md) `[c](d.md)` [e](https://x.example/)", 0),
    ],
)
def test_a_planted_link_is_found_when_it_is_broken(tmp_path: Path, text: str, count: int) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert len(list(broken_links(page))) == count


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_page_that_is_made_from_the_code_is_current(page: str) -> None:
    is_current = (ROOT / page).read_text(encoding="utf-8") == docs.PAGES[page]()
    assert is_current, "`python -m tools.docs` makes it anew."


def test_the_package_says_that_it_is_typed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert (ROOT / "annotator/py.typed").is_file()
    assert wheel["packages"] == ["annotator"]
    assert "Typing :: Typed" in project["project"]["classifiers"]


def test_what_is_cited_is_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in citation
