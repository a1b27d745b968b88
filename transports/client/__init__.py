"""The chat client: ``conversation`` decides, ``connection`` carries bytes, ``plain`` and ``terminal`` show."""

from transports.client.address import PORT, Address, parse_address
from transports.client.connection import ChatConnection, NoGreeting
from transports.client.conversation import Conversation
from transports.client.plain import PlainChat

__all__ = ["PORT", "Address", "ChatConnection", "Conversation", "NoGreeting", "PlainChat", "parse_address"]
