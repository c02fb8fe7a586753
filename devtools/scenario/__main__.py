"""``python -m devtools.scenario DATABASE [MODULE…]``: reads ``{"step": …, …}`` a line
from stdin, does it (:mod:`.steps`, :mod:`.payment_steps` and more modules with steps),
answers ``{"result": …}`` or ``{"error": …}`` a line."""

import contextlib
import importlib
import json
import sys
import traceback

from .session import administrator, open_registry


def main(database, *modules):
    """Serve steps until stdin ends."""
    answers = sys.stdout
    # Whatever prints must not end up between the answers.
    with contextlib.redirect_stdout(sys.stderr):
        registry = open_registry(database)
        # Addons can be imported from now on only.
        steps = importlib.import_module(f"{__package__}.steps")
        for module in (f"{__package__}.payment_steps", *modules):
            importlib.import_module(module)
        for line in sys.stdin:
            answer = _do(steps, registry, json.loads(line))
            print(json.dumps(answer), file=answers, flush=True)


def _do(steps, registry, values):
    step = steps.STEPS[values.pop("step")]
    try:
        with administrator(registry) as env:
            return {"result": step(env, **values)}
    except steps.StepError as error:
        return {"error": str(error)}
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}


main(*sys.argv[1:])
