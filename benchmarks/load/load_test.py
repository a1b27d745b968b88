"""A server and its clients, measured from both sides."""

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.load.clients import Load, Task, Wrong
from benchmarks.load.noisy_neighbours import flooder_and_slow_reader
from benchmarks.load.tasks import Change, Pace, Talk
from transports.load import MeasuredServer, measured_server

BEFORE = 200
"""How many clients enter before memory is measured: the server allocates more for the first ones."""

INTERVAL = 1.0
"""How often each client says something while delays are measured, in seconds: half the rate that the limits allow."""

UNLIMITED: dict[str, Any] = {"users": 0, "per_address": 0, "rate": 0.0, "give_back": 0.0}
"""Limits for measuring the server's speed. No lines are given back: the clients ask again as soon as they meet."""


class Done(NamedTuple):
    """How many lines or pairings there were, how long it took, and the server's processor time."""

    amount: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class LoadTest:
    """A server and its clients, in pairs.

    Attributes:
        bytes_per_connection: by how much each grew the server's process, named and paired; what the system keeps for a
            socket comes on top.
    """

    server: MeasuredServer
    load: Load
    bytes_per_connection: float

    def talk(self, seconds: float) -> Done:
        """Measures private lines, as fast as possible."""
        task = Talk()
        taken, used = self._run(task, seconds)
        return Done(task.lines, taken, used)

    def change(self, seconds: float) -> Done:
        """Measures pairings, as fast as possible."""
        task = Change()
        taken, used = self._run(task, seconds)
        return Done(task.pairings, taken, used)

    def delay(self, seconds: float, disturbed: bool) -> float:
        """Returns the median time of a private line from one client to the other, in seconds.

        If disturbed, one client floods, and another does not read. Not to be mixed with ``change``, where searching
        clients could be paired with these.
        """
        with contextlib.ExitStack() as stack:
            neighbours = flooder_and_slow_reader(self.server.port) if disturbed else ()
            for neighbour in neighbours:
                stack.callback(neighbour.close)
            task = Pace(INTERVAL, neighbours)
            self.load.run(task, seconds)
        return statistics.median(task.delays)

    def _run(self, task: Task, seconds: float) -> tuple[float, float]:
        before = self.server.used()
        taken = self.load.run(task, seconds)
        return taken, self.server.used().cpu_seconds - before.cpu_seconds


@contextlib.contextmanager
def load_test(clients: int, loop: str = "asyncio", **limits: Any) -> Iterator[LoadTest]:
    """Starts a server, and lets clients enter.

    Args:
        clients: how many, above ``BEFORE``; with an odd number one is left without a partner.
        loop: ``asyncio``, or ``uvloop`` where that is installed.
        limits: the fields of ``Limits`` that differ from their defaults.

    Raises:
        Wrong: the server did something wrong.
        ServerFailed: it did not start, or has ended.
    """
    with measured_server(loop, **limits) as server, contextlib.closing(Load(server.port)) as load:
        try:
            load.enter(BEFORE)
            before = server.used()
            load.enter(clients - BEFORE)
            grown = server.used().resident_bytes - before.resident_bytes
            yield LoadTest(server, load, grown / (clients - BEFORE))
        except Wrong as error:
            raise server.failure() or error from None  # a server that has ended says why, its clients cannot
