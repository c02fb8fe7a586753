"""Bills that are in Odoo twice, such as by Peppol and by mail."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from odoo.tools import SQL

from ..core import codes
from ..core.findings import Finding
from ..core.states import NOT_THERE, THERE

BILLS = ("in_invoice", "in_refund")
# What Odoo's EDI keeps of where a bill came from, if that module is there.
MESSAGE = "peppol_message_uuid"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


class Duplicates(NamedTuple):
    """The rows of the outbox that may be about the same bill as one document.

    :param ahead: ``octopus.booking`` that are in Octopus, on their way, or were there
        before this document: a person must say whether it is the same bill
    :param behind: ids of those that wait for this document
    """

    ahead: tuple
    behind: tuple[int, ...]


NONE = Duplicates((), ())


def duplicates_of(moves) -> dict[int, Duplicates]:
    """Return the twins of bills that were not sent yet, of those that have any.

    Two bills of a company are twins as Odoo judges it (``_fetch_duplicate_reference``):
    the same vendor and the same reference in the same year, or, where one of them has
    no reference, the same amount and date. Besides, spaces, signs and case of a
    reference do not count, contacts with the same VAT number are one vendor, and what
    came with the same message of Peppol is the same. Which of them goes first is the
    order of their rows, so that no two wait for each other. Two queries, whatever the
    number of documents.

    :param moves: documents, in sudo
    """
    bills = moves.filtered(_is_asked_about)
    if not bills:
        return {}
    ahead, behind = defaultdict(list), defaultdict(list)
    for move_id, row_id, stops in _find(bills):
        (ahead if stops else behind)[move_id].append(row_id)
    rows = moves.env["octopus.booking"].sudo()
    return {
        move_id: Duplicates(tuple(rows.browse(ahead[move_id])), tuple(behind[move_id]))
        for move_id in {*ahead, *behind}
    }


def finding_of(twins: Duplicates) -> Finding:
    """Return the finding that names the other bills.

    :param twins: with at least one ``ahead``: those behind wait, and stop nobody
    """
    names = [
        f"{row.document_name} ({row.octopus_number})"
        if row.octopus_number
        else row.document_name
        for row in twins.ahead
    ]
    ids = [row.id for row in twins.ahead]
    return Finding(codes.BILL_TWICE, {"documents": names}, "octopus.booking", ids)


def _is_asked_about(move) -> bool:
    """A bill that we made for the vendor has a number of ours."""
    ours = getattr(move.journal_id, "is_self_billing", False)
    sent = (*THERE, *NOT_THERE)
    bill = move.move_type in BILLS and move.partner_id
    return bool(bill) and not ours and move.octopus_state not in sent


def _vendors(bills) -> list[tuple[int, int]]:
    """Return ``(vendor id, id of a contact that is the same vendor)``."""
    vendors = bills.partner_id.commercial_partner_id
    spelled = {vendor: _spellings(vendor) for vendor in vendors}
    known = vendors.with_context(active_test=False).search(
        [("vat", "in", list(set().union(*spelled.values())))]
    )
    pairs = {(vendor.id, vendor.id) for vendor in vendors}
    for vendor, spellings in spelled.items():
        same = known.filtered(lambda it, vats=spellings: it.vat in vats)
        pairs |= {(vendor.id, it.id) for it in same.commercial_partner_id}
    return sorted(pairs)


def _spellings(vendor) -> set[str]:
    """Return the ways in which a VAT number may be written: with and without its
    country, with and without signs."""
    number = _NOT_ALPHANUMERIC.sub("", vendor.vat or "").upper()
    if len(number) < 4:
        return set()
    country = vendor.country_id.code or ""
    bare = number[2:] if number[:2].isalpha() else number
    prefix = number[:2] if number[:2].isalpha() else country
    return {vendor.vat, number, bare, f"{prefix}{bare}"}


def _find(bills):
    """Return ``(move id, row id of a twin, whether that one goes before)``."""
    pairs = _vendors(bills)
    env = bills.env
    env["account.move"].flush_model()
    env["octopus.booking"].flush_model()
    env["res.partner"].flush_model(["commercial_partner_id"])
    message = SQL("NULL::varchar")
    if MESSAGE in env["account.move"]._fields:
        message = SQL.identifier("move", MESSAGE)
    return env.execute_query(
        SQL(
            """
            WITH same (vendor_id, other_id) AS (VALUES %(pairs)s),
            bill AS MATERIALIZED (
                SELECT move.id AS move_id, move.company_id, move.move_type,
                       move.state = 'posted' AS posted, move.invoice_date AS day,
                       move.amount_total AS amount, %(ref)s AS ref,
                       %(message)s AS message,
                       contact.commercial_partner_id AS vendor_id,
                       row.id AS row_id, row.state
                  FROM res_partner AS contact
                  JOIN account_move AS move ON move.partner_id = contact.id
             LEFT JOIN octopus_booking AS row ON row.move_id = move.id
                 WHERE contact.commercial_partner_id IN %(vendors)s
                   AND move.move_type IN %(kinds)s
                   AND move.company_id IN %(companies)s
             UNION ALL
                -- Deleted in Odoo; Octopus has it still.
                SELECT NULL, row.company_id, row.kind, FALSE, row.document_date,
                       abs(row.amount), %(sent_ref)s, NULL,
                       contact.commercial_partner_id, row.id, row.state
                  FROM octopus_booking AS row
                  JOIN octopus_relation AS relation ON relation.id = row.relation_id
                  JOIN res_partner AS contact ON contact.id = relation.partner_id
                 WHERE row.move_id IS NULL
                   AND row.state IN %(there)s
                   AND contact.commercial_partner_id IN %(vendors)s
                   AND row.kind IN %(kinds)s
                   AND row.company_id IN %(companies)s
            )
            SELECT DISTINCT mine.move_id, other.row_id,
                   other.state IN %(there)s
                   OR other.posted
                   AND (mine.row_id IS NULL OR other.row_id < mine.row_id)
              FROM bill AS mine
              JOIN same ON same.vendor_id = mine.vendor_id
              JOIN bill AS other
                   ON other.vendor_id = same.other_id
                  AND other.company_id = mine.company_id
                  AND other.move_type = mine.move_type
                  AND other.move_id IS DISTINCT FROM mine.move_id
             WHERE mine.move_id IN %(moves)s
               AND other.row_id IS NOT NULL
               AND other.state NOT IN ('excluded', 'gone')
               AND (
                   mine.message = other.message
                   OR mine.ref <> '' AND mine.ref = other.ref AND (
                       mine.day IS NULL OR other.day IS NULL
                       OR date_part('year', mine.day) = date_part('year', other.day))
                   OR (mine.ref = '' OR other.ref = '')
                       AND mine.amount = other.amount AND mine.amount <> 0
                       AND mine.day = other.day)
               AND NOT EXISTS (
                   SELECT 1 FROM octopus_booking_other_bill_rel AS known
                    WHERE known.booking_id IN (mine.row_id, other.row_id)
                      AND known.other_id IN (mine.row_id, other.row_id))
             ORDER BY mine.move_id, other.row_id
            """,
            pairs=SQL(", ").join(SQL("%s", pair) for pair in pairs),
            vendors=tuple({one for pair in pairs for one in pair}),
            kinds=BILLS,
            companies=tuple(bills.company_id.ids),
            moves=tuple(bills.ids),
            there=THERE,
            message=message,
            ref=_plain(SQL("move.ref")),
            sent_ref=_plain(SQL("row.payload->>'reference'")),
        )
    )


def _plain(text):
    """Return the SQL of a reference without what two systems write otherwise."""
    return SQL("regexp_replace(lower(coalesce(%s, '')), '[^[:alnum:]]', '', 'g')", text)
