"""How much to measure: everything, in about four minutes, or enough to see that it works, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure."""

    runs: int  # how often each timing is repeated, at least 1
    events: int  # how many events of the core are timed at a time
    populations: tuple[int, ...]  # the numbers of users with which the core is timed
    memory_populations: tuple[int, ...]  # the numbers of users with which memory is measured
    saved_populations: tuple[int, ...]  # the numbers of users with which saving is timed
    closed: tuple[tuple[int, float], ...]  # users and simulated seconds of each run of the closed model
    clients: int  # how many clients the server has, more than 200
    load_seconds: float  # how long each run of the server's suite takes


FULL = Effort(
    runs=5,
    events=10_000,
    populations=(100, 1_000, 10_000, 100_000, 1_000_000),
    memory_populations=(1_000, 10_000, 100_000),
    saved_populations=(1_000, 100_000),
    closed=((1_000, 3_600.0), (100_000, 300.0)),
    clients=1_000,
    load_seconds=1.0,
)

QUICK = Effort(
    runs=3,
    events=2_000,
    populations=(100, 1_000, 10_000),
    memory_populations=(100, 1_000),
    saved_populations=(100, 1_000),
    closed=((1_000, 600.0),),
    clients=400,
    load_seconds=0.1,
)
