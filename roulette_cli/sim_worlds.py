"""The worlds of ``roulette sim --world``, with the options that belong to each."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from roulette_cli.errors import BadUsage, CommandError, reason

if TYPE_CHECKING:
    from sim.engine import Progress
    from sim.population import Scenario
    from sim.replications import Simulator
    from sim.results import Run
    from transports.load import Address

DURATIONS = {"core": "1h", "wire": "10m", "tcp": "1m"}
"""World → default duration of a run."""

RUNS = {"core": 10, "wire": 3, "tcp": 1}
"""World → default number of runs."""

BOTH_VERSIONS = ("v1", "v2")
HIGHEST_SPEED = 1000.0


@dataclass(frozen=True, slots=True)
class World:
    """A world that simulated users live in.

    Attributes:
        name: of the world.
        simulate: makes one run.
        policies: the default ones.
        faults: name of the network's faults, where there is one.
        speed: speed-up of the users' clock.
        has_theory: whether the closed model's theory holds there.
        in_real_time: whether it runs on the clock of the machine: one run at a time, and no warm-up unless it is asked
            for.
    """

    name: str
    simulate: Simulator
    policies: tuple[str, ...] = BOTH_VERSIONS
    faults: str | None = None
    speed: float = 1.0
    has_theory: bool = True
    in_real_time: bool = False

    @property
    def duration(self) -> str:
        """The default duration, as typed."""
        return DURATIONS[self.name]

    @property
    def runs(self) -> int:
        """The default number of runs."""
        return RUNS[self.name]


def find_world(
    name: str | None,
    faults: str | None,
    connect: str | None,
    speed: float | None,
    engine: str | None,
    policies: list[str] | None,
) -> World:
    """Finds a world by its name, and refuses options that belong to another.

    Raises:
        BadUsage: the world is unknown, or an option does not belong to it.
    """
    name = "core" if name is None else name
    if name not in DURATIONS:
        raise BadUsage(f"unknown world {name!r}", f"choose from {', '.join(DURATIONS)}")
    _refuse_elsewhere(name, core={"engine": engine}, wire={"faults": faults}, tcp={"connect": connect, "speed": speed})
    if name == "wire":
        return _over_wire("mild" if faults is None else faults)
    if name == "tcp":
        return _tcp(connect, 1.0 if speed is None else speed, policies)
    return _on_engine("auto" if engine is None else engine)


def _on_engine(engine: str) -> World:
    from sim.run import ENGINES, simulate

    if engine not in ENGINES:
        raise BadUsage(f"unknown engine {engine!r}", f"choose from {', '.join(ENGINES)}")
    return World("core", partial(simulate, engine=engine))


def _refuse_elsewhere(name: str, **worlds: dict[str, object]) -> None:
    for world, options in worlds.items():
        for option, value in options.items():
            if value is not None and world != name:
                raise BadUsage(f"--{option} needs --world {world}", f"add --world {world}, or leave out --{option}")


def _over_wire(faults: str) -> World:
    from sim.worlds import NAMED
    from sim.worlds.wire import simulate

    if faults not in NAMED:
        raise BadUsage(f"unknown faults {faults!r}", f"choose from {', '.join(NAMED)}")
    only_delays = NAMED[faults].only_delays
    return World("wire", partial(simulate, faults=faults), faults=faults, has_theory=only_delays)


def _tcp(connect: str | None, speed: float, policies: list[str] | None) -> World:
    from sim.worlds.tcp import SERVERS_OWN

    if not 0 < speed <= HIGHEST_SPEED:
        raise BadUsage(f"--speed must be above 0 and at most {HIGHEST_SPEED:,.0f}, not {speed:g}", "try --speed 10")
    if connect is None:
        return World("tcp", partial(_over_tcp, address=None, speed=speed), speed=speed, in_real_time=True)
    if policies:
        raise BadUsage(
            "--policy cannot be combined with --connect", "the server has its own policy; leave out --policy"
        )
    simulate = partial(_over_tcp, address=_loopback(connect), speed=speed)
    return World("tcp", simulate, (SERVERS_OWN,), speed=speed, has_theory=False, in_real_time=True)


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
    run: int,
    duration_seconds: float,
    warmup_seconds: float,
    address: Address | None,
    speed: float,
    progress: Progress,
) -> Run:
    """Simulates users at a running server, or at one that is started for them."""
    from roulette_cli.process import raise_open_file_limit
    from roulette_cli.started_server import started_server
    from roulette_core import make_policy
    from sim.run import seeds_of
    from sim.worlds.tcp import simulate

    raise_open_file_limit(0)
    if address is None:
        policy = make_policy(policy).specification
    own = started_server(policy, seeds_of(seed, run).choices) if address is None else nullcontext(address)
    with own as server, _explained(server):
        return simulate(policy, scenario, seed, run, duration_seconds, server, warmup_seconds, speed, progress)


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
