"""What must be true of the world at the end of each phase: under faults, at rest, and when all is over."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from roulette_core import Roulette, State, User
from roulette_core.testing import rule_of
from roulette_core.testing.clients import (
    Account,
    Met,
    PartedFrom,
    SawClosed,
    SawReturned,
    Searches,
    Welcomed,
    described,
)
from sim.swarm.limit_checker import LimitChecker
from sim.swarm.swarm_gateway import SwarmGateway
from sim.worlds.client_visit import ClientVisit
from sim.worlds.wire.wire import Wire
from transports.gateway import CloseReason

Violation: TypeAlias = tuple[str, str]
"""What is not as it must be, by name and in a sentence."""

_ROUNDING = 0.01


def under_faults(wire: Wire, gateway: SwarmGateway, limit_checker: LimitChecker) -> Iterator[Violation]:
    """What is wrong where faults go on: half-open connections and the mute are found out all the same."""
    limits, users = gateway.limits, set(gateway.roulette.users())
    longest = max(limits.ping, limits.idle) + limits.pong
    for connection in limit_checker.present:
        if connection not in wire.driver.links:
            yield "presence_is_consistent", f"connection {connection} is gone, and never came to an end"
            return
        unheard, nameless = wire.now - gateway.heard[connection], wire.now - gateway.since[connection]
        if connection not in users:
            if nameless > limits.registration + _ROUNDING:
                yield "timeouts_are_kept", f"connection {connection} has no name after {nameless:.1f} s"
        elif unheard > longest + _ROUNDING and not wire.driver.links[connection].paused:
            yield "timeouts_are_kept", f"connection {connection} is still there, unheard for {unheard:.1f} s"


def at_rest(wire: Wire, limit_checker: LimitChecker) -> Iterator[Violation]:
    """What is wrong where everybody wants a chat, and nothing is on its way."""
    yield from _presence(wire, limit_checker)
    yield from _core_state(wire)
    yield from _missed_pairings(wire)
    yield from _client_states(wire)


def goodbyes(accounts: Iterable[Account], reason: CloseReason) -> Iterator[Violation]:
    """What is wrong if somebody was not told why all is over.

    Args:
        accounts: of those who were there to the end.
        reason: what they must have been told last.
    """
    for account in accounts:
        what = account.entries[-1].what
        if what != SawClosed(reason.value):
            yield "goodbye_is_said", f"{account.name} {described(what)}, and never gets to goodbye ({reason.value})"


def nothing_left(wire: Wire, limit_checker: LimitChecker, stopped: bool) -> Iterator[Violation]:
    """What is wrong where everybody has left.

    Args:
        wire: the world.
        limit_checker: the observer of the whole run.
        stopped: whether the server has stopped with its users still in it.
    """
    gateway = wire.gateway
    left = {
        "sessions": len(gateway),
        "let in": len(limit_checker.present),
        "users": 0 if stopped else sum(gateway.roulette.counts().values()),
        "connections": len(wire.network.connections),
    }
    if any(left.values()):
        yield "nothing_is_left", f"left behind: {', '.join(f'{number} {what}' for what, number in left.items())}"
    due = gateway.next_deadline()
    if due is not None:
        yield "no_timer_is_left", f"something is due at {due:.3f} s, for nobody"


def _core_state(wire: Wire) -> Iterator[Violation]:
    """The core is as its effects had it, and so is one that is restored from its snapshot."""
    checker, roulette = wire.checker, wire.roulette
    checker.compare(roulette)
    checker.compare(Roulette.restore(roulette.snapshot()))
    yield from ((breach.invariant, breach.detail) for breach in checker.breaches)


def _missed_pairings(wire: Wire) -> Iterator[Violation]:
    """Everybody who wants a partner, and can have one, has one."""
    ledger, roulette = wire.checker.ledger, wire.roulette
    idle = roulette.users(State.LOBBY)
    if idle:
        yield "start_is_obeyed", f"{_names(wire, idle)} in the lobby, having asked for a chat"
    if len(ledger.pool) < 2:
        return
    ledger.now = wire.now
    rule, policy = rule_of(roulette.policy), Roulette.restore(roulette.snapshot()).policy
    by_rule = None if rule is None else rule.allowed(ledger)
    for pair in (by_rule, policy.draw(wire.now, _first)):
        if pair is not None and not policy.blocks.between(*pair):
            yield "no_pairing_is_missed", f"{_names(wire, pair)} wait, and might meet"


def _client_states(wire: Wire) -> Iterator[Violation]:
    """What each client believes of itself is what the server has."""
    roulette = wire.roulette
    for connection, link in wire.driver.links.items():
        visit = link.pipe.connection.client
        if not isinstance(visit, ClientVisit) or not visit.present:
            yield "clients_are_welcomed", f"connection {connection} is open, and its client was never welcomed"
            continue
        believed, state = _belief(visit.account), roulette.state(connection)
        partner = roulette.partner(connection)
        known = state, None if partner is None else wire.gateway.name(partner)
        if believed != known:
            yield (
                "clients_know_their_state",
                f"{visit.account.name} is {_where(*known)}, and believes to be {_where(*believed)}",
            )


def _presence(wire: Wire, limit_checker: LimitChecker) -> Iterator[Violation]:
    """Connections, sessions and users are the same people."""
    gateway, connections = wire.gateway, set(wire.driver.links)
    strangers = connections.symmetric_difference(gateway.roulette.users())
    if strangers:
        shown = ", ".join(sorted(map(str, strangers)))
        yield "presence_is_consistent", f"users without a connection, or connections without a user: {shown}"
    sessions, let_in = len(gateway), len(limit_checker.present)
    if sessions != len(connections) or set(limit_checker.present) != connections:
        yield "presence_is_consistent", f"{sessions} sessions, {let_in} let in, {len(connections)} connections"


def _belief(account: Account) -> tuple[State, str | None]:
    """Where a client is, by what it was told last."""
    for _, what in reversed(account.entries):
        match what:
            case Welcomed() | SawReturned():
                return State.LOBBY, None
            case Searches():
                return State.SEARCHING, None
            case Met(partner):
                return State.PRIVATE, partner
            case PartedFrom(_, by_me, cause):
                return (State.LOBBY if by_me and cause == "lobby" else State.SEARCHING), None
    return State.OUTSIDE, None


def _where(state: State, partner: str | None) -> str:
    return state.name.lower() if partner is None else f"private with {partner}"


def _first(number: int) -> int:
    """Chance of which nothing depends."""
    return 0


def _names(wire: Wire, users: Iterable[User]) -> str:
    return " and ".join(map(wire.gateway.name, users))
