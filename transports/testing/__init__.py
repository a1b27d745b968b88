"""The conformance kit for transports: tests that prove that a transport serves the gateway and its clients correctly.

``docs/transports.md`` shows how to use it.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
    import pytest as _pytest
except ImportError as missing:
    raise ImportError(
        f"the tests for transports need {missing.name}: pip install 'roulette-chat[testing]'", name=missing.name
    ) from missing

_pytest.register_assert_rewrite(
    *(
        f"{__name__}.{module}"
        for module in ("client", "judged_client", "running", "talking", "endings", "timing", "pressure", "campaign")
    )
)

from transports.testing.background import Serve, in_background  # noqa: E402
from transports.testing.streams import Connect, HalfCloses, Resets, SocketStream, Stream  # noqa: E402
from transports.testing.suite import TransportTests, transport_test  # noqa: E402

__all__ = [
    "Connect",
    "HalfCloses",
    "Resets",
    "Serve",
    "SocketStream",
    "Stream",
    "TransportTests",
    "in_background",
    "transport_test",
]
