"""A finished run in numbers, from which all reports are made."""

from collections.abc import Sequence
from dataclasses import dataclass

from roulette_core import State
from roulette_core.testing import Result, all_hold
from sim.measure.checks import conservation, littles_law
from sim.measure.fairness import Fairness, fairness
from sim.measure.pairings import Repairs, repairs
from sim.measure.statistics import Estimate
from sim.measure.stays import mean_searching, shares, stays
from sim.measure.waits import WaitSummary, waits
from sim.theory import UNKNOWN, Expectation, closed_model
from sim.trace import Trace


@dataclass(frozen=True, slots=True)
class Setting:
    """The parameters of a run.

    Attributes:
        mean_chat_seconds: 1/µ if the scenario is exactly the closed model of ``sim.theory``, so that there is a theory
            to compare with; None otherwise.
        faults: name of the network's faults; None without a simulated network.
        speed: speed-up of the users' clock, where it is fixed in advance.
    """

    policy: str
    scenario: str
    users: int
    seed: int
    mean_chat_seconds: float | None = None
    world: str = "core"
    faults: str | None = None
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished run in numbers.

    Attributes:
        expected: what theory says.
        users: number of different users in the whole run.
        searching: number of users searching, averaged over time.
        shares: how users divided their time between the states.
    """

    setting: Setting
    expected: Expectation
    simulated_seconds: float
    wall_seconds: float
    events: int
    users: int
    pairings: int
    repairs: Repairs
    waits: WaitSummary
    searching: Estimate
    shares: dict[State, float]
    fairness: Fairness
    checks: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return all_hold(self.checks)

    @property
    def pairings_per_second(self) -> float:
        """Pairings per second of wall time; NaN if it was 0."""
        return self.pairings / self.wall_seconds if self.wall_seconds > 0 else float("nan")


def summarise(trace: Trace, setting: Setting, checks: Sequence[Result], wall_seconds: float) -> Summary:
    """Measures a run, and adds Little's law and the conservation of users to the checks made during it."""
    chat = setting.mean_chat_seconds
    met = repairs(trace)  # before the stays, which take much memory
    found = stays(trace)
    return Summary(
        setting=setting,
        expected=UNKNOWN if chat is None else closed_model(setting.policy, setting.users, chat),
        simulated_seconds=trace.duration,
        wall_seconds=wall_seconds,
        events=trace.events,
        users=trace.users,
        pairings=trace.pairings,
        repairs=met,
        waits=waits(trace, found),
        searching=mean_searching(trace, found),
        shares=shares(found),
        fairness=fairness(trace, found, closed=chat is not None),
        checks=(*checks, littles_law(trace, found), conservation(trace, found)),
    )
