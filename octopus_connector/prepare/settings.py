"""The names of the settings on the company, and of those that name a journal."""

from __future__ import annotations

from .kinds import TYPE_OF_KIND

JOURNAL_FIELDS = {kind: f"octopus_{kind}_journal_id" for kind in TYPE_OF_KIND}
# Whether a kind goes to Octopus at all.
GOES_FIELDS = {kind: f"octopus_{kind}_goes" for kind in TYPE_OF_KIND}
CLOSED_POLICY_FIELDS = {kind: f"octopus_{kind}_closed_policy" for kind in TYPE_OF_KIND}
ACCOUNT_FIELDS = (
    "octopus_sale_discount_account_id",
    "octopus_purchase_discount_account_id",
    "octopus_sale_limitation_account_id",
    "octopus_purchase_limitation_account_id",
    "octopus_suspense_account_id",
    "octopus_sale_deferral_account_id",
    "octopus_purchase_deferral_account_id",
)
# Everything that ``octopus_settings`` answers for.
SETTINGS = (
    "octopus_enabled",
    "octopus_dossier_id",
    *JOURNAL_FIELDS.values(),
    *GOES_FIELDS.values(),
    *ACCOUNT_FIELDS,
    "octopus_receipts",
    "octopus_start_date",
    "octopus_by_hand",
    "octopus_group_by_vat",
    "octopus_limitation_account_ids",
    "octopus_limitation_product_ids",
    "octopus_cost_plan_id",
    "octopus_deferrals",
    "octopus_intrastat",
    "octopus_number_policy",
    *CLOSED_POLICY_FIELDS.values(),
    "octopus_unknown_account_policy",
    "octopus_relation_policy",
    "octopus_attachment_policy",
    "octopus_payment_owner",
    "octopus_without_contact",
    "octopus_clearing_journal_id",
    "octopus_payment_limit",
    "octopus_payment_share",
    "octopus_follow_up_hours",
    "octopus_peppol_receives",
    "octopus_peppol_sends",
    "octopus_write_off_account_id",
    "octopus_write_off_tolerance",
)
# What holds with them, and nobody chooses in the settings (``octopus_end_on``).
KEPT_WITH_SETTINGS = ("octopus_end_date",)

# What is kept on the dossier, and so holds for every company that books in it.
DOSSIER_SETTINGS = (
    "automatic",
    "shadow",
    "exchange_rate_direction",
    "foreign_bank_amounts",
    "vat_return",
)


def carried_over(company, dossier) -> dict:
    """Return the settings that name a journal or account, as they are in a dossier.

    A journal keeps its key and an account its number where the dossier has them; a kind
    of document without journal gets the proposal.

    :param company: one ``res.company`` that holds settings
    :param dossier: ``octopus.dossier`` it goes to
    :return: ``{field: id or False}``, as for ``write``
    """
    company.ensure_one()
    own = company.sudo()
    journals = {journal.key: journal for journal in dossier.journal_ids}
    numbers = {account.number: account.id for account in dossier.account_ids}
    values = {field: numbers.get(own[field].number, False) for field in ACCOUNT_FIELDS}
    for kind, field in JOURNAL_FIELDS.items():
        same = journals.get(own[field].key)
        if not same or same.why_not(kind):
            same = _proposed_journal(dossier, kind)
        values[field] = same.id
    if not values["octopus_suspense_account_id"]:
        values["octopus_unknown_account_policy"] = "block"
    return values


def _proposed_journal(dossier, kind):
    """Return the first journal that can take a kind of document."""
    journals = dossier.journal_ids.filtered(lambda journal: not journal.why_not(kind))
    return journals.sorted(lambda journal: (len(journal.key), journal.key))[:1]


# For the trail


def setting_texts(companies, names) -> dict:
    """Return how settings stand, in words.

    :param companies: ``res.company``
    :param names: of fields; what is no setting is left out
    :return: ``{company in sudo: (dossier, {name: text})}``
    """
    names = [name for name in SETTINGS if name in names]
    return {
        company: (
            company.octopus_dossier_id,
            {name: _text(company, name) for name in names},
        )
        for company in companies.sudo()
        if names
    }


def changed_settings(company, texts) -> list[str]:
    """Return which settings are otherwise than they were, in words.

    :param company: ``res.company`` in sudo
    :param texts: ``{name: text}`` of before, see :func:`setting_texts`
    """
    labels = company.fields_get(list(texts), ["string"])
    return [
        f"{labels[name]['string']}: {text or '–'} → {now or '–'}"
        for name, text in texts.items()
        if (now := _text(company, name)) != text
    ]


def _text(record, name):
    field, value = record._fields[name], record[name]
    if field.relational:
        return ", ".join(value.mapped("display_name"))
    if field.type == "selection":
        options = record.fields_get([name], ["selection"])[name]["selection"]
        return dict(options).get(value, "")
    if field.type == "boolean":
        return record.env._("Yes") if value else record.env._("No")
    return str(value or "")


# For who looks at all companies


def effective(company) -> dict:
    """Return the settings that hold for a company, in words.

    :param company: one ``res.company``
    :return: ``{name: text}``; only that it is off, where it is
    """
    holder = company.octopus_settings()
    if not holder:
        off = company.sudo().octopus_settings_company_id
        return {"octopus_enabled": _text(off, "octopus_enabled")}
    return {name: _text(holder, name) for name in (*SETTINGS, *KEPT_WITH_SETTINGS)}


def effective_of_dossier(dossier) -> dict:
    """Return what is kept on a dossier, in words.

    :param dossier: ``octopus.dossier`` in sudo, maybe empty
    :return: ``{name: text}``
    """
    return {name: _text(dossier, name) for name in DOSSIER_SETTINGS if dossier}
