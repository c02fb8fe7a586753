"""Whether settings fit together: what is refused when a company is saved.

:raises ValidationError: each of them, in the language of the environment
"""

from __future__ import annotations

from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate, format_date

from ..core.findings import Finding
from .number_series import series_problem
from .settings import ACCOUNT_FIELDS, JOURNAL_FIELDS

_lt = LazyTranslate(__name__)

# Why Odoo's numbers cannot be those of an Octopus journal.
SERIES_PROBLEMS = {
    "monthly": _lt(
        "Series %(series)s starts anew each month, and journal %(octopus_journal)s of"
        " Octopus counts through the bookyear."
    ),
    "prefixes": _lt(
        "Several series of one Odoo journal go to journal %(octopus_journal)s of"
        " Octopus: %(series)s."
    ),
    "shared": _lt(
        "Several series share journal %(octopus_journal)s of Octopus: %(series)s."
    ),
}


def check_journals(company):
    """Let only journals of the right dossier and type be chosen.

    :param company: one ``res.company`` in sudo
    """
    for kind, field in JOURNAL_FIELDS.items():
        journal = company[field]
        if journal:
            _check_dossier_of(company, journal)
            _check_journal(kind, journal)


def _check_journal(kind, journal):
    code = journal.why_not(kind)
    if code:
        finding = Finding(code, {"journal": journal.display_name, "kind": kind})
        texts = journal.env["octopus.finding"]
        raise ValidationError(texts.sentences(finding.as_json()))


def check_accounts(company):
    """Let only accounts of the right dossier be chosen.

    :param company: one ``res.company`` in sudo
    """
    for field in ACCOUNT_FIELDS:
        _check_dossier_of(company, company[field])


def _check_dossier_of(company, row):
    if row and row.dossier_id != company.octopus_dossier_id:
        raise ValidationError(
            company.env._(
                "%(row)s belongs to dossier %(other)s, but %(company)s books in"
                " %(dossier)s. Choose one of that dossier.",
                row=row.display_name,
                other=row.dossier_id.display_name,
                company=company.name,
                dossier=company.octopus_dossier_id.display_name or "–",
            )
        )


def check_start_date(company):
    """Refuse a start before the first bookyear: none can come before it.

    :param company: one ``res.company`` in sudo, with a start
    """
    env = company.env
    first = company.octopus_dossier_id.bookyear_ids.sorted("date_start")[:1]
    if first and company.octopus_start_date < first.date_start:
        raise ValidationError(
            env._(
                "Documents can go to Octopus from %(first)s on: there the first"
                " bookyear starts, and Octopus cannot add one before it."
                " %(date)s is too early.",
                first=format_date(env, first.date_start),
                date=format_date(env, company.octopus_start_date),
            )
        )


def check_number_policy(company):
    """Refuse Odoo's numbers where they do not count as Octopus does.

    :param company: one ``res.company`` in sudo
    """
    if company.octopus_number_policy != "same":
        return
    problem, facts = series_problem(company) or (None, {})
    if problem:
        reason = company.env._(SERIES_PROBLEMS[problem])
        facts = {**facts, "series": ", ".join(facts["series"])}
        raise ValidationError(
            company.env._(
                "%(company)s: documents cannot have the same number as in"
                " Odoo. %(reason)s Choose the next number of the journal.",
                company=company.name,
                reason=reason % facts,
            )
        )


def check_suspense(company):
    """Refuse a suspense account that is used and not chosen.

    :param company: one ``res.company`` in sudo
    """
    wanted = company.octopus_unknown_account_policy == "suspense"
    if wanted and not company.octopus_suspense_account_id:
        raise ValidationError(
            company.env._(
                "%(company)s: choose the Octopus suspense account, or let"
                " documents with an unknown account stop.",
                company=company.name,
            )
        )
