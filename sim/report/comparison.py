"""A policy beside the built-in ones, on the same people and the same chance: a row each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless, make_policy
from roulette_core.policies import POLICIES
from sim.measure.statistics import Estimate
from sim.measure.summary import Summary
from sim.population import scenario
from sim.population.closed import ClosedModel
from sim.population.scenario import Scenario
from sim.report.formats import UNKNOWN, duration
from sim.run import simulate
from sim.theory.chain import NotExactError
from sim.theory.exact import closed_loop

FEW = 5
"""How many users the exact re-pair probability is of."""

FEW_STATES = 40
"""How many states their chain may have, for that to be told: a second's work."""

USERS = 101
"""An odd number, so that in the closed model somebody is always waiting."""

SCENARIOS: tuple[Scenario, ...] = (ClosedModel(USERS), scenario.load("mixed", 200))
"""Who is simulated: the closed model, and a small town where people come and go."""

Progress = Callable[[str], object]
"""Told of each run that begins."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One policy among others.

    Attributes:
        runs: one summary for each scenario.
        exact: its exact re-pair probability with ``FEW`` users in the closed model, as a fraction; or nothing.
    """

    runs: tuple[Summary, ...]
    exact: str


def compare(policy: str, seed: int, duration_seconds: float, progress: Progress) -> list[Comparison]:
    """Simulates a policy and the built-in ones.

    Args:
        policy: its specification.
        seed: where all chance starts.
        duration_seconds: how long each run lasts on the virtual clock.
        progress: told of each run.

    Raises:
        BrokenPolicy: the policy broke its contract.
    """
    wanted = dict.fromkeys(make_policy(each).specification for each in (policy, *POLICIES))
    found = []
    for each in wanted:
        progress(each)
        runs = tuple(simulate(each, people, seed, duration_seconds) for people in SCENARIOS)
        found.append(Comparison(runs, _exact(each)))
    return found


def _exact(policy: str) -> str:
    try:
        repair = closed_loop(policy, FEW, FEW_STATES).repair
    except NotExactError:
        return ""
    return UNKNOWN if repair is None else str(repair)


def render(compared: Sequence[Comparison], console: Console) -> None:
    """Prints a table for each scenario."""
    for number, people in enumerate(SCENARIOS):
        closed = people.mean_chat_seconds is not None
        rows = [list(_cells(each.runs[number], each.exact if closed else None)) for each in compared]
        console.print(_table(compared[0].runs[number], closed, rows, console.encoding))
    console.print("Re-pairs and mean waits: 95 % intervals. Jain's index of waiting beside that of", soft_wrap=True)
    console.print(f"chance, 1 if all wait alike. Exact re-pairs: of {FEW} users, where few states do.", soft_wrap=True)


def _table(run: Summary, closed: bool, rows: Sequence[Sequence[str]], encoding: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, collapse_padding=True)
    people = f"{run.setting.scenario}, {run.setting.users} users, {duration(run.simulated_seconds)}"
    table.add_column(people, overflow="fold", min_width=26)
    for heading in ("re-pairs, %", "exact" if closed else "longest", "mean wait, s", "Jain"):
        table.add_column(heading, justify="right")
    for cells in rows:
        table.add_row(*(Text(harmless.cell(cell, encoding)) for cell in cells))
    return table


def _cells(run: Summary, exact: str | None) -> Iterator[str]:
    yield run.setting.policy
    repairs, wait, waiting = run.repairs.probability, run.waits.mean, run.fairness.waiting
    yield _interval(repairs, f"{100 * repairs.low:.1f} to {100 * repairs.high:.1f}")
    longest = duration(run.waits.longest[0].seconds) if run.waits.longest else UNKNOWN
    yield longest if exact is None else exact
    yield _interval(wait, f"{wait.low:.3g} to {wait.high:.3g}")
    yield f"{waiting.jain:.2f} ({waiting.jain_by_chance:.2f})"


def _interval(estimate: Estimate, told: str) -> str:
    return told if estimate.low <= estimate.high else UNKNOWN  # which NaN is not
