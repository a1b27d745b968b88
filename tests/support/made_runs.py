"""Runs that were not made by any engine: figures drawn at random, for tests of what is done with figures."""

import numpy as np

from roulette_core import make_policy
from roulette_core.testing import Result, Verdict
from sim.engine import Progress
from sim.measure import LogHistogram, RunFigures, Spread
from sim.measure.run_figures import Batch, Longest, Scores
from sim.population import Scenario
from sim.results import Run

CHECKS = (
    Result("work_conserving", Verdict.OK, ""),
    Result("no_partner_twice_running", Verdict.NOT_ASKED, "not a promise"),
    Result("Little's law", Verdict.OK, "L = 1"),
)


def made_figures(
    generator: np.random.Generator,
    users: int = 30,
    kinds: int = 1,
    seconds: float = 1800.0,
    wait: float = 2.0,
    warmup: float = 600.0,
) -> RunFigures:
    """Figures of a run that never was, in which waits have a certain mean."""
    waits = generator.exponential(wait, 400)
    given_up = generator.exponential(3 * wait, 20)
    searches = np.zeros((kinds, 4), dtype=np.int64)
    searches[0] = [400, 15, 4, 1]
    lengths = np.zeros((kinds, 4))
    lengths[0] = [waits.sum(), given_up[:15].sum(), given_up[15:19].sum(), given_up[19]]
    each = np.bincount(generator.integers(users, size=400), minlength=users)
    searched = generator.gamma(np.maximum(each, 1), wait)
    index = float(generator.uniform(0.9, 0.95))
    spread = Spread(index, 0.1, 0.92, 0.01, 0.9, 0.94, 0.4, 0.11, 0.1, 0.12, 0.6, 100)
    draws = generator.multinomial(200, np.full(20, 1 / 20))
    repairs = int(generator.binomial(190, 0.2))
    return RunFigures(
        users=users,
        kinds=kinds,
        start=warmup,
        end=warmup + seconds,
        events=1000,
        pairings=200,
        repairs=repairs,
        repair_opportunities=190,
        recent=repairs + 5,
        present_mean=float(users),
        searching_mean=float(generator.normal(2, 0.1)),
        state_seconds=np.ones((kinds, 3)) * generator.uniform(0.5, 1, (kinds, 3)) * seconds,
        searches=searches,
        search_seconds=lengths,
        waits=LogHistogram.of(waits.tolist()),
        all_waits=LogHistogram.of([*waits.tolist(), *given_up.tolist()]),
        waits_by_kind=tuple(LogHistogram.of(waits.tolist()) for _ in range(kinds)),
        wait_max=float(waits.max()),
        longest=(Longest(3, float(waits.max()), "chat"), Longest(5, 1.0, "still on")),
        chats_mean=400 / users,
        distinct_partners=float(generator.normal(10, 0.2)),
        distinct_by_chance=11.0 if kinds == 1 else None,
        chats=spread,
        waiting=spread,
        draw_p=0.5,
        draw_counts=tuple(draws.tolist()),
        never=1,
        never_users=(7,),
        batches=tuple(Batch(wait * 20, 20, 2, 10, 2 * seconds / 20, seconds / 20) for _ in range(20)),
        scores=Scores(np.arange(users) % kinds, each, searched, each),
        checks=(),
    )


def no_figures() -> RunFigures:
    """Figures of a run without users and without time."""
    nothing = LogHistogram.of([])
    nan = float("nan")
    spread = Spread(nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, 0)
    none = np.zeros(0, dtype=np.int64)
    return RunFigures(
        users=0,
        kinds=1,
        start=0.0,
        end=0.0,
        events=0,
        pairings=0,
        repairs=0,
        repair_opportunities=0,
        recent=0,
        present_mean=nan,
        searching_mean=nan,
        state_seconds=np.zeros((1, 3)),
        searches=np.zeros((1, 4), dtype=np.int64),
        search_seconds=np.zeros((1, 4)),
        waits=nothing,
        all_waits=nothing,
        waits_by_kind=(nothing,),
        wait_max=nan,
        longest=(),
        chats_mean=nan,
        distinct_partners=nan,
        distinct_by_chance=None,
        chats=spread,
        waiting=spread,
        draw_p=None,
        draw_counts=(0,) * 20,
        never=0,
        never_users=(),
        batches=(),
        scores=Scores(none, none, np.zeros(0), none),
        checks=(),
    )


def made_run(
    policy: str,
    scenario: Scenario,
    seed: int,
    run: int,
    duration_seconds: float,
    warmup_seconds: float,
    progress: Progress = lambda now: None,
) -> Run:
    """Stands for a simulator: the same run of all policies has much in common."""
    rule = make_policy(policy)
    end = warmup_seconds + duration_seconds
    for step in range(1, 11):
        if progress(end * step / 10):
            end *= step / 10
            break
    generator = np.random.default_rng([seed, run])
    figures = made_figures(
        generator,
        scenario.users,
        seconds=end - warmup_seconds,
        wait=2.0 + len(rule.specification) / 10,
        warmup=warmup_seconds,
    )
    return Run(rule.specification, "made", figures, CHECKS, 0.25)
