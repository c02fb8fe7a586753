"""Steps on the older code: what brings documents and payments into their states.

They know the addon as it was at ``ba23786``, and change with no revision after it.
"""

from odoo.exceptions import UserError

from ..scenario.steps import step

CRONS = {"push": "push_cron_id", "pull": "pull_cron_id", "refresh": "refresh_cron_id"}


@step
def run_cron(env, company_id, name):
    """Run a scheduled action of a company's dossier to its end.

    :param name: ``push``, ``pull`` or ``refresh``
    """
    dossier = env["res.company"].browse(company_id)._octopus_dossier()
    told = dossier[CRONS[name]].method_direct_trigger()
    if told is not True:
        raise UserError(told["params"]["data"]["debug"])


@step
def ask(env, move_ids):
    """Ask for documents to be sent, without sending them."""
    env["account.move"].browse(move_ids)._octopus_queue(env.user)


@step
def keep_out(env, move_ids):
    """Keep documents out of Octopus."""
    moves = env["account.move"].browse(move_ids)
    env["octopus.exclude"].create(
        {"move_ids": moves.ids, "reason": "It is kept elsewhere."}
    ).action_exclude()


@step
def forget_account(env, company_id, code):
    """Forget which account of Octopus an account stands for."""
    found = env["octopus.account.mapping"].search([("company_id", "=", company_id)])
    rows = found.filtered(lambda row: row.account_id.code == code)
    rows.unlink()
    return len(rows)


@step
def change_document(env, move_id):
    """Change a document that was sent, and confirm it again."""
    move = env["account.move"].browse(move_id)
    move.button_draft()
    line = move.invoice_line_ids[:1]
    line.price_unit += 1
    move.action_post()


@step
def limit_payments(env, company_id, limit):
    """Say how many documents a reading may change before a person must look."""
    settings = env["res.company"].browse(company_id)._octopus_settings()
    settings.octopus_payment_limit = limit


@step
def cancel_payment(env, payment_id):
    """Cancel a payment that was sent."""
    env["account.payment"].browse(payment_id).action_cancel()


@step
def send_payment(env, payment_id):
    """Send a payment with its button, whatever becomes of it."""
    env["account.payment"].browse(payment_id).action_octopus_send()


@step
def split_journals(env, company_id):
    """Let credit notes go to journals of their own, so that one document can be in
    doubt in each of four."""
    settings = env["res.company"].browse(company_id)._octopus_settings()
    journals = settings.octopus_dossier_id.journal_ids
    for field, key in (("out_refund", "V2"), ("in_refund", "A2")):
        found = journals.filtered(lambda row, key=key: row.key == key)
        settings[f"octopus_{field}_journal_id"] = found


@step
def other_payment(env, payment_id):
    """Say that a payment is not what was found in the bank of Octopus."""
    payment = env["account.payment"].browse(payment_id)
    payment.octopus_payment_id.action_other_payment()
