"""The only chance in the core: whole-number choices from a seeded generator."""

from random import Random

from roulette_core.policies import Choose


def chooser(generator: Random) -> Choose:
    """Makes ``choose(n)``: one of 0 … n − 1.

    ``Random.random`` is the one method whose sequence Python promises to keep for a seed. Its 53 bits make the
    probabilities of two numbers differ by at most 2**-53, and the product is always below n.

    Args:
        generator: where the chance comes from; its state is the chooser's state.
    """
    random = generator.random

    def choose(count: int) -> int:
        return int(random() * count)

    return choose
