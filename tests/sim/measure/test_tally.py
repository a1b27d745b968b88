"""The tally gives what a slow, obvious model gives, and bugs planted in it are found."""

import math
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Roulette
from roulette_core.testing import Verdict
from sim import engine
from sim.measure import tally as tally_module
from sim.measure.closing import close
from sim.measure.couples import Couples
from sim.measure.histogram import BINS, ERROR, LEAST, MIDDLES, LogHistogram, bin_of
from sim.measure.run_figures import BATCHES, RunFigures
from sim.measure.tally import Tally
from sim.population import ClosedModel
from sim.rows import EffectRows, Rows, codes
from tests.sim.measure.tally_model import ACTS, KINDS, POLICIES, STEPS, USERS, Act, Model, play, random_acts

EXACT = ("users", "events", "pairings", "repairs", "repair_opportunities", "recent", "never")
CLOSE = ("searching_mean", "present_mean", "wait_max", "distinct_partners")
TABLES = ("searches", "search_seconds", "state_seconds")

acts = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(ACTS), st.integers(0, USERS - 1)), max_size=90)


def measured(
    story: Sequence[Act], policy: str, size: int, start_share: float, module: ModuleType = tally_module, users: int = 2
) -> tuple[RunFigures, Model]:
    """Returns the figures of a story by the tally, and the model of the same."""
    length = sum(step for step, _, _ in story) + 1.0
    start = length * start_share
    tally = module.Tally(users, KINDS, start, length)
    told = play(story, policy, size, [tally])
    return close(tally, length, USERS), Model(told, start, length)


def differences(figures: RunFigures, model: Model) -> list[str]:
    """Returns the names of the figures in which the two differ."""
    found, near = model.figures(), lambda one, other: np.allclose(one, other, 1e-9, 1e-9, equal_nan=True)
    names = [name for name in EXACT if getattr(figures, name) != found[name]]
    names += [name for name in (*CLOSE, *TABLES) if not near(getattr(figures, name), found[name])]
    scores, users = figures.scores, min(USERS, len(figures.scores.chats))
    for name, values in (("chats", scores.chats), ("searches_of", scores.searches), ("seconds_of", scores.seconds)):
        if not near(values, found[name][:users]) or any(found[name][users:]):
            names.append(name)
    if [search.seconds for search in figures.longest] != pytest.approx(found["longest"]):
        names.append("longest")
    if figures.waits != LogHistogram.of(found["waits"]):
        names.append("waits")
    if list(figures.waits_by_kind) != [LogHistogram.of(lengths) for lengths in found["lengths"]]:
        names.append("waits_by_kind")
    if list(figures.draw_counts) != found["draw_counts"]:
        names.append("draw_counts")
    if not near(np.array(figures.batches), np.array(model.batches(BATCHES))):
        names.append("batches")
    return names + [check.name for check in figures.checks if check.verdict is Verdict.FAILED]


@given(acts, st.sampled_from(POLICIES), st.integers(1, 50), st.sampled_from((0.0, 0.3, 0.8)))
def test_every_figure_is_that_of_the_model(story: list[Act], policy: str, size: int, start_share: float) -> None:
    assert differences(*measured(story, policy, size, start_share)) == []


