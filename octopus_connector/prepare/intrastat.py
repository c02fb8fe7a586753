"""What lines tell of goods that cross a border, where Odoo has fields for that
(``account_intrastat``, Enterprise)."""

from __future__ import annotations

from ..api.types import Intrastat
from ..core import codes
from ..core.findings import Finding
from ..core.intrastat import (
    INCOTERMS,
    REGIONS,
    TRANSACTIONS,
    TRANSPORTS,
    listed_number,
    listed_word,
)

# Without these nothing is told; the others are read where they are.
COUNTRY, TRANSACTION = "intrastat_country_id", "intrastat_transaction_id"
NEEDED = {
    "account.move": COUNTRY,
    "account.move.line": TRANSACTION,
    "product.product": "intrastat_code_id",
}
TRANSPORT = "intrastat_transport_mode_id"
ORIGIN = "intrastat_product_origin_country_id"


def has_intrastat(env) -> bool:
    """Return whether documents, lines and products have details of Intrastat here.

    :param env: any environment of this database
    """
    return all(name in env[model]._fields for model, name in NEEDED.items())


class IntrastatDetails:
    """What lines of the documents of one company tell; nothing where nobody chose so.

    :param settings: the company that holds the settings, in sudo
    """

    def __init__(self, settings):
        self._settings = settings
        self.sent = settings.octopus_intrastat and has_intrastat(settings.env)

    def concerns(self, item) -> bool:
        """Whether a journal item is of something that a document takes to or from a
        country, by what the document itself tells.

        :param item: ``account.move.line``
        """
        is_product = item.display_type == "product"
        return bool(self.sent and is_product and item.move_id[COUNTRY])

    def applies(self, item) -> bool:
        """Whether a journal item is of goods that cross a border within the EU.

        :param item: ``account.move.line``
        """
        if not self.concerns(item):
            return False
        product, move = item.product_id, item.move_id
        is_goods = product.type == "consu" and product.intrastat_code_id
        return bool(is_goods and move[COUNTRY] != move.company_id.country_id)

    def facts(self, item) -> tuple:
        """Return what a document itself tells of a line: what its product or company
        is given later does not change what was sent.

        :param item: ``account.move.line``
        """
        move = item.move_id
        own = (
            move[COUNTRY],
            _of(move, TRANSPORT),
            item[TRANSACTION],
            _of(item, ORIGIN),
        )
        return (item.product_id.id, *(it.id if it else 0 for it in own))

    def of(self, item, report) -> Intrastat | None:
        """Return what Octopus is told of a journal item.

        :param item: ``account.move.line``
        :param report: takes each :class:`Finding`
        """
        if not self.applies(item):
            return None
        move = item.move_id
        if self._settings.octopus_dossier_id.connection_id.transport == "soap":
            report(Finding(codes.INTRASTAT_NOT_SENT, {}, move._name, move.ids))
            return None
        return Intrastat(
            country=move[COUNTRY].code or None,
            product=item.product_id.intrastat_code_id.code or None,
            origin=_code(_of(item, ORIGIN)) or None,
            **self._listed(item, report),
        )

    def _listed(self, item, report):
        """Return the codes that the contract lists; what it does not list is left out,
        and told."""
        move, company = item.move_id, item.move_id.company_id
        transport = _of(move, TRANSPORT) or _of(company, TRANSPORT)
        incoterm = move.invoice_incoterm_id or company.incoterm_id
        given = {
            "transaction": (item[TRANSACTION], listed_number, TRANSACTIONS),
            "region": (_of(company, "intrastat_region_id"), listed_number, REGIONS),
            "transport": (transport, listed_number, TRANSPORTS),
            "incoterm": (incoterm, listed_word, INCOTERMS),
        }
        found = {}
        for name, (record, listed, known) in given.items():
            code = _code(record)
            found[name] = listed(code, known) if code else None
            if code and found[name] is None:
                facts = {"code": record.display_name, "line": item.name or ""}
                report(
                    Finding(codes.INTRASTAT_CODE_UNKNOWN, facts, move._name, move.ids)
                )
        return found


def _of(record, name):
    """Return what a record has in a field, ``None`` where there is no such field."""
    return record[name] if name in record._fields else None


def _code(record) -> str:
    return (record and record.code) or ""
