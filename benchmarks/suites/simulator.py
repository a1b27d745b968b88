"""Measures pairings per second of the simulator, beside the same closed model written for SimPy.

SimPy is measured twice: with the straightforward model, and with a tuned one. What is timed is what a run of one's own
takes: making the users, the simulation up to the same horizon and, for ours, everything that ``roulette sim`` measures
and checks. Start-up is included for all, importing for none. Ours and the tuned model draw random numbers in blocks;
ours exploits that exponential chats have no memory, which SimPy cannot know.
"""

import importlib.util
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from random import Random

import numpy as np

from benchmarks.effort import Effort
from benchmarks.harness import Contender, Progress, Work, measure
from benchmarks.results import Findings, Measurement, Ratio, Section, ratio
from roulette_core import Paired, Roulette
from sim import engine
from sim.population import ClosedModel, exponentials
from sim.run import simulate

OURS = "roulette sim"
UNWATCHED = "… unobserved"
SIMPY = "SimPy"
TUNED = "SimPy, tuned"
MEAN_CHAT_SECONDS = 60.0
"""The mean length of a chat, as in ``--scenario closed``."""
SEED = 0

_TASK = "Closed model, version 1"
_EXPLANATION = (
    f"{OURS} checks and measures everything that it reports; unobserved, only core and engine are at work. "
    "Timed from making the users to the end, start-up included."
)
_BESIDE = f" {SIMPY} only counts pairings."
_MISSING = "SimPy is not installed; to compare: pip install simpy"


def run(effort: Effort, progress: Progress) -> Findings:
    """Times the simulator and, if it is installed, SimPy in turn with it."""
    peers = importlib.util.find_spec("simpy") is not None
    measurements: list[Measurement] = []
    ratios: list[Ratio] = []
    for users, seconds in effort.closed:
        found = measure(_contenders(users, seconds, peers), effort.runs, progress)
        measurements += found
        ratios += [ratio(found[0], peer) for peer in found[2:]]
    section = Section(_TASK, _EXPLANATION + (_BESIDE if peers else ""), tuple(measurements), tuple(ratios))
    return Findings((section,), () if peers else (_MISSING,))


def _contenders(users: int, seconds: float, peers: bool) -> list[Contender]:
    prepare: dict[str, Callable[[int, float], Work]] = {OURS: _prepare_ours, UNWATCHED: _prepare_unwatched}
    if peers:
        prepare |= {SIMPY: partial(_prepare_simpy, False), TUNED: partial(_prepare_simpy, True)}
    return [
        Contender(subject, _TASK, users, "pairings/s", partial(make, users, seconds))
        for subject, make in prepare.items()
    ]


def _prepare_ours(users: int, seconds: float) -> Work:
    scenario = ClosedModel(users, MEAN_CHAT_SECONDS)

    def work() -> float:
        run = simulate("no-repeat", scenario, SEED, 0, seconds, warmup_seconds=0.0)
        assert run.ok, f"a self-check failed: {run.checks}"
        return run.figures.pairings

    return work


def _prepare_unwatched(users: int, seconds: float) -> Work:
    pairings = _count_pairings(users, seconds)

    def work() -> float:
        _run_alone(users, seconds)
        return pairings

    return work


@cache
def _count_pairings(users: int, seconds: float) -> int:
    """Returns how many pairings the unobserved run makes."""
    counted: Counter[type] = Counter()
    _run_alone(users, seconds, lambda now, event, effects: counted.update(map(type, effects)))
    return counted[Paired]


def _run_alone(users: int, seconds: float, *observers: engine.EventCallback) -> None:
    """Runs core and engine, with observers only if given."""
    population = ClosedModel(users, MEAN_CHAT_SECONDS).population(np.random.SeedSequence(SEED))
    engine.run(Roulette("no-repeat"), population, seconds, observers)


def _prepare_simpy(tuned: bool, users: int, seconds: float) -> Work:
    from benchmarks.suites.simpy_closed import ClosedModel as TunedModel
    from benchmarks.suites.simpy_closed import PlainModel

    def work() -> float:
        if tuned:
            return TunedModel(users, exponentials(np.random.SeedSequence(SEED), MEAN_CHAT_SECONDS)).run(seconds)
        return PlainModel(users, partial(Random(SEED).expovariate, 1 / MEAN_CHAT_SECONDS)).run(seconds)

    return work
