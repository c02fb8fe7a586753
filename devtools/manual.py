"""The manual in the addon: pages of ``docs/manual`` as HTML in its ``static`` folder.

A hook of ``./dev lint`` runs it. Whoever changes a page or a picture commits what it
writes: Odoo needs no library to show it, and the wheel has it. A page or picture that
has no source any more is removed. Pictures of the page in Odoo's list of apps lie in
``static/description``, where that page must have them.
"""

import re
import sys
from pathlib import Path

import markdown

SOURCES = Path("docs") / "manual"
PICTURES = Path("docs") / "images"
TARGET = Path("octopus_connector") / "static" / "manual"
DESCRIPTION = Path("octopus_connector") / "static" / "description"
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
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_LIST_AFTER_TEXT = re.compile(r"(?<=[^\n])\n(?=(?:- |\d+\. ))")
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Octopus Connector</title>
<link rel="stylesheet" href="manual.css">
</head>
<body>
<nav>{links}</nav>
<main>
{body}
</main>
</body>
</html>
"""


def slug(text: str, separator: str = "-") -> str:
    """Return the name of a heading in a link, as GitHub makes it.

    :param separator: what stands for a space
    """
    kept = re.sub(r"[^\w\- ]", "", text.strip().lower())
    return kept.replace(" ", separator)


def manual(root: Path) -> dict[Path, bytes]:
    """Return what must lie in the addon: ``{path below the checkout: content}``.

    :param root: the checkout
    """
    pages = {page.stem: page.read_text(encoding="utf-8") for page in _pages(root)}
    titles = {name: _TITLE.search(text)[1] for name, text in pages.items()}
    made: dict[Path, bytes] = {}
    for name, text in pages.items():
        html = _html(name, text, titles)
        made[TARGET / f"{name}.html"] = html.encode()
        for picture in re.findall(r'src="images/([^"]+)"', html):
            source = root / PICTURES / picture
            made[TARGET / "images" / picture] = source.read_bytes()
    index = (root / DESCRIPTION / "index.html").read_text(encoding="utf-8")
    for picture in _PICTURE.findall(index):
        if picture != "icon.png":
            source = root / PICTURES / picture
            made[DESCRIPTION / picture] = source.read_bytes()
    return made


def _pages(root):
    found = {page.stem: page for page in (root / SOURCES).glob("*.md")}
    known = [found.pop(name) for name in ORDER if name in found]
    return [*known, *(found[name] for name in sorted(found))]


def _html(name, text, titles):
    # GitHub begins a list without an empty line before it.
    text = _LIST_AFTER_TEXT.sub(_apart(text), text)
    body = markdown.markdown(
        text,
        extensions=["tables", "fenced_code", "toc", "sane_lists"],
        extension_configs={"toc": {"slugify": slug}},
        output_format="html",
    )
    links = " ".join(
        f"<b>{title}</b>" if page == name else f'<a href="{page}.html">{title}</a>'
        for page, title in titles.items()
    )
    body = _LINK.sub(_in_addon, body)
    return _PAGE.format(title=titles[name], links=links, body=body)


def _apart(text):
    def separate(match):
        line = text[: match.start()].rpartition("\n")[2]
        in_list = re.match(r"(- |\d+\. |  )", line)
        return "\n" if in_list else "\n\n"

    return separate


def _in_addon(match):
    """Turn a link of the repository into one of the folder in the addon."""
    attribute, target = match.groups()
    target = re.sub(r"^([\w-]+)\.md", r"\1.html", target)
    target = target.replace("../images/", "images/")
    return f'{attribute}="{target}"'


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
    changed = write(root)
    if changed:
        print("The manual in the addon was not up to date; commit what was written:")
        print("\n".join(changed))
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
