"""Who may do what, as data: the one place that says it.

``tests/security`` holds the addon against this page: every model, public method, Html
field and stored field on Odoo's models must have a row here, and behaves as its row
says, for each of ``PEOPLE``. A new one without a row makes ``test_policy`` red.
"""

from dataclasses import dataclass

# People, from who may least to who may most: each may what the one before may.
INTERNAL = "internal"
INVOICING = "invoicing"
USER = "user"
ADMINISTRATOR = "administrator"
LADDER = (INTERNAL, INVOICING, USER, ADMINISTRATOR)
# Beside the others: an administrator of Odoo who has no group of Octopus.
SYSTEM = "system"

# Bookkeepers change contacts, too.
_CONTACTS = "base.group_partner_manager"
_USER = ("octopus_connector.group_user", _CONTACTS)
_ADMINISTRATOR = ("octopus_connector.group_manager", _CONTACTS)

# Name → groups, and the company they work for. "own" books in the dossier; "branch" is
# below it and books in the same dossier; "other" has nothing to do with either.
PEOPLE = {
    "nobody": ((), "own"),
    INTERNAL: (("base.group_user",), "own"),
    INVOICING: (("account.group_account_invoice",), "own"),
    USER: (_USER, "own"),
    ADMINISTRATOR: (_ADMINISTRATOR, "own"),
    SYSTEM: (("base.group_system",), "own"),
    "branch": (_ADMINISTRATOR, "branch"),
    "other": (_ADMINISTRATOR, "other"),
    # The customer of the invoice that the rows are about.
    "portal": (("base.group_portal",), "own"),
    "public": (("base.group_public",), "own"),
}

# How far a row reaches.
EVERYBODY = "everybody"  # no company has a say
DOSSIER = "dossier"  # people of a company that books in it, and of branches below
COMPANY = "company"  # people who work in each company concerned
OWNER = "owner"  # who made it, nobody else
OWN = "own"  # the companies of who calls it: with a row of others it does nothing

# Who does not work for the company itself, and what they reach all the same.
STRANGERS = {"branch": {DOSSIER, EVERYBODY}, "other": {EVERYBODY}}


@dataclass(frozen=True)
class Rights:
    """The least group that may do each; ``None``: no client may, whoever it is.

    ``reach`` says whose rows who may read can read, ``change`` whose rows who may
    write can change; ``about``, how far the row reaches that a dialog is about.
    ``settings`` are the fields a client may write; ``None``: each.
    """

    reach: str
    read: str
    write: str | None = None
    create: str | None = None
    unlink: str | None = None
    settings: frozenset | None = None
    change: str = COMPANY
    about: str = COMPANY


def settings(reach, group, *names):
    """Return the rights on what administrators decide, and ``group`` reads."""
    return Rights(reach, group, *[ADMINISTRATOR] * 3, settings=frozenset(names))


def dialog(group, *answers, about=COMPANY):
    """Return the rights on a dialog: the server makes it, its user only answers."""
    write = group if answers else None
    return Rights(OWNER, group, write, settings=frozenset(answers), about=about)


def may(person, least):
    """Return whether a person has at least a group."""
    if least in (None, SYSTEM):
        return least == person
    rank = ADMINISTRATOR if person in STRANGERS else person
    return rank in LADDER[LADDER.index(least) :]


def reaches(person, reach):
    """Return whether rows of the company that reach so far are within a person's."""
    return person not in STRANGERS or reach in STRANGERS[person]


# What the addon keeps: people read it, buttons change it, no client writes it.
MIRROR = Rights(DOSSIER, USER)
DOCUMENTS = Rights(COMPANY, USER)

