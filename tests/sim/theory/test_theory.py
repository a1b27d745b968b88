"""Every row of the theory's table against simulation, and every formula against what it stands for.

A simulated value may be four standard errors off (by Student's t, sound code fails less than once in a thousand).
"""

import math
import random
from heapq import heappop, heappush

import numpy as np
import pytest

from roulette_core import Event, Join, Leave, Paired, Policy, Roulette, Start
from sim.measure import Tally
from sim.measure.estimates import batch_means
from sim.measure.run_figures import BATCHES
from sim.population import ClosedModel
from sim.report import Sample
from sim.run import run_core
from sim.theory import UNKNOWN, Expectation, closed_model, formulas, student_quantile
from tests.support.experiments import experiment, interval, sample_of, taken

MINUTE = 60.0


@pytest.mark.parametrize(
    ("policy", "users", "expected"),
    [
        ("no-repeat", 1, Expectation(0, 1, math.inf)),
        ("no-repeat", 2, Expectation(0, 2, math.inf)),
        ("no-repeat", 3, Expectation(0, 1, MINUTE / 2)),
        ("no-repeat", 1001, Expectation(0, 1, MINUTE / 1000)),
        ("no-repeat", 4, Expectation(0, 4 / 3, MINUTE / 2)),
        ("v1", 1000, Expectation(0, 1000 / 999, MINUTE / 998)),
        ("v2", 1000, Expectation(1 / 5, 2, 2 * MINUTE / 998)),
        ("uniform:minimum=3", 1001, Expectation(1 / 3, 1, MINUTE / 1000)),
        ("uniform:minimum=7", 1000, Expectation(1 / 13, 6, 6 * MINUTE / 994)),
        ("uniform:minimum=7", 1001, Expectation(1 / 11, 5, 5 * MINUTE / 996)),
        ("uniform:minimum=2", 10, Expectation(1, 0, 0)),
        ("uniform:minimum=2", 11, Expectation(1 / 3, 1, MINUTE / 10)),
        ("uniform:minimum=5", 4, Expectation(None, 4, math.inf)),
        ("fresh", 1000, UNKNOWN),
        ("waves:every=5", 1000, UNKNOWN),
        ("some.where:Else", 1000, UNKNOWN),
    ],
)
def test_the_table_of_the_closed_model(policy: str, users: int, expected: Expectation) -> None:
    assert closed_model(policy, users, MINUTE) == expected


def close(sample: Sample, key: str) -> bool:
    """Within four standard errors of theory, by the batches of one run; or for what is constant, equal."""
    found, expected = interval(sample, key), taken(sample, key).theory
    assert expected is not None
    error = (found.high - found.low) / 2 / student_quantile(0.975, BATCHES - 1)
    return abs(found.value - expected) <= 4 * error + 1e-9


@pytest.mark.parametrize("users", [3, 4, 5, 8, 21])
def test_no_repeat_runs_as_the_table_says(users: int) -> None:
    sample = experiment("no-repeat", ClosedModel(users, MINUTE), 1, 2000 * MINUTE)
    assert sample.figures[0].repairs == 0
    assert sample.figures[0].repair_opportunities > 1000
    assert close(sample, "searching.mean")
    assert close(sample, "wait.mean")


@pytest.mark.parametrize(("minimum", "users"), [(2, 6), (2, 7), (3, 3), (3, 4), (3, 8), (3, 9), (7, 20), (7, 21)])
def test_uniform_runs_as_the_table_says(minimum: int, users: int) -> None:
    sample = experiment(f"uniform:minimum={minimum}", ClosedModel(users, MINUTE), 2, 2000 * MINUTE)
    assert close(sample, "repair.probability")
    assert close(sample, "searching.mean")
    assert close(sample, "wait.mean")
    p = sample.figures[0].draw_p
    assert p is None if minimum == 2 and users == 6 else p is not None and p > 0.001


@pytest.mark.parametrize(("policy", "users"), [("no-repeat", 2), ("uniform:minimum=5", 4)])
def test_too_few_users_wait_for_ever(policy: str, users: int) -> None:
    sample = experiment(policy, ClosedModel(users, MINUTE), 3, 2000 * MINUTE)
    assert sample.figures[0].pairings == 0, "the one chat that no-repeat allows is over after the warm-up"
    assert sample.figures[0].searching_mean == pytest.approx(users)
    assert sample.expected.wait == math.inf


