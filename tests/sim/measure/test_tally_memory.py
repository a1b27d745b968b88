"""The memory of a tally grows with users, not with time."""

import tracemalloc

import numpy as np
import pytest

from sim import kernel
from sim.compiled import compiled
from sim.measure import Tally
from sim.population import ClosedModel
from sim.rows import Rows

HOUR = 3600.0
USERS = 12


def after(tally: Tally, hours: float) -> Tally:
    """Lets a tally read a closed model."""
    rows = Rows([tally])
    kernel.run(ClosedModel(USERS), "no-repeat", 1, np.random.SeedSequence(1), hours * HOUR, rows)
    rows.flush()
    return tally


@pytest.mark.skipif(not compiled(), reason="in a list, each number above 256 takes memory of its own")
def test_ten_hours_take_no_more_memory_than_one() -> None:
    peaks = []
    after(Tally(USERS, 1, 0.0), 0.1)  # imports
    for hours in (1, 10):
        tracemalloc.start()
        after(Tally(USERS, 1, 0.0), hours)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.05 * peaks[0]
