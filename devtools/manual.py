"""The manual in the addon: pages of ``docs/manual`` as HTML in its ``static`` folder.

A hook of ``./dev lint`` runs it. Whoever changes a page or a picture commits what it
writes: Odoo needs no library to show it, and the wheel has it. A page or picture that
has no source any more is removed. Pictures of the page in Odoo's list of apps lie in
``static/description``, where that page must have them.

``docs/manual`` is English; ``docs/manual/nl`` and ``docs/manual/fr`` translate it. A
translation has the headings of its page, one by one, so that a link leads to the same
place in each language, and it ends with the mark of the text that it translates: where
the English page changed since, the hook asks for it to be looked at.
"""

import hashlib
import re
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import markdown

SOURCES = Path("docs") / "manual"
PICTURES = Path("docs") / "images"
TARGET = Path("octopus_connector") / "static" / "manual"
DESCRIPTION = Path("octopus_connector") / "static" / "description"
LANGUAGES = {"en": "English", "nl": "Nederlands", "fr": "Français"}
SOURCE = "en"
# The first page of the manual, and the others in the order of their readers.
ORDER = (
    "first-day",
    "administrator",
    "bookkeeper",
    "accountant",
    "waiting",
    "payments",
    "security",
)
_LINK = re.compile(r'(href|src)="([^"]*)"')
_PICTURE = re.compile(r'src="([\w-]+\.png)"')
_HEADING = re.compile(r"<h([1-6])")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_MARK = re.compile(r"\n<!-- translates (\w*) -->\s*\Z")
_LIST_AFTER_TEXT = re.compile(r"(?<=[^\n])\n(?=(?:- |\d+\. ))")
_HTML = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Octopus Connector</title>
<link rel="stylesheet" href="{top}manual.css">
</head>
<body>
<nav>{links}<span>{languages}</span></nav>
<main>
{body}
</main>
</body>
</html>
"""


class ManualError(Exception):
    """A translation is not one of its page as that is now."""


@dataclass
class Page:
    """A page in one language."""

    name: str
    language: str
    text: str
    body: str = ""
    # Heading as GitHub links it in this language: how it is linked in the addon.
    anchors: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return _TITLE.search(self.text)[1]

    @property
    def top(self) -> str:
        """The way from this page to the folder of the manual."""
        return "" if self.language == SOURCE else "../"

    @property
    def file(self) -> Path:
        folder = TARGET if self.language == SOURCE else TARGET / self.language
        return folder / f"{self.name}.html"


def slug(text: str, separator: str = "-") -> str:
    """Return the name of a heading in a link, as GitHub makes it.

    :param separator: what stands for a space
    """
    kept = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return kept.replace(" ", separator)


def mark_of(text: str) -> str:
    """Return what a translation of this text ends with."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def manual(root: Path) -> dict[Path, bytes]:
    """Return what must lie in the addon: ``{path below the checkout: content}``.

    :param root: the checkout
    :raises ManualError: a translation is of another text, or a link is dead
    """
    languages = {language: _pages(root, language) for language in LANGUAGES}
    source = languages[SOURCE]
    made: dict[Path, bytes] = {}
    for pages in languages.values():
        for name, page in pages.items():
            _render(page, source.get(name))
        for page in pages.values():
            html = _html(page, pages, languages)
            made[page.file] = html.encode()
            for picture in re.findall(r'src="(?:\.\./)?images/([^"]+)"', html):
                picture_file = root / PICTURES / picture
                made[TARGET / "images" / picture] = picture_file.read_bytes()
    index = (root / DESCRIPTION / "index.html").read_text(encoding="utf-8")
    for picture in _PICTURE.findall(index):
        if picture != "icon.png":
            made[DESCRIPTION / picture] = (root / PICTURES / picture).read_bytes()
    return made


def _pages(root, language):
    folder = root / SOURCES
    if language != SOURCE:
        folder /= language
    found = {
        file.stem: Page(file.stem, language, file.read_text(encoding="utf-8"))
        for file in folder.glob("*.md")
    }
    known = [name for name in ORDER if name in found]
    return {name: found[name] for name in [*known, *sorted(found.keys() - ORDER)]}


