"""The users of a case: restless at first, later at rest."""

from random import Random

import pytest

from roulette_core import Block, Effect, Event, Join, Leave, Roulette, Say, Start, State, Tick
from sim.swarm.swarm_population import ODD_TEXTS, PERSONAS, SwarmPopulation
from sim.worlds import PERFECT
from sim.worlds.wire import Wire
from transports.gateway import Limits


class Village:
    """A perfect wire without a rate limit, and all events that happened there."""

    def __init__(self, name: str) -> None:
        self.population = SwarmPopulation([name], 8, Random, 3)
        self.asked: list[Event] = []
        self.wire = Wire(Roulette("uniform:minimum=2"), self.population, PERFECT, Limits(rate=0), watchers=[self._note])
        self.wire.run(240.0)

    def _note(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        self.asked.append(event)


@pytest.mark.parametrize("name", PERSONAS)
def test_users_at_rest_search_and_stay_until_told_to_go(name: str) -> None:
    village = Village(name)
    village.wire.network.heal()
    village.wire.run(241.0)
    village.population.come_to_rest(241.0)
    village.asked.clear()
    village.wire.run(400.0)
    assert {type(event) for event in village.asked} <= {Start, Tick}
    assert not list(village.wire.roulette.users(State.LOBBY))
    village.population.go(400.0)
    village.wire.run(500.0)
    assert sum(village.wire.roulette.counts().values()) == 0
    assert Join not in map(type, village.asked)


def test_talkers_write_lines_that_could_be_taken_for_something_else() -> None:
    said = {event.text.partition(" №")[0] for event in Village("talker").asked if isinstance(event, Say)}
    assert said == {*ODD_TEXTS, "…"}


@pytest.mark.parametrize(("name", "kind"), [("blocker", Block), ("leaver", Leave), ("muddler", Block)])
def test_a_persona_does_what_its_name_says(name: str, kind: type[Event]) -> None:
    assert kind in map(type, Village(name).asked)


def test_a_user_turned_away_does_not_come_back_at_once() -> None:
    population = SwarmPopulation(["lurker"], 1, Random, 3)
    assert population.ask(*population.agenda.pop()) is not None
    population.lost(10.0, 0, 0.0)
    assert population.agenda[0][0] >= 11.0