@pytest.mark.nightly  # test_exact.py has the same for a policy with exact values
@pytest.mark.parametrize("users", [10, 11])
def test_intervals_cover_the_theory_in_95_of_100_runs(users: int) -> None:
    """Of 200 seeds between 177 and 199 do, if the interval is what it says (exact binomial, once in a thousand)."""
    samples = [experiment("uniform", ClosedModel(users, MINUTE), seed, 100 * MINUTE) for seed in range(200)]
    theory = taken(samples[0], "repair.probability").theory or 0
    assert 177 <= sum(interval(sample, "repair.probability").covers(theory) for sample in samples) <= 199


class AlmostUniform(Policy):
    """A planted fault: uniform, but for one draw in ten, which the two who have waited longest get."""

    def draw(self, now, choose):  # type: ignore[no-untyped-def]
        users = list(self.pool)
        if len(users) < 3:
            return None
        if choose(10) == 0:
            return users[0], users[1]
        first, second = choose(len(users)), choose(len(users) - 1)
        return users[first], users[second + (second >= first)]


def test_the_rank_test_detects_a_draw_that_is_almost_uniform() -> None:
    scenario = ClosedModel(20, MINUTE)
    population, tally = scenario.population(np.random.SeedSequence(4)), Tally(20, 1, 0.0, 1000 * MINUTE)
    run = run_core(Roulette(AlmostUniform(), seed=4), population, tally, 1000 * MINUTE)
    assert run.figures.draw_p is not None
    assert run.figures.draw_p < 1e-6
    assert not interval(sample_of("uniform:minimum=3", scenario, run), "repair.probability").covers(0.2)


def arrivals_who_never_return(arrivals: float, giving_up: float, number: int) -> tuple[list[bool], list[float]]:
    """The open system, on the state machine: for each user, whether they gave up, and how long they waited."""
    chance = random.Random(5)
    roulette = Roulette("uniform:minimum=2")
    agenda: list[tuple[float, int, Event | None]] = []
    began: dict[int, float] = {}
    gave_up, waits = [False] * number, [0.0] * number
    now = 0.0
    for user in range(number):
        now += chance.expovariate(arrivals)
        heappush(agenda, (now, user, None))
    while agenda:
        now, user, event = heappop(agenda)
        if event is not None:
            if user in began:
                waits[user], gave_up[user] = now - began.pop(user), True
                roulette.handle(event, now)
            continue
        roulette.handle(Join(user, str(user)), now)
        began[user] = now
        heappush(agenda, (now + chance.expovariate(giving_up), user, Leave(user)))
        for effect in roulette.handle(Start(user), now):
            if isinstance(effect, Paired):
                for one in (effect.first, effect.second):
                    waits[int(one)] = now - began.pop(int(one))
                    roulette.handle(Leave(one), now)
    return gave_up, waits


def test_the_open_system_runs_as_the_formulas_say() -> None:
    gave_up, waits = arrivals_who_never_return(arrivals=0.2, giving_up=0.3, number=20_000)
    for values, expected in ((gave_up, 0.3 / (2 * 0.2 + 0.3)), (waits, 1 / (2 * 0.2 + 0.3))):
        batches = np.array(values, dtype=float).reshape(BATCHES, -1)
        found = batch_means(batches.sum(axis=1), np.full(BATCHES, batches.shape[1]))
        error = (found.high - found.low) / 2 / student_quantile(0.975, BATCHES - 1)
        assert abs(found.value - expected) <= 4 * error


def test_distinct_partners_of_independent_rounds() -> None:
    generator = np.random.default_rng(7)
    rounds = generator.integers(30, size=(20_000, 12))
    distinct = np.mean([len(set(row)) for row in rounds.tolist()])
    assert formulas.expected_partners(31, np.array([12])) == pytest.approx(distinct, rel=0.005)
    assert formulas.expected_partners(2, np.array([0, 5])) == 0.5
    assert formulas.expected_partners(1, np.array([0])) is None
