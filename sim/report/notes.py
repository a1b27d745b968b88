"""What needs more words than fit into a cell: below the report, and in its JSON."""

from collections.abc import Iterator
from typing import Final

from roulette_core.testing import Verdict
from sim.measure import estimates
from sim.report.figure import ENOUGH_CHATS, SETTLED_CHATS
from sim.report.formats import duration
from sim.report.metrics import FIGURES
from sim.report.rows import Columns
from sim.results import Results

SLOWEST: Final = 1.0
"""How many of the slowest time constant a run must last to be told of nothing."""


def notes(results: Results, columns: Columns) -> Iterator[str]:
    """Yields one sentence or two at a time."""
    if not results.policies:
        yield "stopped before any run was measured: all were warming up."
    yield from _of_checks(results)
    yield from _of_length(results)
    yield from _of_policies(results)
    yield from _of_theory(columns)
    if any(_beyond(columns, policy) for policy in range(1, len(columns.samples))):
        yield (
            "beyond chance: by a t test on the differences of the runs, at 5 %. Where there is no difference at all, "
            "one figure in twenty still says so."
        )


def _beyond(columns: Columns, policy: int) -> bool:
    differences = (columns.difference(key, policy) for key in FIGURES)
    return any(found is not None and found.verdict == estimates.BEYOND for found in differences)


def _of_checks(results: Results) -> Iterator[str]:
    failed: dict[tuple[str, str], tuple[int, str]] = {}
    unasked: dict[tuple[str, str], dict[str, None]] = {}
    for policy, number, check in results.checks():
        name = check.name.replace("_", " ")
        if check.verdict is Verdict.FAILED:
            failed.setdefault((policy, name), (number, check.detail))
        elif check.verdict is Verdict.NOT_ASKED:
            group, colon, rule = name.rpartition(": ")
            unasked.setdefault((group + colon, check.detail), {})[rule] = None
    for (policy, name), (number, detail) in failed.items():
        of_run = f" (run {number})" if results.setting.runs > 1 else ""
        yield f"FAILED for {policy}{of_run}: {name}: {detail}"
    yield from (f"not asked: {group}{', '.join(names)} ({reason})" for (group, reason), names in unasked.items())


def _of_length(results: Results) -> Iterator[str]:
    setting = results.setting
    if setting.replay or not results.policies:
        return
    if len(results.policies[0].runs) == 1:
        if setting.mean_chat_seconds is None:
            yield "one run: no intervals, and no difference can be told from chance. Try --runs 10."
        else:
            yield "one run: intervals are from 20 batches of it, if they are long enough. Try --runs 10."
    if setting.duration_seconds < SLOWEST * setting.slowest_seconds:
        yield (
            f"short: a run measures {duration(setting.duration_seconds)}, but some users take "
            f"{duration(setting.slowest_seconds)} to change. Runs differ much; try a longer --duration."
        )
    if setting.warmup_seconds < setting.rest_seconds:
        yield (
            f"not at rest: users are measured after {duration(setting.warmup_seconds)}, but it takes "
            f"{duration(setting.rest_seconds)} until the beginning is forgotten."
        )
    chat = setting.mean_chat_seconds
    if chat is not None and (
        setting.duration_seconds < ENOUGH_CHATS * chat or setting.warmup_seconds < SETTLED_CHATS * chat
    ):
        yield (
            f"theory is of the long run, and not compared with runs of less than {ENOUGH_CHATS} mean chats, or "
            f"measured after less than {SETTLED_CHATS}."
        )


def _of_policies(results: Results) -> Iterator[str]:
    setting = results.setting
    if not setting.interests and any(each.policy.partition(":")[0] == "interests" for each in results.policies):
        yield "no user names an interest here, so interests pairs as if it were no-repeat."
    if setting.replay:
        refused = [sum(run.refused for run in each.runs) for each in results.policies]
        if any(refused):
            told = ", ".join(
                f"{count:,} under {each.policy}" for count, each in zip(refused, results.policies, strict=True)
            )
            yield f"requests that were refused in replay: {told}."
        yield (
            "replay takes as given what users asked for and when, whoever they then met; times are those of the "
            "server's clock, also where the recorded users lived faster."
        )


def _of_theory(columns: Columns) -> Iterator[str]:
    if any(taken.agrees is False for figures in columns.figures for taken in figures.values()):
        yield (
            "DIFFERS: theory lies outside the 95 % interval, as it does in one of 20 sound experiments. Try other "
            "seeds, and more --runs."
        )
