"""Which documents Octopus concerns, and which of them nobody asked for yet."""

from __future__ import annotations

from odoo import fields
from odoo.fields import Domain

from ..core import codes
from ..core.codes import BLOCK
from ..core.findings import Finding
from ..core.states import OPEN
from ..core.vat_period import MONTH, first_untold
from .findings import SETTINGS, stays_out
from .kinds import RECEIPTS, TYPE_OF_KIND

# Contacts that a statement may name one by one.
FEW = 1_000


def in_scope(moves):
    """Return the documents that go to Octopus: posted, of a kind and company that do,
    from the start date on, and not left out by a person.

    :param moves: ``account.move``
    """
    return concerned(moves.filtered(lambda move: move.state == "posted"))


def concerned(moves):
    """Return the documents that Octopus concerns, drafts too.

    :param moves: ``account.move``
    """
    settings = {company: company.octopus_settings() for company in moves.company_id}
    return moves.filtered_domain(moves.octopus_domain()).filtered(
        lambda move: (
            move.move_type in settings[move.company_id].octopus_kinds()
            and settings[move.company_id].octopus_dossier_id
            and move.octopus_state != "excluded"
            and not is_before_start(move, settings[move.company_id])
            and not is_after_end(move, settings[move.company_id])
        )
    )


def is_before_start(move, settings) -> bool:
    """Whether the accounting date is before the start: it decides the period and the
    VAT return, not the date on the document.

    :param move: one ``account.move``
    :param settings: ``res.company`` that holds its settings
    """
    start = settings.octopus_start_date
    day = move.date or move.invoice_date
    return bool(start and day and day < start)


def is_after_end(move, settings) -> bool:
    """Whether the accounting date is one for which the link was ended.

    :param move: one ``account.move``
    :param settings: ``res.company`` that holds its settings
    """
    end = settings.octopus_end_date
    day = move.date or move.invoice_date
    return bool(end and day and day >= end)


def after_end(move, settings, severity="", code: str = codes.AFTER_END_DATE) -> Finding:
    """Return the finding that the link was ended for a document or payment.

    :param move: one ``account.move``
    :param settings: ``res.company`` that holds its settings
    :param severity: another than the code's own
    :param code: another than that of documents
    """
    day = move.date or move.invoice_date
    facts = {"date": day, "end_date": settings.octopus_end_date}
    return Finding(code, facts, SETTINGS, severity=severity)


def why_not_concerned(move) -> list[Finding]:
    """Return why a document of a company with a dossier does not go to Octopus.

    :param move: one ``account.move`` that is not :func:`concerned`
    :return: nothing where no document goes
    """
    settings = move.company_id.octopus_settings()
    kinds = {*TYPE_OF_KIND, *RECEIPTS}
    if move.move_type not in kinds or not settings.octopus_dossier_id:
        return []
    if move.octopus_state == "excluded":
        return [Finding(codes.EXCLUDED)]
    if move.move_type not in settings.octopus_kinds():
        return [stays_out(settings, move.move_type)]
    if not move.filtered_domain(move.octopus_domain()):
        return [Finding(codes.LEFT_OUT_BY_ADDON)]
    if is_after_end(move, settings):
        return [after_end(move, settings)]
    return [_before_start(move, settings)]


def _before_start(move, settings, severity=""):
    facts = {
        "date": move.date or move.invoice_date,
        "start_date": settings.octopus_start_date,
    }
    return Finding(codes.BEFORE_START_DATE, facts, SETTINGS, severity=severity)


def unasked_before_start(row) -> tuple[Finding, ...]:
    """Return the finding that keeps a row of before the start in Odoo, unless a person
    asked for it: that it once went by itself is no reason any more.

    :param row: one of the outbox
    """
    settings = row.company_id.octopus_settings()
    by_somebody = row.queued and row.user_id
    if by_somebody or not is_before_start(row.move_id, settings):
        return ()
    return (_before_start(row.move_id, settings, BLOCK),)


def out_of_place(row, dossier) -> tuple[Finding, ...]:
    """Return the finding that keeps a row from a dossier which its company left: what
    is prepared has the bookyears, journals and relations of the present one.

    :param row: one of the outbox
    :param dossier: ``octopus.dossier`` in which its company books now, maybe empty
    """
    former = row.dossier_id
    if not dossier or dossier == former:
        return ()
    facts = {
        "company": row.company_id.display_name,
        "dossier": dossier.display_name,
        "former": former.display_name,
    }
    return (Finding(codes.OTHER_DOSSIER, facts),)


def moves_without_row(settings, limit):
    """Return posted documents of companies with these settings that have no row in the
    outbox yet, oldest first.

    :param settings: ``res.company`` that holds settings
    :param int limit: how many at most
    :return: ``account.move`` in sudo
    """
    moves = settings.env["account.move"].sudo()
    return moves.search(_missing_domain(settings), order="date, id", limit=limit)


def _missing_domain(settings):
    """Return the domain of what should have a row in the outbox and has none.

    :param settings: ``res.company`` with the same kinds and start date
    """
    first = settings[:1]
    domain = (
        Domain("state", "=", "posted")
        & Domain("move_type", "in", first.octopus_kinds())
        & Domain("octopus_booking_id", "=", False)
        & Domain("company_id", "in", settings.octopus_companies().ids)
        & settings.env["account.move"].octopus_domain()
    )
    if first.octopus_start_date:
        domain &= Domain("date", ">=", first.octopus_start_date)
    if first.octopus_end_date:
        domain &= Domain("date", "<", first.octopus_end_date)
    return domain


