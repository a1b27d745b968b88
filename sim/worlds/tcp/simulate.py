"""One run in the tcp world from beginning to end: a scenario, at a server that runs, to a summary."""

import time
from collections import defaultdict
from functools import partial

import numpy as np

from roulette_core.testing.clients import Account, Arrived, Met, SawLine, SawRefused
from sim.engine import no_cycle_collection
from sim.measure.checks import SelfCheck, clients_view
from sim.measure.summary import Setting, Summary, summarise
from sim.population.scenario import Scenario
from sim.run import Progress
from sim.worlds.merge import trace_from_accounts
from sim.worlds.simulated_clients import SimulatedClients
from sim.worlds.tcp.sockets import RealTime, Sockets
from sim.worlds.tcp.stream import Address, NoServer

SERVERS_OWN = "server's own"
"""What stands in the place of a policy that only the server knows."""

GREETING = 10.0
"""Within how many seconds somebody must be greeted, or there is no server of ours."""

QUIET = 1.0
"""For how many seconds nothing must come until all has come that was under way."""

PATIENCE = 30.0
"""For how many seconds that is waited for."""

_TURN = 0.1


class ForeignUsers(Exception):
    """Others than our users are on the server, so that there is no telling what they do to the figures."""


def simulate(
    policy: str,
    scenario: Scenario,
    seed: int,
    duration_seconds: float,
    address: Address,
    speed: float = 1.0,
    progress: Progress | None = None,
) -> Summary:
    """Has a scenario's users live at a server, and measures what they saw.

    The users meet the same chance as in the other worlds. All times are the users': at twice the speed, a minute of
    theirs takes half a minute on the wall. The server's own clocks run as ever, and so do its limits.

    Args:
        policy: the server's policy, if it is known; else ``SERVERS_OWN``.
        scenario: who lives there.
        seed: where all chance of users starts, at least 0.
        duration_seconds: how long, in the users' seconds. After that nobody asks for anything, and the clients are
            judged once all has arrived.
        address: where the server listens.
        speed: how many seconds of the users' go by in one on the wall, above 0.
        progress: told of the time reached.

    Raises:
        NoServer: there is no server, or none any more, or none that speaks our protocol.
        Strangers: it has other users.
        OSError: the system has no room for so many connections.
    """
    _, for_users, for_world = np.random.SeedSequence(seed).spawn(3)
    for_sockets, for_people = map(int, for_world.generate_state(2))
    population = scenario.population(for_users)
    sockets = Sockets(RealTime(speed), for_sockets)
    people = SimulatedClients(population, sockets, partial(sockets.connect, server=address), for_people)
    try:
        with no_cycle_collection():
            began = time.perf_counter()
            _live(people, sockets, duration_seconds, progress)
            wall_seconds = time.perf_counter() - began
            settled = _settle(people, sockets)
    finally:
        sockets.close()
    _require_no_strangers(people)
    visits: defaultdict[int, list[Account]] = defaultdict(list)
    for account in people.accounts:
        visits[people.users[account.name]].append(account)
    chat = scenario.mean_chat_seconds
    setting = Setting(policy, scenario.name, scenario.users, seed, chat, world="tcp", speed=speed)
    checks = [
        SelfCheck("clients' view: everything arrives", settled, _arrived(settled)),
        *clients_view(people.accounts, settled),
    ]
    return summarise(trace_from_accounts(visits, 0.0, duration_seconds), setting, checks, wall_seconds)


def _live(people: SimulatedClients, sockets: Sockets, until: float, progress: Progress | None) -> None:
    """Lets users do what they feel like, until a time of theirs."""
    timeline = sockets.timeline
    while timeline.now < until:
        while people.next() <= timeline.now:
            people.act()
        sockets.listen(min(_TURN, timeline.until(min(until, people.next()))))
        _require_our_server(people, sockets)
        if progress is not None:
            progress(timeline.now)


def _settle(people: SimulatedClients, sockets: Sockets) -> bool:
    """Nobody asks for anything any more, and what is under way arrives: whether it has."""
    people.acting = False
    end = time.perf_counter() + PATIENCE
    while (now := time.perf_counter()) < end:
        if sockets.heard is not None and now - sockets.heard > QUIET:
            return True
        sockets.listen(_TURN)
        _require_our_server(people, sockets)
    return False


def _arrived(settled: bool) -> str:
    if settled:
        return f"nothing more came for {QUIET:.0f} s"
    return f"more still came after {PATIENCE:.0f} s: this is more than the server, or this machine, can bear"


def _require_our_server(people: SimulatedClients, sockets: Sockets) -> None:
    if people.protocol_errors:
        raise NoServer(f"what listens there does not speak our protocol: {people.protocol_errors[0]}")
    if sockets.heard is None and sockets.timeline.elapsed() > GREETING:
        raise NoServer(f"what listens there says nothing for {GREETING:.0f} s")


def _require_no_strangers(people: SimulatedClients) -> None:
    for account in people.accounts:
        for _, what in account.entries:
            match what:
                case Met(name) | Arrived(name) | SawLine(name) if name not in people.users:
                    raise ForeignUsers(f"{account.name} has met or heard {name}")
                case SawRefused("name_taken"):
                    raise ForeignUsers(f"somebody else is called {account.name}")
