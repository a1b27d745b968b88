"""What clients do at the server, and what they hold it to while they do."""

import math
from collections import deque
from collections.abc import Sequence

from benchmarks.load.clients import LoadClient, Task, Wrong
from benchmarks.load.disturbers import Disturber
from roulette_core import Next
from roulette_core.testing.clients import SawLine


class Chat(Task):
    """Those in private say numbers to their partners, who must hear each once and in order.

    Attributes:
        lines: how many have been heard.
        delays: how long each took from one client to the other, in seconds.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.delays: list[float] = []
        self._said = 0

    def say(self, client: LoadClient, now: float) -> None:
        """Has a client say something."""
        self._said += 1
        client.say(now)

    def spoken(self, client: LoadClient, line: SawLine, now: float) -> None:
        """Holds a line to be the next one of the client's partner."""
        speaker = client.partner
        if speaker is None or line != SawLine(speaker.name, "private", str(speaker.delivered + 1)):
            raise Wrong(f"{client.name} has heard {line}, which is not what their partner said next")
        speaker.delivered += 1
        self.lines += 1
        self.delays.append(now - speaker.times.popleft())

    def settled(self) -> bool:
        """Whether every line has been heard."""
        return self.lines == self._said


class Talk(Chat):
    """As fast as it goes: who hears a line answers at once, so that there are two on the way in every pair."""

    def __init__(self) -> None:
        super().__init__()
        self._over = False

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Everybody in private says something."""
        for client in clients:
            if client.partner is not None:
                self.say(client, now)

    def spoken(self, client: LoadClient, line: SawLine, now: float) -> None:
        """Answers."""
        super().spoken(client, line, now)
        if not self._over:
            self.say(client, now)

    def end(self) -> None:
        """Nobody says any more."""
        self._over = True


class Pace(Chat):
    """At a pace: everybody in private says something every so often, one after the other, whatever comes back.

    Args:
        interval: how often each does, in seconds.
        disturbers: who does their worst meanwhile.
    """

    def __init__(self, interval: float, disturbers: Sequence[Disturber] = ()) -> None:
        super().__init__()
        self._interval = interval
        self._disturbers = disturbers
        self._due: deque[tuple[float, LoadClient]] = deque()

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """Everybody gets their moment."""
        speakers = [client for client in clients if client.partner is not None]
        for position, client in enumerate(speakers):
            self._due.append((now + self._interval * position / len(speakers), client))

    def next_moment(self, now: float) -> float:
        """Those whose moment has come say something."""
        for disturber in self._disturbers:
            disturber.push()
        while self._due and self._due[0][0] <= now:
            moment, client = self._due.popleft()
            self.say(client, now)
            self._due.append((moment + self._interval, client))
        return self._due[0][0] if self._due else math.inf

    def end(self) -> None:
        """Nobody says any more."""
        self._due.clear()


class Change(Task):
    """As fast as it goes: in every pair, one asks for the next as soon as they meet.

    Attributes:
        pairings: how many there were.
    """

    def __init__(self) -> None:
        self.pairings = 0
        self._clients: list[LoadClient] = []
        self._unanswered = 0
        self._over = False

    def begin(self, clients: list[LoadClient], now: float) -> None:
        """One of every pair asks for the next."""
        self._clients = clients
        for client in clients:
            self._ask(client)

    def paired(self, client: LoadClient) -> None:
        """Asks for the next."""
        self.pairings += _is_first(client)
        self._ask(client)

    def parted(self, client: LoadClient) -> None:
        """It was asked for, and has been done."""
        self._unanswered -= 1

    def end(self) -> None:
        """Nobody asks any more."""
        self._over = True

    def settled(self) -> bool:
        """Whether all have been answered, and all have the partners who have them."""
        return not self._unanswered and all(client.is_mutual() for client in self._clients)

    def _ask(self, client: LoadClient) -> None:
        if _is_first(client) and not self._over:
            self._unanswered += 1
            client.ask(Next(client.name))


def _is_first(client: LoadClient) -> bool:
    return client.partner is not None and client.name < client.partner.name
