"""Where outcomes are dealt fairly, p-values of their spread are uniform; where they are not, they are small."""

import numpy as np
import pytest
from scipy.stats import kstest

from sim.measure import chance
from sim.measure.chance import Searches, spreads
from sim.measure.histogram import BINS, bin_of

CASES = 200


def dealt(users: int, seed: int, favour: float = 0.0) -> Searches:
    """Returns searches of users of two kinds, whose lengths are drawn for all alike, or shorter for every fifth."""
    random = np.random.default_rng((users, seed))
    kinds, searches = np.arange(users) % 2, random.integers(20, 40, size=users)
    owners = np.repeat(np.arange(users), searches)
    lengths = random.exponential(np.where(owners % 5 == 0, 1.0 - favour, 1.0) * (1.0 + 3.0 * (owners % 2)))
    in_bins = np.zeros((2, BINS), dtype=np.int64)
    for owner, length in zip(owners.tolist(), lengths.tolist(), strict=True):
        in_bins[owner % 2, bin_of(length)] += 1
    chats = random.binomial(searches, 0.7)
    return Searches(kinds, searches, chats, np.bincount(owners, weights=lengths, minlength=users), in_bins)


@pytest.mark.parametrize(("users", "budget"), [(3, 400_000), (5, 400_000), (60, 12_000)])
def test_p_values_of_fair_deals_are_uniform(users: int, budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a confidence of 99.9 %; small budgets have few deals, or deal to some users only."""
    monkeypatch.setattr(chance, "BUDGET", budget)
    found = [spreads(dealt(users, seed))[1] for seed in range(CASES)]
    p_values = np.array([each.jain_p for each in found])
    assert kstest(p_values, "uniform").pvalue > 0.001
    inside = np.mean([each.jain_low <= each.jain <= each.jain_high for each in found])
    assert inside > 0.87  # 50 deals hold 92 % of further ones


def test_a_rule_that_prefers_some_users_is_unlike_chance() -> None:
    assert spreads(dealt(300, 1, favour=0.6))[1].jain_p < 0.05


def test_where_nothing_was_searched_nothing_is_dealt() -> None:
    nothing = np.zeros(3, dtype=np.int64)
    found = spreads(Searches(nothing, nothing, nothing, np.zeros(3), np.zeros((1, BINS), dtype=np.int64)))
    assert all(np.isnan(each.jain_p) and np.isnan(each.jain) for each in found)
