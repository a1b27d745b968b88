"""TCP connections of thousands of clients in one process, without a framework: clients must cost less than a server."""

import selectors
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final

from transports.load.client_socket import Address, ClientSocket, SocketClient

AT_ONCE: Final = 100
"""How many connections may be in the making at a time; more would only fill the server's backlog."""


class ClientSockets:
    """The connections of many clients.

    Args:
        woke: called after each wait, before any client receives anything: a clock that stands still meanwhile is read.
    """

    def __init__(self, woke: Callable[[], object] = lambda: None) -> None:
        self.heard: float | None = None  # when bytes last came, by ``perf_counter``
        self._woke = woke
        self._selector = selectors.DefaultSelector()
        self._open: set[ClientSocket] = set()
        self._waiting: deque[ClientSocket] = deque()
        self._connecting: list[ClientSocket] = []

    def connect(self, client: SocketClient, server: Address) -> ClientSocket:
        """Returns a new connection. It is established by ``listen``, as soon as few enough others are in the making."""
        connection = ClientSocket(client, server, self._selector, self._open.discard)
        self._open.add(connection)
        self._waiting.append(connection)
        return connection

    def listen(self, seconds: float) -> None:
        """Waits for so many seconds at most until something arrives, and hands it to the clients.

        Raises:
            NoServer: no server listens at the address.
            OSError: the system has no room for more connections.
        """
        if self._waiting:
            self._connecting = [connection for connection in self._connecting if not connection.settled]
            while self._waiting and len(self._connecting) < AT_ONCE:
                connection = self._waiting.popleft()
                connection.open()
                self._connecting.append(connection)
        ready = self._selector.select(seconds)
        self._woke()
        for key, events in ready:
            if key.data.ready(events):
                self.heard = perf_counter()

    def close(self) -> None:
        """Closes all connections."""
        for connection in list(self._open):
            connection.close()
        self._selector.close()
