"""A step that reads once as the scheduled action does, and tells what it cost.

It is set beside the code of other revisions as it is: what it uses of the addon is in
all of them."""

import gc
import re
import time
from pathlib import Path

from odoo.exceptions import UserError

from devtools.scenario.steps import step

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
# Of proc(5): the highest resident memory begins anew.
FORGET_HIGHEST = "5"


@step
def warm_up(env, company_id):
    """Read once, and forget what was matched: the next feed is the first one."""
    _run(env, company_id)
    env.cr.execute("DELETE FROM octopus_balancing")
    env.cr.execute("UPDATE octopus_dossier SET balancings_since = NULL")
    env.invalidate_all()


def _run(env, company_id):
    dossiers = env["octopus.dossier"].sudo()
    dossier = dossiers.search([("company_ids", "in", company_id)], limit=1)
    told = dossier.pull_cron_id.method_direct_trigger()
    if told is not True:
        raise UserError(told["params"]["data"]["debug"])
    # The action has a cursor of its own: what it wrote is seen from here on only.
    env.cr.commit()
    env.invalidate_all()


@step
def read(env, company_id):
    """Read a dossier's bookings and matches.

    :return: ``seconds``; ``processor``, the seconds of this process alone; ``grown``,
        bytes of resident memory at its highest, beyond those before; ``entries`` and
        ``matches`` that are kept
    """
    gc.collect()
    CLEAR.write_text(FORGET_HIGHEST)
    before, began = _resident("VmRSS"), time.perf_counter()
    processor = time.process_time()
    _run(env, company_id)
    processor = time.process_time() - processor
    seconds = time.perf_counter() - began
    grown = _resident("VmHWM") - before
    return {
        "seconds": seconds,
        "processor": processor,
        "grown": grown,
        "entries": env["octopus.journal.entry"].sudo().search_count([]),
        "matches": env["octopus.balancing"].sudo().search_count([]),
    }


def _resident(name):
    """Return a line of the process's status, in bytes."""
    [kilobytes] = re.findall(rf"{name}:\s+(\d+) kB", STATUS.read_text())
    return int(kilobytes) * 1024
