"""Measures the server over real sockets: private lines, pairings, memory, and the effect of noisy neighbours.

Server and clients are two processes, and the clients verify every line. A server uses one processor; if there is no
other, the clients take their share of it.
"""

import importlib.util
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from benchmarks.effort import Effort
from benchmarks.harness import Contender, Progress, Work, measure
from benchmarks.load import UNLIMITED, Done, LoadTest, load_test
from benchmarks.results import Findings, Measurement, Sample, Section, ratio

_MISSING = "uvloop is not installed; to compare: pip install uvloop"

LINES = "Private lines"
PAIRINGS = "Pairings"
_TASKS: dict[str, tuple[Callable[[LoadTest, float], Done], str, str]] = {
    LINES: (LoadTest.talk, "line", "Each line is answered at once, and heard once and in order, or the suite fails."),
    PAIRINGS: (LoadTest.change, "pairing", "In every pair, one asks for the next as soon as they meet."),
}
COST = "{}: processor"
_COST_EXPLANATION = "Microseconds of the server's processor, the system's work on its behalf included."
MEMORY = "Memory per connection"
_MEMORY_EXPLANATION = "Bytes by which the server's process grows, asyncio's share included."
DELAYS = "Delay of a private line"
CALM, DISTURBED = "no bad neighbours", "flooder, slow reader"
_DELAYS_EXPLANATION = (
    "Median milliseconds from one client to the other, under the default limits; "
    "without and with one client that floods and one that asks and does not read."
)


def run(effort: Effort, progress: Progress) -> Findings:
    """Measures the server on each event loop that is installed."""
    uvloop = importlib.util.find_spec("uvloop") is not None
    sections: list[Section] = []
    with ExitStack() as stack:
        tests = {}
        for loop in ("asyncio", "uvloop") if uvloop else ("asyncio",):
            progress(f"{loop}: {effort.clients:,} clients enter")
            tests[loop] = stack.enter_context(load_test(effort.clients, loop, **UNLIMITED))
        for task in _TASKS:
            sections += _measure_speed(task, tests, effort, progress)
        memory = [
            Measurement(loop, MEMORY, effort.clients, "bytes", Sample((there.bytes_per_connection,)))
            for loop, there in tests.items()
        ]
        sections.append(Section(MEMORY, _MEMORY_EXPLANATION, tuple(memory)))
    sections.append(_measure_delays(effort, progress))
    return Findings(tuple(sections), () if uvloop else (_MISSING,))


def _measure_speed(task: str, tests: dict[str, LoadTest], effort: Effort, progress: Progress) -> list[Section]:
    do, unit, explanation = _TASKS[task]
    costs: dict[str, list[float]] = {loop: [] for loop in tests}

    def prepare(loop: str) -> Work:
        return partial(work, loop)

    def work(loop: str) -> float:
        done = do(tests[loop], effort.load_seconds)
        costs[loop].append(done.cpu_seconds / done.amount * 1e6)
        return done.amount

    contenders = [Contender(loop, task, effort.clients, f"{unit}s/s", partial(prepare, loop)) for loop in tests]
    found = measure(contenders, effort.runs, progress)
    cost = COST.format(task)
    # The warm-up turn does not count here either.
    costly = [
        Measurement(loop, cost, effort.clients, f"µs/{unit}", Sample(tuple(values[1:])))
        for loop, values in costs.items()
    ]
    ratios = tuple(ratio(other, found[0]) for other in found[1:])
    return [Section(task, explanation, found, ratios), Section(cost, _COST_EXPLANATION, tuple(costly))]


def _measure_delays(effort: Effort, progress: Progress) -> Section:
    """Measures without and with noisy neighbours in turn, so that neighbours in time can be compared."""
    delays: dict[str, list[float]] = {CALM: [], DISTURBED: []}
    with load_test(effort.clients) as there:
        there.delay(effort.load_seconds, disturbed=False)
        for number in range(effort.runs):
            for subject, values in delays.items():
                progress(f"{subject}: {DELAYS}, run {number + 1} of {effort.runs}")
                values.append(1000 * there.delay(effort.load_seconds, disturbed=subject == DISTURBED))
    found = [
        Measurement(subject, DELAYS, effort.clients, "ms", Sample(tuple(values))) for subject, values in delays.items()
    ]
    return Section(DELAYS, _DELAYS_EXPLANATION, tuple(found), (ratio(found[1], found[0]),))
