"""Endless streams of random numbers, drawn in blocks: one at a time, they would cost ten times as much."""

from collections.abc import Callable
from itertools import chain, repeat

import numpy as np

_BLOCK = 4096


def exponentials(seed: np.random.SeedSequence, mean: float = 1.0) -> Callable[[], float]:
    """Returns a function that draws the next exponential time with a given mean."""
    generator = np.random.default_rng(seed)
    return chain.from_iterable(generator.exponential(mean, size).tolist() for size in repeat(_BLOCK)).__next__


def uniforms(seed: np.random.SeedSequence) -> Callable[[], float]:
    """Returns a function that draws the next number uniformly from 0 ≤ number < 1."""
    generator = np.random.default_rng(seed)
    return chain.from_iterable(generator.random(size).tolist() for size in repeat(_BLOCK)).__next__
