from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from odoo import fields

from ..api.texts import clean, shortened
from ..core import codes
from ..core.codes import BLOCK
from ..core.findings import Finding, FindingError
from ..core.fingerprint import fingerprint, with_parts
from ..core.money import RATE, rate_as_sent
from .amounts import Amounts
from .deferrals import DAYS, has_deferrals
from .duplicates import NONE, duplicates_of, finding_of
from .findings import SETTINGS, no_dossier, stays_out
from .kinds import SALES
from .mappings import Mappings
from .number_series import is_monthly
from .prepared import PreparedDocument
from .relations import Relations, identity_findings, is_taken
from .scope import after_end, is_after_end

MOVE_FIELDS = [
    "amount_total",
    "commercial_partner_id",
    "company_id",
    "currency_id",
    "date",
    "fiscal_position_id",
    "invoice_currency_rate",
    "invoice_date",
    "invoice_date_due",
    "invoice_origin",
    "journal_id",
    "move_type",
    "name",
    "payment_reference",
    "ref",
    "sequence_prefix",
    "state",
    "write_date",
]
ITEM_FIELDS = [
    "account_id",
    "amount_currency",
    "analytic_distribution",
    "deductible_amount",
    "display_type",
    "group_tax_id",
    "move_id",
    "name",
    "product_id",
    "tax_ids",
    "tax_line_id",
    "tax_repartition_line_id",
]
NOT_ITEMS = ("line_section", "line_subsection", "line_note")


