"""Run any program with the workspace's Python, PostgreSQL and Odoo in its
environment:

    ./dev exec psql octopus_test_main
    ./dev exec python -c "import odoo; print(odoo.release.version)"
"""

HELP = "run a program in the workspace's environment: ./dev exec psql NAME"
PASS_THROUGH = True


def run(args, workspace) -> int:
    return workspace.run(args.rest)
