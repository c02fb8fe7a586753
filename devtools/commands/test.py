"""Run the tests: first those that need no database (all in seconds), then the
rest on a fresh copy of the database with the addon. Arguments are pytest's:

    ./dev test
    ./dev test tests/api/test_rest.py -k timeout -x

Tests of Odoo's other modules (tests/modules) run in a database of their own, which has
those modules. Any test can run beside others:

    ./dev test --with-modules sale,hr_expense tests/flows
    ./dev test --with-modules all

Ends with one line for all together: N passed, N failed, N skipped.
"""

from .. import testing

HELP = "run the tests; arguments are pytest's"
PASS_THROUGH = True


def run(args, workspace) -> int:
    return testing.run(workspace, args.rest)
