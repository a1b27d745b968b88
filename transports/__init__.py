"""Everything that carries bytes: dialects and gateway (sans-I/O), the TCP driver, the operator's side, the client.

Start reading in ``gateway/gateway.py``. Clients without a socket are in ``protocol``, the tests of transports in
``testing``.
"""

from transports.limits import Limits, Network

__all__ = ["Limits", "Network"]
