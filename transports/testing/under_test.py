"""The base of all tests of the kit: the transport under test, and what its author claims for it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from roulette_core import Roulette
from roulette_core.testing import TimeLimitExceeded, time_limit
from transports.gateway import Gateway, Limits
from transports.testing.running import RunningTransport
from transports.testing.streams import Connect
from transports.testing.watched_gateway import WatchedGateway

NO_LIMITS = Limits(users=0, per_address=0, registration=0, rate=0, ping=0, idle=0, output_soft=0, output_limit=0)
"""The limits of a test that is not about limits."""


class TransportUnderTest:
    """A transport and the claims made for it. A test of what is not claimed is skipped, with the reason.

    Attributes:
        half_close: a client can send EOF and still receive the rest.
        reset: a client's connection can end without an orderly close.
        lingers: a client that goes on sending while it is disconnected still receives the last output; it would lose
            that if its connection was reset (RFC 9112, section 9.6).
        addresses: the driver tells the gateway the address of each client.
        backpressure: output that a client does not read waits in the driver, which enforces ``Limits.output_limit``.
        filling: a number of bytes that is certainly more than the buffers below the driver accept for a client that
            does not read. Linux stops at 4 MiB in the sender and 6 MiB in the receiver (``tcp_wmem`` and ``tcp_rmem``
            in Documentation/networking/ip-sysctl); a smaller number makes the tests quicker.
        patience: the longest wait for any one thing, in seconds.
        deadline: the longest time that the transport may run in one test, in seconds, and in the test of random stories
            in one story. It stops a transport that makes progress, but too little ever to finish.
    """

    half_close = False
    reset = False
    lingers = False
    addresses = False
    backpressure = False
    filling = 16 << 20
    patience = 30.0
    deadline = 120.0

    def serve(self, gateway: Gateway) -> AbstractContextManager[Connect]:
        """Starts the transport around a gateway. Override this method.

        Args:
            gateway: the gateway to serve, with the limits that hold.

        Returns:
            A context manager. On entry it gives a function that opens a connection on this machine. On exit it stops
            the transport as its operator would: it calls ``goodbye`` and sends the output before it disconnects.
        """
        raise NotImplementedError("override serve: it starts your transport around a gateway")

    @contextmanager
    def running(self, policy: str = "no-repeat", **limits: Any) -> Iterator[RunningTransport]:
        """Starts the transport with some limits, all others off.

        On exit all clients disconnect, and the driver may not have broken a duty.

        Raises:
            TimeLimitExceeded: the deadline has passed. It is raised wherever the test is, in the transport's own
                ``serve`` too, but not on Windows: see ``time_limit``.
        """
        gateway = WatchedGateway(Roulette(policy, seed=0), replace(NO_LIMITS, **limits))
        transport: RunningTransport | None = None
        try:
            with time_limit(self.deadline), ExitStack() as stack:
                connect = stack.enter_context(self.serve(gateway))
                transport = RunningTransport(gateway, connect, stack.close, self.patience)
                try:
                    yield transport
                    transport.disconnect_all()
                finally:
                    transport.close_all()
        except TimeLimitExceeded as error:
            reports = [client.report() for client in transport.clients] if transport else []
            raise TimeLimitExceeded("; ".join([f"the transport hangs or is too slow: {error}", *reports])) from None
        assert not gateway.breaches, "the driver has broken its duties: " + "; ".join(gateway.breaches)

    def requires(self, claim: str) -> None:
        """Skips the test if the claim is not made."""
        if not getattr(self, claim):
            pytest.skip(f"the transport does not claim {claim!r}")