class DocumentBuilder:
    """Prepares documents for Octopus, many at once, without writing or calling.

    The number of SQL queries does not depend on the number of documents.

    :param moves: documents; those of a company without a dossier get a finding
    :param find_relations: look contacts without a relation up in the mirror and check
        whether they could be created, which costs a few queries for each. A run does
        without: it finds or creates the relation itself, with the same findings. Only
        where a line takes the own account of a relation it is looked up here.
    """

    def __init__(self, moves, find_relations=False):
        self.moves = moves.sudo()
        self.env = self.moves.env
        self.find_relations = find_relations
        # What was found of contacts without a relation; who prepares many documents in
        # batches sets one that lasts: {key: (relation's id or False, findings)}.
        self.contacts = {}
        self._books = {}
        self._twins = {}
        # What is wrong with the links of relations, by id: most have several documents.
        self._links = {}

    def prepare(self) -> dict[int, PreparedDocument]:
        """Return a :class:`PreparedDocument` for each document, by id."""
        self.moves.fetch(MOVE_FIELDS)
        items = self._items()
        relations = self._relations()
        self._twins = duplicates_of(self.moves)
        return {
            move.id: self._prepare(move, items.get(move.id, []), relations)
            for move in self.moves
        }

    # Reading, once for all

    def _items(self):
        items = self.env["account.move.line"].search_fetch(
            [("move_id", "in", self.moves.ids), ("display_type", "not in", NOT_ITEMS)],
            ITEM_FIELDS + (list(DAYS) if has_deferrals(self.env) else []),
            order="move_id, sequence, id",
        )
        by_move = {}
        for item in items:
            by_move.setdefault(item.move_id.id, []).append(item)
        return by_move

    def _relations(self):
        """Return the known relations, as ``{dossier id: {partner id: relation}}``."""
        partners = self.moves.octopus_partner()
        all_books = {self._books_of(company) for company in self.moves.company_id}
        return {
            books.dossier.id: Relations(self.env, books.dossier).known(partners)
            for books in all_books - {None}
        }

    def _books_of(self, company):
        """Return the books of a company, ``None`` when it has no dossier."""
        settings = company.octopus_settings()
        if not settings.octopus_dossier_id:
            return None
        if settings not in self._books:
            self._books[settings] = Mappings(settings)
        return self._books[settings]

    # One document

    def _prepare(self, move, items, relations):
        findings = []

        def report(finding):
            if finding not in findings:
                findings.append(finding)

        if move.state != "posted":
            report(Finding(codes.NOT_POSTED, {}, move._name, move.ids))
        books = self._books_of(move.company_id)
        if books is None:
            report(no_dossier(move.company_id))
            # What it is can be told without the link, so that a change is seen.
            amounts = Amounts(move, items, None, None, None, report)
            return self._without_books(move, amounts, findings)
        if move.move_type not in books.settings.octopus_kinds():
            # Asked for before they were to stay out.
            report(stays_out(books.settings, move.move_type, BLOCK))
        if is_after_end(move, books.settings):
            report(after_end(move, books.settings, BLOCK))
        twins = self._twins.get(move.id, NONE)
        if twins.ahead:
            report(finding_of(twins))
        known = relations[books.dossier.id].get(move.octopus_partner().id)
        relation = self._relation(move, known, books, report)
        self._check_number(move, books, report)
        place = books.places.place(move, _accounting_date(move), report)
        own = partial(self._relation_of_accounts, relation, move, books)
        amounts = Amounts(move, items, books, own, place["bookyear"], report)
        rate = self._exchange_rate(move, books.dossier, report)
        lines = amounts.lines()
        return PreparedDocument(
            settings=books.settings,
            dossier=books.dossier,
            relation=relation,
            amount=amounts.header_amount,
            exchange_rate=rate,
            lines=lines,
            findings=tuple(findings),
            fingerprint=_mark(move, amounts),
            twins=twins.behind,
            **place,
            **_header(move),
        )

    def _without_books(self, move, amounts, findings):
        none = self.env
        return PreparedDocument(
            settings=none["res.company"],
            dossier=none["octopus.dossier"],
            relation=none["octopus.relation"],
            journal=none["octopus.journal"],
            journal_year=none["octopus.journal.year"],
            bookyear=none["octopus.bookyear"],
            period_number=None,
            amount=Decimal(0),
            exchange_rate=None,
            lines=(),
            findings=tuple(findings),
            fingerprint=_mark(move, amounts),
            twins=(),
            **_header(move),
        )

    def _relation(self, move, relation, books, report):
        """Return the partner's relation; report what a new one would lack."""
        partner = move.octopus_partner()
        if not partner:
            report(Finding(codes.PARTNER_MISSING, {}, move._name, move.ids))
        for finding in self._link_findings(relation):
            report(finding)
        if relation and relation.is_vat_type_unknown():
            facts = {"relation": relation.display_name}
            report(Finding(codes.VAT_TYPE_UNKNOWN, facts, "res.partner", partner.ids))
        if relation or not partner or not self.find_relations:
            return relation or self.env["octopus.relation"]
        found, findings = self._looked_for(partner, move, books.dossier)
        for finding in findings:
            report(finding)
        return found

    def _relation_of_accounts(self, relation, move, books):
        """Return the relation whose own account a line takes. Of a contact without one
        it is what the mirror tells, as a run links it only once the document may go:
        one that the run would make has no account yet."""
        partner = move.octopus_partner()
        if relation or not partner:
            return relation
        return self._looked_for(partner, move, books.dossier)[0]

    def _looked_for(self, partner, move, dossier):
        """Return what :meth:`_look_for` found, once for the documents of a contact."""
        position = move.fiscal_position_id
        key = (dossier.id, move.company_id.id, partner.id, position.id)
        if key not in self.contacts:
            self.contacts[key] = self._look_for(partner, move, dossier)
        relation_id, findings = self.contacts[key]
        found = self.env["octopus.relation"].sudo().browse(relation_id or ())
        return found, findings

    def _link_findings(self, relation):
        if not relation:
            return ()
        if relation.id not in self._links:
            self._links[relation.id] = identity_findings(relation)
        return self._links[relation.id]

    def _look_for(self, partner, move, dossier):
        """Look a contact without a relation up in the mirror; return the relation's id,
        or ``False`` with the findings of what a new one would lack."""
        env = self.env["octopus.relation"].with_company(move.company_id).env
        relations = Relations(env, dossier)
        found, rows = relations.match(partner)
        if found.sure and not is_taken(rows, partner):
            return rows.id, ()
        findings = partner.octopus_findings(move.fiscal_position_id)
        try:
            relations.check_may_create(partner, found, rows)
        except FindingError as error:
            findings += error.findings
        return False, tuple(findings)

    def _check_number(self, move, books, report):
        """Report a number that Octopus cannot use too, where it should."""
        if books.settings.octopus_number_policy != "same" or not _number(move):
            return
        if is_monthly(self.env, move.sequence_prefix):
            facts = {"series": move.sequence_prefix}
            report(Finding(codes.NUMBER_SERIES, facts, SETTINGS))

    def _exchange_rate(self, move, dossier, report):
        """Return the rate in the dossier's direction, 1 in the company's currency.

        Odoo keeps foreign units for one of its own. Which way Octopus writes a rate is
        unknown (docs/octopus.md §19.10), so without an answer no foreign document
        leaves.
        """
        if move.currency_id == move.company_id.currency_id:
            return Decimal(1)
        facts = {"currency": move.currency_id.name, "date": _document_date(move)}
        if dossier.lacks_currency(move.currency_id.name):
            report(Finding(codes.CURRENCY_UNKNOWN, facts))
        if not move.invoice_currency_rate:
            currency = move.currency_id
            report(Finding(codes.RATE_MISSING, facts, currency._name, currency.ids))
            return None
        foreign_per_euro = RATE.create_decimal(repr(move.invoice_currency_rate))
        rate = rate_as_sent(foreign_per_euro, dossier.exchange_rate_direction)
        if rate is None:
            mend = (dossier._name, dossier.ids)
            report(Finding(codes.RATE_DIRECTION_MISSING, facts, *mend))
        return rate


