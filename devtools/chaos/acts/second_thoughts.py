"""What people decide of documents that did not go yet, or should not be there."""

from ..schedule import Acts
from ..states import REASON, SENT, UNSENT
from .backups import orphan
from .office import some_move

acts = Acts()
ACTS = acts.known


@acts(1.5)
def delete_in_odoo(world, side=None):
    """Delete a document, whether Octopus has it or not."""
    side = side or world.side()
    deleted = world.in_office(_delete, world, side)
    if not deleted:
        return False
    name, sent = deleted
    if sent:
        # Odoo may give the number of it to another document.
        orphan(world, side, name)
    return True


def _delete(env, world, side):
    move = some_move(env, world, side, stands=("posted", "draft", "cancel"))
    if not move:
        return False
    told = move.name, move.octopus_state in SENT
    if move.state != "draft":
        move.with_context(octopus_reason=REASON).button_draft()
    move.unlink()
    return told


@acts(2)
def keep_out(world, side=None):
    """Keep a document out of Octopus that is not there."""
    side = side or world.side()
    there = world.octopus.documents(side.number).values()
    names = {world.name_of(side, document) for document in there}
    kept = world.in_office(_keep_out, world, side, names)
    if kept:
        world.deeds.kept_out.add((side.number, kept))
    return bool(kept)


def _keep_out(env, world, side, there):
    move = some_move(env, world, side, UNSENT)
    if not move or move.name in there or move.octopus_cause in world.for_a_person:
        return False
    action = move.action_octopus_exclude()
    wizard = env[action["res_model"]].browse(action["res_id"])
    wizard.reason = REASON
    wizard.action_exclude()
    return move.octopus_state == "excluded" and move.name


@acts(2)
def let_in(world, side=None):
    """Let a document go that was kept out."""
    side = side or world.side()
    name = world.in_office(_let_in, world, side)
    if name:
        world.deeds.kept_out.discard((side.number, name))
        world.deeds.kept_out_again.discard((side.number, name))
    return bool(name)


def _let_in(env, world, side):
    move = some_move(env, world, side, ("excluded",), ("posted", "draft", "cancel"))
    if not move:
        return False
    move.action_octopus_include()
    return move.name
