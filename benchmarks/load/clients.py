"""The clients of the load: they connect, search for partners, and verify what they hear."""

import math
from collections import deque
from collections.abc import Callable
from time import perf_counter

from roulette_core import Event, Say, Start
from roulette_core.testing.clients import Met, PartedFrom, SawLine, Sighting, Welcomed
from transports.load import Address, ClientSocket, ClientSockets
from transports.protocol import TextCodec

ENTER_AT_ONCE = 200
"""How many clients enter before they are waited for."""

PATIENCE = 30.0
"""How long to wait for what must arrive, in seconds."""


class Wrong(Exception):
    """The server did something wrong."""


class LoadClient:
    """A client at the server, which tells its load what it sees."""

    __slots__ = ("_codec", "_load", "connection", "delivered", "name", "partner", "sent", "times")

    def __init__(self, name: str, load: "Load") -> None:
        self.name = name
        self.connection: ClientSocket  # to be set by the caller, who connects
        self.partner: LoadClient | None = None  # in private, as the client was told
        self.sent = 0  # how many lines the client has said
        self.delivered = 0  # how many of these its partners have heard
        self.times: deque[float] = deque()  # when the lines were said that have not been heard yet
        self._load = load
        self._codec = TextCodec()

    def enter(self) -> None:
        """Chooses the pseudonym, and starts."""
        self.connection.write(self._codec.hello(self.name) + self._codec.encode(Start(self.name)))

    def ask(self, event: Event) -> None:
        """Sends a request. It is so short that the system always has room for it, if the server reads."""
        self.connection.write(self._codec.encode(event))
        if self.connection.unsent:
            raise Wrong(f"{self.name} cannot send: the server does not read")

    def say(self, now: float) -> None:
        """Says the next number to the partner."""
        self.sent += 1
        self.times.append(now)
        self.ask(Say(self.name, str(self.sent)))

    def is_mutual(self) -> bool:
        """Returns whether the partner, if there is one, is told the same."""
        return self.partner is None or self.partner.partner is self

    def received(self, data: bytes) -> None:
        """Takes bytes from the server."""
        now = perf_counter()
        for sighting in self._codec.decode(data):
            self._load.see(self, sighting, now)

    def ended(self) -> None:
        """Raises ``Wrong``: no client asks to leave, so the server must not close the connection."""
        raise Wrong(f"the server has hung up on {self.name}")

    lost = ended


class Task:
    """What clients do for a while: nothing, unless overridden."""

    over = False

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Begins the task."""

    def spoken(self, client: LoadClient, line: SawLine, now: float) -> None:
        """Handles a line that a client has heard."""
        raise Wrong(f"{client.name} has heard what nobody said: {line.text!r}, from {line.sender}")

    def paired(self, client: LoadClient) -> None:
        """Handles that a client has a partner."""

    def parted(self, client: LoadClient) -> None:
        """Handles that a client has left its partner."""

    def next_moment(self, now: float) -> float:
        """Does what is due, and returns when it is to be called again, in seconds."""
        return math.inf

    def end(self) -> None:
        """Ends the task: from now on, nothing is sent."""
        self.over = True

    def settled(self) -> bool:
        """Returns whether everything has arrived that must arrive after the end."""
        return True


class Load:
    """Clients by name, all of one server on a port of 127.0.0.1, who all search for partners."""

    def __init__(self, port: int) -> None:
        self.clients: dict[str, LoadClient] = {}
        self._server: Address = ("127.0.0.1", port)
        self._sockets = ClientSockets()
        self._task = Task()
        self._welcome = 0

    def enter(self, number: int) -> None:
        """Connects a number of clients, which enter and start."""
        while number > 0:
            for _ in range(min(ENTER_AT_ONCE, number)):
                self._connect()
            number -= ENTER_AT_ONCE
            self.wait_for(lambda: self._welcome == len(self.clients), "a welcome")

    def run(self, task: Task, seconds: float) -> float:
        """Gives all clients a task for a number of seconds. Raises ``Wrong``.

        Returns:
            After how many seconds everything had arrived.
        """
        start = self.start(task)
        while (now := perf_counter()) < start + seconds:
            self._sockets.listen(max(0.0, min(task.next_moment(now), start + seconds) - now))
        task.end()
        self.wait_for(task.settled, "all that was asked for")
        return perf_counter() - start

    def start(self, task: Task) -> float:
        """Gives all clients a task, and returns the time."""
        self._task = task
        now = perf_counter()
        task.begin(list(self.clients.values()), now)
        return now

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Listens until a condition holds. Raises ``Wrong`` if it does not in time."""
        end = perf_counter() + PATIENCE
        while not condition():
            if perf_counter() > end:
                raise Wrong(f"{what} did not come within {PATIENCE:.0f} s")
            self._sockets.listen(0.1)

    def close(self) -> None:
        """Closes all connections."""
        self._sockets.close()

    def see(self, client: LoadClient, sighting: Sighting, now: float) -> None:
        """Handles what a client sees."""
        match sighting:
            case SawLine():
                self._task.spoken(client, sighting, now)
            case Met(partner):
                if client.partner is not None:
                    raise Wrong(f"{client.name} has a second partner: {partner}")
                client.partner = self.clients[partner]
                self._task.paired(client)
            case PartedFrom(by_me=by_me):
                client.partner = None
                if by_me:
                    self._task.parted(client)
            case Welcomed():
                self._welcome += 1

    def _connect(self) -> None:
        client = LoadClient(f"u{len(self.clients)}", self)
        self.clients[client.name] = client
        client.connection = self._sockets.connect(client, self._server)
        client.enter()
