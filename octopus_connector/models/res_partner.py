from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import email_normalize, single_email_re

from ..api.enums import VatType
from ..api.errors import OctopusError
from ..api.texts import clean, shortened
from ..core import codes
from ..core.find_relation import VatNumber
from ..core.findings import Finding
from ..core.vat_area import COUNTRY_OF, MONACO, NUMBERS_OF, OUTSIDE_VAT_AREA
from ..groups import SHOWN_TO, USER
from ..notification import notification
from ..prepare.relations import Relations, party_of_contact
from ..send.relations import RelationSender

VAT_TYPES = [
    ("1", "Belgian VAT payer"),
    ("4", "Intra-community VAT payer"),
    ("6", "VAT payer outside the EU"),
    ("7", "Private person in Belgium"),
    ("8", "Private person in the EU"),
    ("9", "Private person outside the EU"),
    ("10", "Not liable to VAT"),
]

# Language of documents in Octopus (docs/octopus.md §10); English for all others.
LANGUAGES = {"nl": 0, "fr": 1, "en": 2, "de": 3}
ENGLISH = LANGUAGES["en"]
# Payment terms that Octopus can express: how the days are counted
# (docs/octopus.md §10).
EXPIRATION_TYPES = {"days_after_end_of_month": 1, "days_after": 2}
# What decides which company a contact is part of, and who it is: with it the VAT type,
# which also stands on the contact where somebody chose it.
OF_THE_COMPANY = {"parent_id", "is_company"}
OF_THE_IDENTITY = {
    "company_registry",
    "country_id",
    "is_company",
    "name",
    "octopus_vat_type",
    "parent_id",
    "property_account_position_id",
    "state_id",
    "vat",
    "zip",
}
# What stops documents for something that stands on their contact.
OF_THE_CONTACT = (
    codes.COUNTRY_MISSING,
    codes.NO_RELATION_WITH_ACCOUNT,
    codes.RELATION_CHANGED,
    codes.RELATION_NEEDS_CONFIRMATION,
    codes.RELATION_SEVERAL,
    codes.RELATION_TAKEN,
    codes.VAT_NUMBER_MALFORMED,
    codes.VAT_TYPE_UNDECIDED,
)


