"""What stayed English on a screen is found (tests/browser/languages.py)."""

import pytest

from tests.browser.languages import said, stayed_english


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_what_stayed_english_is_found(language):
    filled = "The login works and opens Demo Brussel BV."
    seen = ["Wait for you", said(language, "Wait for you"), filled, "INV/2026/1", "of"]
    assert stayed_english(language, seen) == ["Wait for you", filled]
    assert stayed_english("en", seen) == []
