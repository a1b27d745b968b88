"""All the sentences the server says, a table for each language."""

from transports.dialects.wording.english import ENGLISH
from transports.dialects.wording.french import FRENCH
from transports.dialects.wording.messages import CloseReason, Message, Wording

LANGUAGES = {wording.language: wording for wording in (ENGLISH, FRENCH)}
"""Code → language."""

__all__ = ["ENGLISH", "FRENCH", "LANGUAGES", "CloseReason", "Message", "Wording"]
