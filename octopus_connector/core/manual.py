"""Where the pages of the manual lie: they go along in the addon, in three languages.

A hook of ``./dev lint`` makes them of ``docs/manual``, and holds that they are up to
date and that a translation has the headings of its page;
``tests/models/test_manual.py`` holds that no link to them is dead.
"""

from __future__ import annotations

# Links lead here; the answer is the page in the reader's language.
ADDRESS = "/octopus/manual"
FOLDER = "/octopus_connector/static/manual"
# Beside English. Headings have the same names in links in every language.
LANGUAGES = ("nl", "fr")
# The manual of Octopus itself, in the languages that it has.
OCTOPUS_MANUAL = "https://login.octopus.be/manual/{}/"
OCTOPUS_LANGUAGES = ("NL", "FR")


def manual_url(page: str, chapter: str = "") -> str:
    """Return the address of a page of the manual on this server.

    :param page: name of the page, such as ``first-day``
    :param chapter: its heading as a link has it, such as ``check-list``
    """
    return f"{ADDRESS}/{page}" + (f"#{chapter}" if chapter else "")


def manual_file(page: str, language: str | None) -> str:
    """Return the address of the file of a page.

    :param language: of the reader, such as ``fr_BE``; others read English
    """
    code = (language or "")[:2]
    folder = f"{FOLDER}/{code}" if code in LANGUAGES else FOLDER
    return f"{folder}/{page}.html"


def octopus_manual_url(language: str | None) -> str:
    """Return the address of Octopus's own manual.

    :param language: of the reader, such as ``fr_BE``; others than French read Dutch
    """
    code = (language or "")[:2].upper()
    return OCTOPUS_MANUAL.format(code if code in OCTOPUS_LANGUAGES else "NL")
