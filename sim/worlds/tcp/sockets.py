"""Real sockets for thousands of clients in one process, and real time: what the wire world's network stands for."""

import errno
import os
import selectors
import socket
import struct
from collections import Counter, deque
from contextlib import suppress
from random import Random
from time import perf_counter
from typing import Final, TypeAlias

from sim.worlds.faults import Faults
from sim.worlds.sometimes import Sometimes
from sim.worlds.surroundings import Client

Address: TypeAlias = tuple[str, int]
"""A numeric address of this machine, and a port."""

AT_ONCE: Final = 100
"""How many may be connecting at a time; more would only fill the server's backlog."""

RECONNECT: Final = 5.0
"""After how many seconds, on average, somebody comes back whose connection broke: as in the wire world."""

_READ_SIZE: Final = 1 << 16
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class NoServer(Exception):
    """Where a server should be, there is none that can be talked to."""


class RealTime:
    """Tells for how long a population has lived.

    Args:
        speed: how many of its seconds go by in one of ours.

    Attributes:
        now: in the population's seconds; stands still until ``look`` is called.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = perf_counter()
        self.now = 0.0

    def look(self) -> None:
        """Looks at the clock on the wall."""
        self.now = self.elapsed() * self._speed

    def elapsed(self) -> float:
        """How long it has been, in seconds on the wall."""
        return perf_counter() - self._began

    def until(self, when: float) -> float:
        """How long it is until some time, in seconds on the wall."""
        return max(0.0, (when - self.now) / self._speed)


class Sockets:
    """Connects clients with a server over TCP.

    Args:
        timeline: tells the time.
        seed: where all chance starts.

    Attributes:
        timeline: as given.
        faults: none: what befalls connections is real. After how long users come back is theirs to say.
        counts: what happened to connections.
        heard: when bytes have last come, on the wall's clock; None if never.
        selector: for streams to say what they wait for.
    """

    def __init__(self, timeline: RealTime, seed: int) -> None:
        self.timeline = timeline
        self.faults = Faults(reconnect=RECONNECT)
        self.counts: Counter[Sometimes] = Counter()
        self.heard: float | None = None
        self.selector = selectors.DefaultSelector()
        self._chance = Random(seed)
        self._streams: set[Stream] = set()
        self._waiting: deque[Stream] = deque()
        self._connecting = 0

    def connect(self, client: Client, server: Address) -> "Stream":
        """A client connects, as soon as few enough others are doing so."""
        self.counts[Sometimes.CONNECTED] += 1
        stream = Stream(self, client, server)
        self._streams.add(stream)
        self._waiting.append(stream)
        return stream

    def exponential(self, mean: float) -> float:
        """An exponential time of a given mean above 0, in seconds."""
        return self._chance.expovariate(1 / mean)

    def happens(self, probability: float) -> bool:
        """Whether something happens that is so likely."""
        return self._chance.random() < probability

    def listen(self, seconds: float) -> None:
        """Waits for what comes from the server, and has clients hear it.

        Args:
            seconds: how long to wait if nothing comes, on the wall's clock.

        Raises:
            NoServer: nobody listens at the address.
            OSError: the system has no room for more connections.
        """
        while self._waiting and self._connecting < AT_ONCE:
            self._connecting += self._waiting.popleft().open()
        ready = self.selector.select(seconds)
        self.timeline.look()
        for key, events in ready:
            key.data.ready(events)

    def close(self) -> None:
        """Everybody hangs up."""
        for stream in list(self._streams):
            stream.close()
        self.selector.close()

    # What streams tell.

    def greeted(self) -> None:
        """Somebody is connected, or never will be."""
        self._connecting -= 1

    def closed(self, stream: "Stream") -> None:
        """A connection is over."""
        self._streams.discard(stream)


class Stream:
    """A client's connection, which never waits for its socket.

    Args:
        sockets: to which it belongs.
        client: hears what comes.
        server: whom to connect with.
    """

    __slots__ = ("_client", "_connected", "_events", "_greeted", "_over", "_server", "_socket", "_sockets", "_unsent")

    def __init__(self, sockets: Sockets, client: Client, server: Address) -> None:
        self._sockets = sockets
        self._client = client
        self._server = server
        self._socket: socket.socket | None = None
        self._unsent = b""
        self._events = 0
        self._connected = self._greeted = self._over = False

    @property
    def up(self) -> "Stream":
        """The way to the server."""
        return self

    def open(self) -> bool:
        """Begins to connect: whether there is still somebody who wants to. Raises as ``Sockets.listen``."""
        if self._over:
            return False
        family = socket.AF_INET6 if ":" in self._server[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._require(self._socket.connect_ex(self._server))
        self._listen_for(selectors.EVENT_READ | selectors.EVENT_WRITE)
        return True

    def write(self, data: bytes) -> None:
        """Sends bytes, as soon as there is room for them."""
        self._unsent += data
        if self._connected and not self._over:
            self._flush()

    def finish(self) -> None:
        """Closes the side to the server."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def fall_silent(self) -> None:
        """Nobody reads any more; the server is not told."""
        self._over = True
        self._listen_for(0)
        self._greet()
        self._client.vanished()

    def notice(self) -> None:
        """The server is told at last, by a reset."""
        if self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    def close(self) -> None:
        """Hangs up."""
        self._over = True
        self._listen_for(0)
        self._greet()
        if self._socket is not None:
            self._socket.close()
        self._sockets.closed(self)

    def ready(self, events: int) -> None:
        """The socket can be read or written. Raises ``NoServer`` if nobody is at its other end."""
        assert self._socket is not None, "it has been opened"
        if events & selectors.EVENT_WRITE and not self._over:
            if not self._connected:
                self._require(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                self._connected = True
            self._flush()
        if events & selectors.EVENT_READ and not self._over:
            self._read(self._socket)

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            self._client.lost()
            return
        if not data:
            self.close()
            self._client.ended()
            return
        self._sockets.heard = perf_counter()
        self._greet()
        self._client.received(data)

    def _flush(self) -> None:
        assert self._socket is not None, "it has been opened"
        try:
            sent = self._socket.send(self._unsent) if self._unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:  # reset: reading will tell
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        self._listen_for(selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0))

    def _listen_for(self, events: int) -> None:
        selector, before, self._events = self._sockets.selector, self._events, events
        if events == before:
            return
        assert self._socket is not None, "it has been opened"
        if not before:
            selector.register(self._socket, events, self)
        elif not events:
            selector.unregister(self._socket)
        else:
            selector.modify(self._socket, events, self)

    def _greet(self) -> None:
        if self._socket is not None and not self._greeted:
            self._greeted = True
            self._sockets.greeted()

    def _require(self, trouble: int) -> None:
        if trouble == errno.ECONNREFUSED:
            raise NoServer("nobody listens there")
        if trouble not in (0, errno.EINPROGRESS, errno.ECONNRESET):
            raise OSError(trouble, os.strerror(trouble))
