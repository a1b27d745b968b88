"""Turns what clients saw into the columns that all measures use, where nothing else of the server can be seen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np

from roulette_core import Event, State
from roulette_core.testing.clients import Account
from sim.trace import Trace
from sim.worlds.moments import Began, Ended, Moved, ServerEvent, order_events

_EVENTS = get_args(Event)
"""What clients ask, and a core handles."""


def trace_from_accounts(visits: Mapping[int, Sequence[Account]], start: float, end: float) -> Trace:
    """Makes a trace of accounts alone.

    The time of a change is that of its first sighting. Draws cannot be seen from outside, so their columns are empty.

    Args:
        visits: user → the accounts of this user's visits, one after the other. No name is used twice, and all times are
            of one clock.
        start: when measuring began, in seconds.
        end: when it ended, in seconds; later sightings are left out.
    """
    record = _Record({account.name: user for user, visited in visits.items() for account in visited})
    for now, event in order_events(visits.values()):
        if now > end:
            break
        record.note(now, event)
    accounts = (account for visited in visits.values() for account in visited)
    events = sum(at <= end and isinstance(what, _EVENTS) for account in accounts for at, what in account.entries)
    return record.trace(start, end, events)


class _Record:
    """The users' states and partners, updated event by event.

    Where the accounts have gaps, a user takes the shortest legal way to where it is seen next.
    """

    def __init__(self, users: Mapping[str, int]) -> None:
        self._users = users
        self._states: defaultdict[int, State] = defaultdict(lambda: State.OUTSIDE)
        self._partners: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        self._changes: list[tuple[float, int, int]] = []
        self._pairings: list[tuple[float, int, int]] = []

    def note(self, now: float, event: ServerEvent) -> None:
        """Takes an event."""
        match event:
            case Moved(name, state):
                user = self._users[name]
                self._part(now, user)
                self._change(now, user, state)
            case Began(first, second):
                self._pair(now, self._users[first], self._users[second])
            case Ended(name, partner, cause):
                user, left = self._users[name], self._users[partner]
                if self._states[user] is not State.OUTSIDE and self._partners.get(user, left) == left:
                    self._part(now, user)
                    self._change(now, user, _AFTER[cause])

    def _pair(self, now: float, first: int, second: int) -> None:
        for user in (first, second):
            if self._states[user] is not State.SEARCHING:
                self._part(now, user)
                if self._states[user] is State.OUTSIDE:
                    self._change(now, user, State.LOBBY)
                self._change(now, user, State.SEARCHING)
        for user, partner in ((first, second), (second, first)):
            self._partners[user] = partner
            self._change(now, user, State.PRIVATE)
        self._pairings.append((now, self._numbers[first], self._numbers[second]))

    def _part(self, now: float, user: int) -> None:
        """Ends the user's chat, if there is one. The caller decides where the user goes."""
        partner = self._partners.pop(user, None)
        if partner is not None:
            del self._partners[partner]
            self._change(now, partner, State.SEARCHING)

    def _change(self, now: float, user: int, state: State) -> None:
        if self._states[user] is not state:
            self._states[user] = state
            number = self._numbers.setdefault(user, len(self._numbers))
            self._changes.append((now, number, state))

    def trace(self, start: float, end: float, events: int) -> Trace:
        """Returns everything noted, as columns."""
        change_time, change_user, change_state = _columns(self._changes)
        pair_time, pair_first, pair_second = _columns(self._pairings)
        nothing = np.empty(0, dtype=np.int64)
        return Trace(
            users=len(self._numbers),
            start=start,
            end=end,
            events=events,
            change_time=change_time,
            change_user=change_user.astype(np.int64),
            change_state=change_state.astype(np.int64),
            pair_time=pair_time,
            pair_first=pair_first.astype(np.int64),
            pair_second=pair_second.astype(np.int64),
            draw_pairing=nothing,
            draw_pool=nothing,
            draw_rank=nothing,
        )


_AFTER: Mapping[str, State] = {
    "next": State.SEARCHING,
    "block": State.SEARCHING,
    "lobby": State.LOBBY,
    "leave": State.OUTSIDE,
}
"""Cause → the state of the user who ended the chat."""


def _columns(rows: Sequence[tuple[float, int, int]]) -> np.ndarray:
    return np.array(rows, dtype=np.float64).reshape(-1, 3).T
