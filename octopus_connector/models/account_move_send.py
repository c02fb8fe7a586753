from odoo import api, models

from ..prepare.peppol import sent_by_octopus


class AccountMoveSend(models.AbstractModel):
    """Where Octopus sends a company's invoices by Peppol, Odoo does not: the customer
    would have them twice."""

    _inherit = "account.move.send"

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        by_peppol = moves.filtered(
            lambda move: "peppol" in (moves_data[move].get("sending_methods") or ())
        )
        held = by_peppol.company_id.filtered(sent_by_octopus)
        if held:
            alerts["octopus_sends_by_peppol"] = {
                "level": "danger",
                "message": self._octopus_sends_text(held),
            }
        return alerts

    @api.model
    def _hook_invoice_document_before_pdf_report_render(self, invoice, invoice_data):
        # EXTENDS 'account': also what is sent without the dialog
        by_peppol = "peppol" in (invoice_data.get("sending_methods") or ())
        if by_peppol and sent_by_octopus(invoice.company_id):
            text = self._octopus_sends_text(invoice.company_id)
            invoice_data["error"] = {"error_title": text, "errors": []}
        return super()._hook_invoice_document_before_pdf_report_render(
            invoice, invoice_data
        )

    @api.model
    def _octopus_sends_text(self, companies):
        return self.env._(
            "Octopus sends the invoices of %(company)s by Peppol, so Odoo does not: the"
            " customer would get them twice. Choose another way, or correct it in"
            " Invoicing > Configuration > Octopus > Settings, under Peppol.",
            company=", ".join(companies.mapped("name")),
        )
