"""Thousands of clients in one process: sockets without a framework, so that they cost less than their server."""

import math
import selectors
import socket
from collections import deque
from collections.abc import Callable
from time import perf_counter

from transports.dialects.wording import ENGLISH, Message

AT_ONCE = 200
"""How many connect before they are waited for: the server's backlog holds more."""

PATIENCE = 30.0
"""How long to wait for what must come, in seconds."""

READ_SIZE = 1 << 16


def _beginning(message: Message) -> bytes:
    """What a line of the server's begins with."""
    return f"* {ENGLISH.sentences[message].partition('{')[0]}".encode()


WELCOME = _beginning(Message.WELCOME)
PAIRED = _beginning(Message.PAIRED)
LEFT_PARTNER = _beginning(Message.YOU_ASKED_NEXT)
LEFT_BY_PARTNER = ENGLISH.sentences[Message.PARTNER_ASKED_NEXT].partition("}")[2].encode()


class Wrong(Exception):
    """The server did not do what it must."""


class Client:
    """Somebody at the server.

    Attributes:
        name: the pseudonym.
        partner: with whom they are in private, as they were told.
        sent: how many lines they have sent.
        delivered: how many of these their partners have heard.
        times: when those were sent that have not been heard yet.
    """

    __slots__ = ("delivered", "name", "partner", "rest", "sent", "socket", "times")

    def __init__(self, name: bytes, connection: socket.socket) -> None:
        self.name = name
        self.socket = connection
        self.rest = b""
        self.partner: Client | None = None
        self.sent = 0
        self.delivered = 0
        self.times: deque[float] = deque()

    def send(self, line: bytes) -> None:
        """Sends a line, which is so short that there is always room for it."""
        if self.socket.send(line) != len(line):
            raise Wrong(f"{self.name.decode()} cannot send: the server does not read")

    def say(self, now: float) -> None:
        """Says the next number to the partner."""
        self.sent += 1
        self.times.append(now)
        self.send(b"%d\n" % self.sent)

    def is_mutual(self) -> bool:
        """Whether their partner, if they have one, has them."""
        return self.partner is None or self.partner.partner is self


class Task:
    """What clients do for a while: nothing, unless overridden."""

    def begin(self, clients: list[Client], now: float) -> None:
        """It begins."""

    def spoken(self, client: Client, line: bytes, now: float) -> None:
        """A client has heard somebody say something."""
        raise Wrong(f"{client.name.decode()} has heard what nobody said: {line!r}")

    def paired(self, client: Client) -> None:
        """A client has a partner."""

    def parted(self, client: Client) -> None:
        """A client has left their partner."""

    def next_moment(self, now: float) -> float:
        """Does what is due, and tells when it wants to be asked again: a time, in seconds."""
        return math.inf

    def end(self) -> None:
        """It ends: nothing more is to be sent."""

    def settled(self) -> bool:
        """Whether all has come that must come after the end."""
        return True


class Swarm:
    """Clients of one server, all with a name, who all search for partners.

    Args:
        port: of the server, on 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._task = Task()
        self._welcome = 0
        self.clients: dict[bytes, Client] = {}

    def enter(self, number: int) -> None:
        """So many connect, and start."""
        while number > 0:
            for _ in range(min(AT_ONCE, number)):
                self._connect()
            number -= AT_ONCE
            self.wait_for(self._all_welcome, "a welcome")

    def run(self, task: Task, seconds: float) -> float:
        """Has everybody do something, waits until all has come that must come, and tells how long that took.

        Args:
            task: what they do.
            seconds: for how long.

        Raises:
            Wrong: the server did not do what it must.
        """
        start = self.start(task)
        while (now := perf_counter()) < start + seconds:
            self._listen(min(task.next_moment(now), start + seconds) - now)
        task.end()
        self.wait_for(task.settled, "all that was asked for")
        return perf_counter() - start

    def start(self, task: Task) -> float:
        """Has everybody begin something, and tells the time."""
        self._task = task
        now = perf_counter()
        task.begin(list(self.clients.values()), now)
        return now

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Listens until something has come. Raises ``Wrong`` if it does not."""
        end = perf_counter() + PATIENCE
        while not condition():
            if perf_counter() > end:
                raise Wrong(f"{what} did not come within {PATIENCE:.0f} s")
            self._listen(0.1)

    def close(self) -> None:
        """Everybody hangs up."""
        for client in self.clients.values():
            client.socket.close()
        self._selector.close()

    def _connect(self) -> None:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        client = Client(b"u%d" % len(self.clients), connection)
        self.clients[client.name] = client
        self._selector.register(connection, selectors.EVENT_READ, client)
        client.send(b"%s\nstart\n" % client.name)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(max(0.0, seconds)):
            self._read(key.data)

    def _read(self, client: Client) -> None:
        data = client.socket.recv(READ_SIZE)
        if not data:
            raise Wrong(f"the server has hung up on {client.name.decode()}")
        now = perf_counter()
        *lines, client.rest = (client.rest + data).split(b"\r\n")
        for line in lines:
            if line.startswith(b"<"):
                self._task.spoken(client, line, now)
            else:
                self._told(client, line)

    def _told(self, client: Client, line: bytes) -> None:
        if line.startswith(PAIRED):
            if client.partner is not None:
                raise Wrong(f"{client.name.decode()} has a second partner: {line!r}")
            client.partner = self.clients[line.removeprefix(PAIRED).removesuffix(b">.")]
            self._task.paired(client)
        elif line.startswith(LEFT_PARTNER):
            client.partner = None
            self._task.parted(client)
        elif line.endswith(LEFT_BY_PARTNER):
            client.partner = None
        elif line.startswith(WELCOME):
            self._welcome += 1

    def _all_welcome(self) -> bool:
        return self._welcome == len(self.clients)
