"""A run begins at rest, as far as that does not depend on the policy; the warm-up forgets the remainder."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Roulette, State
from sim.engine import run
from sim.population import (
    MOST_WARMUP_SECONDS,
    NEVER,
    ClosedModel,
    Mixed,
    Persona,
    PersonaPopulation,
    ScenarioError,
    Stage,
    beginning,
    load,
    parse,
    persona_population,
)
from tests.sim.population.seeds import seed

HABITS = {"lobby_seconds": 20.0, "chat_seconds": 50.0, "share": 1.0}
LOW_AND_HIGH = 3.29
"""Standard deviations: 99.9 % confidence, if of normal shape."""

RESTLESS = Mixed(
    "restless",
    60,
    (
        Persona("regular", **HABITS, stay_seconds=200, away_seconds=100),
        Persona("ghost", **HABITS, stay_seconds=60, away_seconds=100, unnoticed_seconds=40),
        Persona("newcomer", **{**HABITS, "share": 0}, arrivals_per_minute=12, stay_seconds=100),
        Persona("vanishing newcomer", 20.0, 50.0, arrivals_per_minute=6, stay_seconds=50, unnoticed_seconds=50),
    ),
)
"""At rest, of 30 regulars 20 are present, of 30 ghosts 15, of newcomers 20 and 10."""


def present(scenario, seconds, number, policy="v1"):
    """Number of users in each state after some seconds."""
    roulette = Roulette(policy)
    run(roulette, scenario.population(seed(number)), seconds)
    return roulette.counts()


def deviation(values, expected):
    return (np.mean(values) - expected) / (np.std(values, ddof=1) / len(values) ** 0.5)


@pytest.mark.parametrize("seconds", [0.0, 30.0, 400.0])
def test_as_many_are_present_as_expected_from_the_first_moment_on(seconds):
    assert RESTLESS.expected_present == pytest.approx(65)
    runs = [sum(present(RESTLESS, seconds, 1000 * int(seconds) + number).values()) for number in range(60)]
    assert abs(deviation(runs, 65)) < LOW_AND_HIGH


@pytest.mark.parametrize(
    "planted",
    [
        lambda kinds, stages: (kinds, [Stage.EXPECTED if stage is Stage.OUTSIDE else stage for stage in stages]),
        lambda kinds, stages: (kinds, [Stage.OUTSIDE if stage is Stage.VANISHED else stage for stage in stages]),
        lambda kinds, stages: (kinds[:60], stages[:60]),
    ],
    ids=["all are there", "none is silent", "no newcomers"],
)
def test_a_beginning_that_is_not_at_rest_is_found(monkeypatch, planted):
    monkeypatch.setattr(persona_population, "beginning", lambda *given: planted(*beginning(*given)))
    runs = [sum(present(RESTLESS, 0.0, number).values()) for number in range(60)]
    assert abs(deviation(runs, 65)) > LOW_AND_HIGH


def test_the_kinds_are_present_in_their_probabilities():
    found = Counter()
    for number in range(200):
        population = RESTLESS.population(seed(number))
        found.update((population.kind_of(user), stage) for user, stage in enumerate(population._stage))
    expected = {
        (0, Stage.EXPECTED): 20,
        (0, Stage.OUTSIDE): 10,
        (1, Stage.EXPECTED): 9,
        (1, Stage.VANISHED): 6,
        (1, Stage.OUTSIDE): 15,
        (2, Stage.EXPECTED): 20,
        (3, Stage.EXPECTED): 5,
        (3, Stage.VANISHED): 5,
    }
    assert found.keys() == expected.keys()
    for each, mean in expected.items():
        assert abs(found[each] - 200 * mean) < 4 * (200 * mean) ** 0.5, each


def test_who_vanished_before_the_run_began_joins_and_is_silent():
    ghost = Persona("ghost", **HABITS, stay_seconds=1.0, away_seconds=1e9, unnoticed_seconds=1e9)
    journal = []
    run(Roulette(), PersonaPopulation([ghost], 50, 1.0, seed(1)), 5000.0, [lambda *entry: journal.append(entry)])
    assert 10 < len(journal) < 40
    assert {event.kind for _, event, _ in journal} == {"join"}


def test_users_without_a_state_of_rest_begin_as_they_can():
    def stages(**habits):
        return Counter(PersonaPopulation([Persona("p", **{**HABITS, **habits})], 40, 1.0, seed(3))._stage)

    assert stages() == {Stage.EXPECTED: 40}
    assert stages(stay_seconds=10) == {Stage.EXPECTED: 40}, "they leave for good"
    assert stages(stay_seconds=10, away_seconds=10, unnoticed_seconds=NEVER) == {Stage.EXPECTED: 40}
    assert stages(arrivals_per_minute=60) == {Stage.EXPECTED: 40}, "newcomers never leave"
    coming_back = stages(arrivals_per_minute=60, stay_seconds=NEVER, away_seconds=10)
    assert coming_back == {Stage.EXPECTED: 40}


def test_newcomers_who_never_leave_have_no_expected_number():
    assert Mixed("m", 1, (Persona("p", **HABITS, arrivals_per_minute=1),)).expected_present == math.inf
    returning = Persona("p", **HABITS, arrivals_per_minute=1, stay_seconds=10, away_seconds=10)
    assert Mixed("m", 1, (returning,)).expected_present == math.inf
    assert ClosedModel(7).expected_present == 7


def test_more_newcomers_than_a_run_can_hold_are_refused():
    text = "users = 1\n[personas.a]\nshare = 1\narrivals_per_minute = 60\nlobby_seconds = 1\nchat_seconds = 1\n"
    assert parse(f"{text}stay_seconds = 1e6", "test").expected_present == pytest.approx(1e6 + 1)
    with pytest.raises(ScenarioError, match=r"personas\.a") as caught:
        parse(f"{text}stay_seconds = 1e8", "test")
    assert "stay_seconds = inf" in caught.value.hint


# The warm-up.


def test_the_warmup_of_the_built_in_scenarios_is_what_the_docs_say():
    assert load("mixed").warmup_seconds == load("mixed", 40).warmup_seconds == 693.0
    assert load("mixed").slowest_seconds == 1800.0
    assert (ClosedModel(5, 30.0).warmup_seconds, ClosedModel(5, 30.0).slowest_seconds) == (300.0, 30.0)


def warmup(**habits):
    return Mixed("m", 1, (Persona("p", **{**HABITS, **habits}),)).warmup_seconds


def test_the_warmup_is_five_times_the_slowest_time_constant_of_lobby_and_chat():
    assert warmup(next_probability=0.0) == 5 * 25, "two end a chat of 50 s after 25 s on average"
    assert warmup(chat_seconds=1, lobby_seconds=400, next_probability=1.0) == 2000
    assert warmup(chat_seconds=1, lobby_seconds=400, stay_seconds=400) == 1000
    assert warmup(lobby_seconds=NEVER) == 0.0, "they stay in the lobby, where they begin"


def test_a_warmup_has_a_limit():
    assert warmup(chat_seconds=NEVER) == warmup(lobby_seconds=1e9, chat_seconds=1) == MOST_WARMUP_SECONDS


def test_kinds_without_users_do_not_count():
    slow = Persona("slow", lobby_seconds=20, chat_seconds=5000)
    assert Mixed("m", 1, (Persona("p", **HABITS), slow)).warmup_seconds == warmup()


numbers = st.floats(0.1, NEVER) | st.floats(0.1, 1e4)


@given(numbers, numbers, numbers, numbers, numbers, numbers | st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_any_persona_has_a_warmup_and_a_beginning(lobby, chat, patience, stay, away, unnoticed, block, following):
    persona = Persona(
        "p",
        lobby,
        chat,
        1.0,
        patience_seconds=patience,
        stay_seconds=stay,
        away_seconds=away,
        unnoticed_seconds=unnoticed,
        block_probability=block,
        next_probability=following,
    )
    scenario = Mixed("m", 5, (persona,))
    assert 0 <= scenario.warmup_seconds <= MOST_WARMUP_SECONDS
    assert scenario.slowest_seconds >= 0
    assert 0 <= scenario.expected_present <= 5.0000001
    assert len(scenario.population(seed(1))._stage) == 5


def test_after_the_warmup_nothing_is_left_of_the_beginning():
    """The number in private right after it and much later, in 120 runs each, by Welch's test at 99.9 % confidence.

    At time 0 nobody is in private, so the test can tell.
    """
    scenario = load("mixed", 40)

    def in_private(seconds, first):
        return np.array([present(scenario, seconds, first + number)[State.PRIVATE] for number in range(120)])

    early, late = in_private(scenario.warmup_seconds, 0), in_private(3 * scenario.warmup_seconds, 500)
    error = (early.var(ddof=1) / 120 + late.var(ddof=1) / 120) ** 0.5
    assert abs(early.mean() - late.mean()) < LOW_AND_HIGH * error
    assert late.mean() > 10 * error


def test_no_two_built_in_rules_pair_the_users_of_mixed_alike():
    def pairings(policy):
        seen = []
        roulette = Roulette(policy, seed=1)
        run(roulette, load("mixed", 150).population(seed(4)), 900.0, [lambda *entry: seen.append(entry)])
        return [(now, effect) for now, _, effects in seen for effect in effects if effect.kind == "paired"]

    found = [pairings(policy) for policy in ("v1", "v2", "fresh", "waves", "interests")]
    assert all(first != second for number, first in enumerate(found) for second in found[:number])
