"""Those who live in a world that carries bytes: users of a population, each on a visit to the server or not."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from heapq import heappop
from random import Random

from roulette_core import Block, Join, Leave, Lobby, Next, Say, Start, State, Tick, User
from roulette_core.testing.clients import Account, Sighting
from sim.worlds.client_population import ClientPopulation
from sim.worlds.client_visit import ClientVisit
from sim.worlds.dialects import CODECS, CodecFactory
from sim.worlds.interfaces import Client, Connection, Environment
from sim.worlds.occurrences import Occurrence
from transports.dialects.pseudonyms import pseudonym
from transports.protocol import ProtocolError

_LONGEST_NAME = 24
"""Of the 32 characters of a pseudonym some are for the number of the visit."""


class SimulatedClients:
    """Has the users of a population talk to a server, and tells them what they see.

    Args:
        population: who asks what, and when.
        network: over which they talk.
        connect: connects a client with the server.
        seed: where the chance starts by which users choose how they speak.
        codecs: how they may speak.

    Attributes:
        accounts: of all visits, in the order in which they began.
        users: whose visit it was, by its name.
        protocol_errors: what somebody was sent that nobody can understand, with their name.
        acting: whether they still ask for anything.
        seen: one of all sightings that are equal, by kind.
    """

    def __init__(
        self,
        population: ClientPopulation,
        network: Environment,
        connect: Callable[[Client], Connection],
        seed: int,
        codecs: Sequence[CodecFactory] = CODECS,
    ) -> None:
        self.accounts: list[Account] = []
        self.users: dict[str, int] = {}
        self.protocol_errors: list[str] = []
        self.acting = True
        self.seen: dict[type, dict[Sighting, Sighting]] = defaultdict(dict)
        self._population = population
        self._network = network
        self._connect_with_server = connect
        self._chance = Random(seed)
        self._codecs = codecs
        self._present: dict[int, ClientVisit] = {}
        self._silent: dict[int, ClientVisit] = {}
        self._visits: dict[int, int] = {}

    def next(self) -> float:
        """When somebody feels like doing something next, in seconds; infinite if nobody does."""
        agenda = self._population.agenda
        return agenda[0][0] if agenda and self.acting else float("inf")

    def act(self) -> None:
        """Has the next of them do what they feel like."""
        now, serial, what = heappop(self._population.agenda)
        event = self._population.ask(now, serial, what)
        if event is None:
            if isinstance(what, int) and what >= 0 and self._population.is_silent(what):  # a user, not a newcomer
                self._fall_silent(what)
        elif isinstance(event, Join):
            self._connect(event)
        elif isinstance(event, Leave):
            self._leave(event)
        elif not isinstance(event, Tick):
            self._ask(event)

    def _connect(self, event: Join) -> None:
        user = _number(event.user)
        visit = ClientVisit(
            user, self._name(user, event.name), self._chance.choice(self._codecs)(), self._network, self
        )
        self._present[user] = visit
        self.accounts.append(visit.account)
        self.users[visit.account.name] = user
        visit.connection = self._connect_with_server(visit)
        visit.open(event)

    def _name(self, user: int, wanted: str) -> str:
        """A pseudonym for a visit: no two visits of a run have the same, so that all that is said of one is of it."""
        visits = self._visits[user] = self._visits.get(user, 0) + 1
        name = wanted if len(wanted) <= _LONGEST_NAME and pseudonym(wanted) == wanted else f"user-{user}"
        return name if visits == 1 else f"{name}.{visits}"

    def _leave(self, event: Leave) -> None:
        """A user goes; or the network notices that a silent one is gone."""
        user = _number(event.user)
        visit, silent = self._present.pop(user, None), self._silent.pop(user, None)
        if silent is not None:
            silent.connection.notice()
        elif visit is not None:
            hanging_up = self._network.happens(self._network.faults.hang_ups)
            self._network.counts[Occurrence.HUNG_UP] += hanging_up
            visit.ask(event, hanging_up)
        self._population.moved(self._network.timeline.now, user, State.OUTSIDE)

    def _ask(self, event: Say | Start | Next | Lobby | Block) -> None:
        """A user asks for something; who is not connected does so in vain."""
        visit = self._present.get(_number(event.user))
        if visit is None:
            return
        if isinstance(event, Say):
            visit.said += 1
            visit.ask(event._replace(text=f"{event.text} № {visit.said}, {visit.account.name}"))
            self._population.spoke(self._network.timeline.now, visit.user)
        else:
            visit.ask(event)

    def _fall_silent(self, user: int) -> None:
        visit = self._present.pop(user, None)
        if visit is not None:
            self._silent[user] = visit
            visit.connection.fall_silent()

    # What visits tell.

    def moved(self, visit: ClientVisit, state: State) -> None:
        """The user has seen that they are in another state."""
        if self._present.get(visit.user) is visit:
            self._population.moved(self._network.timeline.now, visit.user, state)

    def over(self, visit: ClientVisit) -> None:
        """The visit has ended: if the user did not wish it, they come back."""
        if self._present.get(visit.user) is visit:
            del self._present[visit.user]
            self._network.counts[Occurrence.BROKEN] += 1
            seconds = self._network.exponential(self._network.faults.reconnect)
            self._population.lost(self._network.timeline.now, visit.user, seconds)

    def protocol_error(self, visit: ClientVisit, error: ProtocolError) -> None:
        """The user was sent what nobody can understand."""
        self.protocol_errors.append(f"{visit.account.name}: {error}")


def _number(user: User) -> int:
    assert isinstance(user, int), "populations number their users"
    return user
