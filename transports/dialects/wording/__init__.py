"""All the sentences the server says, a table for each language."""

from transports.dialects.wording.english import ENGLISH
from transports.dialects.wording.messages import Message, Wording

__all__ = ["ENGLISH", "Message", "Wording"]
