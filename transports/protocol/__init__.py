"""The client's end of the protocol, without I/O: requests to bytes, and bytes from a server to what they say.

``objects`` reads and writes the JSON dialect, ``sentences`` reads the text dialect; they serve the chat client, the
kits and the codecs. A codec translates between one connection's bytes and the events of ``roulette_core`` and of
``roulette_core.testing.clients``. The server's end of the protocol is ``transports.dialects``.
"""

from transports.protocol.codec import ClientCodec, ProtocolError
from transports.protocol.json_codec import JsonCodec
from transports.protocol.objects import ServerObject, read_object, write_object
from transports.protocol.text_codec import TextCodec

__all__ = ["ClientCodec", "JsonCodec", "ProtocolError", "ServerObject", "TextCodec", "read_object", "write_object"]
