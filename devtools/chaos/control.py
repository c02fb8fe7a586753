"""The sandbox as chaos sees it: its control API, over one kept connection."""

import http.client
import json
from collections import Counter
from urllib.parse import urlsplit


class SandboxRefusal(Exception):
    """The sandbox does not do that; the message is its own."""


class Control:
    """Control API of a sandbox that runs.

    :param url: address of the sandbox, ``http://127.0.0.1:port``
    """

    def __init__(self, url):
        self._host = urlsplit(url).netloc
        self._connection = None

    def ask(self, path, method="GET", **fields):
        """Call the control API and give its answer.

        :raises SandboxRefusal: it cannot be done
        """
        body = json.dumps(fields) if method != "GET" else None
        try:
            status, answer = self._request(method, path, body)
        except (http.client.HTTPException, OSError):
            # The kept connection was closed meanwhile.
            self.hang_up()
            status, answer = self._request(method, path, body)
        if status >= 400:
            raise SandboxRefusal(answer.get("error"))
        return answer

    def _request(self, method, path, body):
        if not self._connection:
            self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self._connection.request(method, f"/_sandbox{path}", body)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def hang_up(self):
        """Close the connection, e.g. before a fork."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def act(self, dossier, name, **fields):
        """Do what the accountant would; see ``octopus_sandbox.control.acts``."""
        return self.ask(f"/dossiers/{dossier}/acts/{name}", "POST", **fields)["result"]

    def documents(self, dossier):
        """The purchases and sales that stand in a dossier, by their key."""
        found = self.ask(f"/dossiers/{dossier}/documents")
        return {document["key"]: document for document in found}

    def plan(self, kind, **values):
        """Plan a fault."""
        return self.ask("/faults", "POST", kind=kind, **values)

    def met(self):
        """The kinds of the faults that calls met since they were cleared."""
        return [fault["kind"] for fault in self.ask("/faults")["met"]]

    def met_calls(self):
        """How often each ``(kind, operation)`` was met since faults were cleared."""
        found = self.ask("/faults")["met"]
        return Counter((fault["kind"], fault["operation"]) for fault in found)
