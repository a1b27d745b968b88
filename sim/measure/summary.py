"""A finished run in numbers: everything that a report or a file says of it, and nothing in their format."""

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
from sim.theory import Expectation, formulas
from sim.trace import Trace


@dataclass(frozen=True, slots=True)
class Setting:
    """What was run.

    Attributes:
        policy: the policy's specification, such as ``"uniform:minimum=3"``.
        scenario: its name.
        users: how many there were to be.
        seed: where chance started.
        mean_chat_seconds: 1/µ where the scenario is exactly the closed model of ``sim.theory``, so that there is
            a theory to compare with; None otherwise.
        world: where it was run: ``core``, ``wire`` or ``tcp``.
        faults: what the network between was like, by its name; None where there was none.
        speed: how many seconds of the users' went by in one on the wall, where that was settled beforehand.
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
        setting: what was run.
        expected: what theory says.
        simulated_seconds: how long it lasted on the virtual clock.
        wall_seconds: how long that took.
        events: how many events the core handled.
        users: how many different users there ever were.
        pairings: how many pairings there were.
        repairs: how often two met again.
        waits: waiting.
        searching: the number of users searching, averaged over time.
        shares: of the users' time, how much they spent in each state.
        fairness: how evenly things were spread.
        checks: what must hold, and whether it does.
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
        """Whether every check passed."""
        return all_hold(self.checks)

    @property
    def pairings_per_second(self) -> float:
        """Pairings by seconds of wall time; NaN if it took none."""
        return self.pairings / self.wall_seconds if self.wall_seconds > 0 else float("nan")


def summarise(trace: Trace, setting: Setting, checks: Sequence[Result], wall_seconds: float) -> Summary:
    """Measures a run.

    Args:
        trace: what happened.
        setting: what was run.
        checks: what has been checked during the run; Little's law and the conservation of users are added.
        wall_seconds: how long the run took on the wall clock.
    """
    chat = setting.mean_chat_seconds
    met = repairs(trace)  # before the stays, which take much memory in long runs
    found = stays(trace)
    return Summary(
        setting=setting,
        expected=formulas.UNKNOWN if chat is None else formulas.closed_model(setting.policy, setting.users, chat),
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
