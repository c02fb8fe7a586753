"""The TCP connection below one client, which can be cut while somebody waits on it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress

from requests.adapters import HTTPAdapter


class Line:
    """Ends an exchange that lasts too long, whatever it waits for at that moment.

    The timeout of a socket begins anew with each byte that comes: a server that sends
    one now and then would hold its caller for ever, in the headers as well as in the
    body or a TLS handshake. For one thread at a time, as what it watches.
    """

    def __init__(self):
        self.cut = False
        # Its lock guards everything below.
        self._changed = threading.Condition()
        self._socket = None
        self._closed = False
        # By ``time.monotonic``: when the exchange must be over, if there is one, and
        # when the thread that watches looks next.
        self._deadline = None
        self._next_look = None

    @contextmanager
    def within(self, seconds: float):
        """Cut the line when the block is not done in time; ``cut`` then says so, and
        what waits on the connection fails with its own error.

        :param seconds: that the whole block may last
        """
        with self._changed:
            self.cut = False
            self._deadline = time.monotonic() + seconds
            self._watch()
        try:
            yield
        finally:
            with self._changed:
                self._deadline = None
                if self._closed:
                    self._forget()

    def _watch(self):
        """Have a thread look at the deadline. It stays for the exchanges after this
        one: most of them are over long before it looks."""
        if self._next_look is None:
            threading.Thread(target=self._cut_late, daemon=True).start()
            self._next_look = self._deadline
        elif self._next_look > self._deadline:
            self._changed.notify()

    def _cut_late(self):
        with self._changed:
            while self._deadline is not None:
                self._next_look = self._deadline
                left = self._deadline - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                else:
                    self._cut()
            self._next_look = None

    def _cut(self):
        self.cut = True
        self._deadline = None
        if self._socket:
            with suppress(OSError):  # the other side was faster
                self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Let go of the connection and of the thread: there is no next exchange."""
        self.close()
        with self._changed:
            self._deadline = None
            self._changed.notify()

    def opened(self, sock: socket.socket) -> None:
        """Take note of a connection, before TLS takes the socket over.

        :param sock: connected; a duplicate of it is kept, which cuts it as well
        """
        with self._changed:
            self._forget()
            # A descriptor of our own: the socket's is handed on to its TLS layer.
            self._socket = sock.dup()
            if self.cut:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection, so that the other side hears that it is closed.

        While an exchange lasts its answer may still be read from it: ``http.client``
        closes a connection that has no next exchange before that.
        """
        with self._changed:
            self._closed = True
            if self._deadline is None:
                self._forget()

    def _forget(self):
        self._closed = False
        if self._socket:
            self._socket.close()
            self._socket = None

    def adapter(self) -> HTTPAdapter:
        """Return an adapter for ``requests`` whose connections are noted here."""
        return _Adapter(self)


class _Adapter(HTTPAdapter):
    def __init__(self, line):
        self._line = line
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        made = super().init_poolmanager(*args, **kwargs)
        self._note_connections(self.poolmanager)
        return made

    def proxy_manager_for(self, proxy, **kwargs):
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            self._note_connections(manager)
        return manager

    def _note_connections(self, manager):
        manager.pool_classes_by_scheme = {
            scheme: self._noting(pool)
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }

    def _noting(self, pool):
        line = self._line

        class Connection(pool.ConnectionCls):
            def _new_conn(self):
                sock = super()._new_conn()
                line.opened(sock)
                return sock

            def close(self):
                line.close()
                return super().close()

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})
