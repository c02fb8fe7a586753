"""HTML out of Python: every text is escaped, every tag is closed.

``h.a("Home", href="/")`` is ``<a href="/">Home</a>``. ``class_`` is ``class``; an
attribute that is True stands alone, one that is None or False is left out.
"""

from collections.abc import Generator

from markupsafe import Markup, escape

_VOID = {"br", "hr", "img", "input", "link", "meta"}


def join(*children):
    """Children one after the other; lists are flattened, None is nothing."""
    parts = []
    for child in children:
        if isinstance(child, (list, tuple, Generator)):
            parts.append(join(*child))
        elif child is not None:
            parts.append(escape(child))
    return Markup("").join(parts)


class _Tags:
    def __getattr__(self, name):
        name = name.rstrip("_")

        def tag(*children, **attributes):
            words = [Markup(name), *(_attribute(*pair) for pair in attributes.items())]
            start = Markup("<{}>").format(Markup(" ").join(filter(None, words)))
            if name in _VOID:
                return start
            return Markup("{}{}</{}>").format(start, join(*children), Markup(name))

        return tag


def _attribute(name, value):
    name = Markup(name.rstrip("_").replace("_", "-"))
    if value is None or value is False:
        return None
    if value is True:
        return name
    return Markup('{}="{}"').format(name, value)


h = _Tags()


def table(headings, rows, empty="Nothing here."):
    """A table of headings and rows of cells; a cell is a child or a ready one."""
    rows = list(rows)
    if not rows:
        return h.p(empty, class_="empty")
    head = h.tr([_cell(heading, h.th) for heading in headings])
    body = [h.tr([_cell(cell, h.td) for cell in row]) for row in rows]
    return h.div(h.table(h.thead(head), h.tbody(body)), class_="scroll")


def _cell(cell, tag):
    is_ready = isinstance(cell, Markup) and cell.startswith(("<td", "<th"))
    return cell if is_ready else tag(cell)


def right(text):
    """A heading above amounts."""
    return h.th(text, class_="number")


def number(value):
    """A cell for an amount or count."""
    return h.td(value, class_="number")


def select(name, options, chosen=None, **attributes):
    """A choice; ``options`` are ``(value, text)``."""
    return h.select(
        [
            h.option(text, value=value, selected=str(value) == str(chosen))
            for value, text in options
        ],
        name=name,
        **attributes,
    )


def field(label, control):
    """A labelled control."""
    return h.label(h.span(label), control)


def hidden(**values):
    """Hidden fields of a form."""
    return [
        h.input(type="hidden", name=name, value=value) for name, value in values.items()
    ]
