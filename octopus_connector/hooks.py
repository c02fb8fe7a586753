from .sync.follow_ups import release_all


def uninstall_hook(env):
    """Remove the scheduled actions of the dossiers: no data file knows them. Let
    reminders go: nobody would do it later."""
    release_all(env)
    env["octopus.dossier"].with_context(active_test=False).search([]).crons().unlink()
