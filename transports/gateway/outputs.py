"""What the gateway has its driver do."""

from enum import Enum, auto
from typing import TypeAlias

from roulette_core import User

Connection: TypeAlias = User
"""How the driver knows a connection: the core knows its user by the same id."""


class Order(Enum):
    """What to do with a connection, apart from sending bytes."""

    CLOSE = auto()
    """Close it, once all before is sent."""

    PAUSE = auto()
    """Read nothing more from it until told to go on: it sends faster than it may."""

    RESUME = auto()
    """Read from it again."""


Output: TypeAlias = tuple[Connection, bytes | Order]
"""For one connection: bytes to be sent, or an order."""
