"""Where simulated users live: what ``--world`` names, with the options that belong to it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from sim.measure.summary import Summary
    from sim.population.scenario import Scenario
    from sim.run import Progress
    from transports.load import Address

Simulator: TypeAlias = "Callable[..., Summary]"
"""Takes a policy, a scenario, a seed, a duration in seconds, and whom to tell of the time reached."""

DURATIONS = {"core": "1h", "wire": "10m", "tcp": "1m"}
"""The worlds, and how long users live there unless told otherwise."""

BOTH_VERSIONS = ("v1", "v2")
HIGHEST_SPEED = 1000.0


@dataclass(frozen=True, slots=True)
class World:
    """Where users live.

    Attributes:
        simulate: what has them live there.
        duration: for how long, unless told otherwise.
        policies: under which policies, unless told otherwise.
    """

    simulate: Simulator
    duration: str
    policies: tuple[str, ...] = BOTH_VERSIONS


def find_world(
    name: str | None, faults: str | None, connect: str | None, speed: float | None, policies: list[str] | None
) -> World:
    """Finds a world, and sees to it that all options belong to it.

    Raises:
        BadUsage: there is no such world, or an option means nothing in it.
    """
    name = "core" if name is None else name
    if name not in DURATIONS:
        raise BadUsage(f"there is no world called {name!r}", f"choose one of {', '.join(DURATIONS)}")
    _refuse_elsewhere(name, wire={"faults": faults}, tcp={"connect": connect, "speed": speed})
    if name == "wire":
        return World(_over_wire("mild" if faults is None else faults), DURATIONS[name])
    if name == "tcp":
        return _tcp(connect, 1.0 if speed is None else speed, policies)
    from sim.run import simulate

    return World(simulate, DURATIONS[name])


def _refuse_elsewhere(name: str, **worlds: dict[str, object]) -> None:
    for world, options in worlds.items():
        for option, value in options.items():
            if value is not None and world != name:
                raise BadUsage(f"--{option} is for the {world} world", f"add --world {world}, or leave it out")


def _over_wire(faults: str) -> Simulator:
    from sim.worlds import NAMED
    from sim.worlds.wire.simulate import simulate

    if faults not in NAMED:
        raise BadUsage(f"there are no faults called {faults!r}", f"choose one of {', '.join(NAMED)}")
    return partial(simulate, faults=faults)


def _tcp(connect: str | None, speed: float, policies: list[str] | None) -> World:
    from sim.worlds.tcp import SERVERS_OWN

    if not 0 < speed <= HIGHEST_SPEED:
        raise BadUsage(f"--speed must be above 0 and at most {HIGHEST_SPEED:,.0f}, not {speed:g}", "try --speed 10")
    if connect is None:
        return World(partial(_over_tcp, address=None, speed=speed), DURATIONS["tcp"])
    if policies:
        raise BadUsage("--policy means nothing beside --connect", "the server has its own; leave it out")
    return World(partial(_over_tcp, address=_loopback(connect), speed=speed), DURATIONS["tcp"], (SERVERS_OWN,))


def _loopback(text: str) -> Address:
    """Reads the address of a server on this machine: nobody else's is to be put under load by mistake."""
    from ipaddress import ip_address

    from transports.client import parse_address

    try:
        host, port = parse_address(text)
        host = "127.0.0.1" if host == "localhost" else host
        here = ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise BadUsage(f"{text!r} is no address of a server on this machine", "write it like 127.0.0.1:12000")
    return host, port


def _over_tcp(
    policy: str,
    scenario: Scenario,
    seed: int,
    seconds: float,
    address: Address | None,
    speed: float,
    progress: Progress,
) -> Summary:
    """Has users live at a server that runs, or at one that is started for them."""
    from roulette_cli.process import raise_open_file_limit
    from roulette_cli.started_server import started_server
    from roulette_core import make_policy
    from sim.worlds.tcp import simulate

    raise_open_file_limit(0)
    if address is None:
        policy = make_policy(policy).specification
    with started_server(policy, seed) if address is None else nullcontext(address) as server, _telling(server):
        return simulate(policy, scenario, seed, seconds, server, speed, progress)


@contextmanager
def _telling(server: Address) -> Iterator[None]:
    """Tells in two lines what can go wrong with a server."""
    from sim.worlds.tcp import ForeignUsers
    from transports.load import NoServer

    try:
        yield
    except NoServer as error:
        raise CommandError(
            f"cannot talk to a server at {server[0]} port {server[1]}: {error}", "is roulette serve running there?"
        ) from error
    except ForeignUsers as error:
        raise CommandError(
            f"somebody else is on that server: {error}", "give the users a server of their own"
        ) from error
    except OSError as error:
        few = error.errno in (errno.EMFILE, errno.ENFILE)
        hint = "raise the limit on open files (ulimit -n), or try fewer --users" if few else "try fewer --users"
        raise CommandError(f"no more connections: {reason(error)}", hint) from error
