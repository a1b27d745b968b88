"""The tasks of the clients, and what each verifies."""

import math
from collections import deque
from collections.abc import Sequence

from benchmarks.load.clients import LoadClient, Task, Wrong
from benchmarks.load.noisy_neighbours import NoisyNeighbour
from roulette_core import Next
from roulette_core.testing.clients import SawLine


class Chat(Task):
    """Clients in private say numbers to their partners, who must hear each once and in order."""

    def __init__(self) -> None:
        self.lines = 0  # how many have been heard
        self.delays: list[float] = []  # how long each took from one client to the other, in seconds
        self._said = 0

    def say(self, client: LoadClient, now: float) -> None:
        """Lets a client say its next number."""
        self._said += 1
        client.say(now)

    def spoken(self, client: LoadClient, line: SawLine, now: float) -> None:
        """Verifies that a line is the next one of the client's partner."""
        speaker = client.partner
        if speaker is None or line != SawLine(speaker.name, "private", str(speaker.delivered + 1)):
            raise Wrong(f"{client.name} has heard {line}, which is not what their partner said next")
        speaker.delivered += 1
        self.lines += 1
        self.delays.append(now - speaker.times.popleft())

    def settled(self) -> bool:
        """Returns whether every line has been heard."""
        return self.lines == self._said


class Talk(Chat):
    """As fast as possible: each line is answered at once, so that two are in flight in every pair."""

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Lets each client in private say something."""
        for client in clients:
            if client.partner is not None:
                self.say(client, now)

    def spoken(self, client: LoadClient, line: SawLine, now: float) -> None:
        """Verifies a line, and answers."""
        super().spoken(client, line, now)
        if not self.over:
            self.say(client, now)


class Pace(Chat):
    """At a pace: clients in private say something at an interval, one after the other, whatever they hear.

    Meanwhile, the neighbours misuse the server.
    """

    def __init__(self, interval: float, neighbours: Sequence[NoisyNeighbour] = ()) -> None:
        super().__init__()
        self._interval = interval
        self._disturbers = neighbours
        self._due: deque[tuple[float, LoadClient]] = deque()

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Spreads the clients evenly over the interval."""
        speakers = [client for client in clients if client.partner is not None]
        for position, client in enumerate(speakers):
            self._due.append((now + self._interval * position / len(speakers), client))

    def next_moment(self, now: float) -> float:
        """Lets the clients that are due say something."""
        for neighbour in self._disturbers:
            neighbour.push()
        while self._due and self._due[0][0] <= now:
            moment, client = self._due.popleft()
            self.say(client, now)
            self._due.append((moment + self._interval, client))
        return self._due[0][0] if self._due else math.inf

    def end(self) -> None:
        """Stops the clients."""
        self._due.clear()


class Change(Task):
    """As fast as possible: in every pair, one client asks for the next as soon as they meet."""

    def __init__(self) -> None:
        self.pairings = 0
        self._clients: list[LoadClient] = []
        self._unanswered = 0

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Lets one client of every pair ask for the next."""
        self._clients = clients
        for client in clients:
            self._ask(client)

    def paired(self, client: LoadClient) -> None:
        """Counts a pairing, and asks for the next."""
        self.pairings += _is_first(client)
        self._ask(client)

    def parted(self, client: LoadClient) -> None:
        """Counts the answer to a request."""
        self._unanswered -= 1

    def settled(self) -> bool:
        """Returns whether all requests have been answered, and all partners are mutual."""
        return not self._unanswered and all(client.is_mutual() for client in self._clients)

    def _ask(self, client: LoadClient) -> None:
        if _is_first(client) and not self.over:
            self._unanswered += 1
            client.ask(Next(client.name))


def _is_first(client: LoadClient) -> bool:
    return client.partner is not None and client.name < client.partner.name
