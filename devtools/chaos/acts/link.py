"""What people switch off and on: sending, one request, the whole link."""

from ..schedule import Acts
from ..states import REASON

acts = Acts()
ACTS = acts.known


def _dossier(env, side):
    return env["octopus.dossier"].browse(side.dossier_id)


def _dialog(env, action):
    return env[action["res_model"]].browse(action["res_id"])


@acts(1)
def pause(world, side=None):
    """Nothing is sent until somebody resumes."""
    return world.as_admin(_pause, side or world.side())


def _pause(env, side):
    dossier = _dossier(env, side)
    if dossier.paused:
        return False
    wizard = _dialog(env, dossier.action_pause())
    wizard.reason = REASON
    wizard.action_pause()
    return True


@acts(4)
def resume(world, side=None):
    """Sending goes on."""
    return world.as_admin(_resume, side or world.side())


def _resume(env, side):
    dossier = _dossier(env, side)
    was = dossier.paused
    dossier.action_resume()
    return was


@acts(1)
def pause_request(world, side=None):
    """Documents that somebody asked for wait."""
    return world.as_admin(_press_on_requests, side or world.side(), "running", "pause")


@acts(2)
def resume_requests(world, side=None):
    """They go on."""
    return world.as_admin(_press_on_requests, side or world.side(), "paused", "resume")


def _press_on_requests(env, side, state, button):
    runs = env["octopus.run"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("kind", "=", "push"),
            ("interactive", "=", True),
            ("state", "=", state),
        ]
    )
    getattr(runs, f"action_{button}")()
    return bool(runs)


@acts(0.7)
def disconnect(world, side=None):
    """The link of a company ends."""
    return world.as_admin(_disconnect, side or world.side())


def _disconnect(env, side):
    company = env["res.company"].browse(side.company_id)
    if not company.octopus_enabled:
        return False
    _dialog(env, company.action_octopus_disconnect()).action_disconnect()
    return True


@acts(3)
def link_again(world, side=None):
    """It is taken up again, with the same dossier."""
    return world.as_admin(_link_again, side or world.side())


def _link_again(env, side):
    company = env["res.company"].browse(side.company_id)
    if company.octopus_enabled:
        return False
    setup = env["octopus.setup"].with_context(default_company_id=company.id)
    setup.create({"state": "dossier", "dossier_id": side.dossier_id}).action_next()
    return company.octopus_enabled


def restore_all(world, side):
    """Switch on whatever was switched off."""
    link_again(world, side)
    resume(world, side)
    resume_requests(world, side)
