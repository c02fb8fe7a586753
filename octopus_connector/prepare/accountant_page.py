"""What the accountant of a dossier is told: on the page, and in the mail.

Everything here is about one dossier and the companies that book in it; nothing names a
user, an attachment or a note. Texts are in the language of the environment. How many
queries it takes does not depend on how many documents there are.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone
from hashlib import sha256
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Domain
from odoo.tools import (
    SQL,
    LazyTranslate,
    format_amount,
    format_date,
    format_datetime,
)

from ..core import codes
from ..core.codes import CODES
from ..core.findings import Finding
from ..core.states import BOOKED, PAYMENT_BOOKED, TO_DECIDE
from .accountant_facts import Differing, Document, Question, Sent, Side, Waiting

_lt = LazyTranslate(__name__)

# So much is named, and of each thing to open; how much more there is, is told.
NAMED = 100
GROUPS = 100
IN_GROUP = 20
IN_MAIL = 10
ANSWERED_FOR = timedelta(days=30)
BELGIUM = "Europe/Brussels"

# In which Octopus has a document, or a payment.
STATES = {"octopus.booking": BOOKED, "octopus.payment": PAYMENT_BOOKED}

# What the accountant does in Octopus, and where.
OPEN_IN = {
    codes.PERIOD_PROTECTED: _lt(
        "In Octopus: Management > Journals, journal %(journal)s of bookyear"
        " %(bookyear)s. Set “Closed until period” and “Secured till period” below"
        " %(period)s."
    ),
    codes.JOURNAL_CLOSED: _lt(
        "In Octopus: Management > Journals. Open journal %(journal)s of bookyear"
        " %(bookyear)s."
    ),
    codes.BOOKYEAR_CLOSED: _lt(
        "In Octopus: Management > Bookyears. Open bookyear %(bookyear)s."
    ),
}
TITLES = {
    codes.PERIOD_PROTECTED: _lt(
        "Journal %(journal)s, bookyear %(bookyear)s, period %(period)s"
    ),
    codes.JOURNAL_CLOSED: _lt("Journal %(journal)s, bookyear %(bookyear)s"),
    codes.BOOKYEAR_CLOSED: _lt("Bookyear %(bookyear)s"),
}

# What makes one group of what waits.
BY = ["bookyear", "journal", "period", "cause", "facts", "currency_id"]


class AccountantPage:
    """Reads what the page tells.

    :param dossier: one ``octopus.dossier``, in sudo for all companies that book in it,
        else as far as its user may see; in the language of the reader
    """

    def __init__(self, dossier):
        dossier.ensure_one()
        self.env = dossier.env(
            context={**dossier.env.context, "tz": BELGIUM, "active_test": False}
        )
        self.dossier = dossier.with_env(self.env)
        self.companies = self.dossier.served()
        self.texts = self.env["octopus.finding"]

    @property
    def _ours(self):
        """The domain of what is about this dossier and the companies in it now."""
        return Domain("dossier_id", "=", self.dossier.id) & Domain(
            "company_id", "in", self.companies.ids
        )

    # Waiting

    def waiting(self) -> tuple[list[Waiting], str]:
        """Return what waits for the accountant, by what they must do for it, and words
        for how many more such things there are."""
        rows = self.env["octopus.reopen"]
        told = ["__count", "amount:sum", "waiting_since:min", "state:array_agg"]
        groups = rows._read_group(
            self._ours, BY, told, limit=GROUPS, order="bookyear, journal, period"
        )
        more = self.count_waiting() - GROUPS if len(groups) == GROUPS else 0
        named = self._named_by_key()
        said = self.env["octopus.accountant.look"].sudo().said_open(self.dossier)
        found = [self._waiting(group, named, said) for group in groups]
        return found, self.more(more)

    def count_waiting(self) -> int:
        """Return how many things there are for the accountant to do."""
        return len(self.env["octopus.reopen"]._read_group(self._ours, BY))

    def rows_of(self, key: str):
        """Return the ``octopus.reopen`` of one thing to open; empty when nothing waits
        for it any more.

        :param key: of :class:`Waiting`, as a client sent it
        """
        rows = self.env["octopus.reopen"].search(self._ours)
        return rows.filtered(lambda row: _key(*self._place_of(row)) == key)

    def _place_of(self, row):
        return row.bookyear, row.journal, row.period, row.cause, row.facts

    def _named_by_key(self):
        """Return some documents of each thing that is waited for, in each currency."""
        found = {}
        for row in self._some_of_each():
            key = _key(*self._place_of(row)), row.currency_id
            found.setdefault(key, []).append(
                self._document(
                    row.document_name,
                    row.document_date,
                    row.partner_id,
                    row.amount,
                    row.currency_id,
                )
            )
        return found

    def _some_of_each(self):
        """Return the ``octopus.reopen`` that are named: the oldest of each group."""
        rows = self.env["octopus.reopen"]
        query = rows._search(self._ours)

        def column(name):
            return SQL.identifier(query.table, name)

        numbered = query.select(
            SQL("%s AS id", column("id")),
            SQL(
                "row_number() OVER (PARTITION BY %s ORDER BY %s, %s) AS place",
                SQL(", ").join(map(column, BY)),
                column("document_date"),
                column("id"),
            ),
        )
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) AS row WHERE place <= %s ORDER BY place",
                numbered,
                IN_GROUP,
            )
        )
        return rows.browse(row_id for [row_id] in found)

    def _waiting(self, group, named, said):
        *place, currency, count, amount, since, states = group
        bookyear, journal, period, cause, facts = place
        key = _key(*place)
        documents = tuple(named.get((key, currency), ()))
        title, to_do = self._to_do(bookyear, journal, period, cause, facts)
        looked = "looked" in states
        return Waiting(
            key=key,
            title=title,
            to_do=to_do,
            told=self._count(count, self._money(amount, currency)),
            documents=documents,
            more=self.more(count - len(documents)),
            said=self._said(said.get(key), since, looked, bookyear),
            looked=looked,
            is_closed=CODES[cause].closed_there,
        )

    def _to_do(self, bookyear, journal, period, cause, facts):
        """Return what it is about, and what is to be done in Octopus."""
        params = json.loads(facts) if facts else {}
        finding = Finding(cause, params).as_json()
        if cause not in OPEN_IN:
            return self.texts.title_and_fix(finding)
        values = {"bookyear": bookyear, "journal": journal, "period": period or "?"}
        title, to_do = self.env._(TITLES[cause]), self.env._(OPEN_IN[cause])
        return title % values, to_do % values

    def _said(self, said_at, since, looked, bookyear):
        """Return what came of the word that it is open; nothing when it was not said of
        what waits now."""
        if not said_at or not since or since > said_at:
            return ""
        moments = {"said": self._moment(said_at)}
        if self.dossier.sudo().paused:
            return self.env._(
                "You said at %(said)s that it is open. Sending is paused in Odoo: it"
                " goes when it is resumed.",
                **moments,
            )
        read_at = self._read_at(bookyear)
        if looked or not read_at:
            return self.env._(
                "You said at %(said)s that it is open. Octopus is being asked; look"
                " again in a few minutes.",
                **moments,
            )
        return self.env._(
            "You said at %(said)s that it is open. Octopus was asked at %(read)s: there"
            " it is still closed, or not as it must be.",
            read=self._moment(read_at),
            **moments,
        )

    def _read_at(self, bookyear):
        """Return since when all is known of what is closed in a bookyear; nothing while
        it is to be read anew."""
        years = self.dossier.sudo().bookyear_ids.filtered(
            lambda year: year.name == bookyear
        )
        states = years.journal_year_ids.filtered("active")
        moments = states.mapped("read_at")
        return min(moments) if moments and all(moments) else None

    # Sent

    def month(self) -> str:
        """Return a heading: what was sent in which month."""
        month = format_date(self.env, self._today(), date_format="MMMM yyyy")
        return self.env._("Sent in %(month)s", month=month)

    def sent(self) -> list[Sent]:
        """Return what was sent this month, by journal and currency."""
        told = ["__count", "amount:sum", "number:min", "number:max"]
        found = []
        for rows in self._sent_rows():
            groups = rows._read_group(
                self._sent_domain(rows), ["journal_id", *self._currency_of(rows)], told
            )
            found += [self._sent(rows, group) for group in groups]
        return found

    def sent_documents(self) -> tuple[list[Document], str]:
        """Return the documents that were sent last this month, and words for how many
        more there are."""
        rows = self.env["octopus.booking"]
        domain = self._sent_domain(rows)
        found = rows.search(domain, order="sent_at desc, id desc", limit=NAMED)
        count = rows.search_count(domain)
        return [self._booked(row) for row in found], self.more(count - len(found))

    def _sent_rows(self):
        return self.env["octopus.booking"], self.env["octopus.payment"]

    @staticmethod
    def _currency_of(rows):
        stored = rows._fields["currency_id"].store
        return ["currency_id"] if stored else ["company_id"]

    def _sent_domain(self, rows):
        return (
            self._ours
            & Domain("sent_at", ">=", self._first_of_month())
            & Domain("number", ">", 0)
            & Domain("state", "in", STATES[rows._name])
        )

    def _sent(self, rows, group):
        journal, owner, count, amount, first, last = group
        currency = owner if owner._name == "res.currency" else owner.currency_id
        names = [f"{journal.key}/{number}" for number in dict.fromkeys((first, last))]
        return Sent(
            journal=f"{journal.key} {journal.name or ''}".strip(),
            numbers=" – ".join(names),
            count=count,
            amount=self._money(amount, currency),
        )

    def _booked(self, row):
        number = f"{row.journal_id.key}/{row.number}" if row.number else ""
        currency = row.currency_id or row.company_id.currency_id
        return self._document(
            row.document_name,
            row.document_date,
            row.partner_id,
            row.amount,
            currency,
            number,
        )

    # Differences

    def differing(self) -> tuple[list[Differing], str]:
        """Return the documents that are not the same on both sides, and words for how
        many more there are."""
        rows = self.env["octopus.booking"].search(
            self._differs, order="sent_at desc, id desc", limit=NAMED
        )
        more = self.count_differing() - len(rows)
        return [self._differing(row) for row in rows], self.more(more)

    def count_differing(self) -> int:
        """Return how many documents are not the same on both sides."""
        return self.env["octopus.booking"].search_count(self._differs)

    @property
    def _differs(self):
        return self._ours & Domain("state", "in", TO_DECIDE)

    def _differing(self, row):
        told = {
            "gone": self.env._("It is not in Octopus any more."),
            "changed": self.env._(
                "It was changed in Odoo after it was sent; the bookkeeper decides what"
                " becomes of it."
            ),
        }
        sides = tuple(
            Side(what[:1].upper() + what[1:], here, there)
            for what, here, there in row.sides()
        )
        return Differing(self._booked(row), sides, told.get(row.state, ""))

    # Questions

    def questions(self) -> tuple[list[Question], str]:
        """Return the questions that are open, and words for how many more."""
        return self._questions(self._open)

    def count_questions(self) -> int:
        """Return how many questions are open."""
        return self.env["octopus.accountant.question"].search_count(self._open)

    def answered(self) -> tuple[list[Question], str]:
        """Return the questions that were answered lately, and words for how many
        more."""
        since = fields.Datetime.now() - ANSWERED_FOR
        return self._questions(
            self._ours
            & Domain("state", "=", "answered")
            & Domain("answered_at", ">=", since)
        )

    @property
    def _open(self):
        return self._ours & Domain("state", "=", "open")

    def _questions(self, domain):
        rows = self.env["octopus.accountant.question"]
        found = rows.search(domain, limit=NAMED)
        more = rows.search_count(domain) - len(found)
        return [self._question(row) for row in found], self.more(more)

    def open_question(self, question_id: int):
        """Return the open ``octopus.accountant.question`` with an id, if it is one of
        this dossier; else an empty one.

        :param question_id: as a client sent it
        """
        rows = self.env["octopus.accountant.question"]
        return rows.search(self._open & Domain("id", "=", question_id), limit=1)

    def _question(self, row):
        move, booking = row.move_id, row.move_id.octopus_booking_id
        here = booking if booking.dossier_id == self.dossier else booking.browse()
        number = f"{here.journal_id.key}/{here.number}" if here.number else ""
        return Question(
            id=row.id,
            document=self._document(
                move.name or "",
                move.invoice_date or move.date,
                move.commercial_partner_id,
                move.amount_total,
                move.currency_id,
                number,
            ),
            company=row.company_id.name,
            text=row.question,
            asked=self.day(row.create_date),
            answer=row.answer or "",
            answered=self._moment(row.answered_at),
        )

    # Texts

    def about_link(self, expires_at) -> str:
        """Say which dossier it is, and until when the link is good.

        :param expires_at: moment
        """
        return self.env._(
            "Dossier %(number)s in Octopus. This link is good until %(date)s; whoever"
            " has it sees this page.",
            number=self.dossier.octopus_id,
            date=self.day(expires_at),
        )

    def _count(self, count, amount):
        if count == 1:
            return self.env._("1 document, %(amount)s", amount=amount)
        return self.env._("%(count)s documents, %(amount)s", count=count, amount=amount)

    def more(self, count: int) -> str:
        """Return what stands in the place of those that are not shown, if any.

        :param count: of these
        """
        return self.env._("and %(count)s more", count=count) if count > 0 else ""

    def _document(self, name, day, partner, amount, currency, number=""):
        return Document(
            name=name or "",
            date=self.day(day),
            relation=partner.sudo().name or "",
            amount=self._money(amount, currency),
            number=number,
        )

    def _money(self, amount, currency):
        return format_amount(self.env, amount or 0.0, currency) if currency else ""

    def day(self, day) -> str:
        """Return a day as the reader writes it; nothing where there is none.

        :param day: date or moment, maybe nothing
        """
        return format_date(self.env, day) if day else ""

    def _moment(self, moment):
        if not moment:
            return ""
        return format_datetime(self.env, moment, tz=BELGIUM, dt_format="short")

    def _today(self):
        return datetime.now(ZoneInfo(BELGIUM)).date()

    def _first_of_month(self):
        """Return the moment this month began in Belgium, as Odoo keeps moments."""
        first = datetime.combine(self._today().replace(day=1), time.min)
        there = first.replace(tzinfo=ZoneInfo(BELGIUM))
        return there.astimezone(timezone.utc).replace(tzinfo=None)


def _key(bookyear, journal, period, cause, facts):
    """Return what names one thing to open, for all who look at the page."""
    place = [bookyear or "", journal or "", period or 0, cause, facts or ""]
    return sha256(json.dumps(place).encode()).hexdigest()[:32]


def has_something(dossier) -> bool:
    """Return whether something waits for the accountant of a dossier, differs, or is
    asked.

    :param dossier: one ``octopus.dossier`` in sudo
    """
    page = AccountantPage(dossier)
    counts = page.count_waiting, page.count_differing, page.count_questions
    return any(count() for count in counts)


def mail_facts(dossier) -> dict:
    """Return what the mail to the accountant tells: ``waiting`` with ``waiting_more``,
    ``differing`` and ``questions`` (how many), and ``sent``, as far as the user of the
    environment sees.

    :param dossier: one ``octopus.dossier``
    """
    page = AccountantPage(dossier)
    waiting, _more = page.waiting()
    told = waiting[:IN_MAIL]
    return {
        "waiting": told,
        "waiting_more": page.more(page.count_waiting() - len(told)),
        "differing": page.count_differing(),
        "questions": page.count_questions(),
        "sent": page.sent(),
        "month": page.month(),
    }
