"""How much of everything one connection may have, and all of them together."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from transports.dialects.lines import LINE_LIMIT

Network: TypeAlias = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the gateway and its driver hold everybody to. 0 stands for no limit, except where it makes no sense.

    Defaults follow two servers that have been on the internet for long: Ergo (its default.yaml and manual) and
    InspIRCd (the ``connect`` class of its example configuration).

    Attributes:
        users: how many connections at once, those without a pseudonym among them.
        per_address: how many connections at once from one IPv4 address, or one IPv6 network of 64 bits.
        exempt: networks to which ``per_address`` does not apply.
        registration: seconds to give a pseudonym.
        line_limit: the longest line, in bytes without its LF.
        garbage: how many lines in a row may be too long or not understood.
        burst: how much may be asked at once, after a rest; a private line is 1.
        rate: how much more per second.
        lobby_cost: what a line for the lobby counts, being sent to everybody.
        change_cost: what ``start``, ``next``, ``lobby`` and ``block`` count, each causing several lines.
        ping: seconds of silence after which a program is asked for a sign of life.
        idle: seconds of silence after which a person is.
        pong: seconds in which the sign must come.
        output_soft: how many bytes may wait for a slow reader before nothing more is read from them.
        output_limit: how many before the connection is dropped.
    """

    users: int = 10_000  # InspIRCd's class: 5000; a user costs a few KiB (docs/operating.md)
    per_address: int = 16  # Ergo, ip-limits: max-concurrent-connections
    exempt: tuple[Network, ...] = LOOPBACK  # Ergo, ip-limits: exempted
    registration: float = 60.0  # Ergo: a minute; InspIRCd's 10 s is for programs, not for people who type
    line_limit: int = LINE_LIMIT
    garbage: int = 5
    burst: float = 20.0  # twice what Ergo lets pass (fakelag: 5 messages, of our 2): people paste
    rate: float = 2.0  # Ergo, fakelag: 2 messages per second
    lobby_cost: float = 2.0
    change_cost: float = 2.0
    ping: float = 120.0  # InspIRCd, pingfreq
    idle: float = 1800.0  # people read for longer than programs are silent
    pong: float = 60.0  # Ergo: 60 s from its ping to the end
    output_soft: int = 8192  # InspIRCd, softsendq
    output_limit: int = 1 << 20  # InspIRCd, hardsendq
