"""What people do in Odoo: documents, contacts, and second thoughts."""

import base64
from contextlib import suppress
from dataclasses import replace

from odoo import fields

from ..schedule import Acts

acts = Acts()
ACTS = acts.known

UNSENT = ("ready", "waiting", "blocked")
SENT = ("booked", "changed", "gone", "differs")
ASKED = ("maybe_booked", "number_disputed")
SUPPLIERS = ("supplier", "eu_supplier", "world_supplier")
FILE = base64.b64encode(b"%PDF-1.4 " + b"chaos " * 100)


@acts(9)
def post_documents(world, day=None):
    """Post one or two documents of any kind; some are credited at once."""
    return world.in_office(_post, world, world.side(), day)


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
def meet_contact(world):
    """Somebody new, whom Octopus may know already."""
    return world.in_office(_meet, world)


def _meet(env, world):
    role = world.random.choice(("customer", "vendor"))
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


@acts(3)
def take_back(world):
    """Reset a document to draft; post it again, changed or not, or cancel it."""
    return world.in_office(reset, world, world.side())


def reset(env, world, side):
    """Do so with some document."""
    move = _some_move(env, world, side)
    if not move:
        return False
    sent = move.octopus_state in SENT
    name = (side.number, move.name)
    move.with_context(octopus_reason="chaos").button_draft()
    way = world.random.choice(("same", "changed", "cancel"))
    if way == "cancel":
        move.button_cancel()
    else:
        if way == "changed":
            line = move.invoice_line_ids[:1]
            line.price_unit += 1
        move.action_post()
    if sent or move.name != name[1]:
        world.deeds.touched_in_odoo.add(name)
    return True


def _some_move(env, world, side, states=(*UNSENT, *SENT)):
    rows = env["octopus.booking"].search_fetch(
        [
            ("dossier_id", "=", side.dossier_id),
            ("state", "in", states),
            ("move_id.state", "=", "posted"),
        ],
        ["move_id"],
        limit=20,
        order="id desc",
    )
    return world.random.choice(rows).move_id if rows else env["account.move"]


@acts(3)
def attach_file(world):
    """A file comes with a bill, before or after it was booked."""
    return world.in_office(_attach, world, world.side())


def _attach(env, world, side):
    move = _some_move(env, world, side)
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
    return world.in_office(_ask_for_many, world, world.side())


def _ask_for_many(env, world, side):
    rows = env["octopus.booking"].search(
        [("dossier_id", "=", side.dossier_id), ("state", "in", UNSENT)], limit=10
    )
    rows = rows.filtered(lambda row: row.cause not in world.for_a_person)
    if not rows:
        return False
    rows.move_id.action_octopus_send()
    return True


@acts(1)
def ask_in_vain(world):
    """A request is rolled back after the documents were asked for, and comes again."""
    side = world.side()

    def start_anew(env):
        _ask_for_many(env, world, side)
        raise _Again

    with suppress(_Again):
        world.in_office(start_anew)
    return world.in_office(_ask_for_many, world, side)


class _Again(Exception):
    """Odoo starts the request anew."""


@acts(2)
def decide_what_is_there(world):
    """A person looks at bookings that may be documents of ours."""
    side = world.side()
    return world.in_office(decide, world, side)


def decide(env, world, side):
    """Say of each booking that may be a document whether it is, as who looks knows."""
    rows = env["octopus.booking"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("state", "=", "blocked"),
            ("cause", "in", ASKED),
        ]
    )
    there = world.octopus.documents(side.number) if rows else {}
    for row in rows:
        key = _key(row.candidate_id)
        ours = key in there and world.name_of(side, there[key]) == row.move_id.name
        if ours and (side.number, key) not in world.deeds.orphans:
            row.action_adopt()
        else:
            row.action_other_document()
    return bool(rows)


def _key(entry):
    year = entry.journal_year_id
    return f"{year.bookyear_id.octopus_id}/{year.journal_id.key}/{entry.number}"
