"""The random numbers of users on seats are those of the core's users, across the blocks in which they are drawn."""

import numpy as np

from sim.kernel import chance
from sim.population import random_streams


def test_streams_are_those_of_the_core():
    pairs = [
        (chance.exponentials(np.random.SeedSequence(1)), random_streams.exponentials(np.random.SeedSequence(1))),
        (
            chance.exponentials(np.random.SeedSequence(2), 7.5),
            random_streams.exponentials(np.random.SeedSequence(2), 7.5),
        ),
        (chance.uniforms(np.random.SeedSequence(3)), random_streams.uniforms(np.random.SeedSequence(3))),
    ]
    for stream, draw in pairs:
        assert [stream.next() for _ in range(10_000)] == [draw() for _ in range(10_000)]
