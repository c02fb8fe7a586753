from dataclasses import replace

from odoo import models
from odoo.fields import Domain

from odoo.addons.octopus_connector.prepare import DocumentBuilder


class ExampleBuilder(DocumentBuilder):
    """Says in Octopus which shop an order came from."""

    def prepare(self):
        """Return what each document would be (``DocumentBuilder.prepare``)."""
        return {
            move_id: replace(document, order_reference="Shop 7")
            if document.move.invoice_origin == "SHOP"
            else document
            for move_id, document in super().prepare().items()
        }


class AccountMove(models.Model):
    """Documents between our own shops stay out; a new narration is a change."""

    _inherit = "account.move"

    def octopus_domain(self):
        # EXTENDS 'octopus_connector'
        return super().octopus_domain() & Domain("invoice_origin", "!=", "OWN SHOP")

    def octopus_facts(self):
        # EXTENDS 'octopus_connector'
        return {**super().octopus_facts(), "narration": str(self.narration or "")}

    def octopus_builder(self):
        # OVERRIDES 'octopus_connector'
        return ExampleBuilder
