"""Populations whose users are clients, who see no more than clients do."""

import numpy as np
import pytest

from roulette_core import (
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Returned,
    Roulette,
    Searching,
    Start,
    State,
)
from sim.engine import Entry, run
from sim.population import ClosedModel, Persona, PersonaPopulation, Scenario, load
from sim.worlds import ClientPopulation

Journal = list[tuple[float, Event]]


class Sighted:
    """A population of the engine's, whose users are told at once what clients would see, and nothing else."""

    def __init__(self, clientele: ClientPopulation) -> None:
        self._clientele = clientele
        self.agenda: list[Entry] = clientele.agenda
        self.ask = clientele.ask

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        moved, spoke = self._clientele.moved, self._clientele.spoke
        for effect in effects:
            match effect:
                case LobbyLine(sender) | PrivateLine(sender):
                    spoke(now, sender)
                case Joined(user) | Returned(user):
                    moved(now, user, State.LOBBY)
                case Searching(user):
                    moved(now, user, State.SEARCHING)
                case Left(user):
                    moved(now, user, State.OUTSIDE)
                case Paired(first, second):
                    moved(now, first, State.PRIVATE)
                    moved(now, second, State.PRIVATE)
                case Parted(user, partner, cause):
                    moved(now, partner, State.SEARCHING)
                    if cause != "leave":
                        moved(now, user, State.LOBBY if cause == "lobby" else State.SEARCHING)


def lived(scenario: Scenario, sighted: bool) -> Journal:
    journal: Journal = []
    population = scenario.population(np.random.SeedSequence(3))
    run(
        Roulette("v2", seed=1),
        Sighted(population) if sighted else population,
        1200.0,
        [lambda now, event, _: journal.append((now, event))],
    )
    return journal


@pytest.mark.parametrize("scenario", [load("mixed", 60), load("closed", 60)], ids=["mixed", "closed"])
def test_who_sees_at_once_what_clients_see_does_what_is_done_in_the_core_world(scenario: Scenario) -> None:
    journal = lived(scenario, sighted=True)
    assert journal == lived(scenario, sighted=False)
    assert len(journal) > 500


def due(population: ClientPopulation, until: float = 1e9) -> Journal:
    """What is asked from now on by users who see nothing more."""
    found: Journal = []
    while population.agenda and (entry := population.agenda[0])[0] <= until and len(found) < 100:
        population.agenda.remove(entry)
        population.agenda.sort()
        event = population.ask(*entry)
        if event is not None:
            found.append((entry[0], event))
    return found


def one_user(**habits: float) -> PersonaPopulation:
    """One user, who is in private at time 0."""
    persona = Persona("p", lobby_seconds=20.0, chat_seconds=50.0, share=1.0, **habits)
    population = PersonaPopulation([persona], 1, 1.0, np.random.SeedSequence(5))
    assert due(population) == [(0.0, Join(0, "p-0"))]
    population.moved(0.0, 0, State.PRIVATE)
    return population


def test_who_was_disconnected_comes_back_and_does_nothing_before() -> None:
    population = one_user()
    population.lost(10.0, 0, 5.0)
    assert due(population) == [(15.0, Join(0, "p-0"))]


def test_who_left_as_they_wished_stays_away() -> None:
    population = one_user()
    population.moved(10.0, 0, State.OUTSIDE)
    assert due(population) == []


def test_nothing_happens_between_asking_and_seeing() -> None:
    population = one_user()
    assert [event for _, event in due(population)] == [Next(0)]
    assert due(population) == []
    population.moved(60.0, 0, State.LOBBY)
    assert [event for _, event in due(population)] == [Start(0)]


def ghost() -> PersonaPopulation:
    """A user who vanishes without a word."""
    population = one_user(stay_seconds=0.001, unnoticed_seconds=100.0)
    assert not population.is_silent(0)
    assert due(population, until=1.0) == []
    assert population.is_silent(0)
    return population


def test_a_ghost_sees_nothing_until_it_is_noticed() -> None:
    population = ghost()
    population.moved(1.0, 0, State.LOBBY)
    assert population.is_silent(0)
    assert [event for _, event in due(population)] == [Leave(0)]
    population.moved(200.0, 0, State.OUTSIDE)
    assert not population.is_silent(0)


def test_a_ghost_whose_connection_breaks_does_not_come_back() -> None:
    population = ghost()
    population.lost(1.0, 0, 5.0)
    assert not population.is_silent(0)
    assert due(population) == []


def test_in_the_closed_model_who_was_disconnected_comes_back_and_starts() -> None:
    population = ClosedModel(3).population(np.random.SeedSequence(5))
    population.lost(0.5, 1, 2.0)
    asked = [entry for entry in due(population, until=2.5) if not isinstance(entry[1], Next)]
    assert asked[6:] == [(2.5, Join(1, "user-1")), (2.5, Start(1))]
    assert not population.is_silent(1)
