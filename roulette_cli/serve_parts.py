"""What ``roulette serve`` opens, part by part, and what is told to people when a part cannot be opened."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_address

from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.serve_options import Listening, Operating
from roulette_core import Roulette
from roulette_core.recording import Header
from transports.gateway import Gateway
from transports.operator.admin_socket import AdminSocket
from transports.operator.chat_log import CHAT, ChatLog
from transports.operator.commands import Operator
from transports.operator.console import OperatorConsole
from transports.operator.log import start_log
from transports.operator.recorder import RecordingWriter
from transports.operator.statistics import Statistics
from transports.tcp.server import Server
from transports.tcp.tls import BadCertificate, Certificate

logger = logging.getLogger(__name__)

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that stand for all of a machine's, and one at which it reaches itself."""


def open_log(options: Operating, attended: bool, opened: ExitStack) -> None:
    """Begins to log; where an operator sits at the console, no more than what they should hear of or asked for."""
    level = options.log_level or ("warning" if attended and not options.log_texts else "info")
    opened.callback(start_log(sys.stderr, options.log, level))


def chat_log(options: Operating) -> list[ChatLog]:
    """The observer that logs what happens in the chat, unless nothing of it would be written."""
    wanted = logging.getLogger(CHAT).isEnabledFor(logging.INFO)
    return [ChatLog(texts=options.log_texts, addresses=options.log_addresses)] if wanted else []


def certificate(options: Listening) -> Certificate | None:
    """What TLS needs, if it is wanted."""
    if options.tls_cert is None:
        if options.tls_key is not None:
            raise BadUsage("a key without a certificate", "name that, too, with --tls-cert")
        return None
    try:
        return Certificate(options.tls_cert, options.tls_key)
    except BadCertificate as error:
        raise CommandError(str(error), "check --tls-cert and --tls-key, both PEM files") from error


def warn_of_plain_text(options: Listening) -> None:
    """Tells of people's words going over the network for all to read."""
    if options.tls_cert is None and not _is_loopback(options.host):
        logger.warning("whoever is on the way can read what people say: there is no TLS (--tls-cert)")


def recorder(path: str | None, roulette: Roulette, seed: int) -> RecordingWriter | None:
    """What records, if it is wanted; nothing is written yet."""
    return None if path is None else RecordingWriter(path, Header(roulette.policy.specification, seed), logger.warning)


def open_recording(recorder: RecordingWriter | None, opened: ExitStack) -> None:
    """Creates the file of a recording."""
    if recorder is None:
        return
    try:
        recorder.open()
    except OSError as error:
        message = f"cannot record to {error.filename!r}: {reason(error)}"
        raise CommandError(message, "name another file with --record") from error
    opened.callback(recorder.close)


async def listen(server: Server, options: Listening) -> list[str]:
    """Takes the port, and says how to join."""
    try:
        addresses = await server.bind(options.host, options.port)
    except UnicodeError as error:  # before it is looked up, a name is written as DNS has it
        raise BadUsage(f"{options.host!r} is no address", "check --host") from error
    except OSError as error:
        hint = "choose another with --port" if error.errno == errno.EADDRINUSE else "check --host and --port"
        raise CommandError(f"cannot listen on {options.host} port {options.port}: {reason(error)}", hint) from error
    client = "nc" if options.tls_cert is None else "ncat --ssl"
    return [
        f"listening on {address} port {port}; to join: {client} {ANYWHERE.get(address, address)} {port}"
        for address, port, *_ in addresses
    ]


def export_metrics(options: Operating, statistics: Statistics, gateway: Gateway, opened: ExitStack) -> list[str]:
    """Exports metrics, if they are wanted, and says where."""
    place = options.metrics_place()
    if place is None:
        return []
    try:
        from transports.operator.metrics import Exporter, RouletteCollector
    except ModuleNotFoundError as error:
        hint = "pip install prometheus-client, or leave out --metrics"
        raise CommandError("metrics need prometheus-client, which is not installed", hint) from error
    exporter = Exporter(RouletteCollector(statistics, gateway))
    try:
        port = exporter.open(*place)
    except UnicodeError as error:
        raise BadUsage(f"cannot export metrics at {options.metrics!r}", "check the address in --metrics") from error
    except OSError as error:
        message = f"cannot export metrics at {options.metrics}: {reason(error)}"
        raise CommandError(message, "choose another place with --metrics") from error
    opened.callback(exporter.close)
    address = f"[{place[0]}]" if ":" in place[0] else place[0]
    return [f"metrics at http://{address}:{port}/metrics"]


async def open_admin_socket(path: str | None, operator: Operator, opened: ExitStack) -> None:
    """Listens for ``roulette admin``, if that is wanted."""
    if path is None:
        return
    admin = AdminSocket(operator, path)
    try:
        await admin.open()
    except OSError as error:
        hint = "another server has it" if error.errno == errno.EADDRINUSE else "it has to be a file that can be made"
        message = f"cannot make the admin socket {path!r}: {reason(error)}"
        raise CommandError(message, f"{hint}: choose another with --admin-socket") from error
    opened.callback(admin.close)


def open_console(operator: Operator, opened: ExitStack) -> Callable[[str], None]:
    """Listens to the operator at the terminal, and gives what tells them a line."""
    console = OperatorConsole(operator, sys.stdin, sys.stdout)
    console.attach(asyncio.get_running_loop())
    opened.callback(console.detach)
    return console.say


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
