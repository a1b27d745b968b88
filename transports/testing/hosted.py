"""What every test of the kit stands on: the transport that is tested, and what its author claims for it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from roulette_core import Roulette
from transports.gateway import Gateway, Limits
from transports.testing.house import House
from transports.testing.streams import Connect
from transports.testing.watched import WatchedGateway

NO_LIMITS = Limits(users=0, per_address=0, registration=0, rate=0, ping=0, idle=0, output_soft=0, output_limit=0)
"""Nobody is in the way of a test but for what it is about."""


class Hosted:
    """A transport, and what is claimed for it. What is not claimed is skipped, and the reason shown.

    Attributes:
        half_close: a client can say that it will send no more, and is still sent the rest.
        reset: a client's connection can break off without a proper end.
        lingers: who goes on sending while it is hung up on does not lose the last words by that, as it would if its
            connection was reset (RFC 9112, section 9.6).
        addresses: the driver tells the gateway from where somebody connects.
        backpressure: what a client does not read is held back, and soon waits on the server's side, where the driver
            holds it to ``Limits.output_limit``.
        filling: how many bytes are certainly more than is taken from the driver for a client that does not read. Linux
            stops at 4 MiB on the side that sends and 6 MiB on the one that receives (``tcp_wmem`` and ``tcp_rmem`` in
            Documentation/networking/ip-sysctl); where less is taken, tests are sooner done.
        patience: how long to wait for anything, in seconds, before a test fails.
    """

    half_close = False
    reset = False
    lingers = False
    addresses = False
    backpressure = False
    filling = 16 << 20
    patience = 30.0

    def serve(self, gateway: Gateway) -> AbstractContextManager[Connect]:
        """Starts the transport around a gateway; to be overridden.

        Args:
            gateway: whom it serves, and whose limits hold.

        Returns:
            A context manager. Entered, it gives what opens a connection, on this machine; left, it stops the
            transport, as its operator would: the gateway says ``goodbye``, which is sent to everybody before
            they are hung up on.
        """
        raise NotImplementedError("override serve: it starts your transport around a gateway")

    @contextmanager
    def house(self, policy: str = "no-repeat", **limits: Any) -> Iterator[House]:
        """Starts the transport; in the end everybody hangs up, and no duty may have been broken.

        Args:
            policy: who meets whom.
            limits: members of ``Limits``; all others are off.
        """
        gateway = WatchedGateway(Roulette(policy, seed=0), replace(NO_LIMITS, **limits))
        with ExitStack() as running:
            connect = running.enter_context(self.serve(gateway))
            house = House(gateway, connect, running.close, self.patience)
            try:
                yield house
                house.empty()
            finally:
                house.abandon()
        assert not gateway.breaches, "the driver has broken its duties: " + "; ".join(gateway.breaches)

    def claims(self, capability: str) -> None:
        """Skips a test about what is not claimed."""
        if not getattr(self, capability):
            pytest.skip(f"the transport does not claim {capability!r}")
