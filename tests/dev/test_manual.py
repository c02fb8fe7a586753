"""The manual in the addon, made of ``docs/manual`` (L.6)."""

import pytest

markdown = pytest.importorskip("markdown", reason="a library of a hook of ./dev lint")

from devtools.manual import slug, write  # noqa: E402


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
