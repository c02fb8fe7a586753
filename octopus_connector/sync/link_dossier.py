"""Linking a company with a dossier, ending that, taking it up again, changing it.

Nothing is ever forgotten by it: relations, mappings and the numbers of bookings stay
where they are, and nothing is changed in Octopus.
"""

from __future__ import annotations

from collections import defaultdict

from odoo.exceptions import UserError

from ..core.states import AT_REST, BOOKED, IN_FLIGHT, OPEN, SENT
from ..prepare.settings import carried_over
from .refresh import refresh_now

MAPPINGS = (
    "octopus.tax.mapping",
    "octopus.account.mapping",
    "octopus.journal.mapping",
    "octopus.cost.centre.mapping",
)


def link(company, dossier) -> list:
    """Book a company's documents in a dossier from now on; take up a link that was
    ended where it was, after reading what changed.

    The mirror of the dossier is read if it never was; what was mapped for another
    dossier stays, and is marked as stale.

    :param company: one ``res.company``, of the person who links it
    :param dossier: ``octopus.dossier``
    :return: findings, as JSON, of what could not be read
    :raises AccessError: the company is not the user's, or the dossier another's
    :raises UserError: there was no time to read all of it
    """
    company.octopus_check_companies()
    dossier = dossier.with_env(company.env)
    dossier.check_access("read")
    back = not company.octopus_enabled and dossier == company.sudo().octopus_dossier_id
    missed = refresh_now(dossier) if back and dossier.refreshed_at else []
    findings = _begin(company, dossier)
    if back:
        rows_of(company, dossier, BOOKED).note_reposted()
    return missed + findings


def _begin(company, dossier):
    company.ensure_one()
    findings = [] if dossier.refreshed_at else refresh_now(dossier)
    if not dossier.refreshed_at:
        raise UserError(
            company.env._(
                "%(dossier)s is still being read. Link it when that is done: it"
                " goes on by itself.",
                dossier=dossier.display_name,
            )
        )
    # Whoever links it anew wants its documents to go, whatever was ended before.
    values = {
        "octopus_dossier_id": dossier.id,
        "octopus_enabled": True,
        "octopus_end_date": False,
    }
    company.sudo().write({**carried_over(company, dossier), **values})
    settings = company.octopus_settings()
    for model in MAPPINGS:
        company.env[model].propose_for(settings)
    return findings


def disconnect(company, forget_login=False):
    """Send and read nothing more for a company; keep everything.

    :param company: one ``res.company`` that holds settings, of the person who asks
    :param bool forget_login: also erase password and software-house ID of the
        connection, unless another company works with it
    :raises AccessError: the person may not do so
    """
    company.ensure_one()
    company.octopus_check_companies()
    dossier = company.sudo().octopus_dossier_id
    if forget_login:
        dossier.connection_id.with_env(company.env).check_access("write")
    company.octopus_write_settings({"octopus_enabled": False})
    dossier._message_log(
        body=company.env._("%(company)s was disconnected.", company=company.name)
    )
    connection = dossier.connection_id
    others = [
        ("connection_id", "=", connection.id),
        ("active", "in", (True, False)),
    ]
    if forget_login and not dossier.search(others).filtered(
        lambda other: other.is_used()
    ):
        connection.forget_login()


# Another dossier


def rows_of(company, dossier, states, model="octopus.booking"):
    """Return the documents, or payments, of settings in a dossier, by state.

    :param company: one ``res.company`` that holds settings, on or off
    :param dossier: ``octopus.dossier``
    :param states: of the rows
    :param str model: that inherits ``octopus.outbox.mixin``
    :return: rows in sudo
    """
    company.ensure_one()
    below = company.sudo().search([("octopus_settings_company_id", "=", company.id)])
    return (
        company.env[model]
        .sudo()
        .search(
            [
                ("company_id", "in", below.ids),
                ("dossier_id", "=", dossier.id),
                ("state", "in", states),
            ]
        )
    )


def dossiers_of(companies) -> dict:
    """Return in which dossiers companies and the branches below them book, by their own
    settings or by those above, switched on or off.

    :param companies: ``res.company``
    :return: ``{company in sudo: octopus.dossier, maybe empty}``
    """
    every = companies.sudo().with_context(active_test=False)
    below = every.search([("id", "child_of", companies.ids)])
    return {
        company: company.octopus_settings_company_id.octopus_dossier_id
        for company in below
    }


