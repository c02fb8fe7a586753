from odoo import fields, models
from odoo.fields import Domain

KINDS = ("tax", "account", "journal")


class OctopusSetupMappings(models.AbstractModel):
    """The step *Mappings* of the set-up: what was proposed is counted, and what is sure
    is accepted here; what is not is looked at in the list, which leads back."""

    _name = "octopus.setup.mappings"
    _description = "Set-up of Octopus: Mappings"

    tax_accepted = fields.Integer(compute="_compute_mapping_counts")
    tax_sure = fields.Integer(
        compute="_compute_mapping_counts",
        help="Proposed VAT codes that nothing speaks against.",
    )
    tax_open = fields.Integer(
        compute="_compute_mapping_counts", help="Taxes that a person must look at."
    )
    account_accepted = fields.Integer(compute="_compute_mapping_counts")
    account_sure = fields.Integer(
        compute="_compute_mapping_counts",
        help="Proposed accounts with the same number and a name that fits.",
    )
    account_open = fields.Integer(
        compute="_compute_mapping_counts", help="Accounts that a person must look at."
    )
    journal_accepted = fields.Integer(compute="_compute_mapping_counts")
    journal_sure = fields.Integer(
        compute="_compute_mapping_counts",
        help="Proposed financial journals with the IBAN of the bank.",
    )
    journal_open = fields.Integer(
        compute="_compute_mapping_counts", help="Banks that a person must look at."
    )

    def _compute_mapping_counts(self):
        for setup in self:
            for kind in KINDS:
                counts = setup._mapping_counts(f"octopus.{kind}.mapping")
                for name, count in zip(
                    ("accepted", "sure", "open"), counts, strict=True
                ):
                    setup[f"{kind}_{name}"] = count

    def _mapping_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("dossier_id", "=", self.dossier_id.id),
        ]

    def _mapping_counts(self, model):
        """Return how many rows are accepted, proposed and sure, to be looked at."""
        groups = self.env[model]._read_group(
            self._mapping_domain(), ["state", "unlike"], ["__count"]
        )
        accepted = sum(count for state, _doubt, count in groups if state == "accepted")
        sure = sum(
            count
            for state, unlike, count in groups
            if state == "proposed" and not unlike
        )
        return accepted, sure, sum(count for *_key, count in groups) - accepted - sure

    def action_accept_taxes(self):
        """Accept the VAT codes that nothing speaks against."""
        return self._accept_sure("octopus.tax.mapping")

    def action_accept_accounts(self):
        """Accept the accounts that nothing speaks against."""
        return self._accept_sure("octopus.account.mapping")

    def action_accept_journals(self):
        """Accept the banks that nothing speaks against."""
        return self._accept_sure("octopus.journal.mapping")

    def _accept_sure(self, model):
        self.ensure_one()
        mappings = self.env[model]
        own = Domain(self._mapping_domain())
        mappings.search(own & mappings._sure()).action_accept()
        return self._reopen()

    def action_open_taxes(self):
        """Open the list of taxes and VAT codes."""
        return self._open_mapping("octopus.tax.mapping")

    def action_open_accounts(self):
        """Open the list of accounts."""
        return self._open_mapping("octopus.account.mapping")

    def action_open_journals(self):
        """Open the list of banks."""
        return self._open_mapping("octopus.journal.mapping")

    def _open_mapping(self, model):
        """Open the list of a mapping; a button on it leads back to the set-up."""
        left = {} if self._is_decided(model) else {"search_default_to_decide": 1}
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "name": self._name_of_list(model),
            "view_mode": "list,form",
            "domain": self._mapping_domain(),
            "context": {"octopus_setup_id": self.id, **left},
        }

    def _name_of_list(self, model):
        """Return the name that the list has in the menu, in the user's language."""
        actions = self.env["ir.actions.act_window"]
        return actions._for_xml_id(self.env[model]._action)["name"]

    def _is_decided(self, model):
        left = [*self._mapping_domain(), ("state", "!=", "accepted")]
        return not self.env[model].search_count(left, limit=1)
