"""The limits of a server, each declared once: its option, environment variable and row in the docs follow from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias, TypeVar

from transports.lines import LINE_LIMIT

Network: TypeAlias = IPv4Network | IPv6Network
T = TypeVar("T")

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Reads networks such as ``10.0.0.0/8``; ``none`` alone is no network. Raises ``ValueError``."""
    return () if list(texts) == ["none"] else tuple(map(ip_network, texts))


def _limit(
    default: T,
    help_text: str,
    unit: str,
    precedent: str,
    *,
    least: float = 0,
    most: float | None = None,
    read: Callable[[Sequence[str]], T] | None = None,
) -> T:
    """Declares a limit that is an option of ``roulette serve`` and a row of docs/operating.md.

    The precedent is the source of the default; ``read`` reads the value of a repeatable option from its texts.
    """
    about = {"help": help_text, "metavar": unit, "min": least, "max": most, "read": read, "precedent": precedent}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one connection may use, and all of them together; 0 is no limit, except where the least value is above 0.

    Defaults follow two servers that have been on the internet for long: Ergo (its default.yaml and manual) and
    InspIRCd (the ``connect`` class of its example configuration).
    """

    users: int = _limit(
        10_000, "Maximum connections, with or without a pseudonym.", "N", "InspIRCd, `limit` of a connect class: 5,000"
    )
    per_address: int = _limit(
        16, "Maximum connections from one IPv4 address or IPv6 /64.", "N", "Ergo, `max-concurrent-connections`"
    )
    exempt: tuple[Network, ...] = _limit(
        LOOPBACK,
        'Network exempt from --per-address; repeatable; loopback by default, "none" for no exemption.',
        "NETWORK",
        "Ergo, `exempted`",
        read=read_networks,
    )
    registration: float = _limit(
        60.0,
        "Time a connection has to choose a pseudonym.",
        "SECONDS",
        "Ergo; InspIRCd's `timeout` of 10 s is for programs, not for people who type",
    )
    line_limit: int = _limit(
        LINE_LIMIT,
        "Maximum length of a line, without its line end.",
        "BYTES",
        "the longest line that a Linux terminal can send",
        least=512,
        most=1 << 20,
    )
    garbage: int = 5
    """Lines in a row that are too long or invalid before a client is disconnected."""
    burst: float = _limit(
        20.0,
        "Burst size of the rate limit, in lines; a lobby line, start, next, lobby and /block count as two.",
        "N",
        "twice Ergo's `fakelag`: 5 messages, each two of our lines; people paste",
        least=2,
    )
    rate: float = _limit(2.0, "Sustained rate, in lines per second.", "N", "Ergo, `fakelag`: 2 messages a second")
    lobby_cost: float = 2.0
    """Lines that one for the lobby counts as: it is sent to every user there."""
    change_cost: float = 2.0
    """Lines that ``start``, ``next``, ``lobby`` and ``block`` count as: each causes several."""
    give_back: float = _limit(
        3.0,
        "Time after a partner has left during which a text user's lines are given back, not said elsewhere; 0: none.",
        "SECONDS",
        "to read that the partner has left, and to finish a sentence; people type 4 to 5 characters a second",
    )
    ping: float = _limit(120.0, "Time without input before a JSON client is pinged.", "SECONDS", "InspIRCd, `pingfreq`")
    idle: float = _limit(
        1800.0,
        "Time without input before a text user is asked whether they are still there.",
        "SECONDS",
        "people read for longer than programs are silent",
    )
    pong: float = _limit(
        60.0,
        "Time to answer a ping, or the question after --idle, before being disconnected.",
        "SECONDS",
        "Ergo: 60 s from its ping to the end",
        least=1,
    )
    output_soft: int = _limit(
        8192, "Stop reading from a client once this much of its output is unread.", "BYTES", "InspIRCd, `softsendq`"
    )
    output_limit: int = _limit(
        1 << 20, "Disconnect a client once this much of its output is unread.", "BYTES", "InspIRCd, `hardsendq`"
    )
    grace: float = _limit(
        5.0,
        "Time for clients to read the goodbye when the server stops.",
        "SECONDS",
        "half the time that `docker stop` waits before SIGKILL",
    )
