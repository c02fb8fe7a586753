"""The manual in the addon, made of ``docs/manual`` (L.6)."""

import pytest

from devtools.manual import (
    ManualError,
    manual,
    mark_of,
    slug,
    write,
)


def test_headings_are_named_as_github_names_them():
    assert slug("REST or SOAP") == "rest-or-soap"
    assert slug("The day's limit, and pauses") == "the-days-limit-and-pauses"


def test_pages_pictures_and_what_is_gone(tmp_path):
    (tmp_path / "docs" / "manual").mkdir(parents=True)
    (tmp_path / "docs" / "images").mkdir()
    addon = tmp_path / "octopus_connector" / "static"
    (addon / "description").mkdir(parents=True)
    (addon / "description" / "index.html").write_text('<img src="a.png" />')
    (addon / "manual").mkdir()
    (addon / "manual" / "old.html").write_text("gone")
    (tmp_path / "docs" / "images" / "a.png").write_bytes(b"picture")
    (tmp_path / "docs" / "manual" / "waiting.md").write_text("# Waiting\n\n## X\n")
    page = tmp_path / "docs" / "manual" / "payments.md"
    page.write_text(
        "# Payments\n\nText:\n- one\n- [two](waiting.md#x)\n\n![A](../images/a.png)\n"
    )
    assert write(tmp_path)
    html = (addon / "manual" / "payments.html").read_text()
    assert '<a href="waiting.html#x">' in html
    assert html.count("<li>") == 2
    assert (addon / "manual" / "images" / "a.png").read_bytes() == b"picture"
    assert (addon / "description" / "a.png").read_bytes() == b"picture"
    assert not (addon / "manual" / "old.html").exists()
    assert not write(tmp_path), "the second time nothing is to be done"
    page.write_text("# Payments\n\nMore.\n")
    assert write(tmp_path), "a change is noticed"


def write_page(root, path, text):
    page = root / "docs" / "manual" / path
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text)


@pytest.fixture
def checkout(tmp_path):
    addon = tmp_path / "octopus_connector" / "static"
    (addon / "description").mkdir(parents=True)
    (addon / "description" / "index.html").write_text("")
    write_page(
        tmp_path,
        "payments.md",
        "# Payments\n\n## To decide\n\nSee [there](#to-decide).\n",
    )
    return tmp_path


def translation(root, text, of=None):
    source = root / "docs" / "manual" / "payments.md"
    mark = mark_of(of or source.read_text())
    write_page(root, "nl/payments.md", f"{text}\n<!-- translates {mark} -->\n")


DUTCH = "# Betalingen\n\n## Te beslissen\n\n[Daar](#te-beslissen).\n"


def test_l6_a_translation_has_the_headings_of_its_page(checkout):
    translation(checkout, DUTCH)
    write(checkout)
    folder = checkout / "octopus_connector" / "static" / "manual"
    html = (folder / "nl" / "payments.html").read_text()
    assert '<h2 id="to-decide">Te beslissen</h2>' in html
    assert '<a href="#to-decide">Daar</a>' in html
    assert '<a href="../payments.html">English</a>' in html
    assert '<a href="nl/payments.html">Nederlands</a>' in (
        (folder / "payments.html").read_text()
    )
    assert "translates" not in html


@pytest.mark.parametrize(
    ("text", "of", "said"),
    [
        (DUTCH, "# Payments\n", "another text"),
        ("# Betalingen\n", None, "other headings"),
        (DUTCH.replace("(#te-beslissen)", "(#weg)"), None, "no heading"),
        (DUTCH.replace("Te beslissen\n", "Betalingen\n"), None, "two headings"),
        (DUTCH.replace("(#te-beslissen)", "(weg.md)"), None, "no page"),
    ],
)
def test_l6_a_translation_that_is_none_of_its_page(checkout, text, of, said):
    translation(checkout, text, of)
    with pytest.raises(ManualError, match=said):
        manual(checkout)
