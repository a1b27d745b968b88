"""The test of identity: a fair world is called unfair in one of twenty seeds, one with favourites always."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from roulette_core import Choose, Paired, Parted, Policy, Roulette, User
from sim import engine
from sim.measure.identity import Searches, identity_p
from sim.population import ClosedModel

DOUBT = 0.05


class Favours(Policy):
    """Pairs two of three or more at random, but every tenth user ahead of all others."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 3:
            return None
        waiting = list(self.pool)
        start = choose(len(waiting))
        waiting = waiting[start:] + waiting[:start]
        waiting.sort(key=lambda user: user % 10 != 0)  # type: ignore[operator]
        return waiting[0], waiting[1]


class Watch:
    """Adds up what each user of the closed model searched, from the effects of a run, after a beginning."""

    def __init__(self, users: int, begin: float) -> None:
        self.began = np.zeros(users)
        self.begin = begin
        self.searches, self.seconds = np.zeros(users), np.zeros(users)

    def see(self, now: float, event: object, effects: Sequence[object]) -> None:
        effect: Any
        for effect in effects:
            if type(effect) is Parted:
                self.began[effect.user] = self.began[effect.partner] = now
            elif type(effect) is Paired and now > self.begin:
                both = [effect.first, effect.second]
                self.searches[both] += 1
                self.seconds[both] += now - self.began[both]


def fair(generator: np.random.Generator, users: int, runs: int, favours: float = 1.0) -> list[Searches]:
    """Users of two kinds who wait differently, some of whom never search; a tenth waits less if favoured."""
    kind = np.arange(users) % 2
    told = []
    for _ in range(runs):
        searches = generator.poisson(3 + 5 * kind)
        length = np.where(np.arange(users) % 10 < 1, favours, 1.0) * (1 + kind)
        told.append(
            Searches(searches, np.round(length * generator.gamma(np.maximum(searches, 1)), 1) * (searches > 0), kind)
        )
    return told


@pytest.mark.parametrize(("users", "runs"), [(2, 2), (6, 3), (40, 2), (40, 10)])
def test_in_a_fair_world_p_is_below_a_twentieth_in_at_most_one_of_twenty(users: int, runs: int) -> None:
    seeds = 200
    found = [identity_p(fair(np.random.default_rng(seed), users, runs)) for seed in range(seeds)]
    unfair = sum(p <= DOUBT for p in found)
    assert unfair <= stats.binom.ppf(0.999, seeds, DOUBT)
    if users > 10:
        assert unfair >= stats.binom.ppf(0.001, seeds, DOUBT)


def test_favourites_are_found_however_few_searches_each_had() -> None:
    assert sum(identity_p(fair(np.random.default_rng(seed), 100, 6, favours=0.3)) <= 0.01 for seed in range(10)) == 10


def test_luck_in_one_run_is_not_taken_for_favour() -> None:
    """The same users are favoured in a run, but others in the next: that is chance."""
    generator = np.random.default_rng(1)
    told = []
    for run in range(6):
        seconds = generator.gamma(5, size=60)
        seconds[run * 10 : run * 10 + 10] /= 10
        told.append(Searches(np.full(60, 5), seconds, np.zeros(60, int)))
    assert identity_p(told) > DOUBT


def test_one_run_or_nobody_says_nothing() -> None:
    one = fair(np.random.default_rng(1), 10, 1)
    nobody = Searches(np.zeros(3), np.zeros(3), np.zeros(3, int))
    assert math.isnan(identity_p(one))
    assert math.isnan(identity_p([]))
    assert math.isnan(identity_p([nobody, nobody]))
    assert math.isnan(identity_p([Searches([], [], [])] * 2))


def test_users_who_did_not_come_in_a_run_are_of_the_kind_of_the_others() -> None:
    told = fair(np.random.default_rng(3), 30, 4)
    for run in told:
        run.searches[7], run.seconds[7] = 0, 0.0  # type: ignore[index]
    absent = [run._replace(kind=np.where(np.arange(30) == 7, -1, run.kind)) for run in told[1:]]
    assert identity_p([told[0], *absent]) == identity_p(told)


def test_kinds_do_not_change_between_runs() -> None:
    with pytest.raises(ValueError, match="kind"):
        identity_p([Searches([1, 1], [1, 2], [0, 0]), Searches([1, 1], [1, 2], [0, 1])])


@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(2, 5))
def test_that_one_kind_waits_longer_than_another_changes_nothing(seed: int, users: int, runs: int) -> None:
    told = fair(np.random.default_rng(seed), users, runs)
    slower = [each._replace(seconds=np.asarray(each.seconds) * (1 + 3 * np.asarray(each.kind))) for each in told]
    assert repr(identity_p(slower)) == repr(identity_p(told))


def played(policy: type[Policy] | str, users: int, seconds: float, seed: int, runs: int) -> list[Searches]:
    told = []
    for sequence in np.random.SeedSequence(seed).spawn(runs):
        for_policy, for_users = sequence.spawn(2)
        roulette = Roulette(policy if isinstance(policy, str) else policy(), seed=int(for_policy.generate_state(1)[0]))
        watch = Watch(users, seconds / 5)
        engine.run(roulette, ClosedModel(users).population(for_users), seconds, (watch.see,))
        told.append(Searches(watch.searches, watch.seconds, np.zeros(users, int)))
    return told


def unfair(policy: str, users: int, seconds: float, seeds: range, runs: int) -> int:
    found = [identity_p(played(policy, users, seconds, seed, runs)) for seed in seeds]
    assert sum(map(math.isnan, found)) < len(found) / 10  # as where nobody waited differently
    return sum(p <= DOUBT for p in found)


def test_a_policy_with_favourites_is_called_unfair_at_a_thousand_users() -> None:
    assert identity_p(played(Favours, 1000, 300.0, seed=1, runs=4)) <= 0.01


@pytest.mark.parametrize(("policy", "users"), [("uniform", 12), ("no-repeat", 11), ("waves", 10)])
def test_a_fair_policy_shows_no_sign_of_unfairness_in_95_of_100_seeds(policy: str, users: int) -> None:
    seeds = range(60)
    assert unfair(policy, users, 600.0, seeds, runs=3) <= stats.binom.ppf(0.999, len(seeds), DOUBT)


@pytest.mark.nightly
@pytest.mark.parametrize("policy", ["no-repeat", "uniform", "fresh", "waves", "interests"])
@pytest.mark.parametrize("users", [5, 100])
def test_fair_policies_show_no_sign_of_unfairness_with_more_users_and_seeds(policy: str, users: int) -> None:
    seeds = range(400)
    assert unfair(policy, users, 900.0, seeds, runs=4) <= stats.binom.ppf(0.999, len(seeds), DOUBT)
