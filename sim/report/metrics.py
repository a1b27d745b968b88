"""The one table of figures: what each is, its unit, and how it is estimated over runs.

The screen, the JSON and ``docs/metrics.md`` are made from it, so that none knows a figure that the others do not.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.measure import CHAT, GAVE_UP, LEFT, STILL_ON, RunFigures, Searches, Spread, draw_p, estimates, identity_p
from sim.report.figure import (
    Figure,
    Sample,
    mean_of,
    plain,
    quantile_of,
    ratio_of,
    share_of,
    time_mean_of,
    together,
    total_of,
)
from sim.report.histogram import BOUNDS

LONGEST = 3
"""Number of longest searches that are shown."""

NAMED = 3
"""Number of users without a chat who are named."""

LOBBY, SEARCHING, PRIVATE = range(3)


def _ended(run: RunFigures) -> int:
    return int(run.searches[:, [CHAT, GAVE_UP, LEFT]].sum())


def _without_chat(run: RunFigures) -> int:
    return int(run.searches[:, [GAVE_UP, LEFT]].sum())


def _outcome(*outcomes: int) -> Callable[[RunFigures], int]:
    return lambda run: int(run.searches[:, list(outcomes)].sum())


def _seconds(*outcomes: int) -> Callable[[RunFigures], float]:
    return lambda run: float(run.search_seconds[:, list(outcomes)].sum())


def _state(state: int) -> Callable[[RunFigures], float]:
    return lambda run: float(run.state_seconds[:, state].sum())


def _open_system(sample: Sample) -> float | None:
    """Returns θ/(2λ+θ) from the rates of the runs themselves; None without searches."""
    begun = sum(int(run.searches.sum()) for run in sample.figures)
    searched = sum(float(run.search_seconds.sum()) for run in sample.figures)
    seconds = sum(run.seconds for run in sample.figures)
    if not searched > 0 or not seconds > 0:
        return None
    rate, giving_up = begun / seconds, sum(map(_without_chat, sample.figures)) / searched
    return giving_up / (2 * rate + giving_up)


def _by_kind(sample: Sample) -> list[dict[str, Any]]:
    """Returns, for each kind of user, how searches ended and how long they took."""
    found = []
    for kind, name in enumerate(sample.setting.kinds):
        ended = [float(run.searches[kind, [CHAT, GAVE_UP, LEFT]].sum()) for run in sample.figures]
        without = [float(run.searches[kind, [GAVE_UP, LEFT]].sum()) for run in sample.figures]
        seconds = [float(run.search_seconds[kind].sum()) for run in sample.figures]
        share = estimates.proportion(without, ended)
        wait = estimates.ratio(seconds, [float(run.searches[kind].sum()) for run in sample.figures]).interval()
        found.append(
            {
                "kind": name,
                "searches_ended": int(sum(ended)),
                "share_without_chat": share.value,
                "share_ci95": [share.low, share.high] if len(ended) > 1 else [math.nan, math.nan],
                "mean_search_seconds": wait.value,
                "mean_ci95": [wait.low, wait.high],
            }
        )
    return found


def _histogram(sample: Sample) -> list[dict[str, Any]]:
    counts = together([run.waits for run in sample.figures]).counts_up_to(BOUNDS)
    return [{"up_to_seconds": bound, "searches": count} for bound, count in zip(BOUNDS, counts, strict=True)]


def _longest(sample: Sample) -> list[dict[str, Any]]:
    waits = [(wait, number) for number, run in enumerate(sample.figures) for wait in run.longest]
    waits.sort(key=lambda each: (-each[0].seconds, each[1], each[0].user))
    return [{**wait._asdict(), "run": number} for wait, number in waits[:LONGEST]]


def _first_without_chat(sample: Sample) -> list[int]:
    return sorted({user for run in sample.figures for user in run.never_users})[:NAMED]


def _spread(which: str, what: str) -> Callable[[RunFigures], float]:
    return lambda run: float(getattr(_spread_of(run, which), what))


def _range(which: str) -> Callable[[Sample], list[float]]:
    ends = [_spread(which, f"jain_{end}") for end in ("low", "high")]
    return lambda sample: [float(np.mean([end(run) for run in sample.figures])) for end in ends]


def _spread_of(run: RunFigures, which: str) -> Spread:
    return run.chats if which == "chats" else run.waiting


def _chance_p(which: str) -> Callable[[Sample], float | None]:
    """Returns what tests whether Jain's index differs from chance: by t over runs; of one run, among its own deals."""

    def p(sample: Sample) -> float | None:
        spreads = [_spread_of(run, which) for run in sample.figures]
        if len(spreads) == 1:
            return spreads[0].jain_p
        return estimates.p_of_mean([each.jain - each.jain_chance for each in spreads])

    return p


