from collections import Counter, defaultdict

import numpy as np
import pytest

from roulette_core import Block, Join, Leave, Lobby, Next, Roulette, Say, Start, State
from sim.engine import run
from sim.population import NEVER, Persona, PersonaPopulation, load


def lived(*personas, users=200, seconds=3000.0, policy="v1", seed=5):
    """What users of these kinds do: the journal, and the population as it is in the end."""
    journal = []
    population = PersonaPopulation(personas, users, 1.0, np.random.SeedSequence(seed))
    run(Roulette(policy), population, seconds, [lambda *entry: journal.append(entry)])
    return journal, population


def asked(journal):
    return Counter(event.kind for _, event, _ in journal)


PLAIN = {"lobby_seconds": 20.0, "chat_seconds": 50.0, "share": 1.0}


def close_to(count, expected, deviations=5.0):
    """Within five standard deviations of a Poisson count: 99.9999 % confidence."""
    return abs(count - expected) < deviations * expected**0.5


def test_rates_are_per_second():
    persona = Persona(
        "p", **PLAIN, block_probability=0.2, next_probability=0.75, private_lines_per_minute=6, stay_seconds=100
    )
    assert [(rate, act(7).kind) for rate, act in persona.rates(State.PRIVATE)] == [
        (pytest.approx(0.8 * 0.75 / 50), "next"),
        (pytest.approx(0.8 * 0.25 / 50), "lobby"),
        (pytest.approx(0.2 / 50), "block"),
        (0.1, "say"),
        (0.01, "leave"),
    ]
    assert persona.rates(State.SEARCHING)[0] == (0.0, Lobby)
    assert persona.rates(State.OUTSIDE)[0][0] == 0.0
    assert persona.rates(State.OUTSIDE)[0][1](7) == Join(7, "p-7")


def test_interests_are_sent_with_start():
    persona = Persona("p", **PLAIN, interests=("chess",))
    assert persona.rates(State.LOBBY)[0][1](3) == Start(3, ("chess",))


def test_all_who_are_present_join_at_once_and_no_number_is_used_twice():
    journal, population = lived(Persona("p", **PLAIN, stay_seconds=300, arrivals_per_minute=6), users=50)
    joins = [(now, event) for now, event, _ in journal if event.kind == "join"]
    assert [event.user for _, event in joins] == list(range(len(joins)))
    at_once = sum(now == 0 for now, _ in joins)
    assert close_to(at_once - 50, 6 / 60 * 300), "newcomers are there as well"
    assert [now for now, _ in joins] == sorted(now for now, _ in joins)
    assert population.initial_users == 50


def test_no_user_asks_for_what_is_refused():
    journal, _ = lived(*load("mixed").personas, policy="v2")
    assert len(journal) > 10_000
    assert not [effect for _, _, effects in journal for effect in effects if effect.kind == "refused"]
    assert set(asked(journal)) == {"join", "say", "start", "next", "lobby", "leave", "block"}


def test_newcomers_arrive_as_a_poisson_process():
    journal, _ = lived(Persona("p", **PLAIN, arrivals_per_minute=30), users=1)  # who never leave: none at first
    times = [now for now, event, _ in journal if event.kind == "join"][1:]
    assert close_to(len(times), 1500)
    gaps = np.diff(times)
    assert abs(gaps.std() / gaps.mean() - 1) < 0.15


def test_time_in_the_lobby_has_the_given_mean():
    journal, _ = lived(Persona("p", **PLAIN), users=500)
    arrived = [now for now, event, _ in journal if event.kind == "start"]
    assert len(arrived) == 500, "nobody returns to the lobby"
    assert abs(np.mean(arrived) - 20) < 5 * 20 / 500**0.5


def test_a_skipper_asks_for_the_next_and_the_others_go_back_to_the_lobby():
    journal, _ = lived(Persona("p", **PLAIN, next_probability=0.9), users=300)
    done = asked(journal)
    ended = done["next"] + done["lobby"]
    assert ended > 10_000
    assert close_to(done["lobby"], 0.1 * ended)


def test_a_chat_ends_by_block_next_and_lobby_in_the_ratio_of_their_probabilities():
    persona = Persona("p", **{**PLAIN, "lobby_seconds": 1.0}, block_probability=0.1, next_probability=0.75)
    done = asked(lived(persona, users=1000, seconds=400.0)[0])
    ended = done["block"] + done["next"] + done["lobby"]
    assert ended > 5000
    assert close_to(done["block"], 0.1 * ended)
    assert close_to(done["next"], 0.9 * 0.75 * ended)
    assert close_to(done["lobby"], 0.9 * 0.25 * ended)


def test_an_impatient_user_returns_from_searching():
    journal, _ = lived(Persona("p", **PLAIN, patience_seconds=5), users=1)
    done = asked(journal)
    assert done["start"] > 50
    assert abs(done["start"] - done["lobby"]) <= 1


