"""The steps of ``devtools.scenario``, called from ./dev (which has no Odoo itself)."""

import json
import subprocess
import time

from .errors import DevError

PATIENCE_SECONDS = 60


class Steps:
    """A process beside the server that does steps on a database; a context manager.

    Each step is a method: ``steps.link(company_id=1)`` gives its result.

    :param modules: names of more modules with steps
    """

    def __init__(self, workspace, database, modules=()):
        self.workspace = workspace
        self.database = database
        self.log = workspace.cache.log(f"steps-{database}")
        self._modules = modules
        self._process = None

    def __enter__(self):
        words = ["-m", "devtools.scenario", self.database, *self._modules]
        command = [self.workspace.python, *words]
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

    def kill_when(self, is_time, step, **values):
        """Begin a step, and kill the process that does it when ``is_time()``; another
        one takes its place.

        :raises DevError: that time does not come
        """
        self._write({"step": step, **values})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_time():
            if time.monotonic() > deadline:
                raise DevError(f"{step} does not come to where it is to be killed.")
            time.sleep(0.1)
        self._process.kill()
        self.__exit__()
        self.__enter__()

    def __getattr__(self, step):
        return lambda **values: self._do({"step": step, **values})

    def _write(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _do(self, request):
        try:
            self._write(request)
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
