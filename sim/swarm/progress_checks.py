"""Checks at the end of each phase of a run: under faults, at rest, and after the end."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from roulette_core import Roulette, State, User, make_policy, pairs_of
from roulette_core.testing import clients, rule_of
from roulette_core.testing.clients import Account, SawClosed, describe
from sim.swarm.limit_checker import LimitChecker
from sim.swarm.swarm_gateway import SwarmGateway
from sim.worlds import ClientVisit
from sim.worlds.wire import Wire
from transports.gateway import CloseReason

Violation: TypeAlias = tuple[str, str]
"""A violation: the name of the check, and a sentence."""

_ROUNDING = 0.01


def under_faults(wire: Wire, gateway: SwarmGateway, limit_checker: LimitChecker) -> Iterator[Violation]:
    """Yields violations while faults are active: half-open and silent connections must still time out."""
    limits, users = gateway.limits, set(gateway.roulette.users())
    longest = max(limits.ping, limits.idle) + limits.pong
    for connection in limit_checker.present:
        if connection not in wire.driver.links:
            yield "presence_is_consistent", f"connection {connection} is gone, but its end was never reported"
            return
        unheard, nameless = wire.now - gateway.heard[connection], wire.now - gateway.since[connection]
        if connection not in users:
            if nameless > limits.registration + _ROUNDING:
                yield "timeouts_are_kept", f"connection {connection} is without a pseudonym after {nameless:.1f} s"
        elif unheard > longest + _ROUNDING and not wire.driver.links[connection].paused:
            yield "timeouts_are_kept", f"connection {connection} is still open after {unheard:.1f} s of silence"


def at_rest(wire: Wire, limit_checker: LimitChecker) -> Iterator[Violation]:
    """Yields violations when every user wants a chat, and nothing is in flight."""
    yield from _presence(wire, limit_checker)
    yield from _core_state(wire)
    yield from _missed_pairings(wire)
    yield from _client_states(wire)


def goodbyes(accounts: Iterable[Account], reason: CloseReason) -> Iterator[Violation]:
    """Yields violations if a client that stayed to the end was not told last why its connection was closed."""
    for account in accounts:
        what = account.entries[-1].what
        if what != SawClosed(reason.value):
            yield "goodbye_is_said", f"{account.name} {describe(what)}, and never gets to goodbye ({reason.value})"


def nothing_left(wire: Wire, limit_checker: LimitChecker, stopped: bool) -> Iterator[Violation]:
    """Yields violations when all connections have ended; where the server was stopped, its users have not left."""
    gateway = wire.gateway
    left = {
        "sessions": len(gateway),
        "admitted": len(limit_checker.present),
        "users": 0 if stopped else sum(gateway.roulette.counts().values()),
        "connections": len(wire.network.connections),
    }
    if any(left.values()):
        yield "nothing_is_left", f"left behind: {', '.join(f'{number} {what}' for what, number in left.items())}"
    due = gateway.next_deadline()
    if due is not None:
        yield "no_timer_is_left", f"a timer is set for {due:.3f} s, and no connection is left"


def _core_state(wire: Wire) -> Iterator[Violation]:
    """Checks that the core agrees with its effects, and with a core restored from its snapshot."""
    checker, roulette = wire.checker, wire.roulette
    checker.compare(roulette)
    checker.compare(_restored(roulette))
    yield from ((breach.invariant, breach.detail) for breach in checker.breaches)


def _restored(roulette: Roulette) -> Roulette:
    """Returns a copy by way of the snapshot; a policy that is not built in has to be handed over."""
    return Roulette.restore(roulette.snapshot(), make_policy(roulette.policy.specification))


def _missed_pairings(wire: Wire) -> Iterator[Violation]:
    """Checks that no two users who wait would be paired by the policy, or by its rule."""
    ledger, roulette = wire.checker.ledger, wire.roulette
    idle = roulette.users(State.LOBBY)
    if idle:
        yield "start_is_obeyed", f"{_names(wire, idle)} asked for a chat, but still in the lobby"
    if len(ledger.pool) < 2:
        return
    ledger.now = wire.now
    rule, policy = rule_of(roulette.policy), _restored(roulette).policy
    by_rule = None if rule is None else rule.allowed(ledger)
    for pair in (by_rule, *pairs_of(policy.draw(wire.now, lambda number: 0))):  # whatever chance would choose
        if pair is not None and not policy.blocks.between(*pair):
            yield "no_pairing_is_missed", f"{_names(wire, pair)} wait, but may be paired"


def _client_states(wire: Wire) -> Iterator[Violation]:
    """Checks that each client's view of its state is the server's."""
    roulette = wire.roulette
    for connection, link in wire.driver.links.items():
        visit = link.pipe.connection.client
        if not isinstance(visit, ClientVisit) or not visit.present:
            yield "clients_are_welcomed", f"connection {connection} is open, but its client was never welcomed"
            continue
        believed, state = _belief(visit.account), roulette.state(connection)
        partner = roulette.partner(connection)
        known = state, None if partner is None else wire.gateway.name(partner)
        if believed != known:
            contradiction = f"{visit.account.name} is {_where(*known)}, but was told {_where(*believed)}"
            yield "clients_know_their_state", contradiction


def _presence(wire: Wire, limit_checker: LimitChecker) -> Iterator[Violation]:
    """Checks that connections, sessions and users correspond to each other."""
    gateway, connections = wire.gateway, set(wire.driver.links)
    strangers = connections.symmetric_difference(gateway.roulette.users())
    if strangers:
        shown = ", ".join(sorted(map(str, strangers)))
        yield "presence_is_consistent", f"users without a connection, or connections without a user: {shown}"
    sessions, let_in = len(gateway), len(limit_checker.present)
    if sessions != len(connections) or set(limit_checker.present) != connections:
        yield "presence_is_consistent", f"{sessions} sessions, {let_in} admitted, {len(connections)} connections"


def _belief(account: Account) -> tuple[State, str | None]:
    """Returns a client's state and partner, as it was told last."""
    for _, what in reversed(account.entries):
        match what:
            case clients.Welcomed() | clients.SawReturned():
                return State.LOBBY, None
            case clients.Searches():
                return State.SEARCHING, None
            case clients.Met(partner):
                return State.PRIVATE, partner
            case clients.PartedFrom(_, by_me, cause):
                return (State.LOBBY if by_me and cause == "lobby" else State.SEARCHING), None
    return State.OUTSIDE, None


def _where(state: State, partner: str | None) -> str:
    return state.name.lower() if partner is None else f"private with {partner}"


def _names(wire: Wire, users: Iterable[User]) -> str:
    return " and ".join(map(wire.gateway.name, users))
