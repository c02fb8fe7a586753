from odoo import models
from odoo.tools import email_normalize_all


class MailMail(models.Model):
    """A mail from the link of an accountant gets its token when it leaves, so that the
    token stands in no message of the database."""

    _inherit = "mail.mail"

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        # EXTENDS 'mail'
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers)
        links = self.env["octopus.accountant.link"]
        if self.model != links._name or not partner:
            return body
        link = links.sudo().browse(self.res_id).exists()
        addresses = email_normalize_all(partner.email)
        return link.with_link(body, addresses) if link else body
