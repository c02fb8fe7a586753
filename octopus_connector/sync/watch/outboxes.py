"""What stays on its way to Octopus, or waits for a person."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ...core import codes
from ...core.codes import CODES
from ...core.findings import Finding
from ...core.states import DUE_LATER, IN_FLIGHT, TO_DECIDE
from ...core.vat_period import MONTH, due_date, first_untold, vat_returns
from ...prepare.scope import not_asked_domain, not_asked_dossiers

# How long nobody is bothered with what may mend itself.
JOURNAL_PATIENCE = timedelta(hours=1)
BLOCKED_PATIENCE = timedelta(days=1)
# What travels to Octopus, with the begin of the codes that tell of it.
OUTBOXES = {"octopus.booking": "documents", "octopus.payment": "payments"}
# What a person must decide, by the code that tells it.
TO_COMPARE = {
    codes.DOCUMENTS_DIFFER: Domain("state", "in", TO_DECIDE),
    codes.DOCUMENTS_MAYBE_BOOKED: Domain("cause", "=", codes.MAYBE_BOOKED),
}
PAYMENTS_TO_DECIDE = {
    codes.PAYMENTS_GONE: Domain("state", "=", "gone"),
    codes.PAYMENTS_DISPUTED: Domain("cause", "=", codes.PAYMENT_DISPUTED)
    & Domain("state", "!=", "excluded"),
    codes.MATCHES_BLOCKED: Domain("match_state", "=", "blocked"),
}


def documents_that_stay(env, dossier):
    """Tell of documents and payments that wait, or are stopped, for too long.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    now = fields.Datetime.now()
    bookings = env["octopus.booking"].sudo()
    open_long = bookings._read_group(
        asked_for(dossier)
        & _waits_for_journal(now)
        & Domain("journal_id", "!=", False),
        ["journal_id"],
    )
    found = [
        Finding(codes.JOURNAL_OPEN_ELSEWHERE, {"journal": journal.display_name})
        for [journal] in open_long
    ]
    params = {"days": dossier.watch_days}
    for model, name in OUTBOXES.items():
        counts = {
            f"{name}_blocked": _blocked(env[model].sudo(), dossier, now),
            f"{name}_wait": _waiting(env[model].sudo(), dossier, now),
        }
        found += _told(counts, model, **params)
    return found


def where_documents_stay(env, dossiers):
    """Return those dossiers in which :func:`documents_that_stay` may find something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    now = fields.Datetime.now()
    days = min(dossiers.mapped("watch_days"), default=0)
    stays = _is_blocked(now) | _waits(now, days) | _waits_for_journal(now)
    return _where(env, OUTBOXES, dossiers, asked_for(dossiers) & stays)


def _where(env, models, dossiers, domain):
    """Return those dossiers of which a model has a row of a domain."""
    found = dossiers.browse()
    for model in models:
        groups = env[model].sudo()._read_group(domain, ["dossier_id"])
        found = found.union(*(dossier for [dossier] in groups))
    return dossiers & found.with_env(dossiers.env)


def _told(counts, model, **params):
    """Return a finding for each code of which there is something."""
    return [
        Finding(code, {**params, "count": count}, model)
        for code, count in counts.items()
        if count
    ]


def _counted(rows, dossier, found):
    """Return the findings about rows of a dossier, by ``{code: domain}``."""
    ours = Domain("dossier_id", "=", dossier.id)
    counts = {code: rows.search_count(ours & which) for code, which in found.items()}
    return _told(counts, rows._name)


def _blocked(outbox, dossier, now):
    return outbox.search_count(asked_for(dossier) & _is_blocked(now))


def _waiting(outbox, dossier, now):
    return outbox.search_count(asked_for(dossier) & _waits(now, dossier.watch_days))


def _waits_for_journal(now):
    return (
        Domain("state", "=", "waiting")
        & Domain("cause", "=", codes.JOURNAL_OPEN_ELSEWHERE)
        & Domain("waiting_since", "<=", now - JOURNAL_PATIENCE)
    )


def _is_blocked(now):
    since = Domain("waiting_since", "<=", now - BLOCKED_PATIENCE)
    return Domain("state", "=", "blocked") & since


def _waits(now, days):
    """Return the domain of rows that wait too long: for what is awaited, for an answer,
    or for a pass that does not come."""
    limit = now - timedelta(days=days)
    held = Domain("state", "in", DUE_LATER) & (Domain("waiting_since", "<=", limit))
    left = Domain("state", "in", ("ready", *IN_FLIGHT)) & (
        Domain("write_date", "<=", limit)
    )
    return held | left


def asked_for(dossiers):
    """Return the domain of what somebody asked to send; of a run that was paused and
    forgotten, too.

    :param dossiers: ``octopus.dossier``
    :return: ``Domain`` for ``octopus.booking`` and ``octopus.payment``
    """
    asked = Domain("queued", "=", True) | Domain("run_id.state", "=", "paused")
    return Domain("dossier_id", "in", dossiers.ids) & asked


def not_sent_before_vat(env, dossier):
    """Tell of documents that nobody asked for, before their VAT return is due; also
    where documents do not go by themselves.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    moves = env["account.move"].sudo()
    count = moves.search_count(not_asked_domain(dossier.with_env(env)))
    if not count:
        return []
    every = dossier.vat_return or MONTH
    untold = first_untold(fields.Date.context_today(dossier.with_env(env)), every)
    last = untold - timedelta(days=1)
    params = {
        "count": count,
        "vat_period": vat_returns(last.replace(day=1), last, every),
        "due_date": due_date(untold, every),
    }
    return [Finding(codes.NOT_SENT_BEFORE_VAT, params, "account.move")]


def where_not_sent(_env, dossiers):
    """Return those dossiers in which :func:`not_sent_before_vat` may find something.

    :param _env: as the others have it
    :param dossiers: ``octopus.dossier``, in sudo
    """
    found = dossiers.browse()
    for same in dossiers.grouped("vat_return").values():
        found |= same & not_asked_dossiers(same)
    return found


def documents_to_compare(env, dossier):
    """Tell of documents about which a person must decide.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    return _counted(env["octopus.booking"].sudo(), dossier, TO_COMPARE)


def where_to_compare(env, dossiers):
    """Return those dossiers in which :func:`documents_to_compare` finds something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    here = Domain("dossier_id", "in", dossiers.ids)
    return _where(
        env, ["octopus.booking"], dossiers, here & Domain.OR(TO_COMPARE.values())
    )


def not_compared(_env, dossier):
    """Tell what keeps documents from being compared with Octopus.

    :param _env: as the other checks have it
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    names = ("code", "params", "model", "ids")
    return [
        Finding(**{name: problem[name] for name in names})
        for problem in dossier.comparison_problems or ()
        if problem.get("code") in CODES
    ]


def payments_to_decide(env, dossier):
    """Tell of payments that are not in Octopus as they are here, and do not get
    there by themselves.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    return _counted(env["octopus.payment"].sudo(), dossier, PAYMENTS_TO_DECIDE)


def where_payments_to_decide(env, dossiers):
    """Return those dossiers in which :func:`payments_to_decide` finds something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    here = Domain("dossier_id", "in", dossiers.ids)
    which = Domain.OR(PAYMENTS_TO_DECIDE.values())
    return _where(env, ["octopus.payment"], dossiers, here & which)
