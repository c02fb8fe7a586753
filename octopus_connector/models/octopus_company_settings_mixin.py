from odoo import fields, models

from ..groups import USER

CLOSED_POLICIES = [
    ("wait", "Wait until it is opened"),
    ("next", "Book in the next open period"),
    ("refuse", "Stop the document"),
]


class OctopusCompanySettingsMixin(models.AbstractModel):
    """What a company chooses for its documents and payments in Octopus.

    Who may choose it, whose choice holds and what follows from a choice stands with the
    rest of the company. The settings show the help of these fields, see
    ``octopus.settings.mixin``.
    """

    _name = "octopus.company.settings.mixin"
    _description = "Octopus Settings of a Company"

    octopus_out_invoice_journal_id = fields.Many2one(
        "octopus.journal",
        string="Sales invoices",
        help="The sales journal of Octopus in which customer invoices are booked.",
        groups=USER,
    )
    octopus_out_refund_journal_id = fields.Many2one(
        "octopus.journal",
        string="Sales credit notes",
        help="The sales journal of Octopus in which credit notes to customers are"
        " booked. It may be the journal of the invoices.",
        groups=USER,
    )
    octopus_in_invoice_journal_id = fields.Many2one(
        "octopus.journal",
        string="Purchase invoices",
        help="The purchase journal of Octopus in which vendor bills are booked.",
        groups=USER,
    )
    octopus_in_refund_journal_id = fields.Many2one(
        "octopus.journal",
        string="Purchase credit notes",
        help="The purchase journal of Octopus in which credit notes of vendors are"
        " booked. It may be the journal of the bills.",
        groups=USER,
    )
    octopus_start_date = fields.Date(
        string="Documents from",
        help="Only documents with this accounting date or a later one go to Octopus."
        " What is older stays out, also when everything is sent.",
        groups=USER,
    )
    octopus_group_by_vat = fields.Boolean(
        string="Group lines by VAT code",
        help="Book one line in Octopus for each account and VAT code, in place of one"
        " for each line of the document. Totals and VAT are the same.",
        groups=USER,
    )
    octopus_sale_discount_account_id = fields.Many2one(
        "octopus.account",
        string="Cash discount on sales",
        help="The account of Octopus for discounts that customers get for paying soon.",
        groups=USER,
    )
    octopus_purchase_discount_account_id = fields.Many2one(
        "octopus.account",
        string="Cash discount on purchases",
        help="The account of Octopus for discounts that vendors give for paying soon.",
        groups=USER,
    )
    octopus_sale_limitation_account_id = fields.Many2one(
        "octopus.account",
        string="Credit limitation on sales",
        help="The account of Octopus for the credit limitation that customers pay, or"
        " not, with an invoice.",
        groups=USER,
    )
    octopus_purchase_limitation_account_id = fields.Many2one(
        "octopus.account",
        string="Credit limitation on purchases",
        help="The account of Octopus for the credit limitation that vendors charge.",
        groups=USER,
    )
    octopus_limitation_account_ids = fields.Many2many(
        "account.account",
        "octopus_limitation_account_rel",
        string="Accounts used for credit limitation",
        help="A line of a document on one of these Odoo accounts is a credit"
        " limitation: it gets no VAT code and the account above.",
        groups=USER,
    )
    octopus_limitation_product_ids = fields.Many2many(
        "product.product",
        "octopus_limitation_product_rel",
        string="Products used for credit limitation",
        help="A line of a document with one of these products is a credit limitation:"
        " it gets no VAT code and the account above.",
        groups=USER,
    )
    octopus_cost_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Plan of the cost centres",
        domain=[("parent_id", "=", False)],
        ondelete="restrict",
        help="The analytic plan whose accounts are cost centres in Octopus: the"
        " analytic distribution of a line then gives its cost centres. Without a plan"
        " none are sent.",
        groups=USER,
    )
    octopus_deferrals = fields.Selection(
        [
            ("none", "Stay in Odoo"),
            ("bookyear", "Spread by Octopus, per bookyear"),
            ("period", "Spread by Octopus, per period"),
        ],
        default="none",
        string="Deferred lines",
        help="Whether Octopus is told from when until when a line runs. Stay in Odoo:"
        " it gets the line as one amount.",
        groups=USER,
    )
    octopus_sale_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred income",
        help="The account of Octopus that carries income over to later periods.",
        groups=USER,
    )
    octopus_purchase_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred charges",
        help="The account of Octopus that carries costs over to later periods.",
        groups=USER,
    )
    octopus_intrastat = fields.Boolean(
        string="Intrastat details",
        help="Octopus is told the country, transaction, commodity code, region,"
        " transport, incoterm and origin of goods that cross a border in the EU. Weight"
        " and supplementary units are not sent: they are filled in in Octopus.",
        groups=USER,
    )
    octopus_receipts = fields.Selection(
        [("out", "Stay out of Octopus"), ("go", "Go to Octopus")],
        default="out",
        string="Receipts and expenses",
        help="Whether sales receipts, purchase receipts and expenses are booked in"
        " Octopus, in the journals of invoices and bills.",
        groups=USER,
    )
    octopus_number_policy = fields.Selection(
        [
            ("next", "Next of the journal"),
            ("same", "Same number as in Odoo"),
        ],
        default="next",
        string="Document numbers",
        help="Next of the journal: Octopus counts on by itself, and Odoo's number is in"
        " the comment. Same number as in Odoo: a document waits until its own number is"
        " the next one of the journal; only for journals that nobody else books in.",
        groups=USER,
    )
    octopus_out_invoice_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Sales invoices when closed",
        help="What happens to a customer invoice whose bookyear, journal or period is"
        " closed in Octopus. The date of the invoice stays what it is.",
        groups=USER,
    )
    octopus_out_refund_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Sales credit notes when closed",
        help="What happens to a credit note to a customer whose bookyear, journal or"
        " period is closed in Octopus. Its date stays what it is.",
        groups=USER,
    )
    octopus_in_invoice_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Purchase invoices when closed",
        help="What happens to a vendor bill whose bookyear, journal or period is closed"
        " in Octopus. The date of the bill stays what it is.",
        groups=USER,
    )
    octopus_in_refund_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Purchase credit notes when closed",
        help="What happens to a credit note of a vendor whose bookyear, journal or"
        " period is closed in Octopus. Its date stays what it is.",
        groups=USER,
    )
    octopus_unknown_account_policy = fields.Selection(
        [("block", "Stop the document"), ("suspense", "Book on the suspense account")],
        default="block",
        string="Account without counterpart",
        help="What happens to a document with an Odoo account for which no account of"
        " Octopus was chosen. Booked on the suspense account, the accountant moves it.",
        groups=USER,
    )
    octopus_suspense_account_id = fields.Many2one(
        "octopus.account",
        string="Octopus suspense account",
        help="Takes the lines of accounts without counterpart, until the accountant"
        " moves them.",
        groups=USER,
    )
    octopus_relation_policy = fields.Selection(
        [("create", "Create it in Octopus"), ("ask", "Ask first")],
        default="create",
        string="Contact not found in Octopus",
        help="Whether a contact that no relation of Octopus fits is made there when its"
        " first document is sent, or waits until somebody says so.",
        groups=USER,
    )
    octopus_attachment_policy = fields.Selection(
        [
            ("make", "Send, make if missing"),
            ("existing", "Send those that exist"),
            ("none", "Do not send"),
        ],
        default="make",
        string="PDF and UBL",
        help="Whether the PDF and the electronic invoice go with a document. Not over"
        " SOAP.",
        groups=USER,
    )
    octopus_payment_owner = fields.Selection(
        [
            ("none", "Not followed"),
            ("octopus", "Payments are followed in Octopus"),
            ("odoo", "Payments are sent to Octopus"),
        ],
        default="none",
        string="Payments",
        help="On which side payments are kept and matched, for each bank that does not"
        " say otherwise itself. The other side follows.",
        groups=USER,
    )
    octopus_without_contact = fields.Selection(
        [
            ("ask", "Wait until it is filled in"),
            ("out", "Stay out of Octopus"),
            ("account", "Are booked on their account"),
        ],
        default="ask",
        string="Payments without a contact",
        help="Such as the takings of a point of sale, of banks that are kept in Odoo.",
        groups=USER,
    )
    octopus_clearing_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing journal",
        help="Takes payments of Octopus journals that have no bank journal in Odoo.",
        groups=USER,
    )
    octopus_payment_limit = fields.Integer(
        string="Ask above (documents)",
        default=250,
        help="When more documents than this change in one reading of payments, nothing"
        " is booked before a person has looked.",
        groups=USER,
    )
    octopus_payment_share = fields.Integer(
        string="Ask above (% of open)",
        default=20,
        help="When a larger share of all open documents than this changes in one"
        " reading of payments, nothing is booked before a person has looked. It counts"
        " from 20 documents on.",
        groups=USER,
    )
    octopus_follow_up_hours = fields.Integer(
        string="Hold reminders after (hours)",
        default=24,
        help="When the payments of an open invoice were read in Octopus longer ago, it"
        " is held for follow-up: remind nobody of it before a new answer. No Follow-Up"
        " is ticked on it by itself until then. An open invoice with a match in Octopus"
        " that is not followed here is held too, even if somebody left it so. 0:"
        " never.",
        groups=USER,
    )
    octopus_peppol_receives = fields.Selection(
        [("no", "No"), ("yes", "Yes")],
        string="Octopus receives bills",
        help="Whether the access point of Octopus receives the bills of this company by"
        " Peppol. The web service does not tell it: ask the accountant. If it does, a"
        " bill that was booked there is asked about before it is booked from Odoo.",
        groups=USER,
    )
    octopus_peppol_sends = fields.Selection(
        [("no", "No"), ("yes", "Yes")],
        string="Octopus sends invoices",
        help="Whether the invoices of this company are sent by Peppol from Octopus. The"
        " web service does not tell it: ask the accountant. If they are, Odoo does not"
        " send them by Peppol.",
        groups=USER,
    )
    octopus_payments_accepted = fields.Boolean(
        copy=False,
        help="A person accepted the first payments from the dossier.",
        groups=USER,
    )
    octopus_write_off_account_id = fields.Many2one(
        "account.account",
        string="Account for small differences",
        help="Takes what the accountant wrote off in a D journal. Without an account"
        " write-offs are only shown.",
        groups=USER,
    )
    octopus_write_off_tolerance = fields.Float(
        string="Small is up to (EUR)",
        digits=(16, 2),
        default=1.0,
        help="Larger write-offs are shown and not booked.",
        groups=USER,
    )
