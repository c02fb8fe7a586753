"""Odoo's command line as a file. With worker processes Odoo starts one more, with the
file that it was itself started with: ``python -m odoo`` is none that can be, and would
be tried again and again, which takes a processor."""

import os
import sys

# As ``python -m`` has it; the folder of this file holds names that are not Odoo's.
sys.path[0] = os.getcwd()

from odoo.cli.command import main  # noqa: E402 - found there only now

main()