def _arrival_p(sample: Sample) -> float | None:
    """Returns the p-value of χ² over equally likely bins, the draws of all runs together."""
    return draw_p(np.sum([run.draw_counts for run in sample.figures], axis=0))


def _user_p(sample: Sample) -> float | None:
    """Returns the p-value of the test of identity; None where users have other numbers in other runs."""
    setting = sample.setting
    if setting.world != "core" or setting.replay:
        return None
    scores = [run.scores for run in sample.figures]
    regulars = slice(setting.users)
    return identity_p(
        [Searches(each.searches[regulars], each.seconds[regulars], each.kinds[regulars]) for each in scores]
    )


def _distinct_by_chance(run: RunFigures) -> float:
    return math.nan if run.distinct_by_chance is None else run.distinct_by_chance


def _wall(sample: Sample) -> float:
    return sum(run.wall_seconds for run in sample.policy.runs)


def _pairings_per_second(sample: Sample) -> float:
    seconds = _wall(sample)
    return sum(run.pairings for run in sample.figures) / seconds if seconds > 0 else math.nan


def _fairness() -> list[Figure]:
    """Returns the figures of evenness: of chats and of time searched, by Jain's index and the Gini coefficient."""
    found = []
    for which, what in (("chats", "the number of chats"), ("waiting", "the time searched")):
        for index, name in (("jain", "Jain's index"), ("gini", "the Gini coefficient")):
            key = f"fairness.{which}_{index}"
            formula = f"{name} of {what} of each user"
            if index == "jain":
                formula += ": (Σx)²/(n·Σx²), from 1/n to 1 where all are equal [1]"
                reading = "Users who ask for different things differ by themselves: read it beside its value by chance."
            else:
                formula += ": Σ|x − y| over all pairs, divided by 2n·Σx; 0 where all are equal"
                reading = "The same as Jain's index in other words; it weighs the middle more, Jain the extremes."
            found += [
                Figure(key, "index from 0 to 1", mean_of(_spread(which, index), most=1.0), formula, reading),
                Figure(
                    f"{key}_chance",
                    "index from 0 to 1",
                    mean_of(_spread(which, f"{index}_chance"), most=1.0),
                    "the same if the outcomes of the searches of users of a kind are dealt to these searches anew",
                    "What fair chance would have given these users, with the searches that they made.",
                ),
            ]
            if index == "gini":
                continue
            found += [
                Figure(
                    f"{key}_chance_range",
                    "index from 0 to 1",
                    plain(_range(which)),
                    "the range that holds 95 % of the deals of a run, averaged over runs",
                    "A single run lies outside it in one of twenty cases by chance.",
                ),
                Figure(
                    f"{key}_p",
                    "probability",
                    plain(_chance_p(which)),
                    "p-value of a t test of the index minus its value by chance over runs; of one run, its place among "
                    "the deals",
                    "Below 0.05, less or more even than chance. Not who is preferred; see `draws.by_user_p`.",
                ),
            ]
    return found


_SECONDS, _USERS, _SHARE, _PROBABILITY = "s", "users", "share from 0 to 1", "probability"

