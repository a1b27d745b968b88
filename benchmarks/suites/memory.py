"""Measures the memory that one more user takes in the core, and what the simulator takes however long it runs."""

import gc
import tracemalloc

from benchmarks.effort import Effort
from benchmarks.harness import Progress
from benchmarks.results import Findings, Measurement, Sample, Section, ratio
from benchmarks.suites.child import child
from benchmarks.suites.workload import Workload
from roulette_core.policies import POLICIES

_TASK = "Memory per user"
_EXPLANATION = (
    "Bytes that Python has allocated per user, names and ids included, exact; "
    "dictionaries grow in steps, so the figure goes up and down with the population."
)


_TIME = "Memory over simulated time"
_OVER_TIME = "The most that the process of a run has had, from its start; closed model, version 1, everything measured."


def run(effort: Effort, progress: Progress) -> Findings:
    """Measures bytes per user by policy and population, and the memory of runs."""
    measurements = []
    for policy in POLICIES:
        for users in effort.memory_populations:
            progress(f"{policy}: memory of {users:,} users")
            sample = Sample((_bytes(policy, users) / users,))
            measurements.append(Measurement(policy, _TASK, users, "bytes/user", sample))
    return Findings((Section(_TASK, _EXPLANATION, tuple(measurements)), _over_time(effort, progress)))


def _over_time(effort: Effort, progress: Progress) -> Section:
    runs = [("short run", 1_000, effort.stretch), ("ten times as long", 1_000, 10 * effort.stretch)]
    runs += [("1 h", 1_000_000 * effort.millions, 3_600.0)] if effort.millions else []
    found = []
    for name, users, seconds in runs:
        progress(f"{name}: memory of {users:,} users over {seconds:,.0f} s")
        with child(pure=False) as process:
            answer = process.do(
                "whole",
                policy="no-repeat",
                scenario="closed",
                users=users,
                seconds=seconds,
                engine="auto",
                count="events",
            )
        found.append(Measurement(name, _TIME, users, "MiB", Sample((answer.peak_bytes / 2**20,))))
    return Section(_TIME, _OVER_TIME, tuple(found), (ratio(found[1], found[0]),))


def _bytes(policy: str, users: int) -> int:
    """Returns what a workload has allocated and still holds once all users have been paired and all memories begun.

    Python's allocator is asked (tracemalloc), not the system: what a process takes from the system comes in large
    blocks, is not given back, and so depends on what ran before.
    """
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        workload = Workload(policy, users)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        del workload  # it had to exist until now
    finally:
        tracemalloc.stop()
    return after - before
