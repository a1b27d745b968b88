"""Measures events per second of the core, and whether the cost of an event grows with the number of users.

Each policy is measured with populations of all sizes in turn, so that the largest and the smallest are neighbours in
time and their ratio can be trusted. A clock cannot tell work from waiting for memory, which does take longer among a
million users than among a hundred that fit into the processor's cache. So the instructions that the interpreter
executes are counted as well, exactly and without a clock.
"""

from functools import partial

from benchmarks.effort import Effort
from benchmarks.harness import Contender, Progress, measure
from benchmarks.instructions import count_instructions
from benchmarks.results import Findings, Measurement, Sample, Section, ratio
from benchmarks.suites.workload import Task, Workload, lobby_lines, nexts, returns
from roulette_core.policies import POLICIES

COUNTED = 2_000
"""How many events have their instructions counted, which slows them down many times: enough for some waves."""

_TASKS: dict[str, tuple[Task, str]] = {
    "Next": (nexts, "Users at random ask for the next, as chats end, but 200 a second at most."),
    "Lobby and Start": (returns, "Users at random go back to the lobby and start again: two events each time."),
    "Say in the lobby": (lobby_lines, "One effect for any number of listeners. Policies play no part: one is enough."),
}
_INSTRUCTIONS = "Next: instructions"
_COUNT_EXPLANATION = "Bytecode instructions per Next, counted without a clock: the same on every machine."


def run(effort: Effort, progress: Progress) -> Findings:
    """Times the core's events by policy and population, and counts their instructions."""
    measurements: list[Measurement] = []
    for policy in POLICIES:
        measurements += _measure_policy(policy, effort, progress)
    explanations = {task: explanation for task, (_, explanation) in _TASKS.items()}
    explanations[_INSTRUCTIONS] = _COUNT_EXPLANATION
    return Findings(
        tuple(
            _section(task, explanation, [found for found in measurements if found.task == task])
            for task, explanation in explanations.items()
        )
    )


def _measure_policy(policy: str, effort: Effort, progress: Progress) -> list[Measurement]:
    workloads = []
    for users in effort.populations:
        progress(f"{policy}: {users:,} users arrive")
        workloads.append(Workload(policy, users))
    contenders = [
        Contender(policy, task, workload.users, "events/s", partial(workload.work, events, effort.events))
        for task, (events, _) in _TASKS.items()
        if events is not lobby_lines or policy == next(iter(POLICIES))
        for workload in workloads
    ]
    timed = measure(contenders, effort.runs, progress)
    progress(f"{policy}: counting instructions")
    counted = [
        Measurement(policy, _INSTRUCTIONS, workload.users, "instructions/event", Sample((instructions(workload),)))
        for workload in workloads
    ]
    return [*timed, *counted]


def instructions(workload: Workload) -> float:
    """Returns the bytecode instructions per ``Next`` of a workload."""
    return count_instructions(workload.work(nexts, COUNTED)) / COUNTED


def _section(task: str, explanation: str, measurements: list[Measurement]) -> Section:
    """Returns one table, in which each policy's largest population is compared with its smallest."""
    by_policy: dict[str, list[Measurement]] = {}
    for found in measurements:
        by_policy.setdefault(found.subject, []).append(found)
    ratios = tuple(ratio(of_one[-1], of_one[0]) for of_one in by_policy.values() if len(of_one) > 1)
    return Section(task, explanation, tuple(measurements), ratios)
