"""Texts on their way out (X.56, X.57), without Odoo."""

import pytest

from octopus_connector.api.codec import TEXT
from octopus_connector.api.texts import (
    COMMENT_LIMIT,
    FILE_NAME_LIMIT,
    clean,
    file_name,
    shortened,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F2026\x0b17", "F202617"),
        ("Werk\x02", "Werk"),
        ("S1\x1fS2", "S1S2"),
        ("Straat\x85 1\x9f", "Straat 1"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("half \ud83d pair", "half  pair"),
        ("no \ufffe character \ufdd0", "no  character "),
        ("é ß 漢 😀", "é ß 漢 😀"),
        ("\x00\x01", None),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_x56_what_xml_forbids_is_dropped(text, expected):
    assert clean(text) == expected


def test_x56_every_text_that_leaves_is_clean():
    assert TEXT.encode("F2026\x0b17") == "F202617"
    assert TEXT.encode("\x0b") == ""


def test_x57_a_text_of_ours_is_one_line_and_cut_visibly():
    assert shortened(" Werk\x0b \n twee  keer ") == "Werk twee keer"
    long = "woord " * 100
    cut = shortened(long)
    assert len(cut) <= COMMENT_LIMIT
    assert cut.endswith("…")
    assert long.startswith(cut[:-1])
    assert shortened("x" * COMMENT_LIMIT) == "x" * COMMENT_LIMIT
    assert shortened("\x01") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b\\c.pdf", "a_b_c.pdf"),
        ("F2026\x0b17.pdf", "F202617.pdf"),
        ("\x01", "document"),
        (None, "document"),
        ("x" * 300 + ".pdf", "x" * (FILE_NAME_LIMIT - 4) + ".pdf"),
        ("x" * 300, "x" * FILE_NAME_LIMIT),
    ],
)
def test_x57_a_file_keeps_its_ending(name, expected):
    assert file_name(name) == expected
