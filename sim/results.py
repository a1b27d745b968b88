"""What came of an experiment: the runs of each policy, all under one setting."""

from collections.abc import Iterator
from dataclasses import dataclass

from roulette_core.testing import Result, all_hold
from sim.measure import RunFigures
from sim.population import Scenario


@dataclass(frozen=True, slots=True)
class Run:
    """One run, measured and judged.

    Attributes:
        policy: its specification.
        engine: ``"kernel"`` or ``"core"``.
        figures: what was measured.
        checks: the self-checks.
        wall_seconds: how long the run took, measuring included; self-checks on another engine are left out.
        skipped: events of a recording that could not have happened.
        refused: requests of a recording that were refused.
    """

    policy: str
    engine: str
    figures: RunFigures
    checks: tuple[Result, ...]
    wall_seconds: float
    skipped: int = 0
    refused: int = 0

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return all_hold(self.checks)


@dataclass(frozen=True, slots=True)
class Setting:
    """The parameters of an experiment, the same for all its runs.

    Attributes:
        scenario: its name.
        users: initial number of users.
        runs: number of runs of each policy that were to be made.
        seed: of the experiment; each run has its own, made from it and the number of the run.
        duration_seconds: length of the measuring window.
        warmup_seconds: what was simulated before it, and not measured.
        kinds: names of the kinds of users, one if they are all alike.
        mean_chat_seconds: 1/µ if the scenario is exactly the closed model of ``sim.theory``, so that there is a theory
            to compare with; None otherwise.
        slowest_seconds: the slowest time constant of the users.
        rest_seconds: how long it takes the scenario to come to rest.
        interests: whether any of them names interests.
        world: ``core``, ``wire`` or ``tcp``.
        faults: name of the network's faults; None without a simulated network.
        speed: speed-up of the users' clock, where it is fixed in advance.
        replay: whether a recording was replayed, instead of a scenario.
    """

    scenario: str
    users: int
    runs: int
    seed: int
    duration_seconds: float
    warmup_seconds: float = 0.0
    kinds: tuple[str, ...] = ("user",)
    mean_chat_seconds: float | None = None
    slowest_seconds: float = 0.0
    rest_seconds: float = 0.0
    interests: bool = True
    world: str = "core"
    faults: str | None = None
    speed: float = 1.0
    replay: bool = False

    @staticmethod
    def of(
        scenario: Scenario,
        runs: int,
        seed: int,
        duration_seconds: float,
        warmup_seconds: float | None = None,
        *,
        world: str = "core",
        faults: str | None = None,
        speed: float = 1.0,
        has_theory: bool = True,
    ) -> "Setting":
        """Returns the parameters of runs of a scenario; by default with the warm-up that it needs."""
        return Setting(
            scenario=scenario.name,
            users=scenario.users,
            runs=runs,
            seed=seed,
            duration_seconds=duration_seconds,
            warmup_seconds=scenario.warmup_seconds if warmup_seconds is None else warmup_seconds,
            kinds=scenario.kinds,
            mean_chat_seconds=scenario.mean_chat_seconds if has_theory else None,
            slowest_seconds=scenario.slowest_seconds,
            rest_seconds=scenario.warmup_seconds,
            interests=scenario.names_interests,
            world=world,
            faults=faults,
            speed=speed,
        )


@dataclass(frozen=True, slots=True)
class PolicyRuns:
    """The runs under one policy, whose specification it is, in the order of their numbers; at least one."""

    policy: str
    runs: tuple[Run, ...]

    @property
    def figures(self) -> list[RunFigures]:
        """Returns the figures of each run."""
        return [run.figures for run in self.runs]

    @property
    def engine(self) -> str:
        """The engine, or engines, of the runs."""
        return ", ".join(dict.fromkeys(run.engine for run in self.runs))


@dataclass(frozen=True, slots=True)
class Results:
    """What came of an experiment; the n-th runs of all policies have the same users, and as many have been made."""

    setting: Setting
    policies: tuple[PolicyRuns, ...]

    @property
    def ok(self) -> bool:
        """Whether no check of any run failed."""
        return all(run.ok for each in self.policies for run in each.runs)

    def checks(self) -> Iterator[tuple[str, int, Result]]:
        """Yields every check with its policy and the number of its run."""
        for each in self.policies:
            for number, run in enumerate(each.runs):
                yield from ((each.policy, number, check) for check in run.checks)
