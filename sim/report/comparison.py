"""A policy beside the built-in ones: a table for each scenario, a row for each policy; and the same as data."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roulette_core import harmless
from sim.comparison import FEW, Comparison
from sim.measure import estimates
from sim.report import words
from sim.report.figure import Sample
from sim.report.formats import UNKNOWN, duration
from sim.report.results_data import results_to_json
from sim.report.rows import Columns
from sim.results import Results

NAME_WIDTH = 26


def comparison_to_json(compared: Comparison | None) -> dict[str, Any]:
    """Returns exact re-pair probabilities as texts, and for each scenario the data of ``roulette sim --json``."""
    if compared is None:
        return {"exact": {}, "simulated": None}
    return {
        "exact": {policy: None if exact is None else str(exact) for policy, exact in compared.exact.items()},
        "simulated": [results_to_json(results) for results in compared.results],
    }


def render_comparison(compared: Comparison, console: Console) -> None:
    """Prints the tables."""
    for results in compared.results:
        console.print(_table(results, compared.exact, console.encoding))
    first = compared.results[0].policies[0].policy
    runs = compared.results[0].setting.runs
    for line in (
        f"95 % intervals over {runs} runs. More wait: than under {first},",
        f"where a paired t test shows it. Exact re-pairs: for {FEW} users, if states are few.",
    ):
        console.print(Text(harmless.cell(line, console.encoding)), soft_wrap=True)


def _table(results: Results, exact: dict[str, Fraction | None], encoding: str) -> Table:
    setting = results.setting
    closed = setting.mean_chat_seconds is not None
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    people = f"{setting.scenario}, {setting.users} users, {duration(setting.duration_seconds)}"
    table.add_column(people, overflow="fold", min_width=NAME_WIDTH)
    for heading in ("re-pairs, %", "exact" if closed else "gave up, %", "mean wait, s", "more wait, s"):
        table.add_column(heading, justify="right")
    columns = Columns([Sample(setting, policy) for policy in results.policies])
    for number, policy in enumerate(results.policies):
        cells = [policy.policy, *_cells(columns, number, exact.get(policy.policy), closed)]
        table.add_row(*(Text(harmless.cell(cell, encoding)) for cell in cells))
    return table


def _cells(columns: Columns, number: int, exact: Fraction | None, closed: bool) -> Iterator[str]:
    figures = columns.figures[number]
    yield words.between(lambda share: f"{100 * share:.1f}", figures["repair.probability"].interval) or UNKNOWN
    if closed:
        yield UNKNOWN if exact is None else str(exact)
    else:
        yield f"{100 * figures['giving_up.share'].value:.1f}"
    yield words.between(_three_digits, figures["wait.mean"].interval) or UNKNOWN
    found = columns.difference("wait.mean", number) if number else None
    if found is None or found.verdict is None:
        yield ""
    else:
        short = {estimates.NOT_SHOWN: "none shown", estimates.SAME: "the same"}
        yield short.get(found.verdict) or f"{found.interval.value:+.2g}"


def _three_digits(value: float) -> str:
    return f"{value:.3g}"
