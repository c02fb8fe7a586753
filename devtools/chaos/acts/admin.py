"""What people do in Odoo: documents, contacts, and second thoughts."""

import base64
from contextlib import suppress
from dataclasses import replace

from odoo import fields

from ..schedule import Acts
from ..states import REASON, SENT, UNSENT

acts = Acts()
ACTS = acts.known

WAYS = ("same", "changed", "cancel")
# What else becomes of a document that was reset.
MORE_WAYS = (*WAYS, "partner", "date", "draft")
SUPPLIERS = ("supplier", "eu_supplier", "world_supplier")
FILE = base64.b64encode(b"%PDF-1.4 " + b"chaos " * 100)


@acts(9)
def post_documents(world, day=None):
    """Post one or two documents of any kind; some are credited at once."""
    return world.as_admin(_post, world, world.side(), day)


def _post(env, world, side, day):
    random = world.random
    writer = world.writer(env, side, day or _day(world))
    for _document in range(random.choice((1, 1, 2))):
        kind = random.choice(side.kinds)
        world.made += 1
        values = {**kind.values}
        if kind.type == "in_invoice":
            values["ref"] = f"V{world.made}"
        move = writer.write(replace(kind, partner=_partner(world, kind), values=values))
        if move.amount_total and random.random() < 0.2:
            writer.credit(move)


def _day(world):
    today = fields.Date.today()
    if world.random.random() < 0.8:
        return today
    return today.replace(month=world.random.randint(1, today.month), day=1)


def _partner(world, kind):
    """Return the kind's own partner, or another one that fits its taxes."""
    others = {
        "belgian": [key for key in world.partners if key.startswith("customer")],
        "supplier": [key for key in world.partners if key.startswith("vendor")],
    }.get(kind.partner)
    if others and world.random.random() < 0.6:
        return world.random.choice(others)
    return kind.partner


@acts(3)
def meet_contact(world, role=None):
    """Somebody new, whom Octopus may know already; give their key."""
    return world.as_admin(_meet, world, role)


def _meet(env, world, role):
    role = role or world.random.choice(("customer", "vendor"))
    number = 1000 + len(world.partners)
    first = 7_000_000 + number
    partner = env["res.partner"].create(
        {
            "name": f"{role.title()} {number}",
            "is_company": True,
            "country_id": env.ref("base.be").id,
            "vat": f"BE0{first}{97 - first % 97:02}",
            "city": "Gent",
        }
    )
    world.partners[f"{role}{number}"] = partner.id
    return f"{role}{number}"


@acts(3)
def take_back(world, side=None, latest=20):
    """Reset a document to draft; post it again, changed or not, cancel or leave it.

    :param latest: one of so many
    """
    side = side or world.side()
    return world.as_admin(reset, world, side, MORE_WAYS, latest)


def reset(env, world, side, ways=WAYS, latest=20):
    """Do so with some document."""
    move = some_move(env, world, side, latest=latest)
    if not move:
        return False
    sent = move.octopus_state in SENT
    document, name = (side.number, move.id), move.name
    move.with_context(octopus_reason=REASON).button_draft()
    way = world.random.choice(ways)
    if way == "cancel":
        move.button_cancel()
    elif way != "draft":
        change(world, move, way)
        move.action_post()
    if sent or move.name != name:
        world.event_log.touched_in_odoo.add(document)
    return True


def change(world, move, way):
    """Change a draft: its amount, contact or day."""
    if way == "changed":
        line = move.invoice_line_ids[:1]
        line.price_unit += 1
    elif way == "partner":
        move.partner_id = _another(world, move)
    elif way == "date":
        today = fields.Date.today()
        move.invoice_date = today.replace(day=world.random.randint(1, today.day))


def _another(world, move):
    """Return the id of a contact that fits the taxes of a document, too."""
    for alike in ("customer", "vendor"):
        known = [id_ for key, id_ in world.partners.items() if key.startswith(alike)]
        if move.partner_id.id in known:
            return world.random.choice(known)
    return move.partner_id.id


@acts(3)
def confirm_again(world, side=None):
    """Confirm a document that was reset or cancelled, as it is or changed."""
    return world.as_admin(_confirm_again, world, side or world.side())


def _confirm_again(env, world, side):
    move = some_move(env, world, side, stands=("draft", "cancel"))
    if not move:
        return False
    sent = move.octopus_state in SENT
    document, name = (side.number, move.id), move.name
    if move.state == "cancel":
        move.button_draft()
    change(world, move, world.random.choice(("same", "same", "changed")))
    move.action_post()
    if sent or move.name != name:
        world.event_log.touched_in_odoo.add(document)
    return True


def some_move(env, world, side, states=(*UNSENT, *SENT), stands=("posted",), latest=20):
    """Return one of the latest documents with a row in the outbox, maybe empty.

    :param states: of the row; ``stands``: of the document
    """
    rows = env["octopus.booking"].search_fetch(
        [
            ("dossier_id", "=", side.dossier_id),
            ("state", "in", states),
            ("move_id.state", "in", stands),
        ],
        ["move_id"],
        limit=latest,
        order="id desc",
    )
    return world.random.choice(rows).move_id if rows else env["account.move"]


@acts(3)
def attach_file(world, side=None):
    """A file comes with a bill, before or after it was booked."""
    return world.as_admin(_attach, world, side or world.side())


def _attach(env, world, side):
    move = some_move(env, world, side)
    if not move.is_purchase_document() or move.message_main_attachment_id:
        return False
    move.message_main_attachment_id = env["ir.attachment"].create(
        {
            "name": f"bill {move.id}.pdf",
            "datas": FILE,
            "res_model": "account.move",
            "res_id": move.id,
        }
    )
    return True


@acts(2)
def ask_for_many(world):
    """Ask for documents in the list: they go in the background."""
    return world.as_admin(_ask_for_many, world, world.side())


def _ask_for_many(env, world, side):
    rows = env["octopus.booking"].search(
        [("dossier_id", "=", side.dossier_id), ("state", "in", UNSENT)], limit=10
    )
    rows = rows.filtered(lambda row: row.cause not in world.for_a_person)
    if not rows:
        return False
    rows.move_id.action_octopus_send()
    return True


def write_and_ask(env, world, side, partner=None):
    """Post a document of the plainest kind, and ask for it; give its id.

    :param partner: key of a contact, if not its own
    """
    kind = side.kinds[0]
    writer = world.writer(env, side)
    move = writer.write(replace(kind, partner=partner or kind.partner))
    move._octopus_queue(env.user)
    return move.id


@acts(1)
def ask_in_vain(world):
    """A request is rolled back after the documents were asked for, and comes again."""
    side = world.side()

    def start_anew(env):
        _ask_for_many(env, world, side)
        raise _Again

    with suppress(_Again):
        world.as_admin(start_anew)
    return world.as_admin(_ask_for_many, world, side)


class _Again(Exception):
    """Odoo starts the request anew."""
