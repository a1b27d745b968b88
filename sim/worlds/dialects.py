"""The codecs that simulated users may speak, by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from transports.protocol import ClientCodec, JsonCodec, TextCodec

CodecFactory: TypeAlias = Callable[[], ClientCodec]
"""Makes the codec of one connection."""

DIALECTS: Mapping[str, CodecFactory] = {
    "json": JsonCodec,
    "text": TextCodec,
    "french": partial(TextCodec, "fr"),
}
"""Name → codec. French is the text dialect with the server's sentences in French."""

CODECS: tuple[CodecFactory, ...] = tuple(DIALECTS.values())
