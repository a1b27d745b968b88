"""The worlds agree: the same scenario gives the same figures, as far as chance lets one tell.

Each world runs every scenario several times, with seeds that no other world has, so that all runs are independent.
Two worlds differ in a figure if Welch's test says so at a level at which, were all the same, one of a thousand choices
of seeds would show a difference anywhere in this module.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import combinations
from statistics import mean, stdev

import pytest
from scipy.stats import t, ttest_ind

from roulette_core.testing import Verdict
from sim.measure import CHAT
from sim.population import ClosedModel, Scenario, load
from sim.results import Run
from sim.run import simulate as in_core
from sim.worlds.tcp import simulate as over_tcp
from sim.worlds.wire import simulate as over_wire
from tests.support.server import serving

RUNS = 8
SECONDS = 1200.0

SPEED, REAL_SECONDS, CORE_RUNS = 30.0, 240.0, 50
"""How fast people live over tcp, for how many seconds of theirs, and with how many runs elsewhere that is compared."""

SCENARIOS: Mapping[str, Scenario] = {
    "closed, odd": ClosedModel(21, mean_chat_seconds=30.0),
    "closed, even": ClosedModel(20, mean_chat_seconds=30.0),
    "mixed": load("mixed", 40),
}

WORLDS: Mapping[str, Callable[[str, Scenario, int], Run]] = {
    "core": lambda policy, scenario, seed: in_core(policy, scenario, seed, 0, SECONDS, 0.0),
    "wire": lambda policy, scenario, seed: over_wire(policy, scenario, seed, 0, SECONDS, 0.0, "delays"),
}
"""World → how to run a scenario there, under a policy, from a seed."""

FIGURES: Mapping[str, Callable[[Run], float]] = {
    "re-pair probability": lambda run: run.figures.repairs / run.figures.repair_opportunities,
    "mean wait": lambda run: run.figures.search_seconds[:, CHAT].sum() / run.figures.searches[:, CHAT].sum(),
    "pairings per user and hour": lambda run: run.figures.pairings / run.figures.users / (run.figures.seconds / 3600),
}

PAIRS_OF_WORLDS = list(combinations(WORLDS, 2))
LEVEL = 0.001 / (len(PAIRS_OF_WORLDS) * len(SCENARIOS) * len(FIGURES))


@cache
def runs(world: str, scenario: str, policy: str = "v2") -> list[Run]:
    first = 1000 * list(WORLDS).index(world)
    return [WORLDS[world](policy, SCENARIOS[scenario], seed) for seed in range(first, first + RUNS)]


def differing(first: Iterable[Run], second: Iterable[Run]) -> list[str]:
    """The figures in which two samples differ."""
    first, second = list(first), list(second)
    return [
        name
        for name, tell in FIGURES.items()
        if not ttest_ind([*map(tell, first)], [*map(tell, second)], equal_var=False).pvalue >= LEVEL
    ]


@pytest.mark.parametrize(("first", "second"), PAIRS_OF_WORLDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_two_worlds_agree(first, second, scenario):
    assert all(run.ok for world in (first, second) for run in runs(world, scenario))
    assert differing(runs(first, scenario), runs(second, scenario)) == []


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("scenario", "theory"), [("closed, odd", 1 / 3), ("closed, even", 1 / 5)])
def test_every_world_agrees_with_theory(world, scenario, theory):
    """At 99.9 % confidence for all of these together, by Student's t for the mean of independent runs."""
    values = [FIGURES["re-pair probability"](run) for run in runs(world, scenario)]
    error = stdev(values) / RUNS**0.5
    assert abs(mean(values) - theory) < t.ppf(1 - 0.001 / (2 * len(WORLDS) * 2), RUNS - 1) * error


def test_a_difference_between_worlds_would_be_found():
    """Another rule, or a little more hurry, is told from the same with as many runs."""
    same = runs("core", "closed, odd")
    assert differing(same, runs("wire", "closed, odd", "v2:minimum=5")) == ["re-pair probability", "mean wait"]
    hasty = [
        in_core("v2", ClosedModel(21, mean_chat_seconds=25.0), seed, 0, SECONDS, 0.0)
        for seed in range(5000, 5000 + RUNS)
    ]
    assert "pairings per user and hour" in differing(same, hasty)


def lived_over_tcp(scenario: str) -> Run:
    """Some minutes of a scenario at a real server, in seconds."""
    with serving("--policy", "v2", "--rate", "0", "--per-address", "0", "--log-level", "error") as server:
        return over_tcp("v2", SCENARIOS[scenario], 1, 0, REAL_SECONDS, ("127.0.0.1", server.port), 0.0, SPEED)


@pytest.fixture(scope="module")
def real() -> Mapping[str, Run]:
    """Every scenario over tcp, all at once: real time is dear."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(SCENARIOS, pool.map(lived_over_tcp, SCENARIOS), strict=True))


def unlikely(run: Run, scenario: str) -> list[str]:
    """The figures of a run that lie where one more run in the core would hardly have them, by Student's t.

    No seed makes a run over sockets the same again, so the level is stricter: of 10,000 times that all of this is
    run, it fails once.
    """
    others = [in_core("v2", SCENARIOS[scenario], seed, 0, REAL_SECONDS, 0.0) for seed in range(100, 100 + CORE_RUNS)]
    bound = t.ppf(1 - 1e-4 / (2 * len(SCENARIOS) * len(FIGURES)), CORE_RUNS - 1) * (1 + 1 / CORE_RUNS) ** 0.5
    samples = {name: [*map(tell, others)] for name, tell in FIGURES.items()}
    return [
        name for name, values in samples.items() if not abs(FIGURES[name](run) - mean(values)) < bound * stdev(values)
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_run_over_tcp_is_as_one_in_the_core_might_be(real: Mapping[str, Run], scenario: str) -> None:
    assert [check for check in real[scenario].checks if check.verdict is Verdict.FAILED] == []
    assert unlikely(real[scenario], scenario) == []


@pytest.mark.parametrize("scenario", ["closed, odd", "closed, even"])
def test_a_run_under_another_rule_is_distinguished_from_it(scenario: str) -> None:
    assert "mean wait" in unlikely(in_core("v2:minimum=7", SCENARIOS[scenario], 1, 0, REAL_SECONDS, 0.0), scenario)
