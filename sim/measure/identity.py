"""Whether a policy prefers some users to others, whoever they may be: an exact test over several runs.

The same users come with the same numbers in every run. A user whom the policy prefers waits less than others of their
kind, in every run again; a user who was lucky in one run is not lucky in the next.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHUFFLES: Final = 999
"""How often users are dealt anew: p-values go down to 1/1000."""

FEWEST_SHUFFLES: Final = 199
WORK: Final = 2_000_000_000
"""About how many numbers are added at most, a second or two; beyond, users are dealt anew less often."""
BLOCK: Final = 250_000
"""Numbers that are added at once: few enough for a processor's cache."""


class Searches(NamedTuple):
    """What the initial users of one run went through, each column of shape (users,).

    Attributes:
        searches: how often each has searched.
        seconds: for how long in all.
        kind: the number of their persona; −1 of a user who did not come.
    """

    searches: npt.ArrayLike
    seconds: npt.ArrayLike
    kind: npt.ArrayLike


def identity_p(runs: Sequence[Searches], seed: int = 20_08) -> float:
    """Returns the probability that some users wait as consistently less than others as they do, in a fair world.

    Within each run and each kind, users are ranked by the mean length of their searches, and the ranks are brought to
    mean 0 and variance 1; users who never searched have 0. The statistic is the sum, over the users, of the square of
    the sum of their ranks over the runs: it is large if the same users come out low, or high, again and again.

    If within a kind it makes no difference who is who, the ranks of each run may as well be dealt anew to the users of
    that kind, in each run for itself. So they are, and the p-value is exact: at most 5 % of fair policies have one
    below 0.05 (Hemerik and Goeman, *Exact testing with random permutations*, TEST 27, 2018). They are dealt by turning
    all ranks of a kind by some places, in an order shuffled once: a group of permutations, as the theorem asks.

    It says nothing of positions, such as who came first; nor is it asked of fewer than two runs, where it is NaN, as it
    is without two users of one kind who searched.
    """
    if len(runs) < 2 or not len(np.asarray(runs[0].kind)):
        return math.nan
    kinds = np.max(np.stack([np.asarray(run.kind) for run in runs]), axis=0)
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(kinds))
    shuffles = min(SHUFFLES, max(FEWEST_SHUFFLES, WORK // (len(runs) * len(kinds))))
    seen, dealt = 0.0, np.zeros(shuffles)
    for parts in zip(*(_ranks(run, kinds, order) for run in runs), strict=True):
        seen += _statistic(parts, np.zeros((len(runs), 1), dtype=np.int64))[0]
        dealt += _statistic(parts, generator.integers(len(parts[0]), size=(len(runs), shuffles)))
    if not seen:
        return math.nan
    as_large = int(np.count_nonzero(dealt >= seen * (1 - 1e-9)))
    return (1 + as_large) / (1 + shuffles)


def _ranks(run: Searches, kinds: npt.NDArray[np.generic], order: Integers) -> Iterator[Floats]:
    """Yields, for each kind, the standardised ranks of its users, in the same shuffled order for every run."""
    searches, seconds = np.asarray(run.searches, dtype=float)[order], np.asarray(run.seconds, dtype=float)[order]
    if np.any((np.asarray(run.kind) != kinds) & (np.asarray(run.kind) >= 0)):
        raise ValueError("a user is of one kind in all runs")
    for kind in np.unique(kinds):
        of_kind = kinds[order] == kind
        yield _standardised(searches[of_kind], seconds[of_kind])


def _standardised(searches: Floats, seconds: Floats) -> Floats:
    """Returns ranks of the mean length of a search, equal ones sharing theirs, with mean 0 and variance 1, or all 0."""
    scores = np.zeros(len(searches))
    searched = searches > 0
    _, place, ties = np.unique(seconds[searched] / searches[searched], return_inverse=True, return_counts=True)
    if len(ties) < 2:
        return scores
    last = np.cumsum(ties)
    ranks = (last - (ties - 1) / 2)[place]
    ranks -= ranks.mean()
    scores[searched] = ranks / math.sqrt(float(np.mean(ranks**2)))
    return scores


def _statistic(ranks: Sequence[Floats], turns: Integers) -> Floats:
    """Returns the statistic of one kind with each run turned by some places; ``turns`` of shape (runs, ways)."""
    users, ways = len(ranks[0]), turns.shape[1]
    windows = [sliding_window_view(np.concatenate((each, each)), users) for each in ranks]
    at_once = 1 + BLOCK // users
    found = []
    for begin in range(0, ways, at_once):
        total = np.zeros((min(at_once, ways - begin), users))
        for window, turn in zip(windows, turns[:, begin : begin + at_once], strict=True):
            total += window[turn]
        found.append(np.einsum("ij,ij->i", total, total))
    return np.concatenate(found)
