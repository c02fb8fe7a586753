"""References to docs/octopus.md lead to a section of it, and from it to files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "docs" / "octopus.md"
REFERENCE = re.compile(r"octopus\.md(?: |\n[\s#]*)(§[\d.]+(?:(?:,| and|-)\s*§[\d.]+)*)")
SECTION = re.compile(r"§(\d+(?:\.\d+)?)")
LOOKED_AT = ("octopus_connector", "octopus_sandbox", "devtools", "tests", "benchmarks")


def sections(text):
    """The numbers of the sections, and of the points of those that number them."""
    found, current = set(), None
    for line in text.splitlines():
        if heading := re.match(r"## (\d+)\. ", line):
            current = heading[1]
            found.add(current)
        elif point := re.match(r"(\d+)\. ", line):
            found.add(f"{current}.{point[1]}")
        elif point := re.match(r"- \*\*§([\d.]+)\*\* ", line):
            found.add(point[1])
    return found


def referred(text):
    """The sections that a text refers to."""
    return {
        number
        for match in REFERENCE.finditer(text)
        for number in SECTION.findall(match[1])
    }


def test_references_are_found_also_several_and_over_the_end_of_a_line():
    text = (
        "(docs/octopus.md §2 and §9.\n# docs/octopus.md\n    # §19.3; octopus.md §4-§6)"
    )
    assert referred(text) == {"2", "9", "19.3", "4", "6"}


def test_sections_and_their_points_are_known():
    text = "# 3. No\n## 1. Access\n## 19. Unknown\n1. One\n- **§20.6** Six\n"
    assert sections(text) == {"1", "19", "19.1", "20.6"}


@pytest.mark.parametrize("folder", [*LOOKED_AT, "docs"])
def test_every_reference_leads_to_a_section(folder):
    known = sections(FACTS.read_text())
    lost = {}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in (".py", ".md", ".xml") and path != Path(__file__):
            if wrong := referred(path.read_text()) - known:
                lost[path.relative_to(ROOT).as_posix()] = wrong
    assert not lost


def test_what_its_own_text_refers_to_is_there():
    text = FACTS.read_text()
    assert set(SECTION.findall(text)) <= sections(text)
    names = re.findall(r"`((?:api|contract|soap)/\w+\.py)`", text)
    places = [ROOT / "octopus_connector", ROOT / "octopus_sandbox"]
    assert names
    for name in names:
        assert any((place / name).is_file() for place in places), name
