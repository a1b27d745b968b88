"""The centre of the kit: class ``TransportTests``, which pytest runs on a transport."""

from typing import Any

from transports.testing.background import Serve
from transports.testing.campaign import TransportCampaign
from transports.testing.endings import Endings
from transports.testing.pressure import Pressure
from transports.testing.talking import Talking
from transports.testing.timing import Timing


class TransportTests(Talking, Endings, Timing, Pressure, TransportCampaign):
    """All that a transport owes to the gateway and to its users, as its clients see it.

    Subclass it in a test module, override ``serve``, and set the claims as attributes.
    """


def transport_test(serve: Serve, **claims: Any) -> type[TransportTests]:
    """Makes a class of tests for a transport. Bind it to a name that pytest collects: ``TestMine``.

    Args:
        serve: starts the transport around a gateway; see ``TransportUnderTest.serve``.
        claims: attributes of ``TransportUnderTest``: what the transport can do, ``patience``, ``deadline``.

    Raises:
        TypeError: there is no such attribute.
    """
    unknown = [name for name in claims if not hasattr(TransportTests, name)]
    if unknown:
        raise TypeError(f"no claim of a transport is called {', '.join(unknown)}")
    return type("TransportTests", (TransportTests,), {"serve": staticmethod(serve), **claims})
