"""A server and its clients, measured from both sides."""

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.load.disturbers import flooder_and_slow_reader
from benchmarks.load.host import Host, hosting
from benchmarks.load.swarm import Swarm, Task
from benchmarks.load.tasks import Change, Pace, Talk

BEFORE = 200
"""How many connect before memory is looked at: what the first need is the server's."""

INTERVAL = 1.0
"""How often everybody says something where delays are measured, in seconds: half the rate that the limits allow."""

UNLIMITED: dict[str, Any] = {"users": 0, "per_address": 0, "rate": 0.0}
"""Limits where the server's speed is measured, and not that of well-behaved people."""


class Done(NamedTuple):
    """What was done.

    Attributes:
        amount: how many lines, how many pairings.
        seconds: how long it took.
        cpu_seconds: how much of the server's processor that was.
    """

    amount: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Station:
    """A server with clients in pairs.

    Attributes:
        host: the server.
        swarm: the clients.
        bytes_per_connection: what each took of the server's memory, named and paired; not what the system needs.
    """

    host: Host
    swarm: Swarm
    bytes_per_connection: float

    def talk(self, seconds: float) -> Done:
        """Private lines, as fast as it goes."""
        task = Talk()
        taken, used = self._run(task, seconds)
        return Done(task.lines, taken, used)

    def change(self, seconds: float) -> Done:
        """Pairings, as fast as it goes."""
        task = Change()
        taken, used = self._run(task, seconds)
        return Done(task.pairings, taken, used)

    def delay(self, seconds: float, disturbed: bool) -> float:
        """The median time of a private line from one client to the other, in seconds.

        Not to be mixed with ``change``, where those who search could meet those who disturb.

        Args:
            seconds: how long to measure.
            disturbed: whether somebody floods, and somebody else does not read.
        """
        with contextlib.ExitStack() as stack:
            disturbers = flooder_and_slow_reader(self.host.port) if disturbed else ()
            for disturber in disturbers:
                stack.callback(disturber.close)
            task = Pace(INTERVAL, disturbers)
            self.swarm.run(task, seconds)
        return statistics.median(task.delays)

    def _run(self, task: Task, seconds: float) -> tuple[float, float]:
        before = self.host.used()
        taken = self.swarm.run(task, seconds)
        return taken, self.host.used().cpu_seconds - before.cpu_seconds


@contextlib.contextmanager
def station(clients: int, loop: str = "asyncio", **limits: Any) -> Iterator[Station]:
    """Starts a server, and has clients enter.

    Args:
        clients: how many, above ``BEFORE``; an even number, or one will be alone.
        loop: ``asyncio``, or ``uvloop`` where that is installed.
        limits: what is other than in ``Limits``.

    Raises:
        Wrong: the server did not do what it must.
        ServerFailed: it has ended.
    """
    with hosting(loop, **limits) as host, contextlib.closing(Swarm(host.port)) as swarm:
        swarm.enter(BEFORE)
        before = host.used()
        swarm.enter(clients - BEFORE)
        grown = host.used().resident_bytes - before.resident_bytes
        yield Station(host, swarm, grown / (clients - BEFORE))
