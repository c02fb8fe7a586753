"""Run odoo-bin with our configuration, PostgreSQL and addons:

./dev odoo -- --database=NAME --init=octopus_connector --stop-after-init
./dev odoo -- i18n export ...
"""

HELP = "run odoo-bin with our settings: ./dev odoo -- ARGUMENTS"
PASS_THROUGH = True


def run(args, workspace) -> int:
    return workspace.run(workspace.odoo_command(*args.rest))