def take_along(before):
    """Let what was not sent yet go to the dossier in which its company books now, once
    somebody asks for it; what is booked stays in the former one.

    :param before: what :func:`dossiers_of` gave before settings were changed
    :raises UserError: a document or payment was sent to the former dossier, and has no
        answer yet
    """
    moved = defaultdict(lambda: next(iter(before)).browse())
    for company, former in before.items():
        dossier = company.octopus_settings_company_id.octopus_dossier_id
        if dossier and dossier != former:
            moved[dossier] |= company
    for dossier, companies in moved.items():
        _check_settled(companies, dossier, before)
        for row in _rows_elsewhere(companies, dossier, (*OPEN, "excluded")):
            move_to(row, dossier)


def _rows_elsewhere(companies, dossier, states):
    """Yield the rows of companies, of each kind, that are in another dossier."""
    for rows in companies.env["octopus.outbox.mixin"].outboxes():
        yield from rows.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("dossier_id", "!=", dossier.id),
                ("state", "in", states),
            ]
        )


def _check_settled(companies, dossier, before):
    """Let no answer get lost that is still to come from the dossier they leave."""
    travelling = [
        row
        for row in _rows_elsewhere(companies, dossier, IN_FLIGHT)
        if row.dossier_id == before[row.company_id]
    ]
    if not travelling:
        return
    raise UserError(
        companies.env._(
            "Whether %(documents)s arrived in %(dossier)s is not known yet."
            " Wait for the answer, then change the dossier.",
            documents=", ".join(row.document_name for row in travelling[:5]),
            dossier=travelling[0].dossier_id.display_name,
        )
    )


def bring_along(rows):
    """Move what somebody sends, and Octopus does not have, from a former dossier to the
    one in which its company books now.

    :param rows: of one outbox, in sudo and not sent
    :return: those that were moved
    :raises UserError: that dossier has one of them already, or had it once
    """
    moved = rows.browse()
    for row in rows:
        dossier = row.company_id.octopus_dossier()
        if not dossier or dossier == row.dossier_id or row.of_dossier() is None:
            continue
        if _has_other(row, dossier):
            raise UserError(
                row.env._(
                    "%(document)s has its place in %(dossier)s already, where"
                    " %(company)s books now: send it there.",
                    document=row.document_name,
                    dossier=dossier.display_name,
                    company=row.company_id.display_name,
                )
            )
        note = row.env._(
            "Goes to %(dossier)s, where %(company)s books now, instead of %(former)s.",
            dossier=dossier.display_name,
            company=row.company_id.display_name,
            former=row.dossier_id.display_name,
        )
        move_to(row, dossier)
        row.tell(note)
        moved |= row
    return moved


def move_to(row, dossier) -> None:
    """Move a row to another dossier, where nobody asked for it yet.

    What undoes a payment of the former dossier stays there. A document that is in the
    other one already, or was once, keeps the row it has there.

    :param row: one of an outbox, in sudo, that Octopus does not have
    :param dossier: ``octopus.dossier``
    """
    cleared = row.of_dossier()
    if cleared is None:
        return
    if _has_other(row, dossier):
        row.unlink()
        return
    row.write(
        {
            **AT_REST,
            **cleared,
            "dossier_id": dossier.id,
            "company_id": (row.move_id or row).company_id.id,
            "state": "excluded" if row.state == "excluded" else "ready",
            "queued": False,
            "findings": False,
            "journal_year_id": False,
        }
    )


def _has_other(row, dossier):
    """Whether what a row is about has another one in a dossier."""
    known = [
        ("move_id", "=", row.move_id.id),
        ("dossier_id", "=", dossier.id),
        # What was taken back there is over, and says nothing of this one.
        ("state", "!=", "reversed"),
        ("id", "!=", row.id),
    ]
    return bool(row.move_id and row.search_count(known, limit=1))


def change_text(company, dossier) -> str:
    """Return what a change to another dossier means, for who must decide; nothing when
    nothing was done in the former one.

    :param company: one ``res.company``, in the language of the text
    :param dossier: ``octopus.dossier`` it would go to
    """
    former = company.sudo().octopus_dossier_id
    if not former or former == dossier:
        return ""
    booked = len(rows_of(company, former, SENT))
    waiting = len(rows_of(company, former, OPEN))
    if not booked and not waiting:
        return ""
    return company.env._(
        "%(booked)s documents are booked in %(former)s: they stay there, are shown"
        " with their number there, and are not sent again. %(waiting)s documents"
        " that were not sent yet will go to %(dossier)s when you ask for it.",
        booked=booked,
        waiting=waiting,
        former=former.display_name,
        dossier=dossier.display_name,
    )
