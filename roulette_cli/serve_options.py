"""The options of ``roulette serve``, group by group. What is behind them is imported when the command runs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from roulette_cli.errors import BadUsage

if TYPE_CHECKING:
    from transports import Network
    from transports.gateway import Limits


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a number that means anything here.")
    return value


def _number(help_text: str, unit: str = "N", least: float = 0) -> object:
    return typer.Option(help=help_text, metavar=unit, min=least, callback=_finite)


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where it listens."""

    host: Annotated[str, typer.Option(help="Address; 0.0.0.0 lets other machines in.", metavar="ADDRESS")] = "127.0.0.1"
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.", metavar="N", min=0, max=65535)] = 12000
    tls_cert: Annotated[
        str | None, typer.Option(help="Certificate and its chain, PEM: TLS alone is spoken.", metavar="FILE")
    ] = None
    tls_key: Annotated[
        str | None, typer.Option(help="Its private key; by default in the same file.", metavar="FILE")
    ] = None


@dataclass(frozen=True, kw_only=True)
class Chatting:
    """What it does."""

    policy: Annotated[str, typer.Option(help="Who meets whom: v1, v2, no-repeat, uniform:minimum=5 …", metavar="P")] = (
        "v1"
    )
    seed: Annotated[
        int | None, typer.Option(help="Where the policy's chance starts; by default anywhere.", metavar="S", min=0)
    ] = None
    lang: Annotated[
        Literal["en", "fr"], typer.Option(help="Its language, until a user chooses another.", metavar="en|fr")
    ] = "en"
    record: Annotated[
        str | None,
        typer.Option(help="Record what happens, not what is said; for roulette sim --replay.", metavar="FILE"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Limiting:
    """What it allows (0: no limit)."""

    users: Annotated[int, typer.Option(help="Connections at once.", metavar="N", min=0)] = 10_000
    per_address: Annotated[
        int, typer.Option(help="Those from one address, or 64 bits of IPv6.", metavar="N", min=0)
    ] = 16
    exempt: Annotated[
        list[str] | None,
        typer.Option(
            help="A network where --per-address does not hold; may be repeated; by default this machine; or none.",
            metavar="NETWORK",
        ),
    ] = None
    registration: Annotated[float, _number("To choose a pseudonym.", "SECONDS")] = 60.0
    line_limit: Annotated[int, typer.Option(help="The longest line.", metavar="BYTES", min=512, max=1 << 20)] = 4096
    burst: Annotated[float, _number("Lines at once after a rest; next or a lobby line counts two.", least=2)] = 20.0
    rate: Annotated[float, _number("Lines per second after that.")] = 2.0
    ping: Annotated[float, _number("Silence until a program is asked for a sign of life.", "SECONDS")] = 120.0
    idle: Annotated[float, _number("Silence until a person is.", "SECONDS")] = 1800.0
    pong: Annotated[float, _number("Until the sign has to come.", "SECONDS", 1)] = 60.0
    output_soft: Annotated[
        int, typer.Option(help="Unread output until nothing is read from there.", metavar="BYTES", min=0)
    ] = 8192
    output_limit: Annotated[
        int, typer.Option(help="Unread output until the connection is dropped.", metavar="BYTES", min=0)
    ] = 1 << 20
    grace: Annotated[float, _number("To read the goodbye when the server stops.", "SECONDS")] = 5.0

    def limits(self) -> Limits:
        """The same, as the gateway takes it. Raises ``BadUsage`` for what is no network."""
        from transports.gateway import Limits
        from transports.limits import LOOPBACK

        return Limits(
            users=self.users,
            per_address=self.per_address,
            exempt=LOOPBACK if self.exempt is None else _networks(self.exempt),
            registration=self.registration,
            line_limit=self.line_limit,
            burst=self.burst,
            rate=self.rate,
            ping=self.ping,
            idle=self.idle,
            pong=self.pong,
            output_soft=self.output_soft,
            output_limit=self.output_limit,
        )


@dataclass(frozen=True, kw_only=True)
class Operating:
    """What it tells its operator."""

    log: Annotated[
        Literal["text", "json"], typer.Option(help="How standard error is written.", metavar="text|json")
    ] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None,
        typer.Option(
            help="debug, info, warning or error; by default info, and warning where there is a console.",
            metavar="LEVEL",
        ),
    ] = None
    log_texts: Annotated[bool, typer.Option("--log-texts", help="Log what people say, too.")] = False
    log_addresses: Annotated[
        bool, typer.Option("--log-addresses", help="Log whole addresses, not 24 bits of IPv4 or 48 of IPv6.")
    ] = False
    metrics: Annotated[
        str | None, typer.Option(help="Export metrics for Prometheus over HTTP.", metavar="[ADDRESS:]PORT")
    ] = None
    admin_socket: Annotated[
        str | None, typer.Option(help="Listen for roulette admin at this Unix socket.", metavar="FILE")
    ] = None

    def metrics_place(self) -> tuple[str, int] | None:
        """Where to export metrics: address and port. Raises ``BadUsage`` where that is neither."""
        if self.metrics is None:
            return None
        address, colon, port = self.metrics.rpartition(":")
        if not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535 or (colon and not address):
            raise BadUsage(
                f"cannot export metrics at {self.metrics!r}", "say --metrics 9100, or an address: 127.0.0.1:9100"
            )
        return address.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)


def _networks(texts: list[str]) -> tuple[Network, ...]:
    from ipaddress import ip_network

    try:
        return () if texts == ["none"] else tuple(map(ip_network, texts))
    except ValueError as error:
        raise BadUsage(f"cannot exempt {texts}: {error}", "say --exempt 10.0.0.0/8, or --exempt none") from error
