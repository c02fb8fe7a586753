"""What a person decides who knows both sides: of bookings that may be a document of
ours, and of documents that are not the same on both sides."""

from decimal import Decimal

from ..books import is_untold, octopus_key
from ..schedule import Acts
from ..states import FOR_A_PERSON, REASON

acts = Acts()
ACTS = acts.known

DIFFERENT = ("changed", "differs", "gone")
# What an update changes, as far as the list of documents tells it.
FACTS = ("relation", "amount", "document_date")


@acts(2)
def decide_what_is_there(world, side=None):
    """A person looks at bookings that may be documents of ours."""
    return look_at_found(world, side or world.side())


def look_at_found(world, side):
    """Say of each booking that may be a document whether it is, as who looks knows."""
    found = world.as_admin(_look_at_found, world, side)
    if not found:
        return False
    amounts, of_others = found
    world.event_log.agreed |= amounts
    world.event_log.of_others |= of_others
    return True


def _look_at_found(env, world, side):
    """:return: amounts in Octopus, by document, that are others here, and the documents
    whose booking is another contact's; ``False`` if nothing was asked"""
    rows = env["octopus.booking"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("state", "=", "blocked"),
            ("cause", "in", FOR_A_PERSON),
        ]
    )
    if rows:
        world.documents(side)
    agreed, of_others = {}, set()
    for row in rows:
        document = world.owners.of_row(side, row)
        if world.owners.of(side, octopus_key(row.candidate_id)) == document:
            if row.candidate_amount != row.document_amount:
                agreed[document] = _money(row.candidate_amount)
            row.action_adopt()
            if row.relation_id.partner_id != row.move_id.commercial_partner_id:
                of_others.add(document)
        else:
            row.action_other_document()
    return bool(rows) and (agreed, of_others)


def tell_bills_apart(env, side):
    """Say of bills that look like another one that they are not: here each is a bill of
    its own."""
    rows = env["octopus.booking"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("state", "=", "blocked"),
            ("cause", "=", "bill_twice"),
        ]
    )
    if not rows:
        return False
    rows.action_other_document()
    return True


def _money(amount):
    return Decimal(f"{float(amount):.2f}")


@acts(6)
def decide_difference(world, side=None):
    """A person decides about a document that is not the same on both sides."""
    side = side or world.side()
    found = world.as_admin(_look_at_different, world, side)
    if not found:
        return False
    row_id, choice = world.random.choice(found)
    return CHOICES[choice](world, side, row_id)


def _look_at_different(env, world, side):
    """Return pairs of a row and what can be chosen for it."""
    rows = env["octopus.booking"].search(
        [("dossier_id", "=", side.dossier_id), ("state", "in", DIFFERENT)],
        order="id desc",
        limit=20,
    )
    return [(row.id, choice) for row in rows for choice in _choices(row)]


def _choices(row):
    posted = row.move_id.state == "posted"
    if row.state == "gone":
        return ("send_again", "settle") if posted else ("settle",)
    return ("update", "update", "credit", "settle") if posted else ("settle",)


def _ask(env, row_id):
    """Return a row and the dialog about it."""
    row = env["octopus.booking"].browse(row_id)
    action = row.action_decide()
    return row, env[action["res_model"]].browse(action["res_id"])


def _update(world, side, row_id):
    before = world.documents(side)
    told = world.as_admin(_press_update, world, side, row_id)
    if told:
        world.event_log.make_same(told)
        return True
    # Refused, or there is no answer and it was done.
    after = world.documents(side)
    for key, document in after.items():
        facts = [
            [some.get(name) for name in FACTS]
            for some in (before.get(key, {}), document)
        ]
        if key in before and facts[0] != facts[1]:
            world.event_log.edited.add(world.owners.of(side, key))
    return True


def _press_update(env, world, side, row_id):
    row, wizard = _ask(env, row_id)
    wizard.action_update()
    return world.owners.of_row(side, row)


def _credit(world, side, row_id):
    """Credit a document and write another in its place; both go their own way."""
    return world.as_admin(_press_credit, world, side, row_id)


def _press_credit(env, world, side, row_id):
    row, wizard = _ask(env, row_id)
    chosen = wizard.action_credit()["context"]
    move = env[chosen["active_model"]].browse(chosen["active_ids"])
    if not move.amount_total:
        return False
    world.made += 1
    writer = world.writer(env, side)
    writer.credit(move)
    again = move.copy({"ref": f"V{world.made}", "invoice_date": writer.date})
    again.action_post()
    return bool(row)


def _settle(world, side, row_id):
    """Agree that it stays as it is on both sides."""
    told = world.as_admin(_press_settle, world, side, row_id)
    if not told:
        return False
    document, was, amount = told
    if was == "gone":
        world.event_log.kept_out.add(document)
        # What was agreed of the booking that is gone holds for no later one.
        world.event_log.agreed.pop(document, None)
    else:
        world.event_log.agreed[document] = amount
        world.event_log.settled.add(document)
        world.event_log.touched_in_odoo.discard(document)
    return True


def _press_settle(env, world, side, row_id):
    row, wizard = _ask(env, row_id)
    told = world.owners.of_row(side, row), row.state, _shown(row)
    wizard.reason = REASON
    wizard.action_settle()
    return told


def _shown(row):
    """Return the amount in Octopus that a person was told of."""
    told = [found for found in row.differences or () if found["what"] == "amount"]
    shown = told[0]["there"] if told else (row.payload or {}).get("amount")
    return shown and _money(shown)


def _send_again(world, side, row_id):
    """Send a document again that is gone; who is told that it may still be there
    looks first, and who works in the same room as the accountant knows what no list
    tells."""
    world.documents(side)
    document = world.as_admin(_press_send_again, world, side, row_id)
    if document:
        world.event_log.begin_anew(document)
    return bool(document)


def _press_send_again(env, world, side, row_id):
    row, wizard = _ask(env, row_id)
    document = world.owners.of_row(side, row)
    there = document in world.owners.copies(side)
    if there and is_untold(world, document):
        return False
    wizard.agreed = bool(wizard.standing_text) and not there
    wizard.action_send_again()
    return document


CHOICES = {
    "update": _update,
    "credit": _credit,
    "settle": _settle,
    "send_again": _send_again,
}
