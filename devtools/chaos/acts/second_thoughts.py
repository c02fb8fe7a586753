"""What people decide of documents that did not go yet, or should not be there."""

from ..schedule import Acts
from ..states import REASON, UNSENT
from .admin import some_move

acts = Acts()
ACTS = acts.known


@acts(1.5)
def delete_in_odoo(world, side=None):
    """Delete a document, whether Octopus has it or not."""
    side = side or world.side()
    deleted = world.as_admin(_delete, world, side)
    if deleted:
        # Odoo may give its name to another document.
        world.event_log.deleted_in_odoo.add(deleted)
    return bool(deleted)


def _delete(env, world, side):
    move = some_move(env, world, side, stands=("posted", "draft", "cancel"))
    if not move:
        return False
    deleted = (side.number, move.id)
    if move.state != "draft":
        move.with_context(octopus_reason=REASON).button_draft()
    move.unlink()
    return deleted


@acts(2)
def keep_out(world, side=None):
    """Keep a document out of Octopus that is not there."""
    side = side or world.side()
    world.documents(side)
    kept = world.as_admin(_keep_out, world, side, world.owners.copies(side))
    if kept:
        world.event_log.kept_out.add(kept)
    return bool(kept)


def _keep_out(env, world, side, there):
    move = some_move(env, world, side, UNSENT)
    document = move and (side.number, move.id)
    if not move or document in there or move.octopus_cause in world.for_a_person:
        return False
    action = move.action_octopus_exclude()
    wizard = env[action["res_model"]].browse(action["res_id"])
    wizard.reason = REASON
    wizard.action_exclude()
    return move.octopus_state == "excluded" and document


@acts(2)
def let_in(world, side=None):
    """Let a document go that was kept out."""
    side = side or world.side()
    document = world.as_admin(_let_in, world, side)
    if document:
        world.event_log.kept_out.discard(document)
        world.event_log.kept_out_again.discard(document)
    return bool(document)


def _let_in(env, world, side):
    move = some_move(env, world, side, ("excluded",), ("posted", "draft", "cancel"))
    if not move:
        return False
    move.action_octopus_include()
    return (side.number, move.id)
