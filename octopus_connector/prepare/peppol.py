"""Who receives and who sends by Peppol: Odoo, if ``account_peppol`` is installed, and
the access point of Octopus, of which a person tells; the web service does not.

Nothing here needs that module: without its fields Odoo has no part in Peppol.
"""

from __future__ import annotations

from typing import NamedTuple

STATE = "account_peppol_proxy_state"
PARENT = "peppol_parent_company_id"
RECEIVING = ("receiver", "smp_registration")
SENDING = ("sender", *RECEIVING)
# The scheme of Belgian enterprise numbers.
SCHEME = "0208"


class OdooPeppol(NamedTuple):
    """Odoo's part in Peppol for one company.

    :param participant: scheme and number, such as ``0208:0477472701``
    :param receives: whether bills arrive in Odoo, or will when it is registered
    :param sends: whether Odoo can send
    """

    participant: str
    receives: bool
    sends: bool


def has_peppol(env) -> bool:
    """Whether Odoo's own module for Peppol is installed.

    :param env: of any user
    """
    return STATE in env["res.company"]._fields


def odoo_peppol(company) -> OdooPeppol | None:
    """Return Odoo's part for a company; a branch may have that of a company above it.

    :param company: one ``res.company``; read in sudo
    :return: ``None`` without Odoo's module
    """
    if not has_peppol(company.env):
        return None
    company = company.sudo()
    company = company[PARENT] or company
    participant = f"{company.peppol_eas or SCHEME}:{company.peppol_endpoint or '–'}"
    state = company[STATE]
    return OdooPeppol(participant, state in RECEIVING, state in SENDING)


def sent_by_octopus(company) -> bool:
    """Whether a person told that Octopus sends the invoices of a company by Peppol.

    :param company: one ``res.company``; read in sudo
    """
    return company.octopus_settings().octopus_peppol_sends == "yes"


def years_of_access_point(dossier):
    """Return the purchase journals, in their open bookyears, into which the access
    point of Octopus may book bills by itself, whichever of them was set there.

    :param dossier: ``octopus.dossier`` in sudo
    :return: ``octopus.journal.year``, empty where nobody told that it receives
    """
    receives = dossier.company_ids.filtered(
        lambda company: (
            company.octopus_enabled and company.octopus_peppol_receives == "yes"
        )
    )
    if not receives:
        return dossier.env["octopus.journal.year"]
    bought = dossier.journal_ids.filtered(lambda journal: journal.type == "A")
    return bought.year_ids.filtered(lambda year: not year.bookyear_id.closed)
