"""Turns what clients saw into rows, where nothing else of the server can be seen."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from roulette_core import Cause, State
from roulette_core.testing.clients import Account
from sim.rows import Rows, codes
from sim.worlds.moments import Began, Ended, Moved, ServerEvent, order_events


def write_accounts(
    visits: Mapping[int, Sequence[Account]], end: float, rows: Rows, kind_of: Callable[[int], int] = lambda user: 0
) -> None:
    """Writes what accounts tell of the server as rows, one event each, at the time of its first sighting.

    Lines and refusals are left out: clients do not see when the server handled them.

    Args:
        visits: user → the accounts of this user's visits, one after the other. No name is used twice, and all times are
            of one clock.
        end: when measuring ended, in seconds; later sightings are left out.
        rows: where they go, to be flushed by the caller.
        kind_of: returns a user's kind.
    """
    users = {account.name: user for user, visited in visits.items() for account in visited}
    retelling = _Retelling(rows, users, kind_of)
    for now, event in order_events(visits.values()):
        if now > end:
            break
        retelling.tell(now, event)


class _Retelling:
    """The users' states and partners, updated event by event.

    Where the accounts have gaps, a user takes the shortest legal way to where it is seen next.
    """

    def __init__(self, rows: Rows, users: Mapping[str, int], kind_of: Callable[[int], int]) -> None:
        self._rows = rows
        self._users = users
        self._kind_of = kind_of
        self._states: defaultdict[int, State] = defaultdict(lambda: State.OUTSIDE)
        self._partners: dict[int, int] = {}

    def tell(self, now: float, event: ServerEvent) -> None:
        """Takes an event."""
        match event:
            case Moved(name, state):
                self._move(now, self._users[name], state)
            case Began(first, second):
                self._pair(now, self._users[first], self._users[second])
            case Ended(name, partner, cause):
                user, left = self._users[name], self._users[partner]
                if self._states[user] is not State.OUTSIDE and self._partners.get(user, left) == left:
                    self._move(now, user, _AFTER[cause], cause)

    def _move(self, now: float, user: int, state: State, cause: Cause | None = None) -> None:
        """Moves a user, who ends the chat if there is one."""
        if user in self._partners:
            self._part(now, user, cause or _CAUSES[state])
        if self._states[user] is State.OUTSIDE and state is State.SEARCHING:
            self._change(now, user, State.LOBBY)
        self._change(now, user, state)

    def _part(self, now: float, user: int, cause: Cause) -> None:
        partner = self._partners.pop(user)
        del self._partners[partner]
        self._rows.add(now, codes.parted(cause, "searching"), user, partner)
        self._states[partner] = State.SEARCHING
        if cause == "leave":
            return  # which is told next
        self._states[user] = _AFTER[cause]
        self._rows.end(now)

    def _pair(self, now: float, first: int, second: int) -> None:
        for user in (first, second):
            if self._states[user] is not State.SEARCHING:
                self._move(now, user, State.SEARCHING)
        for user, partner in ((first, second), (second, first)):
            self._partners[user] = partner
            self._states[user] = State.PRIVATE
        self._rows.add(now, codes.PAIRED, first, second)
        self._rows.end(now)

    def _change(self, now: float, user: int, state: State) -> None:
        if self._states[user] is state:
            return
        second = codes.NOBODY
        if self._states[user] is State.OUTSIDE:
            second = self._kind_of(user)
            state, code = State.LOBBY, codes.JOINED
        else:
            code = _CODES[state]
        self._states[user] = state
        self._rows.add(now, code, user, second)
        self._rows.end(now)


_AFTER: Mapping[Cause, State] = {
    "next": State.SEARCHING,
    "block": State.SEARCHING,
    "lobby": State.LOBBY,
    "leave": State.OUTSIDE,
}
"""Cause → the state of the user who ended the chat."""

_CAUSES: Mapping[State, Cause] = {State.SEARCHING: "next", State.LOBBY: "lobby", State.OUTSIDE: "leave"}
"""The state that a user is seen in after a chat → why that chat must have ended."""

_CODES = {State.LOBBY: codes.RETURNED, State.SEARCHING: codes.SEARCHING, State.OUTSIDE: codes.LEFT}
"""State → the code of a change to it; from outside, users join the lobby."""