def test_a_patient_user_waits_for_ever():
    journal, _ = lived(Persona("p", **PLAIN), users=1)
    assert asked(journal) == {"join": 1, "start": 1}


def test_lines_come_at_their_rates():
    talker = Persona("p", **{**PLAIN, "lobby_seconds": 1e9}, lobby_lines_per_minute=6)
    journal, _ = lived(talker, users=20)
    assert close_to(asked(journal)["say"], 20 * 3000 / 10)
    silent = Persona("p", **PLAIN, lobby_lines_per_minute=0, private_lines_per_minute=0)
    assert "say" not in asked(lived(silent)[0])


def test_a_user_who_is_away_comes_back_under_the_same_name_and_number():
    journal, _ = lived(Persona("p", **PLAIN, stay_seconds=100, away_seconds=50), users=20)
    names = defaultdict(set)
    for _, event, _ in journal:
        if event.kind == "join":
            names[event.user].add(event.name)
    assert set(names) == set(range(20))
    assert all(len(borne) == 1 for borne in names.values())
    assert close_to(asked(journal)["join"], 20 * 2 / 3 + 20 * 3000 / 150)


def test_a_user_who_leaves_for_good_does_not_come_back():
    journal, _ = lived(Persona("p", **PLAIN, stay_seconds=100), users=50)
    assert asked(journal)["join"] == asked(journal)["leave"] == 50


def last_words(journal):
    """For each leave, how long the user had been silent, and when it was noticed."""
    heard, silences = {}, []
    for now, event, _ in journal:
        if event.kind == "leave":
            silences.append(now - heard[event.user])
        if event.kind != "tick":
            heard[event.user] = now
    return silences


def test_a_ghost_is_silent_until_the_server_notices():
    talkative = {**PLAIN, "lobby_lines_per_minute": 600.0, "private_lines_per_minute": 600.0, "stay_seconds": 20.0}
    polite = last_words(lived(Persona("p", **talkative), users=100, seconds=300)[0])
    ghosts = last_words(lived(Persona("g", **talkative, unnoticed_seconds=30), users=100, seconds=600)[0])
    assert np.mean(polite) < 1
    assert abs(np.mean(ghosts) - 30) < 5 * 30 / len(ghosts) ** 0.5


def test_a_ghost_who_is_never_noticed_stays_silent_for_ever():
    journal, population = lived(Persona("g", **PLAIN, stay_seconds=20.0, unnoticed_seconds=NEVER), users=30)
    assert "leave" not in asked(journal)
    assert all(map(population.is_silent, range(30)))


def test_a_silent_ghost_is_still_drawn_and_does_nothing_but_vanish():
    ghost = Persona("g", **PLAIN, stay_seconds=15, unnoticed_seconds=200)
    journal, population = lived(ghost, Persona("p", **PLAIN), users=100, seconds=400)
    drawn = Counter()
    for _, _, effects in journal:
        for effect in effects:
            if effect.kind == "paired":
                drawn.update((effect.first, effect.second))
    ghosts = [user for user, kind in enumerate(population._kind) if kind == 0]
    assert max(drawn[user] for user in ghosts) > 3, "partners give up on it, and others are drawn with it"


@pytest.mark.parametrize("policy", ["v2", "fresh", "waves", "interests"])
def test_the_same_users_arrive_whatever_the_policy(policy):
    def arrivals(policy):
        journal, _ = lived(*load("mixed").personas, policy=policy, seconds=900.0)
        first = {}
        for now, event, _ in journal:
            if event.kind == "join":
                first.setdefault(event.user, (now, event.name))
        return first

    assert arrivals(policy) == arrivals("v1")


def test_the_agenda_does_not_grow_with_what_has_been_overtaken():
    restless = Persona(
        "p", **{**PLAIN, "chat_seconds": 1.0, "lobby_seconds": 0.5}, stay_seconds=1e9, patience_seconds=1e9
    )
    _, population = lived(restless, users=100, seconds=300.0)
    assert len(population.agenda) < 8 * 100 + 1100


def test_compacting_the_agenda_changes_nothing(monkeypatch):
    before = lived(*load("mixed").personas, users=60)[0]
    tidied = []

    def tidy_always(self, now, user, think=PersonaPopulation._reschedule):
        think(self, now, user)
        tidied.append(self._compact())

    monkeypatch.setattr(PersonaPopulation, "_reschedule", tidy_always)
    assert lived(*load("mixed").personas, users=60)[0] == before
    assert tidied


def test_users_ask_for_everything_that_can_be_asked():
    acts = {type(event) for _, event, _ in lived(*load("mixed").personas)[0]}
    assert acts == {Join, Say, Start, Next, Lobby, Leave, Block}
