"""What every screen has: header, tabs, message, forms."""

from urllib.parse import quote, urlencode

from markupsafe import Markup

from ...state.clock import BRUSSELS
from ..html import h, hidden, join

_WORLD_TABS = (("/", "Dossiers"), ("/settings", "Switches and faults"), ("/log", "Log"))
_DOSSIER_TABS = (
    ("journals", "Journals"),
    ("bookings", "Bookings"),
    ("relations", "Relations"),
    ("open", "Open items and payments"),
)


class Frame:
    """The page around a screen. ``request`` gives path, query and message, and below
    which path the page is served (``script_root``); ``hidden`` are fields that each of
    its forms has besides."""

    def __init__(self, world, request, dossier=None, hidden=None):
        self.world = world
        self.request = request
        self.dossier = dossier
        self.hidden = hidden or {}

    def address(self, path):
        """Address of a path of the page, wherever it is served."""
        return self.request.script_root + path

    @property
    def here(self):
        """Path and query of this screen, without the message."""
        args = self.request.args.items(multi=True)
        query = urlencode([pair for pair in args if pair[0] not in ("said", "wrong")])
        return self.request.path + (f"?{query}" if query else "")

    def link(self, path):
        """Address of a screen of the dossier."""
        return self.address(f"/dossier/{self.dossier.id}/{path}")

    def page(self, title, *content):
        """The whole HTML page."""
        return Markup("<!doctype html>") + h.html(
            h.head(
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.title(f"{title} · Octopus sandbox"),
                h.link(rel="stylesheet", href=self.address("/style.css")),
            ),
            h.body(self._header(), h.main(self._said(), content)),
            lang="en",
        )

    def _header(self):
        now = self.world.clock.now().astimezone(BRUSSELS)
        tabs = [
            h.a(
                text,
                href=self.address(path),
                class_="here" if self.request.path == path else None,
            )
            for path, text in _WORLD_TABS
        ]
        return h.header(
            h.div(
                h.div(
                    h.a("Octopus sandbox", href=self.address("/"), class_="brand"),
                    self.dossier and h.span(self.dossier.name),
                    h.span(now.strftime("%d/%m/%Y %H:%M"), class_="clock"),
                    class_="top",
                ),
                h.nav(self._dossier_tabs() if self.dossier else tabs),
                class_="inner",
            )
        )

    def _dossier_tabs(self):
        tabs = [h.a("All dossiers", href=self.address("/"))]
        for path, text in _DOSSIER_TABS:
            link = self.link(path)
            here = self.address(self.request.path).startswith(link)
            tabs.append(h.a(text, href=link, class_="here" if here else None))
        return tabs

    def _said(self):
        text = self.request.args.get("said")
        wrong = "wrong" in self.request.args
        return text and h.div(text, class_="said wrong" if wrong else "said")

    def act(self, name, *content, layout="inline", **values):
        """A form that does an act of the dossier."""
        action = f"/act/{self.dossier.id}/{name}"
        return self.form(action, content, layout, **values)

    def do(self, name, *content, layout="fields", **values):
        """A form that changes the world."""
        return self.form(f"/do/{name}", content, layout, **values)

    def form(self, action, content, layout=None, **values):
        """A form that is posted to a path of the page, and comes back here."""
        return h.form(
            hidden(back=self.here, **self.hidden, **values),
            content,
            method="post",
            action=self.address(action),
            class_=layout,
        )

    def act_button(self, text, name, danger=False, **values):
        """A button that does an act at once."""
        style = "small danger" if danger else "small"
        return self.act(name, h.button(text, class_=style), **values)

    # -- parts of the dossier ------------------------------------------------

    def bookyear(self):
        """The bookyear that the screen shows: asked for, else the present one."""
        asked = self.request.args.get("year", "")
        years = self.dossier.bookyears
        if asked.isdigit() and int(asked) in years:
            return years[int(asked)]
        present = self.dossier.bookyear_of(self.world.clock.today())
        return present or list(years.values())[-1]

    def year_links(self, path):
        """Links to the same screen in each bookyear."""
        chosen = self.bookyear().id
        return h.p(
            [
                join(
                    h.a(
                        name_of(year.names),
                        href=f"{self.link(path)}?year={year.id}",
                        class_="tag good" if year.id == chosen else "tag",
                    ),
                    " ",
                )
                for year in self.dossier.bookyears.values()
            ]
        )

    def document_link(self, key):
        """A link to a document's screen."""
        text = f"{key.journal}/{key.number}"
        address = f"documents/{key.bookyear}/{quote(key.journal)}/{key.number}"
        return h.a(text, href=self.link(address))

    def relation_name(self, number):
        """Name of a relation, for reading."""
        relation = self.dossier.relations.get(number)
        return relation.name if relation else "—"


def name_of(names):
    """The English text, else any."""
    return names.get("EN") or next(iter(names.values()), "")


def badge(text, kind=""):
    """A small word with a colour: good, warn, bad or none."""
    return h.span(text, class_=f"tag {kind}".strip())


def day(value):
    """A date as it is written in Belgium."""
    return value.strftime("%d/%m/%Y")
