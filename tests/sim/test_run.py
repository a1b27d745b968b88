"""One run: the two engines agree, what is checked is checked, and what is planted is found."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roulette_core import (
    BadPolicy,
    RecordingHeader,
    Roulette,
    State,
    encode_event,
    encode_header,
    make_policy,
    with_users,
)
from roulette_core.effects import Paired
from roulette_core.policies import POLICIES
from roulette_core.testing import INVARIANTS, Verdict
from sim import kernel
from sim.measure import Tally
from sim.population import ClosedModel, load, open_recording
from sim.rows import Rows, codes
from sim.run import CORE, KERNEL, UnknownToKernel, replay, run_core, seeds_of, simulate
from sim.run_check import KERNEL_EQUALS_CORE
from tests.support.figures import exactly
from tests.support.hashing import outputs

COIN = "tests.core.dubious:Coin"

PROGRAM = """
import json
from sim.population import load
from sim.run import simulate
from tests.support.figures import exactly
runs = [simulate(policy, load(name, 60), 3, 0, 900) for policy in ("v1", "v2", "fresh", "waves", "interests")
        for name in ("closed", "mixed")]
print(json.dumps([[exactly(run.figures), run.checks] for run in runs]))
"""


@pytest.mark.nightly  # the core's own test has every policy, that of the wire world every part of the simulator
def test_figures_do_not_depend_on_the_order_of_hashes():
    first, *others = outputs(PROGRAM, "0", "1", "4242")
    assert set(others) == {first}
    assert len(json.loads(first)) == 10


@pytest.mark.parametrize("engine", [KERNEL, CORE])
@pytest.mark.parametrize("policy", ["v1", "v2", "v2:minimum=2", "fresh", "waves", "interests"])
@pytest.mark.parametrize("scenario", [ClosedModel(50), load("mixed", 50)], ids=["closed", "mixed"])
def test_every_policy_passes_its_self_checks(policy, scenario, engine):
    run = simulate(policy, scenario, 2, 0, 1800, engine=engine)
    assert run.engine == engine
    assert [check for check in run.checks if check.verdict is Verdict.FAILED] == []
    assert len(run.checks) == len(INVARIANTS) + 2 + (engine == KERNEL)
    assert run.figures.seconds == 1800
    assert run.figures.pairings > 100


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([*POLICIES, "v2:minimum=5", "fresh:memory=2,patience=4", "waves:every=3"]),
    st.builds(load, st.sampled_from(["closed", "mixed"]), st.integers(1, 60)),
    st.integers(0, 2**32),
    st.integers(0, 30),
    st.sampled_from([None, 0.0, 50.0]),
)
def test_both_engines_measure_the_same_to_the_last_digit(policy, scenario, seed, run, warmup):
    by_kernel, by_core = (simulate(policy, scenario, seed, run, 300.0, warmup, each) for each in (KERNEL, CORE))
    assert (by_kernel.engine, by_core.engine) == (KERNEL, CORE)
    assert exactly(by_kernel.figures) == exactly(by_core.figures)
    assert by_kernel.policy == by_core.policy
    assert by_kernel.ok
    assert by_core.ok


@pytest.mark.parametrize(("policy", "engine"), [("v1", KERNEL), ("interests", KERNEL), (COIN, CORE)])
def test_the_kernel_runs_what_it_knows_and_the_core_the_rest(policy, engine):
    assert simulate(policy, ClosedModel(6), 1, 0, 60.0).engine == engine


def test_a_kernel_that_was_asked_for_says_what_it_cannot_do():
    with pytest.raises(UnknownToKernel, match="Coin"):
        simulate(COIN, ClosedModel(6), 1, 0, 60.0, engine=KERNEL)


class Misdirecting:
    """A planted bug: a sink that writes rows on, but for one pairing, whose second user is the one next door."""

    def __init__(self, rows, users, pairing):
        self._rows, self._users, self._left = rows, users, pairing

    def take(self, rows):
        for row in range(rows.count):
            second = rows.seconds[row]
            if rows.codes[row] & codes.KIND == codes.PAIRED:
                self._left -= 1
                second = second if self._left else (second + 1) % self._users
            self._rows.add(rows.times[row], rows.codes[row], rows.firsts[row], second)


@pytest.mark.parametrize("pairing", [30, 2000])
def test_a_run_on_a_kernel_with_a_planted_bug_is_judged_again_and_fails(monkeypatch, pairing):
    """Be it among the events that are compared with the core in any case, or later, where only the watcher sees it."""
    run_soundly = kernel.run

    def run_unsoundly(scenario, policy, choices, users, until, rows, progress=None):
        wrong = Rows([Misdirecting(rows, scenario.users, pairing)])
        end = run_soundly(scenario, policy, choices, users, until, wrong, progress)
        wrong.flush()
        return end

    sound = simulate("v2", ClosedModel(40), 7, 0, 7200.0, engine=KERNEL)
    monkeypatch.setattr(kernel, "run", run_unsoundly)
    run = simulate("v2", ClosedModel(40), 7, 0, 7200.0, engine=KERNEL)
    (check,) = [check for check in run.checks if check.name == KERNEL_EQUALS_CORE]
    assert check.verdict is Verdict.FAILED
    assert "on the kernel" in check.detail
    assert not run.ok
    assert sound.ok
    core = [check for check in run.checks if check.name in {each.__name__ for each in INVARIANTS}]
    assert [check for check in core if check.verdict is Verdict.FAILED] == [], "the core is sound all the same"


def test_what_the_core_itself_answers_is_checked_at_the_end():
    class Miscounting(Roulette):
        def counts(self):
            return {**super().counts(), State.LOBBY: 99}

    def failed(roulette):
        population = ClosedModel(8).population(np.random.SeedSequence(1))
        checks = run_core(roulette, population, Tally(8, 1, 0.0, 600.0), 600.0).checks
        return {check.name for check in checks if check.verdict is Verdict.FAILED}

    assert (failed(Roulette("uniform", 1)), failed(Miscounting("uniform", 1))) == (set(), {"counts_are_right"})


def test_a_run_says_under_which_policy_and_on_which_engine_it_was_made():
    run = simulate("v2", ClosedModel(10, mean_chat_seconds=30.0), seed=4, run=0, duration_seconds=60)
    assert (run.policy, run.engine, run.figures.users) == ("uniform:minimum=3", "kernel", 10)
    assert (run.figures.start, run.figures.end) == (300.0, 360.0), "ten mean chats are the warm-up"


def test_seeds_and_runs_make_a_difference_to_users_and_to_policy():
    def figures(seed, run):
        return exactly(simulate("v2", ClosedModel(50), seed, run, 900).figures.waits)

    assert figures(1, 0) == figures(1, 0)
    assert figures(1, 0) != figures(2, 0)
    assert figures(1, 0) != figures(1, 1)


def test_the_same_runs_of_two_policies_have_the_same_users():
    one, other = (simulate(policy, load("mixed", 60), 1, 3, 900).figures for policy in ("v1", "v2"))
    assert one.scores.kinds.tolist() == other.scores.kinds.tolist()


@pytest.mark.parametrize("engine", [KERNEL, CORE])
def test_nothing_before_the_end_of_the_warm_up_counts(engine):
    """A run with a warm-up, and the same from the start: counts of the whole are those before plus those after."""
    policy, scenario = "v2", ClosedModel(30)
    seen = {
        (warmup, duration): simulate(policy, scenario, 5, 0, duration, warmup, engine).figures
        for warmup, duration in [(0.0, 2000.0), (0.0, 500.0), (500.0, 1500.0)]
    }
    whole, before, after = seen.values()
    assert (after.start, after.end, after.seconds) == (500.0, 2000.0, 1500.0)
    for count in ("pairings", "repairs", "repair_opportunities", "recent", "events"):
        assert getattr(before, count) + getattr(after, count) == getattr(whole, count), count
    assert before.pairings > 50
    np.testing.assert_allclose(before.state_seconds + after.state_seconds, whole.state_seconds)
    assert (before.searches[:, :3] + after.searches[:, :3]).tolist() == whole.searches[:, :3].tolist()
    assert after.state_seconds.sum() == pytest.approx(30 * 1500.0)


@pytest.mark.parametrize("policy", ["no-repeat", "uniform:minimum=3", "waves:every=5", "fresh"])
def test_a_replay_under_the_recorded_policy_has_the_figures_of_the_recorded_run(tmp_path, policy):
    scenario, seeds = load("mixed", 40), seeds_of(9, 0)
    roulette = Roulette(policy, seeds.choices)
    lines = [encode_header(RecordingHeader(make_policy(policy).specification, seeds.choices))]
    numbers = {}

    def record(now, event, effects):  # users are numbered in the order in which they join
        lines.append(encode_event(with_users(event, lambda user: numbers.setdefault(user, len(numbers))), now))

    population = scenario.population(seeds.users)
    recorded = run_core(roulette, population, Tally(40, 1, 0.0), 600.0, observers=[record])
    path = tmp_path / "recording.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_recording(path) as recording:
        again = replay(recording)
    counts = ("users", "events", "pairings", "repairs", "repair_opportunities", "recent", "never", "distinct_partners")
    for count in counts:
        assert getattr(again.figures, count) == getattr(recorded.figures, count), count
    assert exactly(again.figures.waits) == exactly(recorded.figures.waits)
    assert (again.skipped, again.ok, again.policy) == (0, True, recorded.policy)
    assert recorded.figures.pairings > 50


def test_a_bad_policy_is_refused():
    with pytest.raises(BadPolicy):
        simulate("v3", ClosedModel(10), seed=1, run=0, duration_seconds=60)


def test_a_core_that_loses_a_pairing_fails_the_checks():
    class Forgetful(Roulette):
        """Keeps the 50th pairing to itself."""

        left = 50

        def handle(self, event, now):
            kept = []
            for effect in super().handle(event, now):
                self.left -= type(effect) is Paired
                if type(effect) is not Paired or self.left:
                    kept.append(effect)
            return tuple(kept)

    population = ClosedModel(20).population(np.random.SeedSequence(1))
    seen = run_core(Forgetful("v1"), population, Tally(20, 1, 0.0, 600.0), 600.0)
    assert [check.name for check in seen.checks if check.verdict is Verdict.FAILED]
