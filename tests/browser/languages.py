"""What the addon says in the languages of its readers, by its catalogues."""

import re
from functools import cache
from pathlib import Path

import polib

LANGUAGES = {"en": "en_US", "nl": "nl_BE", "fr": "fr_BE"}
I18N = Path(__file__).resolve().parents[2] / "octopus_connector" / "i18n"
FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|%%")
# A shorter text may be a word of the other language.
SHORT = 3
# With fewer letters of its own, a text in which something is filled in may be any.
OWN_LETTERS = 10
# What a screen tells, and what it tells where somebody points at a thing.
SEEN = """
(() => {
    const seen = new Set();
    const add = (text) => seen.add(text.replace(/\\s+/g, " ").trim());
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (walker.currentNode.parentElement.checkVisibility()) {
            add(walker.currentNode.textContent);
        }
    }
    for (const name of ["placeholder", "title", "aria-label", "data-tooltip"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
            add(element.getAttribute(name));
        }
    }
    return JSON.stringify([...seen]);
})()
"""


@cache
def catalogue(language):
    """Return what each text of the addon is in a language.

    :param language: ``nl`` or ``fr``
    """
    entries = polib.pofile(str(I18N / f"{language}.po"))
    return {" ".join(entry.msgid.split()): entry.msgstr for entry in entries}


def said(language, text):
    """Return a text in a language; what is no text of the addon, such as a number, is
    the same in all."""
    return text if language == "en" else catalogue(language).get(text, text)


@cache
def english(language):
    """Return the texts that are another one in a language: those that stay as they
    are, and a pattern of each in which something is filled in."""
    told = set(catalogue(language).values())
    other = [text for text in catalogue(language) if text not in told]
    filled = [text for text in other if FILLED_IN.search(text)]
    patterns = [
        re.compile(".+".join(map(re.escape, FILLED_IN.split(text))), re.DOTALL)
        for text in filled
        if len(re.findall(r"[a-z]", FILLED_IN.sub("", text))) >= OWN_LETTERS
    ]
    whole = {text for text in set(other) - set(filled) if len(text) > SHORT}
    return whole, patterns


def stayed_english(language, seen):
    """Return what a screen tells in English to who reads another language.

    :param seen: texts of a screen, each one node of it
    """
    if language == "en":
        return []
    texts, patterns = english(language)
    return [
        text
        for text in seen
        if text in texts or any(each.fullmatch(text) for each in patterns)
    ]