MODELS = {
    "octopus.account": MIRROR,
    "octopus.bookyear": MIRROR,
    "octopus.cost.centre": MIRROR,
    "octopus.journal": MIRROR,
    "octopus.journal.year": MIRROR,
    "octopus.period": MIRROR,
    "octopus.relation": MIRROR,
    "octopus.run": MIRROR,
    "octopus.vat.code": MIRROR,
    "octopus.balancing": DOCUMENTS,
    "octopus.booking": DOCUMENTS,
    "octopus.journal.entry": DOCUMENTS,
    # Its sums are of the documents that its reader sees.
    "octopus.comparison": MIRROR,
    "octopus.comparison.row": DOCUMENTS,
    "octopus.comparison.amount": DOCUMENTS,
    "octopus.comparison.proof": DOCUMENTS,
    "octopus.document.match": DOCUMENTS,
    "octopus.payment": DOCUMENTS,
    "octopus.payment.match": DOCUMENTS,
    "octopus.payment.plan": DOCUMENTS,
    "octopus.payment.question": DOCUMENTS,
    # Its form changes lines, and nothing of its own.
    "octopus.rehearsal": Rights(
        COMPANY, USER, ADMINISTRATOR, settings=frozenset({"line_ids"})
    ),
    "octopus.rehearsal.line": Rights(
        COMPANY,
        USER,
        ADMINISTRATOR,
        settings=frozenset({"cost_centre_id", "octopus_account_id", "vat_code_id"}),
    ),
    "octopus.cause": Rights(
        COMPANY,
        USER,
        ADMINISTRATOR,
        settings=frozenset(
            {
                "cost_centre_id",
                "octopus_account_id",
                "octopus_journal_id",
                "vat_code_id",
            }
        ),
    ),
    "octopus.call": Rights(COMPANY, ADMINISTRATOR),
    # Tokens, and who is on the way to get one: nobody's, whatever group it is.
    "octopus.token": Rights(EVERYBODY, None),
    "octopus.accountant.token": Rights(EVERYBODY, None),
    "octopus.authorization": Rights(EVERYBODY, None),
    # Who has a link, and what waits behind it; who looked, the administrators read.
    "octopus.accountant.link": MIRROR,
    "octopus.accountant.look": Rights(COMPANY, ADMINISTRATOR),
    "octopus.accountant.question": DOCUMENTS,
    "octopus.reopen": DOCUMENTS,
    # What Octopus says of its codes is of no company.
    "octopus.error.text": Rights(EVERYBODY, ADMINISTRATOR),
    # A new login is nobody's yet; the others are of all companies that use them.
    "octopus.connection": settings(
        COMPANY,
        ADMINISTRATOR,
        "active",
        "login_way",
        "name",
        "password",
        "responsible_id",
        "software_house",
        "transport",
        "user_name",
    ),
    "octopus.dossier": Rights(
        DOSSIER,
        USER,
        ADMINISTRATOR,
        settings=frozenset(
            {
                "accountant_weekday",
                "active",
                "automatic",
                "contact_address_direction",
                "contact_email_direction",
                "contact_iban_direction",
                "contact_name_direction",
                "contact_phone_direction",
                "contact_vat_direction",
                "exchange_rate_direction",
                "foreign_bank_amounts",
                "other_journal_ids",
                "vat_return",
                "watch_days",
            }
        ),
    ),
    "octopus.account.mapping": settings(
        DOSSIER, USER, "account_id", "company_id", "dossier_id", "octopus_account_id"
    ),
    "octopus.cost.centre.mapping": settings(
        DOSSIER,
        USER,
        "analytic_account_id",
        "company_id",
        "cost_centre_id",
        "dossier_id",
        "no_cost_centre",
    ),
    "octopus.bookyear.journal": settings(
        DOSSIER, USER, "bookyear_id", "dossier_id", "journal_id", "other_id"
    ),
    "octopus.journal.mapping": settings(
        DOSSIER,
        USER,
        "closed_policy",
        "company_id",
        "dossier_id",
        "journal_id",
        "octopus_journal_id",
        "octopus_refund_journal_id",
    ),
    "octopus.tax.mapping": settings(
        DOSSIER,
        USER,
        "account_id",
        "account_policy",
        "company_id",
        "direction",
        "dossier_id",
        "no_vat_code",
        "recuperation",
        "refund_vat_code_id",
        "send_recuperation",
        "tax_id",
        "vat_code_id",
    ),
    "octopus.matching": Rights(
        DOSSIER,
        USER,
        ADMINISTRATOR,
        settings=frozenset(
            {
                "by_email",
                "by_enterprise",
                "by_iban",
                "by_name",
                "by_number",
                "by_similar",
                "by_vat",
            }
        ),
    ),
    "octopus.matching.row": MIRROR,
    "octopus.contact.change": MIRROR,
    "octopus.contact.import": dialog(ADMINISTRATOR),
    "octopus.accountant.access": dialog(ADMINISTRATOR, "days", "lang", "partner_id"),
    "octopus.accountant.ask": dialog(USER, "question"),
    "octopus.lock.date": dialog(ADMINISTRATOR),
    "octopus.booking.preview": dialog(USER),
    "octopus.booking.preview.line": dialog(USER),
    "octopus.difference": dialog(USER, "agreed", "reason"),
    "octopus.check.list": dialog(ADMINISTRATOR, "company_id"),
    "octopus.disconnect": dialog(ADMINISTRATOR, "end_date", "forget_login", "scope"),
    "octopus.effective.setting": dialog(ADMINISTRATOR, about=OWN),
    "octopus.new.bookyear": dialog(
        ADMINISTRATOR,
        "agreed",
        "date_end",
        "date_start",
        "declarant",
        "name",
        "periods",
        "pro_rata",
    ),
    "octopus.new.journal": dialog(
        ADMINISTRATOR,
        "account_id",
        "agreed",
        "currency_code",
        "iban",
        "name",
        "number",
        "type",
    ),
    "octopus.exclude": dialog(ADMINISTRATOR, "reason"),
    "octopus.mapping.sheet": dialog(ADMINISTRATOR, "upload", "upload_name"),
    "octopus.mapping.sheet.line": dialog(ADMINISTRATOR),
    "octopus.pause": dialog(ADMINISTRATOR, "reason"),
    "octopus.payment.ignore": dialog(USER, "reason"),
    "octopus.start": dialog(ADMINISTRATOR, "asked", "backlog", "mode", "start_date"),
    "octopus.send.documents": dialog(
        USER,
        "date_from",
        "date_to",
        "in_invoice",
        "in_refund",
        "out_invoice",
        "out_refund",
    ),
    "octopus.settings": Rights(OWNER, *[ADMINISTRATOR] * 4, about=OWN),
    "octopus.setup": Rights(OWNER, *[ADMINISTRATOR] * 3, about=OWN),
    "octopus.support": dialog(ADMINISTRATOR),
    "octopus.withdraw": dialog(ADMINISTRATOR, "reason"),
}