_TABLE = (
    Figure("runs", "runs", plain(lambda sample: len(sample.figures)), "runs of this policy that are reported"),
    Figure(
        "measured_seconds",
        _SECONDS,
        plain(lambda sample: sum(run.seconds for run in sample.figures)),
        "length of the measuring windows of all runs, on the users' clock",
    ),
    Figure("events", "events", total_of(lambda run: run.events), "events that the roulette handled, in all runs"),
    Figure("pairings", "pairings", total_of(lambda run: run.pairings), "pairings in all runs"),
    Figure(
        "users_ever",
        _USERS,
        mean_of(lambda run: run.users),
        "different users who were present at some time, mean over runs",
    ),
    Figure(
        "present.mean",
        _USERS,
        time_mean_of(lambda run: run.present_mean),
        "users present in lobby, pool or chat, averaged over time",
        "If it is far from the initial number of users, the scenario is one of coming and going. A trend within the "
        "run does not show.",
    ),
    Figure(
        "searching.mean",
        _USERS,
        time_mean_of(
            lambda run: run.searching_mean, "searching_seconds", theory=lambda sample: sample.expected.searching
        ),
        "users searching, averaged over time",
        "The size of the pool as an outsider sees it; a draw sees a larger one.",
    ),
    Figure(
        "time.lobby",
        _SHARE,
        ratio_of(_state(LOBBY), lambda run: float(run.state_seconds.sum())),
        "of the time that users were present, what they spent in the lobby",
    ),
    Figure(
        "time.searching",
        _SHARE,
        ratio_of(_state(SEARCHING), lambda run: float(run.state_seconds.sum())),
        "the same for searching",
    ),
    Figure(
        "time.private",
        _SHARE,
        ratio_of(_state(PRIVATE), lambda run: float(run.state_seconds.sum())),
        "the same for private chats",
    ),
    Figure(
        "repair.count",
        "pairings",
        total_of(lambda run: run.repairs),
        "re-pairs: pairings of two users each of whom had the other as latest partner",
    ),
    Figure(
        "repair.opportunities",
        "pairings",
        total_of(lambda run: run.repair_opportunities),
        "pairings of two users who both had a partner before",
    ),
    Figure(
        "repair.probability",
        _PROBABILITY,
        share_of(
            lambda run: run.repairs,
            lambda run: run.repair_opportunities,
            ("repairs", "opportunities"),
            theory=lambda sample: sample.expected.repair,
        ),
        "`repair.count` / `repair.opportunities`",
        "How often users meet whom they have just left. Not how often after one chat in between: see the next.",
    ),
    Figure(
        "repair.recent",
        _PROBABILITY,
        share_of(lambda run: run.recent, lambda run: run.repair_opportunities),
        "pairings of two users each of whom had the other among the last 5 partners, of the same opportunities",
        "In a small group it is high under every rule, for want of others.",
    ),
    Figure(
        "giving_up.searches_ended",
        "searches",
        total_of(_ended),
        "searches that ended in a chat, by return to the lobby, or by leaving",
    ),
    Figure(
        "giving_up.share",
        _PROBABILITY,
        share_of(_without_chat, _ended),
        "searches that ended without a chat / searches that ended",
        "Read it before any wait: where many give up, the waits of the others are short.",
    ),
    Figure(
        "giving_up.returned",
        _PROBABILITY,
        share_of(_outcome(GAVE_UP), _ended),
        "searches whose user returned to the lobby / searches that ended",
    ),
    Figure(
        "giving_up.left",
        _PROBABILITY,
        share_of(_outcome(LEFT), _ended),
        "searches whose user left / searches that ended",
        "Users leave whatever they are doing, so some of these are no judgement of the wait.",
    ),
    Figure(
        "giving_up.open_system",
        _PROBABILITY,
        plain(_open_system),
        "θ/(2λ+θ), with λ the searches begun per second and θ the searches given up per second searched, both as "
        "measured",
        "What an open system would give in which any two who wait meet at once. Policies that keep users waiting on "
        "purpose, and users who begin to search in twos, give more.",
    ),
    Figure(
        "giving_up.by_kind",
        "searches, probabilities, s",
        plain(_by_kind),
        "for each kind of user: searches that ended, share without a chat and mean length of all searches, with "
        "intervals",
    ),
    Figure(
        "giving_up.still_on", "searches", total_of(_outcome(STILL_ON)), "searches that the end of the run has cut off"
    ),
    Figure(
        "wait.mean",
        _SECONDS,
        ratio_of(_seconds(CHAT), _outcome(CHAT), ("wait_seconds", "waits"), theory=lambda sample: sample.expected.wait),
        "length of the searches that ended in a chat / their number",
        "Short where the impatient give up: see `wait.all_mean`.",
    ),
    Figure(
        "wait.all_mean",
        _SECONDS,
        ratio_of(_seconds(CHAT, GAVE_UP, LEFT, STILL_ON), _outcome(CHAT, GAVE_UP, LEFT, STILL_ON)),
        "length of all searches, however they ended, those still on with what they lasted so far / their number",
        "What a user goes through who begins to search; but it does not say how long a chat would have taken.",
    ),
    *(
        Figure(
            f"wait.p{percent}",
            _SECONDS,
            quantile_of(lambda run: run.waits, percent / 100),
            f"{percent} % of the searches that ended in a chat were not longer; within 0.5 %",
        )
        for percent in (50, 90, 99)
    ),
    *(
        Figure(
            f"wait.all_p{percent}",
            _SECONDS,
            quantile_of(lambda run: run.all_waits, percent / 100),
            f"{percent} % of all searches, however they ended, were not longer; within 0.5 %",
        )
        for percent in (50, 90, 99)
    ),
    Figure(
        "wait.max",
        _SECONDS,
        plain(lambda sample: max((run.wait_max for run in sample.figures), key=_least_if_unknown)),
        "longest search that ended in a chat, of all runs",
        "It grows with the number of runs and their length; compare only runs that are alike.",
    ),
    Figure("wait.longest", _SECONDS, plain(_longest), "the three longest searches, however they ended"),
    Figure(
        "wait.users_without_chat",
        _USERS,
        mean_of(lambda run: run.never),
        "users of a run who searched and never got a chat, mean over runs",
        "Some of them came shortly before the end.",
    ),
    Figure(
        "wait.first_without_chat", "numbers of users", plain(_first_without_chat), "the first three of them, of any run"
    ),
    Figure(
        "wait.histogram",
        "searches",
        plain(_histogram),
        "searches that ended in a chat in bins of length, of all runs; up to 0.5 % from a bound may count beyond it",
    ),
    Figure("fairness.chats_mean", "chats", mean_of(lambda run: run.chats_mean), "chats per user and run"),
    *_fairness(),
    Figure(
        "fairness.distinct_partners",
        _USERS,
        mean_of(lambda run: run.distinct_partners),
        "different partners per user and run; beyond 262,144 couples an estimate, within 0.3 %",
    ),
    Figure(
        "fairness.distinct_partners_chance",
        _USERS,
        mean_of(_distinct_by_chance),
        "(n − 1)(1 − (1 − 1/(n − 1))^R) for n users, mean over their own numbers of chats R; null where users come "
        "and go",
        "Each partner drawn afresh from all others. A re-pair is a chat without a new partner.",
    ),
    Figure(
        "draws.by_arrival_p",
        _PROBABILITY,
        plain(_arrival_p),
        "p-value of χ² over 20 bins of the place, in order of arrival, of the pair drawn from the pool; all runs "
        "together; null with fewer than 100 draws seen",
        "Small where some places are preferred, as the longest-waiting under most policies, by design. It cannot see "
        "who stands there.",
    ),
    Figure(
        "draws.by_user_p",
        _PROBABILITY,
        plain(_user_p),
        "p-value of an exact test that no user waits less, or more, than others of their kind in run after run [6]; "
        "null for one run, and outside the core world",
        "At most one fair policy in twenty is below 0.05. Favours that change from run to run, or go to those who "
        "chat longer, it does not see.",
    ),
    Figure("speed.wall_seconds", _SECONDS, plain(_wall), "wall time of all runs, one added to the other"),
    Figure(
        "speed.pairings_per_second",
        "pairings per second",
        plain(_pairings_per_second),
        "pairings / that time",
        "The only figures, with `speed.wall_seconds`, that differ when a command is repeated.",
    ),
)


def _least_if_unknown(seconds: float) -> float:
    return -1.0 if math.isnan(seconds) else seconds


FIGURES = {figure.key: figure for figure in _TABLE}
"""Key → figure, in the order of the JSON."""
