"""The options of ``roulette serve``, group by group; those of its limits are the fields of ``transports.Limits``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from roulette_cli.errors import BadUsage
from roulette_cli.option_groups import option


@dataclass(frozen=True, kw_only=True)
class NetworkOptions:
    """Where the server listens."""

    host: str = option("127.0.0.1", "Address to listen on; 0.0.0.0 for all interfaces.", "ADDRESS")
    port: int = option(12000, "Port; 0 for any free one.", "N", least=0, most=65535)
    transport: str | None = option(
        None, "A transport of your own instead of TCP; WHERE, if given, is passed on to it.", "MODULE:FACTORY[:WHERE]"
    )
    tls_cert: str | None = option(
        None, "PEM certificate chain. Enables TLS; plain-text connections are then refused.", "FILE"
    )
    tls_key: str | None = option(None, "PEM private key of the certificate; by default in the same file.", "FILE")


@dataclass(frozen=True, kw_only=True)
class ChatOptions:
    """What the server does."""

    policy: str = option("v1", "Pairing policy: v1, v2, no-repeat, uniform:minimum=5 …", "P")
    seed: int | None = option(None, "Random seed of the policy; random by default.", "S", least=0)
    lang: Literal["en", "fr"] = option("en", "Language of the server, until a user chooses another.", "en|fr")
    record: str | None = option(None, "Record all requests, but no texts, for roulette sim --replay.", "FILE")


@dataclass(frozen=True, kw_only=True)
class OperationOptions:
    """What the server tells its operator."""

    log: Literal["text", "json"] = option("text", "Format of the log on standard error.", "text|json")
    log_level: Literal["debug", "info", "warning", "error"] | None = option(
        None, "Log level: debug, info, warning or error; default info, or warning on a terminal.", "LEVEL"
    )
    log_texts: bool = option(False, "Log what users write, private messages included.")
    log_addresses: bool = option(False, "Log full addresses instead of /24 and /48 prefixes.")
    metrics: str | None = option(None, "Export metrics for Prometheus over HTTP.", "[ADDRESS:]PORT")
    admin_socket: str | None = option(None, "Unix socket to create for roulette admin.", "FILE")

    def metrics_place(self) -> tuple[str, int] | None:
        """Returns the address and port to export metrics at. Raises ``BadUsage`` if the option names neither."""
        if self.metrics is None:
            return None
        address, colon, port = self.metrics.rpartition(":")
        if not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535 or (colon and not address):
            raise BadUsage(
                f"cannot export metrics at {self.metrics!r}",
                "use a port or address:port, like --metrics 127.0.0.1:9100",
            )
        return address.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