# Models of Odoo that the addon adds fields or methods to.
EXTENDED = {
    "account.journal",
    "account.move",
    "account.move.line",
    # Where invoices are sent: no public method, nothing stored.
    "account.move.send.batch.wizard",
    "account.move.send.wizard",
    "account.partial.reconcile",
    "account.payment",
    "account.payment.register",
    "base.partner.merge.automatic.wizard",
    "ir.cron",
    "mail.mail",
    "res.company",
    "res.config.settings",
    "res.partner",
}

# Public method → the least group whose call is not refused, with how far it reaches
# where that is another reach than that of the rows. ``create``, ``write`` and the like
# are Odoo's own and stand in the rights above.
# Who reads what documents wait for may look at them, and ask an administrator.
_CAUSE_METHODS = {"action_ask_administrator": USER, "action_open_waiting": USER}
_CHECKS_METHODS = dict.fromkeys(
    ("action_check_again", "action_new_bookyear", "action_new_journal"), ADMINISTRATOR
)
_MAPPING_METHODS = {
    **_CAUSE_METHODS,
    "action_open_list": (USER, EVERYBODY),
    "action_accept": (ADMINISTRATOR, COMPANY),
    "action_accept_all": (ADMINISTRATOR, OWN),
    "action_back_to_setup": (ADMINISTRATOR, OWN),
    "action_propose": (ADMINISTRATOR, OWN),
}
_SETTINGS_METHODS = {
    "action_octopus_confirm_database": ADMINISTRATOR,
    "action_octopus_cost_centres": ADMINISTRATOR,
    "action_octopus_disconnect": ADMINISTRATOR,
    "action_octopus_login": ADMINISTRATOR,
    "action_octopus_refresh": ADMINISTRATOR,
    "action_octopus_rehearsal": ADMINISTRATOR,
    "action_octopus_rehearse": ADMINISTRATOR,
    "action_octopus_setup": ADMINISTRATOR,
    "action_octopus_start": ADMINISTRATOR,
}
METHODS = {
    "ir.cron": {"method_direct_trigger": SYSTEM},
    "account.journal": {"action_octopus_open": (INVOICING, DOSSIER)},
    "account.move": {
        "action_octopus_adopt": USER,
        "action_octopus_ask_accountant": USER,
        "action_octopus_check_payments": USER,
        "action_octopus_compare": USER,
        "action_octopus_decide": USER,
        "action_octopus_draft": ADMINISTRATOR,
        "action_octopus_exclude": ADMINISTRATOR,
        "action_octopus_include": ADMINISTRATOR,
        "action_octopus_open_booking": USER,
        "action_octopus_other_document": USER,
        "action_octopus_preview": USER,
        "action_octopus_send": USER,
        "button_draft": INVOICING,
    },
    "account.payment": {
        "action_octopus_open": USER,
        "action_octopus_send": USER,
    },
    "octopus.account.mapping": _MAPPING_METHODS,
    "octopus.cost.centre.mapping": _MAPPING_METHODS,
    "octopus.accountant.access": {
        "action_mail": ADMINISTRATOR,
        "action_make": ADMINISTRATOR,
    },
    "octopus.accountant.ask": {"action_ask": USER},
    "octopus.accountant.link": {
        "action_mail": USER,
        "action_new": (ADMINISTRATOR, OWN),
        "action_renew": (ADMINISTRATOR, COMPANY),
        "action_revoke": (ADMINISTRATOR, COMPANY),
        "action_show": (ADMINISTRATOR, COMPANY),
    },
    "octopus.accountant.question": {
        "action_open_document": USER,
        "action_withdraw": USER,
    },
    "octopus.lock.date": {"action_accept": ADMINISTRATOR},
    "octopus.reopen": {"action_mail": (USER, OWN), "action_open_document": USER},
    "octopus.balancing": {
        "action_open_documents": USER,
        "action_retry": USER,
    },
    "octopus.bookyear": _CAUSE_METHODS,
    "octopus.booking": {
        "action_adopt": USER,
        "action_decide": USER,
        "action_exclude": ADMINISTRATOR,
        "action_include": ADMINISTRATOR,
        "action_open_calls": ADMINISTRATOR,
        "action_open_document": USER,
        "action_other_document": USER,
        "action_send": USER,
        "action_support": ADMINISTRATOR,
    },
    "octopus.call": {
        "action_open_run": ADMINISTRATOR,
        "action_open_subject": ADMINISTRATOR,
    },
    "octopus.comparison": {
        "action_amounts": USER,
        "action_freeze": (USER, COMPANY),
        "action_open": (USER, EVERYBODY),
        "action_rows": USER,
        "action_update": (USER, EVERYBODY),
    },
    "octopus.comparison.amount": {"action_open_row": USER},
    "octopus.comparison.row": {
        "action_open_booking": USER,
        "action_open_document": USER,
        "action_solve": USER,
    },
    "octopus.connection": {
        "action_calls": ADMINISTRATOR,
        "action_confirm_database": ADMINISTRATOR,
        "action_connect": ADMINISTRATOR,
        "action_connect_with_octopus": ADMINISTRATOR,
        "action_support_start": ADMINISTRATOR,
        "action_support_stop": ADMINISTRATOR,
    },
    "octopus.contact.change": {
        "action_accept": (ADMINISTRATOR, COMPANY),
        "action_accept_all": (ADMINISTRATOR, OWN),
        "action_leave": (ADMINISTRATOR, COMPANY),
        "action_look": (ADMINISTRATOR, OWN),
    },
    "octopus.contact.import": {"action_import": ADMINISTRATOR},
    "octopus.difference": {
        "action_credit": USER,
        "action_send_again": USER,
        "action_settle": USER,
        "action_update": USER,
    },
    "octopus.check.list": _CHECKS_METHODS,
    "octopus.disconnect": {"action_disconnect": ADMINISTRATOR},
    "octopus.new.bookyear": {
        "action_back": ADMINISTRATOR,
        "action_make": ADMINISTRATOR,
    },
    "octopus.new.journal": {"action_back": ADMINISTRATOR, "action_make": ADMINISTRATOR},
    "octopus.dossier": {
        "action_accountant_access": (ADMINISTRATOR, COMPANY),
        "action_accountant_links": USER,
        "action_lock_dates": ADMINISTRATOR,
        "action_calls": ADMINISTRATOR,
        "action_check_list": ADMINISTRATOR,
        "action_check_payments": USER,
        "action_both_sides": USER,
        "action_causes": USER,
        "action_desk": USER,
        "action_compare": USER,
        "action_look_for_existing": USER,
        "action_open_plans": USER,
        "action_pause": (ADMINISTRATOR, COMPANY),
        "action_questions": USER,
        "action_refresh": USER,
        "action_reopen": USER,
        "action_resume": (ADMINISTRATOR, COMPANY),
        "action_send_documents": USER,
        "action_start": (ADMINISTRATOR, COMPANY),
        "action_support": (ADMINISTRATOR, COMPANY),
        "action_synchronise": USER,
        "action_turn_check_again": USER,
        "action_turn_new_bookyear": (ADMINISTRATOR, COMPANY),
        "action_turn_new_journal": (ADMINISTRATOR, COMPANY),
        "action_year_turn": USER,
    },
    "octopus.effective.setting": {
        "action_open": (ADMINISTRATOR, OWN),
        "action_open_settings": ADMINISTRATOR,
        "action_test": ADMINISTRATOR,
    },
    "octopus.exclude": {"action_exclude": ADMINISTRATOR},
    "octopus.journal": _CAUSE_METHODS,
    "octopus.journal.mapping": _MAPPING_METHODS,
    "octopus.journal.year": _CAUSE_METHODS,
    "octopus.mapping.sheet": {
        "action_apply": ADMINISTRATOR,
        "action_open": (ADMINISTRATOR, OWN),
        "action_preview": ADMINISTRATOR,
    },
    "octopus.matching": {
        "action_accept_matched": (ADMINISTRATOR, COMPANY),
        "action_import": (ADMINISTRATOR, COMPANY),
        "action_back_to_setup": (ADMINISTRATOR, OWN),
        "action_look": (ADMINISTRATOR, COMPANY),
        "action_open": (USER, OWN),
        "action_rows": USER,
    },
    "octopus.matching.row": {
        "action_create": (ADMINISTRATOR, COMPANY),
        "action_import": (ADMINISTRATOR, COMPANY),
        "action_leave": (ADMINISTRATOR, COMPANY),
        "action_open_contact": USER,
        "action_other": (ADMINISTRATOR, COMPANY),
        "action_reconsider": (ADMINISTRATOR, COMPANY),
        "action_same": (ADMINISTRATOR, COMPANY),
    },
    "octopus.pause": {"action_pause": ADMINISTRATOR},
    "octopus.payment": {
        "action_adopt": USER,
        "action_exclude": ADMINISTRATOR,
        "action_include": ADMINISTRATOR,
        "action_open_calls": ADMINISTRATOR,
        "action_open_document": USER,
        "action_other_payment": USER,
        "action_send": USER,
        "action_send_again": USER,
    },
    "octopus.booking.preview": {"action_send": USER},
    "octopus.payment.ignore": {"action_ignore": USER},
    "octopus.payment.plan": {
        "action_accept": USER,
        "action_drop": USER,
    },
    "octopus.payment.question": {
        "action_follow": USER,
        "action_ignore": USER,
        "action_open_documents": USER,
        "action_retry": USER,
        "action_write_off": USER,
    },
    "octopus.relation": {
        "action_confirm_link": (ADMINISTRATOR, COMPANY),
        "action_link": (ADMINISTRATOR, COMPANY),
        "action_unlink_partner": (ADMINISTRATOR, COMPANY),
    },
    "octopus.rehearsal": {
        "action_accept_proposals": ADMINISTRATOR,
        "action_back_to_setup": (ADMINISTRATOR, OWN),
        "action_look_again": ADMINISTRATOR,
        "action_refresh": USER,
        "action_rehearse": ADMINISTRATOR,
    },
    "octopus.cause": {
        "action_accept": ADMINISTRATOR,
        "action_ask_administrator": USER,
        "action_documents": USER,
        "action_fix": USER,
        "action_look_again": USER,
        "action_mapping": USER,
        "action_payments": USER,
    },
    "octopus.rehearsal.line": {
        "action_accept": ADMINISTRATOR,
        "action_documents": USER,
        "action_mapping": USER,
    },
    # Of a run that somebody else asked for: one's own may each user pause.
    "octopus.run": {
        "action_calls": ADMINISTRATOR,
        "action_documents": USER,
        "action_pause": ADMINISTRATOR,
        "action_resume": ADMINISTRATOR,
    },
    "octopus.settings": {"action_save": ADMINISTRATOR, **_SETTINGS_METHODS},
    "octopus.setup": {
        "action_back": ADMINISTRATOR,
        "action_connect_with_octopus": ADMINISTRATOR,
        "action_first_document": ADMINISTRATOR,
        "action_next": ADMINISTRATOR,
        "action_open_accounts": ADMINISTRATOR,
        "action_open_journals": ADMINISTRATOR,
        "action_open_taxes": ADMINISTRATOR,
        "action_rehearse": ADMINISTRATOR,
        "action_start": ADMINISTRATOR,
        "action_other_login": ADMINISTRATOR,
        "action_accept_accounts": ADMINISTRATOR,
        "action_accept_journals": ADMINISTRATOR,
        "action_accept_taxes": ADMINISTRATOR,
        "action_ask_for_id": ADMINISTRATOR,
        "action_let_them_send": ADMINISTRATOR,
        "action_match_contacts": ADMINISTRATOR,
        **_CHECKS_METHODS,
    },
    "octopus.send.documents": {"action_send": USER},
    "octopus.start": {"action_apply": ADMINISTRATOR},
    "octopus.tax.mapping": _MAPPING_METHODS,
    "octopus.withdraw": {"action_withdraw": ADMINISTRATOR},
    "res.company": {
        "action_octopus_disconnect": ADMINISTRATOR,
        "action_octopus_refresh": ADMINISTRATOR,
        "action_octopus_settings": ADMINISTRATOR,
        "action_octopus_setup": ADMINISTRATOR,
        "action_octopus_start": ADMINISTRATOR,
        "action_rehearse": ADMINISTRATOR,
    },
    # Odoo's own settings are for its system administrators; see octopus.settings.
    "res.config.settings": dict.fromkeys(_SETTINGS_METHODS),
    # A contact without a company is everybody's.
    "res.partner": {
        "action_octopus_allow_creation": (USER, EVERYBODY),
        "action_octopus_check_payments": (USER, EVERYBODY),
        "action_octopus_create": (ADMINISTRATOR, OWN),
        "action_octopus_find": (USER, EVERYBODY),
        "action_octopus_match": (USER, EVERYBODY),
    },
}

