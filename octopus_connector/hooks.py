def uninstall_hook(env):
    """Remove the scheduled actions of the dossiers: no data file knows them."""
    env["octopus.dossier"].with_context(active_test=False).search([]).crons().unlink()
