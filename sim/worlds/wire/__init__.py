"""The wire world: simulated users exchange bytes with the real gateway, in virtual time, over a network with faults.

Start reading in ``wire.py``. The server's part is ``transports.driver``, as over sockets; ``_pipe.py`` connects it.
"""

from sim.worlds.wire._pipe import WirePipe
from sim.worlds.wire.conditions import Conditions
from sim.worlds.wire.connection import WireConnection
from sim.worlds.wire.network import Network
from sim.worlds.wire.simulation import simulate
from sim.worlds.wire.wire import FOR_EVER, PROGRESS_EVERY, Wire

__all__ = ["FOR_EVER", "PROGRESS_EVERY", "Conditions", "Network", "Wire", "WireConnection", "WirePipe", "simulate"]