def _render(page, source):
    """Fill in the body and the headings of a page."""
    text = page.text
    names = None
    if page.language != SOURCE:
        text = _MARK.sub("\n", text)
        _check_mark(page, source)
        names = list(source.anchors.values())
    # GitHub begins a list without an empty line before it.
    text = _LIST_AFTER_TEXT.sub(_apart(text), text)
    page.body = markdown.markdown(
        text,
        extensions=["tables", "fenced_code", "toc", "sane_lists"],
        extension_configs={"toc": {"slugify": _naming(page, names)}},
        output_format="html",
    )
    if source and _HEADING.findall(page.body) != _HEADING.findall(source.body):
        raise ManualError(
            f"{page.language}/{page.name}.md has other headings than {page.name}.md"
        )


def _check_mark(page, source):
    if not source:
        raise ManualError(f"{page.language}/{page.name}.md translates no page")
    mark = _MARK.search(page.text)
    if not mark or mark[1] != mark_of(source.text):
        raise ManualError(
            f"{page.language}/{page.name}.md translates another text than"
            f" {page.name}.md has now. Bring it up to date, then end it with"
            f"\n<!-- translates {mark_of(source.text)} -->"
        )


def _naming(page, names):
    """Return how headings are named: as they are called, or as those of the source."""
    numbers = count()

    def name(text, separator):
        own = slug(text, separator)
        if own in page.anchors:
            raise ManualError(f"{page.language}/{page.name}.md has two headings {own}")
        number = next(numbers)
        known = names is not None and number < len(names)
        page.anchors[own] = names[number] if known else own
        return page.anchors[own]

    return name


def _html(page, pages, languages):
    links = " ".join(
        f"<b>{other.title}</b>"
        if other is page
        else f'<a href="{name}.html">{other.title}</a>'
        for name, other in pages.items()
    )
    there = " ".join(
        f'<a href="{page.top}{_folder(language)}{page.name}.html">{label}</a>'
        for language, label in LANGUAGES.items()
        if language != page.language and page.name in languages[language]
    )
    return _HTML.format(
        language=page.language,
        title=page.title,
        top=page.top,
        links=links,
        languages=there,
        body=_LINK.sub(_in_addon(page, pages), page.body),
    )


def _folder(language):
    return "" if language == SOURCE else f"{language}/"


def _apart(text):
    def separate(match):
        line = text[: match.start()].rpartition("\n")[2]
        in_list = re.match(r"(- |\d+\. |  )", line)
        return "\n" if in_list else "\n\n"

    return separate


def _anchor(page, linked, heading):
    if heading and heading not in linked.anchors:
        where = f"{page.language}/{page.name}.md"
        raise ManualError(f"{where} links to {linked.name}.md#{heading}: no heading")
    return linked.anchors.get(heading, "")


def _in_addon(page, pages):
    """Return what turns a link of the repository into one in the addon."""

    def turn(match):
        attribute, target = match.groups()
        target = re.sub(r"^(\.\./)+images/", f"{page.top}images/", target)
        path, hash_sign, heading = target.partition("#")
        linked = page if not path else pages.get(path.removesuffix(".md"))
        if path.endswith(".md") and not linked:
            raise ManualError(
                f"{page.language}/{page.name}.md links to no page: {path}"
            )
        if linked:
            path = f"{linked.name}.html" if path else ""
            heading = _anchor(page, linked, heading)
        return f'{attribute}="{path}{hash_sign}{heading}"'

    return turn


def write(root: Path) -> list[str]:
    """Bring the addon in line; return the paths that were not."""
    made = manual(root)
    changed = []
    for path, content in made.items():
        file = root / path
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            changed.append(path.as_posix())
    for file in (root / TARGET).rglob("*"):
        path = file.relative_to(root)
        if file.suffix in (".html", ".png") and path not in made:
            file.unlink()
            changed.append(path.as_posix())
    return changed


def main(root: Path) -> int:
    """Write what is missing or out of date, and tell it; return the exit code."""
    try:
        changed = write(root)
    except ManualError as error:
        print(error)
        return 1
    if changed:
        print("The manual in the addon was not up to date; commit what was written:")
        print("\n".join(changed))
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
