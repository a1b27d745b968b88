"""What happened at a server into which one cannot look, put in order from what its clients saw."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from typing import Any, NamedTuple, TypeAlias

from roulette_core import Cause, Leave, State
from roulette_core.testing.clients import (
    Account,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawReturned,
    Searches,
    Welcomed,
)


class Moved(NamedTuple):
    """A client came, began to search, returned to the lobby, or left."""

    name: str
    state: State


class Began(NamedTuple):
    """Two clients were paired."""

    first: str
    second: str


class Ended(NamedTuple):
    """A client ended a private chat by some cause, and its partner was left behind."""

    name: str
    partner: str
    cause: Cause


Happening: TypeAlias = Moved | Began | Ended

_Key: TypeAlias = tuple[Any, ...]
"""What kind of happening it is, to whom, and which of theirs: the same in everybody's account."""


@dataclass(slots=True, eq=False)
class _Moment:
    """Something that happened once, whoever has seen it.

    Attributes:
        at: when it was first seen; later than that if what must come before it was, in seconds.
        what: what happened.
        then: what must come after it.
        awaited: how much of what must come before it has not been told yet.
    """

    at: float
    what: Happening
    then: list["_Moment"] = field(default_factory=list)
    awaited: int = 0


def order_events(visits: Iterable[Sequence[Account]]) -> Iterator[tuple[float, Happening]]:
    """Tells what happened, in an order that fits all accounts, at times that do not run back.

    What two have seen is one moment: the k-th chat that one had with another is the k-th that the other had with the
    one. It is as late as its first sighting, but for each client it comes after all that the client had seen before.
    What a client did not see, because its account is cut, is known from its partners and from those who saw it go.

    Args:
        visits: of each user, the accounts of the visits, one after the other. All times must be of one clock.
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
            if latest and latest[0].at == inf and account.entries:  # nobody saw it, but nobody is there twice
                latest[0].at = account.entries[0].at
            for moment in seen[name]:
                latest = _follow(latest, [moment])
            if unseen[name]:
                latest = _follow(latest, unseen[name])
            latest = _follow(latest, [departures[name]])
    yield from _told([*moments.values(), *departures.values()])


def _follow(before: list[_Moment], after: list[_Moment]) -> list[_Moment]:
    """Puts moments after others, and returns them."""
    for earlier in before:
        earlier.then += after
    for later in after:
        later.awaited += len(before)
    return after


def _moments(accounts: Iterable[Account]) -> tuple[Mapping[_Key, _Moment], Mapping[str, list[_Moment]]]:
    """All that was seen but departures; and for each client what it saw, in its order."""
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
    """For each client the chats that it had part in and did not see, which must come after all that it saw."""
    known = {name: set(chain) for name, chain in seen.items()}
    unseen: defaultdict[str, list[_Moment]] = defaultdict(list)
    for (kind, *chat), moment in moments.items():
        for name in () if kind is Moved else chat[:2]:
            if moment not in known.get(name, ()):
                unseen[name].append(moment)
    return unseen


def _sightings(account: Account) -> Iterator[tuple[float, _Key, Happening]]:
    """What a client saw happen to itself, but for its departure."""
    name, met = account.name, Counter[str]()
    for position, (at, what) in enumerate(account.entries):
        match what:
            case Welcomed() | SawReturned():
                yield at, (Moved, name, position), Moved(name, State.LOBBY)
            case Searches():
                yield at, (Moved, name, position), Moved(name, State.SEARCHING)
            case Met(partner):
                met[partner] += 1
                yield at, (Began, *sorted((name, partner)), met[partner]), Began(name, partner)
            case PartedFrom(partner, by_me, cause):
                who, left = (name, partner) if by_me else (partner, name)
                yield at, (Ended, *sorted((name, partner)), met[partner]), Ended(who, left, cause)


def _departed(accounts: Sequence[Account]) -> Iterator[float]:
    """When each client was first known to have left, by itself or by others, in seconds; infinite if nobody knows."""
    departed: defaultdict[str, float] = defaultdict(lambda: inf)
    for account in accounts:
        for at, what in account.entries:
            if isinstance(what, Gone):
                departed[what.name] = min(at, departed[what.name])
            elif isinstance(what, SawClosed) or (account.cut and isinstance(what, Leave)):
                departed[account.name] = min(at, departed[account.name])
    return (departed[account.name] for account in accounts)


def _told(moments: Sequence[_Moment]) -> Iterator[tuple[float, Happening]]:
    """The moments one after the other, each after all that must come before it."""
    now, number = -inf, count()
    untold = set(moments)
    in_time = iter(sorted(moments, key=lambda moment: moment.at))
    ready = [(moment.at, next(number), moment) for moment in moments if not moment.awaited]
    heapify(ready)
    while untold:
        if not ready:  # the accounts contradict each other: their judge says how
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