def missing_domain(dossier) -> Domain:
    """Return the domain of documents of a dossier that should have a row in the outbox
    and have none.

    :param dossier: one ``octopus.dossier`` in sudo
    """
    holders = dossier.company_ids.filtered("octopus_enabled")
    return Domain.OR(map(_missing_domain, holders))


def holders_with_missing_rows(holders):
    """Return those settings of which a posted document has no row in the outbox yet.

    :param holders: ``res.company`` that hold settings
    """
    found = _with_missing_rows(holders, Domain.TRUE)
    return holders & found.octopus_settings_company_id


def _with_missing_rows(holders, which):
    """Return the companies with these settings, in sudo, of which a posted document
    has no row yet.

    :param which: domain of documents
    """
    moves = holders.env["account.move"].sudo()
    # Most have the same: one query for each kind of settings, not for each company.
    alike = holders.grouped(
        lambda row: (
            row.octopus_kinds(),
            row.octopus_start_date,
            row.octopus_end_date,
        )
    ).values()
    missing = which & Domain.OR(map(_missing_domain, alike))
    found = moves._read_group(missing, ["company_id"])
    return holders.sudo().browse().union(*(company for [company] in found))


def not_asked_domain(dossier) -> Domain:
    """Return the domain of documents of a dossier that nobody asked for, although their
    VAT return is filed by now, or about to be.

    :param dossier: one ``octopus.dossier``
    """
    bookings = dossier.env["octopus.booking"].sudo()
    rows = Domain("octopus_booking_id", "in", bookings._search(_untouched(dossier)))
    companies = dossier.sudo().company_ids.filtered("octopus_enabled")
    missing = Domain.OR(map(_missing_domain, companies))
    return Domain("state", "=", "posted") & _told_of(dossier) & (missing | rows)


def not_asked_dossiers(dossiers):
    """Return the dossiers that have documents of :func:`not_asked_domain`, in a number
    of queries that does not grow with them.

    :param dossiers: ``octopus.dossier`` with the same VAT return
    """
    told = _told_of(dossiers[:1])
    holders = dossiers.sudo().company_ids.filtered("octopus_enabled")
    missing = _with_missing_rows(holders, told).octopus_settings_company_id
    left = Domain("move_id", "any", Domain("state", "=", "posted") & told)
    bookings = dossiers.env["octopus.booking"].sudo()
    found = bookings._read_group(_untouched(dossiers) & left, ["dossier_id"])
    having = missing.octopus_dossier_id.union(*(dossier for [dossier] in found))
    return dossiers.browse(having.ids)


def _untouched(dossiers):
    """Return the domain of rows of the outbox that nobody asked for."""
    return (
        Domain("dossier_id", "in", dossiers.ids)
        & Domain("state", "in", OPEN)
        & Domain("queued", "=", False)
        & ~Domain("run_id.state", "=", "paused")
    )


def _told_of(dossier):
    """Return the domain of documents by their date: their VAT return is due soon."""
    today = fields.Date.context_today(dossier)
    return Domain("date", "<", first_untold(today, dossier.vat_return or MONTH))


def _unlinked_domain(env, linked) -> Domain:
    """Return the domain of documents of contacts that are not among the linked ones.

    Where they are few, they are told by name: PostgreSQL then takes their documents
    from an index, and does not look at each document.

    :param linked: query of ``octopus.relation``
    """
    others = Domain("commercial_partner_id", "not in", linked.subselect("partner_id"))
    partners = env["res.partner"].sudo().with_context(active_test=False)
    few = partners.search(others, limit=FEW + 1, order="id")
    if len(few) <= FEW:
        return Domain("commercial_partner_id", "in", few.ids)
    return Domain("commercial_partner_id", "any!", others)


def relations_domain(env, numbers) -> Domain:
    """Return the domain of documents whose relation has a number, in their dossier.

    :param numbers: as for :func:`relation_domain`
    """
    every = env["octopus.dossier"].with_context(active_test=False)
    dossiers = every.search([("company_ids", "!=", False)])
    return Domain.OR(relation_domain(dossier, numbers) for dossier in dossiers)


def relation_domain(dossier, numbers) -> Domain:
    """Return the domain of documents of a dossier whose relation has a number.

    :param dossier: one ``octopus.dossier``
    :param numbers: set of numbers in Octopus; 0 for those without a relation
    """
    env = dossier.env
    served = env["res.company"].union(
        *(company.octopus_companies() for company in dossier.sudo().company_ids)
    )
    if not served:
        return Domain.FALSE
    live = Domain("dossier_id", "=", dossier.id) & Domain("deleted", "=", False)
    live &= Domain("partner_id", "!=", False)
    relations = env["octopus.relation"].sudo().with_context(active_test=False)
    found = Domain.FALSE
    if numbers - {0}:
        named = relations._search(live & Domain("octopus_id", "in", [*numbers - {0}]))
        # A contact that became part of a company is that company.
        company = "commercial_partner_id.commercial_partner_id"
        found = Domain(company, "in", named.subselect("partner_id"))
    if 0 in numbers:
        found |= Domain("commercial_partner_id", "=", False)
        found |= _unlinked_domain(env, relations._search(live))
    return found & Domain("company_id", "in", served.ids)
