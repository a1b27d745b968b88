"""What may happen next: every event that may make a difference, at every time that may.

Events come in two kinds. The *usual* requests are tried in every state. The *special* ones are less used forms of a
request, most of which lead where usual ones lead as well: a block of a user who is not the partner, and its end; a
change of what one searches for; a request for the present chat by its number; another place for a partner left behind;
several users who leave at once. They multiply the states, so they are tried in the first generations only.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from roulette_core.events import Block, BulkLeave, Event, Join, Leave, Lobby, Next, Say, Start, Tick, Unblock
from roulette_core.machine import Roulette
from roulette_core.policies import Policy, Role
from roulette_core.states import State
from roulette_core.testing.built_in import clock_of
from roulette_core.testing.clocks import Clock, Instant

_FRIENDS = ("ada", "bob", "carol")


def user_names(count: int) -> tuple[str, ...]:
    """Returns the names of so many users."""
    return (*_FRIENDS, *(f"user {number}" for number in range(len(_FRIENDS) + 1, count + 1)))[:count]


def name_of(user: str) -> str:
    """Returns the name under which a user joins; it is never a user id as well."""
    return user.title()


def roles_of(policy: Policy, interests: Sequence[str] = ()) -> tuple[Role, ...]:
    """Returns the kinds of people who search: the policy's cast, and one for each further interest.

    If any of them has attributes, all say what theirs are, so that none keeps those of an earlier role.
    """
    cast = (*policy.cast, *(Role((interest,)) for interest in interests))
    if all(role.attributes is None for role in cast):
        return cast
    return tuple(role._replace(attributes=role.attributes or {}) for role in cast)


class Possibility(NamedTuple):
    """An event that may happen next, and when: the number of the instant among those of the clock, and the instant."""

    number: int
    instant: Instant
    event: Event


class Possibilities:
    """The events that may happen to a roulette under a policy like the given one.

    Attributes:
        clock: the clock of the policy.
        special: whether special events are wanted.
        passive: the users who do nothing, as others like them do.
    """

    def __init__(self, policy: Policy, users: Sequence[str], interests: Sequence[str] = ()) -> None:
        self.clock: Clock = clock_of(policy)
        self.special = True
        self.passive: Collection[str] = ()
        self._users = users
        self._timed = type(policy).deadline is not Policy.deadline
        self._roles = roles_of(policy, interests)

    def now(self, roulette: Roulette) -> Iterator[Possibility]:
        """Yields the events of the first instant but the idle ones."""
        first = self.clock.instants(roulette)[0]
        events = (event for event in self._requests(roulette) if not _refused(roulette, event))
        yield from (Possibility(0, first, event) for event in events)

    def idle(self, roulette: Roulette) -> Iterator[Possibility]:
        """Yields lines, what is refused in the present state, and a caller's mistake: none of them changes anything."""
        first = self.clock.instants(roulette)[0]
        refused = (event for event in self._requests(roulette) if _refused(roulette, event))
        yield from (Possibility(0, first, event) for event in (*self._idle(roulette), *refused))

    def later(self, roulette: Roulette, idle: Collection[Event]) -> Iterator[Possibility]:
        """Yields the events of the other instants.

        The ``idle`` events change nothing now, and so nothing later either, unless something has become due.
        """
        events = self._requests(roulette)
        for number, instant in enumerate(self.clock.instants(roulette)[1:], start=1):
            for event in events:
                if instant.due or type(event) is Tick or event not in idle:
                    yield Possibility(number, instant, event)

    def _requests(self, roulette: Roulette) -> list[Event]:
        events = [*self._usual(roulette), *(self._special(roulette) if self.special else ())]
        return [event for event in events if getattr(event, "user", None) not in self.passive]

    def _idle(self, roulette: Roulette) -> Iterator[Event]:
        for user in roulette.users():
            here = roulette.chat(user)
            over = here - 1 if here > 1 else here + 1  # or another pair's, or not begun: the user is not in it
            yield from (Say(user, "hello"), Say(user, "hello", 0), Say(user, "hello", over))
            yield from (Next(user, over), Block(user, chat=over))
            if here:
                yield Say(user, "hello", here)
            yield Join(user, "Again")

    def _usual(self, roulette: Roulette) -> Iterator[Event]:
        """Yields every usual request that may make a difference at one time or another."""
        present = roulette.users()
        for user in self._users:
            if user in roulette:
                yield from (Next(user), Block(user), Lobby(user), Leave(user))
                mine = roulette.interests(user), roulette.attributes(user)
                searching = roulette.state(user) is State.SEARCHING
                yield from (Start(user, *role) for role in self._roles if not searching or _is(role, mine))
            else:
                name = name_of(user)
                yield Join(user, name)
                yield from (Join(user, name, (other,)) for other in present)
                yield from (Join(user, roulette.name(other)) for other in present[:1])
        if self._timed:
            yield Tick()

    def _special(self, roulette: Roulette) -> Iterator[Event]:
        """Yields every special request."""
        present = roulette.users()
        for user in present:
            here, partner = roulette.chat(user), roulette.partner(user)
            if here:
                yield from (Next(user, here), Block(user, partner, here))
                yield from (kind(user, left_behind="lobby") for kind in (Next, Block, Lobby, Leave))
            for other in present:
                if other not in (user, partner):
                    yield Block(user, other)
                if other != user:
                    yield Unblock(user, other)
            if roulette.state(user) is State.SEARCHING:
                mine = roulette.interests(user), roulette.attributes(user)
                yield from (Start(user, *role) for role in self._roles if not _is(role, mine))
        for user in self._users:
            if user not in roulette:
                yield from (Join(user, name_of(user), (), (other,)) for other in present)
        yield from (BulkLeave(users) for users in combinations(present, 2))
        if len(present) > 2:
            yield BulkLeave(tuple(present))


def _refused(roulette: Roulette, event: Event) -> bool:
    """Returns whether a request is refused as things are, or only says again what the user has said."""
    match event:
        case Join(name=name):
            return roulette.named(name) is not None
        case Start(user=user, interests=interests, attributes=attributes):
            state, mine = roulette.state(user), (roulette.interests(user), roulette.attributes(user))
            again = state is State.SEARCHING and _is(Role(interests, attributes), mine)
            return state is State.PRIVATE or again
        case Next(user=user) | Block(user=user, other=None):
            return roulette.state(user) is not State.PRIVATE
        case Lobby(user=user):
            return roulette.state(user) is State.LOBBY
        case Unblock(user=user, other=other):
            return not roulette.policy.blocks.made(user, other)
    return False


def _is(role: Role, mine: tuple[object, object]) -> bool:
    """Returns whether a user of these interests and attributes plays a role already."""
    return (role.interests, role.attributes or {}) == mine