class ResPartner(models.Model):
    """A contact and its relations in Octopus, one per dossier."""

    _inherit = "res.partner"
    _octopus_filled_in = frozenset(("octopus_vat_type",))

    octopus_relation_ids = fields.One2many(
        "octopus.relation",
        "partner_id",
        string="Octopus relations",
        copy=False,
        readonly=True,
        groups=USER,
        context={"active_test": False},
    )
    octopus_vat_type = fields.Selection(
        VAT_TYPES,
        string="VAT type in Octopus",
        help="Empty: derived from country, VAT number and fiscal position.",
        copy=False,
        groups=USER,
    )
    octopus_derived_vat_type = fields.Selection(
        VAT_TYPES,
        string="Derived VAT type",
        compute="_compute_octopus_derived_vat_type",
        help="Empty when it cannot be told; then no document is sent until it is"
        " chosen.",
        groups=USER,
    )
    octopus_create_dossier_ids = fields.Many2many(
        "octopus.dossier",
        "octopus_partner_create_dossier_rel",
        string="Create in",
        copy=False,
        groups=USER,
        help="Dossiers in which a person allowed that a new relation is created.",
    )
    octopus_candidate_ids = fields.Many2many(
        "octopus.relation",
        string="May be",
        compute="_compute_octopus_candidate_ids",
        groups=USER,
        help="Relations that look like this contact, while none is linked.",
    )
    octopus_relation_number = fields.Integer(
        string="Octopus relation",
        compute="_compute_octopus_relation_number",
        search="_search_octopus_relation_number",
        groups=USER,
        help="Number of the relation in the dossier of the current company.",
    )
    octopus_payments_read_at = fields.Datetime(
        string="Payments checked",
        compute="_compute_octopus_payments_read_at",
        compute_sudo=True,
        help="What is open of the contact's documents was true at this moment.",
        # A reminder says it, and who sends reminders need not use Octopus.
        groups=SHOWN_TO,
    )

    @api.depends(
        "country_id",
        "state_id",
        "zip",
        "vat",
        "is_company",
        "property_account_position_id",
    )
    @api.depends_context("company")
    def _compute_octopus_derived_vat_type(self):
        for partner in self:
            position = partner.property_account_position_id
            derived = partner.commercial_partner_id._octopus_derive_vat_type(position)
            partner.octopus_derived_vat_type = derived and str(derived)

    @api.depends("octopus_relation_ids", "name", "vat", "zip", "company_registry")
    @api.depends_context("allowed_company_ids")
    def _compute_octopus_candidate_ids(self):
        dossiers = self._octopus_dossiers()
        for partner in self:
            partner.octopus_candidate_ids = self.env["octopus.relation"]
            for dossier in dossiers if partner._origin else ():
                _relation, rows = Relations(self.env, dossier).find(partner._origin)
                partner.octopus_candidate_ids |= rows

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_octopus_payments_read_at(self):
        """Tell when the payments were read last in the company's dossier, for a
        reminder to the contact."""
        moment = self.env.company.octopus_dossier().payments_read_at
        for partner in self:
            relations = partner.commercial_partner_id.octopus_relation_ids
            partner.octopus_payments_read_at = bool(relations) and moment

    @api.depends("commercial_partner_id", "octopus_relation_ids.partner_id")
    @api.depends_context("company")
    def _compute_octopus_relation_number(self):
        dossier = self.env.company.octopus_dossier()
        known = Relations(self.env, dossier).known(
            dossier and self.commercial_partner_id
        )
        for partner in self:
            relation = known.get(partner.commercial_partner_id.id)
            partner.octopus_relation_number = relation.octopus_id if relation else 0

    @api.model
    def _search_octopus_relation_number(self, operator, value):
        # Odoo looks at the rights on a field when it is stored.
        number = self._fields["octopus_relation_number"]
        self._check_field_access(number, "read")
        if operator not in ("in", "not in", "=", "!="):
            return NotImplemented
        numbers = set(value if operator.endswith("in") else [value])
        live = Domain("dossier_id", "=", self.env.company.octopus_dossier().id) & (
            Domain("deleted", "=", False) & Domain("partner_id", "!=", False)
        )
        linked = self._octopus_linked(live)
        found = self._octopus_linked(live & Domain("octopus_id", "in", list(numbers)))
        if 0 in numbers:  # or False, its equal
            found |= ~linked
        return ~found if operator in ("not in", "!=") else found

    def _octopus_linked(self, domain):
        relations = (
            self.env["octopus.relation"]
            .sudo()
            .with_context(active_test=False)
            .search(domain)
        )
        return Domain("commercial_partner_id", "in", relations.partner_id.ids)

    # Identity

    def write(self, vals):
        # EXTENDS 'base': a link goes along to the company a contact becomes part of
        relations = self.env["octopus.relation"].sudo()
        before, booked = {}, self.env["octopus.booking"]
        # Odoo takes some out of the values while it writes them.
        is_other = bool(vals.keys() & OF_THE_IDENTITY)
        if vals.keys() & OF_THE_COMPANY:
            own = self.filtered(lambda it: it.commercial_partner_id == it)
            before = {it: party_of_contact(it) for it in own}
            booked = own._octopus_booked()
        result = super().write(vals)
        for partner, was in before.items():
            company = partner.commercial_partner_id
            if company != partner:
                relations._follow(partner, company, was)
        # Odoo gives the documents to the company: for Octopus nothing changes.
        booked.note_merged()
        if is_other:
            self.commercial_partner_id._octopus_wake_documents()
        return result

    def _octopus_booked(self):
        """Return the rows of documents that Octopus has as they are here."""
        domain = Domain("move_id.commercial_partner_id", "in", self.ids)
        return (
            self.env["octopus.booking"]
            .sudo()
            .search(domain & Domain("state", "=", "booked"))
        )

    def _octopus_wake_documents(self):
        """Look again at the documents that stand still for their contact."""
        stopped = Domain("state", "=", "blocked") & Domain(
            "cause", "in", OF_THE_CONTACT
        )
        ours = Domain("move_id.commercial_partner_id", "child_of", self.ids)
        rows = self.env["octopus.booking"].sudo()
        payments = self.env["octopus.payment"].sudo().search(stopped & ours)
        dossiers = rows.search(stopped & ours).dossier_id | payments.dossier_id
        if dossiers:
            self.env["octopus.outbox.mixin"].wake_all(dossiers)

    # What Octopus is told about a contact

    def _octopus_vat_type(self, fiscal_position=None):
        """Return the VAT type of a contact (codes: docs/octopus.md §10).

        :param fiscal_position: that of the document; may say that a company buys as a
            consumer
        :return: ``int``; ``None`` when it cannot be told and a person must choose
        """
        partner = self.commercial_partner_id
        chosen = partner.sudo().octopus_vat_type
        if chosen:
            return int(chosen)
        return partner._octopus_derive_vat_type(fiscal_position)

    def _octopus_derive_vat_type(self, fiscal_position):
        """Return the VAT type that number, country and fiscal position say, ``None``
        when they do not say it. The number goes first: a company abroad with a Belgian
        number is a Belgian VAT payer."""
        country = self.country_id
        if not country:
            return None
        position = fiscal_position or self.env["account.fiscal.position"]
        vat = VatNumber.of(self.vat, country.code)
        if vat:
            return self._octopus_vat_type_of(vat)
        if position.vat_required:
            return None
        # A fiscal position for customers without VAT number, such as EU B2C.
        consumer = not self.is_company or position.auto_apply
        if country.code == "BE":
            # A Belgian company without number: forgotten, or not liable to VAT?
            return None if self.is_company else VatType.PRIVATE_BELGIUM.value
        if self._octopus_in_eu():
            return VatType.PRIVATE_EU.value if consumer else None
        if self.is_company:
            return VatType.OUTSIDE_EU.value
        return VatType.PRIVATE_OUTSIDE_EU.value

    def _octopus_vat_type_of(self, vat):
        """Return the VAT type of who has a VAT number.

        A number of the country of the address says no more than the address: in a part
        of it outside the EU's VAT area it is not one of the EU.
        """
        code = self.country_code
        if vat.country in (code, NUMBERS_OF.get(code)) and not self._octopus_in_eu():
            return VatType.OUTSIDE_EU.value
        if vat.belgian:
            return VatType.BELGIAN.value
        return (VatType.INTRA_COMMUNITY if vat.european else VatType.OUTSIDE_EU).value

    def _octopus_in_eu(self):
        """Whether the address is in the VAT area of the European Union."""
        # Asked of many contacts: that it exists is not looked up for each.
        data = self.env["ir.model.data"]
        union_id = data._xmlid_to_res_id("account.europe_vat", raise_if_not_found=True)
        union = self.env["res.country.group"].sudo().browse(union_id)
        if self.country_id not in union.country_ids:
            return self.country_code == MONACO
        postal_code = (self.zip or "").strip()
        outside = OUTSIDE_VAT_AREA.get(self.country_code, ())
        return (
            self.state_id not in union.exclude_state_ids
            and not postal_code.startswith(outside)
        )

    @api.private
    def octopus_findings(self, fiscal_position=None, check_number=True):
        """Return what stands in the way of creating the contact in Octopus.

        :param check_number: look whether the VAT number is valid, which takes some
            queries for each contact
        :return: list of ``Finding``; those that only warn are told too
        """
        partner = self.commercial_partner_id
        values = {"partner": partner.display_name}
        wrong = []
        if not partner.country_id:
            wrong.append((codes.COUNTRY_MISSING, values))
        elif partner._octopus_vat_type(fiscal_position) is None:
            wrong.append((codes.VAT_TYPE_UNDECIDED, values))
        if check_number and partner._octopus_vat_is_malformed():
            wrong.append((codes.VAT_NUMBER_MALFORMED, {**values, "vat": partner.vat}))
        if partner.email and not partner._octopus_email():
            wrong.append((codes.EMAIL_LEFT_OUT, {**values, "email": partner.email}))
        return [
            Finding(code, params, "res.partner", (partner.id,))
            for code, params in wrong
        ]

    def _octopus_vat_is_malformed(self):
        """Whether the VAT number is none of its own country, which need not be that of
        the address."""
        number = VatNumber.of(self.vat, self.country_code)
        if not self.country_id or not number:
            return False
        code = COUNTRY_OF.get(number.country, number.country)
        country = self.env["res.country"].search([("code", "=", code)], limit=1)
        valid, _country = self._run_vat_checks(
            country or self.country_id, self.vat, self.name or "", validation="setnull"
        )
        return not valid

    def _octopus_email(self):
        """Return the one valid e-mail address, or ``None``."""
        email = email_normalize(self.email or "", strict=True)
        return email if email and single_email_re.match(email) else None

    @api.private
    def octopus_relation_values(self, settings, fiscal_position=None, buy_only=False):
        """Return the values of the ``api.Relation`` that the contact becomes.

        :param settings: the company with settings: currency, payment terms
        :param fiscal_position: that of the document
        :param bool buy_only: we only buy from it: the terms are those of a supplier
        """
        partner = self.commercial_partner_id.with_company(settings)
        vat = VatNumber.of(partner.vat, partner.country_code)
        bank = partner.bank_ids.filtered(lambda bank: bank.acc_type == "iban")[:1]
        participant = None
        if partner.peppol_eas and partner.peppol_endpoint:
            participant = f"{partner.peppol_eas}:{partner.peppol_endpoint}"
        language = (partner.lang or settings.partner_id.lang or "")[:2]
        street = ", ".join(filter(None, (partner.street, partner.street2)))
        term = (
            partner.property_supplier_payment_term_id
            if buy_only
            else partner.property_payment_term_id
        )
        return {
            "name": shortened(partner.name),
            "street": shortened(street),
            "postal_code": clean(partner.zip),
            "city": shortened(partner.city),
            "country": partner.country_code or None,
            "telephone": clean(partner.phone),
            "email": partner._octopus_email(),
            "iban": bank.sanitized_acc_number or None,
            "bic": bank.bank_bic or None,
            "currency": settings.currency_id.name,
            "vat_number": vat.spelled if vat else None,
            "vat_type": partner._octopus_vat_type(fiscal_position),
            "language": LANGUAGES.get(language, ENGLISH),
            "participant_id": participant,
            **self._octopus_terms(term),
        }

    def _octopus_terms(self, term):
        """Return type and days of a payment term; nothing where Octopus has no word."""
        line = term.line_ids
        if len(line) != 1 or line.delay_type not in EXPIRATION_TYPES:
            return {}
        return {
            "expiration_type": EXPIRATION_TYPES[line.delay_type],
            "expiration_days": line.nb_days,
        }

    # Decisions of people

    def _octopus_dossiers(self):
        """Return the dossiers of the companies that are switched on."""
        dossiers = [company.octopus_dossier() for company in self.env.companies]
        return self.env["octopus.dossier"].sudo().union(*dossiers)

    def _octopus_check_user(self):
        """Let only Octopus users who may change the contact decide about it."""
        self.check_access("write")
        self.env["octopus.relation"].check_access("read")

    def action_octopus_find(self):
        """Find the contact again in the dossiers of the companies switched on: one
        search in each; a sure hit is linked."""
        self.ensure_one()
        self._octopus_check_user()
        partner = self.commercial_partner_id
        texts = [partner._octopus_find_in(it) for it in self._octopus_dossiers()]
        told = "\n".join(texts) or self.env._(
            "No company here is linked to an Octopus dossier."
        )
        return notification("info", self.env._("Octopus"), told)

    def action_octopus_check_payments(self):
        """Read in Octopus what was paid by these contacts, among others."""
        self.check_access("read")
        self.env["octopus.balancing"].check_access("read")
        dossiers = self._octopus_dossiers()
        if not dossiers:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        return self.env["octopus.run"]._check_payments(dossiers)

    def _octopus_find_in(self, dossier):
        """Search one dossier and return what came of it, as text."""
        values = {"partner": self.display_name, "dossier": dossier.display_name}
        try:
            with dossier.client() as octopus:
                relation, rows = RelationSender(self.env, dossier, octopus).find(self)
        except OctopusError as error:
            finding = dossier.note_error(error)
            return self.env["octopus.finding"].sentences(finding)
        if relation:
            return self.env._(
                "%(partner)s is relation %(relation)s of %(dossier)s.",
                relation=relation.display_name,
                **values,
            )
        if rows:
            return self.env._(
                "%(partner)s may be, in %(dossier)s: %(relations)s. Choose one.",
                relations=", ".join(rows.mapped("display_name")),
                **values,
            )
        return self.env._("%(partner)s is not in %(dossier)s.", **values)

    def action_octopus_allow_creation(self):
        """Say that the contact is none of the relations that look like it: with the
        next document a new one is created."""
        self._octopus_check_user()
        for partner in self.commercial_partner_id.sudo():
            known = partner.octopus_relation_ids.filtered(lambda it: not it.deleted)
            dossiers = self._octopus_dossiers() - known.dossier_id
            partner.octopus_create_dossier_ids |= dossiers
            self.env["octopus.outbox.mixin"].wake_all(dossiers)

    # Of both sides at once

    @api.model
    @api.private
    def octopus_checked_vat(self, number, country):
        """Return a VAT number as Odoo accepts it, ``False`` when it does not.

        :param str number: with the code of its country in front
        :param country: ``res.country`` of which it is
        """
        number, _code = self._run_vat_checks(country, number, validation="setnull")
        return number or False

    def action_octopus_match(self):
        """Open the relations that these contacts are, or may be."""
        self.check_access("read")
        return self.env["octopus.matching"].open_contacts(self.commercial_partner_id)

    def action_octopus_create(self):
        """Have contacts created in Octopus that it does not have; those that may be a
        relation are shown instead."""
        self.check_access("read")
        return self.env["octopus.matching"].create_there(self.commercial_partner_id)
