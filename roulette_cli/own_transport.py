"""A transport of one's own for ``roulette serve --transport module:factory``."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from roulette_cli.errors import BadUsage, CommandError, reason
from roulette_cli.serve_options import NetworkOptions
from roulette_core import harmless
from transports.serving import Transport


def load_transport(network: NetworkOptions) -> Transport:
    """Imports the transport that the options name, which need not be installed: the working directory is searched, too.

    Raises:
        BadUsage: there is none of this name, or the options are also for TCP.
    """
    named = network.transport or ""
    module, _, rest = named.partition(":")
    factory, colon, where = rest.partition(":")
    if not module or not factory:
        raise BadUsage(f"no transport is called {named!r}", "name module and factory: --transport unix_chat:serve_unix")
    _refuse_options_of_tcp(network)
    try:
        found = getattr(importlib.import_module(module), factory)
    except (Exception, SystemExit) as error:  # importing runs code that is not ours, and it may fail in any way
        message = f"cannot load the transport {module}:{factory}: {harmless.line(str(error))}"
        raise BadUsage(message, f"start roulette in the folder of {module}.py, or install it") from error
    if not callable(found):
        raise BadUsage(f"{module}:{factory} is not a function", "docs/transports.md shows what a transport is")
    return lambda driver: found(driver, *([where] if colon else []))


@contextmanager
def transport_explained(network: NetworkOptions) -> Iterator[None]:
    """Turns whatever a transport raises when it starts into an error of two lines.

    Raises:
        CommandError: the transport has failed.
    """
    try:
        yield
    except Exception as error:
        told = reason(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        message = f"the transport {network.transport} did not start: {harmless.line(told)}"
        raise CommandError(message, "docs/transports.md says what roulette serve expects of a transport") from error


def _refuse_options_of_tcp(network: NetworkOptions) -> None:
    usual = NetworkOptions()
    for option in ("host", "port", "tls_cert", "tls_key"):
        if getattr(network, option) != getattr(usual, option):
            name = f"--{option.replace('_', '-')}"
            raise BadUsage(f"{name} is for TCP, not for --transport", f"leave out {name}, or --transport")