# Html fields: all are computed when they are shown, of texts that are escaped. Each
# with the stored JSON findings it tells, or ``None`` when it tells the present state.
# Those with ``NO_NAMES`` tell of it nothing that anybody typed.
NO_NAMES = ""
HTML = {
    "account.move": {
        "octopus_booking_html": "octopus_booking_id.findings",
        "octopus_findings_html": None,
        "octopus_foreseen_html": "octopus_booking_id.findings",
    },
    "account.payment": {"octopus_payment_html": "octopus_payment_ids.findings"},
    "octopus.balancing": {"problem_html": "problem"},
    "octopus.booking": {"findings_html": "findings"},
    "octopus.booking.preview": {"findings_html": "findings"},
    "octopus.comparison": {"codes_html": None},
    # Texts of a table, each escaped.
    "octopus.difference": {"sides_html": None},
    "octopus.connection": {"problem_html": "problem"},
    "octopus.dossier": {
        "problems_html": "problems",
        "stays_html": None,
        "year_turn_html": None,
    },
    "octopus.payment": {"findings_html": "findings"},
    "octopus.payment.plan": {"reasons_html": "reasons"},
    "octopus.run": {"problem_html": "problem"},
    "octopus.setup": {"checks_html": None, "problem_html": "connection_id.problem"},
    "octopus.settings": {
        "octopus_backlog_html": NO_NAMES,
        "octopus_journal_hint": None,
        "octopus_login_html": None,
        "octopus_problem_html": "octopus_dossier_id.connection_id.problem",
        "octopus_stays_html": None,
    },
    "octopus.check.list": {"checks_html": None},
    "res.config.settings": {
        "octopus_backlog_html": NO_NAMES,
        "octopus_journal_hint": None,
        "octopus_login_html": None,
        "octopus_problem_html": "octopus_dossier_id.connection_id.problem",
        "octopus_stays_html": None,
    },
}

