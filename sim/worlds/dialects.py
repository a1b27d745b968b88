"""How users speak to a server, by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from transports.speakers import JsonSpeaker, Speaker, TextSpeaker

SpeakerFactory: TypeAlias = Callable[[], Speaker]
"""Makes who speaks on one connection."""

DIALECTS: Mapping[str, SpeakerFactory] = {
    "json": JsonSpeaker,
    "text": TextSpeaker,
    "french": partial(TextSpeaker, "fr"),
}
"""Name → makes who speaks so. French is text, with the server's sentences in that language."""

SPEAKERS: tuple[SpeakerFactory, ...] = (*DIALECTS.values(),)
"""For each of them, what makes who speaks so."""
