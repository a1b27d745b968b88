"""The only randomness in the core: whole-number choices from a seeded generator."""

from random import Random

from roulette_core.policies import Choose


def chooser(generator: Random) -> Choose:
    """Returns a ``choose``, whose state is that of the generator."""
    random = generator.random

    def choose(count: int) -> int:
        # Of all methods, Python promises a seed's sequence for Random.random alone ("Notes on Reproducibility"). Its 53
        # bits make the probabilities of two numbers differ by at most 2**-53; the product is always below count.
        return int(random() * count)

    return choose
