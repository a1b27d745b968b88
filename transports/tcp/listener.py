"""Accepts TCP connections, also when there are more than the system has room for.

``loop.create_server`` would do, but for what happens when no file descriptors are left: up to Python 3.13 it tries
as often as its backlog is long, and has each failure begin anew after a second, which soon takes all the time.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

BACKLOG = 1024
"""How many connections the system may hold for us until we accept them."""

ACCEPTED_PER_TURN = 64
"""How many connections are accepted before those that there are have their turn."""

PAUSE = 1.0
"""How long to wait when the system can give no more connections, in seconds."""

_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A name such as ``localhost`` may have an address of IPv6 on a machine without: the others will do."""


class Listener:
    """Listens on every address of a host.

    Args:
        factory: makes the protocol of a new connection.
    """

    def __init__(self, factory: Callable[[], asyncio.BaseProtocol]) -> None:
        self._factory = factory
        self._loop = asyncio.get_running_loop()
        self._sockets: list[socket.socket] = []
        self._pauses: dict[socket.socket, asyncio.TimerHandle] = {}
        self._arriving: set[asyncio.Task[Any]] = set()
        self._short_of_room = False

    async def bind(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Takes a port; see ``Server.bind``."""
        places = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        missing = None
        for place in dict.fromkeys(places):
            try:
                self._sockets.append(_bound(*place))
            except OSError as error:
                missing = error
                if error.errno not in _NOT_HERE:
                    self.close()
                    break
        if missing is not None and not self._sockets:
            raise missing
        return [listening.getsockname() for listening in self._sockets]

    def start(self) -> None:
        """Accepts connections from now on."""
        for listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def close(self) -> None:
        """Accepts no more; those accepted stay."""
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()
        for pause in self._pauses.values():
            pause.cancel()
        self._sockets.clear()

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPTED_PER_TURN):
            try:
                connection, _ = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(listening, error)
                return
            self._short_of_room = False
            connection.setblocking(False)
            task = self._loop.create_task(self._loop.connect_accepted_socket(self._factory, connection))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """No more room, likely no file descriptors: whoever comes now waits in the backlog."""
        if not self._short_of_room:
            self._short_of_room = True
            self._loop.call_exception_handler({"message": "newcomers have to wait", "exception": error})
        self._loop.remove_reader(listening)
        self._pauses[listening] = self._loop.call_later(
            PAUSE, self._loop.add_reader, listening, self._accept, listening
        )


def _bound(family: int, kind: int, protocol: int, _name: str, address: Any) -> socket.socket:
    """A socket that listens on an address."""
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # each address on its own, or 0.0.0.0 and :: would collide
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
