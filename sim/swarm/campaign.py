"""Many cases, in several processes; outcomes come in the order of the seeds, for any number of processes."""

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from roulette_core.testing import Checker, Result, Verdict, all_hold
from roulette_core.testing.processes import worker_pool
from sim.swarm.case import Case
from sim.swarm.case_run import Outcome, run_case
from sim.swarm.command import Fixed
from sim.swarm.sometimes import GROUPS, Happening

ENOUGH = 1000
"""Number of cases after which everything that happens sometimes must have happened."""

AHEAD = 16
"""Cases submitted in advance for each process, so that none is idle while the next outcome takes long."""


@dataclass(slots=True)
class SwarmCampaign:
    """The results of many cases: how many there were, which failed, in the order of their seeds, and what happened.

    Attributes:
        simulated_seconds: the sum of their durations on the virtual clock.
        interrupted: whether Ctrl-C, or another ``KeyboardInterrupt``, ended the campaign.
    """

    fixed: Fixed
    cases: int = 0
    failures: list[Outcome] = field(default_factory=list)
    counts: Counter[Happening] = field(default_factory=Counter)
    simulated_seconds: float = 0.0
    wall_seconds: float = 0.0
    interrupted: bool = False

    def enter(self, outcome: Outcome) -> None:
        """Adds the outcome of the next case."""
        self.cases += 1
        self.simulated_seconds += outcome.seconds
        self.counts.update(outcome.counts)
        if outcome.failure is not None:
            self.failures.append(outcome)

    @property
    def never(self) -> list[Happening]:
        """What should happen sometimes, and never did."""
        everything = ((group, name) for group, names in GROUPS.items() for name in names)
        return [happening for happening in everything if not self.counts[happening]]

    @property
    def reason_not_to_demand(self) -> str:
        """Why it is not demanded that everything happened; an empty text if it is."""
        if self.fixed != Fixed():
            return "parts of the cases are fixed"
        return f"fewer than {ENOUGH:,} cases were run" if self.cases < ENOUGH else ""

    def results(self) -> list[Result]:
        """Returns the verdicts on the cases, on whether everything happened at least once, and the unasked ones."""
        reason, never = self.reason_not_to_demand, self.never
        passed = Verdict.of(not self.failures) if self.cases else Verdict.NOT_ASKED
        happened = Verdict.NOT_ASKED if reason else Verdict.of(not never)
        missing = ", ".join(f"{group}: {name}" for group, name in never)
        return [
            Result("every case", passed, f"{len(self.failures):,} of {self.cases:,} failed"),
            Result("everything happens sometimes", happened, reason or (f"never: {missing}" if never else "it did")),
            *self.unasked(),
        ]

    def unasked(self) -> list[Result]:
        """Returns the invariants that are not asked of a fixed policy; drawn policies differ in theirs."""
        checker = Checker(self.fixed.policy) if self.fixed.policy else None
        return checker.unasked() if checker else []

    @property
    def ok(self) -> bool:
        """Whether no verdict is a failure."""
        return all_hold(self.results())


def run_cases(
    campaign: SwarmCampaign,
    seeds: Sequence[int],
    processes: int,
    budget: float,
    keep_going: bool = False,
    progress: Callable[[int], object] = lambda cases: None,
) -> None:
    """Runs the cases of many seeds, and calls ``progress`` with the number of cases run.

    Starts no new case after ``budget`` seconds, nor after a failure unless ``keep_going``. A campaign without cases
    takes the results, and has those so far whatever ends it.
    """
    began = time.monotonic()
    try:
        with closing(_outcomes(map(campaign.fixed.case, seeds), processes)) as outcomes:
            for outcome in outcomes:
                campaign.enter(outcome)
                campaign.wall_seconds = time.monotonic() - began
                progress(campaign.cases)
                if (campaign.failures and not keep_going) or campaign.wall_seconds > budget:
                    break
    except KeyboardInterrupt:
        campaign.interrupted = True
        campaign.wall_seconds = time.monotonic() - began
        raise


def _outcomes(cases: Iterator[Case], processes: int) -> Generator[Outcome, None, None]:
    """Yields the outcomes of cases in their order; once closed, starts no more cases."""
    if processes == 1:
        yield from map(run_case, cases)
        return
    with worker_pool(processes) as submit:
        begun = deque(submit(run_case, case) for case in islice(cases, AHEAD * processes))
        while begun:
            yield begun.popleft().result()
            begun.extend(submit(run_case, case) for case in islice(cases, 1))
