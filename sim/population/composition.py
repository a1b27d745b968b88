"""Of which kind each initial user is: worked out, not drawn, so that user 17 is the same in every run."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np


def composition(shares: Sequence[float], users: int) -> list[int]:
    """Returns the kind of each user, by their number.

    Each kind gets its share of the users, rounded to a whole number by largest remainder (Hamilton's method of
    apportionment); of equal remainders, that of the kind listed first is larger. The kinds are interleaved evenly: the
    j-th of a kind's n users stands (j + ½)/n of the way from the first user to the last. So each kind has about its
    share of the first so many users as well.

    Args:
        shares: weight of each kind, at least 0, and one of them above it if there are users.
        users: how many there are.
    """
    counts = np.array(_counts(shares, users))
    kinds = np.repeat(np.arange(len(shares)), counts)
    ranks = np.arange(users) - np.repeat(counts.cumsum() - counts, counts)
    places = (2 * ranks + 1) / (2 * counts[kinds])
    dealt: list[int] = kinds[places.argsort(kind="stable")].tolist()
    return dealt


def _counts(shares: Sequence[float], users: int) -> list[int]:
    """Returns the number of users of each kind."""
    if not users:
        return [0] * len(shares)
    weights = [Fraction(share) for share in shares]
    quotas = [users * weight / sum(weights) for weight in weights]
    counts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(shares)), key=lambda kind: counts[kind] - quotas[kind])
    for kind in by_remainder[: users - sum(counts)]:
        counts[kind] += 1
    return counts
