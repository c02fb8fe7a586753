"""References in code to what is not in the repository."""

import re

from .figure import Figure, counted

# A row of the specification. Not the middle of a version, a number or a name.
ROW = r"(?<![\w.])[A-Z]\.\d+\b"
# The contract's own reference, the plan's chapters, the specification, the issues.
DOCUMENT = r"(?<![\w/])(?:api|product)\.md\b|(?<!docs/)architecture\.md §"
ISSUE = r"\b[Ii]ssue #?\d+"
OUTSIDE = re.compile(f"{ROW}|{DOCUMENT}|{ISSUE}")


def references(tree) -> Figure:
    """Each mention of a row's code, of a document that lies elsewhere, or of an issue,
    in all that is written in ``CODE`` of ``plan.py``."""
    places = [
        f"{path}:{number} {match.group()}"
        for path, text in tree.texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in OUTSIDE.finditer(line)
    ]
    title = "references in code to documents that are not in the repository"
    return counted("references", title, places)
