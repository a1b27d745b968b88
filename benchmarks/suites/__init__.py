"""What is measured: each suite is a function from an effort to findings. To add one, write it and name it here."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from benchmarks.effort import Effort
from benchmarks.harness import Progress
from benchmarks.results import Findings
from benchmarks.suites import core, memory, saving, server, simulator, start

Run: TypeAlias = Callable[[Effort, Progress], Findings]
"""Measures, reports progress, and returns the findings."""


class Suite(NamedTuple):
    """Something that the benchmark report can measure."""

    summary: str  # what it measures, in a few words
    run: Run


SUITES: dict[str, Suite] = {
    "core": Suite("events per second of the core, by policy and population", core.run),
    "memory": Suite("memory per user, by policy and population; memory of a run", memory.run),
    "saving": Suite("events per second that survive a kill: journal and snapshots", saving.run),
    "sim": Suite("pairings per second of the simulator, between SimPy and C", simulator.run),
    "start": Suite("how long commands take to start", start.run),
    "server": Suite("lines and pairings per second of the server, over real sockets", server.run),
}
"""All suites by name, in the order in which they run."""

__all__ = ["SUITES", "Run", "Suite"]
