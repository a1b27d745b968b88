"""Lets the users of any population search as the kinds of people that a policy tells apart."""

from collections.abc import Sequence
from typing import Any, Protocol

from roulette_core import Effect, Event, Policy, Role, Start
from sim.engine import Entry, Population


class ScenarioPopulation(Population, Protocol):
    """The users of a scenario, by number.

    Attributes:
        initial_users: number of the first users, who have the same numbers and kinds in every run.
    """

    initial_users: int

    def kind_of(self, user: int) -> int:
        """Returns the number of a user's kind."""


class CastPopulation:
    """A population whose users take the roles of a cast, in turn by their numbers.

    Attributes:
        agenda: the population's own.
        initial_users: the population's own.
    """

    def __init__(self, population: ScenarioPopulation, cast: Sequence[Role]) -> None:
        self.agenda: list[Entry] = population.agenda
        self.initial_users = population.initial_users
        self._population = population
        self._cast = cast

    def kind_of(self, user: int) -> int:
        """Returns the number of a user's kind in the population; it does not decide their role."""
        return self._population.kind_of(user)

    def ask(self, now: float, serial: float, what: Any) -> Event | None:
        """Returns the event of the population; a ``Start`` has the interests and attributes of the user's role."""
        event = self._population.ask(now, serial, what)
        return in_role(event, self._cast) if isinstance(event, Start) else event

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Passes on what has happened."""
        self._population.hear(now, event, effects)


def in_role(event: Start, cast: Sequence[Role]) -> Start:
    """Returns a ``Start`` as a user of this number asks who plays a role; what the role leaves open stays."""
    assert isinstance(event.user, int), "populations number their users"
    role = cast[event.user % len(cast)]
    return event._replace(interests=role.interests or event.interests, attributes=role.attributes)


def cast_of(policy: Policy) -> tuple[Role, ...]:
    """Returns the cast of a policy of one's own that tells people apart; empty for all others.

    What the built-in policies look at, interests, scenarios decide.
    """
    built_in = vars(type(policy)).get("name") is not None
    return () if built_in or all(role == Role() for role in policy.cast) else policy.cast


def cast(population: ScenarioPopulation, policy: Policy) -> ScenarioPopulation:
    """Returns a population with the policy's cast."""
    roles = cast_of(policy)
    return CastPopulation(population, roles) if roles else population