def _accounting_date(move) -> date:
    return move.date or fields.Date.context_today(move)


def _document_date(move) -> date:
    return move.invoice_date or _accounting_date(move)


def _number(move) -> str | None:
    """Return Odoo's number; a draft that has none yet shows none."""
    return move.name if move.name and move.name != "/" else None


def _of_vendor(move) -> str | None:
    """Return the number by which the vendor knows a bill: of a bill that we made for
    the vendor (self-billing), that is ours."""
    ours = getattr(move.journal_id, "is_self_billing", False)
    return move.ref or (_number(move) if ours else None)


def _header(move) -> dict:
    """Return the header of the booking as far as the document alone decides it.

    Odoo's number goes into ``comment``, what the payer quotes into ``reference``: the
    payment communication of sales, the vendor's number of bills.
    """
    sale = move.move_type in SALES
    return {
        "move": move,
        "kind": move.move_type,
        "partner": move.commercial_partner_id,
        "document_date": _document_date(move),
        "expiry_date": move.invoice_date_due or _document_date(move),
        "currency": move.currency_id,
        "comment": clean(_number(move)),
        "reference": clean(move.payment_reference if sale else _of_vendor(move)),
        "order_reference": shortened(move.invoice_origin),
        "write_date": move.write_date,
    }


def _mark(move, amounts) -> str:
    mark = fingerprint(_facts(move) | move.octopus_facts() | amounts.facts())
    return with_parts(mark, _parts(amounts)) if amounts.books else mark


def _parts(amounts) -> dict:
    """Return what is told only since somebody chose so: what was sent before is not
    changed by it.

    Marks that are stored hold no bases by days and by goods: those parts were looked at
    later, and have names of their own (``core.fingerprint.same``).
    """
    plan, parts = amounts.books.costs.plan, {}
    if plan:
        parts[f"plan{plan.id}"] = amounts.cost_facts()
    if amounts.books.deferrals.sent:
        parts["deferrals"] = amounts.deferral_facts()
        parts["deferral_bases"] = amounts.deferral_bases()
    if amounts.books.intrastat.sent:
        parts["intrastat"] = amounts.intrastat_facts()
        parts["intrastat_bases"] = amounts.intrastat_bases()
    return parts


def _facts(move) -> dict:
    """Return what of a document's header must stay as it was sent.

    Mappings are no part of it: a mapping that changes later never touches what was
    sent (C.12b).
    """
    header = _header(move)
    return {
        "kind": header["kind"],
        "partner": header["partner"].id,
        "date": _accounting_date(move),
        "document_date": header["document_date"],
        "expiry_date": header["expiry_date"],
        "currency": header["currency"].name,
        "rate": repr(move.invoice_currency_rate),
        "comment": header["comment"],
        "reference": header["reference"],
        "order_reference": header["order_reference"],
    }
