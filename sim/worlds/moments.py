"""Puts the events at a server in order, from what its clients saw."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from typing import Any, NamedTuple, TypeAlias

from roulette_core import Cause, Leave, State
from roulette_core.testing import clients
from roulette_core.testing.clients import Account


class Moved(NamedTuple):
    """A client joined, began to search, returned to the lobby, or left."""

    name: str
    state: State


class Began(NamedTuple):
    """Two clients were paired."""

    first: str
    second: str


class Ended(NamedTuple):
    """A client ended a private chat, and left its partner behind."""

    name: str
    partner: str
    cause: Cause


ServerEvent: TypeAlias = Moved | Began | Ended

_Key: TypeAlias = tuple[Any, ...]
"""The kind of an event, its clients, and which of theirs it is: the same in every account."""


@dataclass(slots=True, eq=False)
class _Moment:
    """An event, which several clients may have seen.

    Attributes:
        at: when it was first seen, in seconds; later if something that must come before it is later.
        what: the event.
        then: what must come after it.
        awaited: how many of the moments that must come before it have not been yielded yet.
    """

    at: float
    what: ServerEvent
    then: list["_Moment"] = field(default_factory=list)
    awaited: int = 0


def order_events(visits: Iterable[Sequence[Account]]) -> Iterator[tuple[float, ServerEvent]]:
    """Yields all events in an order that fits all accounts, with times that do not decrease.

    The k-th chat of A with B is the k-th of B with A: what both saw is one moment. Its time is that of its first
    sighting, and it is ordered after everything that each of its witnesses had seen before. What a client did not see,
    because its account is cut, is known from its partners and from those who saw it leave.

    Args:
        visits: for each user, the accounts of its visits, one after the other. All times must be of one clock.
    """
    visits = list(visits)
    accounts = [account for visited in visits for account in visited]
    moments, seen = _moments(accounts)
    unseen = _unseen(moments, seen)
    departures = {
        account.name: _Moment(departed, Moved(account.name, State.OUTSIDE))
        for account, departed in zip(accounts, _departed(accounts), strict=True)
    }
    for visited in visits:
        latest: list[_Moment] = []
        for account in visited:
            name = account.name
            if latest and latest[0].at == inf and account.entries:  # it left unseen, but before it came back
                latest[0].at = account.entries[0].at
            for moment in seen[name]:
                latest = _follow(latest, [moment])
            if unseen[name]:
                latest = _follow(latest, unseen[name])
            latest = _follow(latest, [departures[name]])
    yield from _by_time([*moments.values(), *departures.values()])


def _follow(before: list[_Moment], after: list[_Moment]) -> list[_Moment]:
    """Puts moments after others, and returns them."""
    for earlier in before:
        earlier.then += after
    for later in after:
        later.awaited += len(before)
    return after


def _moments(accounts: Iterable[Account]) -> tuple[Mapping[_Key, _Moment], Mapping[str, list[_Moment]]]:
    """Returns everything seen but departures, and what each client saw, in its order."""
    moments: dict[_Key, _Moment] = {}
    seen: dict[str, list[_Moment]] = {}
    for account in accounts:
        chain = seen[account.name] = []
        for at, key, what in _sightings(account):
            moment = moments.setdefault(key, _Moment(at, what))
            moment.at = min(moment.at, at)
            chain.append(moment)
    return moments, seen


def _unseen(moments: Mapping[_Key, _Moment], seen: Mapping[str, Iterable[_Moment]]) -> Mapping[str, list[_Moment]]:
    """Returns each client's chats that it did not see itself; they must come after all that it saw."""
    known = {name: set(chain) for name, chain in seen.items()}
    unseen: defaultdict[str, list[_Moment]] = defaultdict(list)
    for (kind, *chat), moment in moments.items():
        for name in () if kind is Moved else chat[:2]:
            if moment not in known.get(name, ()):
                unseen[name].append(moment)
    return unseen


def _sightings(account: Account) -> Iterator[tuple[float, _Key, ServerEvent]]:
    """Yields what a client saw happen to itself, except its departure."""
    name, met = account.name, Counter[str]()
    for position, (at, what) in enumerate(account.entries):
        match what:
            case clients.Welcomed() | clients.SawReturned():
                yield at, (Moved, name, position), Moved(name, State.LOBBY)
            case clients.Searches():
                yield at, (Moved, name, position), Moved(name, State.SEARCHING)
            case clients.Met(partner):
                met[partner] += 1
                yield at, (Began, *sorted((name, partner)), met[partner]), Began(name, partner)
            case clients.PartedFrom(partner, by_me, cause):
                who, left = (name, partner) if by_me else (partner, name)
                yield at, (Ended, *sorted((name, partner)), met[partner]), Ended(who, left, cause)


def _departed(accounts: Sequence[Account]) -> Iterator[float]:
    """Yields when each client was first known to have left, by itself or by others; infinite if it never was."""
    departed: defaultdict[str, float] = defaultdict(lambda: inf)
    for account in accounts:
        for at, what in account.entries:
            if isinstance(what, clients.Gone):
                departed[what.name] = min(at, departed[what.name])
            elif isinstance(what, clients.SawClosed) or (account.cut and isinstance(what, Leave)):
                departed[account.name] = min(at, departed[account.name])
    return (departed[account.name] for account in accounts)


def _by_time(moments: Sequence[_Moment]) -> Iterator[tuple[float, ServerEvent]]:
    """Yields moments by time, each after all that must come before it (Kahn 1962, with a heap for the queue).

    ``graphlib.TopologicalSorter`` has no way to go on when accounts contradict each other, as a cycle blocks it.
    """
    now, number = -inf, count()
    untold = set(moments)
    in_time = iter(sorted(moments, key=lambda moment: moment.at))
    ready = [(moment.at, next(number), moment) for moment in moments if not moment.awaited]
    heapify(ready)
    while untold:
        if not ready:  # a cycle: the accounts contradict each other, which the judge reports; cut it at its earliest
            moment = next(moment for moment in in_time if moment in untold)
            moment.awaited = 0
            ready.append((max(now, moment.at), next(number), moment))
        now, _, moment = heappop(ready)
        untold.remove(moment)
        yield now, moment.what
        for later in moment.then:
            later.at = max(later.at, now)
            later.awaited -= 1
            if not later.awaited:
                heappush(ready, (later.at, next(number), later))
