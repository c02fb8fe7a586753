"""What the user sees at Octopus: the login page, the grant screen, an error."""

from markupsafe import Markup

from ..control.html import field, h, hidden


def login(asked, wrong=""):
    """The login page. ``asked``: the fields of the request, carried along."""
    return _page(
        "Log in",
        wrong and h.div(wrong, class_="said wrong"),
        h.form(
            hidden(**asked),
            field("User", h.input(name="user", autocomplete="username", required=True)),
            field(
                "Password",
                h.input(
                    name="password",
                    type="password",
                    autocomplete="current-password",
                    required=True,
                ),
            ),
            h.button("Log in", class_="main", name="act", value="login"),
            method="post",
            class_="fields",
        ),
    )


def grant(asked, user, dossiers, session):
    """The grant screen: what the software may do, with whose rights."""
    return _page(
        "Give access",
        h.p(f"Software house {asked['client_id']} wants to use the web service as"),
        h.p(h.strong(user)),
        h.p("It may do what this user may do, in these dossiers:"),
        h.ul([h.li(f"{dossier.id} {dossier.name}") for dossier in dossiers]),
        h.form(
            hidden(session=session, **asked),
            h.button("Allow", class_="main", name="act", value="allow"),
            h.button("Refuse", class_="danger", name="act", value="refuse"),
            method="post",
            class_="inline",
        ),
    )


def problem(text):
    """A request that cannot be answered by sending the browser back."""
    return _page("Not possible", h.div(text, class_="said wrong"))


def _page(title, *content):
    return Markup("<!doctype html>") + h.html(
        h.head(
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.title(f"{title} · Octopus sandbox"),
            h.link(rel="stylesheet", href="/style.css"),
        ),
        h.body(
            h.header(
                h.div(h.div("Octopus sandbox", class_="top brand"), class_="inner")
            ),
            h.main(h.h1(title), content),
        ),
        lang="en",
    )