BUGS: dict[str, tuple[str, str]] = {
    "who asked searches ahead of the partner": (
        "_search_again(seconds[row], firsts[row])",
        "_search_again(firsts[row], seconds[row])",
    ),
    "the pool keeps one of a pair": ("self.size -= 2", "self.size -= 1"),
    "the second's wait is the first's": (
        "wait = self.now - self.since[second]",
        "wait = self.now - self.since[first]",
    ),
    "a pairing counts for one user": (
        "latest[first] = self.latest[second] = number",
        "latest[first] = number",
    ),
    "opportunities of one user suffice": ("mine >= 0 and others >= 0", "mine >= 0 or others >= 0"),
    "four partners are recent": ("or self.partners[place + 4] == second", "or False"),
    "one partner is written to the wrong user": ("partners[RECENT * second + ", "partners[RECENT * first + "),
    "waits below the least are zero": (
        "        place = 1\n        if seconds >= LEAST",
        "        place = 0\n        if seconds >= LEAST",
    ),
    "leaving is giving up": ("GAVE_UP if code == RETURNED else LEFT", "GAVE_UP"),
    "a search begins anew when interests change": (
        "            if code == SEARCHING:\n                return\n",
        "",
    ),
    "time in the lobby is lost": ("self.lobby_seconds[self.kind[user]] += ", "0.0 * "),
    "events are rows": (
        "            if whole >= LAST:\n                    self.events += 1",
        "            self.events += 1",
    ),
    "the warm-up counts": ("self.measuring = True\n            self._forget_sums()", "self.measuring = True"),
    "chats of the warm-up count": ("self.chats_before[user] = self.chats_ever[user]", "pass"),
    "searches under way at the start are not clipped": ("self.seconds_of[user] = -passed", "pass"),
    "a batch begins late": (" * batch / BATCHES if", " * (batch + 0.5) / BATCHES if"),
    "couples of the warm-up count": ("        self.couples.clear()\n", ""),
    "the line forgets who moved up": (
        "                line[end] = user\n                place[user] = end",
        "                place[user] = end",
    ),
    "a draw's rank is off by one": ("j * (j - 1) // 2 + i,", "j * (j - 1) // 2 + i + 1,"),
    "draws from pools of two count": ("if self.size > 2 and", "if"),
    "a partner in the lobby searches": (
        "if code & TO_LOBBY:\n            self.place[second] = IN_LOBBY",
        "if False:\n            pass",
    ),
    "who goes to the lobby stays in private": ("self.place[first] = IN_LOBBY\n", "pass\n"),
    "who leaves is present": ("self._count_present(self.kind[user], -1)", "pass"),
    "all are of kind 0": ("kind if 0 <= kind < self.kinds else 0)", "0)"),
    "the longest are the latest": (
        "if seconds > self.third_longest:\n            self._rank(user, seconds, CHAT)",
        "self.longest = [(seconds, user, CHAT)]",
    ),
    "given-up searches are not among the longest": ("self._rank(user, seconds, outcome)\n\n", "pass\n\n"),
    "the time to the end is lost": (
        "            self.now = end\n",
        "            self.pool_seconds = 0.0\n            self.now = end\n",
    ),
    "a couple is one of its users": ("tags[first] ^ self.couples.tags[second]", "tags[first]"),
}
SOURCE = Path(str(tally_module.__file__)).parent / "tally.py"


def planted(old: str, new: str) -> ModuleType:
    """Returns the pure module with a bug."""
    text = SOURCE.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    module = ModuleType("tally_with_a_bug")
    module.__file__ = "tally_with_a_bug.py"
    exec(compile(text.replace(old, new), module.__file__, "exec"), module.__dict__)
    return module


@pytest.mark.parametrize(("old", "new"), BUGS.values(), ids=BUGS)
def test_a_bug_planted_in_the_tally_is_found(old: str, new: str) -> None:
    module = planted(old, new)
    for seed in range(40):
        figures, model = measured(random_acts(seed, 400), POLICIES[seed % 6], 16, (0.0, 0.4)[seed % 2], module)
        if differences(figures, model):
            return
    raise AssertionError("not found")


@given(st.lists(st.tuples(*(st.integers(-3, 70),) * 3, st.integers(-1, 2)), max_size=60), st.booleans())
def test_damaged_rows_do_no_harm(damage: list[tuple[int, int, int, int]], ended: bool) -> None:
    tally = Tally(4, 2, 0.0, 50.0 if ended else math.inf)
    rows, now = Rows([tally], 7), 0.0
    for code, first, second, step in damage:
        now += step
        rows.add(now, code, first, second)
    rows.flush()
    assert close(tally, 50.0).events >= 0


