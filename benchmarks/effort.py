"""How much to measure: enough to see that it works, in seconds; everything; or what takes long and much memory, too."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure."""

    is_quick: bool
    runs: int  # how often each timing is repeated, at least 1
    events: int  # how many events of the core are timed at a time
    populations: tuple[int, ...]  # the numbers of users with which the core is timed
    memory_populations: tuple[int, ...]  # the numbers of users with which memory is measured
    saved_populations: tuple[int, ...]  # the numbers of users with which saving is timed
    closed: tuple[tuple[int, float, float], ...]  # users of the closed model; simulated seconds; of what is compiled
    mixed: tuple[int, float, float]  # the same of scenario mixed
    stretch: float  # simulated seconds of the shorter run whose memory is measured; the other is ten times as long
    millions: int  # how many millions of users are simulated for an hour, to see what memory that takes
    comparisons: int  # how often ``roulette sim`` is run as one does first
    clients: int  # how many clients the server has, more than 200
    load_seconds: float  # how long each run of the server's suite takes


FULL = Effort(
    is_quick=False,
    runs=5,
    events=10_000,
    populations=(100, 1_000, 10_000, 100_000, 1_000_000),
    memory_populations=(1_000, 10_000, 100_000),
    saved_populations=(1_000, 100_000),
    closed=((1_000, 3_600.0, 100_000.0), (100_000, 100.0, 1_000.0)),
    mixed=(1_000, 1_800.0, 18_000.0),
    stretch=3_600.0,
    millions=0,
    comparisons=3,
    clients=1_000,
    load_seconds=1.0,
)

QUICK = Effort(
    is_quick=True,
    runs=3,
    events=2_000,
    populations=(100, 1_000, 10_000),
    memory_populations=(100, 1_000),
    saved_populations=(100, 1_000),
    closed=((1_000, 600.0, 60_000.0),),
    mixed=(1_000, 300.0, 6_000.0),
    stretch=600.0,
    millions=0,
    comparisons=0,
    clients=400,
    load_seconds=0.1,
)

THOROUGH = replace(FULL, millions=1)


def how_much(quick: bool, thorough: bool, runs: int | None) -> Effort:
    """Returns how much to measure, each timing repeated so often; by default 5 times, or 3 if quick."""
    chosen = QUICK if quick else THOROUGH if thorough else FULL
    return chosen if runs is None else replace(chosen, runs=runs)
