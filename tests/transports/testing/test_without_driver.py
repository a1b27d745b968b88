"""A transport that drives the gateway itself passes the kit, too."""

from tests.transports.testing.without_driver import serve
from transports.testing import transport_test

TestWithoutDriver = transport_test(serve, half_close=True, lingers=True, backpressure=True, filling=1 << 20)
