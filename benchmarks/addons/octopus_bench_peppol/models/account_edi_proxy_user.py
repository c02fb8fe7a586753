from odoo import models

PARAMETER = "octopus_bench.sink"


class AccountEdiProxyUser(models.Model):
    _inherit = "account_edi_proxy_client.user"

    def _get_proxy_urls(self):
        # EXTENDS 'account_peppol'
        urls = super()._get_proxy_urls()
        sink = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        return {**urls, "peppol": {"test": sink}}
