"""Seeds of populations."""

import numpy as np


def seed(number: int) -> np.random.SeedSequence:
    """A fresh sequence: a population may take what it spawns once only."""
    return np.random.SeedSequence(number)