def test_a_time_that_is_no_number_does_no_harm() -> None:
    tally = Tally(2, 1, 0.0, 10.0)
    rows = Rows([tally], 5)
    for user in (0, 1):
        rows.add(0.0, codes.JOINED, user, 0)
        rows.add(math.nan, codes.SEARCHING, user, codes.NOBODY)
    rows.add(math.nan, codes.PAIRED, 0, 1)
    rows.flush()
    assert close(tally, 10.0).pairings == 1


def test_a_run_without_rows_can_be_closed() -> None:
    figures = close(Tally(3, 2, 5.0, 10.0), 10.0)
    assert (figures.users, figures.pairings, figures.longest, figures.draw_p) == (0, 0, (), None)
    assert figures.searching_mean == 0.0
    assert {check.verdict for check in figures.checks} == {Verdict.NOT_ASKED}
    assert close(Tally(3, 2, 5.0, 10.0), 2.0).seconds == 0.0


def of_closed_model(users: int, seconds: float) -> Tally:
    population = ClosedModel(users, 10.0).population(np.random.SeedSequence(3))
    tally = Tally(users, 1, 0.0, seconds)
    rows = Rows([tally])
    engine.run(Roulette("v2", seed=3), population, seconds, (EffectRows(rows).observe,))
    rows.flush()
    return tally


def size_of(tally: Tally) -> int:
    """Returns how many numbers a tally keeps."""
    names = [name for name in dir(tally) if not name.startswith("_")]
    kept: list[Any] = [getattr(tally, name) for name in names]
    return sum(len(each) for each in kept if hasattr(each, "__len__")) + len(tally.couples.table)


def test_memory_grows_with_users_not_with_time() -> None:
    assert size_of(of_closed_model(12, 36_000.0)) <= 1.05 * size_of(of_closed_model(12, 3_600.0))


@given(st.lists(st.one_of(st.floats(0, 1e9), st.floats(1e-7, 1e-5), st.just(0.0)), min_size=1, max_size=50))
def test_a_quantile_is_within_the_error_of_the_times(times: list[float]) -> None:
    times = [min(time, 9e6) if time == 0.0 or time >= LEAST else LEAST for time in times]
    histogram = LogHistogram.of(times)
    for q in (0.0, 0.25, 0.5, 0.9, 1.0):
        assert histogram.quantile(q) == pytest.approx(float(np.quantile(times, q)), rel=ERROR * 1.0001)
    assert (histogram + histogram).total == 2 * len(times)
    assert sum(histogram.counts_up_to((0.0, 1.0, math.inf))) == len(times)
    assert histogram.counts_up_to((0.0, math.inf))[0] == times.count(0.0)


def test_what_is_no_time_has_a_bin() -> None:
    assert [bin_of(time) for time in (math.nan, -1.0, 0.0, 1e-9, math.inf)] == [0, 0, 0, 1, BINS - 1]
    assert math.isnan(LogHistogram.of(()).quantile(0.5))
    assert len(MIDDLES) == BINS


def test_few_couples_are_counted_exactly() -> None:
    couples, pairs = Couples(), np.random.default_rng(1).integers(300, size=(40_000, 2))
    couples.make_room(300)
    seen = {frozenset(pair) for pair in pairs.tolist() if pair[0] != pair[1]}
    for one, other in pairs.tolist():
        couples.add(couples.tags[one] ^ couples.tags[other])
    assert (couples.count(), couples.depth) == (len(seen), 0)


def test_many_couples_are_counted_within_five_standard_errors() -> None:
    couples = Couples()
    couples.make_room(1100)
    for one in range(1100):
        tag = couples.tags[one]
        for other in range(one):
            couples.add(tag ^ couples.tags[other])
    assert couples.depth > 0
    assert couples.count() == pytest.approx(1100 * 1099 / 2, rel=5 * 1.2 / math.sqrt(1 << 18))
