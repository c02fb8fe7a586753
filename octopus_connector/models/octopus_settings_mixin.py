from odoo import api, fields, models
from odoo.exceptions import UserError

from ..prepare.banks import banks_of
from ..prepare.settings import (
    ACCOUNT_FIELDS,
    JOURNAL_FIELDS,
    SETTINGS,
    carried_over,
)
from .octopus_dossier_contacts import DIRECTION_FIELDS

# On the dossier, because every company that books in it shares them.
DOSSIER_SETTINGS = {
    "octopus_automatic": "automatic",
    "octopus_exchange_rate_direction": "exchange_rate_direction",
    "octopus_foreign_bank_amounts": "foreign_bank_amounts",
    "octopus_vat_return": "vat_return",
    **{f"octopus_{name}": name for name in DIRECTION_FIELDS.values()},
}
# Settings of one model, of which the names are shown.
NAMED_TOGETHER = (ACCOUNT_FIELDS, tuple(JOURNAL_FIELDS.values()))
# Each field that shows a setting has the help of the one that keeps it.
OF_THE_SETTINGS = {*SETTINGS, *DOSSIER_SETTINGS, "octopus_separate_settings"}


def setting(name):
    """Return the options of a field that shows, and on saving writes, a setting.

    All share one inverse, because a dossier and its journals only make sense together.
    Each has a compute of its own, so that what is not chosen shows as it is.
    """

    @api.depends("company_id")
    def show(records):
        for record in records:
            holder = record._octopus_company().octopus_settings_company_id
            record[name] = record._octopus_value(holder, name)

    return {"compute": show, "inverse": "_inverse_octopus_settings", "readonly": False}


