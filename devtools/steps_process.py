"""The steps of ``devtools.scenario``, called from ./dev (which has no Odoo itself)."""

import json
import subprocess

from .errors import DevError


class Steps:
    """A process beside the server that does steps on a database; a context manager.

    Each step is a method: ``steps.link(company_id=1)`` gives its result.
    """

    def __init__(self, workspace, database):
        self.workspace = workspace
        self.database = database
        self.log = workspace.cache.log(f"steps-{database}")
        self._process = None

    def __enter__(self):
        command = [self.workspace.python, "-m", "devtools.scenario", self.database]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.workspace.environment(),
                cwd=self.workspace.root,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_exception):
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def __getattr__(self, step):
        return lambda **values: self._do({"step": step, **values})

    def _do(self, request):
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise DevError(f"The steps beside Odoo ended; see {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            what = request["step"].replace("_", " ")
            raise DevError(f"{what}: {answer['error']} (log: {self.log})")
        return answer["result"]
