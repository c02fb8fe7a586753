from http import HTTPStatus

from markupsafe import Markup

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..models.octopus_accountant_link import PATH
from ..prepare.accountant_page import AccountantPage
from ..prepare.database_check import database_differences
from ..send.reopened import let_go
from ..sync.scheduled import may_schedule

PAGE = f"{PATH}/<int:number>/<string:token>"
LANGUAGES = ("nl", "fr", "en", "de")
# An id has no more digits, or PostgreSQL takes it for none.
ID_DIGITS = 9
# The page holds neither scripts nor anything of others, stands in no frame, is kept in
# no cache and by no search engine, and tells nobody its address.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class AccountantController(http.Controller):
    """The page of the accountant of a dossier, who has a link and no login.

    A token that was guessed, expired, was revoked or is of another dossier has the same
    answer as an address that never was.
    """

    @http.route(PAGE, type="http", auth="public", methods=["GET"], sitemap=False)
    def octopus_accountant_page(self, number, token, lang=None, **_more):
        """Show the page.

        :param number: of the dossier, as Octopus names it
        :param token: of a link
        :param lang: ``nl``, ``fr``, ``en`` or ``de``; else the language of the link
        """
        link, refused = self._link(number, token)
        if refused:
            return refused
        if self._looks().is_too_much(link):
            return self._too_much()
        self._looks().note("look", self._address(), link)
        return self._page(link, lang)

    @http.route(PAGE, type="http", auth="public", methods=["POST"], sitemap=False)
    def octopus_accountant_act(self, number, token, lang=None, act=None, **values):
        """Take an answer, or the word that something is open again; then show the page.

        :param number: as is ``token``, of :meth:`octopus_accountant_page`
        :param act: ``answer`` or ``reopened``
        :param values: ``question`` (id) and ``answer``, or ``key``
        """
        link, refused = self._link(number, token)
        if refused:
            return refused
        if self._looks().is_too_much(link, acts=True):
            return self._too_much()
        if not self._may_act(link):
            return self._nothing("copy", link, lang)
        acts = {"answer": self._answer, "reopened": self._reopened}
        page = AccountantPage(self._dossier(link, lang))
        if act not in acts or not acts[act](page, link, values):
            return self._nothing("gone", link, lang)
        chosen = f"?lang={lang}" if lang in LANGUAGES else ""
        return self._with_headers(
            request.redirect(
                f"{PATH}/{number}/{token}{chosen}", code=HTTPStatus.SEE_OTHER
            )
        )

    def _answer(self, page, link, values):
        """Take an answer; return whether the question is open, and of this dossier."""
        text = values.get("question") or ""
        is_id = text.isdecimal() and len(text) <= ID_DIGITS
        question = page.open_question(int(text) if is_id else 0)
        if not question or not question.take_answer(link, values.get("answer")):
            return False
        self._looks().note(
            "answered", self._address(), link, about=question.move_id.name
        )
        return True

    def _reopened(self, page, link, values):
        """Let go what waits for something; return whether anything does."""
        key = values.get("key") or ""
        waiting = page.rows_of(key)
        if not waiting:
            return False
        places = waiting[:1].mapped("place")
        said = {"key": key, "about": places[0]}
        if self._looks().was_said_just_now(page.dossier, key):
            self._looks().note("nothing", self._address(), link, **said)
            return True
        self._looks().note("reopened", self._address(), link, **said)
        let_go(page.dossier, waiting)
        return True

    # Who asks

    def _env(self):
        """Return the environment in which the addon works: nobody is logged in."""
        return request.env(user=SUPERUSER_ID, su=True)

    def _looks(self):
        return self._env()["octopus.accountant.look"]

    def _address(self):
        return request.httprequest.remote_addr

    def _link(self, number, token):
        """Return the link that a token opens, or else the answer.

        Wrong tokens shut no right one out: many people may share an address.
        """
        looks, address = self._looks(), self._address()
        link = looks.env["octopus.accountant.link"].by_token(number, token)
        if link:
            return link, None
        if looks.is_shut_out(address):
            return link, self._too_much()
        looks.note("refused", address)
        return link, self._not_found()

    def _may_act(self, link):
        """Whether this database is the one that books, and no copy of it."""
        return may_schedule(link.dossier_id) and not database_differences(link.env)

    # Answers

    def _dossier(self, link, lang):
        chosen = self._language(link, lang)
        companies = link.dossier_id.served()
        return link.dossier_id.with_context(
            lang=chosen, allowed_company_ids=companies.ids
        )

    def _language(self, link, lang):
        """Return the code of a language that is installed."""
        own = link.lang if link.lang in self._installed() else "en_US"
        return self._languages().get(lang) or own

    def _installed(self):
        return [code for code, _name in request.env["res.lang"].get_installed()]

    def _languages(self):
        """Return the languages of the page that are installed: ``{nl: nl_BE}``; of
        several kinds of one, the first."""
        found = {}
        for code in self._installed():
            found.setdefault(code[:2], code)
        return {name: found[name] for name in LANGUAGES if name in found}

    def _page(self, link, lang):
        dossier = self._dossier(link, lang)
        page = AccountantPage(dossier)
        request.update_context(lang=dossier.env.lang)
        waiting, waiting_more = page.waiting()
        sent, sent_more = page.sent_documents()
        differing, differing_more = page.differing()
        asked, asked_more = page.questions()
        answered, answered_more = page.answered()
        values = {
            "dossier": dossier,
            "action": request.httprequest.path,
            "languages": list(self._languages()),
            "language": (dossier.env.lang or "en")[:2],
            "may_act": self._may_act(link),
            "waiting": waiting,
            "waiting_more": waiting_more,
            "month": page.month(),
            "sent": page.sent(),
            "sent_documents": sent,
            "sent_more": sent_more,
            "differing": differing,
            "differing_more": differing_more,
            "asked": asked,
            "asked_more": asked_more,
            "answered": answered,
            "answered_more": answered_more,
            "about": page.about_link(link.expires_at),
        }
        return self._rendered("octopus_connector.accountant_page", values)

    def _not_found(self):
        return self._told("missing", HTTPStatus.NOT_FOUND)

    def _nothing(self, what, link, lang):
        """Note that an act came to nothing, and say why."""
        self._looks().note("nothing", self._address(), link)
        return self._told(what, HTTPStatus.CONFLICT, link, lang)

    def _too_much(self):
        return self._told("too_much", HTTPStatus.TOO_MANY_REQUESTS)

    def _told(self, what, status, link=None, lang=None):
        """Return a page that says why nothing came of it."""
        code = self._language(link, lang) if link else request.env.lang
        request.update_context(lang=code)
        values = {"what": what, "language": (code or "en")[:2]}
        return self._rendered("octopus_connector.accountant_told", values, status)

    def _rendered(self, template, values, status=HTTPStatus.OK):
        values["doctype"] = Markup("<!DOCTYPE html>")
        answer = request.render(template, values, status=status)
        return self._with_headers(answer)

    def _with_headers(self, answer):
        answer.headers.update(HEADERS)
        return answer
