"""Endless streams of random numbers, drawn in blocks because one at a time costs ten times as much."""

from collections.abc import Callable
from itertools import chain, repeat

import numpy as np

_BLOCK = 4096


def exponentials(seed: np.random.SeedSequence, mean: float = 1.0) -> Callable[[], float]:
    """Exponential times of a given mean: call it for the next."""
    generator = np.random.default_rng(seed)
    return chain.from_iterable(generator.exponential(mean, size).tolist() for size in repeat(_BLOCK)).__next__


def uniforms(seed: np.random.SeedSequence) -> Callable[[], float]:
    """Uniform numbers, 0 ≤ number < 1: call it for the next."""
    generator = np.random.default_rng(seed)
    return chain.from_iterable(generator.random(size).tolist() for size in repeat(_BLOCK)).__next__
