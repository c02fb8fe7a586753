"""The TCP connection below one client, which can be cut while somebody waits on it."""

from __future__ import annotations

import socket
import threading
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
        self._lock = threading.Lock()
        self._socket = None
        self._closed = False
        self._watch = None

    @contextmanager
    def within(self, seconds: float):
        """Cut the line when the block is not done in time; ``cut`` then says so, and
        what waits on the connection fails with its own error.

        :param seconds: that the whole block may last
        """
        watch = threading.Timer(seconds, self._cut)
        watch.daemon = True
        with self._lock:
            self.cut = False
            self._watch = watch
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            with self._lock:
                self._watch = None
                if self._closed:
                    self._forget()

    def _cut(self):
        with self._lock:
            # An exchange that ended meanwhile leaves its connection to the next one.
            if self._watch is not threading.current_thread():
                return
            self.cut = True
            if self._socket:
                with suppress(OSError):  # the other side was faster
                    self._socket.shutdown(socket.SHUT_RDWR)

    def opened(self, sock: socket.socket) -> None:
        """Take note of a connection, before TLS takes the socket over.

        :param sock: connected; a duplicate of it is kept, which cuts it as well
        """
        with self._lock:
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
        with self._lock:
            self._closed = True
            if not self._watch:
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
