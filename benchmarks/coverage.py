"""How often the intervals of the report hold the truth: ``python -m benchmarks.coverage > docs/coverage.md``.

For each scenario, number of users and policy, many runs are made. Experiments of a few of them, drawn with replacement,
each give every figure its interval; the truth is the figure of all runs together. The share of experiments whose
interval holds it should be 95 %.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from roulette_core.policies import POLICIES
from sim import kernel
from sim.measure import RunFigures, Tally, close
from sim.population import Scenario, load
from sim.report import FIGURES, Figure, Sample
from sim.results import PolicyRuns, Run, Setting
from sim.rows import Rows
from sim.run import seeds_of

MIXED: Final = (40, 200, 1000)
CLOSED: Final = (3, 4, 5, 10, 51, 200, 1001)
HOUR: Final = 3600.0
RUNS: Final = 10
"""Runs of an experiment, as ``roulette sim`` makes them."""
LEAST, MOST = 0.92, 0.98
"""Coverages outside of this range are marked."""
_SEED: Final = 11

Shares: TypeAlias = dict[str, float]
"""Key of a figure → share of experiments whose interval holds the truth; NaN if none has an interval."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Runs of one kind: how many, and of what."""

    scenario: str
    users: int
    policy: str
    seeds: int
    experiments: int

    def coverage(self) -> Shares:
        """Makes the runs and the experiments."""
        scenario = load(self.scenario, self.users)
        runs = [_run(scenario, self.policy, number) for number in range(self.seeds)]
        whole = _sample(self, scenario, runs)
        chance = np.random.default_rng(_SEED)
        held: dict[str, list[bool]] = {figure.key: [] for figure in _estimated()}
        truths = {figure.key: figure.take(whole).value for figure in _estimated()}
        for _ in range(self.experiments):
            drawn = chance.integers(len(runs), size=RUNS)
            sample = _sample(self, scenario, [runs[number] for number in drawn])
            for figure in _estimated():
                interval = figure.take(sample).interval
                if interval is not None and not math.isnan(interval.low) and not math.isnan(truths[figure.key]):
                    held[figure.key].append(interval.covers(truths[figure.key]))
        return {key: float(np.mean(each)) if each else math.nan for key, each in held.items()}


def _estimated() -> list[Figure]:
    """Returns the figures that have intervals."""
    return [figure for figure in FIGURES.values() if figure.taking.interval]


def _run(scenario: Scenario, policy: str, number: int) -> RunFigures:
    """Makes one run of an hour, without its self-checks: they do not change the figures."""
    seeds, until = seeds_of(_SEED, number), scenario.warmup_seconds + HOUR
    tally = Tally(scenario.users, len(scenario.kinds), scenario.warmup_seconds, until)
    rows = Rows([tally])
    end = kernel.run(scenario, policy, seeds.choices, seeds.users, until, rows)
    rows.flush()
    return close(tally, end, scenario.users)


def _sample(cell: Cell, scenario: Scenario, runs: Sequence[RunFigures]) -> Sample:
    setting = Setting(cell.scenario, cell.users, len(runs), _SEED, HOUR, scenario.warmup_seconds, scenario.kinds)
    made = tuple(Run(cell.policy, "kernel", figures, (), 0.0) for figures in runs)
    return Sample(setting, PolicyRuns(cell.policy, made))


def _table(scenario: str, sizes: Sequence[int], found: dict[Cell, Shares]) -> Iterator[str]:
    """Yields a table in Markdown: a row for each figure, a column for each number of users."""
    yield f"| {scenario} | {' | '.join(f'{users:,} users' for users in sizes)} |"
    yield "|---" * (1 + len(sizes)) + "|"
    for figure in _estimated():
        columns = [
            [shares[figure.key] for cell, shares in found.items() if (cell.scenario, cell.users) == (scenario, users)]
            for users in sizes
        ]
        if not all(np.isnan(column).all() for column in columns):
            yield f"| `{figure.key}` | {' | '.join(map(_in_words, columns))} |"


def _in_words(shares: Sequence[float]) -> str:
    """Returns the range of coverages under all policies, in percent; bold if one of them is marked."""
    known: npt.NDArray[np.float64] = np.array([share for share in shares if not math.isnan(share)])
    if not len(known):
        return "-"
    low, high = float(known.min()), float(known.max())
    text = f"{100 * low:.0f}" if round(100 * low) == round(100 * high) else f"{100 * low:.0f} to {100 * high:.0f}"
    return text if round(low, 2) >= LEAST else f"**{text}**"


def _cell_and_coverage(cell: Cell) -> tuple[Cell, Shares]:
    return cell, cell.coverage()


def main() -> None:
    """Prints the page."""
    parser = argparse.ArgumentParser(description="Measure how often intervals hold the truth.")
    parser.add_argument("--seeds", type=int, default=300, help="runs of each kind")
    parser.add_argument("--experiments", type=int, default=1000, help="experiments drawn of them")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()
    kinds = [("mixed", users) for users in MIXED] + [("closed", users) for users in CLOSED]
    cells = [
        Cell(scenario, users, policy, options.seeds, options.experiments)
        for scenario, users in kinds
        for policy in POLICIES
    ]
    found: dict[Cell, Shares] = {}
    with get_context("spawn").Pool(options.jobs) as pool:
        for cell, shares in pool.imap(_cell_and_coverage, cells):
            found[cell] = shares
            print(f"{len(found)} of {len(cells)}: {cell.scenario} {cell.users} {cell.policy}", file=sys.stderr)
    print(_PAGE.format(seeds=options.seeds, runs=RUNS, experiments=options.experiments, policies=len(POLICIES)))
    print("\n".join(_table("mixed", MIXED, found)), end="\n\n")
    print("\n".join(_table("closed", CLOSED, found)))


_PAGE: Final = """\
# Coverage: how often an interval holds the truth

Every interval of `roulette sim` is said to hold the truth in 95 of 100 experiments. This page shows in how many it
does; `python -m benchmarks.coverage` makes it anew.

Of each kind of run, {seeds} were made, of an hour each after the warm-up. From them, {experiments:,} experiments of
{runs} runs were drawn with replacement, and each gave all figures with their intervals. The truth is the figure of all
{seeds} runs together. Cells are in percent, the lowest and the highest of the {policies} built-in policies; those with
less than 92 are bold. Where something hardly ever happens, intervals are the exact ones of binomial trials, or the
rule of three, which are wider than need be: there, 98 to 100 is right ([theory](theory.md)). What is the same in all
runs, as the number of users of the closed model, is always held.

What stays bold has one of three reasons. Ten runs of three to five users are too few for Student's t on an index as
skewed as Jain's. Where all partners are met in nearly every run, ten runs that agree do not see the rare run that does
not; the same holds for users without a chat, where they are one in some runs. And a quantile that lies at a gap, as a
median does where half of all searches end at once, jumps from one side to the other. Means have none of these.
"""

if __name__ == "__main__":
    main()
