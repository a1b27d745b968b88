"""How the users of a case speak, by name."""

from collections.abc import Mapping
from functools import partial

from sim.worlds.people import SpeakerFactory
from transports.speakers import JsonSpeaker, TextSpeaker

DIALECTS: Mapping[str, SpeakerFactory] = {
    "json": JsonSpeaker,
    "text": TextSpeaker,
    "french": partial(TextSpeaker, "fr"),
}
"""Name → makes who speaks so. French is text, with the server's sentences in that language."""
