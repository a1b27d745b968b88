"""The users of a population as clients of a server, in the worlds that carry bytes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from heapq import heappop
from random import Random
from typing import TypeAlias

from roulette_core import Block, BulkLeave, Join, Leave, Lobby, Next, Say, Start, State, Tick, Unblock, User
from roulette_core.testing.clients import Account, Sighting
from sim.worlds.client_visit import ClientVisit
from sim.worlds.faults import Occurrence
from sim.worlds.interfaces import Client, ClientPopulation, Connection, Environment
from transports.dialects import pseudonym
from transports.protocol import ClientCodec, JsonCodec, ProtocolError, TextCodec

CodecFactory: TypeAlias = Callable[[], ClientCodec]
"""Makes the codec of one connection."""

DIALECTS: Mapping[str, CodecFactory] = {"json": JsonCodec, "text": TextCodec, "french": partial(TextCodec, "fr")}
"""The codecs that simulated users may speak, by name."""

CODECS = tuple(DIALECTS.values())

_LONGEST_NAME = 24
"""The longest pseudonym of a persona; the rest of the 32 characters is for the number of the visit."""


class SimulatedClients:
    """Connects the users of a population to a server, sends what they ask, and reports to them what they see.

    Args:
        seed: the seed of the users' choice of codecs, and of the chats that they name.
        gives_back: whether the server gives lines back to users of the text dialect however late they arrive.
        drafts: whether JSON clients name chats in ``next`` and ``block`` as well as in lines, and now and then name
            none, or the place where they were before, as if they had sent a draft from there. Otherwise every line
            names the user's place, and ``next`` none: the closed model asks for the next partner wherever users are.

    Attributes:
        accounts: of all visits, in the order in which they began.
        users: name of a visit → user.
        protocol_errors: what users received that the protocol does not allow, with their names.
        acting: whether users still ask for anything.
        seen: one of all equal sightings, by kind.
    """

    def __init__(
        self,
        population: ClientPopulation,
        network: Environment,
        connect: Callable[[Client], Connection],
        seed: int,
        codecs: Sequence[CodecFactory] = CODECS,
        gives_back: bool = False,
        drafts: bool = False,
    ) -> None:
        self._gives_back = gives_back
        self._drafts = drafts
        self.accounts: list[Account] = []
        self.users: dict[str, int] = {}
        self.protocol_errors: list[str] = []
        self.acting = True
        self.seen: dict[type, dict[Sighting, Sighting]] = defaultdict(dict)
        self._population = population
        self._network = network
        self._connect_with_server = connect
        self._chance = Random(seed)
        self._chats = Random(f"{seed} chats")
        self._codecs = codecs
        self._present: dict[int, ClientVisit] = {}
        self._silent: dict[int, ClientVisit] = {}
        self._visits: dict[int, int] = {}

    def next(self) -> float:
        """Returns when the next user wants to act, in seconds; infinite if none does."""
        agenda = self._population.agenda
        return agenda[0][0] if agenda and self.acting else float("inf")

    def act(self) -> None:
        """Carries out the next action."""
        now, serial, what = heappop(self._population.agenda)
        event = self._population.ask(now, serial, what)
        if event is None:
            if isinstance(what, int) and what >= 0 and self._population.is_silent(what):  # a user, not an arrival
                self._fall_silent(what)
        elif isinstance(event, Join):
            self._connect(event)
        elif isinstance(event, Leave):
            self._leave(event)
        elif not isinstance(event, Tick | BulkLeave):  # no client can ask for these
            self._ask(event)

    def _connect(self, event: Join) -> None:
        user = _number(event.user)
        visit = ClientVisit(
            user, self._name(user, event.name), self._chance.choice(self._codecs)(), self._network, self
        )
        visit.account.gives_back = self._gives_back and visit.chat is None
        self._present[user] = visit
        self.accounts.append(visit.account)
        self.users[visit.account.name] = user
        visit.connection = self._connect_with_server(visit)
        visit.open(event)

    def _name(self, user: int, wanted: str) -> str:
        """Returns a pseudonym that no other visit of the run has, so that every mention of it is of this visit."""
        visits = self._visits[user] = self._visits.get(user, 0) + 1
        name = wanted if len(wanted) <= _LONGEST_NAME and pseudonym(wanted) == wanted else f"user-{user}"
        return name if visits == 1 else f"{name}.{visits}"

    def _leave(self, event: Leave) -> None:
        """Lets a user leave, or the server detect that a silent one is gone."""
        user = _number(event.user)
        visit, silent = self._present.pop(user, None), self._silent.pop(user, None)
        if silent is not None:
            silent.connection.notice()
        elif visit is not None:
            hanging_up = self._network.happens(self._network.faults.hang_ups)
            self._network.counts[Occurrence.HUNG_UP] += hanging_up
            visit.ask(event, hanging_up)
        self._population.moved(self._network.timeline.now, user, State.OUTSIDE)

    def _ask(self, event: Say | Start | Next | Lobby | Block | Unblock) -> None:
        """Sends a request. Users without a connection ask in vain, and about other users without one."""
        visit = self._present.get(_number(event.user))
        if visit is None:
            return
        if isinstance(event, Say):
            visit.said += 1
            text = f"{event.text} № {visit.said}, {visit.account.name}"
            visit.ask(event._replace(text=text, chat=self._named_chat(visit)))
            self._population.spoke(self._network.timeline.now, visit.user)
        elif isinstance(event, Block | Unblock) and event.other is not None:
            other = self._present.get(_number(event.other))
            if other is not None and other.present:
                visit.ask(event._replace(other=other.account.name))
        elif isinstance(event, Next | Block) and self._drafts:
            visit.ask(event._replace(chat=self._named_chat(visit) or None))
        else:
            visit.ask(event)

    def _named_chat(self, visit: ClientVisit) -> int | None:
        """Returns the chat that a request names: where the user is or, with drafts, now and then where they were."""
        if not self._drafts:
            return visit.chat
        return self._chats.choice((None, visit.before, *[visit.chat] * 6))

    def _fall_silent(self, user: int) -> None:
        visit = self._present.pop(user, None)
        if visit is not None:
            self._silent[user] = visit
            visit.connection.fall_silent()

    # Reports of visits.

    def moved(self, visit: ClientVisit, state: State) -> None:
        """Tells the population that a user has seen itself in another state."""
        if self._present.get(visit.user) is visit:
            self._population.moved(self._network.timeline.now, visit.user, state)
            if self._population.is_silent(visit.user):  # they had vanished before the run began
                self._fall_silent(visit.user)

    def over(self, visit: ClientVisit) -> None:
        """Ends a visit. If that was not on purpose, the user comes back later."""
        if self._present.get(visit.user) is visit:
            del self._present[visit.user]
            self._network.counts[Occurrence.BROKEN] += 1
            seconds = self._network.exponential(self._network.faults.reconnect)
            self._population.lost(self._network.timeline.now, visit.user, seconds)

    def protocol_error(self, visit: ClientVisit, error: ProtocolError) -> None:
        """Notes that the server has broken the protocol."""
        self.protocol_errors.append(f"{visit.account.name}: {error}")


def _number(user: User) -> int:
    assert isinstance(user, int), "populations number their users"
    return user
