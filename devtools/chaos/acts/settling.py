"""What people settle in Odoo without a bank: documents with documents, at a new
rate."""

from odoo import fields

from ..schedule import Acts
from .payments import _note

acts = Acts()
ACTS = acts.known

PARTIES = ("asset_receivable", "liability_payable")


@acts(6)
def settle_in_odoo(world):
    """A person reconciles a credit note with an invoice of the same contact."""
    return world.as_admin(_settle, world, world.side())


def _settle(env, world, side):
    terms = env["account.move.line"].search(
        [
            ("company_id", "=", side.company_id),
            ("account_type", "in", PARTIES),
            ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
            ("move_id.octopus_booking_id.state", "in", ("booked", "ready", "waiting")),
        ],
        order="id desc",
        limit=60,
    )
    pairs = [
        debit | credit
        for debit in terms
        for credit in terms
        if debit.balance > 0 > credit.balance
        and debit.account_id == credit.account_id
        and debit.currency_id == credit.currency_id
        and debit.move_id.commercial_partner_id == credit.move_id.commercial_partner_id
        and "refund" in debit.move_id.move_type + credit.move_id.move_type
    ]
    if not pairs:
        return False
    pair = world.random.choice(pairs)
    _note(side, world.money.paid_here, pair.move_id)
    _note(side, world.money.settled, pair.move_id)
    pair.reconcile()
    return True


@acts(2)
def unsettle_in_odoo(world):
    """A person takes that back."""
    return world.as_admin(_unsettle, world, world.side())


def _unsettle(env, world, side):
    rows = env["octopus.document.match"].search(
        [("dossier_id", "=", side.dossier_id)], order="id desc", limit=15
    )
    settled = rows.filtered(lambda row: row.sudo().wanted())
    if not settled:
        return False
    row = world.random.choice(settled)
    debit, credit = row.debit_move_id, row.credit_move_id
    _note(side, world.money.touched, debit | credit)
    partials = debit.line_ids.matched_credit_ids.filtered(
        lambda partial: partial.credit_move_id.move_id == credit
    )
    partials.unlink()
    return True


@acts(1)
def change_rate(world):
    """The rate of a foreign currency is another one from today on."""
    return world.as_admin(_change_rate, world)


def _change_rate(env, world):
    currency = env.ref("base.USD")
    today = fields.Date.today()
    for side in world.sides:
        root = env["res.company"].browse(side.company_id).root_id
        known = currency.rate_ids.filtered(
            lambda rate, root=root: rate.company_id == root and rate.name == today
        )
        value = round(world.random.uniform(1.05, 1.45), 4)
        if known:
            known.rate = value
        else:
            currency.rate_ids.create(
                {
                    "currency_id": currency.id,
                    "company_id": root.id,
                    "name": today,
                    "rate": value,
                }
            )
    return True
