"""The steps of ``devtools.scenario``, called from ./dev (which has no Odoo itself)."""

import json
import subprocess
import time

from .errors import DevError

PATIENCE_SECONDS = 60


class Steps:
    """A process beside the server that does steps on a database; a context manager.

    Each step is a method: ``steps.link(company_id=1)`` gives its result.

    :param words: more arguments of ``program``: names of more modules with steps
    """

    program = "devtools.scenario"

    def __init__(self, workspace, database, words=()):
        self.workspace = workspace
        self.database = database
        self.log = workspace.cache.log(f"steps-{database}")
        self._words = words
        self._process = None
        self._step = None

    def __enter__(self):
        words = ["-m", self.program, self.database, *self._words]
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

    def begin(self, step, **values):
        """Begin a step; :meth:`result` waits for it. Others can do theirs meanwhile."""
        try:
            self._write({"step": step, **values})
        except BrokenPipeError as error:
            raise self._ended() from error

    def result(self):
        """Give the result of the step that was begun.

        :raises DevError: with what the step says is wrong
        """
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        answer = json.loads(line)
        if "error" in answer:
            what = self._step.replace("_", " ")
            raise DevError(f"{what}: {answer['error']} (log: {self.log})")
        return answer["result"]

    def __getattr__(self, step):
        return lambda **values: self.begin(step, **values) or self.result()

    def _write(self, request):
        self._step = request["step"]
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _ended(self):
        return DevError(f"The steps beside Odoo ended; see {self.log}")
