from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    octopus_bench_body = fields.Text(help="What is sent in place of the printed PDF.")

    def _get_file_for_transmission_method(self):
        # OVERRIDE 'account_invoice_export': printing takes seconds, which nobody here
        # asks about.
        body = self.octopus_bench_body.encode()
        return {"file": ("booking.json", body, "application/json")}
