"""Invariants of a gateway between any two calls."""

from collections import Counter
from collections.abc import Collection, Mapping
from ipaddress import ip_address

from roulette_core import State
from transports.gateway import Gateway
from transports.gateway.admission import place
from transports.gateway.sessions import NEVER
from transports.limits import Network


def scrutinise(
    gateway: Gateway, addresses: Mapping[int, str], paused: Collection[int], banned: Collection[Network]
) -> None:
    """Compares the state of a gateway with what its connections have seen.

    Args:
        gateway: a gateway that has not said goodbye.
        addresses: the open connections, and their addresses.
        paused: the connections that are not read from.
        banned: the banned networks.
    """
    assert len(gateway) == len(addresses)
    assert set(gateway._sessions.open) == set(addresses)
    assert {number for number, session in gateway._sessions.open.items() if session.backlog} == set(paused)
    _look_at_users(gateway)
    _look_at_admission(gateway, addresses, banned)
    _look_at_timers(gateway)


def _look_at_users(gateway: Gateway) -> None:
    """Every user has a name, and hears the lobby in their dialect unless they are in private."""
    roulette, outbox, sessions = gateway.roulette, gateway._outbox, gateway._sessions.open
    assert set(outbox.users) == set(roulette.users())
    assert {number for number, session in sessions.items() if session.name} == set(outbox.users)
    groups = gateway._driver._driver._hearers._groups
    heard = [(user, dialect) for dialect, users in groups.items() for user in users]
    outside = [user for user in roulette.users() if roulette.state(user) is not State.PRIVATE]
    assert Counter(heard) == Counter((user, sessions[user].dialect) for user in outside)
    assert all(gateway.find(session.name) == user for user, session in outbox.users.items())


def _look_at_admission(gateway: Gateway, addresses: Mapping[int, str], banned: Collection[Network]) -> None:
    """Every open connection is counted once, and none is from a banned network."""
    admission, limits = gateway._sessions.admission, gateway.limits
    assert admission._present == len(addresses) <= (limits.users or len(addresses))
    known = [ip_address(address) for address in addresses.values() if address]
    assert admission._from == Counter(map(place, known))
    assert not [address for address in known if any(address in network for network in banned)]
    strangers = Counter(place(address) for address in known if not any(address in home for home in limits.exempt))
    assert all(count <= (limits.per_address or count) for count in strangers.values())


def _look_at_timers(gateway: Gateway) -> None:
    """Every connection that can time out has a timer by then, and so has every one with a backlog."""
    timers = gateway._sessions.timers
    assert set(timers._earliest) <= set(gateway._sessions.open)
    assert len(timers._heap) <= 2 * len(timers._earliest) + 64
    for number, session in gateway._sessions.open.items():
        due = gateway._sessions.due(session)
        if session.backlog:
            assert number in timers._earliest
        elif due < NEVER:
            assert timers._earliest[number] <= due
