from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.company_number import is_valid
from ..groups import MANAGER
from ..prepare.find_dossier import find_dossiers, numbers_of
from ..prepare.settings import GOES_FIELDS, JOURNAL_FIELDS
from ..sync.link_dossier import change_text, link
from ..sync.login import connect
from ..sync.refresh import PATIENCE, read_dossier

STEPS = [
    ("credentials", "Login"),
    ("dossier", "Dossier"),
    ("checks", "Check-list"),
    ("journals", "Journals"),
    ("mappings", "Mappings"),
    ("contacts", "Contacts"),
    ("start", "Start"),
]

# The settings that are chosen on the way.
CHOSEN = (
    *JOURNAL_FIELDS.values(),
    "octopus_start_date",
    "octopus_payment_owner",
)


def setting(name):
    """Return the options of a field that shows, and on saving writes, a setting of the
    company: an Octopus administrator need not be one who may write companies."""

    @api.depends("company_id")
    def show(setups):
        for setup in setups:
            setup.company_id.check_access("read")
            setup[name] = setup.company_id.sudo()[name]

    return {
        "compute": show,
        "inverse": "_inverse_settings",
        "readonly": False,
    }


class OctopusSetup(models.TransientModel):
    """The way from nothing to a first document: login, dossier, check-list, journals,
    mappings, contacts, start. What a step decides is saved when the next one is asked
    for; steps that the situation does not need are left out."""

    _name = "octopus.setup"
    _description = "Set-up of Octopus"
    _inherit = [
        "octopus.checks.mixin",
        "octopus.setup.situation",
        "octopus.setup.mappings",
        "octopus.setup.start",
    ]

    state = fields.Selection(
        STEPS, default=lambda self: self._first_step(), required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    connection_id = fields.Many2one(
        "octopus.connection", default=lambda self: self._connection()
    )
    transport = fields.Selection(
        related="connection_id.transport",
        readonly=False,
        # A first link has no connection yet to take it from.
        default=lambda self: self._connection().transport or "rest",
    )
    software_house = fields.Char(
        related="connection_id.software_house",
        readonly=False,
        groups=MANAGER,
    )
    user_name = fields.Char(
        related="connection_id.user_name", readonly=False, groups=MANAGER
    )
    has_other_logins = fields.Boolean(compute="_compute_has_other_logins")
    connection_name = fields.Char(
        related="connection_id.name",
        readonly=False,
        default=lambda self: self._connection().name or self._name_of_first(),
    )
    login_way = fields.Selection(
        related="connection_id.login_way",
        readonly=False,
        default=lambda self: self._connection().login_way or "password",
    )
    return_url = fields.Char(related="connection_id.return_url")
    access_until = fields.Datetime(related="connection_id.access_until")
    # Not a related field: a wizard has a table, and a password must not lie in it.
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        groups=MANAGER,
    )
    has_secret = fields.Boolean(related="connection_id.has_secret")
    connection_state = fields.Selection(
        related="connection_id.state", string="Connection state"
    )
    problem_html = fields.Html(compute="_compute_problem_html", sanitize=False)

    dossier_ids = fields.Many2many(
        "octopus.dossier",
        compute="_compute_dossier_ids",
        string="Dossiers to choose from",
    )
    dossier_id = fields.Many2one(
        "octopus.dossier",
        compute="_compute_dossier_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', dossier_ids)]",
    )
    company_numbers = fields.Char(
        string="VAT number of the company",
        compute="_compute_numbers",
        help="By which the dossier is looked for.",
    )
    dossier_numbers = fields.Char(
        string="VAT numbers in Octopus",
        compute="_compute_numbers",
        help="Of all dossiers that the login opens.",
    )
    found_text = fields.Char(compute="_compute_numbers")
    number_wrong = fields.Boolean(
        compute="_compute_numbers",
        help="The check digits of the company's own number are wrong.",
    )
    match_count = fields.Integer(compute="_compute_numbers")
    change_text = fields.Text(compute="_compute_change_text")
    change_agreed = fields.Boolean(string="That is right")
    reading_text = fields.Char(related="dossier_id.reading_text")
    untold_numbers = fields.Boolean(compute="_compute_numbers")

    bookyear_ids = fields.One2many(related="dossier_id.bookyear_ids")
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
    octopus_start_date = fields.Date(
        string="Documents from", **setting("octopus_start_date")
    )

    octopus_payment_owner = fields.Selection(
        lambda self: (
            self.env["res.company"]
            ._fields["octopus_payment_owner"]
            ._description_selection(self.env)
        ),
        string="Payments",
        help="On which side the bank is kept. Can be chosen later, in the settings.",
        **setting("octopus_payment_owner"),
    )

    def _inverse_settings(self):
        for setup in self:
            company = setup.company_id
            values = {
                name: company._fields[name].convert_to_write(setup[name], company)
                for name in CHOSEN
                if setup[name] != company.sudo()[name]
            }
            if values:
                company.octopus_write_settings(values)

    def _compute_password(self):
        self.password = False

    def _inverse_password(self):
        for setup in self.filtered("password"):
            setup.connection_id.password = setup.password

    @api.depends("connection_id.problem")
    def _compute_problem_html(self):
        for setup in self:
            setup.problem_html = setup.connection_id.problem_html

    @api.depends("connection_id.dossier_ids", "connection_id.state")
    def _compute_dossier_ids(self):
        """Offer what a login that works can open, whichever login that is."""
        for setup in self:
            setup.dossier_ids = self.env["octopus.dossier"].search(
                [
                    ("connection_id.state", "=", "connected"),
                    ("connection_id.active", "=", True),
                ]
            )

    @api.depends("company_id")
    def _compute_dossier_id(self):
        back = self._came_back()
        for setup in self:
            linked = setup.company_id.octopus_dossier_id
            setup.dossier_id = linked or (setup._found() if back else linked)

    def _found(self):
        """Return the one dossier with the company's number, if it is one."""
        found = find_dossiers(self.company_id, self.dossier_ids)
        return found if len(found) == 1 else found.browse()

    def _compute_has_other_logins(self):
        self.has_other_logins = self.env["octopus.connection"].search_count([]) > 1

    @api.depends("company_id", "dossier_ids")
    def _compute_numbers(self):
        """Say which numbers were compared, so that a miss can be understood."""
        for setup in self:
            numbers = numbers_of(setup.company_id)
            spelled = dict.fromkeys(number.spelled for number in numbers)
            setup.company_numbers = ", ".join(spelled)
            setup.number_wrong = bool(numbers) and not is_valid(numbers[0])
            seen = setup.dossier_ids.filtered("vat_number")
            setup.dossier_numbers = ", ".join(
                f"{row.name}: {row.vat_number}" for row in seen
            )
            setup.untold_numbers = bool(setup.dossier_ids) and not seen
            matches = find_dossiers(setup.company_id, setup.dossier_ids)
            setup.match_count = len(matches)
            setup.found_text = setup._found_text(matches)

    def _found_text(self, matches):
        """Return that the login works, and how the dossier was found."""
        count = len(self.dossier_ids)
        if len(matches) != 1:
            return self.env._("Login accepted; dossiers: %(count)s.", count=count)
        return self.env._(
            "Login accepted; dossiers: %(count)s. %(dossier)s was found by the number"
            " %(number)s.",
            count=count,
            dossier=matches.name,
            number=matches.vat_number,
        )

    @api.depends("company_id", "dossier_id")
    def _compute_change_text(self):
        """Say what another dossier means for what was done in the one before."""
        for setup in self:
            company = setup.company_id
            dossier = setup.dossier_id
            setup.change_text = change_text(company, dossier) if dossier else False

    def _check_concerned(self):
        """Let nobody set up what is another company's; a constraint would be checked in
        sudo.

        :raises AccessError: company, connection or dossier are not the user's
        """
        for setup in self:
            setup.company_id.octopus_check_companies()
            setup.connection_id.check_access("write")
            setup.dossier_id.check_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("connection_id", self._connection().id)
            if not vals["connection_id"]:
                vals["connection_id"] = self.env["octopus.connection"].create({}).id
        made = super().create(vals_list)
        made._check_concerned()
        return made

    def write(self, vals):
        written = super().write(vals)
        self._check_concerned()
        return written

    @api.model
    def _connection(self):
        """Return the connection that is there already, if any."""
        back = self._came_back()
        if back:
            return back
        company = self.env["res.company"].browse(
            self.env.context.get("default_company_id", self.env.company.id)
        )
        linked = company.sudo().octopus_dossier_id.connection_id
        linked = linked.with_env(self.env)._filtered_access("write")
        return linked or self.env["octopus.connection"].search([], limit=1)

    @api.model
    def _name_of_first(self):
        # It is asked for before there is a connection: demanded, and empty.
        return self.env["octopus.connection"].default_get(["name"])["name"]

    @api.model
    def _came_back(self):
        """Return the connection to which this user gave access a moment ago, on
        Octopus's own page, if it works."""
        way = self.env["octopus.authorization"].sudo().just_used()
        back = way.connection_id.with_env(self.env)._filtered_access("write")
        return back.filtered(lambda row: row.state == "connected")

    @api.model
    def _first_step(self):
        return "dossier" if self._came_back() else "credentials"

    # Steps

    def action_next(self):
        """Save this step and show the next one."""
        self.ensure_one()
        stays = getattr(self, f"_leave_{self.state}")()
        return self._show(0 if stays else 1)

    def action_back(self):
        """Show the step before this one."""
        self.ensure_one()
        return self._show(-1)

    def _show(self, offset):
        steps = self._steps()
        if not (offset and self.connection_id.problem and self.state == "credentials"):
            index = steps.index(self.state) + offset
            self.state = steps[max(0, min(index, len(steps) - 1))]
        return self._reopen()

    def _title(self):
        return self.env._("Link with Octopus")

    def _check_looked_at(self, operation):
        # EXTENDS 'octopus.checks.mixin'
        if operation == "write":
            self._check_concerned()
        return super()._check_looked_at(operation)

    @api.depends("state")
    def _compute_checks(self):
        # EXTENDS 'octopus.checks.mixin'
        return super()._compute_checks()

    def _shows_checks(self):
        # EXTENDS 'octopus.checks.mixin'
        return self.state == "checks"

    def _steps(self):
        """Return the steps that the situation needs, in order."""
        left_out = {"contacts"} if self.situation == "octopus_empty" else set()
        left_out.discard(self.state)
        return [step for step, _label in STEPS if step not in left_out]

    def _leave_credentials(self):
        """Log in; without success the step stays, with the reason."""
        if connect(self.connection_id):
            return
        if not self.dossier_id:
            self.dossier_id = self._found()

    def _leave_dossier(self):
        """Link the company with the dossier; return whether it is still being read."""
        if not self.dossier_id:
            raise UserError(
                self.env._("Choose the dossier that this company books in.")
            )
        if self.change_text and not self.change_agreed:
            raise UserError(
                self.env._(
                    "%(change)s Tick the box if that is right.", change=self.change_text
                )
            )
        company = self.company_id
        if company.octopus_dossier_id == self.dossier_id and company.octopus_enabled:
            self._save_trade()
            return False
        dossier = self.dossier_id
        if not dossier.refreshed_at:
            # A big dossier is read by the scheduled action meanwhile; this step shows
            # how far it is.
            read_dossier(dossier, PATIENCE)
        if dossier.refreshed_at:
            link(company, dossier)
            self._save_trade()
        return not dossier.refreshed_at

    def _leave_checks(self):
        """Nothing to save: what is open says who mends it, and may wait."""

    def _leave_journals(self):
        company = self.company_id.sudo()
        missing = [
            name
            for kind, name in JOURNAL_FIELDS.items()
            if company[GOES_FIELDS[kind]] and not self[name]
        ]
        if missing:
            labels = self.fields_get(missing, ["string"])
            raise UserError(
                self.env._(
                    "No journal is chosen for: %(kinds)s. If it is not in the list, go"
                    " back to the check-list: it says how it is made.",
                    kinds=", ".join(labels[name]["string"] for name in missing),
                )
            )

    def _leave_mappings(self):
        """Nothing to save: each list accepts its own rows."""

    def _leave_contacts(self):
        """Nothing to save: contacts are linked in their list."""

    def _leave_start(self):
        """The last step has no next one."""

    # Buttons inside the steps

    def action_connect_with_octopus(self):
        """Open Octopus's own page; the set-up goes on when the user comes back."""
        self.ensure_one()
        return self.connection_id.go_to_octopus(setup=True)

    def action_other_login(self):
        """Log in with another user, beside the logins that there are."""
        self.ensure_one()
        connections = self.env["octopus.connection"]
        name = self.env._(
            "Octopus (%(number)s)", number=connections.search_count([]) + 1
        )
        self.connection_id = connections.create({"name": name})
        return self._show(0)
