"""The centre of the kit: class ``TransportTests``, which the author of a transport has pytest run on it."""

from typing import Any

from transports.testing.background import Serve
from transports.testing.campaign import Campaign
from transports.testing.endings import Endings
from transports.testing.pressure import Pressure
from transports.testing.talking import Talking
from transports.testing.timing import Timing


class TransportTests(Talking, Endings, Timing, Pressure, Campaign):
    """All that a transport owes to the gateway and to its users, seen from its clients' ends.

    To be subclassed in a test module, with ``serve`` overridden, and what the transport can do claimed.
    """


def transport_test(serve: Serve, **claimed: Any) -> type[TransportTests]:
    """Makes a class of tests for a transport, to be bound to a name that pytest looks for: ``TestMine``.

    Args:
        serve: starts the transport around a gateway; see ``Hosted.serve``.
        claimed: attributes of ``Hosted``: what the transport can do, or another ``patience``.

    Raises:
        TypeError: there is no such attribute.
    """
    unknown = [name for name in claimed if not hasattr(TransportTests, name)]
    if unknown:
        raise TypeError(f"nothing is called {', '.join(unknown)} that could be claimed for a transport")
    return type("TransportTests", (TransportTests,), {"serve": staticmethod(serve), **claimed})
