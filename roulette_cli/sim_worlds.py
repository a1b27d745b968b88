"""The worlds of ``roulette sim --world``, with the options that belong to each."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from sim.engine import Progress
    from sim.measure import Summary
    from sim.population import Scenario
    from transports.load import Address

Simulator: TypeAlias = "Callable[..., Summary]"
"""Takes a policy, a scenario, a seed, a duration in seconds, and a callback for progress."""

DURATIONS = {"core": "1h", "wire": "10m", "tcp": "1m"}
"""World → default duration of a run."""

BOTH_VERSIONS = ("v1", "v2")
HIGHEST_SPEED = 1000.0


@dataclass(frozen=True, slots=True)
class World:
    """A world that simulated users live in, with the default duration, as typed, and the default policies."""

    simulate: Simulator
    duration: str
    policies: tuple[str, ...] = BOTH_VERSIONS


def find_world(
    name: str | None, faults: str | None, connect: str | None, speed: float | None, policies: list[str] | None
) -> World:
    """Finds a world by its name, and refuses options that belong to another.

    Raises:
        BadUsage: the world is unknown, or an option does not belong to it.
    """
    name = "core" if name is None else name
    if name not in DURATIONS:
        raise BadUsage(f"unknown world {name!r}", f"choose from {', '.join(DURATIONS)}")
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
                raise BadUsage(f"--{option} needs --world {world}", f"add --world {world}, or leave out --{option}")


def _over_wire(faults: str) -> Simulator:
    from sim.worlds import NAMED
    from sim.worlds.wire import simulate

    if faults not in NAMED:
        raise BadUsage(f"unknown faults {faults!r}", f"choose from {', '.join(NAMED)}")
    return partial(simulate, faults=faults)


def _tcp(connect: str | None, speed: float, policies: list[str] | None) -> World:
    from sim.worlds.tcp import SERVERS_OWN

    if not 0 < speed <= HIGHEST_SPEED:
        raise BadUsage(f"--speed must be above 0 and at most {HIGHEST_SPEED:,.0f}, not {speed:g}", "try --speed 10")
    if connect is None:
        return World(partial(_over_tcp, address=None, speed=speed), DURATIONS["tcp"])
    if policies:
        raise BadUsage(
            "--policy cannot be combined with --connect", "the server has its own policy; leave out --policy"
        )
    return World(partial(_over_tcp, address=_loopback(connect), speed=speed), DURATIONS["tcp"], (SERVERS_OWN,))


def _loopback(text: str) -> Address:
    """Reads an address, which must be on this machine: no other server is put under load by mistake."""
    from ipaddress import ip_address

    from transports.client import parse_address

    try:
        host, port = parse_address(text)
        host = "127.0.0.1" if host == "localhost" else host
        here = ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise BadUsage(f"{text!r} is not an address on this machine", "write it like 127.0.0.1:12000")
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
    """Simulates users at a running server, or at one that is started for them."""
    from roulette_cli.process import raise_open_file_limit
    from roulette_cli.started_server import started_server
    from roulette_core import make_policy
    from sim.worlds.tcp import simulate

    raise_open_file_limit(0)
    if address is None:
        policy = make_policy(policy).specification
    with started_server(policy, seed) if address is None else nullcontext(address) as server, _explained(server):
        return simulate(policy, scenario, seed, seconds, server, speed, progress)


@contextmanager
def _explained(server: Address) -> Iterator[None]:
    """Reports errors of a server in two lines."""
    from sim.worlds.tcp import ForeignUsers
    from transports.load import NoServer

    try:
        yield
    except NoServer as error:
        raise CommandError(
            f"cannot talk to a server at {server[0]} port {server[1]}: {error}", "is roulette serve running there?"
        ) from error
    except ForeignUsers as error:
        raise CommandError(f"the server has other clients: {error}", "use a server without other clients") from error
    except OSError as error:
        few = error.errno in (errno.EMFILE, errno.ENFILE)
        hint = "raise the limit on open files (ulimit -n), or try fewer --users" if few else "try fewer --users"
        raise CommandError(f"cannot open more connections: {reason(error)}", hint) from error
