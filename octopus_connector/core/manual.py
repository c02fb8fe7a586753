"""Where the pages of the manual lie: they go along in the addon, in English.

A hook of ``./dev lint`` makes them of ``docs/manual``, and holds that they are
up to date; ``tests/models/test_manual.py`` that no link to them is dead.
"""

from __future__ import annotations

FOLDER = "/octopus_connector/static/manual"
# The manual of Octopus itself, in the languages that it has.
OCTOPUS_MANUAL = "https://login.octopus.be/manual/{}/"
OCTOPUS_LANGUAGES = ("NL", "FR")


def manual_url(page: str, chapter: str = "") -> str:
    """Return the address of a page of the manual on this server.

    :param page: name of the page, such as ``first-day``
    :param chapter: its heading as a link has it, such as ``check-list``
    """
    return f"{FOLDER}/{page}.html" + (f"#{chapter}" if chapter else "")


def octopus_manual_url(language: str | None) -> str:
    """Return the address of Octopus's own manual.

    :param language: of the reader, such as ``fr_BE``; others than French read Dutch
    """
    code = (language or "")[:2].upper()
    return OCTOPUS_MANUAL.format(code if code in OCTOPUS_LANGUAGES else "NL")
