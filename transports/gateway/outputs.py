"""The output of the gateway: what its driver is to do."""

from enum import Enum, auto
from typing import TypeAlias

from roulette_core import User

Connection: TypeAlias = User
"""The driver's id of a connection, which is also the core's id of its user."""


class Order(Enum):
    """An order about a connection."""

    CLOSE = auto()  # close it, once everything before is sent
    PAUSE = auto()  # stop reading from it until RESUME: it exceeds its rate
    RESUME = auto()  # read from it again


Output: TypeAlias = tuple[Connection, bytes | Order]
"""A connection, and the bytes to send to it or an order about it."""
