"""The end of a test: nothing that it made of the link stays."""

from __future__ import annotations

from odoo.addons.octopus_connector.sync.payments.apply import take_back

OUTBOX = "octopus.outbox.mixin"


def forget_link(sandbox):
    """Remove dossiers, mirror, mappings, outbox rows, payments and settings of a test.

    The ORM does it, model by model, so that messages, activities, scheduled actions
    and computed fields follow.

    :param sandbox: one ``octopus.sandbox``, in sudo
    """
    env = sandbox.env
    dossiers = env["octopus.dossier"].with_context(active_test=False)
    dossiers = dossiers.search([("connection_id", "=", sandbox.connection_id.id)])
    companies = sandbox.companies()
    actions = dossiers.crons().ir_actions_server_id
    _forget_payments(env, dossiers)
    _forget_notes(sandbox, dossiers)
    _reset_settings(sandbox, companies)
    _forget_rows("dossier_id", dossiers)
    calls = [("connection_ref", "=", sandbox.connection_id.id)]
    env["octopus.call"].search(calls).unlink()
    # What Octopus says of its codes was asked of the pretend one.
    texts = [("create_date", ">=", sandbox.create_date)]
    env["octopus.error.text"].search(texts).unlink()
    _forget_rows("connection_id", sandbox.connection_id)
    # Odoo leaves what a scheduled action did behind.
    actions.unlink()


def _forget_rows(name, named):
    """Remove the rows of all models that name one of some records, outboxes first:
    these hold on to what is below.

    :param str name: of the field
    :param named: the records
    """
    env = named.env
    outboxes = {rows._name for rows in env[OUTBOX].outboxes()}
    models = [
        model
        for model in env.registry.values()
        if not model._abstract
        and model._name != "octopus.sandbox"
        and (field := model._fields.get(name))
        and field.store
        and field.comodel_name == named._name
    ]
    for model in sorted(models, key=lambda it: (it._name not in outboxes, it._name)):
        rows = env[model._name].with_context(active_test=False)
        rows.search([(name, "in", named.ids)]).unlink()


def _forget_payments(env, dossiers):
    """Remove what matches in the pretend Octopus made in Odoo: payments, entries,
    reconciliations. A payment that a person registered stays, without its match."""
    rows = env["octopus.balancing"].search([("dossier_id", "in", dossiers.ids)])
    made = rows.filtered(lambda row: not (row.made or {}).get("registered"))
    payments, entries = made.payment_id, made.entry_id
    take_back(rows)
    payments.unlink()
    # An entry between others of its journal leaves a hole in their numbers.
    entries.with_context(force_delete=True).unlink()


def _forget_notes(sandbox, dossiers):
    """Remove from documents what was noted of their way to the pretend Octopus, and
    of being paid there."""
    rows = sandbox.env["octopus.booking"]
    moves = rows.search([("dossier_id", "in", dossiers.ids)]).move_id
    sandbox.env.flush_all()
    moves._track_discard()
    sandbox.env["mail.message"].search(
        [
            ("model", "=", moves._name),
            ("res_id", "in", moves.ids),
            ("message_type", "=", "notification"),
            ("create_date", ">=", sandbox.create_date),
            "|",
            ("body", "ilike", "octopus"),
            ("tracking_value_ids.field_id.name", "=", "payment_state"),
        ]
    ).unlink()


def _reset_settings(sandbox, companies):
    """Give what has settings of ours its first values again."""
    env = sandbox.env
    clearing = companies.octopus_clearing_journal_id.filtered(
        lambda journal: journal.create_date >= sandbox.create_date
    )
    of_companies = [("company_id", "in", companies.ids)]
    for records in (
        companies,
        env["account.journal"].with_context(active_test=False).search(of_companies),
    ):
        names = [
            name
            for name, field in records._fields.items()
            if name.startswith("octopus_") and field.store and not field.compute
            if field.type not in ("one2many", "many2many")
        ]
        first = records.default_get(names)
        for record in records:
            record.write({name: first.get(name, False) for name in names})
            since = "octopus_automatic_since"
            if since in names:
                # It follows what was written with it.
                record[since] = first.get(since, False)
    accounts = clearing.default_account_id
    clearing.unlink()
    accounts.unlink()
