"""The server process of ``roulette serve``: assembled, opened part by part, run, and closed."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from ipaddress import ip_address

from roulette_cli import process
from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.own_transport import load_transport, transport_explained
from roulette_cli.serve_options import ChatOptions, NetworkOptions, OperationOptions
from roulette_core import RecordingHeader, Roulette
from transports import Limits
from transports.gateway import Gateway, GatewayObserver
from transports.operator import (
    CHAT,
    AdminSocket,
    ChatLog,
    Operator,
    OperatorConsole,
    RecordingWriter,
    Statistics,
    start_log,
)
from transports.serving import Server
from transports.tcp import BadCertificate, Certificate, TcpTransport

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)  # where it listens is logged whatever --log-level says


def start_logging(options: OperationOptions, opened: AsyncExitStack) -> None:
    """Logs to stderr; beside a console only warnings, unless the operator asked for more."""
    quiet = process.is_attended() and not options.log_texts
    level = options.log_level or ("warning" if quiet else "info")
    opened.callback(start_log(sys.stderr, options.log, level))


class ChatServer:
    """A chat server and its observers, assembled from the options of ``roulette serve``; ``open`` opens its parts.

    Raises:
        BadUsage: the certificate cannot be used, or there is a key without one.
    """

    def __init__(
        self,
        roulette: Roulette,
        seed: int,
        network: NetworkOptions,
        chat: ChatOptions,
        limits: Limits,
        operation: OperationOptions,
    ) -> None:
        self._network = network
        self._chat = chat
        self._operation = operation
        self._own_transport = None if network.transport is None else load_transport(network)
        self._certificate = _certificate(network)
        self._statistics = Statistics()
        header = RecordingHeader(roulette.policy.specification, seed)
        self._recorder = None if chat.record is None else RecordingWriter(chat.record, header, logger.warning)
        observers: list[GatewayObserver] = [self._statistics]
        if logging.getLogger(CHAT).isEnabledFor(logging.INFO):  # else it would be called at every event for nothing
            observers.append(ChatLog(texts=operation.log_texts, addresses=operation.log_addresses))
        if self._recorder is not None:
            observers.append(self._recorder)
        self._gateway = Gateway(roulette, limits, observers, chat.lang)
        turn_ended = (lambda: None) if self._recorder is None else self._recorder.flush
        self._server = Server(self._gateway, turn_ended)
        self._operator = Operator(self._server, self._statistics)

    async def open(self, opened: AsyncExitStack) -> None:
        """Opens metrics, admin socket, transport, recording and console. ``opened`` closes them.

        Raises:
            BadUsage: an option does not name an address, or not a file that can be used.
            CommandError: a part cannot be opened.
        """
        metrics = export_metrics(self._operation, self._statistics, self._gateway, opened)
        await self._open_admin_socket(opened)
        opened.push_async_callback(self._server.close)
        lines = [*await self._listen(), *metrics]
        self._open_recording(opened)  # last: it leaves a file behind, in the way of the next start
        lines.append(f"policy {self._gateway.roulette.policy.specification}; Ctrl-C stops")
        say: Callable[[str], object] = logger.info
        if attended := process.is_attended():
            console = OperatorConsole(self._operator, sys.stdin, sys.stdout)
            console.attach(asyncio.get_running_loop())
            opened.callback(console.detach)
            say, lines = console.say, [*lines, "help lists what you can type"]
        process.handle_signals(self._server, self._certificate, attended)
        for line in lines:
            say(line)

    async def run(self) -> None:
        """Serves until told to stop. Raises ``CommandError`` if the gateway has failed."""
        limits = self._gateway.limits
        warn_of_plain_text(self._network)
        process.raise_open_file_limit(limits.users)
        await self._server.run(limits.grace)
        if (failure := self._server.failure) is not None:
            message = f"the server had to stop: {type(failure).__name__}: {failure}"
            raise CommandError(message, "report this, or the policy's bug")

    async def _listen(self) -> list[str]:
        """Starts the transport. Returns a line for each place where it listens."""
        network, server = self._network, self._server
        if self._own_transport is not None:
            with transport_explained(network):
                return await server.listen(self._own_transport(server.driver))
        host, port = network.host, network.port
        with _explained(f"listen on {host} port {port}", "check --host and --port", in_use="choose another --port"):
            return await server.listen(TcpTransport(server.driver, host, port, self._certificate))

    async def _open_admin_socket(self, opened: AsyncExitStack) -> None:
        path = self._operation.admin_socket
        if path is not None:
            admin = AdminSocket(self._operator, path)
            hint = "choose another file with --admin-socket"
            with _explained(
                f"create the admin socket {path!r}", hint, in_use=f"another server uses it: {hint}", file=True
            ):
                await admin.open()
            opened.callback(admin.close)

    def _open_recording(self, opened: AsyncExitStack) -> None:
        if self._recorder is not None:
            with _explained(f"record to {self._chat.record!r}", "choose another file with --record", file=True):
                self._recorder.open()
            opened.callback(self._recorder.close)


def export_metrics(
    options: OperationOptions, statistics: Statistics, gateway: Gateway, opened: AsyncExitStack
) -> list[str]:
    """Exports metrics, if the operator asked for them. Returns a line that says where."""
    place = options.metrics_place()
    if place is None:
        return []
    try:
        from transports.operator.metrics import Exporter, RouletteCollector
    except ModuleNotFoundError as error:
        hint = "pip install prometheus-client, or leave out --metrics"
        raise CommandError("metrics need prometheus-client, which is not installed", hint) from error
    exporter = Exporter(RouletteCollector(statistics, gateway))
    with _explained(f"export metrics at {options.metrics}", "choose another address or port with --metrics"):
        port = exporter.open(*place)
    opened.callback(exporter.close)
    address = f"[{place[0]}]" if ":" in place[0] else place[0]
    return [f"metrics at http://{address}:{port}/metrics"]


def warn_of_plain_text(options: NetworkOptions) -> None:
    """Warns the operator if other machines can connect without TLS."""
    if options.transport is None and options.tls_cert is None and not _is_loopback(options.host):
        logger.warning("traffic is not encrypted; --tls-cert enables TLS")


@contextmanager
def _explained(action: str, hint: str, in_use: str | None = None, file: bool = False) -> Iterator[None]:
    """Turns what the system refuses into an error of two lines: "cannot ``action``", and a hint.

    Where the address is in use, the hint is ``in_use``, if there is one.

    Raises:
        BadUsage: a host name cannot be one, or a ``file`` that an option names cannot be used.
        CommandError: the system refuses, or the address is in use.
    """
    try:
        yield
    except UnicodeError as error:  # before a host name is looked up, it is encoded for DNS
        raise BadUsage(f"cannot {action}: that is no host name", hint) from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        kind = BadUsage if file and not taken else CommandError
        raise kind(f"cannot {action}: {reason(error)}", (taken and in_use) or hint) from error


def _certificate(options: NetworkOptions) -> Certificate | None:
    """Reads the certificate, if there is TLS."""
    if options.tls_cert is None:
        if options.tls_key is not None:
            raise BadUsage("--tls-key needs --tls-cert", "name the certificate of this key with --tls-cert")
        return None
    try:
        return Certificate(options.tls_cert, options.tls_key)
    except BadCertificate as error:
        raise BadUsage(str(error), "check --tls-cert and --tls-key, both PEM files") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
