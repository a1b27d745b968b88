import gc
import math

import numpy as np
import pytest

from roulette_core import BrokenPolicy, Join, Lobby, Next, Policy, Roulette, Start, Tick
from sim import engine
from sim.population import ClosedModel, load


class Script:
    """A population that asks what it is told to."""

    def __init__(self, *entries):
        self.agenda = [(time, serial, event) for serial, (time, event) in enumerate(entries)]
        self.heard = []

    def ask(self, now, serial, what):
        return None if what == "overtaken" else what

    def hear(self, now, event, effects):
        self.heard.append((now, event))


def two_search_at(time):
    return [(time, Join(0, "ada")), (time, Join(1, "bob")), (time, Start(0)), (time, Start(1))]


def journal(policy, scenario, seed=1, until=300.0, **options):
    seen = []
    population = scenario.population(np.random.SeedSequence(seed))
    engine.run(Roulette(policy, seed=seed), population, until, [lambda *entry: seen.append(entry)], **options)
    return seen


def test_a_tick_comes_exactly_at_the_deadline():
    script = Script(*two_search_at(1.0))
    engine.run(Roulette("waves:every=5"), script, until=20.0)
    assert script.heard[-1] == (5.0, Tick())


def test_a_tick_comes_before_what_is_due_at_the_same_time():
    script = Script(*two_search_at(1.0), (5.0, Join(2, "cyd")))
    engine.run(Roulette("waves:every=5"), script, until=20.0)
    assert [event for now, event in script.heard if now == 5.0] == [Tick(), Join(2, "cyd")]


def test_a_deadline_at_the_very_end_is_kept():
    script = Script(*two_search_at(1.0))
    engine.run(Roulette("waves:every=5"), script, until=5.0)
    assert script.heard[-1] == (5.0, Tick())


def test_a_deadline_after_the_end_is_ignored():
    script = Script(*two_search_at(1.0))
    assert engine.run(Roulette("waves:every=5"), script, until=4.5) == 4.5
    assert Tick() not in [event for _, event in script.heard]


def late_pairings(journal, every=5.0):
    """Pairings that did not happen at a wave."""
    return [now for now, _, effects in journal for effect in effects if effect.kind == "paired" and now % every]


def test_an_engine_that_drops_ticks_is_noticed():
    scenario = ClosedModel(users=20)
    assert not late_pairings(journal("waves:every=5", scenario))
    assert late_pairings(journal("waves:every=5", scenario, ticking=False))


def test_stale_entries_are_ignored():
    script = Script((0.0, Join(0, "ada")), (1.0, "overtaken"))
    engine.run(Roulette(), script, until=2.0)
    assert script.heard == [(0.0, Join(0, "ada"))]


def test_entries_due_at_the_end_happen_and_later_ones_do_not():
    script = Script((0.0, Join(0, "ada")), (2.0, Start(0)), (2.1, Lobby(0)))
    assert engine.run(Roulette(), script, until=2.0) == 2.0
    assert script.heard == [(0.0, Join(0, "ada")), (2.0, Start(0))]


def test_a_population_can_end_the_run_itself():
    script = Script((0.0, Join(0, "ada")), (3.0, engine.END))
    assert engine.run(Roulette(), script) == 3.0


def test_entries_of_one_time_come_in_the_order_of_their_serial_numbers():
    script = Script(*two_search_at(0.0), (0.0, Next(0)))
    engine.run(Roulette(), script, until=0.0)
    assert [event.kind for _, event in script.heard] == ["join", "join", "start", "start", "next"]


@pytest.mark.parametrize("policy", ["v1", "v2", "fresh", "waves", "interests"])
@pytest.mark.parametrize("scenario", [ClosedModel(users=12), load("mixed", 30)], ids=["closed", "mixed"])
def test_the_same_seed_gives_the_same_run(policy, scenario):
    assert journal(policy, scenario) == journal(policy, scenario)


def test_another_seed_gives_another_run():
    assert journal("v1", ClosedModel(users=12), seed=1) != journal("v1", ClosedModel(users=12), seed=2)


def test_time_never_runs_back():
    times = [now for now, _, _ in journal("waves", load("mixed", 50))]
    assert times == sorted(times)


def test_progress_is_reported_and_never_runs_back():
    told = []
    journal("v1", ClosedModel(users=400), until=6000.0, progress=told.append)
    assert len(told) == 2
    assert told == sorted(told)
    assert told[-1] <= 6000.0


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_as_it_was_even_after_a_failure(enabled):
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(TypeError):
            engine.run(Roulette(), Script((0.0, Join(0, "ada"))), 1.0, [lambda: None])
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_an_empty_agenda_runs_to_the_end():
    assert engine.run(Roulette(), Script(), until=7.0) == 7.0
    assert engine.run(Roulette(), Script()) == math.inf


def test_a_policy_whose_deadlines_converge_is_reported():
    class Zeno(Policy):
        def draw(self, now, choose):
            return None

        def deadline(self, now):
            return math.nextafter(now, math.inf)

    script = Script(*two_search_at(1.0))
    with pytest.raises(BrokenPolicy, match="10,000 times within a millisecond"):
        engine.run(Roulette(Zeno()), script, until=20.0)


def test_a_policy_may_set_many_deadlines():
    class Awake(Policy):
        def draw(self, now, choose):
            return None

        def deadline(self, now):
            return now + 1e-4

    script = Script(*two_search_at(1.0))
    assert engine.run(Roulette(Awake()), script, until=20.0) == 20.0
