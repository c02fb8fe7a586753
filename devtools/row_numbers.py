"""Refuse the number of a requirement (a letter, a point, a number) in a test that
``docs/requirements.md`` does not have. A hook of ``./dev lint`` runs it; a span of two
numbers names what lies between, too."""

import re
import sys
from pathlib import Path

REQUIREMENTS = Path("docs") / "requirements.md"
TESTS = "tests"
ROW = re.compile(r"(?<![\w.])([A-Z])\.(\d+)(?:\s?[-–]\s?(?:\1\.)?(\d+))?(?![\w.]*\w)")
STATED = re.compile(r"^- \*\*([A-Z]\.\d+)\*\* ", re.MULTILINE)


def unstated(root: Path) -> list[str]:
    """Return ``path:line number`` of each number in a test of a checkout that no
    requirement has."""
    stated = set(STATED.findall((root / REQUIREMENTS).read_text(encoding="utf-8")))
    found = []
    for path in sorted((root / TESTS).rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines, 1):
            name = path.relative_to(root).as_posix()
            missing = [row for row in named(line) if row not in stated]
            found += [f"{name}:{place} {row}" for row in missing]
    return found


def named(line: str) -> list[str]:
    """Return the numbers that a line names, each of a span."""
    found = []
    for room, first, last in ROW.findall(line):
        numbers = range(int(first), int(last or first) + 1)
        found += [f"{room}.{number}" for number in numbers]
    return found


def main(root: Path) -> int:
    """Print what :func:`unstated` returns; return the exit code."""
    places = unstated(root)
    if not places:
        return 0
    print(f"Not in {REQUIREMENTS.as_posix()}; say there what must be true:")
    print("\n".join(places))
    return 1


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