class OctopusSettingsMixin(models.AbstractModel):
    """The settings of Octopus: of this company, or those it inherits.

    They show in Odoo's own settings, for administrators of Odoo, and in a form of their
    own for administrators of Octopus.
    """

    _name = "octopus.settings.mixin"
    _description = "Octopus Settings"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    octopus_has_parent = fields.Boolean(compute="_compute_octopus_origin")
    octopus_is_holder = fields.Boolean(compute="_compute_octopus_origin")
    octopus_origin = fields.Char(compute="_compute_octopus_origin")
    octopus_status = fields.Selection(related="company_id.octopus_status")
    octopus_database_doubt = fields.Text(
        string="Not as it was", compute="_compute_octopus_database_doubt"
    )
    octopus_stays_html = fields.Html(compute="_compute_octopus_stays", sanitize=False)
    octopus_problem_html = fields.Html(
        compute="_compute_octopus_problem_html", sanitize=False
    )
    octopus_follows_payments = fields.Boolean(
        compute="_compute_octopus_follows_payments"
    )
    octopus_separate_settings = fields.Boolean(
        string="Separate accounting settings apply to this branch",
        compute="_compute_octopus_separate_settings",
        inverse="_inverse_octopus_settings",
        readonly=False,
    )

    octopus_enabled = fields.Boolean(string="Octopus", **setting("octopus_enabled"))
    octopus_dossier_id = fields.Many2one(
        "octopus.dossier", string="Octopus dossier", **setting("octopus_dossier_id")
    )
    octopus_transport = fields.Selection(
        related="octopus_dossier_id.connection_id.transport", readonly=False
    )
    octopus_out_invoice_journal_id = fields.Many2one(
        "octopus.journal",
        string="Sales invoices",
        **setting("octopus_out_invoice_journal_id"),
    )
    octopus_out_refund_journal_id = fields.Many2one(
        "octopus.journal",
        string="Sales credit notes",
        **setting("octopus_out_refund_journal_id"),
    )
    octopus_in_invoice_journal_id = fields.Many2one(
        "octopus.journal",
        string="Purchase invoices",
        **setting("octopus_in_invoice_journal_id"),
    )
    octopus_in_refund_journal_id = fields.Many2one(
        "octopus.journal",
        string="Purchase credit notes",
        **setting("octopus_in_refund_journal_id"),
    )
    octopus_out_invoice_goes = fields.Boolean(
        string="Sales invoices go to Octopus", **setting("octopus_out_invoice_goes")
    )
    octopus_out_refund_goes = fields.Boolean(
        string="Sales credit notes go to Octopus", **setting("octopus_out_refund_goes")
    )
    octopus_in_invoice_goes = fields.Boolean(
        string="Purchase invoices go to Octopus", **setting("octopus_in_invoice_goes")
    )
    octopus_in_refund_goes = fields.Boolean(
        string="Purchase credit notes go to Octopus",
        **setting("octopus_in_refund_goes"),
    )
    octopus_receipts = fields.Selection(
        lambda self: self._octopus_selection("octopus_receipts"),
        string="Receipts and expenses",
        **setting("octopus_receipts"),
    )
    octopus_start_date = fields.Date(
        string="Documents from", **setting("octopus_start_date")
    )
    octopus_group_by_vat = fields.Boolean(
        string="Group lines by VAT code", **setting("octopus_group_by_vat")
    )
    octopus_sale_discount_account_id = fields.Many2one(
        "octopus.account",
        string="Cash discount on sales",
        **setting("octopus_sale_discount_account_id"),
    )
    octopus_purchase_discount_account_id = fields.Many2one(
        "octopus.account",
        string="Cash discount on purchases",
        **setting("octopus_purchase_discount_account_id"),
    )
    octopus_sale_limitation_account_id = fields.Many2one(
        "octopus.account",
        string="Credit limitation on sales",
        **setting("octopus_sale_limitation_account_id"),
    )
    octopus_purchase_limitation_account_id = fields.Many2one(
        "octopus.account",
        string="Credit limitation on purchases",
        **setting("octopus_purchase_limitation_account_id"),
    )
    octopus_limitation_account_ids = fields.Many2many(
        "account.account",
        string="Accounts used for credit limitation",
        **setting("octopus_limitation_account_ids"),
    )
    octopus_limitation_product_ids = fields.Many2many(
        "product.product",
        string="Products used for credit limitation",
        **setting("octopus_limitation_product_ids"),
    )
    octopus_number_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_number_policy"),
        string="Document numbers",
        **setting("octopus_number_policy"),
    )
    octopus_out_invoice_closed_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_out_invoice_closed_policy"),
        string="Sales invoices when closed",
        **setting("octopus_out_invoice_closed_policy"),
    )
    octopus_out_refund_closed_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_out_refund_closed_policy"),
        string="Sales credit notes when closed",
        **setting("octopus_out_refund_closed_policy"),
    )
    octopus_in_invoice_closed_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_in_invoice_closed_policy"),
        string="Purchase invoices when closed",
        **setting("octopus_in_invoice_closed_policy"),
    )
    octopus_in_refund_closed_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_in_refund_closed_policy"),
        string="Purchase credit notes when closed",
        **setting("octopus_in_refund_closed_policy"),
    )
    octopus_unknown_account_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_unknown_account_policy"),
        string="Account without counterpart",
        **setting("octopus_unknown_account_policy"),
    )
    octopus_suspense_account_id = fields.Many2one(
        "octopus.account",
        string="Octopus suspense account",
        **setting("octopus_suspense_account_id"),
    )
    octopus_relation_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_relation_policy"),
        string="Contact not found in Octopus",
        **setting("octopus_relation_policy"),
    )
    octopus_attachment_policy = fields.Selection(
        lambda self: self._octopus_selection("octopus_attachment_policy"),
        string="PDF and UBL",
        **setting("octopus_attachment_policy"),
    )
    octopus_payment_owner = fields.Selection(
        lambda self: self._octopus_selection("octopus_payment_owner"),
        string="Payments",
        **setting("octopus_payment_owner"),
    )
    octopus_without_contact = fields.Selection(
        lambda self: self._octopus_selection("octopus_without_contact"),
        string="Payments without a contact",
        **setting("octopus_without_contact"),
    )
    octopus_clearing_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing journal",
        **setting("octopus_clearing_journal_id"),
    )
    octopus_payment_limit = fields.Integer(
        string="Ask above (documents)", **setting("octopus_payment_limit")
    )
    octopus_payment_share = fields.Integer(
        string="Ask above (% of open)", **setting("octopus_payment_share")
    )
    octopus_write_off_account_id = fields.Many2one(
        "account.account",
        string="Account for small differences",
        **setting("octopus_write_off_account_id"),
    )
    octopus_write_off_tolerance = fields.Float(
        string="Small is up to (EUR)",
        digits=(16, 2),
        **setting("octopus_write_off_tolerance"),
    )
    octopus_automatic = fields.Boolean(
        string="Send by itself", **setting("octopus_automatic")
    )
    octopus_exchange_rate_direction = fields.Selection(
        lambda self: self._octopus_selection("octopus_exchange_rate_direction"),
        string="Exchange rates",
        **setting("octopus_exchange_rate_direction"),
    )
    octopus_foreign_bank_amounts = fields.Selection(
        lambda self: self._octopus_selection("octopus_foreign_bank_amounts"),
        string="Amounts of foreign banks",
        **setting("octopus_foreign_bank_amounts"),
    )
    octopus_vat_return = fields.Selection(
        lambda self: self._octopus_selection("octopus_vat_return"),
        string="VAT return",
        **setting("octopus_vat_return"),
    )

    @api.model
    def _octopus_kept_in(self, name):
        """Return the field, of the company or of the dossier, that keeps a setting."""
        if name in DOSSIER_SETTINGS:
            return self.env["octopus.dossier"]._fields[DOSSIER_SETTINGS[name]]
        return self.env["res.company"]._fields[name]

    @api.model
    def _octopus_selection(self, name):
        return self._octopus_kept_in(name)._description_selection(self.env)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Explain a setting as the field that keeps it does: one text for both."""
        described = super().fields_get(allfields, attributes)
        if attributes and "help" not in attributes:
            return described
        for name in OF_THE_SETTINGS & described.keys():
            kept = self._octopus_kept_in(name)
            described[name]["help"] = kept._description_help(self.env)
        return described

    @api.depends("company_id")
    def _compute_octopus_separate_settings(self):
        for settings in self:
            company = settings._octopus_company()
            settings.octopus_separate_settings = company.octopus_separate_settings

    @api.depends("company_id", "octopus_separate_settings")
    def _compute_octopus_origin(self):
        for settings in self:
            company = settings._octopus_company()
            settings.octopus_has_parent = bool(company.parent_id)
            holder = settings._octopus_holder()
            settings.octopus_is_holder = holder == company
            settings.octopus_origin = False if holder == company else holder.name

    def _octopus_company(self):
        """Return the company, in sudo, of which a person may see the settings.

        :raises AccessError: it is another one's
        """
        self.company_id.check_access("read")
        return self.company_id.sudo()

    def _octopus_holder(self):
        """Return the company whose settings are shown, by the box as it is ticked."""
        company = self._octopus_company()
        if self.octopus_separate_settings or not company.parent_id:
            return company
        return company.parent_id.octopus_settings_company_id

    @api.model
    def _octopus_value(self, holder, name):
        if name in DOSSIER_SETTINGS:
            return holder.octopus_dossier_id[DOSSIER_SETTINGS[name]]
        for same in NAMED_TOGETHER:
            if name in same:
                # Their names are shown: read them together.
                holder[name].union(*(holder[it] for it in same)).mapped("dossier_id")
        return holder[name]

    def _octopus_show(self, holder):
        """Show the settings that ``holder`` has."""
        for name in (*SETTINGS, *DOSSIER_SETTINGS):
            self[name] = self._octopus_value(holder, name)

    @api.depends("octopus_dossier_id", "octopus_status")
    def _compute_octopus_database_doubt(self):
        """Say why this may be a copy; a login that is connected is in no doubt."""
        for settings in self:
            connected = settings.octopus_status == "connected"
            connection = settings.octopus_dossier_id.sudo().connection_id
            settings.octopus_database_doubt = (
                not connected and connection.database_doubt
            )

    @api.depends("octopus_dossier_id")
    def _compute_octopus_problem_html(self):
        """Say why the login does not work, as the connection says it."""
        for settings in self:
            connection = settings.octopus_dossier_id.sudo().connection_id
            settings.octopus_problem_html = connection.problem_html

    @api.depends("company_id", "octopus_payment_owner")
    def _compute_octopus_follows_payments(self):
        """Tell whether payments of some bank are kept in Octopus: one may be that the
        settings say nothing of."""
        for settings in self:
            banks = banks_of(settings._octopus_holder())
            settings.octopus_follows_payments = "octopus" in (
                settings.octopus_payment_owner,
                *banks.mapped("octopus_payment_owner"),
            )

    @api.depends("octopus_dossier_id")
    def _compute_octopus_stays(self):
        for settings in self:
            settings.octopus_stays_html = settings.octopus_dossier_id.stays_html

    @api.onchange("octopus_separate_settings")
    def _onchange_octopus_separate_settings(self):
        """Show what holds without settings of its own; ticking the box changes nothing
        yet."""
        if not self.octopus_is_holder:
            self._octopus_show(self._octopus_holder())

    @api.onchange("octopus_dossier_id")
    def _onchange_octopus_dossier_id(self):
        """Show journals and accounts of another dossier; used after saving."""
        company = self._octopus_company()
        if self.octopus_dossier_id == company.octopus_dossier_id:
            return None
        values = carried_over(company, self.octopus_dossier_id)
        self.update(values)
        for name, dossier_name in DOSSIER_SETTINGS.items():
            self[name] = self.octopus_dossier_id[dossier_name]
        lost = [name for name in values if company[name] and not values[name]]
        return self._octopus_warn_lost(lost)

    def _octopus_warn_lost(self, names):
        """Say which settings have no counterpart in the dossier that was chosen."""
        if not names or not self.octopus_dossier_id:
            return None
        labels = self.fields_get(names, ["string"])
        return {
            "warning": {
                "title": self.env._("Not everything is in that dossier"),
                "message": self.env._(
                    "%(dossier)s has no counterpart for: %(settings)s. Choose them"
                    " again before you save.",
                    dossier=self.octopus_dossier_id.display_name,
                    settings=", ".join(labels[name]["string"] for name in names),
                ),
            }
        }

    def _inverse_octopus_settings(self):
        for settings in self:
            company = settings.company_id
            values = {"octopus_separate_settings": settings.octopus_separate_settings}
            if settings.octopus_is_holder:
                for name in SETTINGS:
                    value = settings[name]
                    values[name] = company._fields[name].convert_to_write(
                        value, company
                    )
            if changed := settings._octopus_changed(company, values):
                company.octopus_write_settings(changed)
            if settings.octopus_is_holder:
                settings._octopus_write_dossier()

    @api.model
    def _octopus_changed(self, company, values):
        company = company.sudo()
        return {
            name: value
            for name, value in values.items()
            if company._fields[name].convert_to_write(company[name], company) != value
        }

    def _octopus_write_dossier(self):
        dossier = self.octopus_dossier_id
        values = {
            dossier_name: self[name]
            for name, dossier_name in DOSSIER_SETTINGS.items()
            if dossier and self[name] != dossier[dossier_name]
        }
        if values:
            dossier.write(values)

    # Actions

    def action_octopus_setup(self):
        """Open the set-up."""
        return self.company_id.action_octopus_setup()

    def action_octopus_disconnect(self):
        """Ask whether the link may end."""
        return self.company_id.action_octopus_disconnect()

    def action_octopus_confirm_database(self):
        """Say that this is the real database."""
        return self._octopus_linked().connection_id.action_confirm_database()

    def action_octopus_login(self):
        """Open the login, to enter it anew."""
        connection = self._octopus_linked().connection_id
        connection.check_access("write")
        return connection._get_records_action()

    def action_octopus_refresh(self):
        """Read the dossier again."""
        return self._octopus_linked().action_refresh()

    def _octopus_linked(self):
        """Return the dossier of the company.

        :raises UserError: it has none
        """
        if not self.octopus_dossier_id:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        return self.octopus_dossier_id
