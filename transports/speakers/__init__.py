"""One client's end of a connection, without a socket: what clients ask as bytes, and bytes as what clients see.

Each dialect of ``docs/protocol.md`` has its speaker. A speaker serves one connection.
"""

from transports.speakers.json_speaker import JsonSpeaker
from transports.speakers.speaker import Garbled, Speaker
from transports.speakers.text_speaker import TextSpeaker

__all__ = ["Garbled", "JsonSpeaker", "Speaker", "TextSpeaker"]
