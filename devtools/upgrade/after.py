"""Steps on today's code: what people do after an upgrade."""

from ..scenario.steps import step


@step
def adopt_payments(env, row_ids):
    """Say that payments are what was found in the bank of Octopus."""
    env["octopus.payment"].browse(row_ids).action_adopt()


@step
def confirm_database(env):
    """Say that this is the real database, where that is asked: an older version did not
    keep all that tells one from its copies. Give whether it was asked."""
    connections = env["octopus.connection"].search([])
    asked = connections.filtered("database_doubt")
    if asked:
        asked[:1].action_confirm_database()
    return bool(asked)
