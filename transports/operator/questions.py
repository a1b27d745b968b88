"""What an operator may ask at any time; nothing changes by it."""

import heapq
from collections.abc import Iterator
from operator import itemgetter

from roulette_core import State, User
from transports.gateway import Gateway
from transports.operator.answers import ROWS_LIMIT, Answer, Cell, refusal, table

_WHERE = {
    "lobby": "in the lobby",
    "searching": "searching",
    "private": "in private",
    "nameless": "without a name yet",
}


def everybody(gateway: Gateway) -> Answer:
    """Who is there: where, and with whom."""
    roulette = gateway.roulette
    rows = (_place(gateway, user) for user in roulette.users())
    counts = present(gateway)
    remark = ", ".join(f"{counts[name]} {words}" for name, words in _WHERE.items())
    return table(("who", "where", "with"), rows, len(roulette), counts=counts, remarks=[remark])


def searching(gateway: Gateway, now: float) -> Answer:
    """Who searches, for how long, and why; whoever has waited longest comes first."""
    pool = gateway.roulette.policy.pool
    longest = heapq.nsmallest(ROWS_LIMIT, pool.items(), key=itemgetter(1))
    rows = ((gateway.name(user), now - since, gateway.roulette.explain(user).text) for user, since in longest)
    return table(("searching", "seconds", "why"), rows, len(pool))


def private(gateway: Gateway) -> Answer:
    """The pairs in private, each once."""
    pairs = gateway.roulette.pairs()
    rows = ((gateway.name(first), gateway.name(second)) for first, second in pairs)
    return table(("in private", "with"), rows, len(pairs))


def explain(gateway: Gateway, name: str, now: float) -> Answer:
    """All there is to know of one user, and why they wait if they do."""
    user = gateway.find(name)
    if user is None:
        return nobody(name)
    rows = [row for row in _portrait(gateway, user, now) if row[1]]
    return table(("about", gateway.name(user)), rows, len(rows))


def bans(gateway: Gateway) -> Answer:
    """From where nobody is let in."""
    networks = gateway.bans()
    return table(("banned",), ((str(network),) for network in networks), len(networks))


def nobody(name: str) -> Answer:
    """The answer to an order or question about somebody who is not there."""
    return refusal(f"Nobody is called {name}.")


def present(gateway: Gateway) -> dict[str, float]:
    """How many there are now, in each state and without a pseudonym."""
    states = {state.name.lower(): count for state, count in gateway.roulette.counts().items()}
    return {**states, "nameless": len(gateway) - len(gateway.roulette)}


def _place(gateway: Gateway, user: User) -> tuple[str, str, str]:
    partner = gateway.roulette.partner(user)
    where = gateway.roulette.state(user).name.lower()
    return gateway.name(user), where, "" if partner is None else gateway.name(partner)


def _portrait(gateway: Gateway, user: User, now: float) -> Iterator[tuple[str, Cell]]:
    roulette = gateway.roulette
    _, where, partner = _place(gateway, user)
    yield "where", where
    yield "with", partner
    yield "from", gateway.address(user)
    if roulette.state(user) is State.SEARCHING:
        yield "for", f"{now - roulette.policy.pool[user]:.1f} s"
        yield "why", roulette.explain(user).text
