"""What an operator can ask at any time, without changing anything."""

import heapq
from collections.abc import Iterator
from operator import attrgetter

from roulette_core import State, User
from transports.gateway import Gateway
from transports.operator.answers import ROWS_LIMIT, Answer, Cell, refusal, table

_WHERE = {"lobby": "in the lobby", "searching": "searching", "private": "in private", "nameless": "unregistered"}


def users(gateway: Gateway) -> Answer:
    """Returns all users, their states and partners."""
    roulette = gateway.roulette
    rows = (_place(gateway, user) for user in roulette.users())
    counts = present(gateway)
    remark = ", ".join(f"{counts[name]} {words}" for name, words in _WHERE.items())
    return table(("user", "state", "partner"), rows, len(roulette), counts=counts, remarks=[remark])


def searching(gateway: Gateway, now: float) -> Answer:
    """Returns the searching users, for how long and why; the longest-waiting first."""
    pool = gateway.roulette.policy.pool
    longest = heapq.nsmallest(ROWS_LIMIT, pool.values(), key=attrgetter("since"))
    rows = ((gateway.name(it.user), now - it.since, gateway.roulette.explain(it.user).text) for it in longest)
    return table(("searching", "seconds", "why"), rows, len(pool))


def private(gateway: Gateway) -> Answer:
    """Returns the pairs in private, each once."""
    pairs = gateway.roulette.pairs()
    rows = ((gateway.name(first), gateway.name(second)) for first, second in pairs)
    return table(("in private", "with"), rows, len(pairs))


def explain(gateway: Gateway, name: str, now: float) -> Answer:
    """Returns what is known about one user: state, partner, address, and why they wait."""
    user = gateway.find(name)
    if user is None:
        return unknown_user(name)
    rows = [row for row in _facts(gateway, user, now) if row[1]]
    return table(("about", gateway.name(user)), rows, len(rows))


def bans(gateway: Gateway) -> Answer:
    """Returns the banned networks."""
    networks = gateway.bans()
    return table(("banned",), ((str(network),) for network in networks), len(networks))


def unknown_user(name: str) -> Answer:
    """Returns the answer to a command about a user who is not present."""
    return refusal(f"No user named {name}.")


def present(gateway: Gateway) -> dict[str, float]:
    """Returns how many connections are in each state, and how many have no pseudonym yet (``nameless``)."""
    states = {state.name.lower(): count for state, count in gateway.roulette.counts().items()}
    return {**states, "nameless": len(gateway) - len(gateway.roulette)}


def _place(gateway: Gateway, user: User) -> tuple[str, str, str]:
    partner = gateway.roulette.partner(user)
    where = gateway.roulette.state(user).name.lower()
    return gateway.name(user), where, "" if partner is None else gateway.name(partner)


def _facts(gateway: Gateway, user: User, now: float) -> Iterator[tuple[str, Cell]]:
    roulette = gateway.roulette
    _, where, partner = _place(gateway, user)
    yield "state", where
    yield "partner", partner
    yield "address", gateway.address(user)
    if roulette.state(user) is State.SEARCHING:
        yield "waits", f"{now - roulette.policy.pool[user].since:.1f} s"
        yield "why", roulette.explain(user).text
