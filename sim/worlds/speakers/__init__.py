"""One client's end of a connection, without a socket: what clients ask as bytes, and bytes as what clients see.

Each dialect of ``docs/protocol.md`` has its speaker. A speaker serves one connection.
"""

from sim.worlds.speakers.json_speaker import JsonSpeaker
from sim.worlds.speakers.speaker import Garbled, Speaker
from sim.worlds.speakers.text_speaker import TextSpeaker

__all__ = ["Garbled", "JsonSpeaker", "Speaker", "TextSpeaker"]
