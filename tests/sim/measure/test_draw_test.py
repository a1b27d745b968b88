"""The draw test: uniform if draws are, and low where the first to come are paired first; which draws it samples."""

from random import Random

import numpy as np
import pytest
from scipy.stats import kstest

from sim.measure import draw_p
from sim.measure.draw_test import DrawTest
from sim.measure.tally import Tally
from sim.rows import Rows, codes


def p_of(seed: int, first_come: float = 0.0) -> float:
    """Returns the p-value of 300 draws from pools of 3 to 9 users, of which a share takes the first two."""
    chance, draws = Random(seed), DrawTest()
    for event in range(300):
        pool = chance.randint(3, 9)
        pairs = pool * (pool - 1) // 2
        draws.note(event, 0 if chance.random() < first_come else chance.randrange(pairs), pool)
    p = draw_p(np.array(draws.counts, dtype=np.int64))
    assert p is not None
    return p


def test_p_is_uniform_if_draws_are() -> None:
    """Fails for 1 in 1,000 choices of seeds."""
    assert kstest([p_of(seed) for seed in range(150)], "uniform").pvalue > 0.001


def test_p_is_low_if_the_first_to_come_are_often_paired_first() -> None:
    assert all(p_of(seed, first_come=0.2) < 0.001 for seed in range(20))


def test_with_few_draws_nothing_is_said() -> None:
    assert draw_p(np.array([99] + 19 * [0])) is None
    assert draw_p(np.array(20 * [5])) == pytest.approx(1.0)


def test_eight_draws_of_one_event_count() -> None:
    draws = DrawTest()
    for event, number in ((0, 3), (5, 30), (6, 8), (7, 9)):
        for _ in range(number):
            draws.note(event, 0, 30)
    assert sum(draws.counts) == 3 + 8 + 8 + 8
    draws.clear()
    assert sum(draws.counts) == 0


@pytest.mark.parametrize(
    ("ahead", "sampled"), [(3_999, True), (4_000, True), (4_001, False), (4_015, False), (4_016, True)]
)
def test_draws_of_the_first_events_are_sampled_and_then_of_every_sixteenth(ahead: int, sampled: bool) -> None:
    tally = Tally(3, 1, 0.0)
    rows = Rows([tally])
    for user in range(3):
        rows.add(0.0, codes.JOINED, user, 0)
        rows.add(0.0, codes.SEARCHING, user, codes.NOBODY)
    for _ in range(ahead):
        rows.end(0.0)
    rows.add(0.0, codes.PAIRED, 0, 2)
    rows.flush()
    assert sum(tally.draws.counts) == sampled