# Fields on Odoo's models that others read than Octopus users; all others are theirs.
READERS = {
    ("account.move", "octopus_state"): INVOICING,
    # Reminders say when it was true what they say.
    ("account.move", "octopus_payments_read_at"): INVOICING,
    ("res.partner", "octopus_payments_read_at"): INVOICING,
    ("account.move", "octopus_follow_up_held"): INVOICING,
    ("res.partner", "octopus_follow_up_held"): INVOICING,
}

# Stored fields on Odoo's models that only the addon writes: no client may.
MACHINE_FIELDS = {
    "account.move": {
        "octopus_booking_id",
        "octopus_booking_ids",
        "octopus_confirmed_at",
        "octopus_number",
        "octopus_state",
    },
    "account.move.line": {"octopus_no_followup"},
    "account.partial.reconcile": {"octopus_balancing_ids"},
    "account.payment": {"octopus_balancing_ids", "octopus_payment_ids"},
    "res.company": {
        "octopus_automatic_since",
        "octopus_end_date",
        "octopus_payments_accepted",
        "octopus_settings_company_id",
    },
    "res.partner": {"octopus_create_dossier_ids", "octopus_relation_ids"},
}

# Stored fields on Odoo's models that people decide, and the least group that may write
# them. Those of the company nobody writes on the company itself, unless they are an
# administrator of Odoo too: they are saved with ``octopus.settings``.
WRITERS = {
    "account.journal": ADMINISTRATOR,
    "res.company": None,
    "res.partner": USER,
}
SETTINGS = {
    "account.journal": {"octopus_payment_owner", "octopus_payments_from"},
    "res.company": {
        "octopus_attachment_policy",
        "octopus_by_hand",
        "octopus_clearing_journal_id",
        "octopus_cost_plan_id",
        "octopus_deferrals",
        "octopus_dossier_id",
        "octopus_enabled",
        "octopus_group_by_vat",
        "octopus_in_invoice_closed_policy",
        "octopus_in_invoice_goes",
        "octopus_in_invoice_journal_id",
        "octopus_in_refund_closed_policy",
        "octopus_in_refund_goes",
        "octopus_in_refund_journal_id",
        "octopus_intrastat",
        "octopus_limitation_account_ids",
        "octopus_limitation_product_ids",
        "octopus_number_policy",
        "octopus_out_invoice_closed_policy",
        "octopus_out_invoice_goes",
        "octopus_out_invoice_journal_id",
        "octopus_out_refund_closed_policy",
        "octopus_out_refund_goes",
        "octopus_out_refund_journal_id",
        "octopus_payment_limit",
        "octopus_payment_owner",
        "octopus_payment_share",
        "octopus_follow_up_hours",
        "octopus_peppol_receives",
        "octopus_peppol_sends",
        "octopus_purchase_deferral_account_id",
        "octopus_purchase_discount_account_id",
        "octopus_purchase_limitation_account_id",
        "octopus_receipts",
        "octopus_relation_policy",
        "octopus_sale_deferral_account_id",
        "octopus_sale_discount_account_id",
        "octopus_sale_limitation_account_id",
        "octopus_separate_settings",
        "octopus_start_date",
        "octopus_suspense_account_id",
        "octopus_without_contact",
        "octopus_unknown_account_policy",
        "octopus_write_off_account_id",
        "octopus_write_off_tolerance",
    },
    "res.partner": {"octopus_vat_type"},
}
