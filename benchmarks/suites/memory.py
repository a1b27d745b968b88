"""Measures the memory that one more user takes, everything that the core keeps included."""

import gc
import tracemalloc

from benchmarks.effort import Effort
from benchmarks.harness import Progress
from benchmarks.results import Findings, Measurement, Sample, Section
from benchmarks.suites.workload import Workload
from roulette_core.policies import POLICIES

_TASK = "Memory per user"
_EXPLANATION = (
    "Bytes that Python has allocated per user, names and ids included, exact; "
    "dictionaries grow in steps, so the figure goes up and down with the population."
)


def run(effort: Effort, progress: Progress) -> Findings:
    """Measures bytes per user by policy and population."""
    measurements = []
    for policy in POLICIES:
        for users in effort.memory_populations:
            progress(f"{policy}: memory of {users:,} users")
            sample = Sample((_bytes(policy, users) / users,))
            measurements.append(Measurement(policy, _TASK, users, "bytes/user", sample))
    return Findings((Section(_TASK, _EXPLANATION, tuple(measurements)),))


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
