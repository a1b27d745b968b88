"""How evenly something is spread over users, as one number."""

import math

import numpy as np

from sim.measure.run_figures import Floats, Integers


def jain(shares: Floats | Integers) -> float:
    """Returns Jain's index (Σx)²/(n·Σx²): 1 if all have the same, 1/n if one has all (Jain, Chiu, Hawe 1984)."""
    values = shares.astype(float)
    squares = float(np.sum(values**2))
    return min(1.0, float(values.sum()) ** 2 / (len(values) * squares)) if squares else math.nan


def gini(shares: Floats | Integers) -> float:
    """Returns the Gini coefficient of shares ≥ 0: 0 if all have the same, towards 1 if one has all.

    The weights are symmetric around 0, so that equal shares cancel each other; rounding alone could go below 0.
    """
    values = np.sort(shares.astype(float))
    total, number = float(values.sum()), len(values)
    if not total:
        return math.nan
    return max(0.0, float(np.sum(np.arange(1 - number, number, 2) * values)) / (number * total))
