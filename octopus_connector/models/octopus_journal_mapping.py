from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..core.findings import Finding
from ..prepare.kinds import KINDS_OF_TYPE
from .octopus_company_settings_mixin import CLOSED_POLICIES
from .octopus_mapping_mixin import OWNERS

# Odoo journal type → Octopus journal type (docs/octopus.md §12).
JOURNAL_TYPES = {"sale": "V", "purchase": "A", "bank": "F", "cash": "F"}


class OctopusJournalMapping(models.Model):
    """Odoo journal → Octopus journals: an override of the four kinds, or a bank."""

    _name = "octopus.journal.mapping"
    _description = "Octopus Journal Mapping"
    _inherit = ["octopus.mapping.mixin"]
    _rec_name = "journal_id"
    _action = "octopus_connector.action_octopus_journal_mapping"
    _choices = ("octopus_journal_id", "octopus_refund_journal_id", "closed_policy")
    _looked_up = ("journal_id", *_choices)
    _octopus_filled_in = frozenset((*OWNERS, *_looked_up))

    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        index=True,
        ondelete="cascade",
        help="The journal or bank of Odoo.",
    )
    journal_type = fields.Selection(
        related="journal_id.type",
        string="Type",
        help="What the journal is for in Odoo.",
    )
    octopus_type = fields.Char(
        compute="_compute_octopus_type",
        help="The type that a journal of Octopus must have here: V sales, A"
        " purchases, F financial.",
    )
    octopus_journal_id = fields.Many2one(
        "octopus.journal",
        string="Octopus journal",
        ondelete="cascade",
        help="The journal of Octopus for documents, or payments, of this journal.",
    )
    octopus_refund_journal_id = fields.Many2one(
        "octopus.journal",
        string="Octopus journal for credit notes",
        ondelete="cascade",
        help="The journal of Octopus for credit notes of this journal; empty:"
        " the one of the settings.",
    )

    closed_policy = fields.Selection(
        CLOSED_POLICIES,
        string="Closed period",
        help="What happens with documents of this journal whose period is closed in"
        " Octopus; empty: what the settings say of their kind. The document then tells"
        " in which VAT return it falls.",
    )

    _journal_uniq = models.Constraint(
        "UNIQUE(company_id, dossier_id, journal_id)",
        "A journal has one mapping per company and dossier.",
    )

    @api.depends("journal_id.type")
    def _compute_octopus_type(self):
        for mapping in self:
            mapping.octopus_type = JOURNAL_TYPES.get(mapping.journal_id.type)

    @api.constrains(
        "journal_id",
        "octopus_journal_id",
        "octopus_refund_journal_id",
        "closed_policy",
        "company_id",
        "dossier_id",
    )
    def _check_records(self):
        self._check_dossier("octopus_journal_id", "octopus_refund_journal_id")
        self._check_companies("journal_id", lambda journal: journal.company_id)
        for mapping in self:
            chosen = (mapping.octopus_journal_id, mapping.octopus_refund_journal_id)
            if mapping.octopus_type in KINDS_OF_TYPE:
                kinds = KINDS_OF_TYPE[mapping.octopus_type]
                for octopus_journal, kind in zip(chosen, kinds, strict=True):
                    mapping._check_journal(octopus_journal, kind)
            else:
                mapping._check_bank(*chosen)

    def _check_journal(self, octopus_journal, kind):
        wrong = octopus_journal and octopus_journal.why_not(kind)
        if wrong:
            finding = Finding(
                wrong, {"journal": octopus_journal.display_name, "kind": kind}
            )
            texts = self.env["octopus.finding"]
            raise ValidationError(texts.sentences(finding.as_json()))

    def _check_bank(self, octopus_journal, refund_journal):
        if self.closed_policy:
            raise ValidationError(
                self.env._(
                    "%(name)s is a bank or cash journal: its payments always wait until"
                    " the period is open.",
                    name=self.display_name,
                )
            )
        if refund_journal or (octopus_journal and octopus_journal.type != "F"):
            raise ValidationError(
                self.env._(
                    "%(name)s is a bank or cash journal: choose one financial journal"
                    " (F) of Octopus for it.",
                    name=self.display_name,
                )
            )

    def _is_filled(self):
        return bool(
            self.octopus_journal_id
            or self.octopus_refund_journal_id
            or self.closed_policy
        )

    @api.model
    @api.private
    def lookup(self, settings, dossier=None):
        """Return what was accepted for a company with settings.

        :param dossier: another ``octopus.dossier`` than it has now
        :return: ``{journal id: mapping}``
        """
        return {row._key(): row for row in self._accepted(settings, dossier)}

    def _key(self):
        return self.journal_id.id

    @api.private
    def used_in(self):
        # OVERRIDES 'octopus.mapping.mixin'
        return Domain("journal_id", "in", self.journal_id.ids)

    @api.model
    def _key_vals(self, key):
        return {"journal_id": key}

    # Proposals

    @api.model
    @api.private
    def propose_for(self, settings):
        """Propose the financial journal with the same IBAN for each bank.

        Sales and purchase journals follow the four kinds of the settings; a row for
        one of them is an exception that only a person makes.
        """
        by_iban = {}
        for journal in settings.octopus_dossier_id.sudo().journal_ids:
            if journal.type == "F" and journal.iban:
                iban = sanitize_account_number(journal.iban)
                by_iban.setdefault(iban, []).append(journal)
        banks = (
            self.env["account.journal"]
            .sudo()
            .search(
                Domain("company_id", "in", settings.octopus_companies().ids)
                & Domain("type", "=", "bank")
                & Domain("id", "!=", settings.octopus_clearing_journal_id.id)
            )
        )
        return self._store(
            settings, {bank.id: self._proposal(bank, by_iban) for bank in banks}
        )

    def _proposal(self, bank, by_iban):
        iban = bank.bank_account_id.sanitized_acc_number
        found = by_iban.get(iban, []) if iban else []
        values = {"iban": iban or "", "journals": [journal.key for journal in found]}
        if len(found) == 1:
            code = "iban_same"
        elif found:
            code = "iban_several"
        else:
            code = "iban_none" if iban else "iban_missing"
        return {
            "octopus_journal_id": found[0].id if len(found) == 1 else False,
            "state": "proposed" if len(found) == 1 else "missing",
            "reason": {"code": code, "values": values},
        }
